"""Each chart says in words what it draws, draws it in its place, and hides nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chart_examples import (
    BANDS,
    EN,
    STYLE,
    bars,
    claims,
    confidence,
    dashed,
    figure,
    marks,
    texts,
    words,
    words_of,
)
from reportgen.charts import (
    ClaimPoint,
    ReportedScore,
    ReviewerScore,
    SourceRow,
    Style,
    confidence_chart,
    reviewers_chart,
    sources_chart,
    spread_chart,
)
from reportgen.charts.style import MILLIMETRE, Mark
from reportgen.charts.typeface import typeface

# The claims of the published record fbca8ee9.
PUBLISHED = (0.07, 0.13, 0.07, 0.10, 0.13, 0.08, 0.22, 0.05, 0.07, 0.03)


def spread_of(n):
    return [ReportedScore(f"Entry {i}", 40 + i / 2, 2000 + i % 9) for i in range(n)]


# Confidence


def test_the_caption_of_a_published_record_states_its_numbers():
    chart = confidence(claims(*PUBLISHED, verified=lambda value: value > 0.2), 0.155)
    assert chart.caption == (
        "Confidence of 10 claims, highest first. Filled circle: verified (1); cross: not verified (9). "
        "Median 0.075, range 0.03 to 0.22. 1 claim lies above the threshold of 0.155."
    )
    assert chart.alt == (
        f"Dot plot with one row for each value. {chart.caption} Highest: C7 (0.22), C2 (0.13), C5 (0.13). "
        "Lowest: C10 (0.03), C8 (0.05), C9 (0.07) and 2 more with the same value."
    )


IN_GERMAN = (
    "Konfidenz von 3 Aussagen, die höchste zuerst. Gefüllter Kreis: verifiziert (1); Kreuz: nicht "
    "verifiziert (2). Median 0,30, Werte von 0,20 bis 0,90. 1 Aussage liegt über der Schwelle von 0,50. "
    "1 Aussage ohne Konfidenz ist nicht dargestellt."
)
IN_FRENCH = (
    "Confiance de 3 affirmations, par ordre décroissant. Disque plein : vérifiées (1) ; croix : non "
    "vérifiées (2). Médiane 0,30, valeurs de 0,20 à 0,90. 1 affirmation dépasse le seuil de 0,50. "
    "1 affirmation sans confiance n’est pas représentée."
)


@pytest.mark.parametrize(("language", "caption"), [("de", IN_GERMAN), ("fr", IN_FRENCH)])
def test_captions_speak_the_language_of_the_report(language, caption):
    style = Style(decimal=",")
    chart = confidence(claims(0.2, 0.9, None, 0.3), 0.5, words(language), style)
    assert chart.caption.replace("\u00a0", " ") == caption
    assert not re.search(" [:;%»]", chart.caption)  # in French these keep to their word


def test_marks_that_contradict_the_threshold_are_said():
    points = [
        ClaimPoint("C1", 0.4, True),
        ClaimPoint("C2", 0.6, False),
        ClaimPoint("C3", 0.7, False),
        ClaimPoint("C4", 0.5, True),
    ]
    caption = confidence(points, 0.5).caption
    assert "2 claims lie above the threshold of 0.50. 1 claim lies exactly on it." in caption
    assert "1 claim below the threshold is marked verified." in caption
    assert "2 claims above the threshold are not marked verified." in caption


def test_nothing_above_the_threshold_is_said_in_words():
    assert "No claim lies above the threshold of 0.80." in confidence(claims(0.2, 0.3), 0.8).caption


def test_one_claim_has_neither_median_nor_range():
    chart = confidence(claims(0.9))
    assert chart.caption == "Confidence of 1 claim. Filled circle: verified (1). Its confidence is 0.90."
    assert chart.alt.endswith("Values: C1 (0.90).")


def test_equal_claims_have_no_highest_and_no_lowest():
    chart = confidence(claims(*[0.3] * 12))
    assert "All have the confidence 0.30." in chart.caption
    assert "Cross: not verified (12); none drawn here is verified." in chart.caption
    assert "Highest" not in chart.alt
    assert "Lowest" not in chart.alt


def test_without_any_confidence_there_is_no_chart():
    assert confidence_chart([], 0.5, EN, STYLE) is None
    assert confidence_chart(claims(None, None), 0.5, EN, STYLE) is None


@pytest.mark.parametrize(("n", "plots"), [(1, 1), (30, 1), (31, 2), (120, 2), (240, 4)])
def test_up_to_240_claims_each_has_its_row(n, plots):
    chart = confidence(claims(*[(i % 97) / 100 for i in range(n)]), 0.5)
    assert sum(len(values) for _, _, values in marks(chart)) == n
    assert {f"C{i}" for i in range(1, n + 1)} <= set(texts(chart))
    assert dashed(chart) == [0.5] * plots
    assert texts(chart).count("threshold 0.50") == 1
    assert chart.drawing.height < 205 * MILLIMETRE


def test_more_than_240_claims_are_a_distribution_whose_bars_hold_them_all():
    values = [(i % 101) / 100 for i in range(505)]
    chart = confidence(claims(*values), 0.5)
    assert marks(chart) == []
    assert sum(height for _, _, _, height, _ in bars(chart)) == 505
    totals = [int(word.text) for word in words_of(chart) if word.align == "center" and word.text.isdigit()]
    assert sum(totals) == 505
    assert "Solid bars: verified (250); hatched bars: not verified (255)." in chart.caption
    assert "The fullest step, 0.95 to 1.00, holds 30." in chart.alt
    assert "and 2 more with the same value" in chart.alt
    assert "C505" not in texts(chart)


def test_below_the_bars_every_value_has_its_tick():
    chart = confidence(claims(*[(i % 101) / 100 for i in range(505)]), 0.5)
    (axes,) = figure(chart).axes
    strips = [line.get_xdata() for line in axes.lines if line.get_marker() == "|"]
    assert sorted(round(value * 100) for strip in strips for value in strip) == list(range(101))


def test_a_value_on_the_edge_of_a_step_belongs_to_the_step_above():
    chart = confidence(claims(*[0.15] * 200, *[0.3] * 100))
    left, right = sorted(left for left, *_ in bars(chart))
    assert 0.15 < left < 0.155
    assert 0.3 < right < 0.305


def test_points_stand_at_their_values_from_zero_to_the_largest():
    chart = confidence(claims(0.0, 0.1, 0.4))
    ((shape, _, values),) = marks(chart)
    assert shape == "x"
    assert values == [0.4, 0.1, 0.0]
    (axes,) = figure(chart).axes
    assert axes.get_xlim() == (0, 0.4)
    assert STYLE.width_pt - axes.bbox.x1 < 14


def test_verdicts_differ_by_shape_and_by_darkness():
    def luminance(colour):
        return sum(int(colour[i : i + 2], 16) * w for i, w in ((1, 0.2126), (3, 0.7152), (5, 0.0722))) / 255

    verified, unverified = STYLE.colours(Mark.VERIFIED), STYLE.colours(Mark.UNVERIFIED)
    assert luminance(unverified.fill) - luminance(verified.fill) > 0.5
    assert unverified.edge is not None
    assert verified.edge is None
    assert marks(confidence(claims(0.9, 0.1))) == [
        ("o", verified.mark, [0.9]),
        ("x", unverified.mark, [0.1]),
    ]


def test_what_is_verified_has_the_accent_of_the_house_and_words_its_ink():
    chart = confidence(claims(0.9, 0.1), style=replace(STYLE, accent="#7A1F2B", ink="#202020"))
    assert [(shape, colour) for shape, colour, _ in marks(chart)] == [("o", "#7A1F2B"), ("x", "#6B7280")]
    inks = {text.get_color() for text in figure(chart).texts if text.get_text() in ("0.90", "0.10")}
    assert inks == {"#202020"}


# Sources


def test_sources_are_compared_by_their_claims():
    rows = [SourceRow("A", 0, 1), SourceRow("B", 2, 3), SourceRow("C", 0, 0)]
    chart = sources_chart(rows, EN, STYLE)
    assert [text for text in texts(chart) if text in "ABC"] == ["B", "A", "C"]
    assert {"2 of 5", "0 of 1", "no claims"} <= set(texts(chart))
    assert chart.caption == (
        "Claims tied to each of 3 sources, most first. Solid: verified; hatched: not verified; at the end of "
        "each bar: verified of all. A claim with several sources counts at each of them."
    )
    assert "Most claims: B (2 of 5 verified), A (0 of 1 verified), C (0 of 0 verified)." in chart.alt
    verified, unverified = (STYLE.colours(mark).fill.lower() for mark in (Mark.VERIFIED, Mark.UNVERIFIED))
    assert [(left, width, fill) for left, _, width, _, fill in bars(chart)] == [
        (0, 2, verified),
        (2, 3, unverified),
        (0, 1, unverified),
    ]


def test_sources_past_the_twentieth_share_a_line_that_gives_their_sum():
    rows = [SourceRow(f"S{i}", i, 1) for i in range(25)]
    chart = sources_chart(rows, EN, STYLE)
    assert "others (5)" in texts(chart)
    assert f"{0 + 1 + 2 + 3 + 4} of {1 + 2 + 3 + 4 + 5}" in texts(chart)
    assert "The last line sums 5 further sources (claims: 15)." in chart.caption
    assert "S4" not in texts(chart)
    assert "S5" in texts(chart)


def test_the_twenty_first_source_is_not_hidden_behind_others_1():
    chart = sources_chart([SourceRow(f"S{i}", 1, 0) for i in range(21)], EN, STYLE)
    assert "S20" in texts(chart)
    assert "others" not in " ".join(texts(chart))


def test_one_source_or_no_claims_is_no_comparison():
    assert sources_chart([SourceRow("A", 3, 4)], EN, STYLE) is None
    assert sources_chart([SourceRow("A", 0, 0), SourceRow("B", 0, 0)], EN, STYLE) is None


# Reviewers


def test_reviewers_stand_against_the_bands_of_the_tiers():
    reviewers = [ReviewerScore("method", 7.4999), ReviewerScore("novelty", 9.0)]
    chart = reviewers_chart(reviewers, 8.25, BANDS, EN, STYLE)
    assert [text for text in texts(chart) if text in ("method", "novelty")] == ["novelty", "method"]
    assert {"7.49", "9.00", "mean 8.25", *(band.label for band in BANDS)} <= set(texts(chart))
    assert chart.caption == (
        "Scores of 2 reviewers on the scale from 0 to 10. Highest first. Range 7.49 to 9.00. Dashed line: "
        "mean 8.25. The mean lies in the score band “DOI grade”. The bands are the scores of each quality "
        "tier; a tier can ask for more than a score."
    )
    assert chart.alt.endswith("Values: novelty (9.00), method (7.49).")
    assert dashed(chart) == [8.25]
    assert [values for _, _, values in marks(chart)] == [[9.0, 7.4999]]


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
    chart = reviewers_chart([ReviewerScore("r", score)], score, BANDS, EN, STYLE)
    assert re.findall(r"band “(.*?)”", chart.caption) == [band]
    assert chart.caption.startswith("Score of 1 reviewer")


def test_without_bands_and_mean_only_the_scores_are_drawn():
    chart = reviewers_chart([ReviewerScore("a", 6.0), ReviewerScore("b", 6.0)], None, (), EN, STYLE)
    assert chart.caption == "Scores of 2 reviewers on the scale from 0 to 10. Highest first. All are 6.00."
    assert dashed(chart) == []


def test_many_reviewers_are_a_distribution_over_the_bands():
    chart = reviewers_chart([ReviewerScore(f"r{i}", (i % 21) / 2) for i in range(42)], 5.0, BANDS, EN, STYLE)
    assert "Each bar covers a step of 0.5" in chart.caption
    assert "Highest first" not in chart.caption
    assert "r7" not in chart.alt
    assert "Flagship candidate" in texts(chart)


def test_without_reviewers_there_is_no_chart():
    assert reviewers_chart([], 8.0, BANDS, EN, STYLE) is None


# Spread


def test_the_spread_is_that_of_the_unrounded_scores():
    entries = [
        ReportedScore("A", 71.25, 2020),
        ReportedScore("B", 88.0, 2024),
        ReportedScore("C", 79.9),
    ]
    chart = spread_chart(entries, EN, STYLE)
    assert chart.caption == (
        "Reported scores of 3 entries in percent. Highest first. Range 71.25% to 88.0%, a spread of 16.75 "
        "percentage points; median 79.9%. Years 2020 to 2024. 1 entry has no year."
    )
    assert chart.alt.endswith("Values: B (88.0%), C (79.9%), A (71.25%).")
    assert {"2020", "2024", "71.25", "spread 16.75 percentage points"} <= set(texts(chart))


def test_the_bracket_spans_the_lowest_to_the_highest_point():
    chart = spread_chart([ReportedScore("A", 20.0), ReportedScore("B", 80.0)], EN, STYLE)
    (axes,) = figure(chart).axes
    (bracket,) = [line for line in axes.lines if line.get_marker() == "|"]
    assert list(bracket.get_xdata()) == [20.0, 80.0]


def test_equal_scores_have_a_spread_of_nothing():
    chart = spread_chart([ReportedScore("A", 3.3, 2024), ReportedScore("B", 3.3, 2024)], EN, STYLE)
    assert "a spread of 0.0 percentage points" in chart.caption
    assert "Year 2024." in chart.caption


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


def test_many_entries_are_a_distribution_and_few_are_none():
    chart = spread_chart(spread_of(31), EN, STYLE)
    assert "Each bar covers a step of 5;" in chart.caption
    assert spread_chart(spread_of(1), EN, STYLE) is None
