"""The narrative review in records/ is a whole report: it compiles clean, and every reference in it leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from reportgen import validate
from reportgen.base.settings import find_settings
from reportgen.pipeline.build import build_report
from reportgen.pipeline.compose import compose_report
from reportgen.text.report import ClaimList, blocks_in
from reportgen.text.tree import Figure, Table

REVIEW = Path(__file__).parents[1] / "records" / "spacing.json"
FALSE_ALARMS = {"math-literal"}
"""Display mathematics is printed as such, and still warned of."""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    settings = find_settings(REVIEW.parent, output=tmp_path_factory.mktemp("review"))
    with pikepdf.open(build_report(REVIEW, settings).pdf) as opened:
        yield opened


@pytest.fixture(scope="module")
def blocks(tmp_path_factory):
    settings = find_settings(REVIEW.parent, output=tmp_path_factory.mktemp("composed"))
    return list(blocks_in(compose_report(REVIEW, settings).tree.sections))


def test_nothing_in_it_is_to_be_warned_of():
    assert {problem.code for problem in validate(REVIEW)} <= FALSE_ALARMS


def test_it_has_the_tables_and_figures_that_a_review_has(blocks):
    tables = [block.label for block in blocks if isinstance(block, Table) and block.caption]
    figures = [block.id for block in blocks if isinstance(block, Figure)]
    assert tables == ["Table 1.", "Table 2.", "Table 3."]
    assert [name for name in figures if name in ("fig-forgetting", "fig-gap")] == [
        "fig-forgetting",
        "fig-gap",
    ]


def test_each_of_its_ten_claims_has_a_verdict_and_evidence(blocks):
    (listed,) = [block for block in blocks if isinstance(block, ClaimList)]
    claims = [claim for group in listed.groups for claim in group.claims]
    assert len(claims) == 10
    assert all(claim.verdict and claim.evidence for claim in claims)


def test_it_is_as_long_as_a_review(pdf):
    assert 10 <= len(pdf.pages) <= 16


def test_every_link_inside_it_leads_to_a_place(pdf):
    places = set(pikepdf.NameTree(pdf.Root.Names.Dests))
    links = [
        str(annotation.A.D)
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if annotation.get("/A", {}).get("/S") == "/GoTo"
    ]
    assert len(links) > 50
    assert set(links) <= places
