"""Reports in pandoc's AST: pandoc reads it, no word is lost, and nothing in it is anything but what it says."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from fixtures import FOLDER, SAMPLES
from formula_examples import FORMULAS
from hostile import TEXTS
from pandoc_document import Document
from report_places import PLACES, report_of
from reportgen.base.characters import normalise
from reportgen.base.settings import find_settings
from reportgen.content import SECTIONS
from reportgen.exports import format_named
from reportgen.exports.pandoc.document import VERSIONS, write_tree
from reportgen.exports.pandoc.formulas import portable_tex
from reportgen.latex.render import render_body
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of
from reportgen.text.mathematics import Formula
from reportgen.text.report import Report, Title, blocks_in
from reportgen.text.specimen import FIGURE, specimens
from reportgen.text.tree import (
    CrossReference,
    Equation,
    Heading,
    ItemList,
    Link,
    NoteItem,
    NoteList,
    Paragraph,
    Superscript,
    Task,
)
from spoken_formulas import EXAMPLES

RECORDS = [*sorted(FOLDER.glob("*.json")), *sorted(SAMPLES.glob("*.json"))]
NO_SUCH = {"RawInline", "RawBlock", "Quoted", "Null"}


def pandoc(document: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["pandoc", "--from=json", *arguments]
    return subprocess.run(command, input=document, capture_output=True, check=True, timeout=60)


def read(tree: Report, picture=lambda _: "") -> Document:
    meta, blocks = write_tree(tree, picture)
    return Document({"meta": meta, "blocks": blocks})


def collapsed(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def publications():
    """Compose each record once."""
    made = {}

    def of(path):
        if path not in made:
            settings = find_settings(path.parent)
            made[path] = publication_of(compose_report(path, settings), settings)
        return made[path]

    return of


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_pandoc_reads_just_what_was_written(path, publications):
    written = format_named("pandoc").write(publications(path))
    assert json.loads(pandoc(written, "--to=json").stdout)["blocks"] == json.loads(written)["blocks"]
    assert json.loads(pandoc(written, "--to=json").stdout)["meta"] == json.loads(written)["meta"]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_document_says_what_the_pdf_prints(path, publications):
    tree = publications(path).tree
    document = read(tree)
    said = re.sub(r"\s+", "", document.words)
    printed = [each for each in render_body(tree).printed if each.pointer and not each.text.startswith("$")]
    assert len(printed) > 10
    assert [each.text for each in printed if re.sub(r"\s+", "", normalise(each.text)) not in said] == []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_the_words_stand_in_the_order_of_the_report(path, publications):
    tree = publications(path).tree
    notes = {
        id(inner) for note in blocks_in(tree.bands) if isinstance(note, NoteList) for inner in blocks_in(note)
    }
    said, place = without_blanks(read(tree).blocks), 0
    for block in blocks_in(tuple((band.heading, band.sections) for band in tree.bands)):
        if isinstance(block, Title) or id(block) in notes:
            continue
        for text in texts_of(getattr(block, "content", ())):
            found = said.find(re.sub(r"\s+", "", normalise(text)), place)
            assert found >= 0, text
            place = found
    assert place > len(said) * 0.5


def without_blanks(blocks) -> str:
    return re.sub(r"\s+", "", Document({"meta": {}, "blocks": blocks}).words)


def texts_of(content):
    """Yield the plain strings of a text; what is in notes and formulas is written otherwise."""
    for part in content:
        if isinstance(part, str):
            yield part
        elif not isinstance(part, Formula) and hasattr(part, "content") and not isinstance(part, Superscript):
            yield from texts_of(part.content)


@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_text_is_nothing_but_a_text(place):
    def try_one(text):
        document = read(report_of(PLACES[place](text)))
        assert not document.kinds & NO_SUCH
        assert document.targets <= {"https://example.org/a_(b)?c=<d>&e='f'\"g\""}
        assert document.pictures == set()
        assert collapsed(normalise(text)) in document.words

    for text in TEXTS.values():
        try_one(text)
    given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))(
        example("<script>alert(1)</script>")(try_one)
    )()


def test_every_node_is_written_and_every_link_leads_somewhere():
    for tree in specimens(SECTIONS):
        document = read(tree)
        inside = {target[1:] for target in document.targets if target.startswith("#")}
        assert inside <= document.anchors
    full = specimens(SECTIONS)[0]
    assert {"claim-0", "ref-1", "row-2", "tbl-1", "claims-1", "eq-1"} <= read(full).anchors
    assert {"Table", "Note", "Math", "BlockQuote", "CodeBlock", "HorizontalRule", "OrderedList"} <= read(
        full
    ).kinds
    assert read(full).pictures == set()
    assert read(full, lambda name: f"{name}.png").pictures == {f"{FIGURE}.png"}


UNSAID = {
    *(
        "at",
        "id",
        "lang",
        "name",
        "uri",
        "spoken",
        "anchor",
        "tone",
        "align",
        "place",
        "direction",
        "opening",
    ),
    *("short", "head", "gauge", "headings", "scale", "warning", "language", "text_language", "logo", "heard"),
    *("description", "description_language", "source", "title", "authors"),
}
"""The fields of a tree whose texts are for machines, for paper alone, or metadata."""


def texts_in(node):
    """Yield every text of a tree that a reader is to see."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from texts_in(each)
    elif is_dataclass(node):
        unsaid = UNSAID - {"title", "authors"} if not isinstance(node, Report) else UNSAID
        for each in fields(node):
            if each.name not in unsaid:
                yield from texts_in(getattr(node, each.name))


