"""The fields of a record against the model: one problem per place, in words of ours."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from reportgen.base.errors import Level, Problem, Where, pointer_of
from reportgen.base.suggestions import fold, suggest
from reportgen.record.near_misses import field_meant, kind_of
from reportgen.record.schema import at_place, expectation, field_names
from reportgen.record.value_hints import LONGEST_QUOTE, value_hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

MOST_NAMES = 10
"""Fields that a hint lists; of more, `reportgen explain` tells."""
LEAST_BEGUN = 4
"""Letters from which on a name may be the beginning of the field that is meant."""
MOST_OF_A_KIND = 1000
"""Problems that are worked out one by one; after them one says how many more there are."""
M = TypeVar("M", bound=BaseModel)
Parts = tuple[str | int, ...]


class Places(Protocol):
    """What knows where a value stands, such as `JsonDocument.where`."""

    def __call__(self, pointer: str, *, key: bool = False) -> Where:
        """Find the value, or its key, that a pointer names."""


def validate(model: type[M], data: Any, places: Places, root: Parts = ()) -> tuple[M | None, list[Problem]]:
    """Make a model from plain values, or say what prevents it; ``root`` is its place in the record."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = _without_misnamed(error.errors(include_url=False), data, root)
    problems: dict[str, Problem] = {}
    kinds = Counter(detail["type"] for detail in details)
    told: Counter[str] = Counter()
    for detail in details:
        kind = detail["type"]
        told[kind] += 1
        if (kind == "too_short" and detail["input"]) or told[kind] > MOST_OF_A_KIND + 1:
            continue  # a list counts only members that are right, and those that are not are told themselves
        problem = _problem(detail, data, places, root)
        if told[kind] > MOST_OF_A_KIND:
            problem = _and_more(problem, kinds[kind] - MOST_OF_A_KIND)
        problems.setdefault(problem.where.pointer, problem)
    return None, list(problems.values())


def _without_misnamed(details: list[ErrorDetails], data: Any, root: Parts) -> list[ErrorDetails]:
    """Leave out that a field is missing where it stands under another name, which is told itself."""
    misnamed = set()
    for detail in details:
        if detail["type"] == "extra_forbidden":
            *owner, name = existing_place(detail["loc"], data)[0]
            misnamed.add((*owner, _meant(str(name), (*root, *owner))))
    return [
        detail
        for detail in details
        if detail["type"] != "missing" or not misnamed & set(_names_of(detail["loc"], data))
    ]


def _names_of(location: Sequence[str | int], data: Any) -> Iterator[Parts]:
    """Yield the places at which a field that is missing may stand."""
    owner, _ = existing_place(location[:-1], data)
    name = location[-1]
    yield (*owner, name)
    if name == "verified":
        yield (*owner, "verdict")


def _meant(name: str, owner: Parts) -> str | None:
    """Return the field of an object that an unknown name stands for, where that can be told."""
    if meant := field_meant(name, kind_of(owner)):
        return meant.partition(".")[0]
    return suggest(name, field_names(owner))


def _and_more(problem: Problem, count: int) -> Problem:
    message = f"here and further on are {count} more problems of this kind, which are not told one by one"
    return replace(problem, message=message, hint="correct those that are told, and read the record again")


def _problem(detail: ErrorDetails, data: Any, places: Places, root: Parts) -> Problem:
    place, value = existing_place(detail["loc"], data)
    parts = (*root, *place)
    context, remedy = detail.get("ctx", {}), ""
    match detail["type"]:
        case "missing":
            name = str(detail["loc"][-1])
            return _missing((*parts, name), places)
        case "extra_forbidden":
            where = places(pointer_of(parts), key=True)
            return unknown_field(str(parts[-1]), parts[:-1], where)
        case "duplicate_claim_id":
            where = places(pointer_of((*parts, context["index"], "id")))
            message = f"an earlier claim has the id `{context['id']}` already"
            hint = "give each claim its own id, or leave the ids out"
            return Problem("duplicate-claim-id", Level.ERROR, where, message, hint)
        case "value_error":
            message, remedy = str(context["error"]), getattr(context["error"], "remedy", "")
        case "too_short":
            message = "the list is empty"
        case "too_long":
            message = (
                f"the list has {len(value)} members, and {context['max_length']} is the most it may have"
            )
        case _:
            message = f"expected {expectation(parts)[0]}, found {_quoted(value)}"
    return Problem(
        "wrong-value", Level.ERROR, places(pointer_of(parts)), message, remedy or value_hint(parts, value)
    )


def existing_place(location: Sequence[str | int], data: Any) -> tuple[Parts, Any]:
    """Follow a location as far as the data goes; beyond that it names pydantic's own alternatives."""
    place: Parts = ()
    for part in location:
        if not (part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int)):
            break
        data = data[part]
        place = (*place, part)
    return place, data


def _missing(parts: Parts, places: Places) -> Problem:
    expected, example = expectation(parts)
    hint = f"add `{parts[-1]}`: {expected}" + (f", for example {example}" if example else "")
    message = f"the field `{parts[-1]}` is missing"
    return Problem("missing-field", Level.ERROR, places(pointer_of(parts)), message, hint)


def unknown_field(name: str, owner: Parts, where: Where) -> Problem:
    """Refuse a field that the object at a place does not have, and say what to write instead."""
    return Problem(
        "unknown-field", Level.ERROR, where, f"there is no field `{name}` here", _field_hint(name, owner)
    )


def _field_hint(name: str, owner: Parts) -> str:
    known, kind = field_names(owner), kind_of(owner)
    meant = field_meant(name, kind)
    if meant:
        expected, example = expectation((*owner, *_steps(owner, meant)))
        return f"write it as `{meant}`: {expected.removesuffix(' or null')}" + (
            f", for example {example}" if example else ""
        )
    if meant is not None:
        return "leave it out: no part of a report prints it"
    if close := suggest(name, known) or _only_one_begun(name, known):
        return f"did you mean `{close}`?"
    if kind == "source":
        return (
            f"name a work by one of {_listed(known)}, or give a CSL-JSON item with `id`, `type` and `title`"
        )
    if len(known) <= MOST_NAMES:
        return f"the fields here are {', '.join(known)}"
    return f"`reportgen explain {kind}` lists the {len(known)} fields here"


def _only_one_begun(name: str, known: Sequence[str]) -> str | None:
    begun = [each for each in known if len(name) >= LEAST_BEGUN and fold(each).startswith(fold(name))]
    return begun[0] if len(begun) == 1 else None


def _steps(owner: Parts, path: str) -> Parts:
    """Turn the path of a field below an object into its place, with a number for a member of each list."""
    steps: Parts = ()
    for name in path.split("."):
        is_list = steps and any(schema.get("type") == "array" for schema in at_place((*owner, *steps)))
        steps = (*steps, *((0,) if is_list else ()), name)
    return steps


def _listed(known: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in known if name not in ("id", "type"))


def _quoted(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
