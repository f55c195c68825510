"""Word, OpenDocument and EPUB, as the programs that read them find them: nothing is lost, and each is what it is."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from explained_deposits import programs_named  # noqa: F401 - a fixture
from fixtures import FOLDER, SAMPLES
from hostile import TEXTS
from pandoc_document import Document
from report_places import report_of
from reportgen.base.characters import normalise
from reportgen.base.errors import OutputError, SetupError
from reportgen.base.settings import find_settings
from reportgen.exports import Publication, format_named
from reportgen.exports.pandoc import program
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.text.tree import CodeBlock, Paragraph

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("office")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
HTML = "{http://www.w3.org/1999/xhtml}"


@cache
def publication(name: str) -> Publication:
    path = SAMPLES / name if (SAMPLES / name).exists() else FOLDER / f"{name}.json"
    settings = find_settings(path.parent)
    return publication_of(compose_report(path, settings), settings)


@cache
def exported(name: str, to: str) -> bytes:
    return format_named(to).write(publication(name))


@cache
def document(name: str) -> Document:
    return Document(json.loads(format_named("pandoc").write(publication(name))))


def members(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def part(content: bytes, name: str) -> etree._Element:
    return etree.fromstring(members(content).read(name), etree.XMLParser(resolve_entities=False))


def said(body: etree._Element) -> str:
    """Return the words of a document of Word, whose soft hyphens are elements."""
    for hyphen in body.iter(f"{W}softHyphen"):
        hyphen.text = "\u00ad"
    return "".join(body.itertext(f"{W}t", f"{W}softHyphen"))


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Let LibreOffice open the documents of Word, and save them as its own."""
    folder = tmp_path_factory.mktemp("office")
    names = ("all_of_markdown", "complete.yaml")
    for name in names:
        (folder / f"{name.split('.')[0]}.docx").write_bytes(exported(name, "docx"))
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "odt",
    ]
    files = [str(folder / f"{name.split('.')[0]}.docx") for name in names]
    done = subprocess.run(
        [*command, "--outdir", str(folder), *files], capture_output=True, text=True, timeout=300, check=False
    )
    written = {name: folder / f"{name.split('.')[0]}.odt" for name in names}
    assert all(path.exists() for path in written.values()), done.stderr
    return {name: path.read_bytes() for name, path in written.items()}


@pytest.mark.parametrize("name", ["all_of_markdown", "complete.yaml"])
def test_word_has_real_headings_tables_notes_and_formulas(name):
    body = part(exported(name, "docx"), "word/document.xml")
    styles = [each.get(f"{W}val") for each in body.iter(f"{W}pStyle")]
    levels = [content[0] for content in document(name).all("Header")]
    assert [int(style[7:]) for style in styles if style.startswith("Heading")] == levels
    assert styles[0] == "Title"
    assert len([*body.iter(f"{W}tbl")]) == len(document(name).all("Table"))
    notes = part(exported(name, "docx"), "word/footnotes.xml")
    formulas = [*body.iter(f"{M}oMath"), *notes.iter(f"{M}oMath")]
    assert len([*body.iter(f"{W}footnoteReference")]) == len(document(name).all("Note"))
    assert len(formulas) == len(document(name).all("Math")) > 0
    assert all(each.findtext(f".//{M}t") for each in formulas)
    described = [each.get("descr") for each in body.iter(f"{WP}docPr")]
    assert len(described) == len(document(name).all("Image"))
    assert all(described)
    assert len({*members(exported(name, "docx")).namelist()} & {"word/footnotes.xml"}) == 1


@pytest.mark.parametrize("name", ["all_of_markdown", "complete.yaml"])
def test_libreoffice_opens_word_and_finds_the_same(name, opened):
    body = part(opened[name], "content.xml")
    levels = [int(each.get(f"{TEXT}outline-level")) for each in body.iter(f"{TEXT}h")]
    assert levels == [content[0] for content in document(name).all("Header")]
    assert len([*body.iter(f"{TABLE}table")]) == len(document(name).all("Table"))
    assert len([*body.iter(f"{TEXT}note")]) == len(document(name).all("Note"))
    formulas = list(body.iter(f"{DRAW}object"))
    assert len(formulas) == len(document(name).all("Math"))
    images = [each for each in body.iter(f"{DRAW}frame") if each.find(f"{DRAW}image") is not None]
    described = [each for each in images if each.findtext(f"{SVG}desc") or each.findtext(f"{SVG}title")]
    assert len(described) >= len(document(name).all("Image"))
    words = squeezed("".join(body.itertext()))
    for block in publication(name).tree.sections:
        for each in block.blocks:
            if isinstance(each, Paragraph) and isinstance(each.content[0], str):
                assert squeezed(normalise(each.content[0])) in words


@pytest.mark.parametrize("to", ["docx", "odt", "epub"])
def test_the_same_report_gives_the_same_bytes_with_the_date_of_its_record(to):
    written = exported("all_of_markdown", to)
    again = format_named(to).write(publication("all_of_markdown"))
    assert written == again
    date = publication("all_of_markdown").inputs.record.date
    assert {member.date_time for member in members(written).infolist()} == {(*date.timetuple()[:3], 0, 0, 0)}
    metadata = {"docx": "docProps/core.xml", "odt": "meta.xml", "epub": "EPUB/content.opf"}[to]
    assert f"{date.isoformat()}T00:00:00Z" in members(written).read(metadata).decode()


