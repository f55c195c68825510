"""The reported scores of a meta-analysis: their range, and the number of sources behind them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.record.model import Benchmark

_BROAD_FROM = 5


class Coverage(StrEnum):
    """The number of different sources that report a score.

    Only BROAD, for five sources, is known from published records. That fewer than five are NARROW and one
    is SINGLE is this program's own rule, chosen to claim no more than is known.
    """

    SINGLE = "SINGLE"
    NARROW = "NARROW"
    BROAD = "BROAD"


@dataclass(frozen=True, slots=True)
class BenchmarkEvidence:
    """The reported scores taken together, in percent and percentage points, all unrounded.

    Attributes: the years are None where no entry has one.

    """

    entries: int
    minimum: float
    maximum: float
    spread: float
    distinct_sources: int
    first_year: int | None
    last_year: int | None
    coverage: Coverage


def benchmark_evidence(benchmark: Benchmark) -> BenchmarkEvidence:
    """Take the entries of a benchmark together."""
    scores = [entry.score_pct for entry in benchmark.entries]
    low, high = min(scores), max(scores)
    years = [entry.year for entry in benchmark.entries if entry.year is not None]
    sources = len({entry.source.identifier.identity for entry in benchmark.entries})
    return BenchmarkEvidence(
        entries=len(scores),
        minimum=low,
        maximum=high,
        # As decimals, because 69.69 - 29.8 in binary is 39.89 with noise behind it.
        spread=float(Decimal(repr(high)) - Decimal(repr(low))),
        distinct_sources=sources,
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        coverage=_coverage(sources),
    )


def _coverage(sources: int) -> Coverage:
    if sources >= _BROAD_FROM:
        return Coverage.BROAD
    return Coverage.SINGLE if sources == 1 else Coverage.NARROW
