"""All files of one version of a report: its page, its PDF and what can be had beside it; made in a worker."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where, refusal
from reportgen.exports import format_named
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import export, publication_of
from reportgen.site.files import put_files, put_link, require_inside
from reportgen.site.layout import PAGE, source_address, up_from
from reportgen.site.page_context import Download, PageContext
from reportgen.site.report_page import render_report_page
from reportgen.site.signposts import linkset
from reportgen.site.summary import Summary, summarise
from reportgen.site.works import work_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import FileFacts, Publication
    from reportgen.pipeline.compose import Composed
    from reportgen.site.history import History

LINKSET = "linkset.json"
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
    """What became of a task: the files with their hashes and the summary, or why there are none.

    ``trace`` is that of an error of reportgen's own.
    """

    files: Mapping[str, str]
    summary: Summary | None
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
    linked = (
        {task.facts.name: put_link(task.pdf, folder / task.facts.name, task.facts.sha256)}
        if task.pdf and task.facts
        else {}
    )
    written = put_files(folder, files)
    summary = replace(summarise(publication, task.address), page_sha256=digest_of(page))
    return PageResult({**written, **linked}, summary, made.problems)
