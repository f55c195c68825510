"""The page of a report: all that its PDF says, and what the site adds to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.html.render import HTML, writer_of

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import PageContext

SITE = replace(HTML, folder="site", behind="html")


def render_report_page(publication: Publication, context: PageContext) -> str:
    """Write the page of a report's version.

    Raises:
        TemplateError: a template is missing or wrong, or asks for what a node does not have.

    """
    writer = writer_of(publication.tree, publication.own, SITE, site=context)
    return writer.document("report.html.j2", report=publication.tree)
