"""Pages of reports as a site has them: with files, charts and versions beside them."""

from __future__ import annotations

from reportgen.base.settings import find_settings
from reportgen.exports import FileFacts
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.site.page_context import Download, PageContext, VersionLink
from reportgen.site.report_page import render_report_page

URL = "https://reports.example/report/one/v1/"
_FILES = (
    ("pdf", "PDF", "application/pdf"),
    ("paper-manifest.json", "paper manifest", "application/json"),
    ("source-provenance.json", "source provenance", "application/json"),
    ("bib", "BibTeX", "application/x-bibtex"),
)
HISTORY = (
    VersionLink(version="2", date="2026-06-12", href="../v2/index.html", note="The spread is 39.89 points."),
    VersionLink(version="1", date="2026-05-30", href="index.html", is_this=True),
)


def publication(record, *, url="", raw=None):
    """Compose a record as it is given to the page; its PDF is said to be there."""
    settings = find_settings(record.parent)
    made = compose_report(record, settings, raw=raw)
    return publication_of(made, settings, pdf=FileFacts("report.pdf", 84_213, "0" * 64), url=url)


def context(given, **changes):
    """Return what a site tells a page of the files beside it."""
    charts = given.inputs.figures.printed
    files = [
        Download(name=f"report.{end}", title=title, media_type=kind, size=1234) for end, title, kind in _FILES
    ]
    files += [
        Download(name=f"report-{chart.name}.csv", title="Values", media_type="text/csv", size=99)
        for chart in charts
    ]
    usual = {
        "up": "../../../",
        "site_title": "The Institute",
        "downloads": tuple(files),
        "charts": {chart.name: f"{chart.name}.svg" for chart in charts},
        "source_pages": {each.anchor: "../../../source/a/" for each in given.inputs.bibliography.references},
        "linkset": "linkset.json",
    }
    return PageContext(**{**usual, **changes})


def page(record, *, url="", raw=None, **changes):
    """Render the page of a record."""
    given = publication(record, url=url, raw=raw)
    return render_report_page(given, context(given, **changes))
