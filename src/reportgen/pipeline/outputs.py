"""Names and places of what is built, and moving a finished set of files into place at once."""

from __future__ import annotations

import re
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from reportgen.base.characters import normal
from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import path_within
from reportgen.base.paths import write_atomically
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.record.model import Record

LONGEST_SLUG = 80
LONGEST_NAME = 200
"""Bytes, which leave room for what others append."""


def report_name(record: Record, pattern: str) -> str:
    """Fill the name pattern: ``2026-05-30-fbca8ee9-alignment-and-inference-efficiency.pdf``."""
    values = {
        "date": record.date.isoformat(),
        "id8": record.id.hex[:8],
        "id": str(record.id),
        "slug": slug(record.title),
        "version": slug(record.version),
        "kind": record.kind.value,
    }
    name = pattern.format_map(values).removesuffix(".pdf")
    # A file system counts bytes.
    cut = name.encode()[: LONGEST_NAME - len(".pdf")].decode("utf-8", "ignore")
    return f"{name if cut == name else cut.rstrip('-')}.pdf"


def slug(text: str) -> str:
    """Make the words of a text fit for a file name: ASCII letters, digits and hyphens, whole words."""
    ascii_text = normal("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_text.lower())
    fitting = takewhile(lambda some: len(some) <= LONGEST_SLUG, accumulate(words, "{}-{}".format))
    return max(fitting, key=len, default=words[0][:LONGEST_SLUG] if words else "report")


def name_taken(record: Path, message: str) -> OutputError:
    """Say that the name of a record's report is another one's."""
    hint = "give the records different ids, dates or titles, or put {id} into name_pattern"
    return OutputError([Problem("name-taken", Level.ERROR, Where(str(record)), message, hint)])


@stage("place")
def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write finished files into a folder, each whole or not at all.

    Raises:
        OutputError: the folder or a file cannot be written.

    """
    try:
        for name, content in files.items():
            path_within(folder, (folder / name).parent)  # a folder that is a link may lead anywhere
            write_atomically(folder / name, content)
    except OSError as error:
        message = f"cannot write {error.filename or folder}: {error.strerror}"
        hint = "name another folder with -o"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
