"""The page, the PDF and the records for machines say the same numbers."""

from __future__ import annotations

import json
import re
from copy import deepcopy

import pytest
from lxml import html

from fixtures import SAMPLES
from page_text import read
from reportgen.content.confidence import confidence_text
from reportgen.content.sentences import score_text
from reportgen.pipeline.publish import write_formats
from reportgen.site.report_page import render_report_page
from site_pages import context, publication

RECORDS = tuple(sorted(path.stem for path in SAMPLES.glob("*.json")))
FIXTURES = ("whole_report", "every_chart", "meta_analysis", "corrected")
NUMBER = re.compile(r"(?<![\w.,])\d(?:[\d.,]*\d)?(?![\w.]*\w)")


@pytest.fixture(params=(*RECORDS, *FIXTURES), scope="module")
def said(request, compiled):
    """Return what a report says: its PDF, its page as a tree of elements, and its contracts by name."""
    name = f"sample_{request.param}" if request.param in RECORDS else request.param
    report = compiled(name)
    given = publication(report.record)
    pictures = {picture.name: f"{picture.name}.png" for picture in given.inputs.pictures.values()}
    page = render_report_page(given, context(given, pictures=pictures))
    root = html.fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    stem = given.stem
    contracts = {
        file.removeprefix(f"{stem}.").removesuffix(".json"): json.loads(content)
        for file, content in write_formats(given, ["contracts"]).items()
    }
    return given, read(report.pdf), root, contracts


def numbers(text):
    return set(NUMBER.findall(text.replace("\u2009", "").replace("\u202f", "")))


def words_of(element):
    """Return the words of an element, what stands in different elements apart."""
    return " ".join(" ".join(element.itertext()).split())


def printed_on(root):
    """Return the words of the report on its page: without head, navigation, files, and the rows that only it has."""
    root = deepcopy(root)
    for element in root.xpath("//head | //nav | //script | //*[@class='tools'] | //*[@class='record']"):
        element.drop_tree()
    for table in root.xpath("//figure//details"):  # the values of a chart, which the PDF carries as a file
        table.drop_tree()
    return words_of(root)


def test_the_page_prints_each_number_of_the_pdf_and_none_else(said, tmp_path):
    given, pdf, root, _ = said
    page, drawn = numbers(printed_on(root)), set()
    for drawing in (*given.inputs.figures.printed, *given.inputs.pictures.values()):
        (tmp_path / "drawing.pdf").write_bytes(drawing.pdf)  # on the page it has no text
        drawn |= numbers(read(tmp_path / "drawing.pdf"))
    assert page - numbers(pdf) == set()
    assert numbers(pdf) - page - drawn == set()


def test_each_claim_has_one_confidence_and_one_verdict_everywhere(said):
    given, pdf, root, contracts = said
    if not given.inputs.record.claims:
        pytest.skip("this record publishes only counts")
    claims = contracts["verification-levels"]["claim_summary"]["per_claim_public_records"]
    assert len(claims) == len(given.inputs.record.claims)
    for claim, of_record in zip(claims, given.inputs.record.claims, strict=True):
        assert (claim["confidence"], claim["verified"]) == (of_record.confidence, of_record.verified)
        (item,) = root.xpath(
            "//li[@class='claim'][substring-after(@id, 'claim-') = $id or @id = $id]", id=of_record.id
        )
        if claim["confidence"] is not None:
            shown = confidence_text(claim["confidence"], given.inputs.record, given.inputs.wording)
            assert shown in words_of(item)
            assert shown in pdf


def test_the_counts_and_the_score_are_one_everywhere(said):
    given, pdf, root, contracts = said
    derived, page = given.inputs.derived, words_of(root.xpath("//main")[0])
    levels, manifest = contracts.get("verification-levels"), contracts["paper-manifest"]
    if levels:
        summary = levels["claim_summary"]
        assert summary["source_grounded_claims"] == derived.claims.grounded
        assert levels["paper_level"] == derived.level.number
        assert f"L{derived.level.number}" in page
        assert f"{derived.level.number} of 7" in pdf.replace("\n", " ")
    if derived.score is not None:
        assert manifest["quality_assessment"]["review_score"] == derived.score
        shown = score_text(derived, given.inputs.wording)
        assert shown in page
        assert shown in pdf
    assert contracts["correction-record"]["correction_count"] == derived.correction.count
