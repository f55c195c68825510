"""Files of many records: one a line (JSON Lines) or one a row (Parquet), read one at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.foreign import LARGEST_BYTES, open_foreign
from reportgen.record.other_files import ROWS
from reportgen.record.parquet import read_column, read_groups, require_pyarrow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLUMN = "record"
_MARK = b"\xef\xbb\xbf"

Span = tuple[int, int]
"""Where a record stands in its file: offset and length in bytes, or row group and row."""


def spans(path: Path) -> Iterator[tuple[int, Span]]:
    """Return number, counted from 1, and span of each record of a file; blank lines count but hold none.

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
        with open_foreign(path) as file:
            file.seek(span[0])
            return file.read(span[1])
    except OSError as error:
        raise _unreadable(path, error) from error


def _lines(path: Path) -> Iterator[tuple[int, Span]]:
    try:
        with open_foreign(path) as file:
            start = 0
            for number, line in enumerate(iter(lambda: file.readline(LARGEST_BYTES), b""), 1):
                if len(line) == LARGEST_BYTES:
                    message = f"the line has more than {LARGEST_BYTES // 1_000_000} MB"
                    raise _bad_file(path, message, "a line is one record", number)
                content = line.rstrip(b"\r\n")
                mark = len(_MARK) if number == 1 and line.startswith(_MARK) else 0
                if content[mark:].strip():
                    yield number, (start + mark, len(content) - mark)
                start += len(line)
    except OSError as error:
        raise _unreadable(path, error) from error


def _rows(path: Path) -> Iterator[tuple[int, Span]]:
    names, sizes = _read(path, read_groups)
    if COLUMN not in names:
        raise _bad_table(path, f"the table has no column `{COLUMN}`")
    spans = ((group, row) for group, size in enumerate(sizes) for row in range(size))
    yield from enumerate(spans, 1)


@lru_cache(maxsize=1)
def _group(path: Path, stamp: int, group: int) -> list[Any]:  # noqa: ARG001 - another stamp is another file
    # Records are asked for in order, so one group of rows at a time is enough to hold.
    values: list[Any] = _read(path, read_column, group, COLUMN)
    return values


def _read(path: Path, read: Callable[..., Any], *arguments: Any) -> Any:
    require_pyarrow(Where(str(path)), "records")
    try:
        with open_foreign(path) as file:
            return read(file, *arguments)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise _bad_table(path, str(error)) from error


def _row(path: Path, span: Span) -> bytes:
    group = _group(path, path.stat().st_mtime_ns, span[0])
    value = group[span[1]] if span[1] < len(group) else None
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if isinstance(value, bytes):
        if len(value) > LARGEST_BYTES:
            raise _bad_table(path, f"a row holds more than {LARGEST_BYTES // 1_000_000} MB")
        return value
    raise _bad_table(path, f"the column `{COLUMN}` holds a {type(value).__name__} where text is expected")


def _bad_table(path: Path, message: str) -> RecordError:
    return _bad_file(path, message, f"give a column `{COLUMN}` that holds each record as JSON text")


def _bad_file(path: Path, message: str, hint: str, line: int | None = None) -> RecordError:
    return RecordError([Problem("records-file", Level.ERROR, Where(str(path), line), message, hint)])


def _unreadable(path: Path, error: OSError) -> RecordError:
    message = f"the file {path} cannot be read: {error.strerror or error}"
    hint = "check the path and the permissions"
    return RecordError([Problem("file-unreadable", Level.ERROR, Where(str(path)), message, hint)])
