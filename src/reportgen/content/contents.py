"""The contents list of a long report: its headings with the pages that a run of TeX found them on."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from reportgen.text.inline import plain_text
from reportgen.text.report import Band, ClaimGroup, Contents, ContentsItem, Report, Section, blocks_in
from reportgen.text.tree import Heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.content.inputs import Inputs

CONTENTS = "contents"
_BEFORE = ("title", "question", "status", "brief", "limitations", "side")
"""The sections that stand before the contents list where a report begins with them."""
_MOST = 40
"""Longer lists leave out what stands below the headings of sections."""


def with_contents(report: Report, pages: Mapping[str, int], inputs: Inputs) -> Report:
    """Return a report with a list of the headings that follow the list; ``pages`` are those of its anchors.

    A page that is not known is 0.
    """
    begun, rest = _parted(report.bands)
    items = _items(rest, pages)
    if sum(1 + len(item.below) for item in items) > _MOST:
        items = tuple(replace(item, below=()) for item in items)
    section = Section(CONTENTS, (inputs.heading(CONTENTS), Contents(items)))
    return replace(report, bands=_joined((*begun, Band("main", (section,)), *rest)))


def _parted(bands: tuple[Band, ...]) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """Part what stands before the list from what it lists."""
    begun: list[Band] = []
    for number, band in enumerate(bands):
        head = tuple(takewhile(lambda each: each.name in _BEFORE, band.sections))
        if head:
            begun.append(replace(band, sections=head))
        if len(head) < len(band.sections):
            rest = replace(band, sections=band.sections[len(head) :])
            return tuple(begun), (rest, *bands[number + 1 :])
    return tuple(begun), ()


def _joined(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """Put bands in the column of the text that follow one another into one."""
    joined: list[Band] = []
    for band in bands:
        if joined and band.place == joined[-1].place == "main":
            joined[-1] = replace(joined[-1], sections=joined[-1].sections + band.sections)
        else:
            joined.append(band)
    return tuple(joined)


def _items(bands: tuple[Band, ...], pages: Mapping[str, int]) -> tuple[ContentsItem, ...]:
    items: list[ContentsItem] = []
    for level, title, anchor in _headings(bands):
        item = ContentsItem(title, anchor, str(pages.get(anchor, 0)))
        if level == 2 or not items:
            items.append(item)
        else:
            last = items[-1]
            items[-1] = replace(last, below=(*last.below, replace(item, is_below=True)))
    return tuple(items)


def _headings(bands: tuple[Band, ...]) -> Iterator[tuple[int, str, str]]:
    """Yield the headings that can be led to, but for those beside the text: level, words, anchor."""
    for band in bands:
        for block in blocks_in(band) if band.place != "side" else ():
            if isinstance(block, Heading) and block.id and block.level <= 3:
                yield block.level, _said(block), block.id
            elif isinstance(block, ClaimGroup) and block.title and block.id:
                yield 3, plain_text(block.title), block.id


def _said(heading: Heading) -> str:
    return " ".join(filter(None, (heading.number, plain_text(heading.content))))
