"""Everything that follows from a record, derived once: counts, level, tier, gate, provenance, evidence.

Pure: no clock, no files, no wording. All that a report, a page or a manifest says of these stands in one
`Derived` value, so that no two places can disagree.
"""

from __future__ import annotations

from reportgen.analysis.derive.benchmark import BenchmarkEvidence, Coverage
from reportgen.analysis.derive.claims import ClaimSummary, ConfidenceSummary, SourceCoverage
from reportgen.analysis.derive.derived import Derived, derive
from reportgen.analysis.derive.levels import Rung, VerificationLevel
from reportgen.analysis.derive.quality import TierDecision
from reportgen.analysis.derive.standing import (
    CorrectionState,
    CorrectionSummary,
    GateReason,
    GateVerdict,
    Provenance,
)
from reportgen.base.policy import GATE_INTRODUCED

__all__ = [
    "GATE_INTRODUCED",
    "BenchmarkEvidence",
    "ClaimSummary",
    "ConfidenceSummary",
    "CorrectionState",
    "CorrectionSummary",
    "Coverage",
    "Derived",
    "GateReason",
    "GateVerdict",
    "Provenance",
    "Rung",
    "SourceCoverage",
    "TierDecision",
    "VerificationLevel",
    "derive",
]
