"""The page of a report: each row of the published pages, what machines read, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html
from pyld import jsonld

import vnu
from fixtures import FOLDER, SAMPLES
from minimal_record import claim, minimal
from reportgen.base.paths import packaged_folder
from reportgen.site import report_page
from reportgen.site.head import title_of
from reportgen.site.signposts import linkset
from site_pages import HISTORY, URL, context, page, publication
from web_injections import INJECTIONS

VARIANTS = [
    *(SAMPLES / f"{name}.json" for name in ("fbca8ee9", "5eed0003", "795ca78a", "0ff0b073")),
    *(FOLDER / f"{name}.json" for name in ("whole_report", "right_to_left", "every_chart", "meta_analysis")),
    *(
        FOLDER / f"{name}.json"
        for name in ("math_result", "superseded", "corrected", "german", "french", "falsified")
    ),
]
SCHEMA = "https://schema.org/"


@pytest.fixture(scope="module")
def pages():
    return {record.stem: page(record, history=HISTORY) for record in VARIANTS}


def read(text):
    return html.document_fromstring(text)


def rows(tree):
    """Return the rows of the record's part by heading and term."""
    return {
        (part.find("h3").text_content(), row.find("dt").text_content()): row.find("dd").text_content()
        for part in tree.find_class("part")
        for row in part.iterfind("dl/div")
    }


def tags(tree, name):
    return [tag.get("content") for tag in tree.iterfind(f".//meta[@name='{name}']")]


def data_of(tree):
    return json.loads(tree.findtext(".//script[@type='application/ld+json']"))


