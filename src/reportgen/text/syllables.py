"""Line breaks in scripts that set no blanks between words: between words, by ICU's dictionaries.

Without these, and inside words that are very long, between syllables; never inside one.
Clusters are those of Unicode Standard Annex 29, wider by what these scripts write before and after a letter.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from reportgen.text.scripts import INSIDE, SCRIPTS, script_of
from reportgen.text.word_library import dictionary_places

_UNSPACED = frozenset(
    ["Thai", "Lao", "Tibetan", "Myanmar", "Khmer", "TaiLe", "NewTaiLue", "TaiTham", "TaiViet", "Javanese"]
)
_LETTERS = "".join(script.characters for script in SCRIPTS if script.name in _UNSPACED)
UNSPACED = re.compile(f"[{_LETTERS}][{_LETTERS}{INSIDE}]*")
"""A stretch without blanks."""

_STACKERS = (
    "\u0d4d\u0dca\u1039\u17d2\u1a60\u1b44\ua9c0\U00011046\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd"
)
"""What puts the next letter under or into the one before it."""
_BEFORE = "\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc"
"""Vowels that are written before their letter."""
_AFTER = (
    "\u0e2f\u0e30\u0e32\u0e33\u0e45\u0e46\u0eaf\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6\u1041\u17d7\u19b0-\u19c9\u1950"
)
"""Vowels and signs of repetition that are written after it."""
_JOINS = re.compile(f"[{_STACKERS}{_BEFORE}\u200c\u200d]")
_ENDS = re.compile(f"[{_AFTER}\u200c\u200d]")
# A letter that is silenced, or that carries another, ends the syllable before it.
_FINAL = re.compile("[\u1000-\u1021\u1025](?:[\u102b-\u1038\u103b-\u103e]*\u103a|\u1039)")
_TSHEG = "\u0f0b"
_LONGEST_WORD = 16


def is_inside(text: str, place: int) -> bool:
    """Tell whether a place in a text is inside a cluster, so that nothing may part what stands around it."""
    before, after = text[place - 1], text[place]
    return unicodedata.category(after)[0] == "M" or bool(_JOINS.match(before) or _ENDS.match(after))


def break_places(stretch: str) -> list[int]:
    """Return the places in a stretch without blanks at which a line may begin."""
    allowed = [place for place in range(1, len(stretch)) if _may_break(stretch, place)]
    words = dictionary_places(stretch)
    if words is None:
        return allowed
    ends = [0, *words]
    long = {
        place for start, end in pairwise(ends) if end - start > _LONGEST_WORD for place in range(start, end)
    }
    return [place for place in allowed if place in long or place in words]


def _may_break(word: str, place: int) -> bool:
    before, after = word[place - 1], word[place]
    if unicodedata.category(after)[0] in "PS" or is_inside(word, place):
        return False
    script = script_of(after)
    if script and script.name == "Tibetan":
        return before == _TSHEG
    if before.isdecimal() and after.isdecimal():
        return False
    return not _FINAL.match(word, place)
