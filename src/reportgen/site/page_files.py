"""All files of one version of a report: its page, its PDF and what can be had beside it; made in a worker."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where, refusal
from reportgen.content.claims import shortened
from reportgen.exports import format_named
from reportgen.pdf.pictures.pixels import draw_pixels
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import export, publication_of
from reportgen.site.files import put_files, put_link, require_inside
from reportgen.site.layout import PAGE, source_address, up_from
from reportgen.site.page_context import Download, PageContext
from reportgen.site.report_page import render_report_page
from reportgen.site.signposts import linkset
from reportgen.site.summary import summarise, summary_text
from reportgen.site.works import work_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import FileFacts, Publication
    from reportgen.pipeline.compose import Composed
    from reportgen.site.history import History

LINKSET = "linkset.json"
_LONGEST_TITLE = 60
_SVG, _PNG = "image/svg+xml", "image/png"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """A version of a report whose files are to be made.

    ``pdf`` is its finished PDF, where there is one that shows it as it is. ``site`` is the site's folder, ``address``
    the version's place in it; ``history`` are its versions.
    """

    source_path: Path
    raw: bytes
    settings: Settings
    strict: bool
    pdf: Path | None
    facts: FileFacts | None
    site: Path
    site_title: str
    address: str
    base_url: str
    formats: tuple[str, ...]
    history: History


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of a task: the files with their hashes and the summary as text, or why there are none.

    ``trace`` is that of an error of reportgen's own.
    """

    files: Mapping[str, str]
    summary: str | None
    problems: tuple[Problem, ...]
    trace: str = ""


def make_page(task: PageTask) -> PageResult:
    """Make and write the files of a version; every failure comes back as a result.

    Raises:
        OutputError: the disk refuses what every further page would need, too.

    """
    try:
        return _made(task)
    except ReportgenError as error:
        return PageResult({}, None, error.problems)
    except Exception as error:
        where = Where(str(task.source_path))
        if refused := refusal(error, where):
            raise refused from error
        message = f"reportgen itself failed: {type(error).__name__}: {error}"
        problem = Problem("internal", Level.ERROR, where, message, "please report it with the record")
        return PageResult({}, None, (problem,), traceback.format_exc())


def _made(task: PageTask) -> PageResult:
    made = compose_report(task.source_path, task.settings, raw=task.raw, strict=task.strict)
    url = f"{task.base_url}{task.address}" if task.base_url else ""
    publication = publication_of(made, task.settings, pdf=task.facts, url=url)
    files = _files_beside(publication, made, task.formats)
    up = up_from(task.address)
    references = publication.inputs.bibliography.references
    context = PageContext(
        up=up,
        site_title=task.site_title,
        downloads=(*_pdf(task.facts), *(file.download for file in files if file.is_offered)),
        charts={file.shows: file.name for file in files if file.media_type == _SVG},
        pictures={file.shows: file.name for file in files if file.media_type == _PNG},
        history=task.history.links,
        newest=task.history.newest,
        source_pages={each.anchor: f"{up}{source_address(work_key(each))}{PAGE}" for each in references},
        linkset=LINKSET,
    )
    page = render_report_page(publication, context).encode()
    require_inside(task.site, task.site / task.address)
    contents = {file.name: file.content for file in files}
    # The page comes last: what it leads to is there.
    written = {
        **_put_pdf(task),
        **put_files(
            task.site / task.address, {**contents, LINKSET: linkset(publication, context), PAGE: page}
        ),
    }
    summary = replace(summarise(publication, task.address), page_sha256=written[PAGE])
    return PageResult(written, summary_text(summary), made.problems)


@dataclass(frozen=True, slots=True)
class _File:
    """A file beside the page; ``shows`` names the figure that it is, ``is_offered`` tells that the page lists it."""

    name: str
    title: str
    media_type: str
    content: bytes
    shows: str = ""
    is_offered: bool = False

    @property
    def download(self) -> Download:
        return Download(name=self.name, title=self.title, media_type=self.media_type, size=len(self.content))


def _files_beside(publication: Publication, made: Composed, formats: Sequence[str]) -> tuple[_File, ...]:
    """Return the report in other formats, and its charts, their values and its pictures, each name once."""
    files = [*_exports(publication, formats), *_charts(publication), *_pictures(made)]
    return tuple({file.name: file for file in files}.values())


def _exports(publication: Publication, formats: Sequence[str]) -> Iterator[_File]:
    for each in export(publication, formats):
        if each.name:
            form = format_named(each.format)
            yield _File(each.name, form.title, form.media_type, each.content, is_offered=True)


def _charts(publication: Publication) -> Iterator[_File]:
    for chart in publication.inputs.figures.printed:
        yield _File(f"{chart.name}.svg", chart.caption, _SVG, chart.svg, chart.name)
        title = f"{shortened(chart.caption, _LONGEST_TITLE)} (CSV)"
        yield _File(f"{chart.name}.csv", title, "text/csv", chart.csv, is_offered=True)


def _pictures(made: Composed) -> Iterator[_File]:
    """Return the pictures as they are drawn: no file of a record's is handed to browsers as it came."""
    for picture in made.pictures:
        yield _File(f"{picture.name}.png", picture.name, _PNG, draw_pixels(picture.pdf), picture.name)


def _pdf(facts: FileFacts | None) -> tuple[Download, ...]:
    return (
        (Download(name=facts.name, title="PDF", media_type="application/pdf", size=facts.size),)
        if facts
        else ()
    )


def _put_pdf(task: PageTask) -> dict[str, str]:
    if task.pdf is None or task.facts is None:
        return {}
    name = task.facts.name
    return {name: put_link(task.pdf, task.site / task.address / name, task.facts.sha256)}
