"""What calls for another review of a report, as far as its record tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from reportgen.analysis.derive import CorrectionState
from reportgen.exports.contracts.common import FROM_RECORD, header_of, in_english, limitations_of
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    Enforcement,
    GeneratedFrom,
    Header,
    Inferred,
    Limitations,
    OwnPart,
)
from reportgen.record.model import GateStatus, MathState, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication

NAME = "review-monitor"
State = Literal["NO_ACTIVE_TRIGGER", "REVIEW_SUGGESTED"]


class MonitoredTrigger(OwnPart):
    """Something that calls for another review."""

    key: str = Field(description="Its name for programs.")
    description: str = Field(description="What it is.")


class ActiveTrigger(MonitoredTrigger):
    """Something that calls for another review of this report."""

    reason: str = Field(description="What the record holds of it.")


class ReviewMonitor(Header):
    """What calls for another review of the report."""

    monitor_state: Inferred[State] = Field(
        description="Whether anything does. The publisher's words are not known."
    )
    active_triggers: Inferred[tuple[ActiveTrigger, ...]] = Field(description="What calls for a review now.")
    monitored_triggers: Inferred[tuple[MonitoredTrigger, ...]] = Field(description="All that was looked at.")
    generated_from: Inferred[GeneratedFrom]
    enforcement: Enforcement
    limitations: Limitations


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something that calls for a review; ``found`` says what a report has of it, '' where it has nothing."""

    key: str
    description: str
    found: Callable[[Inputs], str]


def _retracted_sources(inputs: Inputs) -> str:
    references = inputs.bibliography.references
    return _numbered("Source", [each.number for each in references if each.entry and each.entry.retraction])


def _numbered(what: str, numbers: Sequence[int]) -> str:
    return f"{what} {', '.join(map(str, numbers))}." if numbers else ""


def _state(inputs: Inputs) -> str:
    state = inputs.derived.correction.state
    return "" if state is CorrectionState.CURRENT else f"Its state is {state}."


def _falsified(inputs: Inputs) -> str:
    gate, math = inputs.derived.gate, inputs.record.math
    found = {
        "The gate found the result false.": gate is not None and gate.status is GateStatus.FALSIFIED,
        "The statement has been found false.": math is not None and math.state is MathState.FALSIFIED,
    }
    return " ".join(sentence for sentence, holds in found.items() if holds)


def _refuted(inputs: Inputs) -> str:
    return ", ".join(each.id for each in inputs.record.claims if each.verdict is Verdict.REFUTED)


def _not_named(inputs: Inputs) -> str:
    count = inputs.derived.sources.unlisted
    return f"Not named: {count}." if count else ""


def _unknown(inputs: Inputs) -> str:
    references = inputs.bibliography.references
    return _numbered("Source", [each.number for each in references if each.entry is None])


def _cut(inputs: Inputs) -> str:
    return ", ".join(sorted(inputs.cut))


def _not_reviewed(inputs: Inputs) -> str:
    return "The record holds no review." if inputs.derived.score is None else ""


TRIGGERS: Final = (
    Trigger("source-retracted", "A source was retracted.", _retracted_sources),
    Trigger("report-changed", "The report was corrected, replaced or retracted.", _state),
    Trigger("result-falsified", "The result was found false.", _falsified),
    Trigger("claim-refuted", "The evidence says that a claim is wrong.", _refuted),
    Trigger("papers-not-named", "Papers that were found or included are not named.", _not_named),
    Trigger("source-unresolved", "Nothing but an identifier is known of a source.", _unknown),
    Trigger("text-cut", "A text looks cut off in the record.", _cut),
    Trigger("not-reviewed", "The report has not been reviewed.", _not_reviewed),
)


def active_triggers(inputs: Inputs) -> tuple[ActiveTrigger, ...]:
    """List what calls for another review of the report."""
    found = ((trigger, trigger.found(inputs)) for trigger in TRIGGERS)
    return tuple(
        ActiveTrigger(key=trigger.key, description=trigger.description, reason=reason)
        for trigger, reason in found
        if reason
    )


def state_of(active: Sequence[ActiveTrigger]) -> State:
    """Say whether anything calls for a review."""
    return "REVIEW_SUGGESTED" if active else "NO_ACTIVE_TRIGGER"


def compose(publication: Publication) -> ReviewMonitor:
    """Say what calls for another review, and what was looked at."""
    inputs = in_english(publication)
    active = active_triggers(inputs)
    return ReviewMonitor(
        **header_of(publication, NAME),
        monitor_state=state_of(active),
        active_triggers=active,
        monitored_triggers=tuple(
            MonitoredTrigger(key=each.key, description=each.description) for each in TRIGGERS
        ),
        generated_from=FROM_RECORD,
        enforcement="The triggers are looked at when the file is written, and lead to nothing by themselves.",
        limitations=limitations_of(
            inputs, "Nobody watches between two builds: what happens outside the record is not seen."
        ),
    )


REVIEW_MONITOR = Contract(
    name=NAME, title="What calls for another review of a report", model=ReviewMonitor, compose=compose
)
