"""The content tree: what a report says, as plain frozen data from which every output is written.

Nodes are named after pandoc's AST and JATS. A text is a tuple of inlines, a plain string being the simplest; it
knows no LaTeX and no HTML. Each output writes a node with the template that bears its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reportgen.text.mathematics import Formula

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


class Strike(Span):
    """Words that are struck through."""

    __slots__ = ()


class Subscript(Span):
    """Letters set lower."""

    __slots__ = ()


class Superscript(Span):
    """Letters set higher."""

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
    """A name in small type, such as C1."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address; ``spoken`` says where, for those who hear the text."""

    content: Inlines
    uri: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The name of a place in this report, which it leads to; ``spoken`` says where in words.

    One to a place that is numbered gets its words with the numbers; where there is none, it stays as it is.
    """

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
    """A sign with a word beside it that says whether a claim is verified; one that is not settled has no sign."""

    verified: bool
    word: str
    settled: bool = True


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Task:
    """A box that is ticked where a task is done."""

    done: bool


Inline = (
    str | Span | Verbatim | Formula | Link | Cite | CrossReference | Isolated | StatusMark | LineBreak | Task
)
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The common fields of all blocks.

    ``at`` is the JSON pointer of what it shows, ``id`` its anchor, ``lang`` its language where it is another's.
    """

    at: str = ""
    id: str = ""
    lang: str = ""


Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """The heading of a section (level 2) or of a part of one (3 to 6)."""

    level: int
    content: Inlines
    number: str = ""


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
    """A term and what is said of it, each value a text or several blocks."""

    term: str | Inlines
    values: tuple[Inlines | Blocks, ...]


@dataclass(frozen=True, slots=True)
class DefinitionList(Block):
    """Terms and what is said of them."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; on paper it is ``width`` millimetres wide, or takes what the others leave (0)."""

    heading: str | Inlines
    width: float = 0
    align: Literal["left", "right", "center"] = "left"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row(Block):
    """A row of a table; below its last cell's text stand the paragraphs ``below``."""

    cells: tuple[Inlines, ...]
    below: tuple[Inlines, ...] = ()


@dataclass(frozen=True, slots=True)
class Table(Block):
    """A table whose first column heads its rows; one with a caption has a ``label``, such as Table 2."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Inlines = ()
    label: str = ""


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
    """Lines of a program, in the language that is named."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule(Block):
    """A line that parts what stands above from what stands below."""


@dataclass(frozen=True, slots=True)
class Equation(Block):
    """Mathematics on a line of its own; one with an ``id`` has a ``label``, such as (3)."""

    formula: Formula
    label: str = ""


@dataclass(frozen=True, slots=True)
class NoteItem(Block):
    """A note by the number that stands in the text."""

    label: str
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class NoteList(Block):
    """The notes to a text."""

    items: tuple[NoteItem, ...]
