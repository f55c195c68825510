"""What other tools write gets the remedy, and the remedy is true of the real schema."""

from __future__ import annotations

import json
from typing import Any

import pytest

from minimal_record import claim, minimal
from reportgen.base.errors import RecordError
from reportgen.base.suggestions import fold
from reportgen.record import read_record
from reportgen.record.near_misses import FIELDS, WORDS
from reportgen.record.schema import at_place, field_names

# One of each kind of object that the table knows, whole but for the field in question, and its place.
OBJECTS: dict[str, tuple[tuple[str | int, ...], dict[str, Any]]] = {
    "record": ((), {}),
    "claims": (("claims", 0), {"claims": [claim()]}),
    "claims.evidence": (("claims", 0, "evidence", 0), {"claims": [claim(evidence=[{"source": "a"}])]}),
    "claims.verdict_by": (
        ("claims", 0, "verdict_by"),
        {"claims": [claim(verdict_by={"type": "person", "name": "A"})]},
    ),
    "authors": (("authors", 0), {"authors": [{"name": "A"}]}),
    "source": (("sources", 0), {"sources": [{}]}),
    "search": (("search",), {"search": {}}),
    "search.databases": (("search", "databases", 0), {"search": {"databases": [{"name": "A"}]}}),
    "search.excluded": (("search", "excluded", 0), {"search": {"excluded": [{"reason": "a", "n": 1}]}}),
    "review": (("review",), {"review": {"score": 7}}),
    "review.reviewers": (
        ("review", "reviewers", 0),
        {"review": {"score": 7, "reviewers": [{"role": "a", "score": 7}]}},
    ),
    "generator": (("generator",), {"generator": {"name": "a"}}),
    "sections": (("sections", 0), {"sections": [{"title": "a", "text": "b"}]}),
    "gate": (("gate",), {"gate": {"status": "UNVERIFIED"}}),
    "corrections": (
        ("corrections", 0),
        {
            "corrections": [
                {
                    "event_id": "1",
                    "corrected_at": "2026-06-10",
                    "correction_type": "CLAIM",
                    "public_note": "n",
                }
            ]
        },
    ),
}
NAMES = [
    (kind, ours, name) for kind, table in FIELDS.items() for ours in table for name in table[ours].split()
]
SPELT = [
    (place, ours, word) for place in WORDS for ours in WORDS[place] for word in WORDS[place][ours].split("|")
]


def problems(record: dict[str, Any]) -> dict[str, str]:
    """Return the hints by pointer."""
    try:
        read_record("record.json", raw=json.dumps(record).encode())
    except RecordError as error:
        return {problem.where.pointer: problem.hint for problem in error.problems}
    return {}


def fresh(kind: str) -> tuple[dict[str, Any], Any]:
    """Return a record, and its object of a kind."""
    place, changes = OBJECTS[kind]
    record = json.loads(json.dumps(minimal(**changes)))
    found: Any = record
    for part in place:
        found = found[part]
    return record, found


def pointer(kind: str, name: str) -> str:
    return "".join(f"/{part}" for part in (*OBJECTS[kind][0], name))


def follow(found: Any, kind: str, path: str) -> None:
    """Put an example of the field that the remedy names where it says."""
    place: tuple[str | int, ...] = OBJECTS[kind][0]
    *above, last = path.split(".")
    for name in above:
        place = (*place, name)
        if name in ("claims", "evidence"):
            found = found.setdefault(name, [claim() if name == "claims" else {"source": "a"}])[0]
            place = (*place, 0)
        else:
            needed = {"score": 7} if name == "review" else {"name": "a"} if name == "generator" else {}
            found = found.setdefault(name, needed)
    assert last in field_names(place)
    found[last] = example((*place, last))


def example(place: tuple[str | int, ...]) -> Any:
    """Return a value that the schema allows at a place."""
    if place == ("claims",):
        return [claim()]
    schema = next(each for each in at_place(place) if each.get("type") != "null")
    if given := schema.get("examples") or schema.get("enum"):
        return given[0]
    if schema.get("format") == "date-time":
        return "2026-06-10T06:30:49+00:00"
    if schema["type"] == "array":
        return [example((*place, 0))]
    if schema["type"] == "object":
        return {name: example((*place, name)) for name in schema.get("required", [])}
    return {"boolean": True, "string": "a", "integer": 1, "number": 1}[schema["type"]]


def test_the_kinds_of_the_table_are_all_tried():
    assert OBJECTS.keys() >= FIELDS.keys()
    assert len(NAMES) > 250


@pytest.mark.parametrize(("kind", "ours", "name"), NAMES)
def test_a_name_of_another_tool_gets_a_remedy_that_works(kind, ours, name):
    record, found = fresh(kind)
    assert name not in field_names(OBJECTS[kind][0]), "it is a field of ours, so nobody is ever told"
    found[name] = "x"
    hint = problems(record)[pointer(kind, name)]
    assert hint.startswith(f"write it as `{ours}`: " if ours else "leave it out")
    del found[name]
    if ours:
        follow(found, kind, ours)
    assert problems(record) == {}


@pytest.mark.parametrize("kind", FIELDS)
def test_no_name_is_told_two_things(kind):
    names = [fold(name) for _, _, name in (each for each in NAMES if each[0] == kind)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("place", "ours", "word"), SPELT)
