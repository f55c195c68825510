"""The record itself, its fields in the order in which the format lists them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from reportgen.base.author import Author  # noqa: TC001  # pydantic reads it at run time
from reportgen.base.values import (
    Date,
    Doi,
    Language,
    Model,
    Probability,
    Text,
    Uuid,
)
from reportgen.base.words import meanings
from reportgen.record.model.claim import Claim, ClaimCounts, EvidenceCounts, with_unique_ids
from reportgen.record.model.exhibit import MOST_EXHIBITS, OwnFigure, OwnTable
from reportgen.record.model.gate import Gate  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.outcome import Outcome  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.parts import (
    AiUse,
    Background,
    Benchmark,
    ConfidenceWord,
    Correction,
    Generator,
    HumanReview,
    MathResult,
    QualityDimensions,
    Review,
    Section,
)
from reportgen.record.model.search import Search  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.vocabulary import Kind

SCHEMA = "reportgen-record-v1"
MOST_CLAIMS = 100_000
BACK_MATTER = ("acknowledgements", "funding", "conflicts_of_interest", "data_availability", "ethics")
"""The fields that are printed as back matter, in that order."""

_Registered = Annotated[
    Literal["registered", "not registered"],
    Field(json_schema_extra=meanings("It has a DOI, which is not given here.", "It has none.")),
]


class Record(Model):
    """One report's input. See ``reportgen schema`` for the same as JSON Schema."""

    json_schema_: Text | None = Field(
        None,
        alias="$schema",
        description="The JSON Schema of this format, for editors; the report does not print it.",
        examples=["record.schema.json"],
    )
    schema_: Literal["reportgen-record-v1"] = Field(alias="schema", description="The version of this format.")
    id: Uuid = Field(description="A UUID that belongs to this report alone.")
    kind: Kind = Field(
        Kind.SYNTHESIS, description="What kind of report it is; sections and checks follow from it."
    )
    title: Text = Field(
        description="The title of the report.", examples=["Early stopping and calibration: a synthesis"]
    )
    subtitle: Text | None = Field(
        None, description="A second line of the title.", examples=["Evidence from 15 studies"]
    )
    date: Date = Field(description="The date of the report; no clock reaches a PDF.")
    version: Text = Field("1", description="The version of the report.", examples=["2"])
    authors: tuple[Author, ...] = Field(
        (), description="Who answers for the report; by default the publisher, from the house settings."
    )
    generator: Generator | None = Field(
        None, description="The machine that wrote the synthesis, where one did."
    )
    ai_use: tuple[AiUse, ...] = Field((), description="What machines did, task by task, and who checked it.")
    human_review: tuple[HumanReview, ...] = Field(
        (), description="What people did: screening, reading, checking."
    )
    language: Language = Field(
        "en", description="The language of the report, for its fixed words, hyphenation and dates."
    )
    translation_of: Uuid | Doi | None = Field(None, description="The report that this is a translation of.")
    license: Text | None = Field(
        None, description="What readers may do with it: an SPDX identifier.", examples=["CC-BY-4.0"]
    )
    keywords: tuple[Text, ...] = Field(
        (), description="Words to find the report by.", examples=[["calibration", "early stopping"]]
    )
    doi: Doi | None = Field(None, description="The DOI of the report, where it has one.")
    external_record: _Registered | None = Field(
        None, description="Whether a DOI is known to exist, where none is given."
    )
    question: Text = Field(
        description="The research question, printed in full, once.",
        examples=["Does early stopping change calibration?"],
    )
    background: Background | None = Field(None, description="A passage quoted from a source.")
    summary: Text | None = Field(
        None,
        description="The answer to the question in three to five sentences of Markdown, printed first.",
        examples=["Early stopping improves calibration in most studies. The effect is small."],
    )
    abstract: Text | None = Field(
        None,
        description="An abstract in Markdown; without it one is made from the numbers of the record.",
        examples=["**Aim.** To find out whether early stopping changes calibration."],
    )
    sections: tuple[Section, ...] = Field((), description="The synthesis itself, section by section.")
    funding: Text | None = Field(
        None,
        description="Who paid for the work, in Markdown.",
        examples=["Funded by the Example Foundation."],
    )
    conflicts_of_interest: Text | None = Field(
        None, description="What interests the authors have, in Markdown.", examples=["None declared."]
    )
    acknowledgements: Text | None = Field(
        None, description="Whom the authors thank, in Markdown.", examples=["We thank the librarians."]
    )
    data_availability: Text | None = Field(
        None,
        description="Where the data are, in Markdown.",
        examples=["All data are at <https://example.org/data>."],
    )
    ethics: Text | None = Field(
        None,
        description="Which approvals and consents were given, in Markdown.",
        examples=["No approval was needed: only published papers were read."],
    )
    tables: tuple[OwnTable, ...] = Field(
        (), max_length=MOST_EXHIBITS, description="The record's own tables, each in a file beside it."
    )
    figures: tuple[OwnFigure, ...] = Field(
        (), max_length=MOST_EXHIBITS, description="The record's own figures, each in a file beside it."
    )
    search: Search | None = Field(None, description="How the literature was searched.")
    sources: tuple[Source, ...] = Field(
        (),
        description="The sources of the report, cited or only retrieved.",
        examples=[["doi:10.1038/s41592-019-0686-2", "guo2017"]],
    )
    lead_source: Source | None = Field(None, description="The source that the claims mostly come from.")
    claims: tuple[Claim, ...] = Field(
        (), max_length=MOST_CLAIMS, description="The claims, or the file that they are kept in."
    )
    claim_counts: ClaimCounts | None = Field(
        None, description="How many claims there are, where they are not published themselves."
    )
    evidence_counts: EvidenceCounts = Field(
        EvidenceCounts(), description="How many claims have which evidence, for verification levels 3 to 7."
    )
    claim_record_source: Text | None = Field(
        None, description="What the claims were read from.", examples=["parsed source sections"]
    )
    confidence_words: tuple[ConfidenceWord, ...] = Field(
        (), description="Words for bands of confidence, which the record's authors define."
    )
    confidence_threshold: Probability | None = Field(
        None, description="The confidence above which a claim was to be marked verified."
    )
    outcomes: tuple[Outcome, ...] = Field((), description="Effect sizes that the sources report, by outcome.")
    review: Review | None = Field(None, description="The review of the report.")
    quality_dimensions: QualityDimensions = Field(
        QualityDimensions(), description="How good the report is, dimension by dimension."
    )
    gate: Gate | None = Field(None, description="The verdict of the verification gate, and what backs it.")
    corrections: tuple[Correction, ...] = Field((), description="What was corrected, the oldest first.")
    supersedes: Uuid | Doi | None = Field(None, description="The report that this one replaces.")
    superseded_by: Uuid | Doi | None = Field(None, description="The report that replaces this one.")
    benchmark: Benchmark | None = Field(None, description="Reported scores of a model, for a meta-analysis.")
    math: MathResult | None = Field(None, description="A mathematical statement, for a math-result.")
    limitations: tuple[Text, ...] = Field(
        (),
        description="What limits the report, printed after the limits that follow from the record.",
        examples=[["Only papers in English were read."]],
    )

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
        numbered = list(enumerate(self.sections))
        body = [(index, section) for index, section in numbered if not section.appendix]
        appendices = [(index, section) for index, section in numbered if section.appendix]
        texts = {
            **{f"/{name}": getattr(self, name) for name in ("summary", "abstract")},
            **{f"/sections/{index}/text": section.text for index, section in body},
            **{f"/{name}": getattr(self, name) for name in BACK_MATTER},
            **{f"/sections/{index}/text": section.text for index, section in appendices},
        }
        for name, exhibits in (("tables", self.tables), ("figures", self.figures)):
            for index, exhibit in enumerate(exhibits):
                texts |= {f"/{name}/{index}/{part}": getattr(exhibit, part) for part in ("caption", "note")}
        return {pointer: text for pointer, text in texts.items() if text is not None}

    @property
    def has_text(self) -> bool:
        """Tell whether anything in it answers the question in its authors' words."""
        return bool(self.summary or self.abstract or self.sections or self.math)

    @property
    def claim_total(self) -> int:
        """Return how many claims there are: counted, or stated where only counts are published."""
        if self.claims or self.claim_counts is None:
            return len(self.claims)
        return self.claim_counts.extracted

    def sources_of(self, claim: Claim) -> tuple[Source, ...]:
        """Return the sources a claim is tied to: its own, else the lead source, else none."""
        return claim.own_sources or ((self.lead_source,) if self.lead_source else ())

    @property
    def short_id(self) -> str:
        """Return the first eight hex digits of the id, lower case."""
        return self.id.hex[:8]
