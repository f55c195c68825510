"""The report in other formats: every text whole, nothing of it read as markup."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import vnu
from fixtures import FOLDER, SAMPLES
from formula_examples import FORMULAS as SOURCES
from hostile import TEXTS
from report_places import PLACES, report_of
from reportgen.base.characters import normalise
from reportgen.base.errors import TemplateError
from reportgen.base.settings import find_settings
from reportgen.base.style import Style
from reportgen.content import SECTIONS
from reportgen.exports import format_named
from reportgen.exports.markdown import render_markdown
from reportgen.html.render import render_page, render_part
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.text.mathematics import Formula
from reportgen.text.specimen import specimens
from reportgen.text.tree import (
    Code,
    CodeBlock,
    Column,
    Definition,
    DefinitionList,
    Equation,
    ItemList,
    Link,
    Paragraph,
    Row,
    Strike,
    Subscript,
    Table,
    Task,
)
from spoken_formulas import EXAMPLES

WRITE = {"html": render_page, "markdown": lambda tree, own, _: render_markdown(tree, own)}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "header", "h1", "h2", "h3", "p"),
    *("ul", "ol", "li", "dl", "dt", "dd", "div", "table", "thead", "tbody", "tr", "th", "td", "figure"),
    *("h4", "h5", "h6", "hr", "s", "sub", "sup", "input", "caption"),
    *("figcaption", "blockquote", "pre", "code", "strong", "em", "small", "span", "a", "bdi", "br"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "id", "class", "role", "scope", "href", "start"),
    *("aria-label", "dir", "style", "type", "disabled", "checked"),
}


class Page(HTMLParser):
    """The words of a page, and every tag and attribute in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags, self.attributes, self.targets = "", set(), set(), set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.words += " " if tag in {"br", "td", "th", "li", "p", "dd", "dt"} else ""
        # Markdown keeps the language of code for machines.
        self.words += "".join(
            value[9:]
            for name, value in attrs
            if (tag, name) == ("code", "class") and value[:9] == "language-"
        )
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {value for name, value in attrs if name == "href"}

    def handle_data(self, data):
        self.words += data


def read_html(written: str) -> Page:
    return Page(written)


def read_markdown(written: str) -> Page:
    return Page(
        MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(written)
    )


READ = {"html": read_html, "markdown": read_markdown}


def collapsed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", WRITE)
def test_a_hostile_text_is_read_back_whole_and_brings_no_markup(name, place):
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    @example("<script>alert(1)</script>")
    @example("![x](http://a) [y]: z")
    def try_one(text):
        assert_read_back(name, place, text)

    for text in TEXTS.values():
        assert_read_back(name, place, text)
    try_one()


def assert_read_back(name, place, text):
    write = WRITE[name]
    page = READ[name](write(report_of(PLACES[place](text)), None, Style()))
    assert page.tags <= TAGS
    assert page.attributes <= ATTRIBUTES
    assert page.targets <= {
        "https://example.org/a_(b)?c=<d>&e='f'\"g\"",
        "https://example.org/a_(b)?c=%3Cd%3E&e='f'%22g%22",
    }
    assert collapsed(normalise(text)) in collapsed(page.words)


@pytest.mark.parametrize("name", WRITE)
def test_what_is_said_of_a_term_stands_apart(name):
    for values in ((("one",), ("two",)), ((Paragraph(("one",)),), (Paragraph(("two",)),))):
        report = report_of(DefinitionList((Definition("term", values),)))
        assert re.search(r"one\s+two", READ[name](WRITE[name](report, None, Style())).words)


@pytest.mark.parametrize("name", WRITE)
def test_lines_of_a_program_keep_every_character(name):
    source = "def f():\n\n\n    return '|`~`*<b>&amp;'  # ```\n\tend"
    page = READ[name](WRITE[name](report_of(CodeBlock(source)), None, Style()))
    assert source.replace("\t", " ") in page.words.replace("\t", " ")


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_report_says_in_every_format_what_its_pdf_prints(name, path):
    from reportgen.latex.render import render_body

    made = compose_report(path, find_settings(path.parent))
    page = READ[name](WRITE[name](made.tree, None, Style()))
    words = re.sub(r"\s+", "", page.words)
    # What has no pointer are the words of ours, such as the heads of a table that Markdown has not.
    printed = [each for each in render_body(made.tree).printed if each.pointer]
    assert len(printed) > 10
    lost = [each.text for each in printed if re.sub(r"\s+", "", normalise(each.text)) not in words]
    assert lost == []


@pytest.mark.parametrize("name", WRITE)
@pytest.mark.parametrize("record", ["every_chart", "german", "french"])
def test_what_is_attached_is_said_to_be_in_the_pdf(name, record):
    path = FOLDER / f"{record}.json"
    words = READ[name](
        WRITE[name](compose_report(path, find_settings(path.parent)).tree, None, Style())
    ).words
    said = re.findall(r"[^.]*(?:\battached\b|beigefügt|\bjoint)[^.]*", words)
    assert said
    assert [each for each in said if "PDF" not in each or re.search("this PDF|dieser PDF|ce PDF", each)] == []


@pytest.mark.parametrize("language", ["python", "c++", "a`b", "~~~", "a b\n# c", "&amp; <b>"])
@pytest.mark.parametrize("name", WRITE)
def test_the_language_of_a_program_leaves_its_lines_alone(name, language):
    source = "~~~~\n```\n# no heading"
    page = READ[name](WRITE[name](report_of(CodeBlock(source, language)), None, Style()))
    assert source in page.words
    assert language.split()[0] in page.words
    assert "h1" not in page.tags


