"""A forest plot draws the effects of the record where they lie, and pools nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_examples import EN, STYLE, check_layout, figure, texts, words
from reportgen.charts import EffectRow, OutcomeEffects, Style, forest_chart
from reportgen.charts.forest import MOST_EFFECTS, no_effect_of


def effect(label, value, lower=None, upper=None, **more):
    return EffectRow(
        label=label, said=f"{value} ({lower} to {upper})", value=value, lower=lower, upper=upper, **more
    )


RATIOS = OutcomeEffects(
    name="infection",
    measure="odds ratio",
    title="odds ratio",
    effects=(
        effect("[1] Wei 2022", 0.74, 0.61, 0.9, weight=64.0, n=120),
        effect("[2] Li 2020", 1.1, 0.7, 1.7, weight=16.0, group="adults"),
    ),
    pooled=effect("", 0.78, 0.69, 0.88),
)


def drawn(outcome, **more):
    chart = forest_chart("fig-forest-1", outcome, EN, STYLE, **more)
    assert chart is not None
    return chart


def squares(chart):
    """Return the value and the side of each square."""
    (axes,) = figure(chart).axes
    return [(line.get_xdata()[0], line.get_markersize()) for line in axes.lines if line.get_marker() == "s"]


def intervals(chart):
    """Return the ends of each interval."""
    (axes,) = figure(chart).axes
    return [tuple(path.vertices[:, 0]) for lines in axes.collections for path in lines.get_paths()]


def test_effects_and_intervals_stand_at_their_values():
    chart = drawn(RATIOS)
    assert [value for value, _ in squares(chart)] == [0.74, 1.1]
    assert intervals(chart) == [(0.61, 0.9), (0.7, 1.7)]
    assert texts(chart)[:1] == ["[1] Wei 2022"]
    assert {"adults", "[2] Li 2020", "pooled", "odds ratio"} <= set(texts(chart))
    assert chart.caption == (
        "Outcome “infection”: 2 effects with their intervals. The area of a square shows its weight. Diamond: the "
        "pooled effect of the record, 0.78 (0.69 to 0.88). Vertical line: no effect (1). The axis is logarithmic."
    )
    assert (
        "Intervals below no effect: 1; across it: 1; above it: 0. Lowest: [1] Wei 2022, 0.74 (0.61 to 0.9). "
        "Highest: [2] Li 2020, 1.1 (0.7 to 1.7)."
    ) in chart.alt
    assert chart.table == (
        ("source", "group", "value", "lower", "upper", "n", "weight"),
        ("[1] Wei 2022", "", 0.74, 0.61, 0.9, 120, 64.0),
        ("[2] Li 2020", "adults", 1.1, 0.7, 1.7, None, 16.0),
        ("pooled", "", 0.78, 0.69, 0.88, None, None),
    )


def test_the_areas_of_squares_are_to_one_another_as_their_weights():
    (_, heavy), (_, light) = squares(drawn(RATIOS))
    assert heavy**2 / light**2 == pytest.approx(4)


def test_the_pooled_effect_is_a_diamond_over_its_interval():
    (axes,) = figure(drawn(RATIOS)).axes
    (diamond,) = axes.patches
    assert sorted(set(diamond.get_xy()[:, 0])) == [0.69, 0.78, 0.88]
    (axes,) = figure(drawn(replace(RATIOS, pooled=None))).axes
    assert list(axes.patches) == []


def test_ratios_have_a_logarithmic_axis_with_the_line_at_1():
    (axes,) = figure(drawn(RATIOS)).axes
    assert axes.get_xscale() == "log"
    assert [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "None"] == [1.0]


def test_differences_have_a_plain_axis_with_the_line_at_0():
    effects = (effect("[1]", -0.3, -0.5, -0.1), effect("[2]", 0.1, None, 0.4), effect("[3]", 0.2))
    chart = drawn(OutcomeEffects(name="x", measure="Mean difference", title="points", effects=effects))
    (axes,) = figure(chart).axes
    assert axes.get_xscale() == "linear"
    assert [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "None"] == [0.0]
    assert intervals(chart) == [(-0.5, -0.1), (0.1, 0.4)]
    assert "1 effect has no interval. 1 interval is given at one end only." in chart.caption
    assert "below no effect: 1; across it: 0; above it: 0." in chart.alt


def test_a_measure_without_a_known_zero_has_no_line_and_says_where_its_axis_starts():
    effects = (effect("[1]", 60, 58, 63), effect("[2]", 70, 65, 72))
    chart = drawn(OutcomeEffects(name="x", measure="accuracy", title="%", effects=effects))
    (axes,) = figure(chart).axes
    assert [line for line in axes.lines if line.get_marker() == "None"] == []
    assert "The axis does not start at 0." in chart.caption


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("odds ratio", 1),
        ("Hazard-Ratio", 1),
        ("RR", 1),
        ("relatives Risiko", 1),
        ("rapport de cotes", 1),
        ("log odds ratio", 0),
        ("standardised mean difference", 0),
        ("mittlere Differenz", 0),
        ("différence moyenne", 0),
        ("Hedges’ g", 0),
        ("accuracy", None),
        ("signal-to-noise ratio", None),
        ("order", None),
        ("mean or median", None),
    ],
)
def test_what_stands_for_no_effect_follows_from_the_measure(measure, value):
    assert no_effect_of(measure) == value


def test_ratios_that_reach_zero_have_a_plain_axis():
    effects = (effect("[1]", 0.5, 0.0, 1.2), effect("[2]", 0.7, 0.2, 1.0))
    (axes,) = figure(drawn(replace(RATIOS, effects=effects))).axes
    assert axes.get_xscale() == "linear"


def test_one_effect_or_none_with_an_interval_is_no_chart():
    assert forest_chart("f", replace(RATIOS, effects=RATIOS.effects[:1], pooled=None), EN, STYLE) is None
    bare = (effect("[1]", 0.5), effect("[2]", 0.7))
    assert forest_chart("f", replace(RATIOS, effects=bare, pooled=None), EN, STYLE) is None


def test_effects_without_room_are_counted_and_stand_in_the_table():
    effects = tuple(effect(f"[{n}]", 1 + n, n, n + 2) for n in range(1, MOST_EFFECTS + 6))
    chart = drawn(replace(RATIOS, effects=effects))
    assert len(squares(chart)) == MOST_EFFECTS
    assert "The last 5 are left out; the table attached to the PDF has them." in chart.caption
    assert len(chart.table) == 1 + len(effects) + 1
    assert chart.drawing.height < 620


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 6)) | st.floats(0.001, 50)
EFFECTS = st.builds(
    EffectRow,
    label=NAMES,
    said=st.just("1"),
    value=NUMBERS,
    lower=NUMBERS | st.none(),
    upper=NUMBERS | st.none(),
    weight=st.floats(0, 100) | st.none(),
    group=st.sampled_from(["", "adults", "A rather long name of a group of people, such as there are many"]),
)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        OutcomeEffects,
        name=NAMES,
        measure=st.sampled_from(["odds ratio", "mean difference", "accuracy"]),
        title=NAMES,
        effects=st.lists(EFFECTS, min_size=1, max_size=45).map(tuple),
        pooled=EFFECTS | st.none(),
    ),
    st.sampled_from(["en", "de", "fr"]),
    st.floats(300, 520),
)
def test_no_word_of_a_forest_plot_touches_another(outcome, language, width):
    if chart := forest_chart("fig-forest-1", outcome, words(language), Style(width)):
        check_layout(chart)


@pytest.mark.parametrize(
    ("measure", "low", "high"), [("odds ratio", 1e-9, 100.0), ("mean difference", -1e6, 909_000.0)]
)
def test_numbers_of_any_size_stand_on_the_sheet_and_apart(measure, low, high):
    effects = (effect("a" * 60, 1.0, low, high), effect("[2]", 0.5))
    outcome = OutcomeEffects(name="x", measure=measure, title="x" * 90, effects=effects)
    check_layout(forest_chart("fig-forest-1", outcome, EN, Style(335)))
