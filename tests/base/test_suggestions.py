"""What a word that is not known was probably meant to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.suggestions import LETTERS_AN_EDIT, MOST_EDITS, distance, fold, suggest

KNOWN = ("title", "lead_source", "included", "supported", "doi", "paper", "VERIFIED")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tilte", "title"),  # two letters changed places: one slip
        ("titl", "title"),
        ("titles", "title"),
        ("leadSource", "lead_source"),
        ("LEAD-SOURCE", "lead_source"),
        ("lead source", "lead_source"),
        ("dio", "doi"),
        ("papr", "paper"),
        ("suportet", "supported"),
        ("verfied", "VERIFIED"),
    ],
)
def test_one_or_two_slips_are_a_suggestion(word, meant):
    assert suggest(word, KNOWN) == meant


@pytest.mark.parametrize(
    "word", ["excluded", "unsupported", "unverified", "di", "do", "tips", "xyzzy", "", "sorted"]
)
def test_an_opposite_and_another_word_are_none(word):
    assert suggest(word, KNOWN) is None


def test_the_nearest_is_chosen_and_of_several_the_first():
    assert suggest("claimss", ["claimsxy", "claims", "claimst"]) == "claims"
    assert suggest("claimz", ["claims", "claimt"]) == "claims"


words = st.text("abc_- ", max_size=8)


def reference(first: str, second: str) -> int:
    """Count the edits as the definition says, without a table."""
    if not first or not second:
        return len(first) + len(second)
    best = min(
        reference(first[1:], second) + 1,
        reference(first, second[1:]) + 1,
        reference(first[1:], second[1:]) + (first[0] != second[0]),
    )
    if first[:2] == second[1::-1] and len(first) > 1 and len(second) > 1:
        best = min(best, reference(first[2:], second[2:]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 4))
def test_the_distance_is_that_of_its_definition(first, second, most):
    assert distance(first, second, most) == min(reference(first, second), most + 1)


@given(words, st.lists(words, max_size=4))
def test_a_suggestion_is_one_of_the_known_words_and_near(word, known):
    if (found := suggest(word, known)) is not None:
        assert found in known
        edits = reference(fold(word), fold(found))
        assert edits <= min(MOST_EDITS, len(fold(word)) // LETTERS_AN_EDIT)
