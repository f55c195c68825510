"""Shards: each record falls to one of them by its id alone, and no folder keeps what is out of date in silence."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_project import Project, make_quickly, numbered
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.shards import Shard, shard_of

IDS = st.lists(st.uuids().map(str), unique=True, max_size=60)
PARTS = 3


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)
    return Project.lay_out(tmp_path, records=20)


def outcomes(project, number, **options):
    output = project.root / f"s{number}"
    return project.run(shard=Shard(number, PARTS), overrides={"output": output}, **options)


def run_shards(project, **options):
    return {number: outcomes(project, number, **options) for number in range(1, PARTS + 1)}


def built(run):
    return [outcome.name for each in run.values() for outcome in each if outcome.status is Status.BUILT]


def left_over(run):
    return {
        (number, outcome.pdf.name): outcome.problems[0].code
        for number, each in run.items()
        for outcome in each
        if outcome.status is Status.LEFT_OVER
    }


def pdfs(project):
    return Counter(path.name for path in project.root.glob("s?/*.pdf"))


def shard_and_pdf(project, number):
    """Return the shard of a record by its number, and what its report is called."""
    identity = numbered(number)["id"]
    return shard_of(identity, PARTS), f"2026-05-30-{identity[:8]}-calibration-of-small-classifiers.pdf"


@given(ids=IDS, count=st.integers(1, 12))
def test_each_record_falls_to_exactly_one_shard(ids, count):
    shards = [Shard(number, count) for number in range(1, count + 1)]
    assert all(sum(shard.holds(identity) for shard in shards) == 1 for identity in ids)


@given(ids=IDS, count=st.integers(1, 12))
def test_one_shard_more_moves_records_to_it_alone(ids, count):
    moved = [identity for identity in ids if shard_of(identity, count) != shard_of(identity, count + 1)]
    assert all(shard_of(identity, count + 1) == count + 1 for identity in moved)


def test_the_shards_share_the_work_about_evenly():
    found = Counter(shard_of(numbered(number)["id"], 4) for number in range(2000))
    assert sorted(found) == [1, 2, 3, 4]
    assert max(found.values()) - min(found.values()) < 200


def test_all_shards_together_build_each_record_once(project):
    run = run_shards(project)
    assert len(built(run)) == 20
    assert len(pdfs(project)) == 20
    assert set(pdfs(project).values()) == {1}
    assert built(run_shards(project)) == []


def test_a_record_more_is_the_only_one_built(project):
    run_shards(project)
    added = project.write("aaa-new.json", 99)
    run = run_shards(project)
    assert (built(run), left_over(run)) == ([str(added)], {})


def test_renamed_files_are_not_built_again(project):
    run_shards(project)
    for number in range(20):
        (project.records / f"{number}.json").rename(project.records / f"x{19 - number:02}.json")
    run = run_shards(project)
    assert (built(run), left_over(run)) == ([], {})


def test_a_record_that_is_removed_is_told_in_its_shard_alone(project):
    run_shards(project)
    (project.records / "7.json").unlink()
    run = run_shards(project)
    assert built(run) == []
    assert left_over(run) == {shard_and_pdf(project, 7): "record-gone"}


def test_a_foreign_report_is_told_once_it_is_out_of_date(project):
    run_shards(project)
    home, pdf = shard_and_pdf(project, 5)
    other = home % PARTS + 1
    # As a cache of another shard's folder has it, restored here.
    project.batch(overrides={"output": project.root / f"s{other}"})
    assert left_over(run_shards(project)) == {}
    project.write("5.json", 5, question="Another?")
    run = run_shards(project)
    assert len(built(run)) == 1
    assert left_over(run) == {(other, pdf): "other-shard"}
    assert any(outcome.is_bad for outcome in outcomes(project, other, check=True))
    assert not any(outcome.is_bad for outcome in outcomes(project, home, check=True))


def test_a_shard_without_records_leaves_a_state_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)
    project = Project.lay_out(tmp_path, records=1)
    run_shards(project)
    assert len(list(project.root.glob("s?/reportgen-state"))) == PARTS
