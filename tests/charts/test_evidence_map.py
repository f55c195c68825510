"""The map of evidence draws each stance where its claim and its source meet, and says what it leaves out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import EN, STYLE, check_layout, figure, texts, words
from reportgen.charts import Marker, Stand, Style, evidence_map
from reportgen.charts.evidence_map import MOST_CLAIMS, MOST_SOURCES, STANCES

STANDS = [
    Stand(0, 0, Marker.SUPPORTS),
    Stand(0, 1, Marker.CONTRADICTS),
    Stand(2, 1, Marker.MENTIONS),
    Stand(2, 1, Marker.SUPPORTS),
]
CLAIMS = ["C1", "C2", "C3"]
SOURCES = ["[1] Wei 2022", "[2] Wang 2023", "[3] Li 2024"]


def drawn(chart):
    """Return the marks of a map: the label of the claim and of the source, and the shape."""
    (axes,) = figure(chart).axes
    return sorted(
        (chart.drawing.claims[round(x)], chart.drawing.sources[round(y)], line.get_marker())
        for line in axes.lines
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    )


def test_each_mark_stands_where_its_claim_and_its_source_meet():
    chart = evidence_map(CLAIMS, SOURCES, STANDS, EN, STYLE)
    assert drawn(chart) == [
        ("1", "[1] Wei 2022", "o"),
        ("1", "[2] Wang 2023", "X"),
        ("3", "[2] Wang 2023", "o"),
        ("3", "[2] Wang 2023", "s"),
    ]
    assert {"1", "3", "supports", "contradicts", "mentions"} <= set(texts(chart))
    assert chart.caption == (
        "What 2 sources say on 2 claims. In support: 2; against: 1; mentions only: 1. 1 claim names no source."
    )
    assert "[1] Wei 2022: supports C1. [2] Wang 2023: supports C3; contradicts C1; mentions C3." in chart.alt
    assert chart.table == (
        ("claim", "source", "stance"),
        ("C1", "[1] Wei 2022", "supports"),
        ("C1", "[2] Wang 2023", "contradicts"),
        ("C3", "[2] Wang 2023", "supports"),
        ("C3", "[2] Wang 2023", "mentions"),
    )


def test_marks_of_one_place_stand_side_by_side():
    (axes,) = figure(evidence_map(CLAIMS, SOURCES, STANDS, EN, STYLE)).axes
    places = [(x, y) for line in axes.lines for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]
    assert len(set(places)) == len(places) == 4


def test_the_same_stance_twice_is_one_mark():
    assert len(drawn(evidence_map(CLAIMS, SOURCES, STANDS * 2, EN, STYLE))) == 4


def test_one_source_is_no_map():
    assert evidence_map(CLAIMS, SOURCES, STANDS[:1], EN, STYLE) is None
    assert evidence_map(CLAIMS, SOURCES, [], EN, STYLE) is None


def test_what_a_large_map_leaves_out_is_said_and_stands_in_the_table():
    stands = [Stand(claim, source, Marker.SUPPORTS) for claim in range(40) for source in range(20)]
    stands += [Stand(claim, source, Marker.MENTIONS) for claim in range(40) for source in range(5, 20)]
    chart = evidence_map([f"C{n}" for n in range(1, 41)], [f"[{n}]" for n in range(1, 21)], stands, EN, STYLE)
    assert len(chart.drawing.sources) == MOST_SOURCES
    assert 20 <= len(chart.drawing.claims) < MOST_CLAIMS
    assert chart.drawing.sources[0] == "[6]"
    assert "16 further claims are left out; the table attached to the PDF has them." in chart.caption
    assert "5 sources with fewer marks are left out." in chart.caption
    assert len(chart.table) == 1 + len(stands)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(NAMES, min_size=30, max_size=30),
    st.lists(
        st.builds(Stand, st.integers(0, 99), st.integers(0, 29), st.sampled_from(STANCES)), max_size=300
    ),
    st.sampled_from(["en", "de", "fr"]),
    st.floats(300, 520),
)
def test_no_word_of_a_map_touches_another(names, stands, language, width):
    claims = [f"C{n}" for n in range(950, 1050)]
    if chart := evidence_map(claims, names, stands, words(language), Style(width)):
        check_layout(chart)
        assert len(drawn(chart)) == len(chart.drawing.stands)


@pytest.mark.parametrize("width", [300, STYLE.width_pt])
def test_a_map_fits_its_page(width):
    stands = [Stand(claim, source, Marker.SUPPORTS) for claim in range(40) for source in range(20)]
    chart = evidence_map(
        [f"C{n}" for n in range(40)], [f"[{n}]" for n in range(20)], stands, EN, Style(width)
    )
    check_layout(chart)
    assert chart.drawing.height < 270
