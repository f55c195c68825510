"""The page of a report: all that its PDF says, and what a site adds to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportgen.content.side import citation
from reportgen.html.render import HTML, writer_of
from reportgen.site.gauge_drawing import draw_gauge
from reportgen.site.head import MetaTag, meta_tags, title_of
from reportgen.site.record_rows import RecordPart, record_parts
from reportgen.site.signposts import TypedLink, signposts
from reportgen.site.structured_data import json_ld
from reportgen.site.words import site_words
from reportgen.text.report import Section, blocks_in
from reportgen.text.templates import Written
from reportgen.text.tree import Heading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.charts import Chart
    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import Download, PageContext
    from reportgen.text.report import Band, Report
    from reportgen.text.tree import Inlines

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""What a page may do: show what lies on its own host, and run nothing else."""
_OPENING = ("title", "question", "status")
"""The sections above everything else, also above what can be downloaded."""
_CITATION = "side-cite-as"
_PIXELS = 1.75  # of CSS, to a point: the type of a chart is drawn a third larger than on paper


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart on a page: its SVG, its size in pixels of CSS, its values, and the file that holds them."""

    file: str
    width: int
    height: int
    rows: tuple[tuple[str, ...], ...]
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """What the template of a page is given beside the content tree."""

    title: str
    url: str
    policy: str
    meta: tuple[MetaTag, ...]
    links: tuple[TypedLink, ...]
    data: Written
    opening: tuple[Section, ...]
    bands: tuple[Band, ...]
    contents: tuple[Heading, ...]
    citation: Inlines
    record: tuple[RecordPart, ...]
    pdf: Download | None
    files: tuple[Download, ...]
    citation_files: tuple[Download, ...]


def _size(size: int) -> str:
    """Write a size for people."""
    for unit, bytes_ in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= bytes_:
            return f"{size / bytes_:.3g}\N{NO-BREAK SPACE}{unit}"
    return f"{size}\N{NO-BREAK SPACE}B"


SITE = replace(
    HTML,
    folder="site",
    behind="html",
    functions={**HTML.functions, "drawing": draw_gauge, "file_size": _size},
)


def render_report_page(publication: Publication, context: PageContext) -> str:
    """Write the page of a report's version.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what a node does not have.

    """
    tree, wording = publication.tree, publication.inputs.wording
    page = _page(publication, context)
    said = site_words(tree.language)
    writer = writer_of(
        tree,
        publication.own,
        SITE,
        site=context,
        words=said.t,
        report_words=wording.t,
        claim_link=lambda label: said.say("page.claim_link", label=label),
        date=lambda day: wording.date(dt.date.fromisoformat(day)) if day else "",
        version_name=lambda version: wording.say("title.version", version=version),
        charts=_charts(publication, context),
    )
    return writer.document("report.html.j2", report=tree, page=page)


def _page(publication: Publication, context: PageContext) -> ReportPage:
    tree = publication.tree
    opening, bands = _parted(tree)
    pdfs = [file for file in context.downloads if file.media_type == "application/pdf"]
    return ReportPage(
        title=title_of(publication),
        url=publication.url,
        policy=CONTENT_SECURITY_POLICY,
        meta=meta_tags(publication, context),
        links=signposts(publication, context),
        data=Written(json_ld(publication, context)),
        opening=opening,
        bands=bands,
        contents=_contents(bands),
        citation=citation(publication.inputs),
        record=record_parts(publication, context),
        pdf=pdfs[0] if pdfs else None,
        files=tuple(file for file in context.downloads if file not in pdfs[:1]),
        citation_files=tuple(file for file in context.downloads if file.media_type in _CITATION_TYPES),
    )


_CITATION_TYPES = frozenset(
    [
        "application/vnd.citationstyles.csl+json",
        "application/x-bibtex",
        "text/x-bibtex",
        "application/x-research-info-systems",
    ]
)


def _parted(tree: Report) -> tuple[tuple[Section, ...], tuple[Band, ...]]:
    """Part what stands above everything else from the rest, which has the citation in a place of its own."""
    opening = tuple(section for section in tree.sections if section.name in _OPENING)
    bands = []
    for band in tree.bands:
        kept = tuple(_without_citation(each) for each in band.sections if each.name not in _OPENING)
        if any(section.blocks for section in kept):
            bands.append(replace(band, sections=kept))
    return opening, tuple(bands)


def _without_citation(section: Section) -> Section:
    """Leave out the citation of the report beside its text: the page has a box for it."""
    places = [place for place, block in enumerate(section.blocks) if block.id == _CITATION]
    if not places:
        return section
    start = places[0]
    return replace(section, blocks=section.blocks[:start] + section.blocks[start + 2 :])


def _contents(bands: tuple[Band, ...]) -> tuple[Heading, ...]:
    """Return the headings of the parts; those beside the text are no parts of it."""
    blocks = (block for band in bands if band.place != "side" for block in blocks_in(band))
    return tuple(block for block in blocks if isinstance(block, Heading) and block.level == 2 and block.id)


def _charts(publication: Publication, context: PageContext) -> Mapping[str, ShownChart]:
    """Return the charts that have a file in the site, by their names."""
    localise = publication.inputs.wording.localise
    return {
        chart.name: ShownChart(
            context.charts[chart.name],
            round(chart.drawing.style.width_pt * _PIXELS),
            round(chart.drawing.height * _PIXELS),
            tuple(tuple(_cell(value, localise) for value in row) for row in chart.table),
            _csv_of(chart, context),
        )
        for chart in publication.inputs.figures.printed
        if chart.name in context.charts
    }


def _cell(value: str | float | None, localise: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(localise(f"{value:.10g}"))


def _csv_of(chart: Chart, context: PageContext) -> str:
    """Return the file that holds the values of a chart; '' where there is none."""
    return next((file.href for file in context.downloads if file.name.endswith(f"{chart.name}.csv")), "")
