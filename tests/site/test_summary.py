"""What lists say of a report in short."""

from __future__ import annotations

import pytest

from fixtures import FOLDER
from reportgen.site.summary import summarise
from site_pages import publication


@pytest.mark.parametrize("name", ["corrected", "superseded", "german"])
def test_a_notice_is_not_part_of_the_description_too(name):
    given = publication(FOLDER / f"{name}.json")
    summary = summarise(given, "report/one/v1/")
    assert summary.notice
    assert given.tree.description == f"{summary.notice} {summary.description}"
