"""The parts that list what the record states: statement, corrections, provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.base import numbers
from reportgen.content.references import said_of_report
from reportgen.text.inline import inlines, joined
from reportgen.text.mathematics import keep_apart
from reportgen.text.tree import (
    Blocks,
    Checksum,
    CodeBlock,
    Column,
    Definition,
    DefinitionList,
    FinePrint,
    Heading,
    Inlines,
    Link,
    Paragraph,
    Row,
    Table,
)

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Correction, Run
    from reportgen.text.wording import Wording


def statement(inputs: Inputs) -> Blocks:
    """List what is known of a mathematical statement."""
    result, wording = inputs.record.math, inputs.wording
    if result is None:
        return ()
    t = wording.t
    values: list[tuple[str, str | None]] = [
        ("statement", result.statement),
        ("domain", result.domain),
        ("state", t.math_state[result.state]),
        ("method", result.method),
        ("n_cases", None if result.n_cases is None else numbers.whole(result.n_cases)),
        (
            "cpu_seconds",
            None
            if result.cpu_seconds is None
            else wording.say("math.seconds", seconds=wording.localise(str(result.cpu_seconds))),
        ),
        ("counterexample", result.counterexample),
    ]
    facts = tuple(
        fact(t.math[name], value, at=f"/math/{name}") for name, value in values if value is not None
    )
    meaning = t.math_meaning[result.state]
    source: Blocks = ()
    if result.lean4_source is not None:
        meaning = f"{meaning} {t.math_meaning.source}"
        code = CodeBlock(result.lean4_source, at="/math/lean4_source")
        source = (Heading(3, (t.math.lean4,), id="lean4"), code)
    return (inputs.heading("statement"), DefinitionList(facts), Paragraph(inlines(meaning)), *source)


def corrections(inputs: Inputs) -> Blocks:
    """List what was corrected, and name the reports that this one replaces or that replace it."""
    record, wording = inputs.record, inputs.wording
    t = wording.t
    linked: list[Inlines] = []
    if record.supersedes is not None:
        linked.append(said_of_report(wording, "corrections.supersedes", predecessor=record.supersedes))
    if record.corrections:
        linked.append(inlines(t.corrections.additive))
    if not linked:
        return ()
    blocks: Blocks = (inputs.heading("corrections"), Paragraph(joined(tuple(linked), " ")))
    if not record.corrections:
        return blocks
    columns = (Column(t.column.date, 30), Column(t.column.type, 26), Column(t.column.correction))
    rows = tuple(_correction(index, event, wording) for index, event in enumerate(record.corrections))
    return (*blocks, Table(columns, rows))


def correction_name(event: Correction, wording: Wording) -> str:
    """Name a correction by what was corrected and, where the record says so, by its kind."""
    what: str = wording.t.correction_type[event.correction_type]
    return f"{what} ({wording.t.correction_kind[event.kind]})" if event.kind else what


def _correction(index: int, event: Correction, wording: Wording) -> Row:
    t = wording.t
    fields = f"{t.corrections.fields} {', '.join(map(keep_apart, event.affected_fields))}"
    return Row(
        (
            (wording.date(event.corrected_at.date()),),
            (correction_name(event, wording),),
            inlines(event.public_note),
        ),
        ((FinePrint(inlines(fields)),),) if event.affected_fields else (),
        at=f"/corrections/{index}",
        id=f"correction-{index + 1}",
    )


def provenance(inputs: Inputs) -> Blocks:
    """Say where the report comes from and how it can be made again."""
    record, wording = inputs.record, inputs.wording
    t = wording.t.provenance
    named = inlines(wording.say("provenance.record", id=str(record.id), schema=record.schema_))
    digits = inputs.record_sha256
    said: list[Inlines] = [named, ("SHA-256 ", Checksum(f"{digits[:SHOWN]}…{digits[-SHOWN:]}"), ".")]
    said.append(inlines(_archive(inputs)))
    if url := inputs.publisher.url:
        said.append((f"{t.page} ", Link((url,), url), "."))
    if record.generator and record.generator.run:
        said += _run(record.generator.run, wording)
    typeset = wording.say("provenance.made_with", version=__version__)
    said += [(typeset,), inlines(t.inside), inlines(t.verify)]
    return (Paragraph(joined(tuple(said), " "), wording.t.heading.provenance, at="/id"),)


SHOWN = 8
"""So many digits of a hash are shown at either end; the files inside the PDF hold it whole."""


def _archive(inputs: Inputs) -> str:
    t = inputs.wording.t.provenance
    if registration := inputs.registration:
        # A reserved DOI resolves only later, and the page must be true before and after.
        how = "sandbox" if registration.sandbox else "doi" if inputs.record.doi else "reserved"
        return inputs.wording.say(f"provenance.archive_{how}", doi=registration.doi)
    archived = inputs.derived.provenance.externally_archived
    return str(t.archive_registered if archived else t.archive_missing)


def _run(run: Run, wording: Wording) -> list[Inlines]:
    """Say what the record states of the run that made it."""
    t = wording.t.provenance
    said: list[tuple[str, Inlines]] = [(t.run, inlines(run.id or "")), (t.run_cost, inlines(run.cost or ""))]
    if run.settings_sha256:
        digits = run.settings_sha256
        said.append((t.run_settings, (Checksum(f"{digits[:SHOWN]}…{digits[-SHOWN:]}"),)))
    said.append((t.run_tools, inlines(", ".join(map(keep_apart, run.tools)))))
    return [(f"{label} ", *value, ".") for label, value in said if value]


def fact(term: str, *values: str, at: str = "") -> Definition:
    """Say something of a term, in one paragraph or more."""
    return Definition(term, tuple(map(inlines, values)), at=at)
