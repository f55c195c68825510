from __future__ import annotations

from reportgen.latex.heading_room import heading_room
from reportgen.text.inline import inlines
from reportgen.text.report import Claim, ClaimList
from reportgen.text.tree import Column, Heading, Paragraph, StatusMark, Table

HEADING = Heading(2, ("Claims",))
INTRO = Paragraph(("Each claim.",))


def listed(*texts: str) -> ClaimList:
    mark = StatusMark(settled=True, verified=True, word="yes")
    claims = (Claim(f"C{place}", mark, (), inlines(text), ()) for place, text in enumerate(texts))
    return ClaimList(("No.", "Verdict", "Claim"), tuple(claims))


def test_a_heading_keeps_the_first_two_claims_with_it_whatever_their_length():
    short, long = (
        heading_room((HEADING, INTRO, listed(text, "b", "c" * 900, "d")), 0) for text in ("a", "a" * 700)
    )
    assert 8 <= short < 12
    assert 20 < long < 25
    assert heading_room((HEADING, listed("a" * 9000)), 0) == 40


def test_a_heading_keeps_three_claims_with_it_since_they_do_not_part():
    three = heading_room((HEADING, INTRO, listed("a", "b", "c" * 400)), 0)
    four = heading_room((HEADING, INTRO, listed("a", "b", "c" * 400, "d")), 0)
    assert three == four + 8


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
