"""One report, from the record to the PDF in its place: the pipeline on one page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.analysis.checks import apply_levels
from reportgen.analysis.derive import derive
from reportgen.analysis.validation import (
    as_registered,
    cite_record,
    expected_texts,
    judge,
    library_of,
    registration_for,
    texts_of,
    unprintable_in,
)
from reportgen.base.early_import import importing
from reportgen.base.errors import (
    Level,
    OutputError,
    Problem,
    RecordError,
    ReportgenError,
    TemplateError,
    TypesetError,
    Where,
)
from reportgen.base.house_files import read_house_files
from reportgen.base.own_templates import trusted_templates
from reportgen.base.paths import packaged_folder
from reportgen.base.timings import stage
from reportgen.content import Inputs, make_view
from reportgen.content.figures import plan_figures
from reportgen.latex import fonts
from reportgen.latex.escaping import normalise
from reportgen.latex.families import chosen_families
from reportgen.latex.render import render_body, render_preamble
from reportgen.latex.tables import by_source
from reportgen.pdf.text_check import prove_text
from reportgen.pdf.typeset import Demands, Typeset, typeset
from reportgen.pipeline import outputs
from reportgen.record import Loaded, read_record
from reportgen.sources import cited_hash
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.charts import Chart
    from reportgen.content.report import ReportView
    from reportgen.pdf.finish import Attachment, Metadata
    from reportgen.pdf.logo import Logo
    from reportgen.record.model import Record
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography
    from reportgen.text.structure import Numbered


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report, not yet in a place: its file name, the PDF, the files for those who keep the LaTeX.

    ``cited`` is the hash of what it took from the bibliography.
    """

    name: str
    pdf: bytes
    tex_files: dict[str, bytes]
    problems: tuple[Problem, ...]
    cited: str


@dataclass(frozen=True, slots=True)
class Built:
    """A report in its place, the files beside it, and what a reader of the log should know."""

    pdf: Path
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def build_report(
    path: Path,
    settings: Settings,
    *,
    strict: bool = False,
    keep_tex: bool = False,
    taken: Mapping[Path, Path] | None = None,
) -> Built:
    """Make a report and put it into the output folder.

    ``taken`` are the PDFs already written in this run, with their records: none is overwritten.

    Raises:
        ReportgenError: with every problem of the stage that failed; nothing is left in the output folder.

    """
    report = make_report(path, settings, strict=strict)
    target = settings.path(settings.output) / report.name
    if taken and target in taken:
        message = f"{target} was written from {taken[target]} just now"
        hint = "give the records different ids, dates or titles, or put {id} into name_pattern"
        raise OutputError([Problem("name-taken", Level.ERROR, Where(str(path)), message, hint)])
    files = {report.name: report.pdf, **(report.tex_files if keep_tex else {})}
    places = outputs.place(settings.path(settings.output), files)
    return Built(places[report.name], tuple(places.values()), report.problems)


def make_report(
    path: Path,
    settings: Settings,
    *,
    text: str | None = None,
    strict: bool = False,
    registration: Registration | None = None,
) -> Report:
    """Turn a record into a PDF: read, cite, check, derive, tabulate, chart, view, render, typeset, finish, prove.

    ``text`` is the record where it is not a file of its own; ``path`` then says where it is from.
    ``registration`` is the DOI to print; without it the lock file beside the record tells, or the record.

    Raises:
        TrustError: the project has templates of its own that its user has not trusted.
        ReportgenError: with every problem of the stage that failed.

    """
    own = trusted_templates(settings)
    house = read_house_files(settings)
    loaded = read_record(path, text=text)
    record = loaded.record
    registration, disagreements = registration_for(loaded, registration)
    library = library_of(settings)
    bibliography = cite_record(record, library)
    problems = judge(loaded, bibliography, settings, strict=strict, found=disagreements)
    _stop_on_errors(problems, RecordError)
    derived = derive(as_registered(record, registration), settings)
    sources = by_source(record.claims, bibliography.numbers_of_claim)
    wording = wording_for(record.language, packaged_folder("templates") / "locale", house, settings.root)
    figures = plan_figures(record, settings, bibliography, sources, wording)
    cut = frozenset(problem.where.pointer for problem in problems if problem.code == "text-cut")
    digest = loaded.source.sha256
    prose = tuple(text.text for text in texts_of(loaded))
    logo = _logo(settings, house)
    view = make_view(
        Inputs(
            record,
            digest,
            derived,
            bibliography,
            sources,
            figures,
            settings,
            wording,
            cut,
            prose,
            registration,
            logo.width_mm if logo else None,
        )
    )
    document = _typeset(view, figures.charts, loaded, bibliography, settings=settings, own=own, logo=logo)
    problems += apply_levels(document.raw.problems, settings, strict=strict)
    _stop_on_errors(problems, TypesetError)
    from reportgen.pdf.attachments import Material, associated_files  # with pikepdf, imported beside TeX

    material = Material(
        loaded, bibliography, library, document.source, document.plan, settings, registration, own, house
    )
    metadata = _metadata(record, view, settings, registration)
    pdf, untagged = _finish(document, metadata, associated_files(material))
    problems += apply_levels(untagged, settings, strict=strict)
    problems += prove_text(pdf, list(expected_texts(loaded, settings.policy, registration)), str(path))
    _stop_on_errors(problems, TypesetError)
    name = outputs.report_name(record, settings)
    tex_files = _tex_files(name, document)
    return Report(name, pdf, tex_files, tuple(problems), cited_hash(bibliography, library))


