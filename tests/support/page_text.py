"""The text layer of a PDF as its readers get it, and whether a text of the record stands in it."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.text.direction import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from pathlib import Path

LINE_END_HYPHEN = "(?:-?\\s+)?"
_WITHOUT_INK = re.compile("[\u00ad\u200b-\u200d]")


# The page number, the end of the page, the running head of the next one, and the head of the claims that go on there.
_FURNITURE = re.compile(
    "\n\\d+\n\x0c(?:.* \\w+:[0-9A-F]{8} .*\n(?:No\\. Claim and evidence .*\n|(?=.*\n0 0[.,]5 1\n).*\n)?(?:0 0[.,]5 1\n)?)?"
)


def read(pdf: Path) -> str:
    """Read all pages with poppler, in the order of the content, without running heads and page numbers."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True
    )
    return _FURNITURE.sub("\n", _WITHOUT_INK.sub("", fold(done.stdout.decode())))


def fold(text: str) -> str:
    """Return compatibility letters and one apostrophe, for the page and the record alike."""
    return unicodedata.normalize("NFKC", text).replace("’", "'")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Match a text as typed; where a line ends, a hyphen and any space may stand between two characters."""
    printed = _WITHOUT_INK.sub("", fold(normalise(text))).strip()
    return re.compile(LINE_END_HYPHEN.join(r"\s+" if each.isspace() else re.escape(each) for each in printed))


def count(text: str, page: str) -> int:
    """Count how often a text stands on the pages."""
    return len(pattern(text).findall(page))


def words_of(text: str) -> list[str]:
    """Return the words of a text whose order on the page a reader may take for another."""
    return re.findall(r"\w+", _WITHOUT_INK.sub("", fold(normalise(text))))


def is_reordered(text: str) -> bool:
    """Tell whether the text has letters that are written from right to left."""
    return bool(RIGHT_TO_LEFT.search(text))