def test_a_word_of_another_tool_gets_ours(place, ours, word):
    kind, _, name = place.rpartition(".")
    record, found = fresh(kind or "record")
    found.pop("verified", None)
    found[name] = word
    if kind == "claims" and name != "verdict":
        found["verified"] = True
    hint = problems(record)[pointer(kind or "record", name)]
    assert hint in (f"here that is `{ours}`", f"did you mean `{ours}`?")
    found[name] = ours
    assert problems(record) == {}


@pytest.mark.parametrize(
    ("place", "value", "hint", "right"),
    [
        ("claims.confidence", "0.8", "write it without quotes: 0.8", 0.8),
        ("claims.confidence", "80%", "write it as 0.8", 0.8),
        ("claims.confidence", "80 %", "write it as 0.8", 0.8),
        ("claims.confidence", 85, "write it as 0.85", 0.85),
        ("claims.verified", "yes", "write it as true", True),
        ("claims.verified", "False", "write it as false", False),
        ("claims.verified", 1, "write it as true", True),
        ("claims.sources", "doi:10.1000/x", 'write it as ["doi:10.1000/x"]', ["doi:10.1000/x"]),
        ("review.score", "7.5", "write it without quotes: 7.5", 7.5),
        ("search.screened", "12", "write it without quotes: 12", 12),
        ("record.version", 2, 'write it in quotes: "2"', "2"),
        ("record.date", "2026-05-30T12:00:00Z", 'write it as "2026-05-30"', "2026-05-30"),
        ("record.authors", "Ada", 'write it as [{"name": "Ada"}]', [{"name": "Ada"}]),
        ("record.authors", ["Ada"], 'write it as {"name": "Ada"}', [{"name": "Ada"}]),
        ("record.generator", "GPT-4", 'write it as {"name": "GPT-4"}', {"name": "GPT-4"}),
        ("record.review", 7.5, 'write it as {"score": 7.5}', {"score": 7.5}),
        (
            "record.claims",
            ["A."],
            'write it as {"text": "A.", "verdict": "not-checked"}',
            [{"text": "A.", "verdict": "not-checked"}],
        ),
    ],
)
def test_a_value_in_another_form_is_told_in_the_right_one(place, value, hint, right):
    kind, _, name = place.rpartition(".")
    record, found = fresh(kind)
    found[name] = value
    assert hint in problems(record).values()
    found[name] = right
    assert problems(record) == {}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("claims.confidence", "high"),
        ("claims.confidence", "180%"),
        ("claims.confidence", 7),  # of ten, or percent: nobody knows
        ("claims.confidence", True),
        ("search.screened", "12.5"),
        ("record.sources", ["a b"]),
        ("record.sections", "text"),
    ],
)
def test_a_form_that_nobody_can_tell_is_not_guessed(place, value):
    kind, _, name = place.rpartition(".")
    record, found = fresh(kind)
    found[name] = value
    (hint,) = problems(record).values()
    assert not hint.startswith("write it")


@pytest.mark.parametrize(
    ("place", "value", "hint"),
    [
        ("authors.roles", ["writing"], "did you mean `writing-original-draft` or `writing-review-editing`?"),
        ("authors.roles", ["Writing – original draft"], "did you mean `writing-original-draft`?"),
        ("authors.roles", ["Writing – review & editing"], "did you mean `writing-review-editing`?"),
        ("authors.roles", ["analysis"], "did you mean `formal-analysis`?"),
        ("authors.roles", ["boss"], "`reportgen explain authors.roles` says what each means"),
        (
            "corrections.correction_type",
            "other",
            "`reportgen explain corrections.correction_type` says what each means",
        ),
    ],
)
def test_a_word_that_is_near_several_or_none_is_told_which_there_are(place, value, hint):
    kind, _, name = place.rpartition(".")
    record, found = fresh(kind)
    found[name] = value
    assert list(problems(record).values()) == [hint]


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"sources": ["doi:10.113/bmj.k3870"]}, "a DOI begins with `10.` and four to nine digits"),
        ({"sources": [{"doi": "10.113/bmj.k3870"}]}, "a DOI begins with `10.` and four to nine digits"),
        ({"sources": ["arxiv:24.1"]}, "write it as arXiv's page shows it: 2402.18571"),
        ({"sources": ["isbn:9781119536629"]}, "compare it with the book"),
        ({"authors": [{"name": "A", "orcid": "0000-0002-1825-0098"}]}, "compare it with the person's page"),
        ({"limits": "Few."}, "write it as `limitations`"),
        ({"conflicts": "None."}, "did you mean `conflicts_of_interest`?"),
        (
            {"figures": [{"id": "fig-a", "file": "a.svg", "caption": "A.", "width": 70}]},
            'write it as "70%"',
        ),
    ],
    ids=str,
)
def test_the_remedy_is_that_of_the_very_value(changes, hint):
    (found,) = problems(minimal(**changes)).values()
    assert found.startswith(hint)


def test_a_work_with_more_than_its_identifier_is_an_item():
    record = minimal(sources=[{"doi": "10.1000/x", "title": "T"}])
    assert "CSL-JSON item with `id`, `type` and `title`" in problems(record)["/sources/0/title"]
    assert problems(minimal(sources=[{"id": "a", "type": "book", "DOI": "10.1000/x", "title": "T"}])) == {}
