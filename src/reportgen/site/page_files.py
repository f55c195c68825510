"""All files of one version of a report: its page, its PDF and what can be had beside it; made in a worker."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where, refusal
from reportgen.exports import format_named
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.site.files import digest_of, put_files, put_link
from reportgen.site.layout import PAGE, SOURCES, source_address, up_from
from reportgen.site.page_context import Download, PageContext
from reportgen.site.report_page import linkset, render_report_page
from reportgen.site.summary import Summary, source_addresses, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import FileFacts, Publication
    from reportgen.pipeline.compose import Composed
    from reportgen.site.page_context import VersionLink

LINKSET = "linkset.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """A version of a report whose files are to be made.

    ``pdf`` is its finished PDF, where there is one that shows it as it is. ``site`` is the site's folder, ``address``
    the version's place in it; ``history`` and ``newest`` are the other versions, as a page is given them.
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
    history: tuple[VersionLink, ...]
    newest: VersionLink | None


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of a task: the files with their hashes and the summary, or the problems that kept them from being made.

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
    charts, chart_files = _charts(publication)
    pictures, picture_files = _pictures(made)
    exports = dict(_exports(publication, task.formats))
    beside = {name: content for name, (_, content) in exports.items()} | chart_files
    context = PageContext(
        up=up_from(task.address),
        downloads=tuple(_downloads(task, exports, chart_files)),
        charts=charts,
        pictures=pictures,
        history=task.history,
        newest=task.newest,
        source_pages={
            anchor: f"{up_from(task.address)}{source_address(key)}{PAGE}"
            for anchor, key in source_addresses(publication.inputs.bibliography.references).items()
        },
        site_title=task.site_title,
        linkset=LINKSET,
    )
    page = render_report_page(publication, context).encode()
    files = {**beside, **picture_files, LINKSET: linkset(publication, context), PAGE: page}
    folder = task.site / task.address
    # The page comes last: what it leads to is there.
    linked = {task.facts.name: put_link(task.pdf, folder / task.facts.name, task.facts.sha256)} if task.pdf and task.facts else {}
    written = put_files(folder, files)
    summary = replace(summarise(publication, task.address), page_sha256=digest_of(page))
    return PageResult({**written, **linked}, summary, made.problems)
