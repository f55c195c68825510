"""The parts that are lists of labels and values: panel, methodology, statement, corrections, provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.analysis.derive import CorrectionState
from reportgen.content.claims import confidence_text, source_label
from reportgen.content.references import citation
from reportgen.content.report import CorrectionsView, Fact, MathView, Methodology, PanelCell
from reportgen.content.sentences import percent_text, score_text
from reportgen.latex.escaping import Latex, escape_breakable, to_latex
from reportgen.latex.tables import Column, Row, Table, chunks, set_table
from reportgen.record.model import GateStatus, MathState
from reportgen.text.formula import keep_apart
from reportgen.text.structure import tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.analysis.derive import Derived
    from reportgen.content import Inputs
    from reportgen.record.model import Benchmark, Correction, Record
    from reportgen.sources import Bibliography
    from reportgen.text.wording import Wording

_WIDTHS = ("26mm", "33mm", "32mm", "27mm", "24mm")
_ALARMING = {"QUARANTINE_CANDIDATE", "FALSIFIED", "SUPERSEDED"}


def panel(record: Record, derived: Derived, wording: Wording) -> tuple[PanelCell, ...]:
    """Return the cells of the status panel, row by row: ten where the house's policy leaves none out."""
    t = wording.t
    p = t.panel
    tier, level, gate, kept = derived.tier, derived.level, derived.gate, derived.provenance.level
    score = (
        wording.say("panel.score_value", score=score_text(derived, wording))
        if derived.score is not None
        else p.score_missing
    )
    papers = record.search.papers_retrieved if record.search else None
    verified = p.unknown if derived.claims.verified is None else str(derived.claims.verified)
    state = derived.correction.state
    count = derived.correction.count
    tier_name = wording.named("tier", tier.tier) if tier and tier.tier else p.tier_missing
    cells = [
        (p.score, score, "", ""),
        (p.tier, tier_name, "", tier.tier or "") if tier else None,
        (p.level, f"L{level.number}", t.level[str(level.number)], "") if level else None,
        (p.gate, t.gate[gate.status], "", gate.status) if gate else None,
        (
            p.corrections,
            t.correction[state],
            f"({count})" if state is CorrectionState.CORRECTED else "",
            state,
        ),
        (p.extracted, str(derived.claims.extracted) if derived.claims.extracted else p.none, "", ""),
        (p.grounded, str(derived.claims.grounded) if derived.claims.extracted else p.none, "", ""),
        (p.verified, verified if derived.claims.extracted else p.none, "", ""),
        (p.papers, p.papers_missing if papers is None else str(papers), "", ""),
        (p.provenance, f"L{kept}", t.provenance_level[str(kept)], "") if level else None,
    ]
    return tuple(
        PanelCell(label, value, detail, "Warn" if key in _ALARMING else "", _WIDTHS[index % 5])
        for index, (label, value, detail, key) in enumerate(filter(None, cells))
    )


def notice(record: Record, derived: Derived, wording: Wording) -> str:
    """Say at the top what no reader may miss: that the report is replaced, or its result found false."""
    parts = []
    if record.superseded_by is not None:
        parts.append(wording.say("corrections.SUPERSEDED", successor=str(record.superseded_by)))
    if derived.gate and derived.gate.status is GateStatus.FALSIFIED:
        parts.append(wording.t.panel.falsified)
    if record.math is not None and record.math.state is MathState.FALSIFIED:
        parts.append(wording.t.math_meaning.FALSIFIED)
    return " ".join(parts)


def methodology(record: Record, derived: Derived, wording: Wording) -> Methodology:
    """List what the record states of the search, and name what it does not."""
    t = wording.t.search
    search = record.search
    facts: list[Fact] = []
    missing: list[str] = []

    def add(name: str, *values: str) -> None:
        label = t[name]
        if values:
            facts.append(Fact(label, values, f"/search/{name}"))
        else:
            missing.append(label)

    add("databases", *([", ".join(map(keep_apart, search.databases))] if search and search.databases else []))
    add("queries", *(search.queries if search else ()))
    add("searched_on", *([wording.date(search.searched_on)] if search and search.searched_on else []))
    for name in ("papers_retrieved", "screened", "included"):
        count = getattr(search, name) if search else None
        add(name, *([] if count is None else [str(count)]))
    add("criteria", *([search.criteria] if search and search.criteria else []))
    source = record.claim_record_source or t.claim_source_missing
    facts.append(Fact(t.claim_source, (source,), "/claim_record_source"))
    if derived.confidence is not None:
        facts.append(
            Fact(t.confidence, (t.confidence_text if derived.machine_made else t.confidence_stated,))
        )
    if record.confidence_threshold is not None:
        threshold = confidence_text(record.confidence_threshold, wording)
        text = wording.say("search.threshold_text", threshold=threshold)
        facts.append(Fact(t.threshold, (text,), "/confidence_threshold"))
    note = (
        wording.say("search.partial", missing=", ".join(wording.within(name) for name in missing))
        if missing
        else ""
    )
    return Methodology(tuple(facts), note)


