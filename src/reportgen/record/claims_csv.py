"""Claims as CSV: cells are text, an empty cell is a value that is not there."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, Where, pointer_of
from reportgen.record.csv_rows import csv_rows, other_separator
from reportgen.record.fields import unknown_field
from reportgen.record.schema import field_names

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from reportgen.record.fields import Places
    from reportgen.record.files import InputFile

MOST_LINES = 1_000_000
MOST_COLUMNS = 100
_VERDICTS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|[+-]?\.[0-9]+")


def read_csv(source: InputFile) -> tuple[list[Any], Places]:
    """Read one claim a row; the first row names the columns.

    ``verified`` is true/false, yes/no or 1/0, ``sources`` are separated by semicolons. A cell that is
    neither stays the text it is, for the model to refuse.

    Raises:
        RecordError: the file has no rows, a row is longer than the first, or a column is unknown, missing
            or there twice.

    """
    import pandas as pd

    require_few_lines(source)
    places = _Rows(str(source.path), source.text())
    first = places.first
    if separator := other_separator([first]):
        message = f"its cells are set off by {separator}, not by commas"
        raise RecordError([_malformed(Where(places.file), message, "save it as CSV with commas")])
    if len(first) > MOST_COLUMNS:
        check_columns(first, Where(places.file))
    try:
        text = io.StringIO(places.text, newline="")
        cells = pd.read_csv(text, dtype=str, keep_default_na=False, header=None)
    except pd.errors.EmptyDataError as error:
        raise RecordError([_malformed(Where(places.file), "the claims file is empty")]) from error
    except pd.errors.ParserError as error:
        raise RecordError([places.flaw()]) from error
    names = [str(name).strip() for name in cells.iloc[0]]
    check_columns(names, Where(places.file, places.shape[0][0]))
    table = cells.iloc[1:].set_axis(names, axis="columns")
    return [_claim(row) for row in table.to_dict("records")], places.where


@dataclass(frozen=True)
class _Rows:
    """The line of each row; pandas counts no lines over quoted line breaks and empty lines."""

    file: str
    text: str

    def where(self, pointer: str, *, key: bool = False) -> Where:  # noqa: ARG002  # a row has no keys
        row = int(pointer.split("/")[2])
        return Where(self.file, self.shape[row + 1][0], None, pointer)

    def flaw(self) -> Problem:
        """Name the row that could not be read."""
        width = self.shape[0][1]
        if wide := next(((line, cells) for line, cells in self.shape if cells > width), None):
            message = f"the row has {wide[1]} cells, the first row has {width}"
            return _malformed(Where(self.file, wide[0]), message)
        return _malformed(Where(self.file, self.shape[-1][0]), "a quoted cell is never closed")

    @property
    def first(self) -> list[str]:
        """Return the cells of the first row."""
        return next((cells for _, cells in csv_rows(self.text)), [])

    @cached_property
    def shape(self) -> list[tuple[int, int]]:
        """Return each row's first line and number of cells."""
        return [(line, len(cells)) for line, cells in csv_rows(self.text)]


def require_few_lines(source: InputFile) -> None:
    """Refuse a file of more lines than any report could print claims.

    Raises:
        RecordError: it has more than ``MOST_LINES``.

    """
    if source.raw.count(b"\n") > MOST_LINES:
        raise RecordError([_malformed(Where(str(source.path)), f"it has more than {MOST_LINES} lines")])


def check_columns(names: Sequence[str], where: Where) -> None:
    """Refuse columns that a claim does not have, and a table without those it must have.

    Raises:
        RecordError: with one problem for each column.

    """
    known = field_names(("claims", 0))
    if len(names) > MOST_COLUMNS:
        message = f"it has {len(names)} columns; a claim has {len(known)} fields"
        raise RecordError([_malformed(where, message)])
    problems = []
    for name in dict.fromkeys(names):
        if name not in known:
            place = Where(where.file, where.line, None, pointer_of(("claims", name)))
            problems.append(unknown_field(name, ("claims", 0), place))
        if names.count(name) > 1:
            problems.append(_malformed(where, f"the column `{name}` stands there twice"))
    if "text" not in names:
        problems.append(_malformed(where, "the column `text` is missing"))
    if not {"verified", "verdict"} & set(names):
        problems.append(_malformed(where, "the column `verified` is missing, or `verdict` in its place"))
    if problems:
        raise RecordError(problems)


_COLUMNS = (
    "the first row names the columns: text, verified or verdict and, where known, confidence, sources, ..."
)


def _malformed(where: Where, message: str, hint: str = _COLUMNS) -> Problem:
    return Problem("claims-file", Level.ERROR, Where(where.file, where.line, None, "/claims"), message, hint)


def _claim(cells: dict[Hashable, str]) -> dict[Hashable, Any]:
    claim: dict[Hashable, Any] = {name: cell for name, cell in cells.items() if cell.strip()}
    if verdict := claim.get("verified"):
        claim["verified"] = _VERDICTS.get(verdict.strip().lower(), verdict)
    if (number := claim.get("confidence")) and _NUMBER.fullmatch(number.strip()):
        claim["confidence"] = float(number)
    if sources := claim.get("sources"):
        claim["sources"] = [source.strip() for source in sources.split(";") if source.strip()]
    return claim
