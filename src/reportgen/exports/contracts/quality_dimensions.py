"""The eight quality dimensions, assessed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from reportgen.exports.contracts.common import (
    FROM_RECORD,
    NO_REVIEW,
    header_of,
    in_english,
    limitations_of,
)
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    GeneratedFrom,
    Header,
    Interpretation,
    Limitations,
    Ours,
    Part,
    Score,
)
from reportgen.record.model import DimensionLevel, QualityDimensions

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication
    from reportgen.record.model import Dimension

NAME = "quality-dimensions"
_PUBLISHED: Final = {
    "evidence_strength": "How directly and sufficiently the cited sources support the main claims.",
    "citation_grounding": "Whether claims are tied to inspectable source material and citations.",
    "numerical_consistency": "Whether reported numbers, units, ranges, and comparisons are internally consistent.",
}
DEFINITIONS: Final = {
    **_PUBLISHED,
    "benchmark_validity": "Whether task, data, metric and protocol of a benchmark are named with its scores.",
    "novelty": "Whether the report sets sources side by side or finds what none of them says.",
    "uncertainty_disclosure": "Whether limits, doubts and unchecked claims are named as such.",
    "reproducibility_status": "How far others can inspect the sources and files behind the report.",
    "safety_impact": "Whether misuse and effects on people are named where they matter.",
}
"""What each dimension asks; the first three as published, the others in our words: the publisher's are not known."""


class AssessedDimension(Part):
    """A quality dimension."""

    score: Score | None = Field(description="The score from 0 to 10; null where none was given.")
    level: DimensionLevel = Field(description="The level.")
    basis: str = Field(description="What the level rests on, in the words of the record.")
    definition: str = Field(description="What the dimension asks.")
    label: Ours[str] = Field(description="Its name as it is printed.")


def _defined(name: str) -> Any:
    origin = "published" if name in _PUBLISHED else "reportgen"
    constant: Any = {"const": DEFINITIONS[name], "x-origin": origin}
    return Field(description=DEFINITIONS[name], json_schema_extra={"properties": {"definition": constant}})


_D = AssessedDimension


class Dimensions(Part):
    """All eight dimensions."""

    evidence_strength: Annotated[_D, _defined("evidence_strength")]
    citation_grounding: Annotated[_D, _defined("citation_grounding")]
    numerical_consistency: Annotated[_D, _defined("numerical_consistency")]
    benchmark_validity: Annotated[_D, _defined("benchmark_validity")]
    novelty: Annotated[_D, _defined("novelty")]
    uncertainty_disclosure: Annotated[_D, _defined("uncertainty_disclosure")]
    reproducibility_status: Annotated[_D, _defined("reproducibility_status")]
    safety_impact: Annotated[_D, _defined("safety_impact")]


class QualityDimensionsContract(Header):
    """How good the report is, dimension by dimension."""

    dimensions: Dimensions = Field(description="The dimensions; one that nobody assessed is ``UNASSESSED``.")
    generated_from: GeneratedFrom
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> QualityDimensionsContract:
    """Say of each dimension how it was assessed, or that it was not."""
    inputs = in_english(publication)
    given = inputs.derived.dimensions or QualityDimensions()
    labels = inputs.wording.t.dimension
    dimensions = {
        name: _assessed(getattr(given, name), DEFINITIONS[name], labels[name]) for name in DEFINITIONS
    }
    return QualityDimensionsContract(
        **header_of(publication, NAME),
        dimensions=Dimensions(**dimensions),
        generated_from=FROM_RECORD,
        interpretation="The record states each level; none is derived, and a DOI raises none of them.",
        limitations=limitations_of(inputs, NO_REVIEW),
    )


def _assessed(dimension: Dimension, definition: str, label: str) -> AssessedDimension:
    missing = "Nobody has assessed it." if dimension.level is DimensionLevel.UNASSESSED else "Not stated."
    return AssessedDimension(
        score=dimension.score,
        level=dimension.level,
        basis=dimension.basis or missing,
        definition=definition,
        label=label,
    )


def _lacking(publication: Publication) -> str:
    return "" if publication.inputs.derived.dimensions else "quality dimensions (`policy.dimensions`)"


QUALITY_DIMENSIONS = Contract(
    name=NAME,
    title="The quality dimensions of a report",
    model=QualityDimensionsContract,
    compose=compose,
    lacking=_lacking,
)
