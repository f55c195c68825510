"""The fixed words of the format: kinds, levels, verdicts and states."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The three kinds of report; each has its own sections."""

    SYNTHESIS = "synthesis"
    META_ANALYSIS = "meta-analysis"
    MATH_RESULT = "math-result"


class Verdict(StrEnum):
    """What the evidence says of a claim; only ``supported`` counts as verified."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    MIXED = "mixed"
    INSUFFICIENT = "insufficient"
    NOT_CHECKED = "not-checked"


class Stance(StrEnum):
    """How a passage stands to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    MENTIONS = "mentions"


class ConfidenceKind(StrEnum):
    """Where the confidence in a claim comes from."""

    MODEL_STATED = "model-stated"
    CLASSIFIER = "classifier"
    LEXICAL = "lexical"
    CALIBRATED = "calibrated"


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


class CheckType(StrEnum):
    """What a check of the gate does: it runs something again, or it checks a proof."""

    REPRODUCTION = "reproduction"
    PROOF = "proof"


class CorrectionType(StrEnum):
    """What a correction event changed."""

    METADATA = "METADATA"
    ARTIFACT = "ARTIFACT"
    CLAIM = "CLAIM"
    BENCHMARK = "BENCHMARK"
    PROVENANCE = "PROVENANCE"
    QUALITY_ASSESSMENT = "QUALITY_ASSESSMENT"


class CorrectionKind(StrEnum):
    """What a correction event is, in the words of Crossref; a retraction withdraws the whole report."""

    ADDENDUM = "addendum"
    CLARIFICATION = "clarification"
    CORRECTION = "correction"
    CORRIGENDUM = "corrigendum"
    ERRATUM = "erratum"
    EXPRESSION_OF_CONCERN = "expression_of_concern"
    NEW_EDITION = "new_edition"
    NEW_VERSION = "new_version"
    PARTIAL_RETRACTION = "partial_retraction"
    REMOVAL = "removal"
    RETRACTION = "retraction"
    WITHDRAWAL = "withdrawal"


class MathState(StrEnum):
    """What is known of a mathematical statement."""

    FALSIFIED = "FALSIFIED"
    COMPUTATIONAL_EVIDENCE = "COMPUTATIONAL_EVIDENCE"
    FORMAL_PROOF_ATTEMPTED = "FORMAL_PROOF_ATTEMPTED"
    FORMAL_PROOF_VERIFIED = "FORMAL_PROOF_VERIFIED"
