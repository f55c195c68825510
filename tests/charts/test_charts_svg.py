"""Charts as SVG: the sheet of the PDF's charts, word for word and mark for mark, on paper and on dark screens."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chart_examples import EN, KINDS, Style, every_kind, figure, marks, words_of
from reportgen.base.dark_colours import GROUND, contrast_on_dark, on_dark
from reportgen.base.style import contrast
from reportgen.charts import ReportedScore, spread_chart

HOSTILE = '</text><script>alert(1)</script>"\u2028&amp;'
SVG = "{http://www.w3.org/2000/svg}"
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


@pytest.fixture(scope="module")
def charts():
    return every_kind()


def drawn(chart):
    return etree.fromstring(chart.svg)


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_stands_where_it_stands_in_the_pdf(charts, kind):
    chart = charts[kind]
    height, shift = chart.drawing.height, {None: 0, "middle": 0.5, "end": 1}

    def place(word):
        left = float(word.get("x")) - shift[word.get("text-anchor")] * float(word.get("textLength"))
        return word.text, left, height - float(word.get("y")), float(word.get("font-size"))

    ours = sorted(map(place, drawn(chart).iter(f"{SVG}text")))
    theirs = sorted(
        (word.text, word.left, word.baseline, word.size) for word in words_of(chart, figure(chart))
    )
    assert [word[0] for word in ours] == [word[0] for word in theirs]
    for own, other in zip(ours, theirs, strict=True):
        assert own[1] == pytest.approx(other[1], abs=3), (
            own
        )  # matplotlib's legends are as long as drawn, with kerning
        assert own[2:] == pytest.approx(other[2:], abs=1), own


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_of_the_pdf_is_drawn(charts, kind):
    found = drawn(charts[kind])
    circles = sum(len(values) for shape, _, values in marks(charts[kind]) if shape == "o")
    legends = figure(charts[kind]).legends
    explained = sum(line.get_marker() == "o" for legend in legends for line in legend.get_lines())
    assert len(list(found.iter(f"{SVG}circle"))) == circles + explained


def test_what_a_label_holds_is_text_and_nothing_is_loaded():
    chart = spread_chart([ReportedScore(HOSTILE, 5), ReportedScore("b", 7)], EN, Style())
    tree = drawn(chart)
    assert {element.tag for element in tree.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "style", "text", "path", "circle")
    }
    assert any("<script>" in (word.text or "") for word in tree.iter(f"{SVG}text"))
    assert not re.search(rb"href|url\(|@import", chart.svg)


def test_the_same_drawing_gives_the_same_bytes(charts):
    again = every_kind()
    assert [chart.svg for chart in charts.values()] == [again[kind].svg for kind in charts]


@given(COLOURS)
def test_a_colour_stands_as_clear_of_the_dark_ground_as_of_white(colour):
    best = contrast_on_dark("#FFFFFF")
    assert contrast_on_dark(on_dark(colour)) == pytest.approx(min(contrast(colour), best), rel=0.06)


def test_white_becomes_the_ground():
    assert on_dark("#ffffff") == GROUND
