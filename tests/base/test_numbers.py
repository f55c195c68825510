"""A number is printed on its side of every edge, near where it lies, and numbers keep their order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base import numbers

FRACTIONS = st.floats(0, 1) | st.integers(0, 10_000).map(lambda n: n / 10_000)
EDGES = (5.0, 7.5, 8.5)
SCORES = st.floats(0, 10) | st.sampled_from([edge - 1e-9 for edge in (*EDGES, 10)])


def bounds(text):
    """Return the printed number, and whether the value lies below it, on it or above it."""
    return Decimal(text.lstrip("<>")), {"<": -1, ">": 1}.get(text[0], 0)


@pytest.mark.parametrize(
    ("value", "threshold", "text"),
    [
        (0.22, None, "0.22"),
        (1, None, "1.00"),
        (0.996, None, "0.996"),
        (0.99996, None, "<1.0000"),
        (0.00001, None, ">0.0000"),
        (0.499, 0.5, "0.499"),
        (0.79996, 0.8, "<0.8000"),
        (0.79996, None, "0.8000"),
        (0.80004, 0.8, ">0.8000"),
        (0.8, 0.8, "0.80"),
        (0.123456, None, "0.1235"),
        (1e-9, None, ">0.0000"),
    ],
)
def test_a_confidence_has_two_to_four_decimals_on_its_side_of_the_threshold(value, threshold, text):
    assert numbers.confidence(value, ".", threshold) == text
    assert numbers.confidence(value, ",", threshold) == text.replace(".", ",")


@given(FRACTIONS, FRACTIONS | st.none())
def test_a_confidence_never_crosses_an_edge(value, threshold):
    printed, side = bounds(numbers.confidence(value, ".", threshold))
    exact = numbers.exact(value)
    assert abs(printed - exact) <= Decimal("0.00005")
    if side:
        assert (exact - printed) * side > 0
    else:
        for edge in (Decimal(0), Decimal(1), *([] if threshold is None else [numbers.exact(threshold)])):
            assert (printed > edge, printed < edge) == (exact > edge, exact < edge)


@given(FRACTIONS, FRACTIONS, FRACTIONS | st.none())
def test_confidences_keep_their_order(one, other, threshold):
    low, high = sorted((one, other))
    assert bounds(numbers.confidence(low, ".", threshold)) <= bounds(numbers.confidence(high, ".", threshold))


@pytest.mark.parametrize(
    ("value", "text"),
    [(71.25, "71.25"), (88, "88.0"), (0.0, "0.0"), (33.333333, "33.3333"), (99.99999, "<100.0000")],
)
def test_a_percentage_has_one_to_four_decimals(value, text):
    assert numbers.percentage(value, ".") == text


@given(st.floats(0, 100), st.floats(0, 100))
def test_percentages_keep_their_order(one, other):
    low, high = sorted((one, other))
    assert bounds(numbers.percentage(low, ".")) <= bounds(numbers.percentage(high, "."))


@pytest.mark.parametrize(
    ("value", "text"), [(7.4999, "7.49"), (7.5, "7.50"), (8.125, "8.13"), (9.999, "9.99"), (1e-7, "0.00")]
)
def test_a_score_has_two_decimals_and_is_not_rounded_up_to_an_edge(value, text):
    assert numbers.score(value, EDGES, ".") == text


@given(SCORES, SCORES)
def test_scores_keep_their_order_and_their_side_of_the_edges(one, other):
    low, high = (Decimal(numbers.score(value, EDGES, ".")) for value in sorted((one, other)))
    assert low <= high
    for edge in (*EDGES, 10):
        assert (low < edge) == (min(one, other) < edge)


@pytest.mark.parametrize(
    ("value", "places", "text"), [(0.5, 2, "0,50"), (0.125, 2, "0,13"), (0.5, 0, "1"), (12, 1, "12,0")]
)
def test_a_fixed_number_of_decimals_rounds_what_was_written(value, places, text):
    assert numbers.fixed(value, places, ",") == text


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),
        (1234, "1234"),
        (12345, "12\u202f345"),
        (1234567, "1\u202f234\u202f567"),
        (-12345, "-12\u202f345"),
    ],
)
def test_long_numbers_stand_in_groups_of_three(value, printed):
    assert numbers.whole(value) == printed
    assert numbers.fixed(value, 2, ",") == f"{printed},00"


@pytest.mark.parametrize("written", ["0.123456", "1e+10", "1.5e-07", "9999.99999"])
def test_no_other_digits_are_grouped(written):
    assert numbers.localised(written, ".") == written


@pytest.mark.parametrize(
    ("value", "printed"), [(8.7, "8.7"), (8.75, "8.75"), (8, "8.0"), (7.499, "7.49"), (9.999, "9.99")]
)
def test_a_score_in_a_sentence_has_no_decimal_that_says_nothing(value, printed):
    assert numbers.short_score(value, (7.5,), ".") == printed


@pytest.mark.parametrize(
    ("value", "printed"), [(69.69, "69.7"), (43, "43.0"), (99.96, "<100.0"), (0.01, ">0.0")]
)
def test_a_percentage_in_a_sentence_has_one_decimal(value, printed):
    assert numbers.percentage(value, ".", most=1) == printed


@pytest.mark.parametrize(
    ("values", "printed"),
    [((0.52, 0.66), "0.59"), ((0.07, 0.16), "0.115"), ((0.27, 0.3), "0.285"), ((0.1, 0.2, 0.3), "0.20")],
)
def test_a_median_has_one_decimal_more_than_its_values_at_most(values, printed):
    assert numbers.confidence(numbers.middle(values), ".") == printed
