"""The words in which formulas are read aloud, by language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reportgen.base.foreign import LARGEST_TOML, parse_foreign_toml, read_foreign
from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

SPOKEN = ("en", "de", "fr")
"""The languages in which formulas can be read aloud."""
_STROKE = "\u0338"


@dataclass(frozen=True)
class SpokenWords:
    """A language's words for signs, letters and functions, and its phrases, each with places in braces."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def say(self, phrase: str, **parts: str | int) -> str:
        """Fill a phrase."""
        return self.tables["phrases"][phrase].format(**parts)

    def named(self, table: str, key: str) -> str | None:
        """Return the word of a table for a key."""
        return self.tables[table].get(key)

    def sign(self, character: str) -> str:
        """Return what a sign is called; one with a stroke is the negation of the one without."""
        parts = unicodedata.normalize("NFD", character)
        if character not in self.tables["signs"] and parts[1:] == _STROKE:
            return self.say("negated", sign=self.sign(parts[0]))
        return self.tables["signs"].get(character) or _unicode_name(character)

    def letter(self, character: str) -> str:
        """Return what a letter is called; one that needs no name is said as it is."""
        if word := self.tables["letters"].get(character):
            return word
        small = self.tables["letters"].get(character.lower())
        return self.say("capital", letter=small) if small else character


def _unicode_name(character: str) -> str:
    return unicodedata.name(character, character).lower()


@cache
def spoken_words(language: str) -> SpokenWords:
    """Load the words of one of the languages that formulas are read in."""
    file = packaged_folder("templates") / "locale" / f"mathematics.{language}.toml"
    return SpokenWords(language, parse_foreign_toml(read_foreign(file, most_bytes=LARGEST_TOML)))


def language_of(language: str) -> str:
    """Return the language in which formulas are read in a text whose BCP 47 tag is given: its own, or English."""
    primary = language.split("-", maxsplit=1)[0].lower()
    return primary if primary in SPOKEN else "en"
