"""What is heard of a report: languages, links, lists, signs and empty cells, in both engines."""

from __future__ import annotations

import sys
from pathlib import Path

import pikepdf
import pytest

from fixtures import source, write_record
from minimal_record import claim
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from linear_reading import Element, Text, lines, read_tree

ENGINES = ("pdftex", "luatex")
SPANISH = {
    "language": "es",
    "title": "Un título del registro",
    "question": "¿Qué dice el registro?",
    "limitations": ["Una limitación propia."],
    "sections": [
        {"title": "Más", "text": "Un texto.\n\n- un punto\n\n1. un número\n\n| a | b |\n|---|---|\n| c | – |"}
    ],
    "claims": [
        claim("Una afirmación.", verified=True, confidence=0.5, sources=["source1"]),
        claim("Otra afirmación.", verified=False, sources=["source2"]),
        # So many confidences are drawn.
        *(claim(f"Afirmación {n}.", confidence=n / 9, sources=["source2"]) for n in range(4)),
    ],
    "sources": [
        source(1, title="Une étude", language="fr", DOI="10.1000/182"),
        source(2, title="A study", language="en", URL="https://example.org/a"),
        source(3, title="Un estudio", language="es"),
    ],
}


@pytest.fixture(scope="module", params=ENGINES)
def report(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("heard")
    record = write_record(folder / "record.json", **SPANISH)
    return build_report(record, find_settings(folder, engine=request.param)).pdf


@pytest.fixture(scope="module")
def tree(report) -> Element:
    return read_tree(report)


def words(node: Element | Text) -> str:
    return node.text if isinstance(node, Text) else "".join(map(words, node.children))


def in_language(tree: Element, language: str) -> list[str]:
    return [words(element) for element in tree.walk() if element.lang == language]


def test_fixed_words_are_in_the_documents_language_and_the_records_own_are_marked(report, tree):
    with pikepdf.open(report) as pdf:
        assert str(pdf.Root.Lang) == "en"
    spanish = "\n".join(in_language(tree, "es"))
    for text in ("Un título", "¿Qué dice", "Una limitación", "Más", "Un texto.", "Una afirm", "Otra afirm"):
        assert text in spanish
    for fixed in ("In brief", "Verification level", "verified", "The record", "Cited by"):
        assert fixed in words(tree)
        assert fixed not in spanish


def test_a_reference_is_in_the_language_of_its_source_and_the_note_on_it_is_not(tree):
    assert any("Une étude" in text for text in in_language(tree, "fr"))
    assert any("Un estudio" in text for text in in_language(tree, "es"))
    assert not any("A study" in text for text in in_language(tree, "es"))
    (french,) = (element for element in tree.walk() if element.lang == "fr")
    assert [
        words(child) for child in french.children if isinstance(child, Element) and child.lang == "en"
    ] == ["Cited by C1."]


def test_a_citation_is_read_as_its_number_and_says_in_its_annotation_where_it_leads(tree):
    links = [element for element in tree.walk() if element.role == "Link"]
    assert all(link.alt is None for link in links)
    said = {(words(link), link.links) for link in links}
    assert ("1", ("Reference 1: Une étude",)) in said
    assert ("C1", ("claim C1",)) in said
    assert any(text.endswith("10.1000/182") and links == ("DOI of reference 1",) for text, links in said)
    assert any("example.org" in text and links == ("Address of reference 2",) for text, links in said)


def test_every_list_says_how_its_items_are_labelled(tree):
    lists = [element for element in tree.walk() if element.role == "L"]
    assert all(each.numbering for each in lists)
    said = {
        kind: [words(each) for each in lists if each.numbering == kind]
        for kind in ("Disc", "Decimal", "None")
    }
    assert any("un punto" in text for text in said["Disc"])
    assert any("un número" in text for text in said["Decimal"])
    assert any("Une étude" in text for text in said["Decimal"])
    assert said["None"]


def test_marks_beside_words_are_no_text_and_empty_cells_are_said(tree):
    assert not set("✓×") & set(words(tree))
    cells = [element for element in tree.walk() if element.role in ("TD", "TH")]
    dashes = [cell for cell in cells if words(cell).strip() in ("", "–")]
    assert dashes
    assert {cell.actual for cell in dashes} == {"none"}


def test_a_reading_names_languages_links_and_lists(report):
    said = "\n".join(lines(report))
    assert "heading level 1 [es]: Un título del registro" in said
    assert "[link 1 (Reference 1: Une étude)]" in said
    assert "list of 3, Decimal" in said


def test_a_drawing_and_its_caption_belong_together_and_are_said_one_after_the_other(tree):
    groups = [
        [child.role for child in element.children if isinstance(child, Element)]
        for element in tree.walk()
        if any(isinstance(child, Element) and child.role == "Figure" for child in element.children)
    ]
    assert groups
    assert all(group == ["Figure", "Caption"] for group in groups)
