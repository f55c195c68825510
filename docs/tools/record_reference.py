"""The reference of a record's fields, from the JSON Schema."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from reportgen.record import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """# The record: every field

This page is made from the JSON Schema of the format (`reportgen schema`), by `./run reference`. A record is one file,
in JSON or in YAML of the same shape. Fields marked **R** must be there; all others may be left out. A field that is not
listed is an error, which names the one that was probably meant. Examples are in JSON.

In YAML, plain words are what the core schema of YAML 1.2 says: `true` and `false`, `null`, numbers, and text for all
else, dates among it; `no` is text. A version such as `2` is text and wants quotes: `"2"`. Aliases and tags are refused.

Texts are plain but for `$...$`, which is mathematics where it parses; fields "in Markdown" are Markdown. Claims may be
kept in a file of their own: CSV, JSON Lines or Parquet, one claim a row, the fields of a claim as columns. In CSV
`sources` are set off by semicolons; `evidence` and `verdict_by`, which have fields of their own, need JSON Lines or
Parquet.
"""
_FORMATS = {"date": "date", "path": "path", "uuid": "UUID", "date-time": "date and time with time zone"}
_TYPES = {"boolean": "true or false", "integer": "whole number", "number": "number", "string": "text"}


def page() -> str:
    """Return the whole page."""
    schema = json_schema()
    definitions = schema["$defs"]
    names = dict.fromkeys(_named(schema, definitions, set()))
    objects = [name for name in names if _fields(definitions[name])]
    sections = [_section(name, definitions[name], definitions) for name in objects]
    return "\n".join([INTRODUCTION, _section("Record", schema, definitions), *sections])


def _named(schema: Any, definitions: dict[str, Any], seen: set[str]) -> Iterator[str]:
    """Yield the names of the objects that a schema leads to, in the order in which a reader meets them."""
    if isinstance(schema, list):
        for part in schema:
            yield from _named(part, definitions, seen)
    elif isinstance(schema, dict):
        if name := schema.get("$ref", "").rpartition("/")[2]:
            yield name
            if name not in seen:
                seen.add(name)
                yield from _named(definitions[name], definitions, seen)
        for key, part in schema.items():
            if key != "$defs":
                yield from _named(part, definitions, seen)


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any], bool]]:
    """List name and schema of each field of an object, and whether it must be there."""
    alternatives = [schema] if "properties" in schema else schema.get("anyOf", [])
    wholes = [each for each in alternatives if "properties" in each]
    return [
        (name, field, len(wholes) == 1 and name in whole.get("required", []))
        for whole in wholes
        for name, field in whole["properties"].items()
    ]


def _section(name: str, schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    lines = [f"## {_title(name)}", "", sentence(schema["description"]), ""]
    lines += ["| field | value | meaning | example |", "|---|---|---|---|"]
    for field, given, required in _fields(schema):
        shown = f"`{field}`{' **R**' if required else ''}"
        cells = (shown, value_of(given, definitions), sentence(given["description"]), _example(given))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _title(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    return re.sub(r"\bAi\b", "AI", words)


def _link(name: str) -> str:
    title = _title(name)
    shown = title if title.startswith("AI") else title.lower()
    return f"[{shown}](#{title.lower().replace(' ', '-')})"


def sentence(description: str) -> str:
    """Return a description on one line, as a sentence."""
    text = " ".join(description.replace("``", "`").split())
    return text if text.endswith(".") else f"{text}."


def value_of(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Say in a few words what a field may hold."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        meant = definitions[name]
        return _link(name) if _fields(meant) else value_of(meant, definitions)
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return ", ".join(f"`{value}`" for value in values)
    if "anyOf" in schema and "type" not in schema:
        kinds = [value_of(each, definitions) for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if schema["type"] == "array":
        return f"list of: {value_of(schema['items'], definitions)}"
    if schema["type"] == "object":
        return f"table of: {value_of(schema['additionalProperties'], definitions)}"
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    if title := schema.get("title"):
        return str(title)
    if forms := [each["format"] for each in schema.get("anyOf", [schema]) if "format" in each]:
        return " or ".join(_FORMATS[form] for form in forms)
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = "" if low is None else f", {low} or more" if high is None else f", {low} to {high}"
    return _TYPES[schema["type"]] + bounds


def _example(schema: dict[str, Any]) -> str:
    found = [each for part in (schema, *schema.get("anyOf", [])) for each in part.get("examples", [])]
    return f"`{json.dumps(found[0], ensure_ascii=False)}`" if found else ""
