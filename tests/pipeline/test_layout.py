"""How TeX is run for a report: once, and again for a contents list or for a last page that is all but empty."""

from __future__ import annotations

import pikepdf
import pytest

from fixtures import many_claims, source, words, write_record
from page_measures import headings, pages_of
from page_text import read
from reportgen.base.settings import find_settings
from reportgen.content.contents import CONTENTS
from reportgen.latex.fit import TIGHTER, USUAL, better_fit
from reportgen.pdf.typeset.log import pages_in
from reportgen.pipeline import layout
from reportgen.pipeline.build import build_report
from reportgen.trust.verify import Comparison, verify

SOURCES = list(map(source, range(40)))


@pytest.fixture(scope="module")
def long_report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    section = {"title": "What the studies say", "text": words(3, 900)}
    path = write_record(folder / "record.json", claims=many_claims(120), sources=SOURCES, sections=[section])
    return build_report(path, find_settings(folder, output=folder / "out"), keep_tex=True)


def test_from_ten_pages_a_contents_list_says_where_headings_are(long_report):
    pages = pages_of(long_report.pdf)
    assert len(pages) >= layout.FEWEST_PAGES
    at = {title: number for number, title, _ in headings(long_report.pdf, pages)}
    assert at["Contents"] == 0
    said = read(long_report.pdf).partition("Contents")[2]
    listed = {title for title in at if f"\n{title} {at[title] + 1}\n" in said}
    assert {"Sources", "What the studies say", "Claims, by source"} <= listed
    assert "In brief" not in listed


def test_the_contents_list_is_tagged_and_leads_to_the_headings(long_report):
    with pikepdf.open(long_report.pdf) as pdf:
        roles = [element.S for element in elements(pdf.Root.StructTreeRoot.K)]
        lists, items = roles.count("/TOC"), roles.count("/TOCI")
        assert lists >= 1
        assert items >= 5
        names = set(map(str, pikepdf.NameTree(pdf.Root.Names.Dests)))
    assert {"claims", "references", CONTENTS} <= names


def test_a_shorter_report_has_no_contents_list(tmp_path):
    path = write_record(tmp_path / "record.json", claims=many_claims(20), sources=SOURCES)
    report = build_report(path, find_settings(tmp_path, output=tmp_path / "out"))
    pages = pages_of(report.pdf)
    assert 1 < len(pages) < layout.FEWEST_PAGES
    assert CONTENTS.capitalize() not in [title for _, title, _ in headings(report.pdf, pages)]


def test_a_contents_list_that_does_not_come_to_rest_is_left_out(tmp_path, monkeypatch):
    restless = iter(range(1, 10**6))

    def moving(pdf):
        first = next(restless)
        return dict.fromkeys(names_in(pdf), first)

    monkeypatch.setattr("reportgen.pdf.anchors.pages_of_anchors", moving)
    path = write_record(tmp_path / "record.json", claims=many_claims(120), sources=SOURCES)
    report = build_report(path, find_settings(tmp_path, output=tmp_path / "out"))
    pages = pages_of(report.pdf)
    assert "Contents" not in [title for _, title, _ in headings(report.pdf, pages)]


def test_two_thousand_claims_take_at_most_a_hundred_pages(compiled):
    assert len(pages_of(compiled("two_thousand_claims").pdf)) <= 100


@pytest.fixture(scope="module")
def nearly_empty(tmp_path_factory):
    """Find a record whose last page, set as usual, holds next to nothing."""
    folder = tmp_path_factory.mktemp("tight")
    for count in range(1, 60, 2):
        limits = [words(number, 60) for number in range(count)]
        path = write_record(folder / "record.json", limitations=limits, sources=SOURCES[:9])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(layout, "better_fit", lambda *_: USUAL)
            usual = build_report(path, find_settings(folder, output=folder / "usual"))
        pages = pages_of(usual.pdf)
        if len(pages) > 1 and pages[-1].fill < 0.14:
            return path, pages
    raise AssertionError("no record of this sweep has a last page that is all but empty")


def test_a_last_page_that_would_hold_next_to_nothing_is_set_again(nearly_empty):
    path, usual = nearly_empty
    report = build_report(path, find_settings(path.parent, output=path.parent / "out"), keep_tex=True)
    pages = pages_of(report.pdf)
    assert len(pages) < len(usual) or pages[-1].fill >= 0.15
    tex = next((path.parent / "out").rglob("*.tex")).read_text()
    assert tex.partition("\\begin{document}")[0].endswith((TIGHTER, "}\n"))
    assert verify(report.pdf).outcome is Comparison.IDENTICAL


@pytest.mark.parametrize(
    ("pages", "last", "fit"),
    [
        (1, 0.1, USUAL),
        (2, 0.15, USUAL),
        (2, 0.05, TIGHTER),
        (4, 0.14, TIGHTER),
        (2, 0.1, "\\Shorter{0.900}\n"),
    ],
)
def test_the_fit_follows_from_the_last_page(pages, last, fit):
    assert better_fit(pages, last) == fit


def test_the_log_tells_of_the_pages():
    assert pages_in("...\nreportgen: pages=3 holds=70.0pt of=700.0pt\n") == (3, 0.1)
    assert pages_in("reportgen: pages=3 holds=0.0pt of=700.0pt\n") == (2, 1.0)
    assert pages_in("nothing of it") == (0, 1.0)


def elements(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from elements(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        yield from elements(node.get("/K", pikepdf.Array()))


def names_in(pdf):
    import io

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(map(str, pikepdf.NameTree(document.Root.Names.Dests)))
