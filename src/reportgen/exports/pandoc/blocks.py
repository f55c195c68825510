"""The blocks of the content tree as those of pandoc's AST."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.exports.pandoc import nodes
from reportgen.exports.pandoc.inlines import InlineWriter, formula
from reportgen.text.direction import direction_of
from reportgen.text.inline import plain_text
from reportgen.text.report import (
    Band,
    Claim,
    ClaimGroup,
    ClaimList,
    Question,
    Reference,
    ReferenceList,
    Section,
    StatusCell,
    StatusStrip,
    Title,
    ValueList,
    blocks_in,
)
from reportgen.text.table_room import Setting, widths_of
from reportgen.text.tree import (
    Block,
    CodeBlock,
    Definition,
    DefinitionList,
    Equation,
    Figure,
    Heading,
    ItemList,
    NoteItem,
    NoteList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.exports.pandoc.nodes import Node, Nodes
    from reportgen.text.report import Author, Report

_BETWEEN = " \N{MIDDLE DOT} "
_BESIDE = ", "
_PAGE = Setting("common", letter=2.3, line=152.0, gap=5.0)
"""The room for a table on the page and in the type that pandoc gives to Word, in millimetres."""


def shares(columns: Sequence[Sequence[str]]) -> list[float]:
    """Return the share of a line that the texts of each column of a table ask for.

    Programs that show tables make columns alike that say nothing of their width.
    """
    return [round((width + _PAGE.gap) / (_PAGE.line + _PAGE.gap), 4) for width in widths_of(columns, _PAGE)]


def _way(content: Any) -> str:
    """Return the direction of what begins from right to left, the only one that is said."""
    return "rtl" if direction_of(content) == "rtl" else ""


class BlockWriter:
    """Writes the blocks of one report; ``picture`` returns the address of a drawing by its name, '' without one.

    A note stands where it is first referred to, as pandoc numbers notes itself; what refers to it again is its number.
    """

    def __init__(self, report: Report, picture: Callable[[str], str]) -> None:
        self._notes = {
            block.id: block for block in blocks_in(report.bands) if isinstance(block, NoteItem) and block.id
        }
        self._picture = picture
        self._placed: dict[str, int] = {}
        self._is_in_note = False
        self._inlines = InlineWriter(report.anchors.__contains__, self._note)

    def write(self, blocks: Any) -> Nodes:
        """Write a block, or several."""
        if isinstance(blocks, tuple):
            return [written for block in blocks for written in self.write(block)]
        return [] if blocks is None else self._written(blocks)

    def words(self, content: Any) -> Nodes:
        """Write an inline, several, or a plain text."""
        return self._inlines.write(content)

    def _note(self, anchor: str) -> Node | None:
        """Return the note of a name where it is referred to first; its number where it stands already."""
        if anchor not in self._notes or self._is_in_note:
            return None
        if number := self._placed.get(anchor):
            return nodes.node("Superscript", [nodes.link(nodes.text(str(number)), f"#{anchor}")])
        self._placed[anchor] = len(self._placed) + 1
        self._is_in_note = True
        blocks = self.write(self._notes[anchor].blocks)
        self._is_in_note = False
        if blocks[0]["t"] == "Para":  # its number stands before the words of a paragraph, or alone
            blocks[0] = nodes.node("Para", [nodes.span(blocks[0]["c"], anchor)])
        return nodes.node("Note", blocks)

    def _paragraph(self, content: Nodes, anchor: str = "", kind: str = "", **others: str) -> Nodes:
        """Return a paragraph, and what is to be said of it; none where it is empty."""
        if not content:
            return []
        if not (anchor or kind or any(others.values())):
            return [nodes.node("Para", content)]
        if self._is_in_note:
            return [nodes.node("Para", [nodes.span(content, anchor, kind, **others)])]
        return [nodes.division([nodes.node("Para", content)], anchor, kind, **others)]

    def _item(self, blocks: Any) -> Nodes:
        """Return the blocks of an item of a list, tight where it is one paragraph."""
        written = self.write(blocks)
        return [
            nodes.node("Plain", each["c"]) if each["t"] == "Para" else each for each in written[:1]
        ] + written[1:]

    def _value(self, value: Any) -> Nodes:
        """Return what is said of a term: a text, or several blocks."""
        if value and isinstance(value[0], Block):
            return self._item(value)
        return [nodes.node("Plain", self.words(value))]

    @singledispatchmethod
    def _written(self, block: Block) -> Nodes:
        raise TypeError(f"no report holds {block!r}")

    @_written.register(Band)
    def _(self, it: Band) -> Nodes:
        return [*self.write(it.heading), *self.write(it.sections)]

    @_written.register(Section)
    def _(self, it: Section) -> Nodes:
        return self.write(it.blocks)

    @_written.register(Heading)
    def _(self, it: Heading) -> Nodes:
        """Write a heading: those of sections are the first below the title, which is metadata."""
        words = [*nodes.text(f"{it.number} " if it.number else ""), *self.words(it.content)]
        turned = _way(it.content)
        content = [nodes.span(words, dir=turned)] if turned else words
        return [nodes.node("Header", [max(it.level - 1, 1), nodes.attributes(it.id), content])]

    @_written.register(Paragraph)
    def _(self, it: Paragraph) -> Nodes:
        lead = [nodes.node("Strong", nodes.text(f"{it.lead}.")), nodes.SPACE] if it.lead else []
        return self._paragraph([*lead, *self.words(it.content)], it.id, lang=it.lang, dir=_way(it.content))

    @_written.register(ItemList)
    def _(self, it: ItemList) -> Nodes:
        items = [self._item(item) for item in it.items]
        if it.start is None:
            return [nodes.node("BulletList", items)]
        return [nodes.node("OrderedList", [[it.start, {"t": "Decimal"}, {"t": "Period"}], items])]

    @_written.register(DefinitionList)
    def _(self, it: DefinitionList) -> Nodes:
        return [nodes.node("DefinitionList", [self._definition(item) for item in it.items])]

    def _definition(self, it: Definition) -> list[Any]:
        term = self.words(it.term)
        return [[nodes.span(term, it.id)] if it.id else term, [self._value(value) for value in it.values]]

    @_written.register(Table)
    def _(self, it: Table) -> Nodes:
        caption = self._caption(it)
        head = [[nodes.node("Plain", self.words(column.heading))] for column in it.columns]
        rows = [self._row(row) for row in it.rows]
        texts = [
            (*(plain_text(row.cells[place]) for row in it.rows), plain_text(column.heading))
            for place, column in enumerate(it.columns)
        ]
        columns = list(zip((column.align for column in it.columns), shares(texts), strict=True))
        return [nodes.table(columns, rows=rows, head=head, caption=caption, anchor=it.id)]

    def _caption(self, it: Table | Figure) -> Nodes:
        label = [nodes.node("Strong", nodes.text(it.label)), nodes.SPACE] if it.label else []
        words = self.words(it.caption)
        return [nodes.node("Plain", [*label, *words])] if words else []

    def _row(self, it: Row) -> list[Nodes]:
        cells = [[nodes.node("Plain", self.words(cell))] for cell in it.cells]
        cells[-1] += [nodes.node("Plain", self.words(below)) for below in it.below]
        if it.id:
            cells[0][0]["c"] = [nodes.span(cells[0][0]["c"], it.id)]
        return cells

    @_written.register(Figure)
    def _(self, it: Figure) -> Nodes:
        """Write a drawing with what it shows in words; the words alone where there is no drawing."""
        if address := self._picture(it.name):
            width = f"{it.width:g}mm" if it.width else "100%"
            alt = nodes.text(it.alt)
            shown = [nodes.node("Image", [nodes.attributes(width=width), alt, [address, ""]])]
        else:
            shown = nodes.text(it.alt)
        below = [each | {"t": "Para"} for each in self._caption(it)]
        caption = [nodes.division(below, custom_style="Image Caption", dir=_way(it.caption))] if below else []
        drawing = nodes.division([nodes.node("Para", shown)], custom_style="Captioned Figure")
        return [nodes.division([drawing, *caption], it.id, "figure")]

    @_written.register(Quote)
    def _(self, it: Quote) -> Nodes:
        return [nodes.node("BlockQuote", self.write(it.blocks))]

    @_written.register(Rule)
    def _(self, _: Rule) -> Nodes:
        return [nodes.RULE]

    @_written.register(CodeBlock)
    def _(self, it: CodeBlock) -> Nodes:
        lines = "\n".join(map(normalise, it.text.rstrip("\n").split("\n")))
        language = normalise(it.language).strip()
        return [nodes.node("CodeBlock", [nodes.attributes(it.id, language), lines])]

    @_written.register(Equation)
    def _(self, it: Equation) -> Nodes:
        label = nodes.text(f"\N{EM SPACE}{it.label}") if it.label else []
        return self._paragraph([formula(it.formula, is_display=True), *label], it.id)

    @_written.register(NoteList)
    def _(self, it: NoteList) -> Nodes:
        """Write the notes that nothing has referred to before."""
        left = [note for note in it.items if note.id not in self._placed]
        terms = [[[nodes.span(nodes.text(note.label), note.id)], [self._item(note.blocks)]] for note in left]
        return [nodes.node("DefinitionList", terms)] if terms else []

    @_written.register(Title)
    def _(self, it: Title) -> Nodes:
        """Write what stands around the title, which is metadata with the subtitle, the notices and the names."""
        facts = nodes.joined(map(self.words, it.facts), _BETWEEN)
        authors = [
            written
            for author in it.authors
            for written in self._paragraph(self._author(author), kind="author", dir=_way(author.name))
        ]
        keywords = self._paragraph(self.words(it.keywords), dir=_way(it.keywords))
        source = nodes.text(f"{it.publisher}{_BETWEEN}{it.kind}")
        return [
            nodes.division([*self._paragraph(source), *authors, *self._paragraph(facts), *keywords], it.id)
        ]

    def _author(self, it: Author) -> Nodes:
        """Say more of an author than the name; nothing where nothing more is known."""
        more = (it.affiliation, *filter(None, (it.orcid, it.contact)))
        known = nodes.joined(map(self.words, more), _BESIDE)
        return [nodes.node("Strong", self.words(it.name)), *nodes.text(_BESIDE), *known] if known else []

    @_written.register(Question)
    def _(self, it: Question) -> Nodes:
        return self._paragraph(
            [nodes.node("Strong", self.words(it.content))], it.id, "question", dir=_way(it.content)
        )

    @_written.register(StatusStrip)
    def _(self, it: StatusStrip) -> Nodes:
        cells = [self._cell(cell) for cell in it.cells]
        said = nodes.joined(map(self.words, it.said), _BETWEEN)
        return [nodes.node("DefinitionList", cells), *self._paragraph(said)]

    def _cell(self, it: StatusCell) -> list[Any]:
        detail = [nodes.SPACE, *nodes.text(it.detail)] if it.detail else []
        value = [nodes.node("Strong", nodes.text(it.value)), *detail]
        lines = nodes.joined([value, *(nodes.text(line.content) for line in it.lines)])
        return [nodes.text(it.label), [[nodes.node("Plain", lines)]]]

    @_written.register(ValueList)
    def _(self, it: ValueList) -> Nodes:
        pairs = [(item.term, item.values[0]) for item in it.items]
        rows = [[[nodes.node("Plain", self.words(part))] for part in pair] for pair in pairs]
        texts = [[*map(plain_text, column)] for column in zip(*pairs, strict=True)]
        columns = [*zip(("left", "right"), shares(texts), strict=True)]
        return [nodes.table(columns, rows=rows, anchor=it.id)]

    @_written.register(ClaimList)
    def _(self, it: ClaimList) -> Nodes:
        return self.write(it.groups)

    @_written.register(ClaimGroup)
    def _(self, it: ClaimGroup) -> Nodes:
        claims = [self._claim(claim) for claim in it.claims]
        listed = [nodes.node("BulletList", claims)] if claims else []
        if not it.title:
            return listed
        return [
            *self._written(Heading(3, it.title, id=it.id)),
            *self._paragraph(self.words(it.counted)),
            *listed,
        ]

    def _claim(self, it: Claim) -> Nodes:
        """Return a claim: its label and verdict, its words, and below them each thing that supports it."""
        standing = ((it.verdict,), it.confidence, *it.beside)
        judged = nodes.joined(map(self.words, standing), _BESIDE)
        label = nodes.span([nodes.node("Strong", nodes.text(it.label))], it.id)
        first = nodes.node("Para", [label, nodes.SPACE, *judged])
        words = self._paragraph(self.words(it.content), kind="claim", dir=_way(it.content))
        return [first, *words, *(self._support(each) for each in it.evidence)]

    def _support(self, it: Definition) -> Node:
        term = self.words(it.term)
        values = [written for value in it.values for written in self.words(value)]
        content = [*term, nodes.SPACE, *values] if term else values
        return nodes.node("BlockQuote", self._paragraph(content, kind="evidence", dir=_way(it.values)))

    @_written.register(ReferenceList)
    def _(self, it: ReferenceList) -> Nodes:
        return [block for item in it.items for block in self._reference(item)]

    def _reference(self, it: Reference) -> Nodes:
        content = [*nodes.text(it.label), nodes.SPACE, *self.words(it.content)]
        note = [nodes.SPACE, *self.words(it.note)] if it.note else []
        return self._paragraph(
            [*content, *note], it.id, "reference", custom_style="Bibliography", dir=_way(it.content)
        )
