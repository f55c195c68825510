"""Reports that hold one text, each in another place."""

from __future__ import annotations

from reportgen.text.report import (
    Band,
    Claim,
    ClaimGroup,
    ClaimList,
    Question,
    Report,
    Section,
    StatusCell,
    StatusLine,
    StatusStrip,
    Title,
    ValueList,
)
from reportgen.text.tree import (
    Code,
    CodeBlock,
    Column,
    Definition,
    DefinitionList,
    Emphasis,
    FinePrint,
    Heading,
    ItemList,
    LineBreak,
    Link,
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
)

# Where a text may stand in a report, alone in its place.
PLACES = {
    "paragraph": lambda text: Paragraph((text,)),
    "heading": lambda text: Heading(2, (text,), id="x"),
    "notice": lambda text: Title("P", "K", ("T",), (), (("F",),), (), notices=((text,),), id="t"),
    "title": lambda text: Title("P", "K", (text,), (), ((text,),), (text,), subtitle=(text,), id="t"),
    "question": lambda text: Question((text,), id="q"),
    "status": lambda text: StatusStrip(
        (StatusCell(text, text, text, lines=(StatusLine(text),)),), ((text,), (Strong((text,)),))
    ),
    "value": lambda text: ValueList((Definition((text,), ((text,),)),)),
    "strong": lambda text: Paragraph((Strong((text,)),)),
    "emphasis": lambda text: Paragraph((Emphasis((text,)),)),
    "link": lambda text: Paragraph((Link((text,), "https://example.org/a_(b)?c=<d>&e='f'\"g\""),)),
    "fine print": lambda text: Paragraph((FinePrint((text,)),)),
    "code": lambda text: Paragraph((Code(text),)),
    "item": lambda text: ItemList(((Paragraph((text,)),),)),
    "nested item": lambda text: ItemList(((Paragraph(("x",)), ItemList(((Paragraph((text,)),),), 3)),)),
    "quote": lambda text: Quote((Paragraph((text,)),)),
    "definition": lambda text: DefinitionList((Definition(text, ((text,),)),)),
    "struck": lambda text: Paragraph(("x", Strike((text,)), "y")),
    "lowered": lambda text: Paragraph(("x", Subscript((text,)), Superscript((text,)))),
    "behind a break": lambda text: Paragraph(("x", LineBreak(), text)),
    "task": lambda text: ItemList(
        ((Paragraph((Task(done=True), " ", text)),), (Paragraph((Task(done=False),)),))
    ),
    "note": lambda text: NoteList((NoteItem("1", (Paragraph((text,)), CodeBlock(text)), id="n-1"),)),
    "caption": lambda text: Table((Column("a"),), (Row((("b",),)),), (text,), "Table 1.", id="tbl-a"),
    "definition of blocks": lambda text: DefinitionList(
        (Definition((Emphasis((text,)),), ((Paragraph((text,)), Paragraph(("x",))), (Paragraph((text,)),))),)
    ),
    "behind a rule": lambda text: Quote((Rule(), Paragraph((text,)), Heading(6, (text,), "1.2"))),
    "cell": lambda text: Table((Column(text), Column("")), (Row(((text,), (Code(text),)), ((text,),)),)),
    "claim": lambda text: ClaimList(("a", "b", "c"), (ClaimGroup((claim_of(text),)),)),
    "group of claims": lambda text: ClaimList(
        (text, text, text), (ClaimGroup((claim_of(text),), (text,), (text,), id="g-1"),)
    ),
}


def claim_of(text: str) -> Claim:
    mark = StatusMark(verified=True, word=text)
    return Claim("C1", mark, ("1",), (text,), (Definition("e", ((text,),)),), beside=((text,),), id="c-1")


def report_of(*blocks) -> Report:
    return Report("en", "A title", (), "", ((), ()), (Band("main", (Section("status", blocks),)),))