def test_a_task_is_ticked_and_what_is_struck_is_struck():
    blocks = (
        ItemList(((Paragraph((Task(done=True), " ", Strike(("old",)))),),)),
        Paragraph((Subscript(("2",)),)),
    )
    html, markdown = (WRITE[name](report_of(*blocks), None, Style()) for name in ("html", "markdown"))
    assert '<input type="checkbox" disabled checked> <s>old</s>' in html
    assert "- [x] ~~old~~" in markdown
    assert "<sub>2</sub>" in html


def test_every_link_inside_a_page_leads_somewhere():
    full, _ = specimens(SECTIONS)
    written = WRITE["html"](full, None, Style())
    anchors = set(re.findall(r' id="([^"]*)"', written))
    inside = {target[1:] for target in Page(written).targets if target.startswith("#")}
    assert inside
    assert inside <= anchors


def test_an_address_that_is_no_page_s_is_no_link():
    with pytest.raises(TemplateError, match="not the address of a page"):
        WRITE["html"](report_of(Paragraph((Link(("x",), "javascript:alert(1)"),))), None, Style())


def test_a_page_loads_nothing_and_runs_nothing():
    written = WRITE["html"](specimens(SECTIONS)[0], None, Style())
    assert "default-src 'none'" in written
    assert not re.search(r"<script|\bon\w+=|src=|url\(|@import", written)


def test_a_page_has_the_colours_of_the_house():
    written = WRITE["html"](report_of(), None, Style(accent="#7A1F2B", ink="#202020"))
    assert "--accent: #7A1F2B; --ink: #202020;" in written
    assert "#0b5394" not in written.lower()


def test_a_formula_stands_on_the_page_as_mathml_with_its_words_and_its_number():
    blocks = (
        Paragraph(("Of ", Formula(r"x_\mathrm{eff} < \text{a & b}"), ".")),
        Equation(Formula(r"\frac{\alpha}{2}"), "(7)", id="eq-a"),
    )
    written = WRITE["html"](replace(report_of(*blocks), language="de"), None, Style())
    page = read_html(written)
    assert {"math", "msub", "mfrac"} <= page.tags
    assert "xeff<a & b" in page.words
    assert "$" not in page.words
    assert 'alttext="x Index eff kleiner als a &amp; b"' in written
    assert re.search(
        r'<p class="equation" id="eq-a">.*display="block".*</math></span> <span .*>\(7\)</span></p>', written
    )


def test_a_page_of_every_example_is_valid(tmp_path):
    vnu.require()
    sources = [source for source, _ in (*EXAMPLES, *SOURCES)]
    blocks = [Paragraph((Formula(source),)) for source in sources]
    blocks += [
        Equation(Formula(source), f"({number})", id=f"eq-{number}") for number, source in enumerate(sources)
    ]
    page = tmp_path / "page.html"
    page.write_text(WRITE["html"](report_of(*blocks), None, Style()), encoding="utf-8")
    assert vnu.errors(page) == []


def test_the_page_of_every_record_is_valid(tmp_path):
    vnu.require()
    pages = []
    for path in sorted(FOLDER.glob("*.json")):
        made = compose_report(path, find_settings(path.parent))
        pages.append(tmp_path / f"{path.stem}.html")
        pages[-1].write_text(WRITE["html"](made.tree, None, Style()), encoding="utf-8")
    assert len(pages) > 15
    assert vnu.errors(*pages) == []


def test_a_part_for_a_repository_keeps_the_dollars_of_its_formulas():
    assert (
        render_part((Paragraph((Formula("x^2"),)),), html.escape)
        == '<p><span class="formula">$x^2$</span></p>\n'
    )


def test_each_element_of_a_page_has_the_direction_of_its_first_letter():
    written = WRITE["html"](
        report_of(
            Paragraph(("שלום abc",)),
            Paragraph(("abc שלום",)),
            ItemList(((Paragraph(("אחד",)),), (Paragraph(("two",)),))),
            Table((Column("שם"), Column("b")), (Row((("אב",), ("12",))),)),
            Paragraph((Code("x"), " שלום")),
        ),
        None,
        Style(),
    )
    body = re.sub(r"\n", "", written[written.index("<main>") :])
    assert '<p dir="rtl">שלום abc</p><p>abc שלום</p>' in body
    assert '<ul dir="rtl"><li dir="rtl">אחד</li><li>two</li></ul>' in body
    assert '<table dir="rtl"><thead><tr><th scope="col" dir="rtl">שם</th><th scope="col">b</th>' in body
    assert '<th scope="row" dir="rtl">אב</th><td>12</td>' in body
    assert '<p dir="rtl"><code>x</code> שלום</p>' in body


def test_a_page_shows_its_drawings_inside_the_file_and_says_what_they_show(tmp_path):
    path = SAMPLES / "complete.yaml"
    settings = find_settings(path.parent)
    publication = publication_of(compose_report(path, settings), settings)
    written = format_named("html").write(publication)
    images = re.findall(
        r'<img src="data:image/(svg\+xml|png);base64,([^"]+)" alt="([^"]+)"', written.decode()
    )
    assert len(images) == len(publication.inputs.figures.printed) + len(publication.inputs.pictures) > 3
    assert {kind for kind, _, _ in images} == {"svg+xml", "png"}
    drawn = [base64.b64decode(data) for kind, data, _ in images if kind == "svg+xml"]
    assert all(each.startswith(b"<svg") and b"prefers-color-scheme" not in each for each in drawn)
    assert b"img-src data:;" in written
    assert not re.search(rb"src=\"(?!data:)", written)
    assert written == format_named("html").write(publication)
    vnu.require()
    page = tmp_path / "page.html"
    page.write_bytes(written)
    assert vnu.errors(page) == []
