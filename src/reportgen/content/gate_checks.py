"""The checks that the verification gate is to run, as the record states them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.content.references import claim_links
from reportgen.text.inline import inlines
from reportgen.text.mathematics import keep_apart
from reportgen.text.tree import Blocks, Code, Column, FinePrint, Inlines, Paragraph, Row, Table

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import CheckLimits, GateCheck
    from reportgen.text.wording import Wording


def gate_checks(inputs: Inputs) -> Blocks:
    """List the checks; none of them is run while a report is made."""
    gate, wording = inputs.record.gate, inputs.wording
    if gate is None or not gate.checks:
        return ()
    t = wording.t.column
    columns = (
        Column(t.check, 22),
        Column(t.claim, 13),
        Column(t.type, 24),
        Column(t.expected, 24),
        Column(t.command),
    )
    rows = tuple(_row(inputs, index, check) for index, check in enumerate(gate.checks))
    return (Paragraph(inlines(wording.say("quality.checks", len(rows)))), Table(columns, rows))


def _row(inputs: Inputs, index: int, check: GateCheck) -> Row:
    wording = inputs.wording
    t = wording.t
    claims = [place for place, claim in enumerate(inputs.record.claims) if claim.id == check.claim]
    below = [
        f"{label} {', '.join(map(keep_apart, names))}"
        for label, names in ((t.quality.files, check.files), (t.quality.data, check.data))
        if names
    ]
    if check.limits and (limits := _limits(check.limits, wording)):
        below.append(wording.say("quality.limits", limits=limits))
    return Row(
        (
            (check.id,),
            claim_links(claims, inputs.record, wording) or ("–",),
            (t.check_type[check.type],),
            _expected(check, wording),
            (Code(check.command),),
        ),
        tuple((FinePrint(inlines(text)),) for text in below),
        at=f"/gate/checks/{index}",
    )


def _expected(check: GateCheck, wording: Wording) -> Inlines:
    if check.expected is None:
        return ("–",)
    if isinstance(check.expected, str):
        return inlines(check.expected)
    expected = wording.localise(f"{check.expected:.10g}")
    if check.tolerance is None:
        return (expected,)
    tolerance = wording.localise(f"{check.tolerance:.10g}")
    return (wording.say("quality.within", expected=expected, tolerance=tolerance),)


def _limits(limits: CheckLimits, wording: Wording) -> str:
    given = (("seconds", limits.seconds), ("megabytes", limits.megabytes))
    return ", ".join(wording.say(f"quality.{name}", value=value) for name, value in given if value)
