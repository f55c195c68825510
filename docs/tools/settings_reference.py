"""The reference of the settings, from their model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from record_reference import sentence, value_of
from reportgen.base.policy import Tier
from reportgen.base.settings import _NOT_IN_FILE, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """# Settings: every line of reportgen.toml

This page is made from the program, by `./run reference`. `reportgen.toml` lies in the folder of the records or above
it; the nearest one holds. Every line may be left out, and a line that is not listed is an error. Relative paths start
from the folder of the file. `-o`, `--engine`, `--paper` and `--strict` of `reportgen compile` override what it says.

```toml
id_prefix = "CAL"
license = "CC-BY-4.0"

[publisher]
name = "Calibration Group"
url = "https://example.org"

[levels]
claim-without-source = "error"
```

What follows the dot is a key of the table before it: `publisher.name` is `name` under `[publisher]`. Rules and look,
with examples: [house style](../how-to/house-style.md). Codes for `levels`: [what each code means](codes.md).
"""
AUTHORS = """## authors

Each author is a table `[[authors]]` with the fields of an [author](record.md#author) in a record.
"""
OF_USER = """## What the user alone may say

These are options of the command line and arguments of [`Settings`](api.md), never lines of the file:
"""


def page() -> str:
    """Return the whole page."""
    schema = Settings.model_json_schema()
    definitions = {name: _untitled(each) for name, each in schema["$defs"].items()}
    parts = [INTRODUCTION, "## All settings\n", _table(_rows(Settings(), _untitled(schema), definitions))]
    tier = definitions["Tier"]
    plain = Tier(name="...")
    tiers = [
        _row(name, field, definitions, "" if name == "name" else getattr(plain, name))
        for name, field in tier["properties"].items()
    ]
    parts += [f"## policy.tiers\n\n{sentence(tier['description'])}\n", _table(tiers), AUTHORS, OF_USER]
    return "\n".join(parts) + "".join(f"\n* `{name}`: {why}." for name, why in _NOT_IN_FILE.items()) + "\n"


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an object's schema without the titles that pydantic makes of the names of its fields."""
    fields = {
        name: {key: value for key, value in field.items() if key != "title"}
        for name, field in schema.get("properties", {}).items()
    }
    return {**schema, "properties": fields} if fields else schema


def _rows(
    table: BaseModel, schema: dict[str, Any], definitions: dict[str, Any], within: str = ""
) -> Iterator[str]:
    """Yield the row of each setting of a table with its defaults, and of the tables in it."""
    for name, field in type(table).model_fields.items():
        default = (
            field.get_default(call_default_factory=True)
            if isinstance(table, Settings)
            else getattr(table, name)
        )
        if isinstance(default, BaseModel):
            yield from _rows(default, definitions[type(default).__name__], definitions, f"{within}{name}.")
        elif within or name not in _NOT_IN_FILE:
            yield _row(f"{within}{name}", schema["properties"][name], definitions, default)


def _row(name: str, schema: dict[str, Any], definitions: dict[str, Any], default: object) -> str:
    value = "list of tables" if name in {"authors", "policy.tiers"} else value_of(schema, definitions)
    cells = (f"`{name}`", value, _shown(default), sentence(schema["description"]))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shown(default: object) -> str:
    """Write a default as it would stand in the file; nothing where there is none."""
    if isinstance(default, tuple):
        default = [getattr(each, "name", str(each)) for each in default]
    is_plain = isinstance(default, (bool, int, list, dict))
    return (
        f"`{json.dumps(default if is_plain else str(default))}`" if default not in (None, "", [], {}) else ""
    )


def _table(rows: Iterator[str] | list[str]) -> str:
    return "\n".join(["| setting | value | default | meaning |", "|---|---|---|---|", *rows]) + "\n"
