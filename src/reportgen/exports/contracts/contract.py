"""A contract: its name, its model, what composes it from a report, and its JSON Schema."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json

from reportgen.base.characters import STEERING
from reportgen.exports.contracts.parts import ORIGINS, Header, Part
from reportgen.exports.interface import Format
from reportgen.record.schema import Untitled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core.core_schema import ModelSchema

    from reportgen.exports.interface import Publication

HOME: Final = "https://assignee.net"
"""The site of the publisher whose contracts these are."""
SCHEMA_VERSION: Final = "1.0"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNSEEN = re.compile(f"(?!\n)[{STEERING}]")
_MINOR = {"paper-manifest": 1}
UPDATED: Final[Mapping[str, str]] = {"benchmark-evidence": "2026-06-01"}
"""The dates of versions, where the publisher's texts show them."""


def schema_address(name: str) -> str:
    """Return the address by which the publisher names a contract."""
    return f"{HOME}/schemas/{name}-v1"


def contract_version(name: str) -> str:
    """Return the version of a contract as instances name it: ``paper-manifest-v1.1``."""
    return f"{name}-v1.{_MINOR.get(name, 0)}"


def _nothing(_: Publication) -> str:
    return ""


def json_bytes(values: Any) -> bytes:
    """Write values as JSON, in which what is not seen or steers what shows it is written by number."""
    text = to_json(values, indent=2).decode()
    return (_UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract. ``vocabulary`` are the terms of the publisher's schema beyond JSON Schema, ``x-...``."""

    name: str
    title: str
    model: type[Header]
    compose: Callable[[Publication], Header]
    lacking: Callable[[Publication], str] = _nothing
    vocabulary: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ending(self) -> str:
        """Return how the name of its file ends."""
        return f".{self.name}.json"

    @property
    def format(self) -> Format:
        """Return the contract as a format."""
        return Format(
            name=self.name,
            title=self.title,
            ending=self.ending,
            media_type="application/json",
            write=self._write,
            lacking=self.lacking,
        )

    def _write(self, publication: Publication) -> bytes:
        values = self.compose(publication).model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json_bytes(values)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of what is written, in which ``x-origin`` says whose a field is."""
        made = self.model.model_json_schema(schema_generator=_WithOrigins)
        constants = {
            "schema": schema_address(self.name),
            "schema_version": SCHEMA_VERSION,
            "contract_version": contract_version(self.name),
        }
        for name, value in constants.items():
            made["properties"][name]["const"] = value
        return {
            "$schema": _DIALECT,
            "$id": f"urn:reportgen:schema:contract:{self.name}-v1",
            "title": self.title,
            **made,
            "x-follows": schema_address(self.name),
            "x-origins": ORIGINS,
            **self.vocabulary,
        }


class _WithOrigins(Untitled):
    """Say of each field where it comes from; one with a default may be left out, and is then never null."""

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        made = super().model_schema(schema)
        # The published schemas are open, so that a later version may add a field.
        made.pop("additionalProperties", None)
        part: type[Part] = schema["cls"]
        made["properties"] = {
            name: {**_given(value), "x-origin": value.get("x-origin", part.origin)}
            for name, value in made["properties"].items()
        }
        return made


def _given(value: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value that is not null where its field may be left out."""
    if "default" not in value:
        return value
    kept = {name: each for name, each in value.items() if name not in {"default", "anyOf"}}
    (alternative,) = [each for each in value["anyOf"] if each != {"type": "null"}]
    return {**alternative, **kept}
