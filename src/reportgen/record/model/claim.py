"""Claims: the single ones, the file they may be kept in, and the counts that stand for them."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from reportgen.base.characters import normal
from reportgen.base.values import Count, Model, Probability, Text
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time

if TYPE_CHECKING:
    from collections.abc import Sequence


class Claim(Model):
    """One extracted claim with its verdict; ``id`` defaults to a short hash of the normalised text."""

    id: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"),
        Field(
            title="name of up to 64 letters, digits, '.', '_' and '-', the first a letter or digit",
            description="Default: a short hash of the text",
            examples=["c7"],
            json_schema_extra=lambda schema: schema.pop("default", None),
        ),
    ] = ""
    text: Text
    verified: Annotated[bool, Field(strict=True, examples=[True])]
    confidence: Probability | None = None
    sources: tuple[Source, ...] = ()
    quote: Text | None = Field(None, description="The passage of the source that supports the claim")
    locator: Text | None = Field(None, description="Where in the source: a page, a section, a figure")
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_id(cls, value: Any) -> Any:
        if isinstance(value, dict) and "id" not in value and isinstance(value.get("text"), str):
            return {**value, "id": claim_id(value["text"])}
        return value


def claim_id(text: str) -> str:
    """Hash a claim's text to 10 hex digits; case, spacing and Unicode form do not change it."""
    folded = " ".join(normal("NFKC", text).casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def with_unique_ids(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Give the second claim of one text the id of the first with ``-2``, the third with ``-3``.

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

    file: Text = Field(description="Path of the file, relative to the record", examples=["claims.csv"])


class ClaimCounts(Model):
    """Aggregates, for records that publish no single claims; with claims present they must agree."""

    extracted: Count
    grounded: Count | None = None
    verified: Count | None = None


class EvidenceCounts(Model):
    """The counters behind verification levels 3 to 7."""

    cross_source_corroborated: Count = 0
    artifact_inspected: Count = 0
    sandbox_executed: Count = 0
    independently_reproduced: Count = 0
    externally_reviewed: Count = 0
