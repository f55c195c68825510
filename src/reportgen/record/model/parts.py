"""The smaller parts of a record: who and what made it, its texts, its review and its corrections."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reportgen.base.values import Count, Date, DayOrMoment, Model, Probability, Score, Sha256, Text
from reportgen.record.model.source import Source  # noqa: TC001  # pydantic reads it at run time
from reportgen.record.model.vocabulary import CorrectionKind, CorrectionType, DimensionLevel, MathState


class Run(Model):
    """The run of the machine that wrote the synthesis."""

    id: Text | None = Field(None, description="The name of the run.", examples=["run-2026-05-30-17"])
    settings_sha256: Sha256 | None = Field(None, description="The checksum of the settings of the run.")
    cost: Text | None = Field(
        None, description="What the run cost, with the currency.", examples=["4.20 USD"]
    )
    tools: tuple[Text, ...] = Field(
        (), description="The tools that the machine used.", examples=[["web search", "Python 3.11"]]
    )


class Generator(Model):
    """The machine that wrote the synthesis; printed in the disclosure and in the metadata."""

    name: Text = Field(description="The name of the machine.", examples=["Assignee"])
    version: Text | None = Field(None, description="The version of the machine.", examples=["2.1"])
    statement: Text | None = Field(
        None,
        description="What the machine did, in the publisher's words.",
        examples=["The text was drafted by a language model and edited by the authors."],
    )
    run: Run | None = Field(None, description="The run in which the machine wrote it.")


class AiUse(Model):
    """A task that a machine did, and who checked it."""

    task: Text = Field(description="What the machine did.", examples=["screening of titles and abstracts"])
    tool: Text | None = Field(None, description="The machine that did it.", examples=["ASReview"])
    version: Text | None = Field(None, description="The version of that machine.", examples=["1.6"])
    checked_by: Text | None = Field(None, description="Who checked what it did.", examples=["both authors"])


class HumanReview(Model):
    """What people did themselves."""

    who: Text = Field(description="Who did it.", examples=["Ada Lovelace"])
    what: Text = Field(description="What was done.", examples=["read the twelve papers in full"])
    when: Date | None = Field(None, description="The day on which it was done.")


class Background(Model):
    """A passage quoted from a source, never the report's own words."""

    text: Text = Field(
        description="The passage, word for word.", examples=["Networks are often overconfident."]
    )
    source: Source | None = Field(None, description="The source that is quoted.")


class Section(Model):
    """One section of the synthesis itself."""

    title: Text = Field(description="The heading of the section.", examples=["What the studies agree on"])
    text: Text = Field(
        description="The text of the section, in Markdown.", examples=["Five studies agree [@guo2017]."]
    )
    appendix: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether it is printed behind the references, as an appendix with a letter."
    )


class Reviewer(Model):
    """One automated or human reviewer and the score given."""

    role: Text = Field(
        description="Who the reviewer is, or what the reviewer looked at.", examples=["statistics"]
    )
    score: Score = Field(description="The score that the reviewer gave, 0 to 10.")
    note: Text | None = Field(
        None, description="What the reviewer remarked.", examples=["The intervals are missing."]
    )


class Review(Model):
    """The review score; with reviewers it is their mean to within 0.05."""

    score: Score = Field(description="The score of the report, 0 to 10, unrounded.")
    reviewers: tuple[Reviewer, ...] = Field((), description="The reviewers and their scores.")
    method: Text | None = Field(
        None, description="How the report was reviewed.", examples=["three reviewers, each alone"]
    )


class Dimension(Model):
    """One quality dimension."""

    level: DimensionLevel = Field(DimensionLevel.UNASSESSED, description="How well the report does in it.")
    score: Score | None = Field(None, description="The same as a number, 0 to 10.")
    basis: Text | None = Field(
        None, description="What the level rests on.", examples=["all twelve sources were read"]
    )


class QualityDimensions(Model):
    """The eight quality dimensions, in the order they are printed."""

    evidence_strength: Dimension = Field(Dimension(), description="How strong the evidence is.")
    citation_grounding: Dimension = Field(Dimension(), description="How well the sources carry the claims.")
    numerical_consistency: Dimension = Field(Dimension(), description="Whether the numbers agree.")
    benchmark_validity: Dimension = Field(
        Dimension(), description="Whether the benchmarks measure what they are taken for."
    )
    novelty: Dimension = Field(Dimension(), description="How much of it is new.")
    uncertainty_disclosure: Dimension = Field(
        Dimension(), description="How openly the report says what is not known."
    )
    reproducibility_status: Dimension = Field(
        Dimension(), description="How far others can reproduce the result."
    )
    safety_impact: Dimension = Field(Dimension(), description="What the result means for safety.")


class ConfidenceWord(Model):
    """A word for a band of confidence, which reaches up to the next word's band."""

    word: Text = Field(description="The word.", examples=["likely"])
    from_: Probability = Field(
        alias="from", description="The lowest confidence that the word stands for.", examples=[0.66]
    )


class Correction(Model):
    """One correction event; events are added, never changed."""

    event_id: Text = Field(description="The name of the event.", examples=["correction-1"])
    corrected_at: DayOrMoment = Field(description="When it was corrected.")
    correction_type: CorrectionType = Field(description="What part of the report was corrected.")
    kind: CorrectionKind | None = Field(
        None,
        description="What the event is, in the words of Crossref; a retraction makes the report retracted.",
    )
    public_note: Text = Field(
        description="What was changed and why, for readers.",
        examples=["The spread is 39.89 points, not 38.89."],
    )
    affected_fields: tuple[Text, ...] = Field(
        (), description="The fields that were changed.", examples=[["claims[2].text"]]
    )


class BenchmarkEntry(Model):
    """One reported score."""

    source: Source = Field(description="The source that reports the score.")
    score_pct: Annotated[float, Field(ge=0, le=100, strict=True)] = Field(
        description="The score, in percent.", examples=[69.69]
    )
    year: Annotated[int, Field(ge=1900, le=2100, strict=True)] | None = Field(
        None, description="The year in which it was reported.", examples=[2023]
    )
    protocol: Text | None = Field(
        None, description="How it was measured.", examples=["5-shot, greedy decoding"]
    )


class Benchmark(Model):
    """The reported scores of one model on one benchmark, for a meta-analysis."""

    model: Text = Field(description="The model that was measured.", examples=["GPT-4"])
    benchmark: Text = Field(description="The benchmark that it was measured on.", examples=["MATH"])
    entries: tuple[BenchmarkEntry, ...] = Field(min_length=1, description="The scores, one for each report.")


class MathResult(Model):
    """A mathematical statement and what is known of it, for a math-result."""

    statement: Text = Field(description="The statement.", examples=["Every $n > 1$ has a prime factor."])
    domain: Text | None = Field(
        None, description="The field of mathematics that it belongs to.", examples=["number theory"]
    )
    state: MathState = Field(description="What is known of it.")
    method: Text | None = Field(None, description="How it was checked.", examples=["exhaustive search"])
    n_cases: Count | None = Field(None, description="How many cases were checked.", examples=[1000000])
    cpu_seconds: Annotated[float, Field(ge=0, strict=True)] | None = Field(
        None, description="How long the check took, in seconds of processor time.", examples=[12.5]
    )
    counterexample: Text | None = Field(
        None, description="A case in which it does not hold.", examples=["$n = 41$"]
    )
    lean4_source: Text | None = Field(
        None, description="Its proof in Lean 4.", examples=["theorem t : 1 + 1 = 2 := rfl"]
    )
