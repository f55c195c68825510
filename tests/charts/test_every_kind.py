"""What holds of every kind of chart: its type, its colours, its words in three languages, and its values."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.text import Text

from chart_examples import EN, KINDS, STYLE, bars, check_layout, every_kind, figure, marks, texts, words
from reportgen.base.style import contrast
from reportgen.charts import COLUMN_MM, FULL_MM, Style
from reportgen.charts.style import PANEL

LANGUAGES = {language: words(language) for language in ("en", "de", "fr")}
DECORATION = 0.5  # points: thinner lines carry nothing that is not said otherwise
DECIMAL = {"en": ".", "de": ",", "fr": ","}


def chart_of(kind, language="en"):
    return every_kind(LANGUAGES[language], Style(decimal=DECIMAL[language]))[kind]


def beside_panel(colour):
    """Return the contrast of a colour with the darkest ground that words stand on."""
    return contrast(colour) / contrast(PANEL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_touches_another_and_none_is_too_small(kind, language):
    check_layout(chart_of(kind, language))


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_printed_in_the_width_that_it_is_drawn_in(kind):
    width = chart_of(kind).width
    assert width in {COLUMN_MM, FULL_MM}
    assert (width == FULL_MM) == (kind in {"wide map", "spread by protocol", "spread of many"})


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_has_the_contrast_of_text(kind):
    found = [text for text in figure(chart_of(kind)).findobj(Text) if text.get_text() and text.get_visible()]
    assert found
    for text in found:
        assert beside_panel(mpl.colors.to_hex(text.get_color())) >= 7, text


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_has_the_contrast_of_graphics(kind):
    drawn = figure(chart_of(kind))
    colours = {
        mpl.colors.to_hex(line.get_color())
        for axes in drawn.axes
        for line in axes.lines
        if line.get_linewidth() > DECORATION
    }
    for axes in drawn.axes:
        for found in axes.collections:
            if max(found.get_linewidths()) > DECORATION:
                colours |= {mpl.colors.to_hex(colour) for colour in found.get_edgecolors()}
        colours |= {mpl.colors.to_hex(bar.get_facecolor()) for bars in axes.containers for bar in bars}
    assert colours or kind == "flow"
    assert {colour for colour in colours if contrast(colour) < 3} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_grey_print_keeps_what_colours_distinguish(kind):
    drawn = [line for axes in figure(chart_of(kind)).axes for line in axes.lines]
    lines = [line for line in drawn if line.get_linewidth() > DECORATION or line.get_marker() != "None"]
    for one, other in combinations(lines, 2):
        if one.get_color() != other.get_color():
            assert _form(one) != _form(other)
    for _, _, _, _, fill in bars(
        chart_of(kind)
    ):  # bars of different colours stand in strips with a name each
        assert (
            fill in {mpl.colors.to_hex(STYLE.look(strip.mark).colour) for strip in _strips(kind)}
            or kind == "years"
        )


def _strips(kind):
    return getattr(chart_of(kind).drawing, "strips", ())


def _form(line):
    """Say how a line or its marks look without colours."""
    hollow = mpl.colors.to_hex(line.get_markerfacecolor()) == "#ffffff"
    return line.get_marker(), hollow, line.is_dashed(), line.get_linewidth()


def sentences(text):
    return [one.strip(" .") for one in re.split(r"\.\s", text)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_alternative_text_repeats_no_sentence_of_the_caption(kind, language):
    chart = chart_of(kind, language)
    said, heard = sentences(chart.caption), sentences(chart.alt)
    assert [one for one in said if any(one in other or other in one for other in heard)] == []
    assert any(character.isdigit() for character in said[0])
    assert len(heard) > 1
    assert f"report-{chart.name}.csv" in heard[-1]
    assert not re.search(r"[{}]|None|\(0\)", chart.caption + chart.alt)


def rows_of(chart):
    return list(csv.DictReader(StringIO(chart.csv.decode())))


def test_the_values_of_marks_are_those_of_the_table():
    charts = every_kind()
    for kind, column in (
        ("confidence", "confidence"),
        ("spread", "score_pct"),
        ("spread by protocol", "score_pct"),
        ("spread of many", "score_pct"),
        ("reviewers", "score"),
    ):
        drawn = sorted(value for _, _, values in marks(charts[kind]) for value in values)
        assert drawn == sorted(float(row[column]) for row in rows_of(charts[kind])), kind


def test_the_bars_hold_as_many_as_the_table():
    charts = every_kind()
    for kind, total in (("confidence of many", 400), ("many reviewers", 36)):
        assert len(rows_of(charts[kind])) == total
        heights = sum(height for _, _, _, height, _ in bars(charts[kind]))
        assert heights / charts[kind].drawing.bar(1) == pytest.approx(total)
    years = {row["year"]: int(row["sources"]) for row in rows_of(charts["years"])}
    assert sorted(years.values()) == sorted(height for _, _, _, height, _ in bars(charts["years"]))


def test_the_marks_of_a_map_are_the_rows_of_its_table():
    chart = every_kind()["wide map"]
    (axes,) = figure(chart).axes
    assert len(chart.drawing.claims) == 25
    shown = [row for row in rows_of(chart) if row["claim"].removeprefix("C") in chart.drawing.claims]
    assert sum(len(line.get_xdata()) for line in axes.lines) == len(shown) == 25
    assert len(rows_of(chart)) == 30


def test_the_numbers_of_a_flow_are_those_of_its_table():
    chart = every_kind()["flow"]
    drawn = sorted(int(number) for text in texts(chart) for number in re.findall(r"\d+", text))
    assert drawn == sorted(int(row["papers"]) for row in rows_of(chart))


def test_the_effects_of_a_forest_are_those_of_its_table():
    chart = every_kind()["forest"]
    (axes,) = figure(chart).axes
    squares = sorted(line.get_xdata()[0] for line in axes.lines if line.get_marker() == "s")
    rows = rows_of(chart)
    assert squares == sorted(float(row["value"]) for row in rows if row["source"] != "pooled")
    ends = {float(x) for lines in axes.collections for path in lines.get_paths() for x in path.vertices[:, 0]}
    (diamond,) = axes.patches
    ends |= {float(x) for x in diamond.get_xy()[:, 0]} - {0.8}
    assert ends == {float(row[end]) for row in rows for end in ("lower", "upper") if row[end]}


def test_the_fifths_of_a_calibration_follow_from_its_table():
    chart = every_kind()["calibration"]
    rows = rows_of(chart)
    assert sum(group.n for group in chart.drawing.groups) == len(rows) == 21
    supported = sum(round(group.share * group.n) for group in chart.drawing.groups)
    assert supported == sum(row["supported"] == "True" for row in rows)


def test_the_wording_of_charts_has_no_key_that_nothing_says():
    from importlib.resources import files

    source = "\n".join(
        file.read_text("utf-8") for file in files("reportgen.charts").iterdir() if file.name.endswith(".py")
    )
    built = ("flow_", "stage_", "box_")
    assert [
        key for key in EN._texts if not re.search(rf"['\"]{key}['\"]", source) and not key.startswith(built)
    ] == []
