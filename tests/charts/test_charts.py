"""Each chart says in words what it draws, draws it in its place, and hides nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chart_examples import (
    EN,
    STYLE,
    bars,
    claims,
    confidence,
    figure,
    marks,
    point,
    texts,
    words,
)
from reportgen.charts import (
    ClaimPoint,
    Marker,
    Style,
    confidence_chart,
)
from reportgen.charts.evidence_map import STANCES

VERDICTS = [mark for mark in Marker if mark not in (Marker.NEUTRAL, Marker.VERIFIED, *STANCES)]

# The claims of the published record fbca8ee9.
PUBLISHED = (0.07, 0.13, 0.07, 0.10, 0.13, 0.08, 0.22, 0.05, 0.07, 0.03)


# Confidence


def test_the_caption_of_a_published_record_states_its_numbers():
    chart = confidence(claims(*PUBLISHED, verified=lambda value: value > 0.2), 0.155)
    assert chart.caption == (
        "Confidence of 10 claims: verified (1), not verified (9). "
        "Median 0.075, from 0.03 to 0.22. 1 claim lies above the threshold of 0.155."
    )
    assert chart.alt == (
        "Dot plot: a strip for each verdict over a common axis from 0 to 1. Highest: C7 (0.22), C2 (0.13), C5 (0.13). "
        "Lowest: C10 (0.03), C8 (0.05), C9 (0.07) and 2 more with the same value. "
        "verified (1): 0.22. not verified (9): median 0.07, from 0.03 to 0.13. "
        "The values are attached to the PDF as report-fig-confidence.csv."
    )


IN_GERMAN = (
    "Konfidenz von 5 Aussagen: verifiziert (1), nicht verifiziert (4). Median 0,30, Werte von "
    "0,20 bis 0,90. 1 Aussage liegt über der Schwelle von 0,50. 1 Aussage ohne Konfidenz fehlt in der Abbildung."
)
IN_FRENCH = (
    "Confiance de 5 affirmations : vérifiées (1), non vérifiées (4). Médiane 0,30, valeurs "
    "de 0,20 à 0,90. 1 affirmation dépasse le seuil de 0,50. 1 affirmation sans confiance n’est pas représentée."
)


@pytest.mark.parametrize(("language", "caption"), [("de", IN_GERMAN), ("fr", IN_FRENCH)])
def test_captions_speak_the_language_of_the_report(language, caption):
    style = Style(decimal=",")
    chart = confidence(claims(0.2, 0.9, None, 0.3, 0.3, 0.4), 0.5, words(language), style)
    assert chart.caption.replace("\u00a0", " ") == caption
    assert not re.search(" [:;%»]", chart.caption)  # in French these keep to their word


def test_marks_that_contradict_the_threshold_are_said():
    points = [
        point("C1", 0.4, True),
        point("C2", 0.6, False),
        point("C3", 0.7, False),
        point("C4", 0.5, True),
        point("C5", 0.2, False),
    ]
    caption = confidence(points, 0.5).caption
    assert "2 claims lie above the threshold of 0.50. 1 claim lies exactly on it." in caption
    assert "1 claim below the threshold is marked verified." in caption
    assert "2 claims above the threshold are not marked verified." in caption


def test_nothing_above_the_threshold_is_said_in_words():
    assert "No claim lies above the threshold of 0.80." in confidence(claims(*[0.2] * 5), 0.8).caption


def test_equal_claims_have_no_highest_and_no_lowest():
    chart = confidence(claims(*[0.3] * 12))
    assert "All have a confidence of 0.30." in chart.caption
    assert "12 claims: not verified (12)." in chart.caption
    assert "Highest" not in chart.alt
    assert "Lowest" not in chart.alt


def test_fewer_than_five_claims_with_a_confidence_are_no_chart():
    assert confidence_chart([], 0.5, EN, STYLE) is None
    assert confidence_chart(claims(0.9, 0.1, 0.4, 0.3, None), 0.5, EN, STYLE) is None
    assert confidence_chart(claims(*[None] * 9), 0.5, EN, STYLE) is None


@pytest.mark.parametrize("n", [5, 40, 500])
def test_the_axis_of_confidence_runs_from_0_to_1(n):
    (axes,) = figure(confidence(claims(*[0.2 + i / 10000 for i in range(n)]), 0.15)).axes
    assert axes.get_xlim() == (0, 1)
    assert axes.get_xticks()[[0, -1]].tolist() == [0, 1]


def test_five_claims_are_a_distribution_by_verdict():
    verdicts = [
        Marker.SUPPORTED,
        Marker.REFUTED,
        Marker.MIXED,
        Marker.INSUFFICIENT,
        Marker.NOT_CHECKED,
        Marker.UNVERIFIED,
    ]
    points = [ClaimPoint(f"C{n}", n / 10, verdict) for n, verdict in enumerate(verdicts * 2)]
    chart = confidence(points, 0.5)
    drawn = {shape: sorted(values) for shape, _, values in marks(chart) if shape != "o"}
    assert drawn == {"X": [0.1, 0.7], "D": [0.2, 0.8], "s": [0.4, 1.0], "x": [0.5, 1.1]}
    assert [sorted(values) for shape, _, values in marks(chart) if shape == "o"] == [[0.0, 0.6], [0.3, 0.9]]
    labels = [text for text in texts(chart) if text.endswith("(2)")]
    assert labels == [
        f"{verdict} (2)"
        for verdict in ("supported", "mixed", "not enough evidence", "refuted", "not verified", "not checked")
    ]


def test_equal_values_stand_above_one_another():
    chart = confidence(claims(0.9, 0.9, 0.9, 0.2, 0.8))
    (axes,) = figure(chart).axes
    (line,) = [line for line in axes.lines if line.get_marker() == "o"]
    heights = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert len({(x, y) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)}) == 4
    assert heights[0.8] == min(line.get_ydata())


def test_the_words_for_confidence_are_bands_that_reach_to_the_next():
    chart = confidence(claims(*PUBLISHED), words=[("likely", 0.66), ("never", 1.0), ("unlikely", 0.0)])
    assert [(band.label, band.lower, band.upper) for band in chart.drawing.bands] == [
        ("unlikely", 0.0, 0.66),
        ("likely", 0.66, 1.0),
    ]
    assert {"likely", "unlikely"} <= set(texts(chart))


def test_more_claims_than_can_be_stacked_are_bars_that_hold_them_all():
    values = [(i % 101) / 100 for i in range(505)]
    chart = confidence(claims(*values), 0.5)
    assert marks(chart) == []
    drawn = bars(chart)
    tallest = max(height for _, _, _, height, _ in drawn)
    counts = [height / tallest * 30 for _, _, _, height, _ in drawn]
    assert sum(counts) == pytest.approx(505)
    assert {text for text in texts(chart) if text.isdigit()} == {"25", "30"}
    assert "verified (250), not verified (255)" in chart.caption
    assert "Each bar covers a step of 0.05; the tallest bears its count." in chart.caption
    assert "and 2 more with the same value" in chart.alt
    assert "C505" not in texts(chart)


def test_a_value_on_the_edge_of_a_step_belongs_to_the_step_above():
    chart = confidence(claims(*[0.15] * 200, *[0.3] * 100))
    left, right = sorted(left for left, *_ in bars(chart))
    assert 0.15 < left < 0.155
    assert 0.3 < right < 0.305


@pytest.mark.parametrize(("marks", "least"), [(VERDICTS, 6), (STANCES, 3)])
def test_verdicts_and_stances_differ_by_shape_or_by_filling(marks, least):
    looks = {(STYLE.look(mark).shape, STYLE.look(mark).filled) for mark in marks}
    assert len(looks) == len(marks) >= least


def test_what_is_verified_has_the_accent_of_the_house_and_words_its_ink():
    chart = confidence(claims(0.9, 0.1, 0.2, 0.3, 0.4), style=replace(STYLE, accent="#7A1F2B", ink="#202020"))
    assert [(shape, colour) for shape, colour, _ in marks(chart)] == [("o", "#7A1F2B"), ("x", "#6B7280")]
    inks = {text.get_color() for text in figure(chart).texts if text.get_text().startswith("verified")}
    assert inks == {"#202020"}
