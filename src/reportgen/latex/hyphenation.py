"""Hyphenation for languages whose patterns TeX's small installation lacks: the words of a text, divided."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.base.characters import normal
from reportgen.latex.escaping import Latex
from reportgen.text.scripts import UNDIVIDED

if TYPE_CHECKING:
    import pyphen

MOST_WORDS = 6000
"""pdfTeX stops at 8191 divided words, and its format brings some of its own."""

# What pdfTeX sets as a symbol stops it in this list: the micro and ordinal signs, and Greek letters beside
# Latin ones. So a word is either Latin or without Latin letters. Scripts without hyphens have other places for breaks.
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_WORD = re.compile(rf"[{_LATIN}]+(?:['’][{_LATIN}]+)*|[^\W\d_{_LATIN}{UNDIVIDED}]+")
# Dictionaries cut some compounds around a rest that can be spoken with neither neighbour: Qualitäts-s-tufe.
_NO_SYLLABLE = re.compile(r"[bcdfghjklmnpqrstvwxzß]+|.")
_SHORTEST, _LONGEST = 6, 63
# From this length on a word may be wider than a column, so it is divided by force where nothing else divides it.
_WIDE, _WIDEST_PART, _FORCED_PART = 20, 14, 6


def divided_words(text: str, language: str) -> Latex:
    """Divide the longer words of a text, for TeX's list of exceptions: ``Do-ku-ment Al-go-rith-mus``.

    Of too many words the longest are taken: they make the bad lines. English is left to TeX's own patterns,
    and a language without a dictionary is not divided, but for words that may be wider than a column.
    """
    found = {word.lower().replace("'", "’") for word in _WORD.findall(normal("NFC", text))}
    is_english = language.split("-", maxsplit=1)[0].lower() == "en"
    shortest = _WIDE if is_english or not _has_dictionary(language) else _SHORTEST
    words = [word for word in found if shortest <= len(word) <= _LONGEST and _WORD.fullmatch(word)]
    # Reading a dictionary takes as long as setting a report.
    dictionary = _dictionary(language) if words else None
    divided = [entry for word in words if "-" in (entry := _divided(word, dictionary))]
    longest = sorted(divided, key=lambda entry: (-len(entry), entry))[:MOST_WORDS]
    return Latex(
        textwrap.fill(" ".join(sorted(longest)), 100, break_long_words=False, break_on_hyphens=False)
    )


def _divided(word: str, dictionary: pyphen.Pyphen | None) -> str:
    # French elides: the article before an apostrophe is part of TeX's word, but not of the dictionary's.
    parts = word.split("’")
    divided = "’".join(_divided_part(part, dictionary) for part in parts) if dictionary else word
    return _WIDE_PART.sub(_by_force, divided) if len(word) >= _WIDE else divided


_WIDE_PART = re.compile(rf"[^\W\d_]{{{_WIDEST_PART + 1},}}")


def _by_force(part: re.Match[str]) -> str:
    return "-".join(textwrap.wrap(part[0], _FORCED_PART))


def _divided_part(part: str, dictionary: pyphen.Pyphen) -> str:
    # A position with data asks for other letters at the end of the line, which TeX's list cannot say.
    cuts = [int(position) for position in dictionary.positions(part) if position.data is None]
    pieces = [part[start:end] for start, end in pairwise([0, *cuts, len(part)])]
    out = pieces[0]
    for before, after in pairwise(pieces):
        speakable = not (_NO_SYLLABLE.fullmatch(before) or _NO_SYLLABLE.fullmatch(after))
        out += f"-{after}" if speakable else after
    return out


def _has_dictionary(language: str) -> bool:
    import pyphen as library

    return library.language_fallback(language) is not None


@cache
def _dictionary(language: str) -> pyphen.Pyphen | None:
    import pyphen as library

    name = library.language_fallback(language)
    return library.Pyphen(lang=name, left=2, right=3) if name else None
