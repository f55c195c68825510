"""The report as a journal article: every node of the content tree in the element that JATS has for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from articles import words_of
from exported import RECORDS, publication, written
from formula_examples import FORMULAS
from hostile import TEXTS
from reportgen.base.author import Author, CreditRole
from reportgen.base.characters import normalise
from reportgen.content import SECTIONS
from reportgen.text.mathematics import Formula
from reportgen.text.report import Band, Report, Section
from reportgen.text.specimen import specimens
from reportgen.text.tree import (
    Code,
    CodeBlock,
    Column,
    CrossReference,
    Definition,
    DefinitionList,
    Equation,
    Heading,
    ItemList,
    LineBreak,
    Link,
    NoteItem,
    NoteList,
    Paragraph,
    Quote,
    Row,
    Strong,
    Table,
)
from spoken_formulas import EXAMPLES
from standards import jats_errors


def article_of(*blocks, name="methodology") -> etree._Element:
    """Return the article of a report of blocks, which is valid."""
    tree = Report("en", "A title", (), "", ((), ()), (Band("main", (Section(name, blocks),)),))
    return read(tree)


def read(tree) -> etree._Element:
    content = written("jats", replace(publication(RECORDS["one_claim"]), tree=tree))
    assert jats_errors(content) == []
    return etree.fromstring(content)


def same(text: str) -> str:
    return "".join(normalise(text).split())


def test_every_kind_of_node_has_its_place():
    for tree in specimens(SECTIONS):
        assert len(words_of(read(tree))) > 100


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_stands_in_every_node_as_it_is(name):
    text = TEXTS[name]
    article = article_of(
        Heading(2, (text,), id=text),
        Paragraph((text, Strong((text,)), Link((Formula("x"), text), "https://example.org/?a=<b>"))),
        ItemList(((Paragraph((text,)), Quote((Paragraph((text,)),)), CodeBlock(text)),), 3),
        DefinitionList((Definition(text, ((text,), (Paragraph((text,)),))),)),
        Table((Column(text), Column("")), (Row(((text,), (Code(text),)), ((text,),)),), (text,), "Table 1."),
        Heading(3, (CrossReference(text, "nowhere", text),)),
        NoteList((NoteItem("1", (Paragraph((text,)), Heading(4, (text,))), id="n-note-1"),)),
    )
    body = article.find("body")
    assert words_of(body).count(same(text)) >= 13
    assert {each.tag for each in body.iter()} <= {
        *(
            "body",
            "sec",
            "title",
            "p",
            "bold",
            "ext-link",
            "list",
            "list-item",
            "label",
            "disp-quote",
            "code",
        ),
        *(
            "def-list",
            "def-item",
            "term",
            "def",
            "table-wrap",
            "caption",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
        ),
        *("td", "monospace", "break", "xref", "fn-group", "fn"),
    }


def test_every_formula_is_mathml_of_the_dtd_with_its_source():
    sources = [source for source, _ in (*EXAMPLES, *FORMULAS)]
    article = article_of(
        Paragraph(tuple(map(Formula, sources))),
        *(
            Equation(Formula(source), f"({number})", id=f"eq-{number}")
            for number, source in enumerate(sources)
        ),
    )
    found = [each.text for each in article.iter("tex-math")]
    assert [*map(same, found)] == [*map(same, sources)] * 2
    assert len(article.findall(".//{http://www.w3.org/1998/Math/MathML}math")) == 2 * len(sources)
    assert all(each.get("alttext") for each in article.iter("{http://www.w3.org/1998/Math/MathML}math"))


def test_headings_make_sections_in_sections_and_notes_end_them():
    article = article_of(
        Heading(2, ("One",), id="one"),
        Paragraph(("a", LineBreak(), "b")),
        Heading(3, ("Two",), id="two"),
        NoteList((NoteItem("1", (Paragraph(("A note.",)),), id="x-note-1"),)),
        Paragraph(("c", CrossReference("1", "x-note-1", "note 1"), CrossReference("z", "nowhere", "z"))),
        Heading(2, ("Three",), id="three"),
    )
    one, three = article.find("body")
    assert (one.findtext("title"), three.findtext("title")) == ("One", "Three")
    two = one.find("sec")
    assert [each.tag for each in two] == ["title", "p", "fn-group"]
    note, nowhere = two.iter("xref")
    assert (note.get("rid"), note.get("ref-type")) == ("x-note-1", "fn")
    assert nowhere.get("rid") is None


def test_a_list_keeps_the_number_that_it_begins_with():
    items = ((Paragraph(("a",)),), (Paragraph(("b",)),))
    begins, plain = article_of(Heading(2, ("L",)), ItemList(items, 4), ItemList(items, 1)).iter("list")
    assert [each.findtext("label") for each in begins] == ["4.", "5."]
    assert [each.findtext("label") for each in plain] == [None, None]


def test_who_did_what_and_what_is_declared_stand_where_jats_has_them():
    made = publication(RECORDS["whole_report"])
    ada = Author(name="Ada", family="Lovelace", given="Ada", roles=(CreditRole.SOFTWARE,), guarantor=True)
    article = etree.fromstring(written("jats", replace(made, inputs=replace(made.inputs, authors=(ada,)))))
    role = article.find(".//contrib/role")
    assert role.get("content-type") == "https://credit.niso.org/contributor-roles/software/"
    assert article.find(".//contrib/author-comment").get("content-type") == "guarantor"
    names = {
        each.get("specific-use"): each.get("fn-type") for each in article.find("back/fn-group").iter("fn")
    }
    assert names["conflicts_of_interest"] == "conflict"
    assert names["data_availability"] == "other"
    assert article.find("back/ack/p") is not None


def test_a_corrected_report_tells_its_history_and_its_state():
    made = publication(RECORDS["whole_report"])
    article = etree.fromstring(written("jats", made))
    events = made.inputs.record.corrections
    assert [each.get("iso-8601-date") for each in article.find(".//history")] == [
        each.corrected_at.date().isoformat() for each in events
    ]
    assert article.find("front/notes").get("notes-type") == "status"
    assert article.findtext(".//article-title").endswith(f"[{made.tree.warning}]")
    facts = {each.findtext("meta-name"): each.findtext("meta-value") for each in article.iter("custom-meta")}
    assert facts["version"] == made.inputs.record.version
    assert facts["record-sha256"] == made.inputs.record_sha256


def test_relations_name_the_other_report():
    made = publication(RECORDS["one_claim"])
    changes = {"supersedes": "10.5281/zenodo.1", "superseded_by": made.inputs.record.id}
    record = made.inputs.record.model_copy(update=changes)
    content = written("jats", replace(made, inputs=replace(made.inputs, record=record)))
    assert jats_errors(content) == []
    found = {
        each.get("related-article-type"): (
            each.get("ext-link-type"),
            each.get("{http://www.w3.org/1999/xlink}href"),
        )
        for each in etree.fromstring(content).iter("related-article")
    }
    assert found == {
        "supersedes": ("doi", "10.5281/zenodo.1"),
        "superseded-by": ("uri", f"urn:uuid:{record.id}"),
    }


def test_a_reference_is_told_in_elements_and_in_words():
    article = etree.fromstring(written("jats", publication(RECORDS["5eed0003"])))
    first = article.find(".//ref/citation-alternatives/element-citation")
    assert first.get("publication-type") == "journal"
    assert first.findtext("source") == "Nature Methods"
    assert first.findtext("pub-id[@pub-id-type='doi']") == "10.1038/s41592-019-0686-2"
    assert (first.findtext("fpage"), first.findtext("lpage"), first.findtext("year")) == (
        "261",
        "272",
        "2020",
    )
    assert first.find("person-group/etal") is not None  # its record names three of many
    assert "SciPy 1.0" in "".join(article.find(".//ref/citation-alternatives/mixed-citation").itertext())
