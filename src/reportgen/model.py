"""The record: frozen models that are the glossary of the domain and the source of its JSON Schema."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from reportgen.identifiers import Identifier, identify

SCHEMA = "reportgen-record-v1"


class Model(BaseModel):
    """The common rules of every part: frozen, no unknown key, no NaN, types as written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


Text = Annotated[str, StringConstraints(min_length=1, strict=True), Field(description="Plain Unicode text")]
Probability = Annotated[float, Field(ge=0, le=1, strict=True)]
Score = Annotated[float, Field(ge=0, le=10, strict=True)]
Count = Annotated[int, Field(ge=0, strict=True)]
Language = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"),
    Field(description="BCP 47 language tag", examples=["en", "de", "fr-CA"]),
]


def _orcid(text: str) -> str:
    text = text.removeprefix("https://orcid.org/").removeprefix("http://orcid.org/")
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", text):
        raise ValueError("an ORCID iD has the form 0000-0002-1825-0097")
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if text[-1] != ("X" if check == 10 else str(check)):
        raise ValueError(f"the check digit of the ORCID iD {text} is wrong")
    return text


def _doi(text: str) -> str:
    found = identify(text, "doi")
    return found.value if found.kind == "doi" else f"10.48550/arXiv.{found.value}"


Orcid = Annotated[str, AfterValidator(_orcid), Field(examples=["0000-0002-1825-0097"])]
Doi = Annotated[str, AfterValidator(_doi), Field(examples=["10.5281/zenodo.20636503"])]


class Kind(StrEnum):
    """The three kinds of report; each has its own sections."""

    SYNTHESIS = "synthesis"
    META_ANALYSIS = "meta-analysis"
    MATH_RESULT = "math-result"


class DimensionLevel(StrEnum):
    """How far a quality dimension was assessed."""

    UNASSESSED = "UNASSESSED"
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class GateStatus(StrEnum):
    """The verdict of the verification gate."""

    UNVERIFIED = "UNVERIFIED"
    VERIFIED = "VERIFIED"
    FALSIFIED = "FALSIFIED"


class CorrectionType(StrEnum):
    """What a correction event changed."""

    METADATA = "METADATA"
    ARTIFACT = "ARTIFACT"
    CLAIM = "CLAIM"
    BENCHMARK = "BENCHMARK"
    PROVENANCE = "PROVENANCE"
    QUALITY_ASSESSMENT = "QUALITY_ASSESSMENT"


class MathState(StrEnum):
    """What is known of a mathematical statement."""

    FALSIFIED = "FALSIFIED"
    COMPUTATIONAL_EVIDENCE = "COMPUTATIONAL_EVIDENCE"
    FORMAL_PROOF_ATTEMPTED = "FORMAL_PROOF_ATTEMPTED"
    FORMAL_PROOF_VERIFIED = "FORMAL_PROOF_VERIFIED"


class SourceReference(Model):
    """One source: exactly one of a key, an identifier, a URL, or an inline CSL-JSON item."""

    key: str | None = None
    doi: str | None = None
    arxiv: str | None = None
    pmid: str | None = None
    isbn: str | None = None
    url: str | None = None
    item: dict[str, Any] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text_or_item(cls, value: Any) -> Any:
        if isinstance(value, str):
            found = identify(value)
            return {found.kind: value.strip() if found.kind != "key" else found.value}
        if isinstance(value, dict) and "type" in value and "item" not in value:
            if not isinstance(value.get("id"), str) or not value["id"].strip():
                raise ValueError("an inline CSL-JSON item needs an 'id' (a string)")
            return {"item": value}
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> SourceReference:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "a source is exactly one of key, doi, arxiv, pmid, isbn, url, or a CSL-JSON item with 'type'"
            )
        _ = self.identifier
        return self

    @cached_property
    def identifier(self) -> Identifier:
        """Give what the reference names; a URL of arXiv's or a DOI's is that identifier."""
        if self.item is not None:
            return Identifier("key", str(self.item["id"]))
        for kind in ("key", "doi", "arxiv", "pmid", "isbn", "url"):
            if (text := getattr(self, kind)) is not None:
                return identify(re.sub(rf"^{kind}:", "", text.strip(), flags=re.IGNORECASE), kind)
        raise ValueError("a source reference that names nothing")


