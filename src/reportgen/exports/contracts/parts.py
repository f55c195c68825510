"""The parts that every contract is made of, and who each field comes from."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

T = TypeVar("T")
Origin = Literal["published", "inferred", "reportgen"]
ORIGINS: dict[Origin, str] = {
    "published": "The publisher's schema, page or an instance shows it.",
    "inferred": "The publisher's texts name it or let it be deduced; its exact form is not known.",
    "reportgen": "It is reportgen's own addition.",
}
"""Where a field of a contract comes from; the schemas say it of each as ``x-origin``."""

Ours = Annotated[T, Field(json_schema_extra={"x-origin": "reportgen"})]
Inferred = Annotated[T, Field(json_schema_extra={"x-origin": "inferred"})]
Count = Annotated[int, Field(ge=0)]
Score = Annotated[float, Field(ge=0, le=10)]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Interpretation = Annotated[str, Field(description="How to read the values, and what they do not say.")]
Limitations = Annotated[
    tuple[str, ...], Field(description="What limits the report and this file: first what the report prints.")
]
Enforcement = Annotated[str, Field(description="How the rule is held to, and what it never follows from.")]
GeneratedFrom = Annotated[str, Field(description="What the values were derived from.")]


class Part(BaseModel):
    """An object of a contract. A field with a default is left out where its value is not known.

    ``origin`` is where its fields come from that say nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    origin: ClassVar[Origin] = "published"


class OwnPart(Part):
    """An object that is reportgen's own."""

    origin: ClassVar[Origin] = "reportgen"


class InferredPart(Part):
    """An object of the publisher's whose exact form is not known."""

    origin: ClassVar[Origin] = "inferred"


class PublisherName(Part):
    """Who publishes the report."""

    name: str = Field(description="The name of the publisher.")
    url: Url | None = Field(None, description="Where the publisher can be found.")


class GeneratedBy(OwnPart):
    """The program that wrote the file; it is not the publisher."""

    name: Literal["reportgen"] = Field(description="The name of the program.")
    version: str = Field(description="The version of the program.")


class Work(InferredPart):
    """The report that the file is about."""

    id: str = Field(description="The UUID of the report.", json_schema_extra={"format": "uuid"})
    display_id: str = Field(description="The id that the report prints.")
    title: str = Field(description="The title, unchanged.")
    version: Ours[str] = Field(description="The version of the report.")
    submitted: Day = Field(description="The date of the report.")
    doi: str | None = Field(
        description="The DOI without a prefix; null where none is known. One of a test system does not count."
    )
    url: Url | None = Field(None, description="The address of its page.")
    record_sha256: Ours[str] = Field(description="The SHA-256 of the record that it was made from.")


class ArtifactFile(Part):
    """A public file or record of the report."""

    type: Literal["manifest", "report", "external_record"] = Field(description="What it is.")
    label: str = Field(description="The same in words.")
    url: Url | None = Field(None, description="Where it is.")
    format: str = Field(description="Its media type.")
    file: Ours[str | None] = Field(None, description="The name of the file.")
    size: Ours[int | None] = Field(None, description="Its size in bytes.")
    sha256: Ours[str | None] = Field(None, description="Its SHA-256, in hex.")


class ClaimCounts(OwnPart):
    """The three counts of claims, of which none stands for another."""

    extracted: Count = Field(description="How many claims were extracted.")
    grounded: Count = Field(description="How many of them are tied to a source.")
    verified: Count | None = Field(
        description="How many of them are marked verified; null where the record does not say."
    )
    from_aggregates: bool = Field(
        description="Whether the record has only these counts, and not the claims themselves."
    )


class NamedSource(OwnPart):
    """A source by its number in the report's references."""

    number: int = Field(ge=1, description="Its number among the references of the report.")
    kind: str = Field(description="What names it: key, doi, arxiv, pmid, isbn or url.")
    value: str = Field(description="That key, identifier or address, as the record gives it.")
    title: str | None = Field(None, description="Its title.")
    url: Url | None = Field(None, description="Where a reader can open it.")


class Header(Part):
    """What every contract begins with."""

    schema_: Url = Field(alias="schema", description="The contract that the file follows.")
    schema_version: str = Field(description="The version of the publisher's schemas.")
    contract_version: str = Field(description="The contract and its version.")
    contract_updated: Day | None = Field(None, description="The date of that version.")
    schema_documentation: Url | None = Field(None, description="The publisher's page on the contracts.")
    changelog_url: Url | None = Field(None, description="The publisher's page on their changes.")
    publisher: PublisherName = Field(description="Who publishes the report.")
    generated_by: Ours[GeneratedBy] = Field(description="The program that wrote the file.")
    work: Ours[Work] = Field(description="The report that the file is about.")
