"""The parts that list what the record states: statement, corrections, provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen import __version__
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
        ("n_cases", None if result.n_cases is None else str(result.n_cases)),
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
    """Say whether the report was corrected or superseded, and list the events."""
    record, wording = inputs.record, inputs.wording
    t = wording.t
    state = inputs.derived.correction
    parts = []
    linked: list[Inlines] = []
    if state.count and state.last is not None:
        parts.append(wording.say("corrections.CORRECTED", state.count, date=wording.date(state.last.date())))
    else:
        parts.append(t.corrections.CURRENT)
    if state.retracted is not None:
        parts.append(wording.say("corrections.RETRACTED", date=wording.date(state.retracted.date())))
    if record.superseded_by is not None:
        linked.append(said_of_report(wording, "corrections.SUPERSEDED", successor=record.superseded_by))
    if record.supersedes is not None:
        linked.append(said_of_report(wording, "corrections.supersedes", predecessor=record.supersedes))
    said = (inlines(" ".join(parts)), *linked, inlines(t.corrections.additive))
    blocks: Blocks = (inputs.heading("corrections"), Paragraph(joined(said, " ")))
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
    """List where the report comes from and how it can be made again."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    t = wording.t.provenance
    kept = derived.provenance.level
    level = wording.say("provenance.level_value", level=kept, name=wording.t.provenance_level[str(kept)])
    if registration := inputs.registration:
        # A reserved DOI resolves only later, and the page must be true before and after.
        how = "sandbox" if registration.sandbox else "doi" if record.doi else "reserved"
        external = wording.say(f"provenance.external_{how}", doi=registration.doi)
    else:
        external = t.external_registered if derived.provenance.externally_archived else t.external_missing
    generator = t.generator_missing
    if record.generator:
        generator = " ".join(
            keep_apart(part) for part in (record.generator.name, record.generator.version) if part
        )
    publisher = inlines(inputs.publisher.name)
    if url := inputs.publisher.url:
        publisher += (", ", Link((url,), url))
    facts = (
        Definition(t.publisher, (publisher,)),
        fact(t.record_id, str(record.id), at="/id"),
        Definition(t.record_hash, ((Checksum(inputs.record_sha256),),)),
        fact(t.schema, record.schema_),
        fact(t.level, level) if derived.level else None,
        fact(t.external, external),
        fact(t.generator, generator) if derived.machine_made else None,
        *(_run(record.generator.run, wording) if record.generator and record.generator.run else ()),
        fact(t.contents, t.contents_value),
        fact(t.rebuild, t.rebuild_value),
        fact(t.typeset, f"reportgen {__version__}"),
    )
    return (inputs.heading("provenance"), DefinitionList(tuple(filter(None, facts))))


def _run(run: Run, wording: Wording) -> list[Definition]:
    t = wording.t.provenance
    at = "/generator/run"
    checksum = (
        Definition(t.run_settings, ((Checksum(run.settings_sha256),),)) if run.settings_sha256 else None
    )
    said = (
        fact(t.run, run.id, at=f"{at}/id") if run.id else None,
        checksum,
        fact(t.run_cost, run.cost, at=f"{at}/cost") if run.cost else None,
        fact(t.run_tools, ", ".join(map(keep_apart, run.tools)), at=f"{at}/tools") if run.tools else None,
    )
    return list(filter(None, said))


def fact(term: str, *values: str, at: str = "") -> Definition:
    """Say something of a term, in one paragraph or more."""
    return Definition(term, tuple(map(inlines, values)), at=at)
