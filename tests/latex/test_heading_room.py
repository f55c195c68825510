from __future__ import annotations

from reportgen.latex.heading_room import heading_room
from reportgen.text.inline import inlines
from reportgen.text.report import Claim, ClaimGroup, ClaimList
from reportgen.text.tree import Column, Heading, Paragraph, StatusMark, Table

HEADING = Heading(2, ("Claims",))
INTRO = Paragraph(("Each claim.",))


def listed(*texts: str) -> ClaimList:
    mark = StatusMark(settled=True, verified=True, word="yes")
    claims = (Claim(f"C{place}", mark, (), inlines(text), ()) for place, text in enumerate(texts))
    return ClaimList(("No.", "Claim", "Verdict"), (ClaimGroup(tuple(claims)),))


def test_a_heading_keeps_what_leads_to_the_claims_and_the_first_of_them_with_it():
    directly = heading_room((HEADING, listed("a")), 0)
    assert 8 <= directly < 12
    assert heading_room((HEADING, INTRO, listed("a")), 0) == directly + 1
    long = Paragraph(("a" * 700,))
    assert directly + 8 < heading_room((HEADING, long, listed("a")), 0) < directly + 14


def test_a_long_claim_may_part_from_its_heading_since_it_breaks_itself():
    assert heading_room((HEADING, listed("a" * 9000)), 0) == heading_room((HEADING, listed("a")), 0)


def test_a_heading_keeps_a_table_right_below_it_and_nothing_else():
    table = Table((Column("a"),), ())
    assert heading_room((HEADING, table), 0) == 12
    assert heading_room((HEADING, INTRO, INTRO, listed("a")), 0) == 0
    assert (
        heading_room((HEADING, INTRO), 0)
        == heading_room((HEADING,), 0)
        == heading_room((INTRO, table), 0)
        == 0
    )
