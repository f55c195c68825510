"""What is sent about a report: the record's own words and values, people as creators, and nothing else."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures import FOLDER, SAMPLES, hostile_items, hostile_urls, source
from hostile import TEXTS
from minimal_record import claim, load, minimal
from reportgen.analysis.derive import derive
from reportgen.analysis.validation import as_registered, cite_record, library_of, registration_for
from reportgen.base.author import Author
from reportgen.base.numbers import percentage
from reportgen.base.services import Zenodo
from reportgen.base.settings import Settings, find_settings
from reportgen.delivery.zenodo.description import LONGEST, plain, words_of
from reportgen.delivery.zenodo.metadata import MOST_SOURCES, deposit_metadata, marker_of
from reportgen.delivery.zenodo.vocabulary import LICENCES, THREE_LETTERS, language_id, licence_id
from reportgen.pipeline.compose import compose_report
from reportgen.record import read_record
from reportgen.record.registration import Deposit, Registration
from reportgen.text.inline import plain_text
from reportgen.text.report import ReferenceList, blocks_in

TAGS = {"p", "strong", "ul", "li"}
ZENODO = "https://zenodo.org/api"
VENDOR = "application/vnd.inveniordm.v1+json"
DOI = "10.5281/zenodo.7"


def document_of(loaded, settings=None, **deposit) -> dict[str, Any]:
    settings = settings or Settings()
    record = loaded.record
    given = {"host": ZENODO, "record": str(record.id), "version": record.version, "draft": "", **deposit}
    bibliography = cite_record(record, library_of(settings))
    return deposit_metadata(
        record,
        derive(record, settings.id_prefix, settings.tier_claims, settings.policy),
        bibliography,
        settings,
        Deposit(**given),
    )


def sent(settings=None, **changes):
    return document_of(load(**changes), settings)["metadata"]


def people(**changes):
    return sent(**changes)["creators"]


def related(**changes):
    return [
        (each["scheme"], each["identifier"], each["relation_type"]["id"])
        for each in sent(**changes).get("related_identifiers", [])
    ]


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.open = set(), []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert not attrs
        self.found.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_smallest_record_sends_what_it_has_and_no_empty_field():
    document = document_of(load())
    assert document["access"] == {"record": "public", "files": "public"}
    metadata = document["metadata"]
    assert metadata["resource_type"] == {"id": "publication-report"}
    assert metadata["title"] == "Calibration of small classifiers"
    assert metadata["publication_date"] == "2026-05-30"
    assert metadata["version"] == "1"
    assert metadata["publisher"] == "Assignee Research"
    assert metadata["languages"] == [{"id": "eng"}]
    assert metadata["identifiers"] == [
        {"identifier": "urn:uuid:11111111-2222-4333-8444-555555555555", "scheme": "urn"}
    ]
    assert not metadata.keys() & {"rights", "subjects", "related_identifiers"}
    assert all(metadata.values())


class TestCreators:
    def test_a_person_has_the_name_in_parts_orcid_and_affiliation(self):
        author = {"name": "Jane Doe", "given": "Jane", "family": "Doe", "orcid": "0000-0002-1825-0097"}
        assert people(authors=[{**author, "affiliation": "An Institute"}]) == [
            {
                "person_or_org": {
                    "type": "personal",
                    "family_name": "Doe",
                    "given_name": "Jane",
                    "identifiers": [{"scheme": "orcid", "identifier": "0000-0002-1825-0097"}],
                },
                "affiliations": [{"name": "An Institute"}],
            }
        ]

    @pytest.mark.parametrize(
        ("author", "name"),
        [
            ({"name": "Doe, Jane"}, {"family_name": "Doe", "given_name": "Jane"}),
            ({"name": "Jane van der Doe"}, {"family_name": "Jane van der Doe"}),
            ({"name": "Doe, Jane, Jr."}, {"family_name": "Doe, Jane, Jr."}),
            ({"name": "Doe,"}, {"family_name": "Doe"}),
            ({"name": ",Doe"}, {"family_name": ",Doe"}),
            ({"name": "J. Doe", "family": "Doe"}, {"family_name": "Doe"}),
        ],
    )
    def test_no_part_of_a_name_is_guessed(self, author, name):
        assert people(authors=[author]) == [{"person_or_org": {"type": "personal", **name}}]

    def test_an_organisation_is_one(self):
        author = {"name": "An Institute", "type": "organization", "orcid": "0000-0002-1825-0097"}
        assert people(authors=[author]) == [
            {"person_or_org": {"type": "organizational", "name": "An Institute"}}
        ]

    @pytest.mark.parametrize("url", ["https://ror.org/01ggx4157", "An Institute (http://ror.org/01ggx4157/)"])
    def test_an_institution_is_named_by_its_ror_id_where_it_is_given(self, url):
        assert people(authors=[{"name": "Doe, J", "affiliation": url}])[0]["affiliations"] == [
            {"id": "01ggx4157"}
        ]

    def test_a_machine_is_no_creator(self):
        authors = [{"name": "GPT-5"}, {"name": "Doe, Jane"}, {"name": "Synthesiser"}]
        found = people(authors=authors, generator={"name": "Synthesiser"})
        assert [creator["person_or_org"]["family_name"] for creator in found] == ["Doe"]

    def test_without_people_the_house_answers(self):
        publisher = [{"person_or_org": {"type": "organizational", "name": "Assignee Research"}}]
        assert people() == people(authors=[{"name": "Claude Opus 4"}]) == publisher
        house = Settings(authors=(Author(name="Roe, Richard"),))
        assert sent(house)["creators"][0]["person_or_org"]["family_name"] == "Roe"


class TestDescription:
    def test_it_says_what_the_report_says(self, compiled):
        report = compiled("sample_fbca8ee9")
        document = document_of(read_record(report.record), find_settings(report.record.parent))
        printed = re.sub(r"\W", "", report.text.replace("-\n", ""))
        said = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", document["metadata"]["description"])
        assert len(said) > 15
        # The report sets its question apart without a label.
        said.remove(next(text for text in said if text.startswith("<strong>Research question</strong>")))
        for text in said:
            for part in re.split(r"<strong>|</strong>:?", text):
                words = re.sub(r"\W", "", html.unescape(part))
                assert words in printed, part

    @pytest.mark.parametrize(
        "path", sorted([*SAMPLES.glob("*.json"), *FOLDER.glob("*.json")]), ids=lambda p: p.stem
    )
    def test_every_number_in_it_is_in_the_record_or_derived_from_it(self, path):
        loaded = read_record(path)
        settings = find_settings(path.parent)
        text = document_of(loaded, settings)["metadata"]["description"]
        derived = derive(loaded.record, settings.id_prefix, settings.tier_claims, settings.policy)
        known = loaded.document.text + json.dumps(loaded.record.model_dump(mode="json")) + repr(derived)
        words = words_of(loaded.record, settings)
        known += " ".join(words.texts())
        if scores := derived.benchmark:
            known += " ".join(percentage(each, ".", most=1) for each in (scores.minimum, scores.maximum))
        for number in re.findall(r"\d+(?:[.,]\d+)?", html.unescape(re.sub("<[^>]*>", " ", text))):
            plain = number.replace(",", ".")
            median = derived.confidence and f"{derived.confidence.median:.4f}".rstrip("0")
            assert plain.rstrip("0").rstrip(".") in known or plain in known or plain == median, number

    def test_its_numbers_are_those_of_the_report(self):
        text = sent(claims=[claim(confidence=0.79996)], confidence_threshold=0.8, review={"score": 7.4999})[
            "description"
        ]
        assert "&lt;0.8000" in text
        assert "7.49" in text
        assert "7.50" not in text

    def test_what_the_policy_leaves_out_stands_in_no_field_of_it(self):
        changes = {"claims": [claim()], "review": {"score": 7.4}}
        assert set(re.findall("Watchlist|evel|machine", json.dumps(sent(**changes)))) == {
            *("Watchlist", "evel", "machine")
        }
        plain = Settings(policy={"name": "plain"}, publisher={"name": "House"})
        assert not re.search(
            r"\btier|Watchlist|\b[Gg]ate|[Ll]evel|machine|generat|dimension",
            json.dumps(sent(plain, **changes)),
        )

    def test_it_names_what_was_not_checked(self):
        text = sent(claims=[claim(sources=["arxiv:2402.18571"])], background={"text": "Known."})[
            "description"
        ]
        assert "Not recorded: databases" in text
        assert "Matched to a source by the system. It does not mean true." in text
        assert "The background is quoted and was not checked" in text

    def test_a_falsified_or_superseded_result_says_so_first(self):
        text = sent(superseded_by="10.5281/zenodo.9")["description"]
        assert text.startswith("<p><strong>This report has been superseded by doi:10.5281/zenodo.9")

    def test_a_sandbox_says_so_first(self):
        text = document_of(load(), host="https://sandbox.zenodo.org/api")["metadata"]["description"]
        assert text.startswith("<p><strong>Trial copy")

    @given(st.sampled_from([*TEXTS, "<script>alert(1)</script>", "a & b < c", "&amp;"]) | st.text(min_size=1))
    def test_no_text_of_the_record_makes_a_tag(self, text):
        if not text.strip() or not text.isprintable():
            return
        loaded = load(question=text, corrections=[_event(text)], generator={"name": "M", "statement": text})
        metadata = document_of(loaded)["metadata"]
        for sent_text in (
            metadata["description"],
            *(n["description"] for n in metadata["additional_descriptions"]),
        ):
            assert Tags(sent_text).found <= TAGS

    def test_what_is_invisible_is_shown_by_number(self):
        assert "&lt;U+202E&gt;" in sent(question="Is \u202e this?")["description"]

    def test_a_text_without_end_is_sent_as_far_as_whole_parts_fit(self):
        text = sent(limitations=["word " * 200] * 40)["description"]
        assert len(text) <= LONGEST
        assert Tags(text).found <= TAGS


def _event(note: str, day: str = "2026-06-01") -> dict[str, Any]:
    return {"event_id": day, "corrected_at": day, "correction_type": "CLAIM", "public_note": note}


class TestNotes:
    def test_the_use_of_ai_is_stated_in_the_words_of_report_record_and_house(self):
        house = Settings(zenodo=Zenodo(ai_statement="Two people read every claim."))
        generator = {"name": "Machine", "version": "2", "statement": "It wrote the text."}
        (note,) = sent(house, generator=generator)["additional_descriptions"]
        assert note["type"] == {"id": "notes"}
        assert note["lang"] == {"id": "eng"}
        for said in (
            "Written by a machine: Machine 2.",
            "It wrote the text.",
            "Two people read every claim.",
        ):
            assert said in note["description"]

    def test_in_another_language_it_is_stated_in_english_too(self):
        english, german = sent(language="de-AT")["additional_descriptions"]
        assert "Written by a machine" in english["description"]
        assert "Maschine" in german["description"]
        assert [note["lang"]["id"] for note in (english, german)] == ["eng", "deu"]
        assert len(sent(language="ru")["additional_descriptions"]) == 1

    def test_corrections_are_a_note(self):
        note = sent(corrections=[_event("A number was wrong.")])["additional_descriptions"][-1]
        assert "1 June 2026" in note["description"]
        assert "A number was wrong." in note["description"]


def test_dates_are_those_of_the_record():
    dates = sent(
        search={"searched_on": "2026-05-20"}, corrections=[_event("x."), _event("y.", "2026-07-02")]
    )["dates"]
    assert [(each["type"]["id"], each["date"]) for each in dates] == [
        ("created", "2026-05-30"),
        ("collected", "2026-05-20"),
        ("updated", "2026-07-02"),
    ]


def test_a_retraction_is_a_date_and_said_first():
    event = {**_event("The data were wrong.", "2026-07-02"), "kind": "retraction"}
    found = sent(corrections=[_event("x."), event])
    assert {"date": "2026-07-02", "type": {"id": "withdrawn"}} in found["dates"]
    assert found["description"].startswith("<p><strong>This report was retracted on 2 July 2026")
    assert "(retraction): The data were wrong." in found["additional_descriptions"][-1]["description"]


def test_a_subtitle_is_a_title_of_its_kind():
    assert sent(subtitle="Three studies")["additional_titles"] == [
        {"title": "Three studies", "type": {"id": "subtitle"}}
    ]
    assert "additional_titles" not in sent()


def test_what_machines_and_people_did_is_said():
    uses = [
        {"task": "screening", "tool": "ASReview", "version": "1.6"},
        {"task": "tables", "checked_by": "both"},
    ]
    review = [{"who": "Ada", "what": "read all papers"}]
    (note, *_) = sent(ai_use=uses, human_review=review)["additional_descriptions"]
    assert (
        "screening (ASReview 1.6, checked by: not stated); tables (checked by: both)." in note["description"]
    )
    assert "Ada: read all papers." in note["description"]


def test_the_original_of_a_translation_is_named():
    assert related(translation_of="10.5281/zenodo.4") == [("doi", "10.5281/zenodo.4", "isderivedfrom")]
    assert related(translation_of="99999999-2222-4333-8444-555555555555") == []


def test_what_the_authors_wrote_is_the_description():
    text = sent(summary="It **does**.", abstract="We asked.\n\n- one\n- two\n\n| a |\n|---|\n| b |")[
        "description"
    ]
    assert "<ul><li>It does.</li>" in text
    assert "<p>We asked.</p><p>one two</p>" in text


def test_keywords_are_subjects_each_once():
    assert sent(keywords=["fusion", "fusion", "plasma"])["subjects"] == [
        {"subject": "fusion"},
        {"subject": "plasma"},
    ]


class TestRights:
    def test_a_licence_is_named_by_its_id(self):
        assert sent(license="CC-BY-4.0")["rights"] == [{"id": "cc-by-4.0"}]
        assert sent(Settings(license="MIT"))["rights"] == [{"id": "mit"}]

    def test_an_unlisted_licence_is_sent_as_text(self):
        assert sent(license="House licence 3")["rights"] == [{"title": {"en": "House licence 3"}}]
        assert licence_id("House licence 3") is None


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "eng"), ("de-AT", "deu"), ("FR", "fra"), ("grc", "grc"), ("qq", None)]
)
def test_languages_have_three_letters(tag, code):
    assert language_id(tag) == code
    found = sent(language=tag).get("languages")
    assert found == ([{"id": code}] if code else None)


class TestRelated:
    def test_what_is_cited_comes_before_what_was_only_retrieved(self):
        found = related(
            sources=[
                "doi:10.1038/s41592-019-0686-2",
                "arxiv:2402.18571v3",
                "pmid:31398727",
                "https://a.example/x",
            ],
            claims=[claim(sources=["arxiv:2402.18571v3"])],
        )
        assert found == [
            ("arxiv", "arXiv:2402.18571v3", "cites"),
            ("doi", "10.1038/s41592-019-0686-2", "references"),
            ("pmid", "31398727", "references"),
            ("url", "https://a.example/x", "references"),
        ]

    def test_an_entry_is_named_by_its_best_identifier(self):
        item = source(1, DOI="10.1038/s41592-019-0686-2", URL="https://a.example/x")
        assert related(sources=[item]) == [("doi", "10.1038/s41592-019-0686-2", "references")]
        assert related(sources=[source(1)]) == []

    def test_an_address_with_something_invisible_in_it_is_not_sent(self):
        addresses = [
            "https://exam\u200bple.org/a",
            "https://example.org/\u202egpj.exe",
            "https://example.org/ü",
        ]
        assert related(sources=addresses) == [("url", "https://example.org/ü", "references")]

    def test_their_number_is_bounded(self):
        assert (
            len(related(sources=[f"https://a.example/{n}" for n in range(MOST_SOURCES + 5)])) == MOST_SOURCES
        )

    def test_versions_name_each_other(self):
        document = document_of(
            load(supersedes="10.5281/zenodo.4", superseded_by="10.5281/zenodo.9"),
            previous=("10.5281/zenodo.5", "10.5281/zenodo.4"),
            doi=DOI,
        )
        found = document["metadata"]["related_identifiers"]
        assert [(each["identifier"], each["relation_type"]["id"]) for each in found] == [
            ("10.5281/zenodo.5", "isnewversionof"),
            ("10.5281/zenodo.4", "isnewversionof"),
            ("10.5281/zenodo.9", "ispreviousversionof"),
        ]

    def test_a_report_is_not_its_own_source(self):
        loaded = load(sources=[f"doi:{DOI}"], supersedes="99999999-2222-4333-8444-555555555555")
        assert "related_identifiers" not in document_of(loaded, doi=DOI)["metadata"]


def listed(**changes):
    return [each["reference"] for each in sent(**changes).get("references", [])]


class TestReferences:
    def test_every_source_is_one_with_an_identifier_or_without(self):
        item = {**source(1), "title": "A book that nobody registered"}
        found = listed(sources=["doi:10.1000/nothing", item, {"key": "nobody"}, "https://a.example/x"])
        assert [found[0], *found[2:]] == ["doi:10.1000/nothing.", "nobody.", "https://a.example/x."]
        assert "A book that nobody registered" in found[1]

    def test_there_is_no_bound_on_their_number(self):
        count = MOST_SOURCES + 5
        assert len(listed(sources=[f"https://a.example/{n}" for n in range(count)])) == count

    @pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
    def test_they_are_those_that_the_report_prints_in_its_order(self, path):
        settings = find_settings(path.parent)
        made = compose_report(path, settings)
        printed = [
            plain(plain_text(item.content))
            for block in blocks_in(made.tree.bands)
            if isinstance(block, ReferenceList)
            for item in block.items
        ]
        document = document_of(read_record(path), settings)
        assert [each["reference"] for each in document["metadata"].get("references", [])] == printed


class TestDeclarations:
    AUTHOR: ClassVar = {"name": "Doe, Jane", "orcid": "0000-0002-1825-0097"}

    def notes(self, **changes):
        return [note["description"] for note in sent(**changes).get("additional_descriptions", [])]

    def test_a_role_that_the_repository_has_a_word_for_makes_a_contributor(self):
        author = {**self.AUTHOR, "roles": ["writing-original-draft", "data-curation", "supervision"]}
        metadata = sent(authors=[author])
        (creator,) = metadata["creators"]
        assert "role" not in creator
        assert metadata["contributors"] == [
            {**creator, "role": {"id": "datacurator"}},
            {**creator, "role": {"id": "supervisor"}},
        ]

    def test_a_machine_is_no_contributor(self):
        author = {"name": "Machine", "roles": ["data-curation"]}
        assert "contributors" not in sent(authors=[author], generator={"name": "Machine"})

    def test_all_roles_and_the_guarantor_stand_in_the_notes(self):
        author = {**self.AUTHOR, "roles": ["software", "validation"], "guarantor": True}
        assert self.notes(authors=[author])[-1] == (
            "<p><strong>Author contributions</strong></p>"
            "<ul><li><strong>Doe, Jane</strong>: Software; Validation</li></ul>"
            "<p>Doe, Jane answers for the content of this report.</p>"
        )

    def test_who_paid_and_what_else_is_declared_stands_there_too(self):
        said = self.notes(funding="Paid by *a* fund.\n\nNo other.", ethics="None asked.")[-1]
        assert said == (
            "<p><strong>Funding</strong></p><p>Paid by a fund.</p><p>No other.</p>"
            "<p><strong>Ethics</strong></p><p>None asked.</p>"
        )

    @pytest.mark.parametrize(
        "text", ["[a fund](https://a.example)", "| fund | sum |\n|---|---|\n| A | 7 |", "```\n7 < 8\n```"]
    )
    def test_a_text_that_is_more_than_words_is_sent_as_it_stands(self, text):
        said = html.unescape(self.notes(funding=text)[-1])
        assert " ".join(text.split()) in " ".join(said.split())

    @pytest.mark.parametrize("text", TEXTS)
    def test_hostile_texts_stay_texts(self, text):
        said = self.notes(funding=f"x {text} x", conflicts_of_interest=text)[-1]
        assert Tags(said).found <= TAGS

    def test_where_nothing_is_declared_nothing_is_said(self):
        assert "contributors" not in sent()
        assert not any("Funding" in note for note in self.notes())


def test_the_same_record_gives_the_same_document():
    changes = {"sources": ["arxiv:2402.18571"], "keywords": ["b", "a"], "claims": [claim()]}
    assert json.dumps(document_of(load(**changes))) == json.dumps(document_of(load(**changes)))


@pytest.fixture(scope="module")
def alice(invenio):
    headers = {"Authorization": f"Bearer {invenio.alice}", "Accept": VENDOR}
    with httpx.Client(base_url=invenio.url, headers=headers, timeout=60) as client:
        yield client


def taken(client, document) -> dict[str, Any]:
    """Return what the server keeps of a document, of which it must find nothing wrong."""
    answer = client.post("/records", json=document)
    assert answer.status_code == 201, answer.text
    assert answer.json().get("errors") is None
    return answer.json()["metadata"]


EVERYTHING = {
    "authors": [
        {
            "name": "Jane Doe",
            "given": "Jane",
            "family": "Doe",
            "orcid": "0000-0002-1825-0097",
            "affiliation": "I",
            "roles": ["conceptualization", "data-curation", "project-administration", "supervision"],
            "guarantor": True,
        },
        {"name": "An Institute", "type": "organization"},
    ],
    "generator": {"name": "Machine", "version": "2", "statement": "It wrote <b>the</b> text."},
    "language": "fr-CA",
    "license": "CC-BY-NC-4.0",
    "keywords": ["fusion", "plasma"],
    "version": "2.1",
    "search": {"searched_on": "2026-05-20", "papers_retrieved": 9},
    "sources": [
        *("doi:10.1038/s41592-019-0686-2", "arxiv:2402.18571v3", "arxiv:hep-th/9901001", "pmid:31398727"),
        *(
            "isbn:978-3-16-148410-0",
            "https://a.example/x?y=(1)",
            "doi:10.1002/(SICI)1097-0010(199806)77:2<1::AID>3.0.CO;2-X",
        ),
    ],
    "claims": [claim(sources=["arxiv:2402.18571v3"], confidence=0.5)],
    "corrections": [_event("A number was wrong.")],
    "supersedes": "10.5281/zenodo.4",
    "funding": "Paid by **a** [fund](https://a.example/f), grant 7 < 8.\n\nAnd by none other.",
}


def _values(metadata) -> list[str]:
    """Return the related identifiers; the server writes an ISBN with its hyphens."""
    related = metadata.get("related_identifiers", [])
    return [each["identifier"].lower().replace("-", "") for each in related]


@pytest.mark.zenodo_real
class TestRealServer:
    @pytest.mark.parametrize(
        "path", sorted([*SAMPLES.glob("*.json"), *FOLDER.glob("*.json")]), ids=lambda p: p.stem
    )
    def test_it_takes_every_sample_whole(self, alice, path):
        self._same(alice, document_of(read_record(path), find_settings(path.parent)))

    @pytest.mark.parametrize("write", [hostile_urls, hostile_items], ids=lambda write: write.__name__)
    def test_it_takes_what_hostile_records_name(self, alice, tmp_path, write):
        self._same(alice, document_of(read_record(write(tmp_path)), Settings(root=tmp_path)))

    def test_it_takes_every_field(self, alice):
        document = document_of(load(**EVERYTHING), previous=("10.5281/zenodo.3",))
        assert len(document["metadata"]) == 16
        self._same(alice, document)

    def _same(self, alice, document):
        kept, wanted = taken(alice, document), document["metadata"]
        assert kept["description"] == wanted["description"]
        notes = [note["description"] for note in kept["additional_descriptions"]]
        assert notes == [note["description"] for note in wanted["additional_descriptions"]]
        for name in (
            "identifiers",
            "related_identifiers",
            "subjects",
            "rights",
            "languages",
            "dates",
            "creators",
            "contributors",
        ):
            assert len(kept.get(name, [])) == len(wanted.get(name, [])), name
        assert kept.get("references") == wanted.get("references")
        assert _values(kept) == _values(wanted)

    def test_it_knows_every_licence_and_language_that_may_be_sent(self, alice):
        metadata = {**document_of(load())["metadata"]}
        metadata["rights"] = [{"id": each} for each in sorted(LICENCES)]
        metadata["languages"] = [{"id": each} for each in sorted(THREE_LETTERS.values())]
        kept = taken(alice, {"metadata": metadata})
        assert len(kept["rights"]) == len(LICENCES) > 60
        assert len(kept["languages"]) == len(THREE_LETTERS) > 180

    def test_a_draft_is_found_by_its_marker_and_no_other_is(self, alice):
        here, there = (minimal(id=f"{n}1111111-2222-4333-8444-55555555555a")["id"] for n in (7, 8))
        for each in (here, there):
            taken(alice, document_of(load(id=each)))
        marker = marker_of(load(id=here).record)
        answer = alice.get("/user/records", params={"q": f'metadata.identifiers.identifier:"{marker}"'})
        found = answer.json()["hits"]["hits"]
        assert [each["metadata"]["identifiers"][0]["identifier"] for each in found] == [marker]


def test_a_reserved_doi_changes_the_provenance_that_is_sent(tmp_path):
    loaded = load(tmp_path)
    registration = Registration(DOI, sandbox=False)
    record = as_registered(loaded.record, registration_for(loaded, registration)[0])
    settings = Settings()
    deposit = Deposit(ZENODO, str(record.id), "1", "7", doi=DOI)
    derived = derive(record, settings.id_prefix, settings.tier_claims, settings.policy)
    document = deposit_metadata(
        loaded.record, derived, cite_record(record, library_of(settings)), settings, deposit
    )
    said = "A DOI preserves the report; it does not make the result reproducible."
    assert said in document["metadata"]["description"]
    assert said not in document_of(loaded)["metadata"]["description"]
