"""The standing of a report: its gate verdict, its corrections, its archive."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reportgen.base.policy import GATE_INTRODUCED
from reportgen.record.model import CorrectionKind, Gate, GateStatus

if TYPE_CHECKING:
    import datetime as dt

    from reportgen.record.model import Record


_CODE = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|[a-z0-9]+(?:-[a-z0-9]+){2,}")


class GateReason(StrEnum):
    """Why the gate has no verdict, where the record itself gives no reason."""

    PUBLISHED_BEFORE_GATE = "published-before-gate"
    NOT_YET_EVALUATED = "not-yet-evaluated"
    NO_CHECKABLE_CLAIM = "no-checkable-claim"


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The gate's verdict.

    Attributes: ``reason`` is the record's own text, or its code in words; without one, ``default_reason`` is what its
    date and claims tell, and None where they tell nothing: a verdict was reached, or an evaluation was made after
    the gate existed. ``evaluated_at`` of None means that nothing was evaluated.

    """

    status: GateStatus
    reason: str | None
    default_reason: GateReason | None
    evaluated_at: dt.datetime | None


class CorrectionState(StrEnum):
    """The state of a version: first, corrected, replaced or retracted."""

    CURRENT = "CURRENT"
    CORRECTED = "CORRECTED"
    SUPERSEDED = "SUPERSEDED"
    RETRACTED = "RETRACTED"


@dataclass(frozen=True, slots=True)
class CorrectionSummary:
    """The correction state, how many events there are, when the last of them was, and when it was retracted."""

    state: CorrectionState
    count: int
    last: dt.datetime | None
    retracted: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """The provenance level: 4 for a report in an external archive, 3 for one that only states its counts."""

    level: int
    key: str
    externally_archived: bool


def gate_verdict(
    record: Record, claims: int, *, of_house: bool, introduced: dt.date | None = GATE_INTRODUCED
) -> GateVerdict | None:
    """Read the gate's verdict; it never follows from a score or a count. ``claims`` is how many there are.

    The gate is the record's own where it is none of the house's: without one there is no verdict, and its date
    gives no reason. ``introduced`` is since when the house has it, None where that is not known.
    """
    if record.gate is None and not of_house:
        return None
    gate = record.gate or Gate()
    default, reason = _told(gate.reason)
    if default is GateReason.PUBLISHED_BEFORE_GATE and not introduced:
        default, reason = None, "Published before gate"
    if of_house and gate.status is GateStatus.UNVERIFIED and gate.reason is None:
        if introduced and record.date < introduced:
            default = GateReason.PUBLISHED_BEFORE_GATE
        elif claims == 0:
            default = GateReason.NO_CHECKABLE_CLAIM
        elif gate.evaluated_at is None:
            default = GateReason.NOT_YET_EVALUATED
    return GateVerdict(gate.status, reason, default, gate.evaluated_at)


def _told(reason: str | None) -> tuple[GateReason | None, str | None]:
    """Tell what a record's reason is where it is a code: one that is known, or the words that it is made of."""
    if reason is None or not _CODE.fullmatch(reason):
        return None, reason
    known = re.sub("_", "-", reason.casefold())
    if known in set(GateReason):
        return GateReason(known), None
    words = re.sub("[_-]", " ", reason)
    return None, words.capitalize()


def correction_summary(record: Record) -> CorrectionSummary:
    """Summarise the correction events; a replaced report says so whatever its events are, a retracted one above all."""
    moments = [event.corrected_at for event in record.corrections]
    state = CorrectionState.CORRECTED if moments else CorrectionState.CURRENT
    if record.superseded_by is not None:
        state = CorrectionState.SUPERSEDED
    retractions = (event for event in record.corrections if event.kind is CorrectionKind.RETRACTION)
    retracted = min((event.corrected_at for event in retractions), default=None)
    if retracted is not None:
        state = CorrectionState.RETRACTED
    return CorrectionSummary(state, len(moments), max(moments, default=None), retracted)


def provenance(record: Record) -> Provenance:
    """Tell whether the report is archived outside the publisher: by a DOI, or by a registered record.

    This says where a copy is kept. It says nothing about whether the work can be reproduced.
    """
    if record.doi is not None or record.external_record == "registered":
        return Provenance(4, "external-archival-record", externally_archived=True)
    return Provenance(3, "claim-aggregate-record", externally_archived=False)
