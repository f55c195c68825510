"""Scores of reviewers and reported scores stand in rows, whose figures are those of the record."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chart_examples import BANDS, EN, STYLE, bars, dashed, figure, marks, texts, words_of
from reportgen.charts import ReportedScore, ReviewerScore, reviewers_chart, spread_chart
from reportgen.charts.rows import Span
from reportgen.charts.typeface import typeface


def spread_of(n):
    return [ReportedScore(f"Entry {i}", 40 + i / 2, 2000 + i % 9) for i in range(n)]


# Reviewers


FOUR = [
    ReviewerScore("method", 7.4999),
    ReviewerScore("novelty", 9.0),
    ReviewerScore("statistics", 8.2),
    ReviewerScore("domain", 8.0),
]


def test_reviewers_stand_in_rows_against_the_bands_of_the_tiers():
    chart = reviewers_chart(FOUR, 8.25, BANDS, EN, STYLE)
    assert {"mean 8.25", *(band.label for band in BANDS)} <= set(texts(chart))
    shown = {"novelty", "statistics", "domain", "method", "9.00", "8.20", "8.00", "7.49"}
    rows = [*("novelty", "9.00", "statistics", "8.20", "domain", "8.00", "method", "7.49")]
    assert [text for text in texts(chart) if text in shown] == rows
    assert chart.caption == (
        "4 reviewers gave 7.49 to 9.00: 1.50 points apart. The mean lies in the band “DOI grade”. "
        "The bands are the scores of the quality tiers, which may ask for more than a score."
    )
    assert "Values: novelty (9.00), statistics (8.20), domain (8.00), method (7.49)." in chart.alt
    assert dashed(chart) == [8.25]
    assert [values for _, _, values in marks(chart)] == [[9.0, 8.2, 8.0, 7.4999]]
    (axes,) = figure(chart).axes
    assert axes.get_xlim() == (0, 10)
    assert chart.complete


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "Quarantine candidate"),
        (4.999, "Quarantine candidate"),
        (5, "Watchlist"),
        (10, "Flagship candidate"),
    ],
)
def test_the_mean_lies_in_one_band_the_last_including_ten(score, band):
    chart = reviewers_chart([ReviewerScore("r", score)] * 4, score, BANDS, EN, STYLE)
    assert re.findall(r"band “(.*?)”", chart.caption) == [band]


def test_without_bands_and_mean_only_the_scores_are_drawn():
    chart = reviewers_chart([ReviewerScore(role, 6.0) for role in "abcd"], None, (), EN, STYLE)
    assert chart.caption == "All 4 reviewers gave 6.00."
    assert dashed(chart) == []


def test_many_reviewers_are_a_distribution_over_the_bands():
    scores = [(i % 3) / 2 for i in range(42)]
    chart = reviewers_chart([ReviewerScore(f"r{i}", s) for i, s in enumerate(scores)], 5.0, BANDS, EN, STYLE)
    assert "Each bar covers a step of 0.5" in chart.caption
    assert len(bars(chart)) == 3
    assert "r40" not in chart.alt
    assert "Flagship candidate" in texts(chart)
    assert not chart.complete


def test_of_three_reviewers_the_status_strip_says_all():
    assert reviewers_chart([], 8.0, BANDS, EN, STYLE) is None
    assert reviewers_chart(FOUR[:3], 8.0, BANDS, EN, STYLE) is None


# Spread


def test_the_spread_is_that_of_the_unrounded_scores():
    entries = [
        ReportedScore("A", 71.25, 2020),
        ReportedScore("B", 88.0, 2024),
        ReportedScore("C", 79.9),
    ]
    chart = spread_chart(entries, EN, STYLE)
    assert chart.caption == (
        "3 reported scores from 71.25 % to 88.0 %: 16.75 percentage points apart, median 79.9 %. "
        "The axis runs from 70 % to 90 %, not from 0. Reported from 2020 to 2024. 1 score has no year."
    )
    assert "Values: B (88.0 %), C (79.9 %), A (71.25 %)." in chart.alt
    assert {"71.25", "median 79.9 %", "score (%), axis from 70 %"} <= set(texts(chart))
    assert dashed(chart) == [79.9]
    assert chart.complete


PROTOCOLS = [
    ReportedScore("A", 60.0, protocol="5-shot"),
    ReportedScore("B", 80.0, protocol="5-shot"),
    ReportedScore("C", 85.0, protocol="zero-shot"),
    ReportedScore("D", 75.0),
    ReportedScore("E", 50.0),
    ReportedScore("F", 62.0, protocol="5-shot"),
]


def test_scores_stand_in_groups_of_one_protocol_with_its_range_and_its_median():
    chart = spread_chart(PROTOCOLS, EN, STYLE, wide=replace(STYLE, width_pt=470))
    assert chart.width == pytest.approx(165.81, abs=0.01)
    drawn = [(row.label, row.figure) for row in chart.drawing.rows]
    assert drawn == [
        ("zero-shot", ""),
        ("C", "85.0"),
        ("protocol not stated", "62.5"),
        ("D", "75.0"),
        ("E", "50.0"),
        ("5-shot", "62.0"),
        ("B", "80.0"),
        ("F", "62.0"),
        ("A", "60.0"),
    ]
    spans = [row.span for row in chart.drawing.rows if row.span]
    assert spans == [Span(50.0, 62.5, 75.0), Span(60.0, 62.0, 80.0)]
    assert "They stand in 3 groups by protocol, the highest median first." in chart.caption
    assert "5-shot: B (80.0 %), F (62.0 %), A (60.0 %)." in chart.alt
    assert chart.table[0] == ("source", "year", "score_pct", "protocol")


def test_the_bar_of_a_group_spans_its_scores_and_the_stroke_stands_at_its_median():
    (axes,) = figure(spread_chart(PROTOCOLS, EN, STYLE)).axes
    lines = [
        tuple(float(x) for x in path.vertices[:, 0])
        for lines in axes.collections
        for path in lines.get_paths()
    ]
    assert (60.0, 80.0) in lines
    assert (62.0, 62.0) in lines


def test_one_protocol_alone_has_no_head():
    chart = spread_chart([replace(each, protocol="5-shot") for each in PROTOCOLS], EN, STYLE)
    assert len(chart.drawing.rows) == len(PROTOCOLS)
    assert "5-shot" not in texts(chart)
    assert chart.width == 116


@pytest.mark.parametrize(
    ("scores", "axis"),
    [
        ([43.0, 76.6], (40, 80)),
        ([5.0, 7.0], (0, 20)),
        ([12.0, 95.0], (0, 100)),
        ([99.0, 99.5], (80, 100)),
        ([100.0, 100.0], (80, 100)),
        ([50.0, 50.0], (40, 60)),
        ([0.0, 0.0], (0, 20)),
        ([18.0, 60.0], (0, 60)),
    ],
)
def test_the_axis_has_round_ends_and_says_where_it_does_not_start_at_0(scores, axis):
    chart = spread_chart([ReportedScore("A", score) for score in scores], EN, STYLE)
    (axes,) = figure(chart).axes
    assert axes.get_xlim() == axis
    assert ("not from 0" in chart.caption) == (axis[0] > 0)
    assert any(text.endswith(f"axis from {axis[0]} %") for text in texts(chart)) == (axis[0] > 0)


def test_equal_scores_have_no_spread():
    chart = spread_chart([ReportedScore("A", 3.3, 2024), ReportedScore("B", 3.3, 2024)], EN, STYLE)
    assert chart.caption == "2 reported scores, all 3.3 %. Reported in 2024."


def test_figures_of_one_column_stand_with_their_decimal_signs_below_one_another():
    chart = spread_chart([ReportedScore("A", 100.0), ReportedScore("B", 5.25)], EN, STYLE)
    face = typeface(STYLE.fonts)
    places = [
        word.left + face.width(word.text.partition(".")[0], word.size)
        for word in words_of(chart)
        if word.text in ("100.0", "5.25")
    ]
    assert len(places) == 2
    assert places[0] == pytest.approx(places[1])


def test_many_entries_are_a_distribution_by_protocol_and_few_are_none():
    chart = spread_chart(spread_of(31), EN, STYLE)
    assert [len(values) for _, _, values in marks(chart)] == [31]
    assert "Entry 7" not in texts(chart)
    many = [ReportedScore("A", 50 + n, protocol="5-shot" if n % 3 else "") for n in range(33)]
    chart = spread_chart(many, EN, STYLE)
    assert [len(values) for _, _, values in marks(chart)] == [22, 11]
    assert {"5-shot (22)", "protocol not stated (11)"} <= set(texts(chart))
    assert "5-shot (22): median 66.5 %, from 51.0 % to 82.0 %." in chart.alt
    assert spread_chart(spread_of(1), EN, STYLE) is None


def test_a_chart_with_a_label_that_is_cut_does_not_say_all():
    long = "A protocol so long that it cannot stand beside the scores of anything at all, and is cut"
    entries = [ReportedScore("A", 5.0, protocol=long), ReportedScore("B", 6.0)]
    assert not spread_chart(entries, EN, STYLE).complete
