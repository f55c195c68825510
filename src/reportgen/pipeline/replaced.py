"""A PDF that a new one is put in place of, where it is another version of the same record."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where
from reportgen.base.foreign import read_foreign
from reportgen.base.paths import from_here

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 50_000_000
_NAME = re.compile(rb"<xmpMM:DocumentID>([^<]{1,200})</xmpMM:DocumentID>")
_VERSION = re.compile(rb"<xmpMM:VersionID>([^<]{1,1000})</xmpMM:VersionID>")


def version_replaced(target: Path, pdf: bytes, record: Path) -> tuple[Problem, ...]:
    """Warn where a report is put in place of another version's; ``record`` is the file that it was made from."""
    try:
        before = _version_of(read_foreign(target, most_bytes=_LARGEST)) if target.is_file() else None
    except OSError:  # what cannot be read is told where it cannot be replaced
        return ()
    now = _version_of(pdf)
    if before is None or now is None or before[0] != now[0] or before[1] == now[1]:
        return ()
    message = f"{from_here(target)} was version {before[1]} of this record, and is version {now[1]} now"
    hint = "put `{version}` into `name_pattern` of reportgen.toml, and each version keeps a PDF of its own"
    return (Problem("version-replaced", Level.WARNING, Where(str(record)), message, hint),)


def _version_of(pdf: bytes) -> tuple[str, str] | None:
    """Return the id and the version that the metadata of a report says, which no report compresses."""
    name, version = _NAME.search(pdf), _VERSION.search(pdf)
    if name is None or version is None:
        return None
    return html.unescape(name[1].decode("utf-8", "replace")), html.unescape(
        version[1].decode("utf-8", "replace")
    )
