"""The alphabets of mathematics as Unicode has them, each letter a character of its own."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.text.mathematics.tree import Alphabet

_NAMES: Mapping[Alphabet, str] = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "sans": "SANS-SERIF",
    "mono": "MONOSPACE",
    "calligraphic": "SCRIPT",
    "script": "SCRIPT",
    "blackboard": "DOUBLE-STRUCK",
    "fraktur": "FRAKTUR",
}
# Letters that Unicode had before it had the alphabets.
_ROUND = dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))
_OLDER: Mapping[Alphabet, Mapping[str, str]] = {
    "calligraphic": _ROUND,
    "script": _ROUND,
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "blackboard": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "italic": {"h": "ℎ"},
}
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_VARIANTS = {
    "ϵ": "EPSILON SYMBOL",
    "ϑ": "THETA SYMBOL",
    "ϰ": "KAPPA SYMBOL",
    "ϕ": "PHI SYMBOL",
    "ϱ": "RHO SYMBOL",
    "ϖ": "PI SYMBOL",
    "∂": "PARTIAL DIFFERENTIAL",
    "∇": "NABLA",
    "ı": "SMALL DOTLESS I",
    "ȷ": "SMALL DOTLESS J",
}


def in_alphabet(text: str, alphabet: Alphabet) -> str:
    """Return letters and digits in an alphabet of mathematics; what it lacks stays as it is."""
    return "".join(_letter(character, alphabet) for character in text) if alphabet in _NAMES else text


@cache
def _letter(character: str, alphabet: Alphabet) -> str:
    if older := _OLDER.get(alphabet, {}).get(character):
        return older
    try:
        return unicodedata.lookup(f"MATHEMATICAL {_NAMES[alphabet]} {_described(character)}")
    except KeyError:
        return character


def _described(character: str) -> str:
    if character in _VARIANTS:
        return _VARIANTS[character]
    if character in "0123456789":
        return f"DIGIT {_DIGITS[int(character)]}"
    name = unicodedata.name(character, "")
    # LATIN CAPITAL LETTER A is MATHEMATICAL BOLD CAPITAL A, GREEK SMALL LETTER ALPHA is ... SMALL ALPHA.
    return name.removeprefix("LATIN ").removeprefix("GREEK ").replace(" LETTER", "")
