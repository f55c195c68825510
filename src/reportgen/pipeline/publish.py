"""A composed report as the formats are given it, and in some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, RecordError, SettingsError, Where, pointer_of
from reportgen.base.settings import FILE_NAME
from reportgen.base.suggestions import suggest
from reportgen.base.timings import stage
from reportgen.exports import BY_PANDOC, FORMATS, GROUPS, FileFacts, Publication, format_named, formats_named
from reportgen.pipeline.outputs import report_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import Format
    from reportgen.pipeline.compose import Composed


@dataclass(frozen=True, slots=True)
class Exported:
    """A report in the format of this name: its file; ``name`` is '' where the report lacks something for it."""

    format: str
    name: str = ""
    content: bytes = b""


def require_known_formats(settings: Settings) -> None:
    """Refuse settings that name a format which there is not, or one that no PDF can carry.

    Raises:
        SettingsError: they do.

    """
    lists = (
        (("formats",), settings.formats),
        (("policy", "attachments"), settings.policy.attachments),
        (("zenodo", "formats"), settings.zenodo.formats),
    )
    problems = [
        _unknown((*place, number), name, settings.root / FILE_NAME)
        for place, names in lists
        for number, name in enumerate(names)
        if name not in FORMATS and name not in GROUPS
    ]
    problems += [
        _uncarried(("policy", "attachments", number), name, settings.root / FILE_NAME)
        for number, name in enumerate(settings.policy.attachments)
        if name in BY_PANDOC
    ]
    if problems:
        raise SettingsError(problems)


def _uncarried(place: tuple[str | int, ...], name: str, file: Path) -> Problem:
    where = Where(str(file), pointer=pointer_of(place))
    message = f"{name} cannot be carried inside a PDF: its bytes are those of one version of pandoc"
    hint = "carry `pandoc`, from which pandoc makes it, or write it beside the PDF: `formats`"
    return Problem("settings-value", Level.ERROR, where, message, hint)


def _unknown(place: tuple[str | int, ...], name: str, file: Path) -> Problem:
    known = [*FORMATS, *GROUPS]
    close = suggest(name, known)
    hint = f"did you mean `{close}`?" if close else f"the formats are {', '.join(known)}"
    where = Where(str(file), pointer=pointer_of(place))
    return Problem("settings-value", Level.ERROR, where, f"there is no format {name}", hint)


def publication_of(
    made: Composed,
    settings: Settings,
    *,
    pdf: FileFacts | None = None,
    url: str = "",
    stem: str = "",
) -> Publication:
    """Return a composed report as every format is given it; ``pdf`` and ``url`` as there, where they are known.

    ``stem`` is the name of its files where that is not the PDF's.
    """
    name = stem or (pdf.name if pdf else report_name(made.loaded.record, settings.name_pattern))
    return Publication(
        tree=made.tree,
        inputs=made.inputs,
        settings=settings,
        own=made.own,
        stem=name.removesuffix(".pdf"),
        pdf=pdf,
        url=url,
    )


def export(publication: Publication, names: Iterable[str]) -> tuple[Exported, ...]:
    """Write a report in formats and groups of formats; what describes files is written last, and told of the others.

    Raises:
        ReportgenError: a format cannot be written.

    """
    made: list[Exported] = []
    for form in sorted(formats_named(names), key=lambda each: each.describes_files):
        if form.lacking(publication):
            made.append(Exported(form.name))
            continue
        files = (FileFacts.of(each.name, each.content) for each in made if each.name)
        told = (
            replace(publication, files=(*publication.files, *files)) if form.describes_files else publication
        )
        made.append(_exported(told, form))
    return tuple(made)


@stage("export")
def _exported(publication: Publication, form: Format) -> Exported:
    return Exported(form.name, f"{publication.stem}{form.ending}", form.write(publication))


def require_formats(publication: Publication, names: Iterable[str]) -> None:
    """Refuse formats that are named themselves, not as part of a group, and that the report lacks something for.

    Raises:
        RecordError: with a problem for each.

    """
    lacking = {name: format_named(name).lacking(publication) for name in names if name in FORMATS}
    hint = "leave the format out; a group of formats takes those that the report has all for"
    problems = [
        Problem(
            "format-lacks", Level.ERROR, Where(), f"the report lacks {lacked} for the format {name}", hint
        )
        for name, lacked in lacking.items()
        if lacked
    ]
    if problems:
        raise RecordError(problems)


def write_formats(publication: Publication, names: Iterable[str]) -> dict[str, bytes]:
    """Write a report in formats and groups of formats, by the names of their files.

    What it lacks something for is left out; what describes files is told of the others.

    Raises:
        ReportgenError: a format cannot be written.

    """
    return {each.name: each.content for each in export(publication, names) if each.name}