def test_no_text_of_any_node_is_left_out():
    for tree in specimens(SECTIONS):
        document = read(tree)
        texts = {collapsed(text) for text in texts_in(tree)}
        assert len(texts) > 20
        assert {text for text in texts if text not in document.words} == set()


def test_a_claim_says_how_it_stands_then_its_words_then_what_supports_them():
    said = "C7 ✓ yes 0, 0.80, a word 0, a warning 0 Claim 0. Quote: what supports it C8"
    assert said in read(specimens(SECTIONS)[0]).words


def test_what_a_reader_must_know_first_stands_below_the_title():
    document = read(specimens(SECTIONS)[0])
    assert document.words.startswith("The title A notice A subtitle Name Publisher · Kind")


def test_a_link_leads_to_pages_alone():
    document = read(
        report_of(Paragraph((Link(("x",), "javascript:alert(1)"), Link(("y",), "https://a.example"))))
    )
    assert document.targets == {"https://a.example"}
    assert document.words.endswith("xy")


def noted(*anchors: str) -> Paragraph:
    return Paragraph(tuple(Superscript((CrossReference("9", anchor, ""),)) for anchor in anchors))


def test_a_note_stands_where_it_is_first_referred_to_and_once():
    notes = NoteList(tuple(NoteItem(str(n), (Paragraph((f"note {n}",)),), id=f"n-{n}") for n in (1, 2, 3)))
    document = read(report_of(noted("n-2", "n-1", "n-2"), notes))
    assert len(document.all("Note")) == 2
    assert document.words.endswith(
        "note 2 note 11 3 note 3"
    )  # the second again, by the number that pandoc gives it
    assert document.targets == {"#n-2"}
    assert {"n-1", "n-2", "n-3"} <= document.anchors


def test_a_note_that_refers_to_itself_ends():
    notes = NoteList((NoteItem("1", (noted("n-1"), Paragraph(("words",))), id="n-1"),))
    document = read(report_of(noted("n-1"), notes))
    assert len(document.all("Note")) == 1
    assert document.words.endswith("9 words")


def test_a_task_is_one_that_pandoc_knows():
    blocks = ItemList(((Paragraph((Task(done=True), " done")),), (Paragraph((Task(done=False), " open")),)))
    meta, written = write_tree(report_of(blocks), lambda _: "")
    document = json.dumps({"pandoc-api-version": VERSIONS[2], "meta": meta, "blocks": written}).encode()
    assert pandoc(document, "--to=gfm").stdout.decode().splitlines() == ["-   [x] done", "-   [ ] open"]


