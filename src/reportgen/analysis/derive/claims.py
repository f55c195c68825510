"""Counts of claims: their number, their confidence, their sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.numbers import middle
from reportgen.record.model import ConfidenceKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.record.model import Claim, Record

ConfidenceMeaning = tuple[ConfidenceKind | None, str | None]
"""Where a confidence comes from, and what it is a probability or a score of."""


@dataclass(frozen=True, slots=True)
class ClaimSummary:
    """The three counts, which are never one another; None where the record does not say.

    Attributes: ``grounded`` counts claims tied to a source, their own or the lead source;
    ``from_aggregates`` tells that the record publishes counts instead of claims; ``verdicts`` counts the verdicts
    where the record gives them in words.

    """

    extracted: int
    grounded: int
    verified: int | None
    from_aggregates: bool = False
    verdicts: tuple[tuple[Verdict, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ConfidenceSummary:
    """The confidences that claims give, 0 to 1; ``count`` is how many claims give one, ``meanings`` what they are."""

    count: int
    minimum: float
    median: float
    maximum: float
    meanings: tuple[ConfidenceMeaning, ...] = ((None, None),)

    @property
    def is_calibrated(self) -> bool:
        """Tell whether all of them are said to be calibrated."""
        return all(kind is ConfidenceKind.CALIBRATED for kind, _ in self.meanings)


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """Counts of papers retrieved, papers included, and different works listed."""

    retrieved: int | None
    included: int | None
    listed: int

    @property
    def unlisted(self) -> int | None:
        """Return how many papers included, or retrieved where that is all that is known, the record does not list."""
        papers = self.retrieved if self.included is None else self.included
        return None if papers is None else max(0, papers - self.listed)


def summarise_claims(record: Record) -> ClaimSummary:
    """Count claims, or read the counts of a record that publishes only those."""
    if record.claims:
        grounded = sum(bool(record.sources_of(claim)) for claim in record.claims)
        marked = sum(claim.verified for claim in record.claims)
        return ClaimSummary(len(record.claims), grounded, marked, verdicts=_verdicts(record.claims))
    counts = record.claim_counts
    if counts is None:
        return ClaimSummary(0, 0, 0)
    grounded = counts.extracted if counts.grounded is None else counts.grounded
    verified = 0 if counts.extracted == 0 else counts.verified
    return ClaimSummary(counts.extracted, grounded, verified, from_aggregates=True)


def _verdicts(claims: Sequence[Claim]) -> tuple[tuple[Verdict, int], ...]:
    """Count the verdicts that are given in words; a mark alone is none, unless it says what `supported` does."""
    if all(claim.verdict is None for claim in claims):
        return ()
    given = Counter(claim.verdict or Verdict.SUPPORTED for claim in claims if claim.verdict or claim.verified)
    return tuple((verdict, given[verdict]) for verdict in Verdict if given[verdict])


def summarise_confidence(record: Record) -> ConfidenceSummary | None:
    """Describe the confidences of the claims, or None where no claim gives one."""
    sure = [claim for claim in record.claims if claim.confidence is not None]
    given = [claim.confidence for claim in record.claims if claim.confidence is not None]
    if not given:
        return None
    median = float(middle(given))
    meanings = dict.fromkeys((claim.confidence_kind, claim.confidence_of) for claim in sure)
    return ConfidenceSummary(len(given), min(given), median, max(given), tuple(meanings))


def summarise_sources(record: Record) -> SourceCoverage:
    """Set the papers retrieved and included against the different works listed."""
    search = record.search
    counts = (search.papers_retrieved, search.included) if search else (None, None)
    return SourceCoverage(*counts, len({source.identifier.identity for source in record.sources}))
