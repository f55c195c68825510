"""Tables in files beside a record: CSV, JSON Lines or Parquet, read within bounds, every cell as it stands."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from reportgen.record.csv_rows import csv_rows, other_separator
from reportgen.record.parquet import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.record.files import InputFile

MOST_ROWS = 5_000
MOST_COLUMNS = 40
MOST_CHARACTERS = 2_000_000
"""What a report can print of a table; whoever has more keeps it as data beside the report."""


_NAMED = "the first row names the columns, and each further one is a row of the table"
_AS_MANY = "write as many in each; a cell that holds a comma stands between quotation marks"
_QUOTED = 'put the whole cell between quotation marks, and write one inside it twice: "5"" nails"'
_LESS = "print the part that matters, and keep the whole beside the report"
_OBJECTS = 'write one object a line: {"arm": "early", "patients": 80}'
_ANEW = "save it anew, or as CSV"


class TableError(ValueError):
    """A file that cannot be printed as a table; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str = _NAMED) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table as it was read: the names of its columns, and its rows of as many cells; None is an empty one."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def column(self, name: str) -> int:
        """Return the place of a column.

        Raises:
            ValueError: there is none of that name.

        """
        if name not in self.names:
            raise ValueError(f"the file has no column {name!r}; it has {', '.join(self.names)}")
        return self.names.index(name)


def read_data_table(source: InputFile) -> DataTable:
    """Read the table in a file.

    Raises:
        TableError: it is no such table, or has more than a report can print.
        RecordError: it is not UTF-8.

    """
    names, rows = _READERS[PurePath(source.path).suffix.lower()](source)
    _require_printable(names, rows)
    return DataTable(tuple(names), tuple(tuple(row) for row in rows))


def _require_printable(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not names or not rows:
        raise TableError("it has no rows below the names of its columns")
    if len(names) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        found = f"{len(names)} columns and {len(rows)} rows"
        message = f"it has {found}; {MOST_COLUMNS} and {MOST_ROWS} are the most that are printed"
        raise TableError(message, _LESS)
    if twice := {name for name in names if names.count(name) > 1}:
        raise TableError(f"the column {min(twice)!r} stands twice", "give each column a name of its own")
    if sum(len(str(cell)) for row in rows for cell in row) > MOST_CHARACTERS:
        raise TableError(f"its cells have more than {MOST_CHARACTERS // 1_000_000} million characters", _LESS)


def _csv(source: InputFile) -> tuple[list[str], list[list[Any]]]:
    import pandas as pd

    _require_equal_rows(source)
    cells = pd.read_csv(
        io.StringIO(source.text(), newline=""),
        dtype=str,
        keep_default_na=False,
        header=None,
        nrows=MOST_ROWS + 2,
    )
    names, *below = cells.to_numpy().tolist()
    return [name.strip() for name in names], [[cell or None for cell in row] for row in below]


def _require_equal_rows(source: InputFile) -> None:
    """Refuse what is no table of commas; pandas would fill rows up, and names no line of its own."""
    try:
        rows = list(islice(csv_rows(source.text(), strict=True), MOST_ROWS + 2))
    except ValueError as error:
        raise TableError(str(error), _QUOTED) from error
    if not rows:
        raise TableError("it is empty")
    if separator := other_separator([cells for _, cells in rows]):
        raise TableError(f"its cells are set off by {separator}, not by commas", "save it as CSV with commas")
    (line, names), *below = rows
    for number, cells in below:
        if len(cells) != len(names):
            message = f"line {number} has {_counted(cells)}, and line {line} has {_counted(names)}"
            raise TableError(message, _AS_MANY)


def _counted(cells: Sequence[str]) -> str:
    return "1 cell" if len(cells) == 1 else f"{len(cells)} cells"


def _json_lines(source: InputFile) -> tuple[list[str], list[list[Any]]]:
    rows = []
    for number, line in enumerate(source.text().split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise TableError(f"line {number} is no JSON: {error}", _OBJECTS) from error
        if not isinstance(row, dict):
            raise TableError(f"line {number} is no object of columns", _OBJECTS)
        rows.append(row)
        if len(rows) > MOST_ROWS:
            break
    return _by_column(rows)


def _parquet(source: InputFile) -> tuple[list[str], list[list[Any]]]:
    try:
        names, rows = read_table(io.BytesIO(source.raw))
    except ValueError as error:
        raise TableError(str(error), _ANEW) from error
    columns = [_days([row.get(name) for row in rows]) for name in names]
    return names, [list(row) for row in zip(*columns, strict=True)]


def _days(column: list[Any]) -> list[Any]:
    """Return the days alone where every time of a column is midnight: Parquet's libraries write days so."""
    given = [value for value in column if value is not None]
    if not all(isinstance(value, dt.datetime) and value.time() == dt.time() for value in given):
        return column
    return [None if value is None else value.date() for value in column]


def _by_column(rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[_cell(row.get(name)) for name in names] for row in rows]


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else value


_READERS: dict[str, Callable[[InputFile], tuple[list[str], list[list[Any]]]]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
}
