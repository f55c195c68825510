"""How the literature was searched, and what became of the papers that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from reportgen.base.values import Count, Date, Model, Text

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class Database(Model):
    """A database that was searched; a name alone may stand for it."""

    name: Text = Field(description="The name of the database.", examples=["Scopus"])
    found: Count | None = Field(None, description="How many papers this search found.", examples=[212])
    searched_on: Date | None = Field(None, description="The day on which it was searched.")
    query: Text | None = Field(
        None,
        description="What was asked, as it was typed.",
        examples=['TITLE-ABS-KEY("early stopping" AND calibration)'],
    )

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _as_written(self, fields: SerializerFunctionWrapHandler) -> Any:
        return fields(self) if self.is_detailed else self.name

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        reference = handler(core_schema)
        definition = handler.resolve_ref_schema(reference)
        whole = dict(definition)
        definition.clear()
        definition |= {
            "description": whole.pop("description"),
            "anyOf": [{"type": "string", "minLength": 1, "pattern": r"\S"}, whole],
        }
        return reference

    @property
    def is_detailed(self) -> bool:
        """Tell whether more than the name is known."""
        return any((self.found is not None, self.searched_on, self.query))


class Excluded(Model):
    """Papers that were left out for one reason."""

    reason: Text = Field(description="Why they were left out.", examples=["no control group"])
    n: Count = Field(description="How many papers were left out for this reason.", examples=[31])


class Search(Model):
    """How the literature was searched; every number is printed only when present."""

    databases: tuple[Database, ...] = Field(
        (),
        description="Where was searched: names, or objects that say more.",
        examples=[["Scopus", "PubMed"]],
    )
    queries: tuple[Text, ...] = Field(
        (), description="What was asked of all databases.", examples=[["early stopping calibration"]]
    )
    searched_on: Date | None = Field(None, description="The day of the search.")
    papers_retrieved: Count | None = Field(
        None, description="How many papers all searches found together, duplicates included."
    )
    duplicates_removed: Count | None = Field(
        None, description="How many of them were found more than once and left out before screening."
    )
    screened: Count | None = Field(None, description="How many papers somebody looked at.")
    excluded: tuple[Excluded, ...] = Field(
        (), description="How many papers were left out after that, by reason."
    )
    included: Count | None = Field(None, description="How many papers the synthesis rests on.")
    criteria: Text | None = Field(
        None,
        description="What a paper had to be like to be included.",
        examples=["controlled trials published since 2015"],
    )
