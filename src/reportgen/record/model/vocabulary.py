"""The fixed words of the format: kinds, levels, verdicts and states."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The three kinds of report; each has its own sections."""

    SYNTHESIS = "synthesis"
    META_ANALYSIS = "meta-analysis"
    MATH_RESULT = "math-result"


class DimensionLevel(StrEnum):
    """How far a quality dimension was assessed."""

    UNASSESSED = "UNASSESSED"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class GateStatus(StrEnum):
    """The verdict of the verification gate."""

    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    FALSIFIED = "FALSIFIED"


class CorrectionType(StrEnum):
    """What a correction event changed."""

    METADATA = "METADATA"
    ARTIFACT = "ARTIFACT"
    CLAIM = "CLAIM"
    BENCHMARK = "BENCHMARK"
    PROVENANCE = "PROVENANCE"
    QUALITY_ASSESSMENT = "QUALITY_ASSESSMENT"


class MathState(StrEnum):
    """What is known of a mathematical statement."""

    FALSIFIED = "FALSIFIED"
    COMPUTATIONAL_EVIDENCE = "COMPUTATIONAL_EVIDENCE"
    FORMAL_PROOF_ATTEMPTED = "FORMAL_PROOF_ATTEMPTED"
    FORMAL_PROOF_VERIFIED = "FORMAL_PROOF_VERIFIED"
