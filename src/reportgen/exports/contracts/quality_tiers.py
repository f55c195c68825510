"""The quality tier, and the thresholds that it follows from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from reportgen.base.policy import PUBLISHED_TIERS
from reportgen.content.quality import score_sentence, tier_rule
from reportgen.exports.contracts.common import (
    FROM_RECORD,
    artifact_types,
    claim_counts,
    header_of,
    in_english,
    limitations_of,
)
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    ClaimCounts,
    Count,
    Enforcement,
    GeneratedFrom,
    Header,
    Limitations,
    Ours,
    Part,
    Score,
)
from reportgen.record.model import DimensionLevel  # noqa: TC001  # pydantic reads it at run time

if TYPE_CHECKING:
    from reportgen.base.policy import Tier
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication

NAME = "quality-tiers"
TierName = Literal["FLAGSHIP_CANDIDATE", "DOI_GRADE", "PUBLIC_RECORD", "WATCHLIST", "QUARANTINE_CANDIDATE"]
_NAMES = {tier.name for tier in PUBLISHED_TIERS}
THRESHOLDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "tier": "FLAGSHIP_CANDIDATE",
        "minimum_review_score": 8.5,
        "minimum_verified_claim_count": 5,
        "required_reproducibility_level": "HIGH",
    },
    {"tier": "DOI_GRADE", "minimum_review_score": 7.5, "minimum_verified_claim_count": 1},
    {"tier": "PUBLIC_RECORD", "minimum_review_score": 5.0},
    {"tier": "WATCHLIST", "maximum_review_score": 7.49},
    {"tier": "QUARANTINE_CANDIDATE", "maximum_review_score": 4.99},
)
"""The thresholds of the publisher's schema; its last number is cut off there, and follows from the tier's basis."""
_ARCHIVED = (
    "The published thresholds ask a flagship candidate for a high level of reproducibility. The rule that gave this "
    "tier asks for an external archive instead, which keeps the report and reproduces nothing."
)


class TierInputs(Part):
    """What the tier was decided from."""

    review_score: Score = Field(description="The review score, unrounded.")
    verified_claim_count: Count = Field(
        description="The count that the tier asks for, under its published name; ``counted_claims`` says which it is."
    )
    artifact_types: tuple[str, ...] = Field(description="The types of the report's public files.")
    reproducibility_level: DimensionLevel = Field(
        description="The level of reproducibility that the record states. It decides no tier, and no DOI raises it."
    )
    counted_claims: Ours[Literal["extracted", "verified"]] = Field(
        description="Which claims ``verified_claim_count`` counts."
    )
    claims: Ours[ClaimCounts] = Field(description="All counts of claims.")
    externally_archived: Ours[bool] = Field(
        description="Whether the report has a DOI or another such record."
    )


class Threshold(Part):
    """A tier and what it asks for."""

    tier: TierName = Field(description="The tier.")
    label: Ours[str] = Field(description="Its name as it is printed.")
    description: str = Field(description="What it asks for, as it is printed.")
    minimum_review_score: Score | None = Field(None, description="The lowest score that it takes.")
    minimum_verified_claim_count: Count | None = Field(None, description="How many claims it asks for.")
    below_review_score: Ours[Score | None] = Field(
        None, description="The score from which on it takes no report."
    )
    requires_external_archive: Ours[bool] = Field(description="Whether it asks for an external archive.")
    is_given: Ours[bool] = Field(
        description="Whether any report is given it: the published order never reaches ``PUBLIC_RECORD``."
    )


class QualityTiers(Header):
    """The quality tier of the report, by the published ladder."""

    tier: TierName = Field(description="The tier.")
    label: Ours[str] = Field(description="Its name as it is printed.")
    basis: str = Field(description="Why it is this tier, and which claims were counted.")
    generated_from: GeneratedFrom
    inputs: TierInputs = Field(description="What it was decided from.")
    thresholds: tuple[Threshold, ...] = Field(description="All tiers, from the highest down.")
    enforcement: Enforcement
    limitations: Limitations


def compose(publication: Publication) -> QualityTiers:
    """Say which tier the report has, and why."""
    inputs = in_english(publication)
    derived, decision = inputs.derived, inputs.derived.tier
    if decision is None or derived.score is None:
        raise ValueError("a report without a tier")
    values: dict[str, Any] = {
        "tier": decision.tier,
        "label": inputs.wording.named("tier", decision.tier or ""),
        "basis": _basis(inputs),
        "generated_from": FROM_RECORD,
        "inputs": TierInputs(
            review_score=derived.score,
            verified_claim_count=_counted(inputs) or 0,
            artifact_types=artifact_types(publication),
            reproducibility_level=inputs.record.quality_dimensions.reproducibility_status.level,
            counted_claims="verified" if inputs.tier_claims == "verified" else "extracted",
            claims=claim_counts(derived),
            externally_archived=derived.provenance.externally_archived,
        ),
        "thresholds": tuple(_threshold(tier, inputs) for tier in decision.thresholds),
        "enforcement": "The tier follows from the unrounded score, one count of claims and whether the report is "
        "archived outside; nobody sets it by hand.",
        "limitations": limitations_of(
            inputs,
            "A tier sorts reports by their reviews. It does not say that anything was verified or can be reproduced.",
            *(_ARCHIVED for tier in decision.thresholds if tier.archived),
        ),
    }
    return QualityTiers(**header_of(publication, NAME), **values)


def _counted(inputs: Inputs) -> int | None:
    claims = inputs.derived.claims
    return claims.verified if inputs.tier_claims == "verified" else claims.extracted


def _basis(inputs: Inputs) -> str:
    """Say the rule of the tier, where its score comes from, and which claims were counted."""
    decision, claims = inputs.derived.tier, inputs.derived.claims
    rules = [tier for tier in decision.thresholds if tier.name == decision.tier] if decision else []
    said = [f"{tier_rule(tier, inputs.wording)}." for tier in rules]
    said.append(score_sentence(inputs))
    marked = "not stated" if claims.verified is None else claims.verified
    said.append(
        f"The tier counts {inputs.tier_claims} claims. Extracted: {claims.extracted}; marked verified: {marked}."
    )
    return " ".join(said)


def _threshold(tier: Tier, inputs: Inputs) -> Threshold:
    return Threshold.model_validate(
        {
            "tier": tier.name,
            "label": inputs.wording.named("tier", tier.name),
            "description": f"{tier_rule(tier, inputs.wording)}.",
            "minimum_review_score": tier.lowest_score,
            "minimum_verified_claim_count": tier.lowest_count or None,
            "below_review_score": tier.below_score,
            "requires_external_archive": tier.archived,
            "is_given": not tier.printed_only,
        }
    )


def _lacking(publication: Publication) -> str:
    decision = publication.inputs.derived.tier
    if decision is None or not {tier.name for tier in decision.thresholds} <= _NAMES:
        return "the published tiers (`policy.tiers`)"
    return "" if decision.tier else "a review score (`review`)"


QUALITY_TIERS = Contract(
    name=NAME,
    title="The quality tier of a report",
    model=QualityTiers,
    compose=compose,
    lacking=_lacking,
    vocabulary={"x-thresholds": list(THRESHOLDS)},
)
