"""The quality tier and the review score it follows from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.record.model import TIERS, Tier, TierRule

if TYPE_CHECKING:
    from reportgen.analysis.derive.claims import ClaimSummary
    from reportgen.record.model import Review

# The published order asks for quarantine before the public record, which is therefore never reached.
_ASKED = (Tier.FLAGSHIP_CANDIDATE, Tier.DOI_GRADE, Tier.QUARANTINE_CANDIDATE)
_RULES = {rule.tier: rule for rule in TIERS}

SCORE_EDGES = tuple(
    sorted({edge for rule in TIERS for edge in (rule.minimum_score, rule.below_score) if edge})
)
"""The scores at which a tier begins or ends; no printed score is rounded up to one."""


@dataclass(frozen=True, slots=True)
class TierDecision:
    """The tier and all that decided it; without a review there is neither score nor tier.

    Attributes: ``score`` is unrounded; ``thresholds`` are the rules, in printed order.

    """

    tier: Tier | None
    score: float | None
    thresholds: tuple[TierRule, ...] = TIERS


def tier_decision(
    review: Review | None,
    claims: ClaimSummary,
    counted: Literal["extracted", "verified"],
    *,
    externally_archived: bool,
) -> TierDecision:
    """Decide the tier of a record from its review, the chosen claim count and where it is archived."""
    count = claims.extracted if counted == "extracted" else claims.verified
    score = review.score if review else None
    # A count that the record does not give supports no tier that asks for claims.
    tier = None if score is None else decide_tier(score, count or 0, externally_archived=externally_archived)
    return TierDecision(tier, score)


def decide_tier(score: float, claims: int, *, externally_archived: bool) -> Tier:
    """Find the first tier whose rule holds for the unrounded score; the watch list takes the rest."""
    for tier in _ASKED:
        rule = _RULES[tier]
        if (
            (rule.minimum_score is None or score >= rule.minimum_score)
            and (rule.below_score is None or score < rule.below_score)
            and claims >= rule.minimum_claims
            and (externally_archived or not rule.externally_archived)
        ):
            return tier
    return Tier.WATCHLIST
