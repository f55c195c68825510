"""Small trees that hold every kind of node, to try templates on: one with all that nodes may carry, one with least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text import tree
from reportgen.text.formula import Formula

if TYPE_CHECKING:
    from collections.abc import Iterable

FIGURE = "fig-specimen"


def specimens(sections: Iterable[str]) -> tuple[tree.Report, tree.Report]:
    """Return a full and a bare report; their blocks stand in the first of the named sections."""
    first, *others = sections
    return _report((*_full(),), first, others), _report(_bare(), first, others)


def _report(blocks: tree.Blocks, first: str, others: Iterable[str]) -> tree.Report:
    empty = tuple(tree.Section(name, (tree.Heading(2, (f"Heading {name}",), id=name),)) for name in others)
    head = (("Publisher", "Kind"), ("ID:1", "1 January 2026"))
    return tree.Report("en", "A specimen", ("An Author",), "", head, (tree.Section(first, blocks), *empty))


def _full() -> tree.Blocks:
    lead = tree.CrossReference("1", "ref-1", "1: A reference")
    mixed = (
        "Words & signs, ",
        tree.Emphasis(("emphasis",)),
        tree.Strong(("strength",)),
        tree.Code("code_1"),
        tree.Checksum("00ff" * 16),
        tree.Label("C9"),
        Formula("x^2"),
        tree.Link(("link",), "https://example.org/a?b=c"),
        tree.Cite((lead,)),
        tree.Isolated(("isolated",), "ltr"),
        tree.Missing(("missing",)),
        tree.Warned(("warned",)),
        tree.FinePrint(("fine print",)),
        tree.StatusMark(verified=True, word="verified"),
        tree.StatusMark(verified=False, word="not verified"),
    )
    orcid = tree.Link(("ORCID 0000-0002-1825-0097",), "https://orcid.org/0000-0002-1825-0097")
    cells = tuple(
        tree.StatusCell(f"Cell {n}", f"value {n}", f"detail {n}", alarming=n == 1) for n in range(10)
    )
    columns = (
        tree.Column("First", 20),
        tree.Column("Second", align="right"),
        tree.Column("Third", 50, small=True),
    )
    row = tree.Row((("head",), ("cell",), ("last",)), (("below",),), at="/row", id="row-1")
    support = tree.Definition("Quote:", (("what supports it",),))
    claim = tree.Claim(
        "C1",
        tree.StatusMark(verified=True, word="yes"),
        ("0.80",),
        ("A claim.",),
        (support,),
        at="/claim",
        id="claim-1",
    )
    return (
        tree.Title(
            "Publisher",
            "Kind",
            ("The title",),
            (tree.Author(("Name",), ("Affiliation",), orcid),),
            (("Fact one",), ("Fact two",)),
            ("keyword",),
            tree.Figure(FIGURE, "", (), "Publisher", 30, id="logo"),
            at="/title",
            id="title",
        ),
        tree.StatusStrip(cells),
        tree.Notice(("A notice",)),
        tree.Paragraph(("An abstract.",), "Lead"),
        tree.Heading(2, ("A heading",), id="heading-2", at="/heading"),
        tree.Heading(3, ("One below",), id="heading-3"),
        tree.Paragraph(mixed, at="/paragraph"),
        tree.ItemList(
            ((tree.Paragraph(("An item",)), tree.ItemList(((tree.Paragraph(("a nested one",)),),))),)
        ),
        tree.ItemList(((tree.Paragraph(("A numbered item",)),),), start=3),
        tree.DefinitionList((tree.Definition("Term", (("one value",), ("another",)), at="/term"),)),
        tree.Table(columns, (row, row)),
        tree.Figure(FIGURE, "Figure 1.", ("A caption",), "alternative text"),
        tree.Quote((tree.Paragraph(("A quotation",)),)),
        tree.CodeBlock("def line():\n    return 1"),
        tree.ClaimList(("Number", "Verdict", "Confidence", "Claim"), (claim,)),
        tree.ReferenceList((tree.Reference("[1]", ("An entry",), ("cited",), id="ref-1"),)),
    )


def _bare() -> tree.Blocks:
    claim = tree.Claim("C1", tree.StatusMark(verified=False, word="no"), ("0.1",), ("A claim.",), ())
    return (
        tree.Title("Publisher", "Kind", ("T",), (tree.Author(("Name",), (), None),), (("Fact",),), ()),
        tree.StatusStrip((tree.StatusCell("Cell", "value"),)),
        tree.Paragraph(("Words.",)),
        tree.Heading(2, ("H",)),
        tree.ItemList(((tree.Paragraph(("Item",)),),)),
        tree.Table((tree.Column("Only"), tree.Column("Two")), (tree.Row((("a",), ("b",))),)),
        tree.ClaimList(("Number", "Verdict", "Confidence", "Claim"), (claim,)),
        tree.ReferenceList((tree.Reference("[1]", ("An entry",), ()),)),
    )
