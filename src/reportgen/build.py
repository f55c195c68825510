"""One report, from the record to the PDF in its place: the pipeline on one page."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import fonts, outputs
from reportgen.bibliography import cite, load_library
from reportgen.checks import Knowledge, apply_levels, check
from reportgen.derive import derive
from reportgen.errors import Level, Problem, RecordError, ReportgenError, TypesetError, Where
from reportgen.finish import Attachment, Metadata, finish
from reportgen.formula import formula_problem
from reportgen.manifest import manifest
from reportgen.places import packaged_folder
from reportgen.proof import Expected, prove_text
from reportgen.prose import cited_keys, refusals
from reportgen.record import Loaded, read_record
from reportgen.render import render_body, render_preamble
from reportgen.tables import by_source, claims_csv, claims_frame
from reportgen.typeset import Typeset, typeset
from reportgen.view import Inputs, make_view
from reportgen.view.figures import plan_figures
from reportgen.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.bibliography import Bibliography
    from reportgen.charts import Chart
    from reportgen.model import Record
    from reportgen.settings import Settings
    from reportgen.structure import Numbered
    from reportgen.view.report import ReportView


@dataclass(frozen=True, slots=True)
class Built:
    """A report in its place, the files beside it, and what a reader of the log should know."""

    pdf: Path
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Document:
    """A typeset document: its structure, its whole LaTeX source, and what TeX made of it."""

    body: Numbered
    source: str
    raw: Typeset
    plan: fonts.FontPlan


def build_report(path: Path, settings: Settings, *, strict: bool = False, keep_tex: bool = False) -> Built:
    """Turn a record into a PDF: read, cite, check, derive, tabulate, chart, view, render, typeset, finish.

    Raises:
        ReportgenError: with every problem of the stage that failed; nothing is left in the output folder.

    """
    loaded = read_record(path)
    record = loaded.record
    bibliography = cite_record(record, settings)
    problems = _judge(loaded, bibliography, settings, strict=strict)
    _stop_on_errors(problems, RecordError)
    derived = derive(record, settings)
    claims = claims_frame(record, bibliography.numbers_of_claim)
    sources = by_source(claims)
    wording = wording_for(record.language, packaged_folder("templates") / "locale")
    figures = plan_figures(record, derived, bibliography, sources, wording)
    cut = frozenset(problem.where.pointer for problem in problems if problem.code == "text-cut")
    digest = loaded.source.sha256
    view = make_view(Inputs(record, digest, derived, bibliography, sources, figures, settings, wording, cut))
    document = _typeset(view, figures.charts, loaded, settings)
    problems += apply_levels(document.raw.problems, settings, strict=strict)
    _stop_on_errors(problems, TypesetError)
    files = {
        "record.json": Attachment(
            "record.json", loaded.source.raw, "application/json", "Source", "The record"
        ),
        "claims.csv": Attachment("claims.csv", claims_csv(claims), "text/csv", "Data", "The claims"),
        "report.tex": Attachment(
            "report.tex", document.source.encode(), "application/x-tex", "Source", "The LaTeX"
        ),
    }
    about = manifest(record, document.plan, {name: file.data for name, file in files.items()})
    files["manifest.json"] = Attachment(
        "manifest.json", about, "application/json", "Supplement", "The manifest"
    )
    pdf = _finish(document, _metadata(record, view, settings), list(files.values()))
    problems += prove_text(pdf, list(_expected(record)), str(path))
    _stop_on_errors(problems, TypesetError)
    name = outputs.report_name(record, settings)
    beside = _tex_files(name, document, figures.charts) if keep_tex else {}
    places = outputs.place(settings.path(settings.output), {name: pdf, **beside})
    return Built(places[name], tuple(places.values()), tuple(problems))


def validate_record(path: Path, settings: Settings, *, strict: bool = False) -> list[Problem]:
    """Give every problem of a record that can be found without building it.

    Raises:
        RecordError: the record cannot be read; the error holds every reason.

    """
    loaded = read_record(path)
    return _judge(loaded, cite_record(loaded.record, settings), settings, strict=strict)


def cite_record(record: Record, settings: Settings) -> Bibliography:
    """Give numbers to a record's references against the settings' bibliography folders and lock file."""
    folders = [settings.path(folder) for folder in settings.bib]
    library = load_library([folder for folder in folders if folder.exists()], settings.path(settings.lock))
    return cite(record, library, cited_keys("\n\n".join(section.text for section in record.sections)))


def _judge(loaded: Loaded, bibliography: Bibliography, settings: Settings, *, strict: bool) -> list[Problem]:
    """Collect the problems of the record, its sources, its markup and its characters, in order of place."""
    record = loaded.record
    cited = [(reference, reference.identifier.identity) for reference in bibliography.references]
    known = Knowledge(
        titles={identity: reference.entry.title for reference, identity in cited if reference.entry},
        works={
            name: identity
            for reference, identity in cited
            if reference.entry
            for name in reference.entry.identities
        },
        math_problem=formula_problem,
        section_refusals=refusals,
        cited_keys=cited_keys,
    )
    elsewhere = [*bibliography.problems, *_unprintable(record, settings)]
    located = [
        problem if problem.where.file else replace(problem, where=loaded.where(problem.where.pointer))
        for problem in elsewhere
    ]
    return apply_levels(check(loaded, settings, located, known), settings, strict=strict)


def _unprintable(record: Record, settings: Settings) -> Iterator[Problem]:
    for text in _texts(record):
        missing = fonts.unprintable(text.text, engine=settings.engine)
        if missing:
            shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:8])
            message = f"no installed font prints {shown}"
            hint = "install a font that has them; `reportgen doctor` lists the fonts found"
            yield Problem("no-glyph", Level.ERROR, Where(pointer=text.pointer), message, hint)


def _typeset(view: ReportView, charts: Sequence[Chart], loaded: Loaded, settings: Settings) -> _Document:
    templates = settings.path(settings.templates) if settings.templates else None
    body = render_body(view, templates)
    plan = fonts.plan_fonts(body.tex, engine=settings.engine)
    preamble = render_preamble(engine=plan.engine, paper=settings.paper, overrides=templates)
    head = fonts.declare_faces(plan)
    tex = head + fonts.mark_font_runs(body.tex, plan)
    raw = typeset(
        tex,
        preamble,
        engine=plan.engine,
        faces=plan.faces,
        figures={chart.name: chart.pdf for chart in charts},
        date=loaded.record.date,
        limits=settings.limits,
        origin=lambda line: loaded.where(body.pointer_at(line - head.count("\n"))),
    )
    return _Document(body, preamble + tex, raw, plan)


def _finish(document: _Document, metadata: Metadata, attachments: Sequence[Attachment]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        finished = Path(folder) / "finished.pdf"
        finish(document.raw.pdf, document.body.root, metadata, attachments, finished)
        return finished.read_bytes()


def _metadata(record: Record, view: ReportView, settings: Settings) -> Metadata:
    authors = tuple(author.name for author in view.authors) or (settings.publisher.name,)
    return Metadata(
        title=view.title_plain,
        authors=authors,
        date=record.date,
        identifier=f"urn:uuid:{record.id}",
        producer=f"reportgen {version('reportgen')}",
        language=record.language,
        keywords=record.keywords,
        description=view.abstract,
        publisher=settings.publisher.name,
        license=record.license or settings.license,
        doi=record.doi,
        generator=record.generator.name if record.generator else None,
        generator_version=record.generator.version if record.generator else None,
    )


def _texts(record: Record) -> Iterator[Expected]:
    """Give every text of the record that a report prints, with its place."""
    yield Expected(record.title, "/title")
    yield Expected(record.question, "/question")
    if record.background:
        yield Expected(record.background.text, "/background/text")
    for index, section in enumerate(record.sections):
        yield Expected(section.title, f"/sections/{index}/title")
        yield Expected(section.text, f"/sections/{index}/text")
    for index, claim in enumerate(record.claims):
        yield Expected(claim.text, f"/claims/{index}/text")
        for name in ("quote", "locator", "note"):
            if text := getattr(claim, name):
                yield Expected(text, f"/claims/{index}/{name}")
    for index, limitation in enumerate(record.limitations):
        yield Expected(limitation, f"/limitations/{index}")
    for index, author in enumerate(record.authors):
        yield Expected(author.name, f"/authors/{index}/name")


def _expected(record: Record) -> Iterator[Expected]:
    """Give what must stand in the PDF whole: section texts are markup, so they are not compared."""
    return (
        text
        for text in _texts(record)
        if not text.pointer.endswith("/text") or not text.pointer.startswith("/sections")
    )


def _tex_files(name: str, document: _Document, charts: Sequence[Chart]) -> dict[str, bytes]:
    stem = name.removesuffix(".pdf")
    return {f"{stem}.tex": document.source.encode()} | {f"{chart.name}.pdf": chart.pdf for chart in charts}


def _stop_on_errors(problems: Sequence[Problem], error: type[ReportgenError]) -> None:
    if any(problem.level is Level.ERROR for problem in problems):
        raise error(problems)
