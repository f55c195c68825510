"""Blocks of the content tree as JATS, and the sections that their headings make."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.exports.jats.elements import LANGUAGE, Element, append, element, id_of, in_paragraphs, lines
from reportgen.text.report import (
    Claim,
    ClaimGroup,
    ClaimList,
    Question,
    StatusCell,
    StatusStrip,
    ValueList,
)
from reportgen.text.tree import (
    Block,
    CodeBlock,
    Definition,
    DefinitionList,
    Equation,
    Figure,
    Heading,
    ItemList,
    NoteList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.exports.jats.elements import Content
    from reportgen.exports.jats.inlines import InlineWriter
    from reportgen.text.tree import Blocks, Column, Inlines


class BlockWriter:
    """Writes the blocks of one report."""

    def __init__(self, inlines: InlineWriter) -> None:
        self.inlines = inlines

    def sections(self, blocks: Blocks, name: str, title: str = "") -> list[Element]:
        """Write blocks as sections, one below another as their headings are.

        What stands before the first heading is a section of the ``title``, which then does not lead its words, too.
        """
        open_: list[tuple[int, Element]] = []
        made: list[Element] = []
        for block in blocks:
            level = block.level if isinstance(block, Heading) else 0
            if level or not open_:
                while open_ and open_[-1][0] >= level:
                    open_.pop()
                section = self._section(block, name, title)
                (open_[-1][1].append if open_ else made.append)(section)
                open_.append((level or 2, section))
            if not level:
                self._place(_without_lead(block, title), open_[-1][1])
        return made

    def _section(self, block: Block, name: str, title: str) -> Element:
        if not isinstance(block, Heading):
            return element("sec", element("title", title), sec_type=name)
        section = element("sec", sec_type=name if block.level == 2 else "", id=id_of(block.id))
        if block.number:
            section.append(element("label", block.number))
        section.append(element("title", *self.inlines.write(block.content, breaks=True)))
        return section

    def _place(self, block: Block, section: Element) -> None:
        """Put a block where a section may hold it: notes at its end."""
        if isinstance(block, NoteList):
            section.append(self.notes(block))
        else:
            notes = section.find("fn-group")
            for each in self.blocks((block,)):
                section.append(each) if notes is None else notes.addprevious(each)

    def notes(self, notes: NoteList) -> Element:
        """Write the notes to a text."""
        listed = (
            element(
                "fn",
                element("label", item.label),
                *in_paragraphs(self.blocks(item.blocks)),
                id=id_of(item.id),
            )
            for item in notes.items
        )
        return element("fn-group", *listed)

    def blocks(self, blocks: Iterable[Block]) -> list[Element]:
        """Write blocks that may stand in a section, or in a paragraph."""
        return [written for block in blocks for written in self._marked(block)]

    def _marked(self, block: Block) -> Iterator[Element]:
        """Write a block with its name and its language."""
        for place, written in enumerate(self._block(block)):
            if block.lang:
                written.set(LANGUAGE, block.lang)
            if block.id and not place and not written.get("id"):
                written.set("id", id_of(block.id))
            yield written

    def _block(self, block: Block) -> Iterator[Element]:  # noqa: C901, PLR0912 - one case a kind of block
        match block:
            case Paragraph(content=content, lead=lead):
                yield element("p", *self._lead(lead), *self.inlines.write(content))
            case Heading(content=content, number=number):
                words = [f"{number} "] if number else []
                yield element("p", element("bold", *words, *self.inlines.write(content)))
            case Question(content=content):
                yield element("p", *self.inlines.write(content), content_type="question")
            case ItemList():
                yield self._list(block)
            case DefinitionList(items=items) | ValueList(items=items):
                yield self._definitions(items)
            case Definition():
                yield self._definitions((block,))
            case Table():
                yield self._table(block)
            case Figure():
                yield self._figure(block)
            case Quote(blocks=blocks):
                yield element("disp-quote", *self.blocks(blocks))
            case CodeBlock(text=text, language=language):
                yield lines(text, "code", language=language, space="preserve")
            case Equation(formula=formula, label=label):
                labels = [element("label", label)] if label else []
                yield element("disp-formula", *labels, self.inlines.formula(formula, is_display=True))
            case NoteList(items=items):
                yield self._definitions(
                    [Definition(item.label, (item.blocks,), id=item.id) for item in items]
                )
            case Rule():
                yield element("p", content_type="thematic-break")
            case StatusStrip():
                yield from self._status(block)
            case ClaimList(groups=groups):
                yield from (self._claims(group) for group in groups)
            case _:
                raise TypeError(f"{type(block).__name__} has no place among the blocks of a section")

    def _lead(self, lead: str) -> list[Content]:
        return [element("bold", f"{lead}."), " "] if lead else []

    def _list(self, listed: ItemList) -> Element:
        """Write a list; its numbers stand there where it does not begin with one."""
        made = element("list", list_type="bullet" if listed.start is None else "order")
        for number, item in enumerate(listed.items, listed.start or 0):
            label = [element("label", f"{number}.")] if listed.start not in (None, 1) else []
            inside = [*in_paragraphs(self.blocks(item), ("list", "def-list"))] or [element("p")]
            made.append(element("list-item", *label, *inside))
        return made

    def _definitions(self, items: Sequence[Definition]) -> Element:
        made = element("def-list")
        for item in items:
            term = element("term", *self.inlines.write(item.term))
            values = [element("def", *self._value(value)) for value in item.values]
            made.append(element("def-item", term, *values, id=id_of(item.id)))
        return made

    def _value(self, value: Inlines | Blocks) -> list[Element]:
        if value and isinstance(value[0], Block):
            blocks = (block for block in value if isinstance(block, Block))
            return [*in_paragraphs(self.blocks(blocks))]
        return [element("p", *self.inlines.write(value))]  # type: ignore[arg-type]

    def _table(self, table: Table) -> Element:
        head = element("tr", *map(self._heading, table.columns))
        rows = [self._row(row) for row in table.rows]
        inside = [element("thead", head), element("tbody", *rows)] if rows else [head]
        label = [element("label", table.label)] if table.label else []
        title = element("title", *self.inlines.write(table.caption, breaks=True))
        caption = [element("caption", title)] if table.caption else []
        return element("table-wrap", *label, *caption, element("table", *inside))

    def _heading(self, column: Column) -> Element:
        words = self.inlines.write(column.heading, breaks=True)
        return element("th", *words, scope="col", align="" if column.align == "left" else column.align)

    def _row(self, row: Row) -> Element:
        made = element("tr", id=id_of(row.id))
        for place, cell in enumerate(row.cells):
            words = self.inlines.write(cell, breaks=True)
            made.append(element("td", *words) if place else element("th", *words, scope="row"))
        for text in row.below:
            append(made[-1], element("break"))
            for part in self.inlines.write(text, breaks=True):
                append(made[-1], part)
        return made

    def _figure(self, figure: Figure) -> Element:
        """Describe a figure; its drawing stands in the PDF, so there is no file that could be named here."""
        label = [element("label", figure.label)] if figure.label else []
        caption = element("caption", element("p", *self.inlines.write(figure.caption)))
        inside = [caption, element("alt-text", figure.alt)] if figure.alt else [caption]
        return element("fig", *label, *inside)

    def _status(self, strip: StatusStrip) -> Iterator[Element]:
        made = element("def-list", list_content="status")
        for cell in strip.cells:
            said = element("def", *(element("p", text) for text in status_texts(cell)))
            made.append(element("def-item", element("term", cell.label), said))
        yield made
        yield from (element("p", *self.inlines.write(said)) for said in strip.said)

    def _claims(self, group: ClaimGroup) -> Element:
        made = element("list", list_type="simple", list_content="claims", id=id_of(group.id))
        if group.title:
            counted = element("styled-content", *self.inlines.write(group.counted), style_type="fine-print")
            title = [
                *self.inlines.write(group.title, breaks=True),
                *([" ", counted] if group.counted else []),
            ]
            made.append(element("title", *title))
        for claim in group.claims:
            made.append(self._claim(claim))
        return made

    def _claim(self, claim: Claim) -> Element:
        verdict = [*self.inlines.write((claim.verdict,))]
        confidence = [*self.inlines.write(claim.confidence), " "] if claim.confidence else []
        beside = [part for said in claim.beside for part in (" ", *self.inlines.write(said))]
        support = [self._definitions(claim.evidence)] if claim.evidence else []
        return element(
            "list-item",
            element("label", claim.label),
            element("p", *self.inlines.write(claim.content), lang=claim.lang),
            element("p", *confidence, *verdict, *beside, content_type="verdict"),
            *support,
            id=id_of(claim.id),
            specific_use="claim",
        )


def _without_lead(block: Block, title: str) -> Block:
    if isinstance(block, Paragraph) and block.lead == title:
        return replace(block, lead="")
    return block


def status_texts(cell: StatusCell) -> list[str]:
    """Return what a cell of the status says, text by text."""
    said = [cell.value, cell.detail, *(line.content for line in cell.lines)]
    return [normalise(text) for text in said if text]
