"""Files of many records: one a line (JSON Lines) or one a row (Parquet), read one at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.errors import Level, Problem, RecordError, SetupError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES = (".jsonl", ".ndjson")
ROWS = (".parquet",)
COLUMN = "record"
_MARK = b"\xef\xbb\xbf"

Span = tuple[int, int]
"""Where a record stands in its file: offset and length in bytes, or row group and row."""


def spans(path: Path) -> Iterator[tuple[int, Span]]:
    """Give number, counted from 1, and span of each record of a file; blank lines count but hold none.

    Raises:
        RecordError: the file cannot be read, or a table has no column ``record``.
        SetupError: the file is Parquet and pyarrow is not installed.

    """
    return _rows(path) if path.suffix.lower() in ROWS else _lines(path)


def read_span(path: Path, span: Span) -> bytes:
    """Read one record of a file.

    Raises:
        RecordError: the file cannot be read any more, or the row holds no text.

    """
    try:
        if path.suffix.lower() in ROWS:
            return _row(path, span)
        with path.open("rb") as file:
            file.seek(span[0])
            return file.read(span[1])
    except OSError as error:
        raise _unreadable(path, error) from error


def _lines(path: Path) -> Iterator[tuple[int, Span]]:
    try:
        with path.open("rb") as file:
            start = 0
            for number, line in enumerate(file, 1):
                content = line.rstrip(b"\r\n")
                mark = len(_MARK) if number == 1 and line.startswith(_MARK) else 0
                if content[mark:].strip():
                    yield number, (start + mark, len(content) - mark)
                start += len(line)
    except OSError as error:
        raise _unreadable(path, error) from error


def _rows(path: Path) -> Iterator[tuple[int, Span]]:
    table = _table(path)
    number = 0
    for group in range(table.num_row_groups):
        for row in range(table.metadata.row_group(group).num_rows):
            number += 1
            yield number, (group, row)


def _table(path: Path) -> Any:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError as error:
        message = "reading records from Parquet needs pyarrow, which is not installed"
        hint = 'install it with: pip install "reportgen[parquet]"; or keep the records as JSON Lines'
        raise SetupError(
            [Problem("missing-package", Level.ERROR, Where(str(path)), message, hint)]
        ) from error
    try:
        table = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _bad_table(path, f"this is not a Parquet file: {error}") from error
    if COLUMN not in table.schema_arrow.names:
        raise _bad_table(path, f"the table has no column `{COLUMN}`")
    return table


@lru_cache(maxsize=1)
def _group(path: Path, stamp: int, group: int) -> Any:  # noqa: ARG001 - another stamp is another file
    # Records are asked for in order, so one group of rows at a time is enough to hold.
    return _table(path).read_row_group(group, columns=[COLUMN]).column(COLUMN)


def _row(path: Path, span: Span) -> bytes:
    value = _group(path, path.stat().st_mtime_ns, span[0])[span[1]].as_py()
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes):
        return value
    raise _bad_table(path, f"the column `{COLUMN}` holds a {type(value).__name__} where text is expected")


def _bad_table(path: Path, message: str) -> RecordError:
    hint = f"give a column `{COLUMN}` that holds each record as JSON text"
    return RecordError([Problem("records-file", Level.ERROR, Where(str(path)), message, hint)])


def _unreadable(path: Path, error: OSError) -> RecordError:
    message = f"the file {path} cannot be read: {error.strerror or error}"
    hint = "check the path and the permissions"
    return RecordError([Problem("file-unreadable", Level.ERROR, Where(str(path)), message, hint)])
