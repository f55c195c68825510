"""Which records a batch works on: folders, patterns and files of many records."""

from __future__ import annotations

import glob
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.paths import real_path
from reportgen.base.settings import project_root
from reportgen.pipeline.batch.many import Span, read_span, spans
from reportgen.record import YAML_SUFFIXES, InputFile, is_yaml, parse_record, path_inside, project_of
from reportgen.record.files import read_file
from reportgen.record.model import MOST_ARTIFACTS
from reportgen.record.model.exhibit import MOST_EXHIBITS
from reportgen.record.other_files import BESIDE, OF_MANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RECORDS = (".json", *YAML_SUFFIXES)
_NOT_RECORDS = tuple(BESIDE)
SITE_LEDGER = ".reportgen-site.jsonl"
"""The hidden file by which a folder is known for a site that was built: what it holds is made from records."""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One record of a batch: a file of its own, or one of a file of many, whose number is then ``line``.

    ``span`` is where it stands in that file. Where the user named a folder, and not the file, ``below`` is that folder
    and ``root`` the project that it must lie in.
    """

    path: Path
    line: int | None = None
    span: Span | None = None
    root: Path | None = None
    below: Path | None = None

    @property
    def name(self) -> str:
        """Return the name that results are listed under: ``records.jsonl:3``."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)

    def content(self) -> bytes:
        """Read the record's bytes.

        Raises:
            RecordError: the file cannot be read, or is larger than a record may be.

        """
        return read_span(self.path, self.span) if self.span else read_file(self.path, root=self.root).raw


def find_sources(places: Iterable[str | Path]) -> list[RecordSource]:
    """List the records of folders, patterns, .json, .yaml, .jsonl and .parquet files, in order, each once.

    Raises:
        RecordError: a place does not exist, holds no record, or cannot be read.
        SetupError: a place is a Parquet file and pyarrow is not installed.

    """
    found: dict[tuple[str, str, int | None], RecordSource] = {}
    real = cache(os.path.realpath)
    for place in places:
        sources = list(_sources(str(place)))
        if not sources:
            message = f"there are no records at {place}"
            hint = "name a folder, a pattern in quotes, or a .json, .yaml, .jsonl or .parquet file"
            raise RecordError([Problem("no-records", Level.ERROR, Where(), message, hint)])
        for source in sources:
            found.setdefault((real(source.path.parent), source.path.name, source.line), source)
    return list(found.values())


def _sources(place: str) -> Iterator[RecordSource]:
    path = Path(place)
    if path.is_dir():
        root = bound_of(path)
        files = sorted(map(Path, _json_below(path)))
        yield from (RecordSource(file, root=root, below=path) for file in files)
    elif path.suffix.lower() in OF_MANY and path.is_file():
        yield from (RecordSource(path, number, span=span) for number, span in spans(path))
    elif path.exists():
        yield RecordSource(path)
    else:
        for name in sorted(glob.glob(place, recursive=True)):  # noqa: PTH207 - Path takes no absolute pattern
            if os.path.isfile(name) and (is_record_name(name) or name.lower().endswith(OF_MANY)):  # noqa: PTH113
                yield from _sources(name)


def bound_of(folder: Path) -> Path:
    """Return the folder that the records found in a folder must really lie in, and no link among them leads out of.

    Where the folder itself is a link out of its project, the user named it: that is the project it leads to, or itself.
    """
    return project_root(real_path(folder)) or folder


def _json_below(folder: Path) -> Iterator[str]:
    for parent, names in visible_folders(folder):
        yield from (os.path.join(parent, name) for name in names if is_record_name(name))  # noqa: PTH118


def visible_folders(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield a folder and those below it with the names of their files; hidden folders and built sites are left out."""
    for parent, folders, names in os.walk(folder):
        if SITE_LEDGER in names:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield parent, names


def is_record_name(name: str) -> bool:
    """Tell records in JSON or YAML from the lock and other files that lie beside them, and from hidden files."""
    base = os.path.basename(name)  # noqa: PTH119 - asked for each of 10,000 names; a Path takes ten times as long
    return base.endswith(_RECORDS) and not base.endswith(_NOT_RECORDS) and not base.startswith(".")


def named_files(source: RecordSource, content: bytes) -> list[Path]:
    """Return the files that a record names inside its project, whether they are there or not."""
    names, folder = names_in(source.path, content), source.path.parent
    project = project_of(folder) if names else folder
    return [path for name in names if (path := _inside(folder, name, project))]


def names_in(path: Path, content: bytes) -> list[str]:
    """Return the names in a record of files that it is built from and with; none where it is not a record.

    Of artifacts beyond those that a record may have none are named: it will not be built.
    """
    if not any(sign in content for sign in (b"file", b"artifacts", b"](", b"\\u")):
        return []
    try:
        value = parse_record(InputFile(path, content))[1] if is_yaml(path) else json.loads(content)
    except (ValueError, RecursionError, RecordError):
        return []
    claims, gate = _member(value, "claims"), _member(value, "gate")
    artifacts = _member(gate, "artifacts")
    listed = artifacts[:MOST_ARTIFACTS] if isinstance(artifacts, list) else []
    names = [_member(claims, "file"), *(_member(artifact, "path") for artifact in listed)]
    for kind in ("tables", "figures"):
        given = _member(value, kind)
        names += [_member(each, "file") for each in given[:MOST_EXHIBITS]] if isinstance(given, list) else []
    return [*(name for name in names if isinstance(name, str)), *_images(content)]


_IMAGE = re.compile(r"\]\(([^()\s\"\\]+\.(?:png|jpe?g|pdf|svg|csv|jsonl|ndjson|parquet))[\s)]", re.IGNORECASE)
"""What an image in a text may name: rather one too many, for a file that changed, than one too few."""


def _images(content: bytes) -> list[str]:
    found = _IMAGE.findall(content.decode("utf-8", "replace"))
    return [name for name in dict.fromkeys(found) if "://" not in name][:MOST_EXHIBITS]


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _inside(folder: Path, name: str, project: Path) -> Path | None:
    try:
        return path_inside(folder, name, project)
    except (ValueError, OSError):
        return None
