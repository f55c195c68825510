"""What the schema says of each field, by the path that people write: ``claims.confidence``."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportgen.record.schema import alternatives, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what it means, which values it takes, whether it must be there, and the fields below it.

    ``words`` says what each word that it may hold means; ``default`` and ``example`` are JSON, or empty.
    """

    path: str
    means: str
    values: str
    words: Mapping[str, str]
    required: str
    default: str
    example: str
    below: tuple[Field, ...]


def fields_of(schema: Schema, root: str) -> Iterator[Field]:
    """Yield all that a JSON Schema describes, each before those below it, and first the whole, named ``root``."""
    untitled = {name: value for name, value in schema.items() if name != "title"}
    whole = _field("", untitled, "", schema.get("$defs", {}))
    yield replace(whole, path=root)
    for field in whole.below:
        yield from _with_those_below(field)


def _with_those_below(field: Field) -> Iterator[Field]:
    yield field
    for each in field.below:
        yield from _with_those_below(each)


def _field(path: str, schema: Schema, required: str, definitions: dict[str, Schema]) -> Field:
    allowed = [each for each in alternatives(schema, definitions) if each.get("type") != "null"]
    examples = [example for each in (schema, *allowed) for example in each.get("examples", [])]
    below = _below(allowed, definitions)
    default = schema.get("default")
    return Field(
        path,
        " ".join((schema.get("description") or allowed[0].get("description", "")).replace("``", "`").split()),
        " or ".join(dict.fromkeys(_values(each, definitions) for each in allowed)),
        _meanings([*allowed, *_members(allowed, definitions)]),
        required,
        json.dumps(default, ensure_ascii=False) if default not in (None, "", []) and not below else "",
        json.dumps(examples[0], ensure_ascii=False) if examples else "",
        tuple(
            _field(f"{path}.{name}" if path else name, field, needed, definitions)
            for name, (field, needed) in below.items()
        ),
    )


def _values(schema: Schema, definitions: dict[str, Schema]) -> str:
    """Say what one alternative is, and of a list what its members are."""
    if "properties" in schema and "title" not in schema:
        return words_of({"type": "object", "required": schema.get("required", [])})
    if schema.get("type") != "array":
        return words_of(schema)
    members = [_values(each, definitions) for each in alternatives(schema["items"], definitions)]
    return f"a list, each member {' or '.join(dict.fromkeys(members))}"


def _members(allowed: list[Schema], definitions: dict[str, Schema]) -> list[Schema]:
    """List the alternatives for the members of lists."""
    lists = [each["items"] for each in allowed if "items" in each]
    return [each for items in lists for each in alternatives(items, definitions)]


def _meanings(allowed: list[Schema]) -> dict[str, str]:
    pairs = (zip(each.get("enum", ()), each.get("enumDescriptions", ()), strict=False) for each in allowed)
    return {word: meaning for pair in pairs for word, meaning in pair}


def _below(allowed: list[Schema], definitions: dict[str, Schema]) -> dict[str, tuple[Schema, str]]:
    """Find the fields of an object, or of the objects in a list, each with a word on whether it must be there."""
    parts = (allowed, _members(allowed, definitions))
    objects = [[each for each in part if "properties" in each] for part in parts]
    return {
        name: (field, _required(name, whole) if len(wholes) == 1 else "")
        for wholes in objects
        for whole in wholes
        for name, field in whole["properties"].items()
    }


def _required(name: str, whole: Schema) -> str:
    choice = [each for option in whole.get("anyOf", []) for each in option.get("required", [])]
    if name in choice:
        return f"one of {', '.join(f'`{each}`' for each in choice)} must be there"
    # The only field of an object that stands for something else, such as `claims.file`, is one way among others.
    return "must be there" if name in whole.get("required", []) and len(whole["properties"]) > 1 else ""
