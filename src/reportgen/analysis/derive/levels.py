"""The verification level: the highest rung of the ladder that the record's own counts reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.analysis.derive.claims import ClaimSummary
    from reportgen.record.model import EvidenceCounts

_KEYS = (
    "unclassified",
    "literature-synthesis",
    "source-grounded-claims",
    "cross-source-corroborated-claims",
    "artifact-inspected-claims",
    "sandbox-executed-claims",
    "independently-reproduced-claims",
    "externally-reviewed-or-formally-verified-claims",
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder, 0 to 7.

    Attributes: ``count`` is the number of claims that stand on it, None for the two lowest, which ask for
    none; ``reached`` whether any do.

    """

    number: int
    key: str
    count: int | None
    reached: bool


@dataclass(frozen=True, slots=True)
class VerificationLevel:
    """The level of the report and the whole ladder it stands on."""

    number: int
    key: str
    ladder: tuple[Rung, ...]


def verification_level(claims: ClaimSummary, evidence: EvidenceCounts) -> VerificationLevel:
    """Find the highest rung with a claim on it; a report without grounded claims is a synthesis, level 1.

    Rungs 3 to 7 are reached by their evidence counter alone, never by a score, a DOI or a gate verdict.
    """
    counts = (
        None,
        None,
        claims.grounded,
        evidence.cross_source_corroborated,
        evidence.artifact_inspected,
        evidence.sandbox_executed,
        evidence.independently_reproduced,
        evidence.externally_reviewed,
    )
    reached = [count is None or count > 0 for count in counts]
    level = max(number for number, is_reached in enumerate(reached) if is_reached)
    ladder = tuple(Rung(number, key, counts[number], reached[number]) for number, key in enumerate(_KEYS))
    return VerificationLevel(level, _KEYS[level], ladder)