def test_odt_opens_with_headings_tables_and_descriptions():
    body = part(exported("complete.yaml", "odt"), "content.xml")
    levels = [int(each.get(f"{TEXT}outline-level")) for each in body.iter(f"{TEXT}h")]
    assert levels == [content[0] for content in document("complete.yaml").all("Header")]
    assert len([*body.iter(f"{TABLE}table")]) == len(document("complete.yaml").all("Table"))
    images = [each for each in body.iter(f"{DRAW}frame") if each.find(f"{DRAW}image") is not None]
    assert len(images) == len(document("complete.yaml").all("Image"))
    assert all(each.findtext(f"{SVG}title") or each.findtext(f"{SVG}desc") for each in images)


@pytest.mark.parametrize("to", ["odt", "epub"])
def test_what_tells_the_kind_of_a_file_comes_first_and_as_it_is(to):
    first = members(exported("all_of_markdown", to)).infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert exported("all_of_markdown", to)[30:38] == b"mimetype"
    assert format_named(to).media_type.encode() in exported("all_of_markdown", to)[:100]


def test_every_file_of_an_epub_is_read_and_its_first_page_says_what_must_be_known():
    content = exported("superseded", "epub")
    files = members(content)
    package = part(content, "EPUB/content.opf")
    listed = {each.get("href") for each in package.iter("{*}item")}
    assert {f"EPUB/{name}" for name in listed} <= {*files.namelist()}
    pages = {name: part(content, name) for name in files.namelist() if name.endswith(".xhtml")}
    assert len(pages) > 3
    anchors = {each.get("id") for page in pages.values() for each in page.iter() if each.get("id")}
    targets = {each.get("href") for page in pages.values() for each in page.iter(f"{HTML}a")}
    inside = {target for target in targets if not target.startswith(("http", "mailto:"))}
    assert inside
    assert {target.partition("#")[2] for target in inside} - {""} <= anchors
    notice = "".join(part(content, "EPUB/text/title_page.xhtml").itertext())
    assert "A newer version" in notice or "superseded" in notice.lower()


def test_an_epub_has_its_formulas_as_mathml_and_its_pictures_with_words():
    content = exported("complete.yaml", "epub")
    pages = [part(content, name) for name in members(content).namelist() if name.endswith(".xhtml")]
    images = [each for page in pages for each in page.iter(f"{HTML}img")]
    assert len(images) == len(document("complete.yaml").all("Image"))
    assert all(each.get("alt") for each in images)
    formulas = [each for page in pages for each in page.iter("{*}math")]
    assert len(formulas) == len(document("complete.yaml").all("Math"))


def test_word_holds_every_hostile_text_as_it_is():
    blocks = [Paragraph((text,)) for text in TEXTS.values()] + [CodeBlock(text) for text in TEXTS.values()]
    made = publication("one_claim")
    content = format_named("docx").write(replace(made, tree=report_of(*blocks)))
    words = squeezed(said(part(content, "word/document.xml")))
    assert [text for text in TEXTS.values() if words.count(squeezed(normalise(text))) < 2] == []


def test_a_machine_without_pandoc_is_told_how_to_get_it(programs_named):  # noqa: F811
    programs_named()
    with pytest.raises(SetupError) as caught:
        format_named("docx").write(publication("one_claim"))
    (problem,) = caught.value.problems
    assert problem.code == "pandoc-missing"
    assert "pandoc" in problem.hint


@pytest.mark.parametrize(
    ("answer", "number"),
    [("pandoc 2.11", 2), ("pandoc 2.17.1.1", 2), ("pandoc.exe 3.9", 3), ("pandoc 4.0", 3)],
)
def test_the_document_is_of_the_version_that_is_installed(answer, number, programs_named):  # noqa: F811
    programs_named(pandoc=f"echo {answer}")
    assert program.pandoc_version() == number


@pytest.mark.parametrize("answer", ["pandoc 2.9.2.1", "pandoc 1.19", "no version"])
def test_a_pandoc_that_cannot_read_reports_is_refused(answer, programs_named):  # noqa: F811
    programs_named(pandoc=f"echo {answer}")
    with pytest.raises(SetupError, match=r"2\.11 is the first"):
        program.pandoc_version()


def test_a_pandoc_that_does_not_end_is_ended(tmp_path: Path, programs_named, monkeypatch):  # noqa: F811
    busy = shutil.which("sh")
    programs_named(pandoc=f"exec {busy} -c 'while :; do :; done'")
    monkeypatch.setattr(program, "SECONDS", 1)
    with pytest.raises(OutputError, match="could not write the report as docx") as caught:
        program.run_pandoc(tmp_path, "docx", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert caught.value.problems[0].code == "pandoc-failed"


def test_pandoc_is_given_nothing_of_its_user(tmp_path: Path, programs_named, monkeypatch):  # noqa: F811
    monkeypatch.setenv("XDG_DATA_HOME", "/nowhere")
    programs_named(pandoc='echo "$XDG_DATA_HOME|$HOME|$SOURCE_DATE_EPOCH|$*" > said')
    program.run_pandoc(tmp_path, "odt", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    data, home, epoch, arguments = (tmp_path / "said").read_text().strip().split("|")
    assert (data, home, epoch) == ("", str(tmp_path), "1767225600")
    assert arguments == "--from=json --to=odt --data-dir=none --output=result report.json"
