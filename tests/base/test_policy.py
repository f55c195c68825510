from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reportgen.base.policy import PUBLISHED_TIERS, Policy
from reportgen.base.settings import Settings

TWO = [{"name": "Solid", "lowest_score": 7, "lowest_count": 2, "archived": True}, {"name": "Tentative"}]


def test_the_published_tiers_are_data():
    rows = [(tier.name, tier.lowest_score, tier.below_score, tier.lowest_count) for tier in PUBLISHED_TIERS]
    assert rows == [
        ("FLAGSHIP_CANDIDATE", 8.5, None, 5),
        ("DOI_GRADE", 7.5, None, 1),
        ("PUBLIC_RECORD", 5.0, None, 0),
        ("WATCHLIST", None, None, 0),
        ("QUARANTINE_CANDIDATE", None, 5.0, 0),
    ]
    assert [tier.name for tier in PUBLISHED_TIERS if tier.archived] == ["FLAGSHIP_CANDIDATE"]
    assert [tier.name for tier in PUBLISHED_TIERS if tier.printed_only] == ["PUBLIC_RECORD"]


def test_without_a_name_the_published_rules_hold_and_each_can_be_changed():
    assert Policy(ladder=False) == Policy().model_copy(update={"ladder": False})


def test_plain_leaves_out_every_house_rule_that_is_not_asked_for():
    rules = ("gate", "ladder", "tiers", "dimensions", "machine_made")
    assert not any(getattr(Policy(name="plain"), rule) for rule in rules)
    assert [rule for rule in rules if getattr(Policy(name="plain", gate=True), rule)] == ["gate"]


@pytest.mark.parametrize(
    ("score", "count", "archived", "name"),
    [
        (7, 2, True, "Solid"),
        (6.99, 2, True, "Tentative"),
        (7, 1, True, "Tentative"),
        (9, 9, False, "Tentative"),
    ],
)
def test_a_house_names_its_own_tiers(score, count, archived, name):
    assert Policy(tiers=TWO).tier_of(score, count, archived=archived).name == name


@given(st.floats(0, 10), st.integers(0, 9), st.booleans())
def test_with_tiers_every_score_has_one(score, count, archived):
    assert Policy(tiers=TWO).tier_of(score, count, archived=archived) is not None
    assert Policy(name="plain").tier_of(score, count, archived=archived) is None


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        (TWO[:1], "must ask for nothing"),
        ([{"name": "A"}, {"name": "B"}], "must ask for nothing"),
        ([*TWO, {**TWO[0]}], "two tiers have one name"),
        ([{"name": "A", "lowest_score": 11}, TWO[1]], "less than or equal to 10"),
        ([{"name": ""}], "at least 1 item"),
        ([{"name": "a\u202eb"}], "steers"),
        ([{"name": "A", "lowest_count": -1}, TWO[1]], "greater than or equal to 0"),
    ],
)
def test_tiers_that_cannot_be_are_refused(tiers, said):
    with pytest.raises(ValidationError, match=said):
        Policy(tiers=tiers)


@pytest.mark.parametrize(
    ("given", "name", "named"),
    [
        ({}, "Assignee Research", False),
        ({"policy": {"name": "plain"}}, "...", False),
        ({"publisher": {"name": "..."}}, "...", False),
        ({"publisher": {"name": "House"}}, "House", True),
        ({"publisher": {"name": "House"}, "policy": {"name": "plain"}}, "House", True),
    ],
)
def test_whose_name_is_printed_and_whether_the_house_said_so(given, name, named):
    settings = Settings(**given)
    assert (settings.publisher.name, settings.names_publisher) == (name, named)


def test_a_publisher_with_a_name_has_no_address_of_another_house():
    assert Settings(publisher={"name": "House"}).publisher.url is None
