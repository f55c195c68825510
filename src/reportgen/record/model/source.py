"""A source reference: a key, an identifier, a URL or an inline CSL-JSON item."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator

from reportgen.base.characters import is_blank
from reportgen.base.identifiers import Identifier, Kind, identify
from reportgen.base.values import Model

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

_SAID: dict[Kind, tuple[str, str]] = {
    "key": ("The key of an entry of the bibliography, or the id of an inline item.", "wang2024dpa"),
    "doi": ("The DOI of the work.", "10.1038/s41592-019-0686-2"),
    "arxiv": ("The arXiv identifier of the paper, with or without its version.", "2402.18571v3"),
    "pmid": ("The number of the paper in PubMed.", "31015634"),
    "isbn": ("The ISBN of the book.", "978-0-262-03384-8"),
    "url": ("The address of the page.", "https://example.org/report"),
}
_NAMES = tuple(_SAID)
_STRING = {"type": "string", "minLength": 1}

_SOURCE_SCHEMA: dict[str, Any] = {
    "title": "source",
    "description": "A key of the bibliography, doi:, arxiv:, pmid:, isbn: or a URL as text; an object with one of "
    "them as its only field; or an inline CSL-JSON item, with `id`, `type` and what else CSL has.",
    "examples": ["arxiv:2402.18571v3", "doi:10.1038/s41592-019-0686-2", {"key": "wang2024dpa"}],
    "anyOf": [
        _STRING,
        *(
            {
                "type": "object",
                "properties": {name: {**_STRING, "description": sentence, "examples": [example]}},
                "required": [name],
                "additionalProperties": False,
            }
            for name, (sentence, example) in _SAID.items()
        ),
        {
            "type": "object",
            "description": "An inline CSL-JSON item",
            "properties": {
                "id": {
                    **_STRING,
                    "description": "The name of the item, for citations.",
                    "examples": ["guo2017"],
                },
                "type": {
                    "type": "string",
                    "description": "The type of the work, as CSL names it.",
                    "examples": ["book"],
                },
            },
            "required": ["id", "type"],
        },
    ],
}


class SourceReference(Model):
    """One source: exactly one of a key, an identifier, a URL, or an inline CSL-JSON item."""

    key: str | None = None
    doi: str | None = None
    arxiv: str | None = None
    pmid: str | None = None
    isbn: str | None = None
    url: str | None = None
    item: dict[str, Any] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text_or_item(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = identify(value)
            # What is stored must read the same under its kind: a DOI of arXiv's own is an arXiv id.
            return {found.kind: f"{found.value}{f'v{found.version}' if found.version else ''}"}
        if isinstance(value, dict) and "type" in value and "item" not in value:
            return {"item": value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        reference = handler(core_schema)
        definition = handler.resolve_ref_schema(reference)
        definition.clear()
        definition.update(_SOURCE_SCHEMA)
        return reference

    @model_validator(mode="after")
    def _exactly_one(self) -> SourceReference:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "a source is exactly one of key, doi, arxiv, pmid, isbn, url, or a CSL-JSON item with 'type'"
            )
        if self.item is not None and (not isinstance(name := self.item.get("id"), str) or is_blank(name)):
            raise ValueError("an inline CSL-JSON item needs an 'id' (a string)")
        _ = self.identifier
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return self.item or fields(self)

    @cached_property
    def identifier(self) -> Identifier:
        """Return what the reference names; a URL of arXiv's or a DOI's is that identifier."""
        if self.item is not None:
            return Identifier("key", str(self.item["id"]))
        for kind in _NAMES:
            if (text := getattr(self, kind)) is not None:
                return identify(re.sub(rf"^{kind}:", "", text.strip(), flags=re.IGNORECASE), kind)
        raise ValueError("a source reference that names nothing")


Source = SourceReference
