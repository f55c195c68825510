"""The flow of a search draws the numbers that the record has, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from chart_examples import EN, STYLE, check_layout, figure, texts, words
from reportgen.charts import Counted, PaperCounts, Style, flow_chart

WHOLE = PaperCounts(
    found=216,
    databases=(Counted("Scopus", 120), Counted("PubMed", 96)),
    duplicates=31,
    screened=185,
    excluded=(Counted("no control group", 150), Counted("no full text", 21)),
    included=14,
)


def boxes(chart):
    """Return the boxes of a flow: left, lower edge, width and height in points."""
    (axes,) = figure(chart).axes
    return [
        (*box.get_xy(), box.get_width(), box.get_height()) for box in axes.patches if type(box) is Rectangle
    ]


def test_each_number_of_the_record_has_its_place():
    chart = flow_chart(WHOLE, EN, STYLE)
    assert texts(chart) == [
        "Identification",
        "Papers found: 216",
        "Duplicates removed: 31",
        "120 Scopus",
        "96 PubMed",
        "Screening",
        "Papers screened: 185",
        "Papers excluded",
        "150 no control group",
        "21 no full text",
        "Included",
        "Papers included: 14",
    ]
    assert chart.caption == (
        "How the papers were chosen (PRISMA 2020): 216 found, 31 duplicates removed, 185 screened, 14 included."
    )
    assert (
        "Found by database: Scopus (120), PubMed (96). "
        "Excluded by reason: no control group (150), no full text (21)."
    ) in chart.alt
    assert chart.table == (
        ("stage", "detail", "papers"),
        ("found", "", 216),
        ("duplicates", "", 31),
        ("screened", "", 185),
        ("included", "", 14),
        ("found", "Scopus", 120),
        ("found", "PubMed", 96),
        ("excluded", "no control group", 150),
        ("excluded", "no full text", 21),
    )


def test_the_boxes_stand_under_and_beside_one_another():
    drawn = boxes(flow_chart(WHOLE, EN, STYLE))
    assert len(drawn) == 5
    for index, (left, bottom, width, height) in enumerate(drawn):
        for other_left, other_bottom, other_width, other_height in drawn[index + 1 :]:
            beside = left + width < other_left or other_left + other_width < left
            assert beside or bottom > other_bottom + other_height or other_bottom > bottom + height


def test_what_the_record_does_not_state_is_not_drawn():
    chart = flow_chart(PaperCounts(found=48, duplicates=2, included=3), EN, STYLE)
    drawn = ["Identification", "Papers found: 48", "Duplicates removed: 2", "Included", "Papers included: 3"]
    assert texts(chart) == drawn
    unfound = flow_chart(PaperCounts(duplicates=2, screened=9, included=3), EN, STYLE)
    assert texts(unfound)[:3] == ["Identification", "Papers found", "Duplicates removed: 2"]
    reasons = PaperCounts(found=48, excluded=(Counted("no data", 0),), included=0)
    assert {"Papers screened", "0 no data", "Papers included: 0"} <= set(
        texts(flow_chart(reasons, EN, STYLE))
    )


@pytest.mark.parametrize(
    "counts",
    [
        PaperCounts(),
        PaperCounts(found=3),
        PaperCounts(found=3, duplicates=1),
        PaperCounts(found=48, included=3),
        PaperCounts(screened=48, excluded=(Counted("no data", 45),)),
        PaperCounts(databases=(Counted("Scopus", 4), Counted("PubMed", 5)), included=3),
    ],
)
def test_fewer_than_three_numbers_are_said_in_words(counts):
    assert flow_chart(counts, EN, STYLE) is None


def test_reasons_without_room_are_counted_and_stand_in_the_table():
    reasons = tuple(Counted(f"reason {n}", n) for n in range(20))
    chart = flow_chart(PaperCounts(found=300, excluded=reasons, included=3), EN, STYLE)
    assert {"10 reason 10", "and 9 more reasons"} <= set(texts(chart))
    assert "11 reason 11" not in texts(chart)
    assert ("excluded", "reason 19", 19) in chart.table
    assert "reason 19 (19)" in chart.alt


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=150) | st.text("Wi é", max_size=200)
NUMBERS = st.integers(0, 10**9) | st.none()
COUNTED = st.lists(st.builds(Counted, NAMES, st.integers(0, 10**9)), max_size=20).map(tuple)


@settings(max_examples=20, deadline=None)
@given(
    st.builds(
        PaperCounts,
        found=NUMBERS,
        databases=COUNTED,
        duplicates=NUMBERS,
        screened=NUMBERS,
        excluded=COUNTED,
        included=NUMBERS,
    ),
    st.sampled_from(["en", "de", "fr"]),
    st.floats(300, 520),
)
def test_no_word_of_a_flow_touches_another(counts, language, width):
    if chart := flow_chart(counts, words(language), Style(width)):
        check_layout(chart)
