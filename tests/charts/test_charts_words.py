"""The words and numbers of charts: every language has them all, and an axis has round steps."""

from __future__ import annotations

import string
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_examples import claims, confidence, words_of
from reportgen.charts import ChartWording, Style
from reportgen.charts.plots import Steps

LOCALES = Path(__file__).parents[2] / "templates/locale"
TABLES = {
    language: tomllib.loads((LOCALES / f"charts.{language}.toml").read_text("utf-8"))["charts"]
    for language in ("en", "de", "fr")
}


def names(value):
    forms = value.values() if isinstance(value, dict) else [value]
    return [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_language_says_the_same_things(language):
    english, other = TABLES["en"], TABLES[language]
    assert len(english) > 50
    assert english.keys() == other.keys()
    for key, text in english.items():
        assert isinstance(text, dict) == isinstance(other[key], dict), key
        if isinstance(text, dict):
            assert text.keys() == other[key].keys(), key
        assert names(text) == names(other[key]), key


@pytest.mark.parametrize(
    ("language", "n", "text"),
    [
        ("en", 0, "0 claims without a confidence are not drawn."),
        ("en", 1, "1 claim without a confidence is not drawn."),
        ("de", 0, "0 Aussagen ohne Konfidenz fehlen in der Abbildung."),
        ("fr", 0, "0 affirmation sans confiance n’est pas représentée."),
        ("fr", 2, "2 affirmations sans confiance ne sont pas représentées."),
    ],
)
def test_plural_forms_follow_the_language(language, n, text):
    assert ChartWording(TABLES[language]).count("confidence_omitted", n) == text


def test_a_sentence_about_nothing_has_its_own_form():
    text = ChartWording(TABLES["en"]).count("above_threshold", 0, value="0.50")
    assert text == "No claim lies above the threshold of 0.50."


def test_an_axis_has_the_decimals_that_it_needs_and_the_sign_of_the_language():
    chart = confidence(claims(0.2, 0.1, 0.3, 0.4, 0.5), style=Style(decimal=","))
    lowest = max(word.baseline for word in words_of(chart) if word.align == "center" and "," in word.text)
    ticks = [word.text for word in words_of(chart) if word.baseline == lowest]
    assert ticks == ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]


@given(st.lists(st.integers(0, 1000).map(lambda n: n / 1000), min_size=1))
def test_every_value_is_counted_in_the_step_that_holds_it(values):
    steps = Steps(Decimal("0.05"), 1.0)
    counted = steps.count(values)
    assert counted.total() == len(values)
    expected = [min(round(value * 1000) // 50, 19) for value in values]
    assert sorted(counted.elements()) == sorted(expected)
