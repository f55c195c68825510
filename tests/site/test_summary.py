"""What lists say of a report in short."""

from __future__ import annotations

import json

import pytest

from fixtures import FOLDER
from reportgen.site.summary import read_summary, summarise, summary_text
from site_pages import publication


@pytest.mark.parametrize("name", ["corrected", "superseded", "german"])
def test_a_notice_is_not_part_of_the_description_too(name):
    given = publication(FOLDER / f"{name}.json")
    summary = summarise(given, "report/one/v1/")
    assert summary.notice
    assert given.tree.description == f"{summary.notice} {summary.description}"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_summary_is_read_back_as_it_was_written(path):
    summary = summarise(publication(path), "report/one/v1/")
    assert read_summary(summary_text(summary)) == summary
    assert "\n" not in summary_text(summary)


def test_a_claim_that_rests_on_several_sources_is_kept_once():
    summary = summarise(publication(FOLDER / "whole_report.json"), "report/one/v1/")
    uses = [use for source in summary.sources for use in source.claims]
    assert len(uses) > len({use.text for use in uses})
    assert all(summary_text(summary).count(json.dumps(use.text)) == 1 for use in uses)
