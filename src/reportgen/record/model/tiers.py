"""The quality tiers and the thresholds that are printed beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """The quality tier of a reviewed report."""

    FLAGSHIP_CANDIDATE = "FLAGSHIP_CANDIDATE"
    DOI_GRADE = "DOI_GRADE"
    PUBLIC_RECORD = "PUBLIC_RECORD"
    WATCHLIST = "WATCHLIST"
    QUARANTINE_CANDIDATE = "QUARANTINE_CANDIDATE"


@dataclass(frozen=True, slots=True)
class TierRule:
    """What a tier asks for: scores 0 to 10, ``minimum_score`` inclusive, ``below_score`` exclusive.

    A rule that asks for nothing is what remains when no other rule is met.
    """

    tier: Tier
    minimum_score: float | None = None
    below_score: float | None = None
    minimum_claims: int = 0
    externally_archived: bool = False


TIERS = (
    TierRule(Tier.FLAGSHIP_CANDIDATE, minimum_score=8.5, minimum_claims=5, externally_archived=True),
    TierRule(Tier.DOI_GRADE, minimum_score=7.5, minimum_claims=1),
    TierRule(Tier.PUBLIC_RECORD, minimum_score=5.0),
    TierRule(Tier.WATCHLIST),
    TierRule(Tier.QUARANTINE_CANDIDATE, below_score=5.0),
)
"""The published ladder, in its order. Which rule is asked first is `reportgen.analysis.derive`'s to know."""
