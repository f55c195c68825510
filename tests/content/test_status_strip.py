"""The four cells at a glance: counts that are of something, in the number that they are."""

from __future__ import annotations

import pytest

from fixtures import source, write_record
from minimal_record import claim
from reportgen.base.settings import Settings
from reportgen.pipeline.compose import compose_report
from reportgen.text.report import StatusStrip, blocks_in


def literature(folder, **changes):
    made = compose_report(write_record(folder / "record.json", **changes), Settings())
    (strip,) = [block for block in blocks_in(made.tree.bands) if isinstance(block, StatusStrip)]
    cell = strip.cells[-1]
    return f"{cell.value} {cell.detail}", [line.content for line in cell.lines]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "1 paper used", "2 papers used"),
        ("de", "1 Arbeit verwendet", "2 Arbeiten verwendet"),
        ("fr", "1 article utilisé", "2 articles utilisés"),
    ],
)
def test_papers_are_counted_in_their_number(tmp_path, language, one, other):
    sources = [source(1), source(2)]
    claims = [claim(sources=["source1"]), claim("b", sources=["source2"])]
    assert literature(tmp_path, language=language, sources=sources[:1], claims=claims[:1]) == (one, [])
    assert literature(tmp_path, language=language, sources=sources, claims=claims) == (other, [])


@pytest.mark.parametrize(
    ("found", "said"), [(0, "1 paper used"), (1, "1 of 1 paper used"), (15, "1 of 15 papers used")]
)
def test_what_was_used_is_a_part_of_what_was_found_where_it_can_be(tmp_path, found, said):
    given = {"sources": [source(1)], "claims": [claim(sources=["source1"])]}
    shown, lines = literature(tmp_path, search={"papers_retrieved": found}, **given)
    assert (shown, lines) == (said, [f"{found} found", "1 used"])
