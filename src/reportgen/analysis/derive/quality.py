"""The quality tier and the review score it follows from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from reportgen.analysis.derive.claims import ClaimSummary
    from reportgen.base.policy import Policy, Tier


@dataclass(frozen=True, slots=True)
class TierDecision:
    """The tier and all that decided it; without a review there is none.

    Attributes: ``tier`` is its name; ``thresholds`` are the house's tiers, in printed order.

    """

    tier: str | None
    thresholds: tuple[Tier, ...]


def tier_decision(
    score: float | None,
    claims: ClaimSummary,
    counted: Literal["extracted", "verified"],
    policy: Policy,
    *,
    externally_archived: bool,
) -> TierDecision | None:
    """Decide the tier from the review's score, the chosen claim count and where the report is archived."""
    if not policy.tiers:
        return None
    count = claims.extracted if counted == "extracted" else claims.verified
    # A count that the record does not give supports no tier that asks for claims.
    tier = None if score is None else policy.tier_of(score, count or 0, archived=externally_archived)
    return TierDecision(tier.name if tier else None, policy.tiers)