def math_view(record: Record, wording: Wording) -> MathView | None:
    """List what is known of a mathematical statement."""
    if record.math is None:
        return None
    t, result = wording.t, record.math
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
        Fact(t.math[name], (value,), f"/math/{name}") for name, value in values if value is not None
    )
    meaning = t.math_meaning[result.state]
    if result.lean4_source is None:
        return MathView(facts, meaning, "")
    return MathView(facts, f"{meaning} {t.math_meaning.source}", _code(result.lean4_source))


def _code(source: str) -> Latex:
    """Set source text line by line; its indentation is kept."""
    lines = []
    for line in source.rstrip().splitlines():
        indent = len(line) - len(line.lstrip(" \t"))
        # In a box, because TeX drops spaces at the start of a line.
        space = f"\\mbox{{{'~' * max(indent, 1)}}}" if indent or not line.strip() else ""
        lines.append(space + escape_breakable(line.strip()))
    # The braces keep a line that begins with a bracket or a star from being taken as the break's own argument.
    body = "\\\\{}\n".join(lines)
    paragraph = tag("P", body, at="/math/lean4_source")
    return Latex(f"{{\\Notes\\ttfamily\\Ragged\\rightskip=0pt plus 1fil\\noindent {paragraph}\\par}}\n")


def benchmark_table(benchmark: Benchmark, bibliography: Bibliography, wording: Wording) -> Latex:
    """Set the reported scores, highest first."""
    t = wording.t.column
    order = sorted(range(len(benchmark.entries)), key=lambda index: -benchmark.entries[index].score_pct)
    rows = []
    for index in order:
        entry = benchmark.entries[index]
        reference = bibliography.lookup(entry.source)
        rows.append(
            Row(
                (
                    Latex(f"{citation([reference])} {to_latex(source_label(reference))}"),
                    str(entry.year) if entry.year else "–",
                    percent_text(entry.score_pct, wording),
                    entry.protocol or "–",
                ),
                at=f"/benchmark/entries/{index}",
            )
        )
    columns = (
        Column(t.source),
        Column(t.year, 12),
        Column(t.reported, 20, align="right"),
        Column(t.protocol, 42),
    )
    return set_table(Table(columns, tuple(rows)))


def corrections(record: Record, derived: Derived, wording: Wording) -> CorrectionsView:
    """Say whether the report was corrected or superseded, and list the events."""
    t = wording.t
    state = derived.correction
    parts = []
    if state.count and state.last is not None:
        parts.append(wording.say("corrections.CORRECTED", state.count, date=wording.date(state.last.date())))
    else:
        parts.append(t.corrections.CURRENT)
    if record.superseded_by is not None:
        parts.append(wording.say("corrections.SUPERSEDED", successor=str(record.superseded_by)))
    if record.supersedes is not None:
        parts.append(wording.say("corrections.supersedes", predecessor=str(record.supersedes)))
    parts.append(t.corrections.additive)
    if not record.corrections:
        return CorrectionsView(" ".join(parts), "")
    columns = (
        Column(t.column.date, 30),
        Column(t.column.type, 26),
        Column(t.column.correction),
    )
    rows = tuple(
        Row(
            (wording.date(event.corrected_at.date()), t.correction_type[event.correction_type]),
            blocks=tuple(_correction(event, wording)),
            at=f"/corrections/{index}",
            anchor=f"correction-{index + 1}",
        )
        for index, event in enumerate(record.corrections)
    )
    return CorrectionsView(" ".join(parts), set_table(Table(columns, rows)))


def _correction(event: Correction, wording: Wording) -> Iterator[Latex]:
    yield from map(to_latex, chunks(event.public_note))
    if event.affected_fields:
        for part in chunks(
            f"{wording.t.corrections.fields} {', '.join(map(keep_apart, event.affected_fields))}"
        ):
            yield Latex(f"{{\\Notes\\Dim{{{to_latex(part)}}}}}")


def provenance(inputs: Inputs) -> tuple[Fact, ...]:
    """List where the report comes from and how it can be made again."""
    record, derived, settings, wording = inputs.record, inputs.derived, inputs.settings, inputs.wording
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
    url = settings.publisher.url
    publisher: str | Latex = settings.publisher.name
    if url:
        link = tag("Link", f"\\LinkText{{{escape_breakable(url)}}}", uri=url)
        publisher = Latex(f"{to_latex(settings.publisher.name)}, {link}")
    digest = Latex(f"{{\\Notes\\ttfamily {escape_breakable(inputs.record_sha256)}}}")
    facts = (
        Fact(t.publisher, (publisher,)),
        Fact(t.record_id, (str(record.id),), "/id"),
        Fact(t.record_hash, (digest,)),
        Fact(t.schema, (record.schema_,)),
        Fact(t.level, (level,)) if derived.level else None,
        Fact(t.external, (external,)),
        Fact(t.generator, (generator,)) if derived.machine_made else None,
        Fact(t.contents, (t.contents_value,)),
        Fact(t.rebuild, (t.rebuild_value,)),
        Fact(t.typeset, (f"reportgen {__version__}",)),
    )
    return tuple(filter(None, facts))
