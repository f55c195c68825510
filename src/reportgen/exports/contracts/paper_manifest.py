"""The manifest: what a report is, how it stands, and where its files and other contracts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from reportgen.analysis.derive import CorrectionState  # noqa: TC001  # pydantic reads it at run time
from reportgen.exports.contracts import CONTRACTS, contract_named
from reportgen.exports.contracts.common import (
    FROM_RECORD,
    MANIFEST,
    NO_REVIEW,
    address_of,
    artifacts_of,
    claim_counts,
    header_of,
    in_english,
    limitations_of,
    work_of,
)
from reportgen.exports.contracts.contract import Contract, contract_version
from reportgen.exports.contracts.gate_verdict import LABELS
from reportgen.exports.contracts.parts import (
    ArtifactFile,
    ClaimCounts,
    Count,
    GeneratedFrom,
    Header,
    Inferred,
    InferredPart,
    Interpretation,
    Limitations,
    Moment,
    Ours,
    OwnPart,
    Score,
    Url,
    Work,
)
from reportgen.exports.contracts.review_monitor import State, active_triggers, state_of
from reportgen.exports.contracts.source_provenance import ArchiveState, archive_of, level_of
from reportgen.record.model import DimensionLevel, GateStatus, QualityDimensions

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication

CORRECTIONS = "correction-record"


class AuthorName(OwnPart):
    """One who answers for the report."""

    name: str = Field(description="The name.")
    orcid: str | None = Field(None, description="The ORCID iD.")
    affiliation: str | None = Field(None, description="The institution.")


class PaperWork(Work):
    """The report."""

    subtitle: Ours[str | None] = Field(None, description="The second line of the title.")
    kind: Ours[str] = Field(description="What kind of report it is.")
    language: Ours[str] = Field(description="Its language, as a BCP 47 tag.")
    authors: Ours[tuple[AuthorName, ...]] = Field(
        description="Who answers for it; nobody is named where the publisher does."
    )
    license: Ours[str | None] = Field(
        description="Its licence, an SPDX identifier; null where none is stated."
    )
    keywords: Ours[tuple[str, ...]] = Field(description="Words to find it by.")
    research_question: str = Field(description="Its question, unchanged.")
    abstract: str | None = Field(description="Its abstract, in Markdown, unchanged; null where it has none.")
    summary: Ours[str | None] = Field(
        description="Its answer, in Markdown, unchanged; null where it gives none."
    )


class ReviewerScore(OwnPart):
    """A reviewer and the score that was given."""

    role: str = Field(description="Who the reviewer is, or what was looked at.")
    score: Score = Field(description="The score.")
    note: str | None = Field(None, description="What the reviewer remarked, unchanged.")


class TierSummary(InferredPart):
    """The quality tier."""

    tier: str = Field(description="The tier.")
    label: str = Field(description="Its name as it is printed.")


class QualityAssessment(InferredPart):
    """How the report was rated."""

    review_score: Score | None = Field(description="The review score, unrounded; null without a review.")
    reviewers: Ours[tuple[ReviewerScore, ...]] = Field(
        description="The single reviews, where they are named."
    )
    quality_tier: TierSummary | None = Field(
        description="The tier; null without a review or where the policy of the house has none."
    )
    quality_dimensions: dict[str, DimensionLevel] | None = Field(
        description="The level of each dimension; null where the policy of the house has none."
    )


class LevelSummary(InferredPart):
    """The verification level."""

    paper_level: int = Field(ge=0, le=7, description="The level.")
    paper_level_key: str = Field(description="Its name for programs.")
    paper_level_label: str = Field(description="Its name as it is printed.")


class GateSummary(InferredPart):
    """The verdict of the gate."""

    status: GateStatus = Field(description="The verdict.")
    label: str = Field(description="The verdict under its published name.")
    evaluated_at: Moment | None = Field(description="When it was reached; null where nothing was evaluated.")


class CorrectionSummary(InferredPart):
    """The corrections."""

    correction_state: CorrectionState = Field(description="The state of this version.")
    correction_count: Count = Field(description="How many corrections there are.")
    last_corrected_at: Moment | None = Field(description="When the last was made; null without any.")


class ProvenanceSummary(InferredPart):
    """Where a copy is kept."""

    level: int | None = Field(description="The level; null where the policy of the house has none.")
    external_record: ArchiveState = Field(description="Whether there is a record in an outside archive.")


class MonitorSummary(InferredPart):
    """What calls for another review."""

    monitor_state: State = Field(description="Whether anything does.")
    active_triggers: tuple[str, ...] = Field(description="What does, by the names for programs.")


class ContractFile(OwnPart):
    """Another contract that the report has."""

    name: str = Field(description="Its name.")
    contract_version: str = Field(description="The contract and its version.")
    file: str = Field(description="The name of its file.")
    url: Url | None = Field(None, description="Where it is.")


class PaperManifest(Header):
    """What the report is, how it stands, and where the rest is told."""

    work: Inferred[PaperWork] = Field(description="The report.")
    artifact_set: Inferred[tuple[ArtifactFile, ...]] = Field(description="Its public files.")
    claims: Ours[ClaimCounts] = Field(description="Its claims, counted.")
    quality_assessment: Inferred[QualityAssessment] = Field(description="How it was rated.")
    verification_levels: Inferred[LevelSummary | None] = Field(
        description="How far it was verified; null where the policy of the house has no levels."
    )
    gate_verdict: Inferred[GateSummary | None] = Field(
        description="What the gate found; null where there is no gate."
    )
    review_monitor: Inferred[MonitorSummary] = Field(description="What calls for another review.")
    correction_record: Inferred[CorrectionSummary] = Field(description="How it was corrected.")
    source_provenance: Inferred[ProvenanceSummary] = Field(description="Where a copy is kept.")
    contracts: Ours[tuple[ContractFile, ...]] = Field(
        description="The other contracts that hold for it, which tell each part in full."
    )
    current_manifest_url: Url | None = Field(description="Where this file is; null where that is not known.")
    correction_record_url: Url | None = Field(
        description="Where the record of corrections is; null where that is not known."
    )
    generated_from: Inferred[GeneratedFrom]
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> PaperManifest:
    """Say what the report is and how it stands, and name its files."""
    inputs = in_english(publication)
    return PaperManifest(
        **{**header_of(publication, MANIFEST), "work": _work(publication)},
        artifact_set=artifacts_of(publication),
        claims=claim_counts(inputs.derived),
        quality_assessment=_quality(inputs),
        verification_levels=_level(inputs),
        gate_verdict=_gate(inputs),
        review_monitor=_monitor(inputs),
        correction_record=_corrections(inputs),
        source_provenance=_provenance(publication),
        contracts=_contracts(publication),
        current_manifest_url=address_of(publication, f".{MANIFEST}.json"),
        correction_record_url=address_of(publication, f".{CORRECTIONS}.json"),
        generated_from=FROM_RECORD,
        interpretation="Score, tier, level and verdict say how the report was reviewed and checked. None says that its "
        "claims are true.",
        limitations=limitations_of(inputs, NO_REVIEW),
    )


def _work(publication: Publication) -> PaperWork:
    inputs, record = publication.inputs, publication.inputs.record
    authors = (
        AuthorName(name=each.name, orcid=each.orcid, affiliation=each.affiliation) for each in inputs.authors
    )
    return PaperWork(
        **work_of(publication).model_dump(),
        subtitle=record.subtitle,
        kind=record.kind.value,
        language=record.language,
        authors=tuple(authors),
        license=inputs.license,
        keywords=record.keywords,
        research_question=record.question,
        abstract=record.abstract,
        summary=record.summary,
    )


def _quality(inputs: Inputs) -> QualityAssessment:
    derived, review = inputs.derived, inputs.record.review
    tier = derived.tier.tier if derived.tier else None
    dimensions = derived.dimensions
    return QualityAssessment(
        review_score=derived.score,
        reviewers=tuple(
            ReviewerScore(role=each.role, score=each.score, note=each.note)
            for each in (review.reviewers if review else ())
        ),
        quality_tier=TierSummary(tier=tier, label=inputs.wording.named("tier", tier)) if tier else None,
        quality_dimensions={name: getattr(dimensions, name).level for name in QualityDimensions.model_fields}
        if dimensions
        else None,
    )


def _level(inputs: Inputs) -> LevelSummary | None:
    level = inputs.derived.level
    if level is None:
        return None
    label = inputs.wording.t.level[str(level.number)]
    return LevelSummary(paper_level=level.number, paper_level_key=level.key, paper_level_label=label)


def _gate(inputs: Inputs) -> GateSummary | None:
    gate = inputs.derived.gate
    if gate is None:
        return None
    moment = gate.evaluated_at.isoformat() if gate.evaluated_at else None
    return GateSummary(status=gate.status, label=LABELS[gate.status], evaluated_at=moment)


def _monitor(inputs: Inputs) -> MonitorSummary:
    active = active_triggers(inputs)
    return MonitorSummary(monitor_state=state_of(active), active_triggers=tuple(each.key for each in active))


def _corrections(inputs: Inputs) -> CorrectionSummary:
    found = inputs.derived.correction
    return CorrectionSummary(
        correction_state=found.state,
        correction_count=found.count,
        last_corrected_at=found.last.isoformat() if found.last else None,
    )


def _provenance(publication: Publication) -> ProvenanceSummary:
    level = level_of(publication)
    return ProvenanceSummary(
        level=level.level if level else None, external_record=archive_of(publication.inputs).state
    )


def _contracts(publication: Publication) -> tuple[ContractFile, ...]:
    others = (contract_named(name) for name in CONTRACTS if name != MANIFEST)
    return tuple(
        ContractFile(
            name=each.name,
            contract_version=contract_version(each.name),
            file=f"{publication.stem}{each.ending}",
            url=address_of(publication, each.ending),
        )
        for each in others
        if not each.lacking(publication)
    )


PAPER_MANIFEST = Contract(
    name=MANIFEST, title="The manifest of a report", model=PaperManifest, compose=compose
)
