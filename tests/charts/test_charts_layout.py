"""No word of a chart touches another, and a label is drawn as it is or visibly less."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import (
    BANDS,
    EN,
    LOCALES,
    STYLE,
    check_layout,
    claims,
    confidence,
    texts,
    words,
)
from reportgen.base.errors import SetupError
from reportgen.charts import (
    COLUMN_MM,
    FULL_MM,
    MILLIMETRE,
    ChartWording,
    ClaimPoint,
    Marker,
    NamedRange,
    ReportedScore,
    ReviewerScore,
    Style,
    confidence_chart,
    reviewers_chart,
    spread_chart,
)

# Labels


def test_a_label_is_text_and_nothing_else():
    label = "$x_1$ \\frac{a}{b} 100 % & # ~"
    chart = spread_chart([ReportedScore(label, 5), ReportedScore("line\nbreak\u202e\x07", 4)], EN, STYLE)
    assert label in texts(chart)
    assert "line break" in texts(chart)
    assert "in full" not in chart.caption


def test_a_label_no_font_can_print_is_cut_or_numbered_and_that_is_said():
    named = ["plain", "🎉🎉", "[7] 日本語", "\u200b"]
    chart = spread_chart([ReportedScore(label, 9) for label in named], EN, STYLE)
    assert {"[entry 2]", "[7]…", "[entry 4]"} <= set(texts(chart))
    assert "3 labels cannot be printed in full; they are cut short or numbered." in chart.caption
    assert "🎉🎉 (9.0 %), [7] 日本語 (9.0 %)" in chart.alt


def test_every_chart_says_what_it_substituted():
    charts = [
        reviewers_chart([ReviewerScore("🎉", 9), *[ReviewerScore("a", 5)] * 3], None, (), EN, STYLE),
        spread_chart([ReportedScore("日本", 5), ReportedScore("A", 4)], EN, STYLE),
    ]
    stand_ins = [next(text for text in texts(chart) if text.startswith("[")) for chart in charts]
    assert stand_ins == ["[reviewer 1]", "[entry 1]"]
    assert all("1 label cannot be printed in full" in chart.caption for chart in charts)


def test_a_label_with_towering_marks_does_not_reach_other_rows():
    chart = spread_chart([ReportedScore("Z" + "\u0301" * 40, 1), ReportedScore("B", 1)], EN, STYLE)
    assert "[entry 1]" in texts(chart)


def test_a_long_label_is_shortened_in_the_drawing_and_whole_in_the_text():
    label = "A title that is far too long to stand beside a bar, and is shortened to the width there is"
    chart = spread_chart([ReportedScore(label, 1), ReportedScore("B", 1)], EN, STYLE)
    shortened = next(text for text in texts(chart) if text.endswith("…"))
    assert label.startswith(shortened[:-1])
    assert label in chart.alt
    assert "in full" not in chart.caption


def test_a_label_without_end_is_shortened_in_the_text_too():
    chart = spread_chart([ReportedScore("x" * 5000, 1), ReportedScore("B", 1)], EN, STYLE)
    assert "x" * 119 + "…" in chart.alt
    assert len(chart.alt) < 1000


def test_wording_that_no_font_can_print_is_an_error_not_a_box():
    table = tomllib.loads((LOCALES / "charts.en.toml").read_text())["charts"]
    with pytest.raises(SetupError, match=r"確.*wording"):
        confidence_chart(claims(*[0.5] * 5), None, ChartWording({**table, "confidence": "確信度"}), STYLE)


# Layout


LABEL = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    "Wi —é", min_size=30, max_size=90
)
PROBABILITY = st.floats(0, 1) | st.integers(0, 100).map(lambda n: n / 100)
VERDICTS = [mark for mark in Marker if mark is not Marker.NEUTRAL]
LANGUAGES = {language: words(language) for language in ("en", "de", "fr")}
LOOK = st.builds(Style, width_pt=st.floats(300, 520), decimal=st.sampled_from(".,"))
WORDING = st.sampled_from(list(LANGUAGES.values()))
FEW = settings(max_examples=20, deadline=None)


@FEW
@given(
    st.lists(
        st.builds(ClaimPoint, LABEL, PROBABILITY | st.none(), st.sampled_from(VERDICTS)),
        min_size=1,
        max_size=70,
    ),
    PROBABILITY | st.none(),
    st.lists(st.tuples(LABEL, PROBABILITY), max_size=7),
    WORDING,
    LOOK,
)
def test_no_word_of_a_confidence_chart_touches_another(points, threshold, named, wording, style):
    chart = confidence_chart(points, threshold, wording, style, words=named)
    if chart is None:
        assert sum(point.confidence is not None for point in points) < 5
    else:
        check_layout(chart)


@pytest.mark.parametrize("n", [31, 100, 180, 240, 241, 2000])
@pytest.mark.parametrize("width", [COLUMN_MM * MILLIMETRE, FULL_MM * MILLIMETRE])
def test_no_word_of_a_dense_chart_touches_another(n, width):
    points = claims(*[(i * 7919 % 10007) / 10007 for i in range(n)])
    check_layout(confidence(points, 0.5, style=Style(width)))


@FEW
@given(
    st.lists(st.builds(ReviewerScore, LABEL, st.floats(0, 10)), min_size=1, max_size=35),
    st.floats(0, 10) | st.none(),
    st.sampled_from([BANDS, BANDS[:1], ()]),
    WORDING,
    LOOK,
)
def test_no_word_of_a_reviewers_chart_touches_another(reviewers, mean, bands, wording, style):
    if chart := reviewers_chart(reviewers, mean, bands, wording, style):
        check_layout(chart)


@FEW
@given(
    st.lists(
        st.builds(
            ReportedScore,
            LABEL,
            st.floats(0, 100) | st.floats(60, 75),
            st.integers(1900, 2100) | st.none(),
            st.just("") | LABEL | st.sampled_from(["5-shot", "zero-shot"]),
        ),
        min_size=2,
        max_size=35,
    ),
    WORDING,
    LOOK,
)
def test_no_word_of_a_spread_chart_touches_another(entries, wording, style):
    check_layout(spread_chart(entries, wording, style))


def test_labels_of_narrow_bands_do_not_touch():
    bands = [NamedRange(f"A rather long name of band {i}", i, i + 1) for i in range(10)]
    check_layout(reviewers_chart([ReviewerScore("r", 5)] * 4, 5, bands, EN, STYLE))


def test_a_style_without_room_or_decimal_sign_is_refused():
    with pytest.raises(ValueError, match="at least 300 pt, not 200"):
        Style(200)
    with pytest.raises(ValueError, match="one character, not ''"):
        Style(decimal="")
