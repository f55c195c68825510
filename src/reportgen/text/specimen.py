"""Small trees that hold every kind of node, to try templates on: one with all that nodes may carry, one with least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.gauge import Box, Dot, Gauge, Line, Mark
from reportgen.text.mathematics import Formula
from reportgen.text.report import (
    Author,
    Band,
    Claim,
    ClaimGroup,
    ClaimList,
    Question,
    Reference,
    ReferenceList,
    Report,
    Section,
    StatusCell,
    StatusLine,
    StatusStrip,
    Title,
    ValueList,
)
from reportgen.text.tree import (
    Checksum,
    Cite,
    Code,
    CodeBlock,
    Column,
    CrossReference,
    Definition,
    DefinitionList,
    Emphasis,
    Equation,
    Figure,
    FinePrint,
    Heading,
    Isolated,
    ItemList,
    Label,
    LineBreak,
    Link,
    Missing,
    NoteItem,
    NoteList,
    Paragraph,
    Quote,
    Row,
    Rule,
    StatusMark,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Table,
    Task,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.text.tree import Blocks

FIGURE = "fig-specimen"


def specimens(sections: Iterable[str]) -> tuple[Report, Report]:
    """Return a full and a bare report; their blocks stand in the first of the named sections."""
    first, *others = sections
    return _report((*_full(),), first, others), _report(_bare(), first, others)


def _report(blocks: Blocks, first: str, others: Iterable[str]) -> Report:
    empty = tuple(Section(name, (Heading(2, (f"Heading {name}",), id=name),)) for name in others)
    head = (("Publisher", "Kind"), ("ID:1", "1 January 2026"))
    note = Section("note", (Paragraph(("Small type.",)),))
    bands = (
        Band("wide", (Section(first, blocks),)),
        Band("main", empty),
        Band("side", (note,)),
        Band("columns", (note,), Heading(2, ("Above",), id="above")),
    )
    return Report("en", "A specimen", ("An Author",), "What it is.", head, bands, "A warning", "en", "en")


def _full() -> Blocks:
    lead = CrossReference("1", "ref-1", "1: A reference")
    mixed = (
        "Words & signs, ",
        Emphasis(("emphasis",)),
        Strong(("strength",)),
        Code("code_1"),
        Checksum("00ff" * 16),
        Label("C9"),
        Formula("x^2"),
        Link(("link",), "https://example.org/a?b=c", "a link to elsewhere"),
        Cite((lead,)),
        Isolated(("isolated",), "ltr"),
        Missing(("missing",)),
        Warned(("warned",)),
        FinePrint(("fine print",)),
        StatusMark(verified=True, word="verified"),
        StatusMark(verified=False, word="not verified"),
        LineBreak(),
        Strike(("struck ", Code("out"))),
        Subscript(("2",)),
        Superscript((CrossReference("1", "note-1", "Note 1"),)),
        Task(done=True),
        Task(done=False),
    )
    orcid = Link(("ORCID 0000-0002-1825-0097",), "https://orcid.org/0000-0002-1825-0097")
    contact = Link(("name@example.org",), "mailto:name@example.org")
    gauge = Gauge(
        20,
        4,
        (
            Box(0, 1, 8, 2, "accent"),
            Box(9, 1, 8, 2, "dim", outlined=True),
            Line(0, 0, 20, 0, "warn", dashed=True),
            Dot(4, 2, 1, "ink"),
            Dot(8, 2, 1, "ink", is_open=True),
        ),
        (Mark(2, 0, "0"), Mark(18, 0, "1", strong=True)),
    )
    lines = (StatusLine("a line"), StatusLine("with a bar", gauge))
    cells = tuple(StatusCell(f"Cell {n}", f"value {n}", f"detail {n}", gauge, lines) for n in range(4))
    columns = (Column("First", 20), Column("Second", align="right"), Column("Third", 50, small=True))
    rows = tuple(
        Row((("head",), ("cell",), ("last",)), (("below",),), at="/row", id=f"row-{number}")
        for number in range(3)
    )
    group = ClaimGroup(_claims(gauge), ("A group",), ("One claim.",), "A group", gauge, id="claims-1")
    return (
        Title(
            "Publisher",
            "Kind",
            ("The title",),
            (Author(("Name",), ("Affiliation",), orcid, contact),),
            (("Fact one",), ("Fact two",)),
            ("keyword",),
            Figure(FIGURE, "", (), "Publisher", 30, id="logo"),
            subtitle=("A subtitle",),
            notices=(("A notice",),),
            at="/title",
            id="title",
        ),
        Question(("A question?",), at="/question"),
        StatusStrip(cells, (("One thing.",), (Warned(("Another.",)),))),
        ValueList((Definition("Term", (("value",),)),)),
        Paragraph(("An abstract.",), "Lead"),
        Heading(2, ("A heading",), "1", id="heading-2", at="/heading"),
        Heading(3, ("One below",), "1.1", id="heading-3"),
        *(Heading(level, (f"Level {level}",), id=f"heading-{level}") for level in (4, 5, 6)),
        Paragraph(mixed, at="/paragraph"),
        ItemList(((Paragraph(("An item",)), ItemList(((Paragraph(("a nested one",)),),))),)),
        ItemList(((Paragraph(("A numbered item",)),),), start=3),
        DefinitionList((Definition("Term", (("one value",), ("another",)), at="/term"),)),
        DefinitionList((Definition(("A ", Emphasis(("term",))), ((Paragraph(("its value",)),),)),)),
        Table(columns, rows[:2]),
        Table(columns, rows[2:], ("A caption",), "Table 1.", id="tbl-1"),
        Figure(FIGURE, "Figure 1.", ("A caption",), "alternative text"),
        Quote((Paragraph(("A quotation",)),)),
        Rule(),
        CodeBlock("def line():\n    return 1"),
        CodeBlock("SELECT 1;", "sql"),
        Equation(Formula("x"), at="/equation"),
        Equation(Formula("y"), "(1)", id="eq-1"),
        NoteList((NoteItem("1", (Paragraph(("A note",)),), id="note-1"),), at="/notes"),
        ClaimList(("Number", "Claim", "Verdict"), (group,), gauge),
        ReferenceList((Reference("[1]", ("An entry",), ("cited",), id="ref-1"),)),
    )


def _claims(gauge: Gauge) -> tuple[Claim, ...]:
    """Return claims that differ in what supports them: one thing, none, several."""
    supports = (
        (Definition("Quote:", (("what supports it",),), at="/claim/quote"),),
        (),
        (
            Definition("Note:", (("one support",),)),
            Definition("Quote:", (("another support",), ("and more",))),
        ),
    )
    return tuple(
        Claim(
            f"C{7 + number}",
            StatusMark(verified=True, word=f"yes {number}"),
            (f"0.8{number}",),
            (f"Claim {number}.",),
            support,
            gauge,
            ((f"a word {number}",), (Warned((f"a warning {number}",)),)),
            at=f"/claims/{number}",
            id=f"claim-{number}",
        )
        for number, support in enumerate(supports)
    )


def _bare() -> Blocks:
    claim = Claim("C1", StatusMark(verified=False, word="no"), ("0.1",), ("A claim.",), ())
    return (
        Title("Publisher", "Kind", ("T",), (Author(("Name",), (), None),), (("Fact",),), ()),
        StatusStrip((StatusCell("Cell", "value"),), ()),
        Paragraph(("Words.",)),
        Heading(2, ("H",)),
        ItemList(((Paragraph(("Item",)),),)),
        Table((Column("Only"), Column("Two")), (Row((("a",), ("b",))),)),
        ClaimList(("Number", "Claim", "Verdict"), (ClaimGroup((claim,)),)),
        ReferenceList((Reference("[1]", ("An entry",), ()),)),
    )