@dataclass(frozen=True, slots=True)
class _Document:
    """A typeset document: its structure, its whole LaTeX source, what TeX made of it, and the drawings to put in."""

    body: Numbered
    source: str
    raw: Typeset
    plan: fonts.FontPlan
    drawings: dict[str, bytes]


def _typeset(
    view: ReportView,
    charts: Sequence[Chart],
    loaded: Loaded,
    bibliography: Bibliography,
    *,
    settings: Settings,
    own: OwnTemplates | None,
    logo: Logo | None,
) -> _Document:
    body = render_body(view, own)
    families = chosen_families(settings)
    plan = fonts.plan_fonts(body.tex, engine=settings.engine, families=families)
    if plan.unprintable:
        raise RecordError(unprintable_in(body, plan.unprintable, loaded, bibliography))
    preamble = render_preamble(engine=plan.engine, style=settings.look, families=families, own=own)
    head = fonts.declare_faces(plan)
    drawn_parts: tuple[Chart | Logo, ...] = (*charts, logo) if logo else tuple(charts)
    tex = head + fonts.mark_font_runs(body.tex, plan)
    try:
        # TeX is another process, and the import of matplotlib another one's: neither waits for the other.
        with (
            ThreadPoolExecutor(1) as pencil,
            importing("reportgen.pdf.finish", "reportgen.pdf.attachments", "pypdfium2"),
        ):
            drawn = pencil.submit(_draw, drawn_parts)
            raw = typeset(
                tex,
                preamble,
                engine=plan.engine,
                faces=(*plan.own, *plan.faces),
                figures={part.name: part.place for part in drawn_parts},
                date=loaded.record.date,
                limits=settings.limits,
                demands=Demands(
                    bool(own and own.texts), settings.require_sandbox, settings.allow_unsandboxed
                ),
                origin=lambda line: loaded.where(body.pointer_at(line - head.count("\n"))),
            )
    except TypesetError as error:
        if own and any(p.code in _TEMPLATE_FAULTS and not p.where.pointer for p in error.problems):
            raise TemplateError([_of_template(p, own.folder) for p in error.problems]) from error
        raise
    return _Document(body, preamble + tex, raw, plan, drawn.result())


@stage("draw")
def _draw(parts: Sequence[Chart | Logo]) -> dict[str, bytes]:
    return {part.name: part.pdf for part in parts}


def _logo(settings: Settings, house: Mapping[str, bytes]) -> Logo | None:
    if settings.style.logo is None:
        return None
    from reportgen.pdf.logo import read_logo  # with pikepdf, which a report without a logo imports beside TeX

    return read_logo(settings, house)


_TEMPLATE_FAULTS = ("tex-error", "preamble")


def _of_template(problem: Problem, templates: Path) -> Problem:
    """Lay an error of TeX that no field of the record stands behind at the door of the project's templates."""
    hint = "look at the templates in this folder; the packaged ones stop on no record"
    return replace(problem, code="template-tex", where=Where(str(templates)), hint=hint)


def _finish(
    document: _Document, metadata: Metadata, attachments: Sequence[Attachment]
) -> tuple[bytes, list[Problem]]:
    from reportgen.pdf.finish import finish

    report = finish(document.raw.pdf, document.body.root, metadata, attachments, document.drawings)
    hint = "put it into ((* tag ... *)), or into \\TagArtifact where it is furniture"
    problems = [
        Problem("untagged-text", Level.WARNING, Where(), f"page {page} has words without a tag", hint)
        for page in report.loose_text
    ]
    return report.pdf, problems


def _metadata(
    record: Record, view: ReportView, settings: Settings, registration: Registration | None
) -> Metadata:
    from reportgen.pdf.finish import Metadata

    return Metadata(
        title=view.title_plain,
        authors=tuple(author.name for author in view.authors) or (settings.publisher.name,),
        date=record.date,
        identifier=f"urn:uuid:{record.id}",
        producer=f"reportgen {__version__}",
        language=record.language,
        keywords=record.keywords,
        description=normalise(" ".join(filter(None, (view.sandbox, view.abstract)))),
        publisher=settings.publisher.name,
        license=record.license or settings.license,
        doi=registration.doi if registration else None,
        generator=record.generator.name if record.generator else None,
        generator_version=record.generator.version if record.generator else None,
    )


def _tex_files(name: str, document: _Document) -> dict[str, bytes]:
    """Return the LaTeX and its figures, whose names are the same in every report, a folder of their own."""
    stem = name.removesuffix(".pdf")
    figures = {f"{stem}/{part}.pdf": content for part, content in document.drawings.items()}
    return {f"{stem}/{stem}.tex": document.source.encode()} | figures


def _stop_on_errors(problems: Sequence[Problem], error: type[ReportgenError]) -> None:
    if any(problem.level is Level.ERROR for problem in problems):
        raise error(problems)
