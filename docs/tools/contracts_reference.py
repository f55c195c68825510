"""The reference of the public contracts, and their JSON Schemas, from the models that they are written from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.cli.editor import schema_text
from reportgen.exports.contracts import CONTRACTS, contract_named
from reportgen.exports.contracts.parts import ORIGINS, Header

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """# The public contracts

The published reports that this project follows are each accompanied by JSON files of a fixed form, the contracts.
reportgen writes the same files from a record, with the values that its PDF prints:

```sh
reportgen export record.json --to contracts        # every contract that applies
reportgen export record.json --to paper-manifest   # one of them
reportgen schema --contract paper-manifest         # its JSON Schema
```

Each file is named after the report and the contract, such as `NAME.paper-manifest.json`. A contract that a record
has nothing for is not written: `benchmark-evidence` needs `benchmark`, `math-result` needs `math`, and what the
[policy](settings.md) of the house leaves out has no contract. Named by itself, such a contract is an error
([`format-lacks`](codes.md#format-lacks)).

**Whose words these are.** A contract's name, its fields, words and thresholds are as published where the publisher's
schemas, pages or files show them. Where they do not, reportgen fills the gap and says so. In the tables below, and as
`x-origin` in the schemas, each field is one of

{origins}

`schema` and `contract_version` name the contract that a file follows. They do not say that the publisher of the
contracts wrote it: `publisher` is your house, and `generated_by` is reportgen.

**What is not known** is null or left out, as the schema says. An address is written only where it is known where the
files will lie; the size and hash of the PDF only where there is one.

**Counts of claims.** In the published files the count called `verified_claim_count` is the number of *extracted*
claims. Here it holds the count that the tier is decided by, and `counted_claims` and `basis` say which one that is;
`claims` has all three counts apart.

**Texts of the record** are unchanged: every character of them is in the file. reportgen's own words are in English,
whatever the language of the report.
"""
_COMMON = """## In every contract

These fields begin each file; `interpretation`, `limitations` and such stand at its end.
"""
_HEADER = {field.alias or name for name, field in Header.model_fields.items()}


def schemas() -> dict[str, str]:
    """Return the schemas of all contracts, by the names of their files."""
    return {f"{name}.schema.json": schema_text(contract_named(name).json_schema()) for name in CONTRACTS}


def page() -> str:
    """Return the whole page."""
    origins = "\n".join(f"- **{name}**: {meaning}" for name, meaning in ORIGINS.items())
    shown: set[str] = set()
    first = contract_named("review-monitor").json_schema()
    header = {name: value for name, value in first["properties"].items() if name in _HEADER}
    parts = [INTRODUCTION.replace("{origins}", origins), _COMMON, _table(header, first["$defs"])]
    parts += _objects(header, first["$defs"], shown)
    for name in CONTRACTS:
        schema = contract_named(name).json_schema()
        own = {key: value for key, value in schema["properties"].items() if key not in _HEADER}
        own |= {key: value for key, value in schema["properties"].items() if _is_other(key, value, header)}
        parts += [f"## {name}\n\n{schema['title']}. {schema['description']}\n", _table(own, schema["$defs"])]
        parts += _objects(own, schema["$defs"], shown)
    return "\n".join(parts)


def _is_other(name: str, value: dict[str, Any], header: dict[str, Any]) -> bool:
    """Tell whether a contract has a field of the header in a form of its own."""
    return name in header and value.get("$ref") != header[name].get("$ref")


def _objects(fields: dict[str, Any], definitions: dict[str, Any], shown: set[str]) -> Iterator[str]:
    """Yield the tables of the objects that fields lead to, those that were shown before left out."""
    for name in _named(fields):
        if name not in shown and "properties" in definitions[name]:
            shown.add(name)
            described = definitions[name]
            yield f"### {name}\n\n{described['description']}\n"
            yield _table(described["properties"], definitions)
            yield from _objects(described["properties"], definitions, shown)


def _named(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _named(part)
    elif isinstance(schema, dict):
        if name := schema.get("$ref", "").rpartition("/")[2]:
            yield name
        for part in schema.values():
            yield from _named(part)


def _table(fields: dict[str, Any], definitions: dict[str, Any]) -> str:
    rows = [
        f"| `{name}` | {_kind(value)} | {value['x-origin']} | {_meaning(value, definitions)} |"
        for name, value in fields.items()
    ]
    return "\n".join(["| field | value | from | meaning |", "|---|---|---|---|", *rows, ""])


def _meaning(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return what a field means; where it has no words of its own, those of its object."""
    described = value if "description" in value else definitions[value["$ref"].rpartition("/")[2]]
    return str(described["description"]).replace("``", "`")


def _kind(value: dict[str, Any]) -> str:
    """Name what a field holds: a type, or an object with a table of its own."""
    if name := value.get("$ref", "").rpartition("/")[2]:
        return name
    if "anyOf" in value:
        return " or ".join(map(_kind, value["anyOf"]))
    if words := value.get("enum"):
        return ", ".join(f"`{word}`" for word in words)
    if value["type"] == "array":
        return f"list of {_kind(value['items'])}"
    return str(value.get("format") or value["type"])


if __name__ == "__main__":
    print(page())
