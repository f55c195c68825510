"""Small trees that hold every kind of node, to try templates on: one with all that nodes may carry, one with least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.mathematics import Formula
from reportgen.text.report import (
    Author,
    Claim,
    ClaimList,
    Reference,
    ReferenceList,
    Report,
    Section,
    StatusCell,
    StatusStrip,
    Title,
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
    Notice,
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
    return Report("en", "A specimen", ("An Author",), "", head, (Section(first, blocks), *empty))


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
        Link(("link",), "https://example.org/a?b=c"),
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
    cells = tuple(StatusCell(f"Cell {n}", f"value {n}", f"detail {n}", alarming=n == 1) for n in range(10))
    columns = (Column("First", 20), Column("Second", align="right"), Column("Third", 50, small=True))
    row = Row((("head",), ("cell",), ("last",)), (("below",),), at="/row", id="row-1")
    support = Definition("Quote:", (("what supports it",),))
    claim = Claim(
        "C1",
        StatusMark(verified=True, word="yes"),
        ("0.80",),
        ("A claim.",),
        (support,),
        at="/claim",
        id="claim-1",
    )
    return (
        Title(
            "Publisher",
            "Kind",
            ("The title",),
            (Author(("Name",), ("Affiliation",), orcid),),
            (("Fact one",), ("Fact two",)),
            ("keyword",),
            Figure(FIGURE, "", (), "Publisher", 30, id="logo"),
            at="/title",
            id="title",
        ),
        StatusStrip(cells),
        Notice(("A notice",)),
        Paragraph(("An abstract.",), "Lead"),
        Heading(2, ("A heading",), "1", id="heading-2", at="/heading"),
        Heading(3, ("One below",), "1.1", id="heading-3"),
        *(Heading(level, (f"Level {level}",), id=f"heading-{level}") for level in (4, 5, 6)),
        Paragraph(mixed, at="/paragraph"),
        ItemList(((Paragraph(("An item",)), ItemList(((Paragraph(("a nested one",)),),))),)),
        ItemList(((Paragraph(("A numbered item",)),),), start=3),
        DefinitionList((Definition("Term", (("one value",), ("another",)), at="/term"),)),
        DefinitionList((Definition(("A ", Emphasis(("term",))), ((Paragraph(("its value",)),),)),)),
        Table(columns, (row, row)),
        Table(columns, (row,), ("A caption",), "Table 1.", id="tbl-1"),
        Figure(FIGURE, "Figure 1.", ("A caption",), "alternative text"),
        Quote((Paragraph(("A quotation",)),)),
        Rule(),
        CodeBlock("def line():\n    return 1"),
        CodeBlock("SELECT 1;", "sql"),
        Equation(Formula("x"), at="/equation"),
        Equation(Formula("y"), "(1)", id="eq-1"),
        NoteList((NoteItem("1", (Paragraph(("A note",)),), id="note-1"),), at="/notes"),
        ClaimList(("Number", "Verdict", "Confidence", "Claim"), (claim,)),
        ReferenceList((Reference("[1]", ("An entry",), ("cited",), id="ref-1"),)),
    )


def _bare() -> Blocks:
    claim = Claim("C1", StatusMark(verified=False, word="no"), ("0.1",), ("A claim.",), ())
    return (
        Title("Publisher", "Kind", ("T",), (Author(("Name",), (), None),), (("Fact",),), ()),
        StatusStrip((StatusCell("Cell", "value"),)),
        Paragraph(("Words.",)),
        Heading(2, ("H",)),
        ItemList(((Paragraph(("Item",)),),)),
        Table((Column("Only"), Column("Two")), (Row((("a",), ("b",))),)),
        ClaimList(("Number", "Verdict", "Confidence", "Claim"), (claim,)),
        ReferenceList((Reference("[1]", ("An entry",), ()),)),
    )
