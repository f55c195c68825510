"""The blocks that are a report's own: its title, how it stands, its claims and references, and the whole of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.text.inline import plain_text
from reportgen.text.tree import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.text.tree import Blocks, Definition, Figure, Inlines, Link, StatusMark


@dataclass(frozen=True, slots=True)
class Author:
    """An author as printed under the title."""

    name: Inlines
    affiliation: Inlines
    orcid: Link | None
    contact: Link | None = None


@dataclass(frozen=True, slots=True)
class Title(Block):
    """The title of the report and its subtitle, its publisher, its authors, what identifies it, its keywords."""

    publisher: str
    kind: str
    content: Inlines
    authors: tuple[Author, ...]
    facts: tuple[Inlines, ...]
    keywords: Inlines
    logo: Figure | None = None
    subtitle: Inlines = ()


@dataclass(frozen=True, slots=True)
class StatusCell:
    """One thing that is known of the report: ``detail`` says more of the value."""

    label: str
    value: str
    detail: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class StatusStrip(Block):
    """How the report stands, at a glance."""

    cells: tuple[StatusCell, ...]


@dataclass(frozen=True, slots=True)
class Claim(Block):
    """A claim: its label, whether it is verified, its confidence, its words, and what supports them.

    The confidence is () where no claim of the record has one.
    """

    label: str
    verdict: StatusMark
    confidence: Inlines
    content: Inlines
    evidence: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class ClaimList(Block):
    """Claims in the order of the record; the headings name label, verdict, confidence where there is any, and claim."""

    headings: tuple[str, ...]
    claims: tuple[Claim, ...]


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
class Section(Block):
    """A part of the report by the name that settings know it by."""

    name: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    ``head`` are the two running heads, each in its parts; ``title``, ``authors`` and ``description`` are plain
    text, for metadata.
    """

    language: str
    title: str
    authors: tuple[str, ...]
    description: str
    head: tuple[tuple[str, ...], tuple[str, ...]]
    sections: tuple[Section, ...]

    @property
    def anchors(self) -> frozenset[str]:
        """Return the anchors of all blocks: what is left out cannot be led to."""
        return frozenset(block.id for block in blocks_in(self.sections) if block.id)


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
        for field in dataclasses.fields(node):
            yield from blocks_in(getattr(node, field.name))
