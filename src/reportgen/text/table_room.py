"""The room that the columns of a table ask for on paper: how large it is set, and whether it is turned."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

LETTER_MM = 1.75
"""A letter of the size of tables, a wide one of a common text."""
MOST_COLUMNS = 7
"""Tables with more are set smaller."""
_LONGEST_WORD = 24
"""Longer ones are divided."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A way to set a table: its size, what a letter takes, and the widths of the line and of a gap, in millimetres."""

    size: Literal["common", "smaller", "least"]
    letter: float = LETTER_MM
    line: float = 166.0
    gap: float = 3.5
    is_turned: bool = False


COMMON = Setting("common", line=116.0)
"""In the column of the text; the others stand across the page."""
WIDE = Setting("common")
SMALLER = Setting("smaller", 0.93 * LETTER_MM)
# As wide as a page of either size is high: 230 mm of letter paper, 247 of A4.
TURNED = Setting("smaller", 0.93 * LETTER_MM, 230.0, is_turned=True)
LEAST = Setting("least", 0.85 * LETTER_MM, 230.0, 2.0, is_turned=True)


def setting_of(columns: Sequence[Sequence[str]]) -> Setting:
    """Return the first setting in which no column is narrower than its longest word; else the last."""
    if len(columns) <= MOST_COLUMNS:
        return COMMON if sum(_whole(columns, COMMON)) <= _room(columns, COMMON) else WIDE
    return next((each for each in (SMALLER, TURNED) if _fits(columns, each)), LEAST)


def is_too_wide(columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether a table has more columns than fit in any setting."""
    return len(columns) > MOST_COLUMNS and not any(_fits(columns, each) for each in (SMALLER, TURNED, LEAST))


def widths_of(columns: Sequence[Sequence[str]], setting: Setting) -> list[float]:
    """Return each column the room that its texts ask for.

    None gets less than its longest word where that can be; what is left goes to those with the longest texts.
    """
    room = _room(columns, setting)
    whole = _whole(columns, setting)
    if sum(whole) <= room:
        return whole
    words = _words(columns, setting)
    least = words if sum(words) <= room else [room * width / sum(words) for width in words]
    wishes = [max(0.0, min(width, room) - floor) for width, floor in zip(whole, least, strict=True)]
    share = (room - sum(least)) / (sum(wishes) or 1)
    return [floor + wish * min(share, 1) for floor, wish in zip(least, wishes, strict=True)]


def letters(text: str) -> int:
    """Count the letters of a text; East Asian ones count twice."""
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def _whole(columns: Sequence[Sequence[str]], setting: Setting) -> list[float]:
    return [setting.letter * (1 + max(map(letters, column))) for column in columns]


def _fits(columns: Sequence[Sequence[str]], setting: Setting) -> bool:
    return sum(_words(columns, setting)) <= _room(columns, setting)


def _room(columns: Sequence[Sequence[str]], setting: Setting) -> float:
    return setting.line - setting.gap * (len(columns) - 1)


def _words(columns: Sequence[Sequence[str]], setting: Setting) -> list[float]:
    longest = (max(letters(word) for text in column for word in text.split() or [""]) for column in columns)
    return [setting.letter * (1 + min(_LONGEST_WORD, length)) for length in longest]
