"""The fixed words of the format: kinds, levels, verdicts and states."""

from __future__ import annotations

from reportgen.base.words import Word


class Kind(Word):
    """The three kinds of report; each has its own sections."""

    SYNTHESIS = "synthesis", "What the literature says on a question, claim by claim."
    META_ANALYSIS = (
        "meta-analysis",
        "Numbers of several sources set side by side: it needs outcomes or a benchmark.",
    )
    MATH_RESULT = "math-result", "A mathematical statement and what is known of it: it needs math."


class Verdict(Word):
    """What the evidence says of a claim; only ``supported`` counts as verified."""

    SUPPORTED = "supported", "The evidence carries the claim; it counts as verified."
    REFUTED = "refuted", "The evidence says that the claim is wrong."
    MIXED = "mixed", "Some of the evidence supports the claim, some contradicts it."
    INSUFFICIENT = "insufficient", "It was looked at, and the evidence is too little to say."
    NOT_CHECKED = "not-checked", "Nobody has held it against evidence."


class Stance(Word):
    """How a passage stands to a claim."""

    SUPPORTS = "supports", "The passage speaks for the claim."
    CONTRADICTS = "contradicts", "The passage speaks against the claim."
    MENTIONS = "mentions", "The passage is about the claim and takes no side."


class ConfidenceKind(Word):
    """Where the confidence in a claim comes from."""

    MODEL_STATED = "model-stated", "A language model said how sure it was."
    CLASSIFIER = "classifier", "A classifier gave it as its score."
    LEXICAL = "lexical", "It counts how far the words of claim and source agree."
    CALIBRATED = "calibrated", "It was fitted to outcomes that are known, so that it can be read as a share."


class DimensionLevel(Word):
    """How far a quality dimension was assessed."""

    UNASSESSED = "UNASSESSED", "Nobody has assessed it."
    LOW = "LOW", "The report does poorly in it."
    MEDIUM = "MEDIUM", "The report does fairly in it."
    HIGH = "HIGH", "The report does well in it."


class GateStatus(Word):
    """The verdict of the verification gate."""

    UNVERIFIED = "UNVERIFIED", "The gate has not decided."
    VERIFIED = "VERIFIED", "The gate found that the result holds."
    FALSIFIED = "FALSIFIED", "The gate found that the result does not hold."


class CheckType(Word):
    """What a check of the gate does: it runs something again, or it checks a proof."""

    REPRODUCTION = "reproduction", "It runs something again and compares the result."
    PROOF = "proof", "It has a proof checked by a machine."


class CorrectionType(Word):
    """What a correction event changed."""

    METADATA = "METADATA", "Title, authors, dates or identifiers."
    ARTIFACT = "ARTIFACT", "A file that backs the report."
    CLAIM = "CLAIM", "A claim, or its verdict."
    BENCHMARK = "BENCHMARK", "A score or its conditions."
    PROVENANCE = "PROVENANCE", "What the report says of its making."
    QUALITY_ASSESSMENT = "QUALITY_ASSESSMENT", "A score or a level of quality."


class CorrectionKind(Word):
    """What a correction event is, in the words of Crossref; a retraction withdraws the whole report."""

    ADDENDUM = "addendum", "Something is added; what stood there stays right."
    CLARIFICATION = "clarification", "Something is said more clearly; what was meant stays."
    CORRECTION = "correction", "A mistake is put right."
    CORRIGENDUM = "corrigendum", "A mistake of the authors' is put right."
    ERRATUM = "erratum", "A mistake of the publisher's is put right."
    EXPRESSION_OF_CONCERN = (
        "expression_of_concern",
        "There is doubt about the report, which is being looked into.",
    )
    NEW_EDITION = "new_edition", "A newer edition has come out."
    NEW_VERSION = "new_version", "A newer version has come out."
    PARTIAL_RETRACTION = "partial_retraction", "A part of the report is withdrawn."
    REMOVAL = "removal", "The report was taken away from readers."
    RETRACTION = "retraction", "The whole report is withdrawn: it should not be relied on."
    WITHDRAWAL = "withdrawal", "The report was taken back before or shortly after publication."


class MathState(Word):
    """What is known of a mathematical statement."""

    FALSIFIED = "FALSIFIED", "A counterexample is known."
    COMPUTATIONAL_EVIDENCE = (
        "COMPUTATIONAL_EVIDENCE",
        "It holds in all cases that were computed; no proof is known.",
    )
    FORMAL_PROOF_ATTEMPTED = "FORMAL_PROOF_ATTEMPTED", "A formal proof was begun and is not complete."
    FORMAL_PROOF_VERIFIED = "FORMAL_PROOF_VERIFIED", "A machine has checked a complete formal proof."
