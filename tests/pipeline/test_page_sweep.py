"""Pages over many generated records: no heading alone at a foot, no page all but empty."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from page_measures import headings, misses, pages_of, stranded
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.run import run_batch
from reportgen.pipeline.build import build_report
from swept_records import LANGUAGES, PAPERS, swept_record

FEW, MANY = 40, 200
MOST_MISSES = MANY // 50
SETTINGS = 'id_prefix = "SWEEP"\nname_pattern = "{id}"\npaper = "%s"\n[publisher]\nname = "Sweep"\n'


@pytest.mark.parametrize("seed", range(FEW))
def test_each_page_is_worth_turning_to(seed, tmp_path):
    pdf = build(seed, tmp_path)
    assert misses(pdf) == []


@pytest.mark.long
def test_in_a_wide_sweep_all_but_a_few_pages_are_worth_turning_to(tmp_path):
    found = {}
    for number, paper in enumerate(PAPERS):
        folder = tmp_path / paper
        for seed in range(number, MANY, len(PAPERS)):
            lay_out(seed, folder)
        for outcome in run_batch(
            find_sources([folder / "records"]), Options(overrides={"output": folder / "out"})
        ):
            assert outcome.status is Status.BUILT, outcome.problems
            if wrong := misses(outcome.pdf):
                found[outcome.pdf.name] = wrong
    assert len(found) <= MOST_MISSES, found


def test_the_records_are_the_same_each_time_and_of_all_sizes():
    records = [swept_record(seed) for seed in range(MANY)]
    assert records == [swept_record(seed) for seed in range(MANY)]
    assert {record["language"] for record in records} == set(LANGUAGES)
    claims = [len(record["claims"]) for record in records]
    assert min(claims) == 0
    assert max(claims) >= 55
    assert {len(record["sources"]) for record in records} == set(range(1, 6))
    assert {"summary", "sections", "background", "review", "search", "outcomes"} <= set().union(*records)
    assert any("quote" in claim for record in records for claim in record["claims"])


def test_a_heading_with_nothing_below_it_is_seen(tmp_path):
    pdf = build(1, tmp_path)
    pages = pages_of(pdf)
    assert list(stranded(pdf, pages)) == []
    number, title, lines = [each for each in headings(pdf, pages) if each[0] == 1][-1]
    cut = tuple(word for word in pages[1].words if word.bottom <= max(line.bottom for line in lines) + 1)
    assert list(stranded(pdf, (pages[0], replace(pages[1], words=cut), *pages[2:]))) == [(number + 1, title)]


def test_an_empty_page_is_measured(tmp_path):
    page = pages_of(build(1, tmp_path))[0]
    assert page.fill > 0.6
    assert replace(page, words=page.words[:4]).fill < 0.1
    assert replace(page, words=()).fill == 0


def build(seed, folder):
    path = lay_out(seed, folder)
    return build_report(path, find_settings(path.parent, output=folder / "out")).pdf


def lay_out(seed, folder):
    """Write a record of the sweep and the settings of its paper into a folder."""
    (folder / "records").mkdir(parents=True, exist_ok=True)
    (folder / "reportgen.toml").write_text(SETTINGS % PAPERS[seed % len(PAPERS)])
    path = folder / "records" / f"{seed:03}.json"
    path.write_text(json.dumps(swept_record(seed)))
    return path
