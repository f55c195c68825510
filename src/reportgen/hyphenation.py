"""Hyphenation for languages whose patterns TeX's small installation lacks: the words of the text, divided."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyphen

_WORD = re.compile(r"[^\W\d_]{6,63}")


def divided_words(text: str, language: str) -> str:
    """Divide the longer words of a text, for TeX's list of exceptions: ``Do-ku-ment Al-go-rith-mus``.

    English is left to TeX's own patterns. A language without a dictionary gives ''.
    """
    dictionary = _dictionary(language)
    if dictionary is None:
        return ""
    words = sorted({word.lower() for word in _WORD.findall(text)})
    divided = (dictionary.inserted(word) for word in words)
    return " ".join(word for word in divided if "-" in word)


@cache
def _dictionary(language: str) -> pyphen.Pyphen | None:
    if language.split("-", maxsplit=1)[0].lower() == "en":
        return None
    import pyphen as library

    name = library.language_fallback(language.replace("-", "_"))
    return library.Pyphen(lang=name, left=2, right=3) if name else None
