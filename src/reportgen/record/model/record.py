"""The record and its parts, in the order in which the format lists them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from reportgen.base.author import Author  # noqa: TC001  # pydantic reads it at run time
from reportgen.base.values import (
    Count,
    Date,
    DayOrMoment,
    Doi,
    Language,
    Model,
    Moment,
    Probability,
    Score,
    Text,
    Uuid,
)
from reportgen.record.model.claim import Claim, ClaimCounts, EvidenceCounts, with_unique_ids
from reportgen.record.model.exhibit import MOST_EXHIBITS, OwnFigure, OwnTable
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.vocabulary import CorrectionType, DimensionLevel, GateStatus, Kind, MathState

SCHEMA = "reportgen-record-v1"
MOST_ARTIFACTS = 1000
MOST_CLAIMS = 100_000


class Generator(Model):
    """The machine that wrote the synthesis; printed in the disclosure and in the metadata."""

    name: Text
    version: Text | None = None
    statement: Text | None = Field(None, description="What the machine did, in the publisher's words")


class Background(Model):
    """A passage quoted from a source, never the report's own words."""

    text: Text
    source: Source | None = None


class Section(Model):
    """One section of the synthesis itself, in Markdown."""

    title: Text
    text: Text


class Search(Model):
    """How the literature was searched; every number is printed only when present."""

    databases: tuple[Text, ...] = ()
    queries: tuple[Text, ...] = ()
    searched_on: Date | None = None
    papers_retrieved: Count | None = None
    screened: Count | None = None
    included: Count | None = None
    criteria: Text | None = None


class Reviewer(Model):
    """One automated or human reviewer and the score given."""

    role: Text
    score: Score
    note: Text | None = None


class Review(Model):
    """The review score, 0 to 10; with reviewers it is their mean to within 0.05."""

    score: Score
    reviewers: tuple[Reviewer, ...] = ()
    method: Text | None = None


class Dimension(Model):
    """One quality dimension."""

    level: DimensionLevel = DimensionLevel.UNASSESSED
    score: Score | None = None
    basis: Text | None = None


class QualityDimensions(Model):
    """The eight quality dimensions, in the order they are printed."""

    evidence_strength: Dimension = Dimension()
    citation_grounding: Dimension = Dimension()
    numerical_consistency: Dimension = Dimension()
    benchmark_validity: Dimension = Dimension()
    novelty: Dimension = Dimension()
    uncertainty_disclosure: Dimension = Dimension()
    reproducibility_status: Dimension = Dimension()
    safety_impact: Dimension = Dimension()


class Artifact(Model):
    """A file that backs the gate verdict; ``path`` is relative to the record."""

    type: Text
    path: Text
    sha256: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9a-f]{64}$"),
        Field(title="SHA-256 checksum: 64 hex digits, lower case"),
    ]
    media_type: Text | None = None


class Gate(Model):
    """The verdict of the verification gate; it never follows from a score or a claim count."""

    status: GateStatus = GateStatus.UNVERIFIED
    reason: Text | None = None
    evaluated_at: Moment | None = None
    artifacts: tuple[Artifact, ...] = Field((), max_length=MOST_ARTIFACTS)


class Correction(Model):
    """One additive correction event."""

    event_id: Text
    corrected_at: DayOrMoment
    correction_type: CorrectionType
    public_note: Text
    affected_fields: tuple[Text, ...] = ()


class BenchmarkEntry(Model):
    """One reported score, in percent."""

    source: Source
    score_pct: Annotated[float, Field(ge=0, le=100, strict=True)]
    year: Annotated[int, Field(ge=1900, le=2100, strict=True)] | None = None
    protocol: Text | None = None


class Benchmark(Model):
    """The reported scores of one model on one benchmark, for a meta-analysis."""

    model: Text
    benchmark: Text
    entries: tuple[BenchmarkEntry, ...] = Field(min_length=1)


class MathResult(Model):
    """A mathematical statement and what is known of it, for a math-result."""

    statement: Text
    domain: Text | None = None
    state: MathState
    method: Text | None = None
    n_cases: Count | None = None
    cpu_seconds: Annotated[float, Field(ge=0, strict=True)] | None = None
    counterexample: Text | None = None
    lean4_source: Text | None = None


class Record(Model):
    """One report's input. See ``reportgen schema`` for the same as JSON Schema."""

    schema_: Literal["reportgen-record-v1"] = Field(alias="schema", description="Format version")
    id: Uuid
    kind: Kind = Kind.SYNTHESIS
    title: Text
    date: Date = Field(description="The report's date; no clock reaches a PDF")
    version: Text = "1"
    authors: tuple[Author, ...] = Field((), description="Default: the publisher, from the house settings")
    generator: Generator | None = None
    language: Language = "en"
    license: Text | None = Field(None, description="SPDX identifier", examples=["CC-BY-4.0"])
    keywords: tuple[Text, ...] = ()
    doi: Doi | None = None
    external_record: Literal["registered", "not registered"] | None = None
    question: Text = Field(description="The research question, printed in full, once")
    background: Background | None = None
    sections: tuple[Section, ...] = ()
    tables: tuple[OwnTable, ...] = Field((), max_length=MOST_EXHIBITS, description="The record's own tables")
    figures: tuple[OwnFigure, ...] = Field(
        (), max_length=MOST_EXHIBITS, description="The record's own figures"
    )
    search: Search | None = None
    sources: tuple[Source, ...] = ()
    lead_source: Source | None = Field(None, description="The source the claims mostly come from")
    claims: tuple[Claim, ...] = Field(
        (), max_length=MOST_CLAIMS, description="Claims, or where they are kept"
    )
    claim_counts: ClaimCounts | None = None
    evidence_counts: EvidenceCounts = EvidenceCounts()
    claim_record_source: Text | None = Field(None, examples=["parsed source sections"])
    confidence_threshold: Probability | None = None
    review: Review | None = None
    quality_dimensions: QualityDimensions = QualityDimensions()
    gate: Gate | None = None
    corrections: tuple[Correction, ...] = ()
    supersedes: Uuid | Doi | None = None
    superseded_by: Uuid | Doi | None = None
    benchmark: Benchmark | None = None
    math: MathResult | None = None
    limitations: tuple[Text, ...] = ()

    @field_validator("claims")
    @classmethod
    def _unique_ids(cls, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        return with_unique_ids(claims)

    @property
    def exhibits(self) -> tuple[OwnTable | OwnFigure, ...]:
        """Return the record's own tables and figures."""
        return (*self.tables, *self.figures)

    @property
    def markdown_texts(self) -> dict[str, str]:
        """Return the texts that are Markdown, by JSON pointer, in the order in which they are printed."""
        texts = {f"/sections/{index}/text": section.text for index, section in enumerate(self.sections)}
        for name, exhibits in (("tables", self.tables), ("figures", self.figures)):
            for index, exhibit in enumerate(exhibits):
                texts[f"/{name}/{index}/caption"] = exhibit.caption
                if exhibit.note:
                    texts[f"/{name}/{index}/note"] = exhibit.note
        return texts

    @property
    def claim_total(self) -> int:
        """Give how many claims there are: counted, or stated where only counts are published."""
        if self.claims or self.claim_counts is None:
            return len(self.claims)
        return self.claim_counts.extracted

    def sources_of(self, claim: Claim) -> tuple[Source, ...]:
        """Give the sources a claim is tied to: its own, else the lead source, else none."""
        return claim.sources or ((self.lead_source,) if self.lead_source else ())

    @property
    def short_id(self) -> str:
        """Give the first eight hex digits of the id, lower case."""
        return self.id.hex[:8]
