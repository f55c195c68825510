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
    from reportgen.record.model import Record


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything that follows from one record, as numbers, keys and enumerated values, without wording.

    Attributes: ``display_id`` such as ``SRCH:FBCA8EE9``; ``confidence`` and ``benchmark`` are None where the
    record has nothing to summarise.

    """

    display_id: str
    claims: ClaimSummary
    confidence: ConfidenceSummary | None
    sources: SourceCoverage
    level: VerificationLevel
    tier: TierDecision
    provenance: Provenance
    gate: GateVerdict
    correction: CorrectionSummary
    benchmark: BenchmarkEvidence | None


@stage("derive")
def derive(record: Record, id_prefix: str, tier_claims: Literal["extracted", "verified"]) -> Derived:
    """Derive everything that follows from a record; ``tier_claims`` is the count that the tier looks at.

    Quality dimensions are not derived: a record states them, and a DOI raises none of them.
    """
    claims = summarise_claims(record)
    where_kept = provenance(record)
    return Derived(
        display_id=":".join(filter(None, (id_prefix, record.short_id.upper()))),
        claims=claims,
        confidence=summarise_confidence(record),
        sources=summarise_sources(record),
        level=verification_level(claims, record.evidence_counts),
        tier=tier_decision(
            record.review,
            claims,
            tier_claims,
            externally_archived=where_kept.externally_archived,
        ),
        provenance=where_kept,
        gate=gate_verdict(record, claims.extracted),
        correction=correction_summary(record),
        benchmark=benchmark_evidence(record.benchmark) if record.benchmark else None,
    )
