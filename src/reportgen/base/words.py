"""The fixed words of a format, each with what it means."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


def meanings(*sentences: str) -> dict[str, Any]:
    """Return what a JSON Schema says of the words of a `Literal`, one by one; VS Code shows it beside each."""
    return {"enumDescriptions": list(sentences)}


class Word(StrEnum):
    """One of several words that a field takes; ``meaning`` is a sentence on it, for editors and references."""

    meaning: str

    def __new__(cls, word: str, meaning: str = "") -> Self:
        """Make a word that equals its text; by the text alone, without its meaning, one is looked up."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.meaning = meaning
        return made
