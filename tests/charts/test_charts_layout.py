"""No word of a chart touches another, and a label is drawn as it is or visibly less."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import BANDS, EN, LOCALES, STYLE, claims, confidence, texts, words, words_of
from reportgen.base.errors import SetupError
from reportgen.charts import (
    Chart,
    ChartWording,
    ClaimPoint,
    ReportedScore,
    ReviewerScore,
    SourceRow,
    Style,
    TierBand,
    confidence_chart,
    reviewers_chart,
    sources_chart,
    spread_chart,
)
from reportgen.charts.style import MILLIMETRE
from reportgen.charts.typeface import typeface

# Labels


def test_a_label_is_text_and_nothing_else():
    label = "$x_1$ \\frac{a}{b} 100 % & # ~"
    chart = sources_chart([SourceRow(label, 1, 0), SourceRow("line\nbreak\u202e\x07", 1, 0)], EN, STYLE)
    assert label in texts(chart)
    assert "line break" in texts(chart)
    assert "no font" not in chart.caption


def test_a_label_no_font_can_print_is_cut_or_numbered_and_that_is_said():
    rows = [
        SourceRow("plain", 3, 0),
        SourceRow("🎉🎉", 2, 0),
        SourceRow("[7] 日本語", 1, 0),
        SourceRow("\u200b", 0, 1),
    ]
    chart = sources_chart(rows, EN, STYLE)
    assert {"[source 2]", "[7]…", "[source 4]"} <= set(texts(chart))
    assert (
        "3 labels that no font of the chart can print are cut short or replaced by their numbers."
        in chart.caption
    )
    assert "🎉🎉 (2 of 2 verified), [7] 日本語 (1 of 1 verified)" in chart.alt


def test_every_chart_says_what_it_substituted():
    charts = [
        confidence_chart([ClaimPoint("🎉", 0.5, True)], None, EN, STYLE),
        reviewers_chart([ReviewerScore("🤖", 5)], None, (), EN, STYLE),
        spread_chart([ReportedScore("日本", 5), ReportedScore("A", 4)], EN, STYLE),
    ]
    stand_ins = [next(text for text in texts(chart) if text.startswith("[")) for chart in charts]
    assert stand_ins == ["[claim 1]", "[reviewer 1]", "[entry 1]"]
    assert all("1 label that no font" in chart.caption for chart in charts)


def test_the_number_of_a_claim_without_a_label_is_its_place_in_the_record():
    chart = confidence(
        [ClaimPoint("A", None, False), ClaimPoint("B", 0.2, False), ClaimPoint("🎉", 0.9, True)]
    )
    assert "[claim 3]" in texts(chart)


def test_a_label_with_towering_marks_does_not_reach_other_rows():
    chart = sources_chart([SourceRow("Z" + "\u0301" * 40, 1, 0), SourceRow("B", 1, 0)], EN, STYLE)
    assert "[source 1]" in texts(chart)


def test_a_long_label_is_shortened_in_the_drawing_and_whole_in_the_text():
    label = "A title that is far too long to stand beside a bar, and is shortened to the width there is"
    chart = sources_chart([SourceRow(label, 1, 0), SourceRow("B", 1, 0)], EN, STYLE)
    shortened = next(text for text in texts(chart) if text.endswith("…"))
    assert label.startswith(shortened[:-1])
    assert label in chart.alt
    assert "no font" not in chart.caption


def test_a_label_without_end_is_shortened_in_the_text_too():
    chart = sources_chart([SourceRow("x" * 5000, 1, 0), SourceRow("B", 1, 0)], EN, STYLE)
    assert "x" * 119 + "…" in chart.alt
    assert len(chart.alt) < 1000


def test_wording_that_no_font_can_print_is_an_error_not_a_box():
    table = tomllib.loads((LOCALES / "charts.en.toml").read_text())["charts"]
    with pytest.raises(SetupError, match=r"確.*wording"):
        confidence_chart(claims(0.5), None, ChartWording({**table, "confidence": "確信度"}), STYLE)


# Layout


def box(word):
    return word.left, word.baseline - 0.21 * word.size, word.right, word.baseline + 0.72 * word.size


def overlaps(words):
    boxes = sorted((box(word), word.text) for word in words)
    for index, ((_, bottom, right, top), text) in enumerate(boxes):
        for (other_left, other_bottom, _, other_top), other in boxes[index + 1 :]:
            if other_left >= right - 0.01:
                break
            if other_bottom < top - 0.01 and bottom < other_top - 0.01:
                yield text, other


def check_layout(chart: Chart):
    face = typeface(chart.drawing.style.fonts)
    drawn = words_of(chart)
    assert drawn
    for word in drawn:
        left, bottom, right, top = box(word)
        assert left >= -0.01, word
        assert right <= chart.drawing.style.width_pt + 0.01, word
        assert bottom >= 0, word
        assert top <= chart.drawing.height, word
        assert word.size >= 7
        assert not face.lacks(word.text)
    assert list(overlaps(drawn)) == []


LABEL = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    "Wi —é", min_size=30, max_size=90
)
PROBABILITY = st.floats(0, 1) | st.integers(0, 100).map(lambda n: n / 100)
LANGUAGES = {language: words(language) for language in ("en", "de", "fr")}
LOOK = st.builds(Style, width_pt=st.floats(300, 520), decimal=st.sampled_from(".,"))
WORDING = st.sampled_from(list(LANGUAGES.values()))
FEW = settings(max_examples=20, deadline=None)


@FEW
@given(
    st.lists(st.builds(ClaimPoint, LABEL, PROBABILITY | st.none(), st.booleans()), min_size=1, max_size=70),
    PROBABILITY | st.none(),
    WORDING,
    LOOK,
)
def test_no_word_of_a_confidence_chart_touches_another(points, threshold, wording, style):
    chart = confidence_chart(points, threshold, wording, style)
    if chart is None:
        assert all(point.confidence is None for point in points)
    else:
        check_layout(chart)


@pytest.mark.parametrize("n", [31, 100, 180, 240, 241, 2000])
@pytest.mark.parametrize("width", [300, 150 * MILLIMETRE])
def test_no_word_of_a_dense_chart_touches_another(n, width):
    points = claims(*[(i * 7919 % 10007) / 10007 for i in range(n)])
    check_layout(confidence(points, 0.5, style=Style(width)))


@FEW
@given(
    st.lists(st.builds(SourceRow, LABEL, st.integers(0, 999), st.integers(0, 99)), min_size=2, max_size=30),
    WORDING,
    LOOK,
)
def test_no_word_of_a_sources_chart_touches_another(rows, wording, style):
    if chart := sources_chart(rows, wording, style):
        check_layout(chart)


@FEW
@given(
    st.lists(st.builds(ReviewerScore, LABEL, st.floats(0, 10)), min_size=1, max_size=35),
    st.floats(0, 10) | st.none(),
    st.sampled_from([BANDS, BANDS[:1], ()]),
    WORDING,
    LOOK,
)
def test_no_word_of_a_reviewers_chart_touches_another(reviewers, mean, bands, wording, style):
    check_layout(reviewers_chart(reviewers, mean, bands, wording, style))


@FEW
@given(
    st.lists(
        st.builds(ReportedScore, LABEL, st.floats(0, 100), st.integers(1900, 2100) | st.none()),
        min_size=2,
        max_size=35,
    ),
    WORDING,
    LOOK,
)
def test_no_word_of_a_spread_chart_touches_another(entries, wording, style):
    check_layout(spread_chart(entries, wording, style))


def test_labels_of_narrow_bands_do_not_touch():
    bands = [TierBand(f"A rather long name of band {i}", i, i + 1) for i in range(10)]
    check_layout(reviewers_chart([ReviewerScore("r", 5)], 5, bands, EN, STYLE))


def test_a_style_without_room_or_decimal_sign_is_refused():
    with pytest.raises(ValueError, match="at least 300 pt, not 200"):
        Style(200)
    with pytest.raises(ValueError, match="one character, not ''"):
        Style(decimal="")
