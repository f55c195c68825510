"""The citation of a report, and its sources: the same values in every format, read back with what others use."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest
import rispy
import yaml

from articles import assert_article_whole
from exported import HOSTILE, RECORDS, hostile_record, publication, written
from fixtures import FOLDER
from reportgen.base.characters import normalise
from reportgen.base.identifiers import Identifier
from reportgen.exports.cff import UNNAMED
from reportgen.exports.cited import report_of, sources_of, works_of
from reportgen.record.registration import Registration
from reportgen.sources.entry import Entry
from reportgen.sources.library import load_library
from standards import cff_schema

if TYPE_CHECKING:
    from reportgen.exports import Publication

REPORT = ("bibtex", "ris", "csl-json")
SOURCES = tuple(f"references-{name}" for name in REPORT)


def same(text: str) -> str:
    return " ".join(normalise(text).split())


def read_bibtex(content: bytes, folder):
    path = folder / "read.bib"
    path.write_bytes(content)
    library = load_library([path])
    return lambda key: library.find(Identifier("key", key))


def report(name: str) -> Publication:
    return publication(RECORDS[name] if name in RECORDS else hostile_record(name))


@pytest.mark.parametrize("name", [*RECORDS, *HOSTILE])
def test_every_format_of_a_record_says_the_same(name, tmp_path):
    made = report(name)
    assert_same_sources(made, tmp_path)
    assert_same_report(made, tmp_path)
    assert_citation_file(made)
    assert_article_whole(made, written("jats", made))


def assert_same_sources(made, tmp_path):
    works = sources_of(made)
    keys = [work.key for work in works]
    assert len(set(keys)) == len(keys) >= len(made.inputs.bibliography.references)
    find = read_bibtex(written("references-bibtex", made), tmp_path)
    ris = rispy.loads(written("references-ris", made).decode()) if works else []
    csl = json.loads(written("references-csl-json", made))
    assert [each["id"] for each in ris] == [each["id"] for each in csl] == keys
    for work, from_ris, from_csl in zip(works, ris, csl, strict=True):
        entry, title = find(work.key), same(work.entry.title)
        assert same(entry.title) == same(from_ris.get("title", "")) == title
        assert same(re.sub("</?(?:sup|sub|i)>", "", from_csl.get("title", ""))) == title
        names = work.entry.names.get("author", ())
        assert len(entry.names.get("author", ())) == len(names)
        assert len(from_csl.get("author", ())) >= len(names)
        if "issued" in work.entry.dates:
            assert entry.dates["issued"] == work.entry.dates["issued"]
        for kind in ("doi", "arxiv", "pmid"):
            if kind in work.identifiers:
                assert entry.identifier(kind) == work.identifiers[kind]
        if "doi" in work.identifiers:
            assert from_ris["doi"] == from_csl["DOI"] == work.identifiers["doi"].value


def assert_same_report(made, tmp_path):
    work = report_of(made)
    title = work.entry.text("title")
    entry = read_bibtex(written("bibtex", made), tmp_path)(work.key)
    (ris,) = rispy.loads(written("ris", made).decode())
    (csl,) = json.loads(written("csl-json", made))
    assert same(entry.title) == same(ris["title"]) == same(csl["title"]) == same(title)
    for variable in ("publisher", "number", "version", "genre"):
        assert same(entry.text(variable)) == same(csl[variable]) == same(work.entry.text(variable))
    day = [int(part) for part in made.inputs.record.date.isoformat().split("-")]
    assert entry.dates["issued"].start == tuple(day)
    assert csl["issued"] == {"date-parts": [day]}
    assert ris["date"] == f"{made.inputs.record.date:%Y/%m/%d}/"
    assert ris["year"] == str(day[0])
    assert [*map(same, ris.get("keywords", []))] == [*map(same, work.keywords)]
    for notice in work.notes:
        assert same(notice) in map(same, ris["notes"])
        assert same(notice) in same(csl["note"])
        assert same(notice) in same(entry.text("note"))


def assert_citation_file(made):
    read = yaml.load(written("cff", made), yaml.BaseLoader)
    typed = yaml.safe_load(written("cff", made))
    jsonschema.validate(typed, cff_schema())
    work = report_of(made)
    assert same(read["title"]) == same(read["preferred-citation"]["title"]) == same(work.entry.text("title"))
    assert typed["version"] == normalise(made.inputs.record.version)
    assert typed["date-released"] == typed["preferred-citation"]["date-published"]
    assert typed["date-released"] == made.inputs.record.date.isoformat()
    titles = {same(each.entry.title) for each in sources_of(made)} - {""}
    assert titles <= {same(each["title"]) for each in read.get("references", ())}
    assert typed.get("keywords", []) == [*work.keywords]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("superseded", "Superseded"),
        ("corrected", "Corrected"),
        ("falsified", "Found false"),
        ("whole_report", "Retracted"),
    ],
)
def test_the_state_stands_behind_the_title_and_its_notice_in_the_notes(name, word):
    made = report(name)
    record = made.inputs.record
    (csl,) = json.loads(written("csl-json", made))
    assert csl["title"].startswith(record.title)
    assert csl["title"].endswith(f" [{made.tree.warning}]")
    assert word in made.tree.warning.split(" · ")
    assert csl["note"]


def test_a_report_of_good_standing_has_its_title_alone():
    made = report("one_claim")
    assert json.loads(written("csl-json", made))[0]["title"] == made.inputs.record.title
    assert b"N1  - This report" not in written("ris", made)


def test_a_source_without_metadata_is_its_identifier_and_says_so(tmp_path):
    made = report("fbca8ee9")
    (bare,) = (each for each in made.inputs.bibliography.references if each.entry is None)
    said = made.inputs.wording.t.references.unresolved
    key = bare.anchor.removeprefix("ref-")
    entry = read_bibtex(written("references-bibtex", made), tmp_path)(key)
    assert entry.title == ""
    assert entry.identifier("arxiv") == bare.identifier
    assert entry.text("note") == f"{bare.identifier}. {said}"
    csl = {each["id"]: each for each in json.loads(written("references-csl-json", made))}[key]
    assert "title" not in csl
    assert csl["note"].endswith(said)
    cff = [
        each
        for each in yaml.safe_load(written("cff", made))["references"]
        if each["title"] == str(bare.identifier)
    ]
    assert cff[0]["authors"] == [{"name": UNNAMED}]
    assert said in cff[0]["notes"]


def test_the_citation_processor_reads_every_item():
    from citeproc.source.json import CiteProcJSON

    for name in RECORDS:
        made = report(name)
        items = json.loads(written("references-csl-json", made)) + json.loads(written("csl-json", made))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has no name for a few variables, such as PMCID
            read = CiteProcJSON(items)
        assert set(read) == {each["id"].lower() for each in items}
        assert [str(read[each["id"].lower()].get("title", "")) for each in items] == [
            each.get("title", "") for each in items
        ]


def test_what_the_authors_of_a_report_are_known_by_is_kept():
    cff = yaml.safe_load(written("cff", report("whole_report")))
    ada, grace = cff["authors"]
    assert ada["family-names"] == "Lovelace"
    assert ada["orcid"] == "https://orcid.org/0000-0002-1825-0097"
    assert grace == {"name": "Grace Hopper"}  # which of her names is the family's is not guessed
    (csl,) = json.loads(written("csl-json", report("whole_report")))
    assert csl["author"] == [{"family": "Lovelace", "given": "Ada"}, {"literal": "Grace Hopper"}]


def test_a_report_without_authors_is_cited_under_its_publisher():
    made = report("one_claim")
    (csl,) = json.loads(written("csl-json", made))
    assert csl["author"] == [{"literal": made.inputs.publisher.name}]


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_doi_is_cited_unless_it_is_a_test_system_s(sandbox):
    made = report("one_claim")
    inputs = replace(made.inputs, registration=Registration("10.5281/zenodo.7", sandbox=sandbox))
    changed = replace(made, inputs=inputs)
    (csl,) = json.loads(written("csl-json", changed))
    assert ("DOI" in csl) != sandbox
    for name in (*REPORT, "cff"):
        assert (b"10.5281/zenodo.7" in written(name, changed)) != sandbox


def test_versions_and_words_stay_texts_in_the_citation_file():
    made = report("one_claim")
    record = made.inputs.record.model_copy(
        update={"version": "1.0", "keywords": ("NO", "null", "2024-01-01")}
    )
    changed = replace(made, inputs=replace(made.inputs, record=record))
    read = yaml.safe_load(written("cff", changed))
    assert read["version"] == "1.0"
    assert read["keywords"] == ["NO", "null", "2024-01-01"]


@pytest.mark.parametrize("name", [*REPORT, *SOURCES, "cff", "jats", "ro-crate"])
def test_a_format_is_the_same_bytes_every_time(name):
    path = FOLDER / "whole_report.json"
    first = written(name, publication(path))
    publication.cache_clear()
    assert written(name, publication(path)) == first


def test_a_set_is_its_members_and_a_retracted_source_is_said_to_be():
    members = tuple(Entry(name, "book", texts={"title": name}) for name in ("One", "Two"))
    made = report("one_claim")
    (first, *_) = made.inputs.bibliography.references
    whole = replace(first, entry=Entry("s", "collection", members=members))
    withdrawn = replace(first, entry=Entry("w", "book", texts={"title": "W"}, retraction="10.1/x"))
    works = [*works_of(whole, made), *works_of(withdrawn, made)]
    key = first.anchor.removeprefix("ref-")
    assert [(work.key, work.entry.title) for work in works] == [
        (f"{key}-1", "One"),
        (f"{key}-2", "Two"),
        (key, "W"),
    ]
    assert works[2].notes == ("Retracted: doi:10.1/x",)
