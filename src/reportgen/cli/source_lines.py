"""The line of a file that a problem is about, with a caret below the place."""

from __future__ import annotations

import re
import shutil
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.base.foreign import read_foreign
from reportgen.cli.console import printable_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.base.errors import Where

LARGEST_BYTES = 5_000_000
"""Of a larger file no line is shown: it would be read whole for that."""
TAB = "    "
LEAST_CELLS = 20
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\w.+-]+')
_CUT = "…"


def source_rows(where: Where) -> list[str]:
    """Return the line that a place names and a row with a caret; nothing where it cannot be read again."""
    line = _line(where)
    if line is None or where.line is None or where.column is None or where.column > len(line) + 1:
        return []
    gutter = " " * (len(str(where.line)) + 2)
    room = shutil.get_terminal_size().columns - len(gutter) - 4
    shown, before, below = pointed_at(line, where.column, max(room, LEAST_CELLS))
    bar = click.style("|", fg="blue", bold=True)
    number = click.style(f"  {where.line}", fg="blue", bold=True)
    return [f"{number} {bar} {shown}", f"{gutter} {bar} {' ' * before}{click.style('^' * below, bold=True)}"]


def pointed_at(line: str, column: int, room: int) -> tuple[str, int, int]:
    """Return a line as it is printed in so many cells, the cells before a column, and those of the word there.

    ``column`` counts characters from 1. A line that is too long is cut around it, with a sign at each cut.
    """
    start = max(0, column - 1 - room)
    pieces = _printed(line[start : column + room])
    at = column - 1 - start
    ends = [0, *accumulate(_cells(piece) for piece in pieces)]
    # The place stands in the middle of a line that is cut; what joins the sign before it is left out with it.
    before = room - 2 - min(ends[-1] - ends[at], room // 2)
    first = next((i for i in range(at + 1) if ends[at] - ends[i] <= before), at) if ends[-1] > room else 0
    while 0 < first < at and ends[first + 1] == ends[first]:
        first += 1
    lead = _CUT if start or first else ""
    last = _last(ends, first, room - 2)
    tail = _CUT if start + last < len(line) else ""
    word = _TOKEN.match(line, column - 1, column - 1 + room)
    stop = max(at + 1, min(last, word.end() - start if word else at + 1))
    below = ends[min(stop, len(pieces))] - ends[at]
    shown = "".join((lead, *pieces[first:last], tail))
    return shown, len(lead) + ends[at] - ends[first], max(1, below)


def _last(ends: Sequence[int], first: int, room: int) -> int:
    return max(i for i in range(first, len(ends)) if ends[i] - ends[first] <= room)


def _printed(text: str) -> list[str]:
    """Return each character as it is printed."""
    return [
        TAB if character == "\t" else piece
        for character, piece in zip(text, printable_pieces(text), strict=True)
    ]


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _line(where: Where) -> str | None:
    if (
        not where.file
        or "://" in where.file
        or where.file.startswith("<")
        or not where.line
        or not where.column
    ):
        return None
    try:
        lines = read_foreign(Path(where.file), most_bytes=LARGEST_BYTES).decode("utf-8-sig").split("\n")
    except (OSError, ValueError):
        return None
    return lines[where.line - 1].removesuffix("\r") if where.line <= len(lines) else None