# What the published pages of the four records say, row by row: the data as they stand there, sentences in our words.
SAME = {
    ("Verification gate", "Status"): "Unverified",
    ("Verification gate", "Gate"): "Gate 2",
    ("Quality dimensions", "Citation grounding"): "medium",
    ("Quality dimensions", "Uncertainty disclosure"): "medium",
    ("Corrections", "Status"): "CURRENT",
    ("Corrections", "Correction count"): "0",
    ("Corrections", "Manifest contract"): "paper-manifest-v1.1",
    ("Corrections", "Correction contract"): "correction-record-v1",
    ("Provenance", "Publisher"): "Assignee Research",
    ("Provenance", "Report artifact"): "Available",
    ("Provenance", "Review method"): "",
    ("Provenance", "Quality guide"): "How to read",
    ("Provenance", "Provenance contract"): "source-provenance-v1",
    ("Provenance", "Note"): "not primary research",
}
ARCHIVED = {
    ("Quality dimensions", "Evidence strength"): "medium",
    ("Quality dimensions", "Reproducibility status"): "high",
    ("Provenance", "Public provenance"): "L4, External archival record",
    ("Provenance", "External record"): "Registered",
}
NOT_ARCHIVED = {
    ("Quality dimensions", "Evidence strength"): "low",
    ("Quality dimensions", "Reproducibility status"): "medium",
    ("Provenance", "Public provenance"): "L3, Claim aggregate record",
    ("Provenance", "External record"): "Not registered",
}
PUBLISHED = {
    "fbca8ee9": {
        **NOT_ARCHIVED,
        ("Verification level", "Paper level"): "L2, Source-grounded claims",
        ("Verification level", "Source-grounded claims"): "10",
        ("Verification level", "Claim record source"): "parsed source sections",
        ("Verification gate", "Reason"): "before the gate existed (10 June 2026)",
        ("Verification gate", "Evaluated"): "10 June 2026",
        ("Quality tier", "Tier"): "Quarantine candidate",
        ("Quality tier", "Basis"): "below 5. Here: a score of 4.5",
        ("Provenance", "Claim lineage"): "10 claims",
    },
    "795ca78a": {
        **ARCHIVED,
        ("Verification level", "Paper level"): "L2, Source-grounded claims",
        ("Verification level", "Source-grounded claims"): "7",
        ("Verification level", "Claim record source"): "not publicly specified",
        ("Verification gate", "Reason"): "before the gate existed (10 June 2026)",
        ("Verification gate", "Evaluated"): "10 June 2026",
        ("Quality tier", "Tier"): "DOI grade",
        ("Quality tier", "Basis"): "from 7.5 and with a claim. Here: a score of 7.5, 7 claims",
        ("Provenance", "Claim lineage"): "7 claims",
    },
    "0ff0b073": {
        **ARCHIVED,
        ("Report", "Identifier"): "SRCH:0FF0B073",
        ("Report", "Submitted"): "11 June 2026",
        ("Report", "Review score"): "8.5/10",
        ("Report", "DOI"): "10.5281/zenodo.20636503",
        ("Verification level", "Paper level"): "L2, Source-grounded claims",
        ("Verification level", "Source-grounded claims"): "10",
        ("Verification level", "Claim record source"): "not publicly specified",
        (
            "Verification gate",
            "Reason",
        ): "",  # the published one says that the report is older than the gate: it is not
        ("Verification gate", "Evaluated"): "not evaluated",
        ("Quality tier", "Tier"): "Flagship candidate",
        (
            "Quality tier",
            "Basis",
        ): "from 8.5, with five claims and with an external archive. Here: a score of 8.5, 10 claims",
        ("Provenance", "Claim lineage"): "10 claims",
    },
    "5eed0003": {("Report", "Identifier"): "SRCH:5EED0003", ("Report", "Submitted"): "31 May 2026"},
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_row_of_the_published_page_stands_on_ours(pages, name):
    found = rows(read(pages[name]))
    expected = PUBLISHED[name] if name == "5eed0003" else {**SAME, **PUBLISHED[name]}
    missing = {
        key: (value, found.get(key)) for key, value in expected.items() if value not in found.get(key, "\0")
    }
    assert missing == {}


@pytest.mark.parametrize("name", ["795ca78a", "0ff0b073", "fbca8ee9"])
def test_every_part_of_the_published_page_has_what_it_warns_of(pages, name):
    captioned = [
        part.find("h3").text_content()
        for part in read(pages[name]).find_class("part")
        if part.find("p") is not None
    ]
    assert captioned == [
        "Verification level",
        "Verification gate",
        "Quality tier",
        "Quality dimensions",
        "Corrections",
    ]


@pytest.mark.parametrize("name", [record.stem for record in VARIANTS])
def test_every_section_of_the_report_is_on_the_page(pages, name):
    tree = read(pages[name])
    record = next(each for each in VARIANTS if each.stem == name)
    anchors = publication(record).tree.anchors - {"side-cite-as"}
    assert anchors <= {element.get("id") for element in tree.iter() if element.get("id")}


def test_contracts_and_files_are_led_to(pages):
    tree = read(pages["fbca8ee9"])
    links = {link.get("href") for link in tree.iterfind(".//a")}
    assert {
        "report.pdf",
        "report.bib",
        "report.paper-manifest.json",
        "report.source-provenance.json",
    } <= links
    assert "report-fig-confidence.csv" in links
    assert tree.find_class("button")[0].get("href") == "report.pdf"


@pytest.mark.parametrize(
    ("name", "word"),
    [("superseded", "[Superseded"), ("corrected", "[Corrected]"), ("falsified", "[Found false]")],
)
def test_what_no_reader_may_miss_stands_in_the_title(pages, name, word):
    assert read(pages[name]).findtext(".//title").startswith(word)


def test_a_title_without_a_warning_stays(pages):
    given = publication(SAMPLES / "fbca8ee9.json")
    assert title_of(given) == given.tree.title


def test_a_newer_version_is_told_of(pages):
    told = page(FOLDER / "one_claim.json", newest=HISTORY[0])
    assert "newer version" in read(told).find_class("newer")[0].text_content()
    assert not read(pages["fbca8ee9"]).find_class("newer")


@pytest.mark.parametrize(("record", "day"), [("one_claim", "%-d June 2026"), ("german", "%-d. Juni 2026")])
def test_versions_bear_their_days_as_a_reader_writes_them(record, day):
    given = [replace(each, date=f"2026-06-0{place}") for place, each in enumerate(HISTORY, start=1)]
    tree = read(page(FOLDER / f"{record}.json", history=tuple(given), newest=given[0]))
    said = [
        tree.find_class("newer")[0].text_content(),
        *map(html.HtmlElement.text_content, tree.xpath("//ol[parent::section[@class='history']]/li")),
    ]
    assert len(said) == len(given) + 1
    for place, words in enumerate(said):
        assert dt.date(2026, 6, max(1, place)).strftime(day) in " ".join(words.split())


def test_scholar_finds_the_pdf_on_the_host_of_the_page():
    tree = read(page(FOLDER / "whole_report.json", url=URL))
    assert tags(tree, "citation_pdf_url") == [f"{URL}report.pdf"]
    assert tags(tree, "citation_abstract_html_url") == [URL]
    assert tags(tree, "citation_publication_date") == ["2026/06/15"]
    assert tags(tree, "citation_author") == ["Ada Lovelace", "Grace Hopper"]
    assert len(tags(tree, "citation_reference")) == 3
    assert tree.find(".//link[@rel='canonical']").get("href") == URL


def test_no_address_is_made_up_where_none_is_known(pages):
    tree = read(pages["whole_report"])
    assert tags(tree, "citation_pdf_url") == []
    assert tree.find(".//link[@rel='canonical']") is None
    assert {
        item["@id"] for item in data_of(tree)["@graph"] if "@id" in item and "example" in item["@id"]
    } == set()


def test_a_doi_of_a_report_is_cited(pages):
    tree = read(pages["0ff0b073"])
    assert tags(tree, "citation_doi") == ["10.5281/zenodo.20636503"]
    assert tree.find(".//link[@rel='cite-as']").get("href") == "https://doi.org/10.5281/zenodo.20636503"
    assert read(pages["fbca8ee9"]).find(".//link[@rel='cite-as']") is None


@pytest.mark.parametrize("name", ["fbca8ee9", "whole_report", "0ff0b073"])
def test_the_data_expand_without_a_network(pages, name):
    def refuse(url, _options):
        raise AssertionError(f"{url} was asked for")

    data = data_of(read(pages[name]))
    expanded = jsonld.expand(data, {"documentLoader": refuse})
    kinds = {kind.removeprefix(SCHEMA) for node in expanded for kind in node.get("@type", ())}
    listed = set() if name == "0ff0b073" else {"Claim", "ClaimReview", "CreativeWork"}
    assert {"ScholarlyArticle", *listed} <= kinds
    named = {node["@id"] for node in data["@graph"] if "@id" in node}
    report = data["@graph"][0]
    for name_ in ("hasPart", "citation", "correction"):
        assert {node["@id"] for node in report.get(name_, ())} <= named


def test_a_claim_that_nobody_checked_has_no_review():
    data = data_of(read(page(FOLDER / "whole_report.json")))
    count = {kind: sum(node["@type"] == kind for node in data["@graph"]) for kind in ("Claim", "ClaimReview")}
    assert count == {"Claim": 5, "ClaimReview": 4}


class _Tags(HTMLParser):
    """Every element and attribute of a page, as a browser reads it."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.names, self.addresses = [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self.names |= {name for name, _ in attributes}
        self.addresses |= {value or "" for name, value in attributes if name in {"href", "src"}}


def hostile_record():
    """Return a record with a text of each kind in every field that is free."""
    texts = [text.replace("\x00", "") for text in INJECTIONS]
    joined = " ".join(texts)
    return minimal(
        title=joined,
        subtitle=joined,
        question=joined,
        summary="\n\n".join(texts),
        abstract="\n\n".join(texts),
        keywords=texts,
        authors=[{"name": text, "affiliation": text} for text in texts],
        background={"text": joined},
        sections=[{"title": text, "text": text} for text in texts],
        claims=[
            claim(text, note=text, quote=text, locator=text, theme=text, confidence=0.5) for text in texts
        ],
        limitations=texts,
        claim_record_source=joined,
        review={
            "score": 7.5,
            "method": joined,
            "reviewers": [{"role": texts[0], "score": 7.5, "note": joined}],
        },
        gate={"status": "UNVERIFIED", "reason": joined},
        corrections=[
            {
                "event_id": text,
                "corrected_at": "2026-06-12",
                "correction_type": "CLAIM",
                "public_note": text,
            }
            for text in texts
        ],
        search={"papers_retrieved": 3, "databases": texts, "queries": texts, "criteria": joined},
    )


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory):
    path = tmp_path_factory.mktemp("hostile") / "record.json"
    path.write_text(json.dumps(hostile_record()), "utf-8")
    return page(path, url=URL)


def test_nothing_foreign_runs_or_is_loaded_whatever_a_record_holds(hostile_page, pages):
    usual = _Tags("".join(pages.values()))
    found = _Tags(hostile_page)
    assert set(found.elements) - set(usual.elements) <= {
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "code",
        "s",
        "em",
        "strong",
    }
    assert found.names <= usual.names | {"start"}
    assert found.elements.count("script") == 2
    assert not {"style", "iframe", "object", "embed", "base", "form", "input"} & set(found.elements)
    assert {address.split(":")[0] for address in found.addresses if ":" in address} <= {
        "http",
        "https",
        "mailto",
    }
    assert not [each for each in read(hostile_page).xpath("//img/@src | //script/@src") if "//" in each]


def test_the_words_of_hostile_claims_are_whole_in_page_and_data(hostile_page):
    tree = read(hostile_page)
    shown = [item.find_class("said")[0].find("p").text_content() for item in tree.find_class("claim")]
    said = [node["text"] for node in data_of(tree)["@graph"] if node["@type"] == "Claim"]
    expected = [each["text"] for each in hostile_record()["claims"]]
    assert said == expected
    plain = [text for text in expected if not re.search("[$\t\u2028\u2029\u202e\ufeff]", text)]
    assert [text for text in plain if not any(text in each for each in shown)] == []


@pytest.mark.parametrize("name", ["fbca8ee9", "every_chart"])
def test_a_page_says_what_it_may_do_and_has_no_style_of_its_own(pages, name):
    tree = read(pages[name])
    policy = tree.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert not tree.xpath("//@style | //style")
    assert not [each for each in tree.xpath("//img/@src | //script/@src") if "//" in each]


@pytest.mark.parametrize("name", ["fbca8ee9", "every_chart"])
def test_a_chart_is_a_drawing_with_words_and_values(pages, name):
    tree = read(pages[name])
    figures = tree.xpath("//figure[.//img]")
    assert figures
    for figure in figures:
        drawing = figure.find(".//img")
        assert drawing.get("src").endswith(".svg")
        assert len(drawing.get("alt")) > 50
        assert figure.find(".//details//tbody/tr") is not None


def test_signposts_are_the_same_in_the_page_and_in_its_file():
    given = publication(FOLDER / "whole_report.json", url=URL)
    first, *parts = json.loads(linkset(given, context(given)))["linkset"]
    assert first["anchor"] == URL
    assert next(item["href"] for item in first["item"]) == f"{URL}report.pdf"
    assert {item["href"].removeprefix(URL) for item in first["describedby"]} == {
        "report.paper-manifest.json",
        "report.source-provenance.json",
        "report.bib",
    }
    assert first["license"] == [{"href": "https://spdx.org/licenses/CC-BY-4.0"}]
    assert {part["anchor"] for part in parts} == {item["href"] for item in first["item"]}


@pytest.mark.parametrize(
    "text", ["CC-BY", "cc-by-4.0", "LicenseRef-own", "MIT OR Apache-2.0", "All-rights-reserved"]
)
def test_a_licence_that_spdx_has_no_page_of_is_led_to_nowhere(text):
    raw = json.dumps(minimal(license=text)).encode()
    given = publication(FOLDER / "one_claim.json", url=URL, raw=raw)
    assert "license" not in json.loads(linkset(given, context(given)))["linkset"][0]


def test_the_same_record_gives_the_same_page():
    assert page(FOLDER / "every_chart.json") == page(FOLDER / "every_chart.json")


def test_every_word_of_a_page_is_asked_for():
    folder = packaged_folder("templates")
    words = tomllib.loads((folder / "locale" / "site.en.toml").read_text("utf-8"))
    code = [*Path(report_page.__file__).parent.glob("*.py"), *(folder / "site").glob("*.j2")]
    asked = " ".join(file.read_text("utf-8") for file in code)
    by_key = {"gate_status", "provenance", "caption"}
    unused = [
        f"{table}.{name}"
        for table, names in words.items()
        if table not in by_key
        for name in names
        if f"{table}.{name}" not in asked
    ]
    assert unused == []


def test_the_html_checker_finds_no_error(pages, hostile_page, tmp_path):
    vnu.require()
    files = []
    for name, text in {**pages, "hostile": hostile_page}.items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(text, "utf-8")
    assert vnu.errors(*files) == []