def test_headings_begin_at_the_first_level():
    document = read(report_of(*(Heading(level, ("x",)) for level in range(2, 7))))
    assert [content[0] for content in document.all("Header")] == [1, 2, 3, 4, 5]


def test_words_from_right_to_left_say_so():
    document = read(report_of(Paragraph(("שלום abc",)), Heading(2, ("שלום",)), Paragraph(("abc",))))
    ways = [content[0][2] for kind in ("Div", "Span") for content in document.all(kind)]
    assert ways == [[["dir", "rtl"]], [["dir", "rtl"]]]


def test_both_versions_differ_by_their_number_alone(publications):
    publication = publications(FOLDER / "all_of_markdown.json")
    old, new = (json.loads(format_named(name).write(publication)) for name in ("pandoc", "pandoc-3"))
    assert (old.pop("pandoc-api-version"), new.pop("pandoc-api-version")) == ([1, 22, 2], [1, 23, 1])
    assert old == new


def test_metadata_say_what_catalogues_ask(publications):
    publication = publications(FOLDER / "whole_report.json")
    meta = json.loads(format_named("pandoc").write(publication))["meta"]
    assert meta["date"]["c"] == publication.inputs.record.date.isoformat()
    assert meta["lang"]["c"] == "en"
    assert len(meta["author"]["c"]) == len(publication.inputs.authors)
    assert len(meta["keywords"]["c"]) == len(publication.inputs.record.keywords) > 1
    assert meta["identifier"]["c"].startswith(("urn:uuid:", "https://doi.org/"))


def test_charts_and_own_pictures_are_in_it_with_their_words(publications):
    path = SAMPLES / "complete.yaml"
    publication = publications(path)
    document = Document(json.loads(format_named("pandoc").write(publication)))
    images = document.all("Image")
    drawn = [*publication.inputs.figures.printed, *publication.inputs.pictures.values()]
    assert len(images) == len(drawn) > 3
    for _, alt, (address, _) in images:
        assert alt
        header, data = address.split(",")
        assert header == "data:image/png;base64"
        picture = Image.open(io.BytesIO(base64.b64decode(data)))
        assert 200 < max(picture.size) <= 2400
        assert len({*picture.convert("L").tobytes()}) > 10
    assert format_named("pandoc").write(publication) == format_named("pandoc").write(publication)


def test_pandoc_knows_every_formula():
    sources = [source for source, _ in (*EXAMPLES, *FORMULAS)]
    sources += [r"\text{if $x>0$, then שלום}", r"\textbf{abc} + \text{中 é a\_b \& c\%}"]
    blocks = [Equation(Formula(source)) for source in sources]
    meta, written = write_tree(report_of(*blocks), lambda _: "")
    document = json.dumps({"pandoc-api-version": VERSIONS[2], "meta": meta, "blocks": written}).encode()
    assert pandoc(document, "--to=docx", "--output=-").stderr.decode() == ""


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("x^2", "x^{2}"),
        (r"\overset{a}{X}", r"\overset{a}{X}"),
        (r"\min_{x} f", r"\min _{x}f"),
        (r"\begin{cases}1 & x\\0 & y\end{cases}", r"\begin{cases}1 & x\\[0pt]0 & y\end{cases}"),
        (r"a \over b", r"\frac{a}{b}"),
        (r"{n \brace k}", r"\left\lbrace \begin{matrix}n\\[0pt]k\end{matrix}\right\rbrace "),
        (r"\dbinom nk", r"\binom{n}{k}"),
        (r"\varGamma", r"\Gamma "),
        (r"\S", r"\text{§}"),
        (r"\operatorname*{arg\,max}_x", "\\operatorname*{arg\u2009max}_{x}"),
        (r"\text{שלום}", r"\text{שלום}"),
    ],
)
def test_a_formula_is_written_in_what_pandoc_knows(source, tex):
    assert portable_tex(source) == tex
