"""Calibration compares the mean confidence of claims with the share that people found supported."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import EN, STYLE, check_layout, figure, marks, texts, words
from reportgen.charts import Judged, Style, calibration_chart

JUDGED = [Judged(f"C{n}", 0.1, supported=n < 1) for n in range(4)]
JUDGED += [Judged(f"C{n}", 0.9, supported=n < 8) for n in range(4, 10)]


def test_each_fifth_stands_at_its_mean_and_its_share():
    chart = calibration_chart(JUDGED, EN, STYLE)
    (axes,) = figure(chart).axes
    (line,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [
        (0.1, 0.25),
        (0.9, pytest.approx(2 / 3)),
    ]
    assert axes.get_xlim() == axes.get_ylim() == (0, 1)
    assert {"4", "6", "as often as stated"} <= set(texts(chart))
    assert chart.caption == (
        "People judged 10 claims and found 5 of them supported. The mean confidence was 0.58, the share "
        "supported 0.50. Marks above the dashed line: confidence too low; below it: too high."
    )
    assert chart.alt.startswith("Calibration plot: ")
    assert (
        "Confidence 0.10: 0.25 supported (4 claims). Confidence 0.90: 0.67 supported (6 claims)." in chart.alt
    )
    assert chart.table[:2] == (("claim", "confidence", "supported"), ("C0", 0.1, "True"))


def test_fewer_than_ten_judged_claims_are_no_chart():
    assert calibration_chart(JUDGED[:9], EN, STYLE) is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(Judged, st.just("C"), st.floats(0, 1), supported=st.booleans()), min_size=10, max_size=60
    ),
    st.integers(1, 900),
    st.sampled_from(["en", "de", "fr"]),
    st.floats(300, 520),
)
def test_no_word_touches_another(judged, times, language, width):
    chart = calibration_chart(judged * times, words(language), Style(width))
    check_layout(chart)
    (drawn,) = [len(values) for _, _, values in marks(chart)]
    assert drawn == len(chart.drawing.groups) <= 5