_SOURCE_SCHEMA = {
    "description": "A source: a key of the bibliography, doi:, arxiv:, pmid:, isbn:, a URL, or an object",
    "examples": ["arxiv:2402.18571v3", "doi:10.1038/s41592-019-0686-2", {"key": "wang2024dpa"}],
    "anyOf": [
        {"type": "string", "minLength": 1},
        *(
            {
                "type": "object",
                "properties": {name: {"type": "string", "minLength": 1}},
                "required": [name],
                "additionalProperties": False,
            }
            for name in ("key", "doi", "arxiv", "pmid", "isbn", "url")
        ),
        {
            "type": "object",
            "description": "An inline CSL-JSON item",
            "properties": {"id": {"type": "string", "minLength": 1}, "type": {"type": "string"}},
            "required": ["id", "type"],
        },
    ],
}
Source = Annotated[SourceReference, WithJsonSchema(_SOURCE_SCHEMA)]


class Author(Model):
    """A person or an organisation answerable for the report; an AI system belongs in ``generator``."""

    name: Text
    type: Literal["person", "organization"] = "person"
    given: Text | None = None
    family: Text | None = None
    orcid: Orcid | None = None
    affiliation: Text | None = None


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
    """One section of the synthesis itself, in a subset of CommonMark with ``$math$`` and ``[@key]``."""

    title: Text
    text: Text


class Search(Model):
    """How the literature was searched; every number is printed only when present."""

    databases: tuple[Text, ...] = ()
    queries: tuple[Text, ...] = ()
    searched_on: dt.date | None = None
    papers_retrieved: Count | None = None
    screened: Count | None = None
    included: Count | None = None
    criteria: Text | None = None


class Claim(Model):
    """One extracted claim with its verdict; ``id`` defaults to a short hash of the normalised text."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = ""
    text: Text
    verified: Annotated[bool, Field(strict=True)]
    confidence: Probability | None = None
    sources: tuple[Source, ...] = ()
    quote: Text | None = Field(None, description="The passage of the source that supports the claim")
    locator: Text | None = Field(None, description="Where in the source: a page, a section, a figure")
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_id(cls, value: Any) -> Any:
        if isinstance(value, dict) and not value.get("id") and isinstance(value.get("text"), str):
            return {**value, "id": claim_id(value["text"])}
        return value


def claim_id(text: str) -> str:
    """Hash a claim's text to 10 hex digits; case, spacing and Unicode form do not change it."""
    normal = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:10]


class ClaimsFile(Model):
    """Claims kept in a CSV, JSON Lines or Parquet file beside the record, with the same columns."""

    file: Text = Field(examples=["claims.csv"])


class ClaimCounts(Model):
    """Aggregates, for records that publish no single claims; with claims present they must agree."""

    extracted: Count
    grounded: Count | None = None
    verified: Count | None = None


class EvidenceCounts(Model):
    """The counters behind verification levels 3 to 7."""

    cross_source_corroborated: Count = 0
    artifact_inspected: Count = 0
    sandbox_executed: Count = 0
    independently_reproduced: Count = 0
    externally_reviewed: Count = 0


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
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    media_type: Text | None = None


class Gate(Model):
    """The verdict of the verification gate; it never follows from a score or a claim count."""

    status: GateStatus = GateStatus.UNVERIFIED
    reason: Text | None = None
    evaluated_at: AwareDatetime | None = None
    artifacts: tuple[Artifact, ...] = ()


def _as_datetime(value: Any) -> Any:
    """Let a bare date stand for the start of that day, UTC."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return f"{value}T00:00:00Z"
    return value


class Correction(Model):
    """One additive correction event."""

    event_id: Text
    corrected_at: Annotated[AwareDatetime, BeforeValidator(_as_datetime)]
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
    id: UUID = Field(examples=["fbca8ee9-d340-4bba-9b15-625d1df52d32"])
    kind: Kind = Kind.SYNTHESIS
    title: Text
    date: dt.date = Field(description="The report's date; no clock reaches a PDF", examples=["2026-05-30"])
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
    search: Search | None = None
    sources: tuple[Source, ...] = ()
    lead_source: Source | None = Field(None, description="The source the claims mostly come from")
    claims: tuple[Claim, ...] = Field((), description="Claims, or where they are kept")
    claim_counts: ClaimCounts | None = None
    evidence_counts: EvidenceCounts = EvidenceCounts()
    claim_record_source: Text | None = Field(None, examples=["parsed source sections"])
    confidence_threshold: Probability | None = None
    review: Review | None = None
    quality_dimensions: QualityDimensions = QualityDimensions()
    gate: Gate | None = None
    corrections: tuple[Correction, ...] = ()
    supersedes: UUID | Doi | None = None
    superseded_by: UUID | Doi | None = None
    benchmark: Benchmark | None = None
    math: MathResult | None = None
    limitations: tuple[Text, ...] = ()

    @property
    def short_id(self) -> str:
        """Give the first eight hex digits of the id, lower case."""
        return self.id.hex[:8]
