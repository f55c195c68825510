"""What is counted of claims: how many, how sure, and from which sources."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.record.model import Record


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """The three counts, which are never one another; None where the record does not say.

    Attributes: ``grounded`` counts claims tied to a source, their own or the lead source;
    ``from_aggregates`` tells that the record publishes counts instead of claims.

    """

    extracted: int
    grounded: int
    verified: int | None
    from_aggregates: bool = False


@dataclass(frozen=True, slots=True)
class ConfidenceSummary:
    """The confidences that claims give, 0 to 1; ``count`` is how many claims give one."""

    count: int
    minimum: float
    median: float
    maximum: float


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """How many papers were retrieved, and how many different works the record lists as sources."""

    retrieved: int | None
    listed: int

    @property
    def unlisted(self) -> int | None:
        """Give how many retrieved papers the record does not list."""
        return None if self.retrieved is None else max(0, self.retrieved - self.listed)


def summarise_claims(record: Record) -> ClaimSummary:
    """Count claims, or read the counts of a record that publishes only those."""
    if record.claims:
        grounded = sum(bool(record.sources_of(claim)) for claim in record.claims)
        return ClaimSummary(len(record.claims), grounded, sum(claim.verified for claim in record.claims))
    counts = record.claim_counts
    if counts is None:
        return ClaimSummary(0, 0, 0)
    grounded = counts.extracted if counts.grounded is None else counts.grounded
    verified = 0 if counts.extracted == 0 else counts.verified
    return ClaimSummary(counts.extracted, grounded, verified, from_aggregates=True)


def summarise_confidence(record: Record) -> ConfidenceSummary | None:
    """Describe the confidences of the claims, or None where no claim gives one."""
    given = [claim.confidence for claim in record.claims if claim.confidence is not None]
    if not given:
        return None
    # The median as a decimal: half of 0.07 + 0.08 is 0.075, in binary with noise behind it.
    median = float(statistics.median(Decimal(repr(confidence)) for confidence in given))
    return ConfidenceSummary(len(given), min(given), median, max(given))


def summarise_sources(record: Record) -> SourceCoverage:
    """Set the papers retrieved against the different works listed."""
    retrieved = record.search.papers_retrieved if record.search else None
    return SourceCoverage(retrieved, len({source.identifier.identity for source in record.sources}))
