"""The JSON Schema of the format, and what it expects at a place, in words."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from reportgen.base.words import Word, meanings
from reportgen.record.model import ClaimsFile, Record

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core.core_schema import EnumSchema, ModelSchema

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:reportgen:schema:record-v1"


class Untitled(GenerateJsonSchema):
    """Leave out titles that only repeat the name of a field or a class: a title says what a value is."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """Leave out the name of a field."""
        return False

    def enum_schema(self, schema: EnumSchema) -> dict[str, Any]:
        """Say of each word what it means."""
        made = super().enum_schema(schema)
        words = [member for member in schema["members"] if isinstance(member, Word)]
        return {**made, **meanings(*(word.meaning for word in words))} if words else made

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        """Leave out the name of a class."""
        made = super().model_schema(schema)
        made.pop("title", None)
        return made


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, in which a title says what a value is."""
    return model.model_json_schema(schema_generator=Untitled)


@cache
def _schema() -> dict[str, Any]:
    schema = schema_of(Record)
    claims = schema["properties"]["claims"]
    schema["$defs"]["ClaimsFile"] = schema_of(ClaimsFile)
    schema["properties"]["claims"] = {
        "description": claims.pop("description"),
        "default": claims.pop("default"),
        "anyOf": [claims, {"$ref": "#/$defs/ClaimsFile"}],
    }
    return {"$schema": _DIALECT, "$id": _ID, **schema, "title": "A record for reportgen"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record (draft 2020-12), made from the models; a new value each time.

    It cannot say everything that reading checks: repeated keys, half characters, check digits, claims that
    share an id, and the claims in a file of their own.
    """
    return deepcopy(_schema())


def at_place(parts: tuple[str | int, ...]) -> list[dict[str, Any]]:
    """Find what the schema allows at a place: its alternatives, none where the schema says nothing."""
    definitions = _schema()["$defs"]
    found = alternatives(_schema(), definitions)
    for part in parts:
        below = [_below(schema, part) for schema in found]
        found = [each for schema in below if schema is not None for each in alternatives(schema, definitions)]
    return found


def _below(schema: dict[str, Any], part: str | int) -> dict[str, Any] | None:
    return schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)


def field_names(parts: tuple[str | int, ...]) -> list[str]:
    """List the fields that an object at a place may have."""
    return sorted({name for schema in at_place(parts) for name in schema.get("properties", {})})


def is_required(parts: tuple[str | int, ...]) -> bool:
    """Tell whether the object around a place must have that field."""
    return any(parts[-1] in schema.get("required", []) for schema in at_place(parts[:-1]))


def expectation(parts: tuple[str | int, ...]) -> tuple[str, str]:
    """Say what a place expects ("a number from 0 to 10"), and give an example as JSON, or ''."""
    allowed = at_place(parts)
    words = list(dict.fromkeys(words_of(schema) for schema in allowed))
    examples = [example for schema in allowed for example in schema.get("examples", [])]
    return " or ".join(words), json.dumps(examples[0], ensure_ascii=False) if examples else ""


def alternatives(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Resolve a reference and split ``anyOf``; what is said beside it holds for each alternative."""
    if reference := schema.get("$ref"):
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return alternatives({**definitions[reference.rpartition("/")[2]], **beside}, definitions)
    if "anyOf" not in schema or "type" in schema:
        return [schema]
    beside = {name: schema[name] for name in ("title", "examples") if name in schema}
    return [{**beside, **found} for each in schema["anyOf"] for found in alternatives(each, definitions)]


_FORMATS = {
    "uuid": "a UUID",
    "date": "a date",
    "date-time": "a date and time with its time zone",
    "path": "a path",
}
_TYPES = {
    "boolean": "true or false",
    "array": "a list",
    "string": "text that is not blank",
    "null": "null",
    "object": "an object",
}


def words_of(schema: dict[str, Any]) -> str:
    """Word one alternative."""
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        words = ", ".join(f"`{value}`" for value in values)
        return f"one of {words}" if len(values) > 1 else words
    if title := schema.get("title"):
        return f"{'an' if title[0] in 'AEIOaeio' else 'a'} {title}"
    if forms := [form["format"] for form in schema.get("anyOf", [schema]) if "format" in form]:
        return " or ".join(_FORMATS[form] for form in forms)
    if schema["type"] in ("integer", "number"):
        return _number_words(schema)
    if schema["type"] == "string" and not schema.keys() & {"minLength", "pattern"}:
        return "text"
    required = ", ".join(f"`{name}`" for name in schema.get("required", []))
    return _TYPES[schema["type"]] + (f" with {required}" if required else "")


def _number_words(schema: dict[str, Any]) -> str:
    noun = "a whole number" if schema["type"] == "integer" else "a number"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        return noun
    return f"{noun} of {low} or more" if high is None else f"{noun} from {low} to {high}"
