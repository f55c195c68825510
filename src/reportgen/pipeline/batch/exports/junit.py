"""JUnit XML, for the test page of a CI server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reportgen.base.errors import Level
from reportgen.pipeline.batch.exports.interface import COMMENT, Format, counts_of, legible, problems_of
from reportgen.pipeline.batch.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence


_BEGINNING = f"<?xml version='1.0' encoding='utf-8'?>\n{COMMENT}\n"


def as_junit(outcomes: Sequence[Outcome]) -> bytes:
    """Return JUnit XML: a test case for each record, and each PDF that is left over; what is bad fails."""
    counts = counts_of(outcomes)
    totals = {
        "tests": str(len(outcomes)),
        "failures": str(sum(outcome.is_bad for outcome in outcomes)),
        "errors": "0",
        "skipped": str(counts[Status.SKIPPED]),
        "time": f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    }
    suite = ET.Element("testsuite", {"name": "reportgen", **totals})
    suite.extend(map(_case, outcomes))
    return f"{_BEGINNING}{ET.tostring(suite, encoding='unicode')}".encode()


def _case(outcome: Outcome) -> ET.Element:
    case = ET.Element(
        "testcase", classname="reportgen", name=legible(outcome.name), time=f"{outcome.seconds:.3f}"
    )
    errors = [problem for problem in problems_of(outcome) if problem.level is Level.ERROR]
    if outcome.is_bad:
        first = errors[0]
        failure = ET.SubElement(case, "failure", type=legible(first.code), message=legible(first.message))
        failure.text = legible("\n".join(map(str, errors)))
    elif outcome.status is Status.SKIPPED:
        ET.SubElement(case, "skipped", message=legible(_why(outcome)))
    said = [f"status: {outcome.status}"]
    said += [f"pdf: {outcome.pdf}"] if outcome.pdf else []
    said += [f"reason: {reason}" for reason in outcome.reasons]
    ET.SubElement(case, "system-out").text = legible("\n".join(said))
    if outcome.warnings:
        ET.SubElement(case, "system-err").text = legible("\n".join(map(str, outcome.warnings)))
    return case


def _why(outcome: Outcome) -> str:
    return "; ".join(outcome.reasons) or "not begun"


JUNIT = Format("JUnit", ".xml", "".join(_BEGINNING.split()).encode(), as_junit)
