"""What is counted of claims: how many, how sure, and from which sources."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.base.identifiers import Identifier
    from reportgen.record.model import Record, SourceReference


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

    @property
    def not_verified(self) -> int | None:
        """Give how many claims are not marked verified."""
        return None if self.verified is None else self.extracted - self.verified


@dataclass(frozen=True, slots=True)
class ConfidenceSummary:
    """The confidences that claims give, 0 to 1.

    Attributes: ``count`` is how many claims give one; ``reaching_threshold`` how many of them are at or
    above the record's threshold, None where it has none.

    """

    count: int
    minimum: float
    median: float
    maximum: float
    reaching_threshold: int | None


@dataclass(frozen=True, slots=True)
class SourceClaims:
    """A work and the claims tied to it, by their index in the record."""

    source: Identifier
    claims: tuple[int, ...]
    verified: int
    listed: bool


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
    threshold = record.confidence_threshold
    reaching = None if threshold is None else sum(confidence >= threshold for confidence in given)
    # The median as a decimal: half of 0.07 + 0.08 is 0.075, in binary with noise behind it.
    median = float(statistics.median(Decimal(repr(confidence)) for confidence in given))
    return ConfidenceSummary(len(given), min(given), median, max(given), reaching)


def claims_by_source(record: Record) -> tuple[SourceClaims, ...]:
    """Tie claims to works: the listed sources in their order, then the lead source, then the others.

    Two references are one work when their identifiers agree but for letter case and version. That a key of
    the bibliography and a DOI are one work is for the bibliography to know.
    """
    works: dict[tuple[str, str], Identifier] = {}
    lead = (record.lead_source,) if record.lead_source else ()
    cited = (source for claim in record.claims for source in claim.sources)
    for source in (*record.sources, *lead, *cited):
        works.setdefault(source.identifier.identity, source.identifier)
    tied: dict[tuple[str, str], dict[int, bool]] = {identity: {} for identity in works}
    for index, claim in enumerate(record.claims):
        for source in record.sources_of(claim):
            tied[source.identifier.identity][index] = claim.verified
    listed = _identities(record.sources)
    return tuple(
        SourceClaims(source, tuple(tied[identity]), sum(tied[identity].values()), identity in listed)
        for identity, source in works.items()
    )


def summarise_sources(record: Record) -> SourceCoverage:
    """Set the papers retrieved against the different works listed."""
    retrieved = record.search.papers_retrieved if record.search else None
    return SourceCoverage(retrieved, len(_identities(record.sources)))


def _identities(sources: Iterable[SourceReference]) -> set[tuple[str, str]]:
    return {source.identifier.identity for source in sources}
