"""What a word that is not known was probably meant to be."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_EDITS = 2
"""Slips of the keyboard in one word; what differs in more is another word."""
LETTERS_AN_EDIT = 3
"""A short word allows fewer slips: two edits make any word of four letters another one."""
_NEGATIONS = ("un", "in", "im", "ir", "il", "de")
_SEPARATORS = re.compile(r"[\s_-]+")


def suggest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that differs least, by one or two slips; the first of several, or None.

    Case, blanks, ``-`` and ``_`` do not count, so ``leadSource`` is ``lead_source``. The opposite of a word,
    such as `included` of `excluded`, is never suggested.
    """
    folded = fold(word)
    nearest, most = None, min(MOST_EDITS, len(folded) // LETTERS_AN_EDIT)
    for candidate in known:
        other = fold(candidate)
        if folded == other:
            return candidate
        if most and not _are_opposites(folded, other) and (edits := distance(folded, other, most)) <= most:
            nearest, most = candidate, edits - 1
    return nearest


def fold(word: str) -> str:
    """Return a word without case and without what parts its syllables."""
    return _SEPARATORS.sub("", word).casefold()


def distance(first: str, second: str, most: int) -> int:
    """Count the letters to insert, drop, replace or swap with their neighbour; ``most + 1`` stands for all above it.

    This is the Damerau-Levenshtein distance in its restricted form (optimal string alignment).
    """
    if abs(len(first) - len(second)) > most or (Counter(first) - Counter(second)).total() > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        above, row = row, [i]
        for j, other in enumerate(second, start=1):
            edits = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                edits = min(edits, before[j - 2] + 1)
            row.append(edits)
        before = above
    return min(row[-1], most + 1)


def _are_opposites(first: str, second: str) -> bool:
    return any(
        longer == negation + shorter
        for longer, shorter in ((first, second), (second, first))
        for negation in _NEGATIONS
    ) or (first[2:] == second[2:] and {first[:2], second[:2]} == {"in", "ex"})
