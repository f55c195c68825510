"""Years of sources are counted whole, by year or by steps of years."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import EN, STYLE, bars, check_layout, figure, texts, words
from reportgen.charts import Style, years_chart

YEARS = [2019, 2021, 2021, 2020, 2024, None]


def test_each_year_has_a_bar_as_tall_as_its_sources():
    chart = years_chart(YEARS, EN, STYLE)
    middles = {round(left + width / 2): height for left, _, width, height, _ in bars(chart)}
    assert middles == {0: 1, 1: 1, 2: 2, 5: 1}
    assert [text for text in texts(chart) if len(text) == 4] == [
        "2019",
        "2020",
        "2021",
        "2022",
        "2023",
        "2024",
    ]
    assert chart.caption == (
        "5 sources, published from 2019 to 2024; the median year is 2021. 1 source has no year."
    )
    assert "Sources by year: 2019 (1), 2020 (1), 2021 (2), 2024 (1)." in chart.alt
    assert chart.table == (("year", "sources"), (2019, 1), (2020, 1), (2021, 2), (2024, 1))


def test_counts_have_no_decimals_and_no_axis():
    (axes,) = figure(years_chart(YEARS, EN, STYLE)).axes
    assert list(axes.get_yticks()) == []
    assert {"1", "2"} <= set(texts(years_chart(YEARS, EN, STYLE)))


def test_many_years_are_counted_in_steps():
    chart = years_chart([1880, 1912, 1999, 2001, 2024], EN, STYLE)
    assert chart.drawing.step == 10
    assert sum(height for _, _, _, height, _ in bars(chart)) == 5
    assert "Each bar covers 10 years." in chart.caption


@pytest.mark.parametrize("years", [[], [2020] * 9, [2019, 2020, 2021, 2022], [None] * 9])
def test_few_years_or_one_are_no_chart(years):
    assert years_chart(years, EN, STYLE) is None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(1000, 2100) | st.integers(1990, 2026), min_size=5, max_size=60),
    st.sampled_from(["en", "de", "fr"]),
    st.floats(300, 520),
)
def test_no_word_of_a_chart_of_years_touches_another(years, language, width):
    if chart := years_chart(years, words(language), Style(width)):
        check_layout(chart)
        assert sum(chart.drawing.counts) == len(years)
