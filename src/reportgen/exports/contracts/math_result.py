"""A mathematical statement, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from reportgen.exports.contracts.common import (
    artifacts_of,
    doi_of,
    header_of,
    in_english,
    limitations_of,
)
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    ArtifactFile,
    Count,
    Header,
    Interpretation,
    Limitations,
    Ours,
    Part,
    Url,
)
from reportgen.record.model import MathState

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.record.model import MathResult

NAME = "math-result"
LABELS: Final = {
    MathState.FALSIFIED: "Falsified",
    MathState.COMPUTATIONAL_EVIDENCE: "Computational evidence",
    MathState.FORMAL_PROOF_ATTEMPTED: "Formal proof attempted",
    MathState.FORMAL_PROOF_VERIFIED: "Formal proof verified",
}
"""The published labels."""
Outcome = Literal["falsified", "no_counterexample"]
_OUTCOMES: Final[dict[MathState, Outcome]] = {
    MathState.FALSIFIED: "falsified",
    MathState.COMPUTATIONAL_EVIDENCE: "no_counterexample",
}


class ResultStatement(Part):
    """The statement."""

    id: str = Field(description="The id of the result, 32 hex digits.")
    problem_name: str = Field(description="The title of the report.")
    domain: str | None = Field(None, description="The field of mathematics.")
    statement: str = Field(description="The statement, unchanged.")
    status: str = Field(description="The state in small letters.")
    url: Url | None = Field(None, description="The address of the page.")
    doi: str | None = Field(description="The DOI of the report; null where there is none.")
    counterexample: Ours[str | None] = Field(None, description="A case in which it does not hold, unchanged.")
    lean4_source: Ours[str | None] = Field(None, description="Its proof in Lean 4, unchanged.")


class Verification(Part):
    """How far the statement was verified."""

    state: MathState = Field(description="What is known of the statement.")
    label: str = Field(description="The same under its published name.")
    proof_claim: bool = Field(description="Whether a proof is claimed.")
    n_cases: Count | None = Field(
        description="How many cases were checked; null where the record does not say, for which the published "
        "contract has no word: 0 would be a number that nobody stated."
    )
    counterexample_available: bool = Field(description="Whether the record gives a counterexample.")
    lean4_source_public: bool = Field(description="Whether it gives a source in Lean 4.")
    method: str | None = Field(None, description="How it was checked.")
    result: Outcome | None = Field(None, description="What a search for a counterexample found.")
    cpu_seconds: float | None = Field(
        ge=0, description="How long the check took, in seconds of processor time; null where not stated."
    )
    meaning: Ours[str] = Field(description="What the state means, as it is printed.")


class MathResultContract(Header):
    """A mathematical statement and what is known of it."""

    result: ResultStatement = Field(description="The statement.")
    verification: Verification = Field(description="How far it was verified.")
    artifact_set: tuple[ArtifactFile, ...] = Field(description="The public files of the report.")
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> MathResultContract:
    """Say what the statement is, and what is known of it."""
    inputs = in_english(publication)
    math = inputs.record.math
    if math is None:
        raise ValueError("a report without a statement")
    return MathResultContract(
        **header_of(publication, NAME),
        result=ResultStatement(
            id=inputs.record.id.hex,
            problem_name=inputs.record.title,
            domain=math.domain,
            statement=math.statement,
            status=math.state.lower(),
            url=publication.url or None,
            doi=doi_of(inputs),
            counterexample=math.counterexample,
            lean4_source=math.lean4_source,
        ),
        verification=_verification(math, inputs),
        artifact_set=artifacts_of(publication),
        interpretation="The state is that of the statement as it is worded here. A proof by machine is one of its "
        "formal wording, which may differ from what was meant.",
        limitations=limitations_of(
            inputs, "The record states the result; nothing was computed or proved again for this file."
        ),
    )


def _verification(math: MathResult, inputs: Inputs) -> Verification:
    return Verification(
        state=math.state,
        label=LABELS[math.state],
        proof_claim=math.state is MathState.FORMAL_PROOF_VERIFIED,
        n_cases=math.n_cases,
        counterexample_available=math.counterexample is not None,
        lean4_source_public=math.lean4_source is not None,
        method=math.method,
        result=_OUTCOMES.get(math.state),
        cpu_seconds=math.cpu_seconds,
        meaning=inputs.wording.t.math_meaning[math.state],
    )


def _lacking(publication: Publication) -> str:
    return "" if publication.inputs.record.math else "a mathematical statement (`math`)"


MATH_RESULT = Contract(
    name=NAME,
    title="A mathematical statement and what is known of it",
    model=MathResultContract,
    compose=compose,
    lacking=_lacking,
    vocabulary={
        "x-verification-states": [
            {
                "state": state.value,
                "label": label,
                "proof_claim": state is MathState.FORMAL_PROOF_VERIFIED,
            }
            for state, label in LABELS.items()
        ]
    },
)
