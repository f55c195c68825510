"""The quality tier and the review score it follows from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.analysis.derive.claims import ClaimSummary
    from reportgen.base.policy import Policy, Tier

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TierDecision:
    """The tier and all that decided it; without a review there is none.

    Attributes: ``tier`` is its name; ``claims`` the count that was compared, None where the record does not give
    it; ``claims_counted`` says which count that is; ``thresholds`` are the house's tiers, in printed order.

    """

    tier: str | None
    claims: int | None
    claims_counted: Literal["extracted", "verified"]
    externally_archived: bool
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
    return TierDecision(tier.name if tier else None, count, counted, externally_archived, policy.tiers)


def format_score(score: float, edges: Iterable[float] = ()) -> str:
    """Print a score, 0 to 10, with two decimals, never rounded across the edge of a tier or up to 10."""
    exact = Decimal(repr(score))
    rounded = exact.quantize(_CENT, ROUND_HALF_UP)
    if any(exact < Decimal(repr(edge)) <= rounded for edge in (*edges, 10)):
        rounded = exact.quantize(_CENT, ROUND_DOWN)
    return str(rounded)
