"""What the reported scores of a meta-analysis show: their range, and how many sources stand behind it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reportgen.base.identifiers import identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.identifiers import Kind
    from reportgen.record.model import Benchmark, SourceReference

_BROAD_FROM = 5


class Coverage(StrEnum):
    """How many different sources report a score.

    Only BROAD, for five sources, is known from published records. That fewer than five are NARROW and one
    is SINGLE is this program's own rule, chosen to claim no more than is known.
    """

    SINGLE = "SINGLE"
    NARROW = "NARROW"
    BROAD = "BROAD"


@dataclass(frozen=True, slots=True)
class BenchmarkEvidence:
    """The reported scores taken together, in percent and percentage points, all unrounded.

    Attributes: ``domains`` are the hosts that the sources are at, sorted; ``sources_without_address`` counts
    those of which the record gives only a key or an ISBN; the years are None where no entry has one.

    """

    entries: int
    minimum: float
    maximum: float
    spread: float
    distinct_sources: int
    sources_without_address: int
    domains: tuple[str, ...]
    first_year: int | None
    last_year: int | None
    coverage: Coverage


def benchmark_evidence(benchmark: Benchmark) -> BenchmarkEvidence:
    """Take the entries of a benchmark together."""
    scores = [entry.score_pct for entry in benchmark.entries]
    low, high = min(scores), max(scores)
    years = [entry.year for entry in benchmark.entries if entry.year is not None]
    domains = {entry.source.identifier.identity: _domain(entry.source) for entry in benchmark.entries}
    known = {domain for domain in domains.values() if domain is not None}
    return BenchmarkEvidence(
        entries=len(scores),
        minimum=low,
        maximum=high,
        # As decimals, because 69.69 - 29.8 in binary is 39.89 with noise behind it.
        spread=float(Decimal(repr(high)) - Decimal(repr(low))),
        distinct_sources=len(domains),
        sources_without_address=list(domains.values()).count(None),
        domains=tuple(sorted(known)),
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        coverage=_coverage(len(domains)),
    )


def _coverage(sources: int) -> Coverage:
    if sources >= _BROAD_FROM:
        return Coverage.BROAD
    return Coverage.SINGLE if sources == 1 else Coverage.NARROW


def _domain(source: SourceReference) -> str | None:
    address = source.identifier.url if source.item is None else _item_address(source.item)
    return (urlsplit(address).hostname or "").removeprefix("www.") or None if address else None


def _item_address(item: Mapping[str, Any]) -> str | None:
    """Find the address that an inline item gives; one that cannot be read counts as none."""
    fields: tuple[tuple[str, Kind], ...] = (("DOI", "doi"), ("URL", "url"))
    for field, kind in fields:
        if isinstance(item.get(field), str):
            with contextlib.suppress(ValueError):
                return identify(item[field], kind).url
    return None
