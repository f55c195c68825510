"""How the pages of a report are filled, and what stands at their feet: measured on the finished PDF."""

from __future__ import annotations

import html
import re
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

POINTS = 72 / 25.4
_TOP, _FOOT = 25 * POINTS, 25 * POINTS
"""What geometry in the preamble leaves above and below the text."""
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(
    r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', re.DOTALL
)


class Word(NamedTuple):
    """A word and its box, in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Page:
    """The words of a page's body, without its head and foot."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def fill(self) -> float:
        """Return how far down the text area the lowest word of the body stands, from 0 to 1."""
        area = self.height - _TOP - _FOOT
        return (max((word.bottom for word in self.words), default=_TOP) - _TOP) / area


def pages_of(pdf: Path) -> tuple[Page, ...]:
    """Read the words of all pages with poppler."""
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    return tuple(_page(*found.groups()) for found in _PAGE.finditer(done.stdout.decode()))


def _page(width: str, height: str, content: str) -> Page:
    edge = float(height) - _FOOT + 4
    words = (
        Word(*map(float, box), html.unescape(text))
        for *box, text in (found.groups() for found in _WORD.finditer(content))
    )
    return Page(
        float(width), float(height), tuple(word for word in words if word.top > _TOP - 4 and word.top < edge)
    )


def misses(pdf: Path) -> list[str]:
    """Say what is wrong with the pages: stranded headings, pages that are too empty."""
    pages = pages_of(pdf)
    found = [f"stranded on page {number}: {title}" for number, title in stranded(pdf, pages)]
    found += [
        f"page {number} is filled to {page.fill:.0%}"
        for number, page in enumerate(pages[:-1], 1)
        if page.fill < 0.6
    ]
    if len(pages) > 1 and pages[-1].fill < 0.15:
        found.append(f"the last page, {len(pages)}, is filled to {pages[-1].fill:.0%}")
    return found


def stranded(pdf: Path, pages: Sequence[Page]) -> Iterator[tuple[int, str]]:
    """Yield the headings that have nothing of their own below them on their page: its number, the heading."""
    found = list(headings(pdf, pages))
    for (number, title, lines), following in pairwise([*found, None]):
        left, bottom = min(word.left for word in lines), max(word.bottom for word in lines)
        right = max(left + 40, *(word.right for word in lines))
        below = [
            word
            for word in pages[number].words
            if word.top > bottom - 3 and word.left < right and word.right > left and word not in lines
        ]
        taken = following[2] if following and following[0] == number else ()
        # A heading right below it is not what it is a heading of, and has the same duty.
        if not [word for word in below if word not in taken]:
            yield number + 1, title


def headings(pdf: Path, pages: Sequence[Page]) -> Iterator[tuple[int, str, list[Word]]]:
    """Yield the headings of the outline with their pages, counted from 0, and their words there."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for mark in document.get_toc():
            target = mark.get_dest()
            number = target.get_index()
            page = pages[number]
            _, place = target.get_view()
            up = place[1] if place else page.height
            title = mark.get_title()
            yield number, title, _words_of(title, page, page.height - up)
    finally:
        document.close()


def _words_of(title: str, page: Page, top: float) -> list[Word]:
    """Return the words of a heading where the text has them nearest below a height."""
    wanted = _letters(title)
    best: list[Word] = []
    for start in range(len(page.words)):
        run, letters = [], ""
        for word in page.words[start:]:
            run.append(word)
            letters += _letters(word.text)
            if not wanted.startswith(letters) and not letters.startswith(wanted):
                break
            if letters.startswith(wanted):
                if not best or abs(run[0].top - top) < abs(best[0].top - top):
                    best = run
                break
    if not best:
        raise AssertionError(f"the heading {title!r} is not where the outline leads")
    return best


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.replace("\u00ad", ""))


def overlapping(page: Page) -> list[str]:
    """Name the words of a page that stand upon one another by more than a third of the smaller one."""
    found = []
    words = sorted(page.words, key=lambda word: word.top)
    for place, one in enumerate(words):
        for other in words[place + 1 :]:
            if other.top >= one.bottom:
                break
            width = min(one.right, other.right) - max(one.left, other.left)
            height = min(one.bottom, other.bottom) - max(one.top, other.top)
            least = min((each.right - each.left) * (each.bottom - each.top) for each in (one, other))
            if width > 0 and width * height > least * 0.4:
                found.append(f"{one.text} {other.text}")
    return found
