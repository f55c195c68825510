"""Claims: the single ones, the file they may be kept in, and the counts that stand for them."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from reportgen.base.characters import normal
from reportgen.base.values import Count, DayOrMoment, Model, Probability, Text
from reportgen.base.words import meanings
from reportgen.record.model.gate import Name  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.vocabulary import ConfidenceKind, Stance, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence


class Evidence(Model):
    """A passage of a source, and how it stands to the claim."""

    source: Source | None = Field(
        None, description="The source that the passage is from; without it, the record's lead source."
    )
    quote: Text | None = Field(
        None, description="The passage, word for word.", examples=["Early stopping reduced the error by 12%."]
    )
    locator: Text | None = Field(
        None, description="Where in the source: a page, a section, a figure.", examples=["p. 7"]
    )
    stance: Stance = Field(
        Stance.SUPPORTS, description="Whether it supports the claim, contradicts or mentions it."
    )
    relevance: Probability | None = Field(None, description="How close the passage is to the claim, 0 to 1.")


class VerdictBy(Model):
    """Who or what reached the verdict on a claim."""

    type: Literal["person", "model", "gate"] = Field(
        description="Whether a person, a model or the verification gate reached it.",
        json_schema_extra=meanings(
            "A person, who is named.", "A language model or classifier.", "The verification gate."
        ),
    )
    name: Text | None = Field(
        None, description="The name of the person or the model.", examples=["Ada Lovelace"]
    )
    at: DayOrMoment | None = Field(None, description="When the verdict was reached.")


def _one_verdict(schema: dict[str, Any]) -> None:
    """Say in the schema that one of two fields must be there."""
    schema["required"].remove("verified")
    schema["anyOf"] = [
        {"required": ["verified"]},
        {"required": ["verdict"], "properties": {"verdict": {"type": "string"}}},
    ]


class Claim(Model):
    """One extracted claim with its verdict, which is given as ``verified`` or as ``verdict``."""

    model_config = ConfigDict(json_schema_extra=_one_verdict)

    id: Annotated[
        Name,
        Field(
            description="The name of the claim, for references to it; by default a short hash of the text.",
            json_schema_extra=lambda schema: schema.pop("default", None),
        ),
    ] = ""
    text: Text = Field(
        description="The claim itself, one sentence or more.", examples=["Early stopping lowers the error."]
    )
    verified: Annotated[bool, Field(strict=True)] = Field(
        description="Whether the claim was verified, in short: true is the verdict `supported`.",
        examples=[True],
    )
    verdict: Verdict | None = Field(None, description="What the evidence says of the claim.")
    verdict_by: VerdictBy | None = Field(None, description="Who or what reached the verdict.")
    confidence: Probability | None = Field(None, description="How sure the record is of the claim, 0 to 1.")
    confidence_kind: ConfidenceKind | None = Field(None, description="Where the confidence comes from.")
    confidence_of: Text | None = Field(
        None,
        description="What the confidence is a probability or a score of.",
        examples=["the cited passage entails the claim"],
    )
    sources: tuple[Source, ...] = Field(
        (),
        description="The sources that support the claim, in short; the quote is from the first.",
        examples=[["guo2017"]],
    )
    quote: Text | None = Field(
        None,
        description="The passage of the source that supports the claim, in short.",
        examples=["Early stopping reduced the error by 12%."],
    )
    locator: Text | None = Field(
        None, description="Where the quote stands: a page, a section, a figure.", examples=["p. 7"]
    )
    evidence: tuple[Evidence, ...] = Field(
        (), description="What supports the claim, contradicts or mentions it, at length."
    )
    theme: Text | None = Field(
        None, description="What the claim is about, for grouping.", examples=["calibration"]
    )
    outcome: Text | None = Field(
        None, description="The name of the outcome that the claim is about.", examples=["calibration error"]
    )
    note: Text | None = Field(
        None, description="What a reader should know of the claim.", examples=["Small data sets only."]
    )

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if "id" not in value and isinstance(value.get("text"), str):
            value = {**value, "id": claim_id(value["text"])}
        if "verified" not in value and value.get("verdict") is not None:
            value = {**value, "verified": value["verdict"] == Verdict.SUPPORTED}
        return value

    @field_validator("verdict")
    @classmethod
    def _agrees(cls, verdict: Verdict | None, known: ValidationInfo) -> Verdict | None:
        verified = known.data.get("verified")
        if verdict is not None and verified is not None and verified != (verdict is Verdict.SUPPORTED):
            mark = "true" if verified else "false"
            raise ValueError(f"the verdict is `{verdict}`, and `verified` is {mark}: they may not disagree")
        return verdict

    @cached_property
    def all_evidence(self) -> tuple[Evidence, ...]:
        """Return the evidence, what is given in short first."""
        first, *others = self.sources or (None,)
        short = [Evidence(source=first, quote=self.quote, locator=self.locator)]
        short += [Evidence(source=source) for source in others]
        return (*(short if self.sources or self.quote or self.locator else ()), *self.evidence)

    @property
    def own_sources(self) -> tuple[Source, ...]:
        """Return the sources that the claim names itself, whatever they say of it."""
        return (*self.sources, *(each.source for each in self.evidence if each.source is not None))


def claim_id(text: str) -> str:
    """Hash a claim's text to 10 hex digits; case, spacing and Unicode form do not change it."""
    folded = " ".join(normal("NFKC", text).casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def with_unique_ids(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the second claim of one text the id of the first with ``-2``, the third with ``-3``.

    An id is an anchor in the PDF, so two claims that were given the same one are refused.

    Raises:
        PydanticCustomError: of type ``duplicate_claim_id``, with the later claim's ``index`` and the ``id``.

    """
    if len({claim.id for claim in claims}) == len(claims):
        return tuple(claims)
    defaults = [claim.id == claim_id(claim.text) for claim in claims]
    taken: set[str] = set()
    for index, claim in enumerate(claims):
        if not defaults[index]:
            if claim.id in taken:
                context = {"index": index, "id": claim.id}
                raise PydanticCustomError("duplicate_claim_id", "an earlier claim has the id {id}", context)
            taken.add(claim.id)
    unique = []
    reached: Counter[str] = Counter()
    for claim, is_default in zip(claims, defaults, strict=True):
        name = claim.id
        while is_default and name in taken:
            # Counting on from the last suffix keeps many equal claims linear.
            reached[claim.id] += 1
            name = f"{claim.id}-{reached[claim.id] + 1}"
        taken.add(name)
        unique.append(claim if name == claim.id else claim.model_copy(update={"id": name}))
    return tuple(unique)


class ClaimsFile(Model):
    """Claims kept in a CSV, JSON Lines or Parquet file beside the record, with the same columns."""

    file: Text = Field(description="The path of the file, relative to the record.", examples=["claims.csv"])


class ClaimCounts(Model):
    """Aggregates, for records that publish no single claims; with claims present they must agree."""

    extracted: Count = Field(description="How many claims were extracted.")
    grounded: Count | None = Field(None, description="How many of them are tied to a source.")
    verified: Count | None = Field(None, description="How many of them are marked verified.")


class EvidenceCounts(Model):
    """The counters behind verification levels 3 to 7; each counts claims."""

    cross_source_corroborated: Count = Field(0, description="Claims that several sources support.")
    artifact_inspected: Count = Field(0, description="Claims whose data or programs somebody looked at.")
    sandbox_executed: Count = Field(0, description="Claims whose programs were run in a sandbox.")
    independently_reproduced: Count = Field(0, description="Claims that others have reproduced.")
    externally_reviewed: Count = Field(
        0, description="Claims that were reviewed outside the house, or proved formally."
    )
