"""What earlier releases made can still be read: a PDF of each is kept."""

from __future__ import annotations

import json

import pytest

from fixtures import FOLDER
from reportgen.trust.verify import Comparison, extract, verify

RELEASES = FOLDER / "releases"


@pytest.mark.parametrize(
    ("name", "title", "difference"),
    [
        ("first-plan", "A report of the release before", "pylatexenc"),
        ("first-plan-own-templates", "A report of the release before", "pylatexenc"),
        ("second-plan", "Multi-Objective Alignment Trade-Offs", "reportgen"),
    ],
)
def test_a_report_of_an_earlier_release_is_read_and_found_to_be_of_other_tools(name, title, difference):
    path = RELEASES / f"{name}.pdf"
    files = extract(path)
    assert json.loads(files["record.json"])["title"].startswith(title)
    assert {"report.tex", "report-claims.csv"} <= {*files}
    found = verify(path, trust_templates=True)
    assert found.outcome is Comparison.OTHER_TOOLS
    assert any(difference in each for each in found.differences)


def test_a_report_of_each_earlier_release_is_tried():
    assert {path.stem for path in RELEASES.glob("*.pdf")} == {
        "first-plan",
        "first-plan-own-templates",
        "second-plan",
    }


def test_its_own_templates_of_the_layout_of_then_are_not_run_unasked():
    path = RELEASES / "first-plan-own-templates.pdf"
    assert "templates/sections/disclosure.tex.j2" in extract(path)
    assert verify(path).outcome is Comparison.OWN_TEMPLATES
