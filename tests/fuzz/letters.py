"""Whether a text stands in a PDF, asked of poppler: another program than the one that the proof uses."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from page_text import is_reordered, read
from reportgen.text.mathematics import split_formulas

if TYPE_CHECKING:
    from pathlib import Path

_NAMED = re.compile(r"<\s*U\s*\+\s*(?:[0-9A-F]-?\s*){4,6}>")

_A_FEW_LINES = 200  # characters


def missing_texts(pdf: Path, texts: list[str]) -> list[str]:
    """Return the texts whose letters do not stand in the PDF.

    Of a text that is written from right to left the letters are counted; of others their order counts, in the
    whole or in each word, since a page may end between two. A word of many lines may be divided by a page's end,
    so its letters are counted, too.
    """
    page = letters(read(pdf))
    counted = Counter(page)
    return [text for text in texts if not all(_stands(part, page, counted) for part in _written(text))]


def _written(text: str) -> list[str]:
    """Return the parts of a text that are written, not drawn as formulas are."""
    return [part for part in split_formulas(text) if isinstance(part, str)]


def _stands(text: str, page: str, counted: Counter[str]) -> bool:
    if is_reordered(text):
        return Counter(letters(text)) <= counted
    return letters(text) in page or all(_has(word, page, counted) for word in text.split())


def _has(word: str, page: str, counted: Counter[str]) -> bool:
    return letters(word) in page or (len(word) > _A_FEW_LINES and Counter(letters(word)) <= counted)


def letters(text: str) -> str:
    """Keep the letters and digits, in their simplest form; characters that are printed as numbers are left out."""
    plain = unicodedata.normalize("NFKD", _NAMED.sub("", text))
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LN")
