"""Checks of the corrections: their order, the fields that they name, and versions of which none tells."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reportgen.analysis.checks.subject import error, warning
from reportgen.base.suggestions import suggest
from reportgen.record.near_misses import kind_of
from reportgen.record.schema import at_place, field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.checks.subject import Finding, Subject
    from reportgen.record.model import Record

_LONGEST = 60
_LATER_VERSION = re.compile(r"v?(?:1(?:\.0)*\.[1-9]\d*|[2-9]|[1-9]\d)(?:\.\d+)*", re.IGNORECASE)
_PART = re.compile(r"[.`/]*([A-Za-z_]\w*|\d+)|\[(\d*)\]")


@error(
    "correction-before-report",
    "correct the date of the event, or that of the report",
)
def correction_before_report(subject: Subject) -> Iterator[Finding]:
    """Find correction events from before the report's own date."""
    record = subject.record
    for index, event in enumerate(record.corrections):
        if event.corrected_at.date() < record.date:
            message = f"corrected on {event.corrected_at.date()}, before the report of {record.date}"
            yield f"/corrections/{index}/corrected_at", message


@error(
    "corrections-out-of-order",
    "put the events in date order, the oldest first",
)
def corrections_out_of_order(subject: Subject) -> Iterator[Finding]:
    """Find events that are dated before the one above them."""
    moments = [event.corrected_at for event in subject.record.corrections]
    for index, (earlier, later) in enumerate(pairwise(moments), start=1):
        if later < earlier:
            yield (
                f"/corrections/{index}/corrected_at",
                f"{later.isoformat()} comes before {earlier.isoformat()}",
            )


@warning(
    "version-without-correction",
    "say in `corrections` what has changed since the version before, and when",
)
def version_without_correction(subject: Subject) -> Iterator[Finding]:
    """Find a second or later version that says nothing of the one before."""
    record = subject.record
    if _LATER_VERSION.fullmatch(record.version) and not record.corrections and record.supersedes is None:
        yield "/version", f"this is version {record.version}, and nothing says what it changes"


@warning(
    "affected-field-unknown",
    "name a field as messages do, such as `claims[2].text`; of one that is gone, what it stood in: `claims`",
)
def affected_field_unknown(subject: Subject) -> Iterator[Finding]:
    """Find fields that a correction names and the record does not have."""
    for index, event in enumerate(subject.record.corrections):
        for place, path in enumerate(event.affected_fields):
            if found := _missing(path, subject.record):
                yield (f"/corrections/{index}/affected_fields/{place}", *found)


def _missing(path: str, record: Record) -> tuple[str, str] | None:
    """Say what of a path is not there, and what was meant; None where all of it is."""
    parts = _parts(path)
    if parts is None:
        return f"`{path[:_LONGEST]}` is not the name of a field", ""
    value: Any = record
    known: tuple[str | int, ...] = ()
    for part in parts:
        if kind_of(known) == "source":  # an item in CSL may have fields that no schema lists
            return None
        if isinstance(part, int):
            if isinstance(value, tuple) and part >= len(value):
                ends = f"ends at [{len(value) - 1}]" if value else "is empty"
                return f"there is no `{path[:_LONGEST]}`: the list {ends}", ""
            value = value[part] if isinstance(value, tuple) else None
        else:
            known = (*known, 0) if at_place((*known, 0)) else known
            if part not in (names := field_names(known)):
                near = suggest(part, names)
                return f"there is no field `{path[:_LONGEST]}`", f"did you mean `{near}`?" if near else ""
            value = getattr(value, part, None)
        known = (*known, part)
    return None


def _parts(path: str) -> list[str | int] | None:
    """Cut `claims[2].text`, or the pointer `/claims/2/text`, into names and numbers; None of what is neither."""
    parts: list[str | int] = []
    end, text = 0, path.strip().rstrip("`")
    while end < len(text):
        match = _PART.match(text, end)
        if match is None:
            return None
        name = match[1] if match[1] is not None else match[2]
        if name:
            parts.append(int(name) if name.isdigit() else name)
        end = match.end()
    return parts or None


CHECKS = (
    correction_before_report,
    corrections_out_of_order,
    version_without_correction,
    affected_field_unknown,
)
