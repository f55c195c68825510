"""The verification level, the ladder it stands on, and the claims that carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from reportgen.content.sentences import level_sentence
from reportgen.exports.contracts.common import (
    FROM_RECORD,
    NO_REVIEW,
    artifact_types,
    header_of,
    in_english,
    limitations_of,
    named,
)
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    Count,
    Enforcement,
    GeneratedFrom,
    Header,
    InferredPart,
    Interpretation,
    Limitations,
    Moment,
    NamedSource,
    Ours,
    OwnPart,
    Part,
)
from reportgen.record.model import ConfidenceKind, Stance, Verdict

if TYPE_CHECKING:
    from reportgen.analysis.derive import Rung
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.record.model import Claim, Evidence
    from reportgen.text.wording import Wording

NAME = "verification-levels"
Probability = Annotated[float, Field(ge=0, le=1)]
UNSPECIFIED = "not publicly specified"
"""What the published reports say where a record does not tell what its claims were read from."""


class Passage(OwnPart):
    """A passage of a source, and how it stands to the claim."""

    source: int | None = Field(description="The number of the source; null where none is named.")
    stance: Stance = Field(description="Whether it supports the claim, contradicts or mentions it.")
    quote: str | None = Field(None, description="The passage, word for word.")
    locator: str | None = Field(None, description="Where it stands in the source.")
    relevance: Probability | None = Field(None, description="How close it is to the claim.")


class VerdictGiver(OwnPart):
    """Who or what reached a verdict."""

    type: Literal["person", "model", "gate"] = Field(
        description="Whether it is a person, a model or the gate."
    )
    name: str | None = Field(None, description="The name.")
    at: Moment | None = Field(None, description="When.")


class PublicClaim(OwnPart):
    """A claim as the record holds it."""

    id: str = Field(description="The name of the claim, which is its anchor on the page and in the PDF.")
    text: str = Field(description="The claim, unchanged.")
    text_is_cut: bool = Field(description="Whether the text looks cut off in the record.")
    verified: bool = Field(description="Whether it is marked verified. It does not mean true.")
    verdict: Verdict | None = Field(
        description="The verdict; null where the record only says that the claim is not marked verified."
    )
    verdict_by: VerdictGiver | None = Field(None, description="Who or what reached the verdict.")
    confidence: Probability | None = Field(description="The confidence; null where the record gives none.")
    confidence_kind: ConfidenceKind | None = Field(None, description="Where the confidence comes from.")
    confidence_of: str | None = Field(None, description="What it is a probability or a score of.")
    sources: tuple[NamedSource, ...] = Field(description="The sources that the claim is tied to.")
    source_is_assigned: bool = Field(
        description="Whether the claim names no source, and the record assigns it to its lead source."
    )
    evidence: tuple[Passage, ...] = Field(description="The passages, with how each stands to the claim.")
    theme: str | None = Field(None, description="What the claim is about.")
    note: str | None = Field(None, description="What a reader should know of it.")


class ClaimSummary(Part):
    """How many claims stand on which rung."""

    source_grounded_claims: Count = Field(description="How many claims are tied to a source.")
    aggregate_claim_records: Count = Field(description="How many claims were extracted.")
    claim_record_source: str = Field(description="What the claims were read from.")
    per_claim_public_records: tuple[PublicClaim, ...] = Field(
        description="The claims themselves; none where the record has only their number."
    )
    per_claim_public_record_count: Count = Field(description="How many of them there are.")
    cross_source_corroborated_claims: Count = Field(description="How many several sources support.")
    artifact_inspected_claims: Count = Field(description="Of how many the data or programs were looked at.")
    sandbox_executed_claims: Count = Field(description="Of how many the programs were run in a sandbox.")
    independently_reproduced_claims: Count = Field(description="How many others have reproduced.")
    externally_reviewed_or_formally_verified_claims: Count = Field(
        description="How many were reviewed outside the house or proved formally."
    )
    verified_claims: Ours[Count | None] = Field(
        description="How many are marked verified; null where the record does not say. No rung asks for it."
    )


class Level(InferredPart):
    """A rung of the ladder."""

    level: int = Field(ge=0, le=7, description="Its number.")
    key: str = Field(description="Its name for programs.")
    label: str = Field(description="Its name as it is printed.")
    claims: Count | None = Field(description="How many claims stand on it; null where it asks for none.")
    reached: bool = Field(description="Whether any do.")


class UnsupportedLevel(InferredPart):
    """A rung above the level of the report."""

    level: int = Field(ge=0, le=7, description="Its number.")
    key: str = Field(description="Its name for programs.")
    label: str = Field(description="Its name as it is printed.")
    reason: str = Field(description="Why the report does not stand on it.")


class VerificationLevels(Header):
    """How far the claims of the report were verified."""

    paper_level: int = Field(ge=0, le=7, description="The level of the report.")
    paper_level_key: str = Field(description="Its name for programs.")
    paper_level_label: str = Field(description="Its name as it is printed.")
    basis: str = Field(description="Why it is this level, in the words of the report.")
    generated_from: GeneratedFrom
    claim_summary: ClaimSummary = Field(description="What the level follows from.")
    artifact_types: tuple[str, ...] = Field(description="The types of the report's public files.")
    levels: tuple[Level, ...] = Field(description="The whole ladder, from the lowest rung up.")
    unsupported_upper_levels: tuple[UnsupportedLevel, ...] = Field(
        description="The rungs above the level of the report."
    )
    enforcement: Enforcement
    interpretation: Ours[Interpretation]
    limitations: Limitations


def compose(publication: Publication) -> VerificationLevels:
    """Say which level the report reached, and list the claims that it rests on."""
    inputs = in_english(publication)
    level = inputs.derived.level
    if level is None:
        raise ValueError("a report without levels")
    ladder = tuple(_level(rung, inputs.wording) for rung in level.ladder)
    return VerificationLevels(
        **header_of(publication, NAME),
        paper_level=level.number,
        paper_level_key=level.key,
        paper_level_label=ladder[level.number].label,
        basis=level_sentence(inputs),
        generated_from=FROM_RECORD,
        claim_summary=_summary(inputs, level.ladder),
        artifact_types=artifact_types(publication),
        levels=ladder,
        unsupported_upper_levels=tuple(
            UnsupportedLevel(
                level=each.level,
                key=each.key,
                label=each.label,
                reason="The record counts no claim with evidence of this kind.",
            )
            for each in ladder[level.number + 1 :]
        ),
        enforcement="The level is the highest rung on which the record counts a claim. No score, DOI or verdict of the "
        "gate raises it.",
        interpretation="A claim that is tied to a source or marked verified was matched to a text. It does not mean "
        "that the claim is true.",
        limitations=limitations_of(inputs, NO_REVIEW),
    )


def _level(rung: Rung, wording: Wording) -> Level:
    return Level(
        level=rung.number,
        key=rung.key,
        label=wording.t.level[str(rung.number)],
        claims=rung.count,
        reached=rung.reached,
    )


def _summary(inputs: Inputs, ladder: tuple[Rung, ...]) -> ClaimSummary:
    record, claims = inputs.record, inputs.derived.claims
    grounded, corroborated, inspected, executed, reproduced, reviewed = (
        rung.count or 0 for rung in ladder[2:]
    )
    return ClaimSummary(
        source_grounded_claims=grounded,
        aggregate_claim_records=claims.extracted,
        claim_record_source=record.claim_record_source or UNSPECIFIED,
        per_claim_public_records=tuple(
            _claim(inputs, index, claim) for index, claim in enumerate(record.claims)
        ),
        per_claim_public_record_count=len(record.claims),
        cross_source_corroborated_claims=corroborated,
        artifact_inspected_claims=inspected,
        sandbox_executed_claims=executed,
        independently_reproduced_claims=reproduced,
        externally_reviewed_or_formally_verified_claims=reviewed,
        verified_claims=claims.verified,
    )


def _claim(inputs: Inputs, index: int, claim: Claim) -> PublicClaim:
    by, references = claim.verdict_by, inputs.bibliography.of_claim(index)
    return PublicClaim(
        id=claim.id,
        text=claim.text,
        text_is_cut=f"/claims/{index}/text" in inputs.cut,
        verified=claim.verified,
        verdict=claim.verdict or (Verdict.SUPPORTED if claim.verified else None),
        verdict_by=VerdictGiver(type=by.type, name=by.name, at=by.at.isoformat() if by.at else None)
        if by
        else None,
        confidence=claim.confidence,
        confidence_kind=claim.confidence_kind,
        confidence_of=claim.confidence_of,
        sources=tuple(map(named, references)),
        source_is_assigned=bool(references) and not claim.own_sources,
        evidence=tuple(_passage(inputs, each) for each in claim.all_evidence),
        theme=claim.theme,
        note=claim.note,
    )


def _passage(inputs: Inputs, evidence: Evidence) -> Passage:
    source = evidence.source or inputs.record.lead_source
    return Passage(
        source=inputs.bibliography.lookup(source).number if source else None,
        stance=evidence.stance,
        quote=evidence.quote,
        locator=evidence.locator,
        relevance=evidence.relevance,
    )


def _lacking(publication: Publication) -> str:
    return "" if publication.inputs.derived.level else "levels of verification (`policy.ladder`)"


VERIFICATION_LEVELS = Contract(
    name=NAME,
    title="The verification level of a report and its claims",
    model=VerificationLevels,
    compose=compose,
    lacking=_lacking,
)
