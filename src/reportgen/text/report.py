"""The blocks that are a report's own: its title, how it stands, its claims and references, and the whole of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from reportgen.text.inline import plain_text
from reportgen.text.tree import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.text.gauge import Gauge
    from reportgen.text.tree import Blocks, Definition, Figure, Heading, Inlines, Link, StatusMark


@dataclass(frozen=True, slots=True)
class Author:
    """An author as printed under the title."""

    name: Inlines
    affiliation: Inlines
    orcid: Link | None
    contact: Link | None = None


@dataclass(frozen=True, slots=True)
class Title(Block):
    """The title of the report, its publisher, its authors, what identifies it, its keywords.

    ``notices`` are what a reader must know before the title; ``keywords`` begin with their label.
    """

    publisher: str
    kind: str
    content: Inlines
    authors: tuple[Author, ...]
    facts: tuple[Inlines, ...]
    keywords: Inlines
    logo: Figure | None = None
    subtitle: Inlines = ()
    notices: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class Question(Block):
    """The question that the report is about."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A line below the value of a cell, behind its gauge where it has one."""

    content: str
    gauge: Gauge | None = None


@dataclass(frozen=True, slots=True)
class StatusCell:
    """One thing that is known of the report: ``detail`` says more of the value, the gauge shows it."""

    label: str
    value: str
    detail: str = ""
    gauge: Gauge | None = None
    lines: tuple[StatusLine, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusStrip(Block):
    """The status of a report: cells side by side, and a line below them."""

    cells: tuple[StatusCell, ...]
    said: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Claim(Block):
    """A claim: its label, its verdict, its confidence and the gauge of it, its words, and what supports them.

    The confidence is () where no claim of the record has one; ``beside`` stands under the verdict.
    """

    label: str
    verdict: StatusMark
    confidence: Inlines
    content: Inlines
    evidence: tuple[Definition, ...]
    gauge: Gauge | None = None
    beside: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimGroup(Block):
    """Claims that belong together; the title is () where they are not parted from others.

    ``counted`` counts them, the gauge shows their confidences, ``short`` is what running heads call them.
    """

    claims: tuple[Claim, ...]
    title: Inlines = ()
    counted: Inlines = ()
    short: str = ""
    gauge: Gauge | None = None


MOST_AT_FULL_SIZE = 150
"""So many claims are set like the text; of more, a page holds half as many again."""


@dataclass(frozen=True, slots=True)
class ClaimList(Block):
    """All claims, in groups; the headings stand over label, claim and verdict, ``scale`` over the gauges."""

    headings: tuple[str, str, str]
    groups: tuple[ClaimGroup, ...]
    scale: Gauge | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether the claims are so many that they are set smaller."""
        return sum(len(group.claims) for group in self.groups) > MOST_AT_FULL_SIZE


@dataclass(frozen=True, slots=True)
class ValueList(Block):
    """Terms with a short value each, which stands at the end of the line."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Reference(Block):
    """A numbered entry of the bibliography, and a note on who cites it."""

    label: str
    content: Inlines
    note: Inlines


@dataclass(frozen=True, slots=True)
class ReferenceList(Block):
    """The bibliography in the order of its numbers."""

    items: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class ContentsItem(Block):
    """A heading in the contents list, the page that it stands on, and the headings below it."""

    title: str
    anchor: str
    page: str
    below: tuple[ContentsItem, ...] = ()
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Contents(Block):
    """The headings of a long report, with their pages."""

    items: tuple[ContentsItem, ...]


Place = Literal["wide", "main", "side", "columns"]


@dataclass(frozen=True, slots=True)
class Section(Block):
    """A part of the report by the name that settings know it by.

    ``place`` is where it stands on paper: across the page, in the column of the text, in the one beside it, or in
    two columns of small type.
    """

    name: str
    blocks: Blocks
    place: Place = "main"


@dataclass(frozen=True, slots=True)
class Band(Block):
    """Sections that follow one another in one place; the heading is that of all of them."""

    place: Place
    sections: tuple[Section, ...]
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Words that are heard and not seen: for a cell without content, before the number of a reference, of a claim."""

    nothing: str = "none"
    reference: str = "Reference"
    confidence: str = "confidence"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    ``language`` is that of the fixed words, ``text_language`` the record's own, ``description_language`` that of the
    description. ``head`` are the two running heads, each in its parts; ``warning`` is what no page may be without;
    ``title``, ``authors`` and ``description`` are plain text, for metadata.
    """

    language: str
    title: str
    authors: tuple[str, ...]
    description: str
    head: tuple[tuple[str, ...], tuple[str, ...]]
    bands: tuple[Band, ...]
    warning: str = ""
    text_language: str = ""
    description_language: str = ""
    heard: Heard = Heard()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Return all sections in their order."""
        return tuple(section for band in self.bands for section in band.sections)

    @property
    def anchors(self) -> frozenset[str]:
        """Return the anchors of all blocks: what is left out cannot be led to."""
        return frozenset(block.id for block in blocks_in(self.bands) if block.id)


def plain_words(blocks: Blocks) -> str:
    """Return the words of blocks on one line, paragraph by paragraph."""
    said = (plain_text(block.content) for block in blocks_in(blocks) if hasattr(block, "content"))
    return " ".join(" ".join(said).split())


def blocks_in(node: Any) -> Iterator[Block]:
    """Yield a block, or several, and all blocks in them, in reading order."""
    if isinstance(node, tuple):
        for part in node:
            yield from blocks_in(part)
    elif isinstance(node, Block):
        yield node
        for name in _names_in(type(node)):  # type: ignore[arg-type]  # a class is hashable
            value = getattr(node, name)
            if isinstance(value, (tuple, Block)):
                yield from blocks_in(value)


@cache
def field_names(kind: type[Any]) -> tuple[str, ...]:
    """Name the fields of a class of nodes; of any other there are none."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


@cache
def _names_in(kind: type[Block]) -> tuple[str, ...]:
    """Name the fields that may hold blocks."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.type not in ("str", "Inlines"))
