"""The scores that a meta-analysis reports of one model on one benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import Field

from reportgen.analysis.derive import Coverage  # noqa: TC001  # pydantic reads it at run time
from reportgen.exports.contracts.common import address_of, header_of, in_english, limitations_of
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    Count,
    Header,
    Interpretation,
    Limitations,
    Ours,
    Part,
    Url,
)

if TYPE_CHECKING:
    from reportgen.analysis.derive import BenchmarkEvidence
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.record.model import BenchmarkEntry

NAME = "benchmark-evidence"
Percent = Annotated[float, Field(ge=0, le=100)]


class SourceCoverage(Part):
    """How many sources report a score."""

    record_count: Count = Field(description="How many scores there are.")
    distinct_source_count: Count = Field(description="How many different sources report them.")
    coverage_level: Coverage = Field(
        description="How broad that is. Only ``BROAD`` is known of the publisher; the others are reportgen's."
    )
    basis: str = Field(description="What the level rests on.")


class SourceProfile(Part):
    """What is known of the sources."""

    source_url_count: Count = Field(description="How many of the sources have an address.")
    missing_source_url_count: Count = Field(description="How many have none.")
    domains: tuple[str, ...] = Field(description="The hosts of the addresses, each once, in order.")
    year_min: int | None = Field(description="The first year of a score; null where no score has a year.")
    year_max: int | None = Field(description="The last year of a score; null where no score has a year.")
    basis: str = Field(description="What the profile rests on.")


class ReportedRange(Part):
    """The lowest and the highest score, unrounded."""

    min_score_pct: Percent = Field(description="The lowest score, in percent.")
    max_score_pct: Percent = Field(description="The highest score, in percent.")


class ScoreEntry(Part):
    """A score that a source reports."""

    model: str = Field(description="The model.")
    benchmark: str = Field(description="The benchmark.")
    score_pct: Percent = Field(description="The score, in percent, as the record gives it.")
    source_title: str | None = Field(description="The title of the source; null where it is not known.")
    source_url: Url | None = Field(description="Its address; null where it has none.")
    source_domain: str | None = Field(description="The host of that address.")
    year: int | None = Field(description="The year in which it was reported; null where not stated.")
    source: Ours[int] = Field(description="The number of the source among the references of the report.")
    protocol: Ours[str | None] = Field(None, description="How it was measured.")


class BenchmarkEvidenceContract(Header):
    """The reported scores, side by side."""

    html_url: Url | None = Field(None, description="The page of the report.")
    json_url: Url | None = Field(None, description="The address of this file.")
    model: str = Field(description="The model that was measured.")
    benchmark: str = Field(description="The benchmark that it was measured on.")
    source_count: Count = Field(description="How many different sources report a score.")
    source_coverage: SourceCoverage = Field(description="How many sources report a score.")
    source_profile: SourceProfile = Field(description="What is known of the sources.")
    reported_range: ReportedRange = Field(description="The lowest and the highest score.")
    spread_pp: float = Field(ge=0, le=100, description="Their difference in percentage points, unrounded.")
    severity: str | None = Field(
        description="How grave the spread is; null, because no rule for it is published."
    )
    entries: tuple[ScoreEntry, ...] = Field(description="The scores, the highest first.")
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> BenchmarkEvidenceContract:
    """Set the reported scores side by side."""
    inputs = in_english(publication)
    benchmark, evidence = inputs.record.benchmark, inputs.derived.benchmark
    if benchmark is None or evidence is None:
        raise ValueError("a report without a benchmark")
    t = inputs.wording.t
    ordered = sorted(benchmark.entries, key=lambda entry: -entry.score_pct)
    return BenchmarkEvidenceContract(
        **header_of(publication, NAME),
        html_url=publication.url or None,
        json_url=address_of(publication, f".{NAME}.json"),
        model=benchmark.model,
        benchmark=benchmark.benchmark,
        source_count=evidence.distinct_sources,
        source_coverage=SourceCoverage(
            record_count=evidence.entries,
            distinct_source_count=evidence.distinct_sources,
            coverage_level=evidence.coverage,
            basis="Five different sources or more are broad; one alone is single; what lies between is narrow.",
        ),
        source_profile=_profile(inputs, evidence),
        reported_range=ReportedRange(min_score_pct=evidence.minimum, max_score_pct=evidence.maximum),
        spread_pp=evidence.spread,
        severity=None,
        entries=tuple(_entry(inputs, entry) for entry in ordered),
        interpretation=t.spread.caution,
        limitations=limitations_of(
            inputs, "The scores are taken from the record and were not measured again."
        ),
    )


def _profile(inputs: Inputs, evidence: BenchmarkEvidence) -> SourceProfile:
    entries = inputs.record.benchmark.entries if inputs.record.benchmark else ()
    sources = {entry.source.identifier.identity: entry.source for entry in entries}
    urls = [inputs.bibliography.lookup(source).url for source in sources.values()]
    known = [url for url in urls if url]
    return SourceProfile(
        source_url_count=len(known),
        missing_source_url_count=len(urls) - len(known),
        domains=tuple(sorted({domain for url in known if (domain := _domain(url))})),
        year_min=evidence.first_year,
        year_max=evidence.last_year,
        basis="The addresses are those of the references; the years are those that the record gives with the scores.",
    )


def _entry(inputs: Inputs, entry: BenchmarkEntry) -> ScoreEntry:
    benchmark = inputs.record.benchmark
    reference = inputs.bibliography.lookup(entry.source)
    return ScoreEntry(
        model=benchmark.model if benchmark else "",
        benchmark=benchmark.benchmark if benchmark else "",
        score_pct=entry.score_pct,
        source_title=(reference.entry.title or None) if reference.entry else None,
        source_url=reference.url,
        source_domain=_domain(reference.url) if reference.url else None,
        year=entry.year,
        source=reference.number,
        protocol=entry.protocol,
    )


def _domain(url: str) -> str | None:
    return urlsplit(url).hostname


def _lacking(publication: Publication) -> str:
    return "" if publication.inputs.derived.benchmark else "reported scores (`benchmark`)"


BENCHMARK_EVIDENCE = Contract(
    name=NAME,
    title="The scores that a report compares",
    model=BenchmarkEvidenceContract,
    compose=compose,
    lacking=_lacking,
)
