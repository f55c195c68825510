"""The content tree: what a report says, as plain frozen data from which every output is written.

Nodes are named after pandoc's AST and JATS. A text is a tuple of inlines, a plain string being the simplest; it
knows no LaTeX and no HTML. Each output writes a node with the template that bears its name.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reportgen.text.formula import Formula

if TYPE_CHECKING:
    from collections.abc import Iterator

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are set apart in some way."""

    content: Inlines


class Emphasis(Span):
    """Words said with emphasis."""

    __slots__ = ()


class Strong(Span):
    """Words of importance."""

    __slots__ = ()


class Missing(Span):
    """Words in the place of something that the record lacks."""

    __slots__ = ()


class Warned(Span):
    """Words that warn the reader of what stands beside them."""

    __slots__ = ()


class FinePrint(Span):
    """Words beside the matter, set smaller."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Characters all of which count."""

    text: str


class Code(Verbatim):
    """Characters of a program, all of which count."""

    __slots__ = ()


class Checksum(Verbatim):
    """The digits of a hash."""

    __slots__ = ()


class Label(Verbatim):
    """What names a thing in small type, such as C1."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address."""

    content: Inlines
    uri: str


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The name of a place in this report, which it leads to; ``spoken`` says where in words."""

    label: str
    anchor: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Cite:
    """Numbers of references in brackets."""

    references: tuple[CrossReference, ...]


@dataclass(frozen=True, slots=True)
class Isolated:
    """A text that holds words written from right to left, kept apart from what stands beside it."""

    content: Inlines
    direction: Direction


@dataclass(frozen=True, slots=True)
class StatusMark:
    """Whether a claim is marked verified, as a sign with a word beside it."""

    verified: bool
    word: str


Inline = str | Span | Verbatim | Formula | Link | Cite | CrossReference | Isolated | StatusMark
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What all blocks may carry.

    ``at`` is the JSON pointer of what it shows, ``id`` its anchor, ``lang`` its language where it is another's.
    """

    at: str = ""
    id: str = ""
    lang: str = ""


Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """The heading of a section (level 2) or of a part of one (level 3)."""

    level: int
    content: Inlines


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """A paragraph; ``lead`` is a heading that runs into it."""

    content: Inlines
    lead: str = ""


@dataclass(frozen=True, slots=True)
class ItemList(Block):
    """A list of items, numbered from ``start`` where that is given."""

    items: tuple[Blocks, ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Definition(Block):
    """A term and what is said of it, in one or more paragraphs."""

    term: str
    values: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class DefinitionList(Block):
    """Terms and what is said of them."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; on paper it is ``width`` millimetres wide, or takes what the others leave (0)."""

    heading: str
    width: float = 0
    align: Literal["left", "right"] = "left"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row(Block):
    """A row of a table; below its last cell's text stand the paragraphs ``below``."""

    cells: tuple[Inlines, ...]
    below: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table whose first column heads its rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Figure(Block):
    """A drawing by the name of its file; on paper it is ``width`` millimetres wide, or as wide as the text (0)."""

    name: str
    label: str
    caption: Inlines
    alt: str
    width: float = 0


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """The words of somebody else."""

    blocks: Blocks


@dataclass(frozen=True, slots=True)
class CodeBlock(Block):
    """Lines of a program."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice(Block):
    """What a reader must know before anything else."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Author:
    """An author as printed under the title."""

    name: Inlines
    affiliation: Inlines
    orcid: Link | None


@dataclass(frozen=True, slots=True)
class Title(Block):
    """The title of the report with who publishes it, its authors, what identifies it, and its keywords."""

    publisher: str
    kind: str
    content: Inlines
    authors: tuple[Author, ...]
    facts: tuple[Inlines, ...]
    keywords: Inlines
    logo: Figure | None = None


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
    """A claim: its label, whether it is verified, its confidence, its words, and what supports them."""

    label: str
    verdict: StatusMark
    confidence: Inlines
    content: Inlines
    evidence: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class ClaimList(Block):
    """Claims in the order of the record; the headings name label, verdict, confidence and claim."""

    headings: tuple[str, str, str, str]
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


def blocks_in(node: Any) -> Iterator[Block]:
    """Yield a block, or several, and all blocks in them, in reading order."""
    if isinstance(node, tuple):
        for part in node:
            yield from blocks_in(part)
    elif isinstance(node, Block):
        yield node
        for field in dataclasses.fields(node):
            yield from blocks_in(getattr(node, field.name))
