"""One report, from the record to the PDF in its place: `make_report` is the pipeline on one page."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen import __version__
from reportgen.analysis.checks import apply_levels
from reportgen.analysis.validation import unprintable_in
from reportgen.base.errors import (
    Level,
    Problem,
    RecordError,
    TemplateError,
    TypesetError,
    Where,
)
from reportgen.exports import FileFacts, format_named
from reportgen.latex import fonts
from reportgen.latex.render import render_body
from reportgen.pdf.text_check import prove_text
from reportgen.pdf.typeset import NO_SANDBOX
from reportgen.pipeline import outputs
from reportgen.pipeline.blame import blamed
from reportgen.pipeline.compose import compose_report, stop_on_errors
from reportgen.pipeline.layout import lay_out
from reportgen.pipeline.left_out import left_out
from reportgen.pipeline.publish import export, publication_of
from reportgen.pipeline.replaced import version_replaced
from reportgen.sources import cited_hash
from reportgen.text.families import chosen_families

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.pdf.finish import Attachment, FinishReport, Metadata
    from reportgen.pdf.finish.embedding import Relationship
    from reportgen.pipeline.compose import Composed
    from reportgen.pipeline.layout import LaidOut
    from reportgen.pipeline.publish import Exported
    from reportgen.record.registration import Registration
    from reportgen.text.structure import Numbered


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: its file name, the PDF, the files for those who keep the LaTeX, and what is to be said.

    ``exports`` are the same report in the formats of its settings. ``cited`` is the hash of what it took from the
    bibliography, ``path`` where its PDF was written, if it was.
    """

    name: str
    pdf: bytes
    tex_files: dict[str, bytes]
    problems: tuple[Problem, ...]
    cited: str
    path: Path | None = None
    exports: tuple[Exported, ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        """Return the PDF, and what is written beside it, by file name."""
        return {self.name: self.pdf, **{each.name: each.content for each in self.exports if each.name}}


@dataclass(frozen=True, slots=True)
class Built:
    """A report in its place, what a reader of the log should know, and the files in other formats beside it."""

    pdf: Path
    problems: tuple[Problem, ...]
    files: tuple[Path, ...] = ()


def build_report(
    path: Path,
    settings: Settings,
    *,
    raw: bytes | None = None,
    name: str | None = None,
    strict: bool = False,
    keep_tex: bool = False,
    taken: Mapping[Path, Path] | None = None,
) -> Built:
    """Make a report and put it into the output folder, under ``name`` where that is given.

    ``raw`` is the record where it is not a file of its own; ``taken`` are the PDFs already written in this run, with
    their records: none is overwritten.

    Raises:
        ReportgenError: with every problem of the stage that failed; nothing is left in the output folder.

    """
    report = make_report(path, settings, raw=raw, strict=strict, name=name)
    target = settings.output / report.name
    if taken and target in taken:
        raise outputs.name_taken(path, f"{target} was written from {taken[target]} just now")
    files = {**report.files, **(report.tex_files if keep_tex else {})}
    replaced = version_replaced(target, report.pdf, path)
    outputs.place(settings.output, files)
    beside = tuple(settings.output / each.name for each in report.exports if each.name)
    return Built(target, (*report.problems, *replaced), beside)


def make_report(
    path: Path,
    settings: Settings,
    *,
    raw: bytes | None = None,
    strict: bool = False,
    registration: Registration | None = None,
    name: str | None = None,
) -> Report:
    """Turn a record into a PDF: read, cite, check, derive, tabulate, chart, compose, render, typeset, finish, prove.

    ``raw`` is the record where it is not a file of its own; ``path`` then says where it is from. ``name`` is that of
    the PDF where the settings do not give it.
    ``registration`` is the DOI to print; without it the lock file beside the record tells, or the record.

    Raises:
        TrustError: the project has templates of its own that its user has not trusted.
        ReportgenError: with every problem of the stage that failed.

    """
    made = compose_report(path, settings, raw=raw, strict=strict, registration=registration)
    loaded, inputs, problems = made.loaded, made.inputs, list(made.problems)
    body = render_body(made.tree, tuple(inputs.wording.texts()), made.own)
    unprinted = left_out(made.tree, body, made.own, loaded.where)
    problems += apply_levels(unprinted, settings.levels, strict=strict)
    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    plan = fonts.plan_fonts(body.numbered.tex, engine=settings.engine, families=families)
    problems += _framed(body.numbered, plan, made, settings, strict=strict)
    stop_on_errors(problems, RecordError)
    with _own_templates_named(made, settings):
        document = lay_out(body, made, settings, plan, families)
        problems += apply_levels(_in_record(document.raw.problems, path), settings.levels, strict=strict)
        stop_on_errors(problems, TypesetError)
        finished = _finished(document, made, settings)
        loose = _in_record(map(untagged, finished.loose_text), path)
        problems += apply_levels(loose, settings.levels, strict=strict)
        problems += prove_text(finished.pdf, document.body.printed, str(path))
        stop_on_errors(problems, TypesetError)
    own_name = outputs.report_name(loaded.record, settings.name_pattern)
    facts = FileFacts.of(name or own_name, finished.pdf)
    return Report(
        facts.name,
        finished.pdf,
        _tex_files(own_name, document),
        tuple(problems),
        cited_hash(inputs.bibliography, made.library),
        exports=export(publication_of(made, settings, pdf=facts), settings.formats),
    )


def _framed(
    body: Numbered, plan: fonts.FontPlan, made: Composed, settings: Settings, *, strict: bool
) -> list[Problem]:
    """Name the characters that are printed as numbers and that validation did not see.

    Raises:
        RecordError: pdfTeX, which is asked for, cannot print them.

    """
    found = unprintable_in(body, plan.unprintable, made.loaded, made.inputs.bibliography, plan.engine)
    if found and plan.engine == "pdftex":
        raise RecordError(found)
    told = [problem.where.pointer for problem in made.problems if problem.code == "missing-glyph"]
    untold = (
        problem for problem in found if not any(pointer.startswith(problem.where.pointer) for pointer in told)
    )
    return apply_levels(untold, settings.levels, strict=strict)


@contextmanager
def _own_templates_named(made: Composed, settings: Settings) -> Iterator[None]:
    """Name the project's own template where one stops a report that the packaged one does not."""
    try:
        yield
    except (TemplateError, TypesetError) as error:
        found = blamed(error, made.own, lambda fewer: _tried(replace(made, own=fewer), settings))
        if found is not error:
            raise found from error
        if isinstance(error, TypesetError):
            raise TypesetError(_in_record(error.problems, made.loaded.source.path)) from error
        raise


def _in_record(problems: Iterable[Problem], path: Path) -> list[Problem]:
    """Place problems that no field stands behind in the record's file; that of the machine stays without a place."""
    return [
        problem
        if problem.where.file or problem.where.pointer or problem.code == NO_SANDBOX
        else replace(problem, where=Where(str(path)))
        for problem in problems
    ]


def _tried(made: Composed, settings: Settings) -> None:
    """Make the PDF of a composed report anew, only to see what stops it."""
    body = render_body(made.tree, tuple(made.inputs.wording.texts()), made.own)
    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    plan = fonts.plan_fonts(body.numbered.tex, engine=settings.engine, families=families)
    document = lay_out(body, made, settings, plan, families)
    finished = _finished(document, made, settings)
    stop_on_errors(prove_text(finished.pdf, document.body.printed, ""), TypesetError)


def _finished(document: LaidOut, made: Composed, settings: Settings) -> FinishReport:
    from reportgen.pdf.attachments import Material, associated_files  # with pikepdf, imported beside TeX
    from reportgen.pdf.finish import finish

    # By the same name wherever it is built again: the pattern of names does not travel.
    inside = publication_of(made, settings, stem="report")
    material = Material(
        made.loaded,
        made.inputs.bibliography,
        made.library,
        document.source,
        document.plan,
        settings,
        made.inputs.registration,
        made.own,
        made.house,
        made.inputs.figures.printed,
        [_carried(each) for each in export(inside, settings.policy.attachments) if each.name],
    )
    return finish(
        document.raw.pdf,
        document.body.numbered.root,
        _metadata(made, settings),
        associated_files(material),
        document.drawings,
    )


def _carried(exported: Exported) -> Attachment:
    """Return a report in another format as its PDF carries it."""
    from reportgen.pdf.finish import Attachment

    form = format_named(exported.format)
    kind: Relationship = "Alternative" if form.holds_all else "Supplement"
    title = form.title[:1].upper() + form.title[1:]
    return Attachment(exported.name, exported.content, form.media_type, kind, title)


def untagged(page: int) -> Problem:
    """Warn of words that a template prints without a tag."""
    hint = "put it into ((* tag ... *)), or into \\TagArtifact where it is furniture"
    return Problem("untagged-text", Level.WARNING, Where(), f"page {page} has words without a tag", hint)


def _metadata(made: Composed, settings: Settings) -> Metadata:
    from reportgen.pdf.finish import Metadata, instance_of

    record, tree, registration = made.inputs.record, made.tree, made.inputs.registration
    return Metadata(
        title=tree.title,
        authors=tree.authors or (settings.publisher.name,),
        date=record.date,
        identifier=f"urn:uuid:{record.id}",
        producer=f"reportgen {__version__}",
        instance=instance_of(record.id, record.version, made.inputs.record_sha256),
        version=record.version,
        language=tree.language,
        text_language=tree.text_language,
        description_language=tree.description_language,
        keywords=record.keywords,
        description=tree.description,
        publisher=settings.publisher.name,
        license=made.inputs.license,
        doi=registration.doi if registration else None,
        generator=record.generator.name if record.generator else None,
        generator_version=record.generator.version if record.generator else None,
    )


def _tex_files(name: str, document: LaidOut) -> dict[str, bytes]:
    """Return the LaTeX and its figures, whose names are the same in every report, a folder of their own."""
    stem = name.removesuffix(".pdf")
    figures = {f"{stem}/{part}.pdf": content for part, content in document.drawings.items()}
    return {f"{stem}/{stem}.tex": document.source.encode()} | figures
