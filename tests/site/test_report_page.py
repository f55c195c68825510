"""The page of a report in the site."""

from __future__ import annotations

from reportgen.base.settings import find_settings
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.site.page_context import PageContext
from reportgen.site.report_page import render_report_page

RECORDS = find_settings(__import__("pathlib").Path(__file__).parent).root / "records"


def page_of(path, url="", **given):
    settings = find_settings(path.parent)
    publication = publication_of(compose_report(path, settings), settings, url=url)
    return render_report_page(publication, PageContext(**given))


def test_a_page_runs_nothing_and_loads_nothing_from_elsewhere():
    page = page_of(RECORDS / "fbca8ee9.json", up="../../../")
    assert "default-src 'none'" in page
    assert "<style" not in page
    assert ' style="' not in page
