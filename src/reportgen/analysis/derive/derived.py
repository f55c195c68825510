"""The one value that every other part of the program reads, and the function that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.analysis.derive.benchmark import BenchmarkEvidence, benchmark_evidence
from reportgen.analysis.derive.claims import (
    ClaimSummary,
    ConfidenceSummary,
    SourceCoverage,
    summarise_claims,
    summarise_confidence,
    summarise_sources,
)
from reportgen.analysis.derive.levels import VerificationLevel, verification_level
from reportgen.analysis.derive.quality import TierDecision, tier_decision
from reportgen.analysis.derive.standing import (
    CorrectionSummary,
    GateVerdict,
    Provenance,
    correction_summary,
    gate_verdict,
    provenance,
)
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from reportgen.base.policy import Policy
    from reportgen.record.model import QualityDimensions, Record


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything that follows from one record, as numbers, keys and enumerated values, without wording.

    Attributes: ``display_id`` such as ``SRCH:FBCA8EE9``; ``confidence`` and ``benchmark`` are None where the
    record has nothing to summarise, ``level``, ``tier``, ``dimensions`` and ``gate`` where the house's policy
    leaves them out; ``score`` is unrounded, ``score_edges`` are those of the tiers, to which none is rounded up;
    ``machine_made`` tells whether a machine is said to have made the report.

    """

    display_id: str
    claims: ClaimSummary
    confidence: ConfidenceSummary | None
    sources: SourceCoverage
    score: float | None
    score_edges: tuple[float, ...]
    level: VerificationLevel | None
    tier: TierDecision | None
    dimensions: QualityDimensions | None
    provenance: Provenance
    gate: GateVerdict | None
    correction: CorrectionSummary
    benchmark: BenchmarkEvidence | None
    machine_made: bool


@stage("derive")
def derive(
    record: Record, id_prefix: str, tier_claims: Literal["extracted", "verified"], policy: Policy
) -> Derived:
    """Derive everything that follows from a record; ``tier_claims`` is the count that the tier looks at.

    Quality dimensions are not derived: a record states them, and a DOI raises none of them.
    """
    claims = summarise_claims(record)
    score = record.review.score if record.review else None
    where_kept = provenance(record)
    return Derived(
        display_id=":".join(filter(None, (id_prefix, record.short_id.upper()))),
        claims=claims,
        confidence=summarise_confidence(record),
        sources=summarise_sources(record),
        score=score,
        score_edges=policy.edges,
        level=verification_level(claims, record.evidence_counts) if policy.ladder else None,
        tier=tier_decision(
            score,
            claims,
            tier_claims,
            policy,
            externally_archived=where_kept.externally_archived,
        ),
        dimensions=record.quality_dimensions if policy.dimensions else None,
        provenance=where_kept,
        gate=gate_verdict(record, claims.extracted, of_house=policy.gate, introduced=policy.gate_introduced),
        correction=correction_summary(record),
        benchmark=benchmark_evidence(record.benchmark) if record.benchmark else None,
        machine_made=record.generator is not None or (policy.machine_made and not record.authors),
    )
