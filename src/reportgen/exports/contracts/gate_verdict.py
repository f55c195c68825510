"""The verdict of the verification gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import Field

from reportgen.exports.contracts.common import header_of, in_english, limitations_of
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    Enforcement,
    Header,
    Interpretation,
    Limitations,
    Moment,
    Ours,
    OwnPart,
)
from reportgen.record.model import CheckType, Gate, GateStatus

if TYPE_CHECKING:
    from reportgen.analysis.derive import GateVerdict
    from reportgen.exports.interface import Publication
    from reportgen.text.wording import Wording

NAME = "gate-verdict"
LABELS: Final = {
    GateStatus.UNVERIFIED: "Unverified",
    GateStatus.VERIFIED: "Verified",
    GateStatus.FALSIFIED: "Falsified",
}
"""The published labels; the report prints others, which say more plainly what they mean."""
GATE: Final = "Gate 2 — Verification (formal proof or sandbox reproduction)"
"""The publisher's name of its gate."""


class GateArtifact(OwnPart):
    """A file that backs the verdict."""

    type: str = Field(description="What the file is.")
    path: str = Field(description="Its path, from the folder of the record.")
    sha256: str = Field(description="Its SHA-256, in hex.")
    media_type: str | None = Field(None, description="Its media type.")


class ListedCheck(OwnPart):
    """A check that the record lists."""

    id: str = Field(description="The name of the check.")
    type: CheckType = Field(description="Whether it reproduces a result or checks a proof.")
    claim: str | None = Field(None, description="The id of the claim that it checks.")
    command: str = Field(description="The command that would run it.")


class GateVerdictContract(Header):
    """What the verification gate found."""

    status: GateStatus = Field(description="The verdict.")
    label: str = Field(description="The verdict under its published name.")
    definition: str = Field(description="What the verdict means.")
    reason: str = Field(description="Why it is this verdict.")
    evaluated_at: Moment | None = Field(description="When it was reached; null where nothing was evaluated.")
    gate: str = Field(description="The name of the gate.")
    enforcement: Enforcement
    printed_label: Ours[str] = Field(description="The verdict as the report prints it.")
    stated_by_record: Ours[bool] = Field(
        description="Whether the record states the verdict and lists no check that could be run again."
    )
    artifacts: Ours[tuple[GateArtifact, ...]] = Field(description="The files that back the verdict.")
    checks: Ours[tuple[ListedCheck, ...]] = Field(
        description="The checks that the record lists; none was run for this file."
    )
    interpretation: Ours[Interpretation]
    limitations: Ours[Limitations]


def reason_of(verdict: GateVerdict, wording: Wording) -> str:
    """Say why the verdict is what it is, in the words that the report prints."""
    if verdict.reason:
        return verdict.reason
    return str(wording.t.gate_reason[verdict.default_reason]) if verdict.default_reason else "Not stated."


def compose(publication: Publication) -> GateVerdictContract:
    """Say what the gate found, why, and what backs it."""
    inputs = in_english(publication)
    verdict, t = inputs.derived.gate, inputs.wording.t
    if verdict is None:
        raise ValueError("a report without a gate")
    gate = inputs.record.gate or Gate()
    is_published = publication.settings.policy.name == "assignee"
    return GateVerdictContract(
        **header_of(publication, NAME),
        status=verdict.status,
        label=LABELS[verdict.status],
        definition=t.gate_definition[verdict.status],
        reason=reason_of(verdict, inputs.wording),
        evaluated_at=verdict.evaluated_at.isoformat() if verdict.evaluated_at else None,
        gate=GATE if is_published else t.heading.gate,
        enforcement="VERIFIED needs a file that can be checked, named with its hash. No score, tier or count of claims "
        "leads to a verdict.",
        printed_label=t.gate[verdict.status],
        stated_by_record=inputs.record.gate is not None and not gate.checks,
        artifacts=tuple(GateArtifact.model_validate(each.model_dump()) for each in gate.artifacts),
        checks=tuple(
            ListedCheck(id=each.id, type=each.type, claim=each.claim, command=each.command)
            for each in gate.checks
        ),
        interpretation="The verdict is about the result that the gate looked at, not about every claim of the report.",
        limitations=limitations_of(inputs),
    )


def _lacking(publication: Publication) -> str:
    return "" if publication.inputs.derived.gate else "a verification gate (`gate`)"


GATE_VERDICT = Contract(
    name=NAME,
    title="The verdict of the verification gate",
    model=GateVerdictContract,
    compose=compose,
    lacking=_lacking,
    vocabulary={
        "x-statuses": [{"status": status.value, "label": label} for status, label in LABELS.items()],
        "x-contract-introduced": "2026-06-10",
    },
)
