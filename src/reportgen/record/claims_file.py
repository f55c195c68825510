"""Claims that a record keeps in a file beside it: CSV, JSON Lines or Parquet, one claim a row."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.foreign import check_name
from reportgen.record.claims_csv import check_columns, read_csv, require_few_lines
from reportgen.record.document import JsonDocument
from reportgen.record.fields import Places, validate
from reportgen.record.files import InputFile, read_file
from reportgen.record.model import ClaimsFile
from reportgen.record.named_paths import name_inside, path_inside, project_of
from reportgen.record.parquet import read_table, require_pyarrow
from reportgen.record.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.record.document import Document

    Reader = Callable[[InputFile], tuple[list[Any], Places]]


LONGEST_LINE = 10_000_000
"""Characters; a value of a few of them takes as many times the memory as it has levels."""


@dataclass(frozen=True)
class ClaimsTable:
    """The claims as plain values, where each stands in their file, the file, and what the record calls it."""

    name: str
    source: InputFile
    rows: list[Any]
    places: Places


def read_claims(given: dict[str, Any], document: Document) -> tuple[ClaimsTable | None, list[Problem]]:
    """Read the file that ``{"file": ...}`` names; its columns are those of a claim, their order is free.

    Raises:
        SetupError: the file is Parquet and pyarrow is not installed.

    """
    named, problems = validate(ClaimsFile, given, document.where, ("claims",))
    if named is None:
        return None, problems
    where = document.where("/claims/file")
    try:
        folder = Path(document.file).parent
        project = project_of(folder)
        path = path_inside(folder, named.file, project)
        check_name(name_inside(named.file))
        reader = _reader(path)
    except ValueError as error:
        hint = "keep the claims in the project, for example in claims.csv beside the record"
        return None, [Problem("claims-file", Level.ERROR, where, str(error), hint)]
    try:
        source = read_file(path, where, root=project)
        return ClaimsTable(named.file, source, *reader(source)), []
    except RecordError as error:
        return None, list(error.problems)


def _reader(path: PurePath) -> Reader:
    readers: dict[str, Reader] = {
        ".csv": read_csv,
        ".jsonl": _read_json_lines,
        ".ndjson": _read_json_lines,
        ".parquet": _read_parquet,
    }
    if reader := readers.get(path.suffix.lower()):
        return reader
    raise ValueError(f"{path.name!r} is of no kind that claims are read from: {', '.join(readers)}")


def _read_json_lines(source: InputFile) -> tuple[list[Any], Places]:
    """Read one claim a line, with the care that a record is read with.

    pandas' own reader would drop a key that stands twice and name no line for an error.
    """
    documents: list[JsonDocument] = []
    rows: list[Any] = []
    problems: list[Problem] = []
    require_few_lines(source)
    for number, line in enumerate(source.text().split("\n"), start=1):
        if not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            message = f"the line has more than {LONGEST_LINE // 1_000_000} million characters"
            where = Where(str(source.path), number, None, "/claims")
            hint = "a line is one claim"
            raise RecordError([Problem("claims-file", Level.ERROR, where, message, hint)])
        documents.append(JsonDocument(str(source.path), line, number, f"/claims/{len(documents)}"))
        try:
            row, flaws = parse(documents[-1])
        except RecordError as error:
            problems += error.problems
        else:
            problems += flaws
            rows.append(row)
    if problems:
        raise RecordError(problems)
    return rows, partial(_find_line, documents)


def _find_line(documents: list[JsonDocument], pointer: str, *, key: bool = False) -> Where:
    return documents[int(pointer.split("/")[2])].where(pointer, key=key)


def _read_parquet(source: InputFile) -> tuple[list[Any], Places]:
    where = Where(str(source.path), pointer="/claims")
    require_pyarrow(where, "claims")
    try:
        names, rows = read_table(io.BytesIO(source.raw))
    except ValueError as error:
        hint = "write the file anew, or split the record"
        raise RecordError([Problem("claims-file", Level.ERROR, where, str(error), hint)]) from error
    check_columns(names, where)
    rows = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return rows, partial(_find_table, where.file)


def _find_table(file: str, pointer: str, *, key: bool = False) -> Where:  # noqa: ARG001  # a table has no text
    return Where(file, pointer=pointer)
