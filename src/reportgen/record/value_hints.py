"""How a value that is refused would be right: without its quotes, as a list, in the words of the field."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from reportgen.base.suggestions import fold, suggest
from reportgen.record.near_misses import kind_of, word_meant
from reportgen.record.schema import at_place, expectation, is_required

if TYPE_CHECKING:
    from collections.abc import Sequence

    Schema = dict[str, Any]

LONGEST_QUOTE = 60
"""Characters of a value that a message repeats."""
LOWEST_PERCENT = 10
"""A bare number from here on, where 1 is the most, is taken for a percentage; below, it may be one of ten."""
_YES, _NO = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=[T ])")
_PART = re.compile("[-_]")
_LEAST_BEGUN, _MOST_NEAR = 3, 3
_SEVERAL = re.compile(r"[,;]\s")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?(e-?\d\d?)?")


def value_hint(parts: tuple[str | int, ...], value: Any) -> str:
    """Say what to write at a place instead of a value that is wrong there, or ''."""
    schemas = at_place(parts)
    if hint := _word_hint(parts, value, schemas):
        return hint
    if (right := _right_form(parts, value, schemas)) is not None and len(right) <= LONGEST_QUOTE:
        return f"write it {_manner(value, right)} {right}"
    if any("enumDescriptions" in schema for schema in schemas):
        return f"`reportgen explain {kind_of(parts)}` says what each means"
    if example := expectation(parts)[1]:
        return f"for example {example}"
    if isinstance(parts[-1], int) or is_required(parts):
        return ""
    return f"leave `{parts[-1]}` out where there is nothing to say"


def _manner(value: Any, right: str) -> str:
    if value == right:
        return "without quotes:"
    return "in quotes:" if right == f'"{value}"' else "as"


def _word_hint(parts: tuple[str | int, ...], value: Any, schemas: Sequence[Schema]) -> str:
    words = _words(schemas)
    if not words or not isinstance(value, str | bool):
        return ""
    said = str(value)
    if meant := word_meant(said, kind_of(parts)):
        return f"here that is `{meant}`"
    close = suggest(said, words)
    near = [close] if close else _near(said, words)
    return f"did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else ""


def _near(said: str, words: Sequence[str]) -> list[str]:
    """Return the few words that have a whole word of theirs in common with what was said, or begin with it."""
    begun = fold(said)
    if len(begun) < _LEAST_BEGUN:
        return []
    found = [word for word in words if begun in _PART.split(word.casefold()) or fold(word).startswith(begun)]
    return found if len(found) <= _MOST_NEAR else []


def _words(schemas: Sequence[Schema]) -> list[str]:
    """List the words that a field holds, where there are only some."""
    return [str(word) for schema in schemas for word in schema.get("enum", [schema.get("const")]) if word]


def _right_form(parts: tuple[str | int, ...], value: Any, schemas: Sequence[Schema]) -> str | None:
    """Return the value as JSON in the form that a place takes, where that can be told."""
    kinds = [schema.get("type", "") for schema in schemas]
    for kind, schema in zip(kinds, schemas, strict=True):
        # Of several objects that may stand here nobody knows which one is meant.
        form = _FORMS.get(kind) if kinds.count(kind) == 1 else None
        if form and (right := form(parts, value, schema)) is not None:
            return right
    return None


def _as_boolean(_: tuple[str | int, ...], value: Any, __: Schema) -> str | None:
    said = str(value).strip().casefold()
    return "true" if said in _YES else "false" if said in _NO else None


def _as_number(_: tuple[str | int, ...], value: Any, schema: Schema) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    digits = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(digits):
        return None
    low, high = schema.get("minimum"), schema.get("maximum")
    number = float(digits)
    if high == 1 and (text != digits or number >= LOWEST_PERCENT):
        number /= 100
    is_whole = number.is_integer()
    if (schema["type"] == "integer" and not is_whole) or (low is not None and number < low):
        return None
    if high is not None and number > high:
        return None
    return str(int(number)) if is_whole else f"{number:.12g}"


def _as_text(_: tuple[str | int, ...], value: Any, schema: Schema) -> str | None:
    if schema.get("format") == "date" and isinstance(value, str) and (day := _DAY.match(value)):
        return _json(day[0])
    is_free = not {"title", "format"} & schema.keys()
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    forms = (str(value), f"{value}%") if is_free and is_number else ()
    return next((_json(form) for form in forms if re.search(schema.get("pattern", ""), form)), None)


def _as_list(parts: tuple[str | int, ...], value: Any, _: Schema) -> str | None:
    # A text with separators in it may be several members: an example says more than a list of one.
    if value is None or isinstance(value, list) or (isinstance(value, str) and _SEVERAL.search(value)):
        return None
    member = _member(value, (*parts, 0))
    return None if member is None else f"[{member}]"


def _member(value: Any, place: tuple[str | int, ...]) -> str | None:
    kind = "string" if isinstance(value, str) else "object" if isinstance(value, dict) else ""
    schemas = at_place(place)
    if any(schema.get("type") == kind for schema in schemas):
        return _json(value)
    return _right_form(place, value, schemas)


def _as_object(parts: tuple[str | int, ...], value: Any, schema: Schema) -> str | None:
    """Put a bare value into the one field that the object must have."""
    required = schema.get("required", [])
    if len(required) != 1 or isinstance(value, dict | list | bool) or value is None:
        return None
    member = (*parts, required[0])
    kinds = {each.get("type") for each in at_place(member)}
    fits = isinstance(value, str) and "string" in kinds
    fits = fits or (isinstance(value, int | float) and "number" in kinds)
    if not fits:
        return None
    # A text alone is no claim before somebody says whether it was checked.
    more = {"verdict": "not-checked"} if kind_of(parts) == "claims" else {}
    return _json({required[0]: value, **more})


_FORMS = {
    "boolean": _as_boolean,
    "integer": _as_number,
    "number": _as_number,
    "string": _as_text,
    "array": _as_list,
    "object": _as_object,
}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
