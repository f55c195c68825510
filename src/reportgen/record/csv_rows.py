"""The rows of a CSV file, with the line that each begins in."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def csv_rows(text: str, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yield the line that each row begins in, and its cells; lines without any are passed over.

    Raises:
        ValueError: ``strict`` is asked for, and a quotation mark stands where none may, or is never closed.

    """
    # A cell may be as long as a file; the csv module's own limit would stop at 131,072 characters.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=strict), 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        is_open = "unexpected end" in str(error)
        what = "opens a quotation mark that is never closed" if is_open else "has words behind a quoted cell"
        raise ValueError(f"the row in line {line} {what}") from error


def other_separator(rows: Sequence[Sequence[str]]) -> str | None:
    """Tell what sets off the cells of rows that were read by commas, where it is no comma; else return None."""
    if not rows or len(rows[0]) != 1:
        return None
    found = (said for sign, said in _OTHER_SEPARATORS.items() if all(sign in ",".join(row) for row in rows))
    return next(found, None)
