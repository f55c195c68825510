"""Which record a report is of: its id says so, whatever file it lies in, and nothing that is stale stays unsaid."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from batch_outlook import contents
from batch_project import Project, make_quickly, numbered
from git_repository import Repository
from minimal_record import only
from reportgen.base.errors import Level
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.shards import Shard, shard_of
from reportgen.pipeline.batch.state import STATE_FOLDER, entry_file

BUILT, UNCHANGED, STALE, FAILED = Status.BUILT, Status.UNCHANGED, Status.STALE, Status.FAILED


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "build_one", make_quickly)
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path):
    """Six records, built, whose publisher is named: nothing is said of them."""
    project = Project.lay_out(tmp_path / "project", records=6, settings='[publisher]\nname = "House"\n')
    assert project.statuses() == [BUILT] * 6
    return project


def file(project, number):
    return project.records / f"{number}.json"


def codes(outcome):
    return [problem.code for problem in outcome.problems]


def left_over(outcomes):
    return [outcome for outcome in outcomes if outcome.status is Status.LEFT_OVER]


# Of the first ones it is said what version 0.2 did, which knew reports by the paths of their records.


def test_two_records_that_swap_their_files_stay_as_they_are(project):
    # Both failed with `name-taken`, in every later run, too.
    before = contents(project.out)
    file(project, 1).rename(project.records / "x")
    file(project, 2).rename(file(project, 1))
    (project.records / "x").rename(file(project, 2))
    outcomes = project.run()
    assert [outcome.status for outcome in outcomes] == [UNCHANGED] * 6
    assert {p.where.file for p in outcomes[1].problems} == {str(file(project, 1))}
    after = contents(project.out)
    changed = [project.out / name for name in after if after[name] != before[name]]
    assert sorted(changed) == [entry_file(project.out, pdf) for pdf in project.pdfs[1:3]]
    assert project.statuses(force=True) == [BUILT] * 6


def test_records_that_move_down_after_the_first_went_stay_as_they_are(project):
    # Four of five failed, then three, two, one: five runs to green.
    gone = project.pdfs[0]
    for number in range(5):
        file(project, number + 1).rename(file(project, number))
    outcomes = project.run()
    assert [outcome.status for outcome in outcomes] == [*[UNCHANGED] * 5, Status.LEFT_OVER]
    assert (outcomes[5].pdf.name, codes(outcomes[5])) == (gone, ["record-gone"])


def test_records_that_move_up_before_a_new_one_are_told_nothing_new(project):
    # Each of the six warned that a current report of another record was one of its own that is to be deleted.
    said = {problem.message for outcome in project.run() for problem in outcome.problems}
    for number in reversed(range(6)):
        file(project, number).rename(file(project, number + 1))
    project.write("0.json", 9)
    outcomes = project.run()
    assert [outcome.status for outcome in outcomes] == [BUILT, *[UNCHANGED] * 6]
    assert {problem.message for outcome in outcomes for problem in outcome.problems} == said


@pytest.mark.parametrize("is_altered", [False, True], ids=["the same text", "another text"])
def test_two_files_of_one_id_are_told_in_one_message(project, is_altered):
    # The second failed with `name-taken`, which names no id, and the first was built.
    project.write("copy.json", 1, **({"question": "Another?"} if is_altered else {}))
    for options in ({}, {"check": True}, {"force": True, "fail_fast": False}):
        found = [outcome for outcome in project.run(**options) if outcome.status is FAILED]
        assert [outcome.name for outcome in found] == [
            str(file(project, 1)),
            str(project.records / "copy.json"),
        ]
        assert len({outcome.errors for outcome in found}) == 1
        problem = only(found[0].errors)
        assert problem.code == "duplicate-id"
        assert all(outcome.name in problem.message for outcome in found)
    (project.records / "copy.json").unlink()
    assert set(project.statuses()) <= {UNCHANGED, BUILT}


def test_two_lines_of_one_id_are_told_in_one_message(project):
    # Each named the file's lines by its own counting.
    path = project.write_lines(7, 8, 7)
    found = [outcome for outcome in project.run(path) if outcome.status is FAILED]
    assert [outcome.name for outcome in found] == [f"{path}:1", f"{path}:3"]
    problem = only({outcome.errors for outcome in found}.pop())
    assert f"{path}:1 and {path}:3" in problem.message


def test_a_record_that_moves_between_formats_is_the_same_one(project):
    # It was `name-taken` by the file that is no longer there, or never built here.
    text, pdfs = file(project, 0).read_text(), project.pdfs
    file(project, 0).unlink()
    lines, table = project.records / "many.jsonl", project.records / "many.parquet"
    lines.write_text(f"{json.dumps(numbered(20))}\n{text}\n")
    places = (project.records, lines)
    assert [o.status for o in project.run(*places)] == [*[UNCHANGED] * 5, BUILT, UNCHANGED]
    lines.write_text(f"{json.dumps(numbered(20))}\n")
    pq.write_table(pa.table({"record": [text]}), table)
    assert project.statuses(*places, table) == [UNCHANGED] * 7
    table.unlink()
    as_yaml = project.records / "0.yaml"
    as_yaml.write_text(yaml.safe_dump(json.loads(text), sort_keys=False))
    outcomes = project.run(*places)
    assert [o.reasons for o in outcomes if o.status is BUILT] == [("the record changed",)]
    assert left_over(outcomes) == []
    assert set(pdfs) < set(project.pdfs)


def test_a_record_whose_file_and_title_change_leaves_its_old_report_told(project):
    # Nothing was said: of the new file nothing was known, and nobody asked for the old one.
    old = project.pdfs[3]
    file(project, 3).unlink()
    project.write("renamed.json", 3, title="Another title")
    checked = project.run(check=True)
    (left,) = left_over(checked)
    assert (left.pdf.name, codes(left), left.is_bad) == (old, ["old-report"], True)
    outcomes = project.run()
    (left,) = left_over(outcomes)
    assert (left.pdf.name, codes(left), left.is_bad) == (old, ["old-report"], False)
    assert sorted(outcome.status for outcome in outcomes) == sorted(
        [*[UNCHANGED] * 5, BUILT, Status.LEFT_OVER]
    )
    assert [outcome.status for outcome in project.pruned()] == [Status.REMOVED]
    assert old not in project.pdfs
    assert project.statuses(check=True) == [UNCHANGED] * 6


def test_a_report_that_was_altered_is_not_pruned(project):
    file(project, 3).unlink()
    pdf = project.out / project.pdfs[3]
    pdf.write_bytes(b"%PDF of somebody")
    (kept,) = project.pruned()
    assert kept.status is Status.LEFT_OVER
    assert "altered" in kept.problems[0].message
    assert pdf.read_bytes() == b"%PDF of somebody"


def test_a_run_over_some_files_takes_no_record_for_gone(project):
    # The others may have come to lie anywhere, and `--prune` would remove their reports.
    file(project, 0).rename(project.records / "moved.json")
    file(project, 1).rename(file(project, 0))
    assert left_over(project.run(file(project, 0), file(project, 2))) == []
    (project.records / "sub").mkdir()
    project.write("sub/9.json", 9)
    assert left_over(project.run(project.records / "sub")) == []
    assert left_over(project.run()) == []


def test_a_run_over_a_folder_tells_what_is_gone_from_the_folders_in_it(project):
    (project.records / "old").mkdir()
    project.write("old/9.json", 9)
    project.run()
    shutil.rmtree(project.records / "old")
    assert [codes(outcome) for outcome in left_over(project.run())] == [["record-gone"]]


def test_a_line_that_is_gone_from_a_file_of_many_is_told(project):
    path = project.write_lines(7, 8)
    project.run(path)
    project.write_lines(7)
    assert [codes(outcome) for outcome in left_over(project.run(path))] == [["record-gone"]]


@pytest.fixture
def told(project, run, tmp_path):
    """Delete a record, and run the command with every form of results: with --check and without."""
    file(project, 2).unlink()

    def run_batch(*options):
        names = ["results.json", "results.xml", "results.md", "results.sarif"]
        reports = [f"--report={tmp_path / name}" for name in names]
        ended = run("batch", "records", "--jobs", "1", *reports, *options, cwd=project.root)
        return ended, {name.rpartition(".")[2]: (tmp_path / name).read_text() for name in names}

    return run_batch


def test_a_deleted_record_is_told_in_every_form_of_results(project, told):
    # No word of it in any, exit 0, also of --check.
    pdf = project.pdfs[2]
    ended, results = told()
    assert ended.code == 0
    assert pdf in ended.err
    assert "record-gone" in ended.err
    unescaped = {name: text.replace("\\", "") for name, text in results.items()}
    assert [name for name, text in unescaped.items() if pdf not in text] == []
    cases = ET.fromstring(results["xml"]).iter("testcase")
    assert [case.get("name") for case in cases if case.find("failure") is not None] == []


def test_a_deleted_record_fails_a_check(project, told):
    pdf = project.pdfs[2]
    ended, results = told("--check")
    assert ended.code == 1
    assert pdf in ended.err
    (failed,) = [
        case for case in ET.fromstring(results["xml"]).iter("testcase") if case.find("failure") is not None
    ]
    assert pdf in failed.get("name")
    assert "record-gone" in results["json"]
    assert "error" in results["sarif"]


def test_a_deleted_record_is_told_in_json_on_the_standard_output(project, told):
    pdf = project.pdfs[2]
    ended, _ = told("--format", "json")
    assert pdf in ended.out
    assert "left over" in ended.out


def test_a_deleted_record_goes_with_prune(project, told):
    pdf = project.pdfs[2]
    ended, _ = told("--prune")
    assert ended.code == 2
    assert pdf in project.pdfs
    ended, results = told("--prune", "--yes")
    assert ended.code == 0
    assert pdf not in project.pdfs
    assert "removed" in results["json"]
    assert told("--check")[0].code == 0


def test_a_check_tells_what_is_broken_from_what_is_out_of_date(project):
    # All were "out of date", without code or line.
    file(project, 0).write_text('{\n "id": }')
    file(project, 1).write_text(json.dumps(numbered(1, question=7), indent=1))
    project.write("2.json", 2, question="Another?")
    project.write("copy.json", 3)
    project.write("new.json", 9)
    outcomes = project.run(check=True)
    assert [o.status for o in outcomes] == [
        FAILED,
        FAILED,
        STALE,
        FAILED,
        UNCHANGED,
        UNCHANGED,
        FAILED,
        STALE,
    ]
    lines = [problem.where.line for outcome in outcomes[:2] for problem in outcome.errors]
    assert lines == [2, 6]
    assert [problem.code for problem in outcomes[0].errors] == ["json-syntax"]
    assert [problem.code for problem in outcomes[3].errors] == ["duplicate-id"]
    assert outcomes[2].reasons == ("the record changed",)


def test_a_check_tells_claims_that_are_wrong_now(project):
    # The record is as it was built; what it names is not.
    claims = project.records / "claims.csv"
    claims.write_text("text,verified\nA claim.,true\n")
    project.write("0.json", 0, claims={"file": "claims.csv"})
    project.run()
    claims.write_text("text,no-such-field\nA claim.,true\n")
    checked, built = project.run(check=True)[0], project.run()[0]
    assert (checked.status, built.status) == (FAILED, FAILED)
    assert [each for each in checked.problems if each.level is Level.ERROR] == list(built.errors)


def test_what_was_said_of_a_record_is_said_at_the_file_it_lies_in_now(project):
    before = project.run()[0].problems
    (project.records / "sub").mkdir()
    moved = file(project, 0).rename(project.records / "sub" / "moved.json")
    for _ in range(2):
        after = next(outcome for outcome in project.run() if outcome.name == str(moved))
        assert after.status is UNCHANGED
        assert [problem.where.file for problem in after.problems] == [str(moved)] * len(before)
        assert [problem.message for problem in after.problems] == [problem.message for problem in before]


def test_a_name_is_given_to_one_record_of_all_shards(tmp_path):
    # Each shard put its own record's report there, over the other's.
    project = Project.lay_out(tmp_path / "project", records=12, settings='name_pattern = "{date}-{slug}"\n')
    for _ in range(2):
        parts = [project.run(shard=Shard(number, 3)) for number in (1, 2, 3)]
        failed = [outcome for part in parts for outcome in part if outcome.status is FAILED]
        assert {code for outcome in failed for code in codes(outcome)} <= {"name-taken", "old-report"}
        assert len(failed) == 11
        assert project.out.joinpath(only(project.pdfs)).read_bytes() == file(project, 0).read_bytes()


@pytest.mark.parametrize("what", ["claims", "settings", "PDF", "nothing"])
def test_a_report_of_another_shard_is_told_where_it_is_out_of_date(tmp_path, what):
    # With a shard more its record moved; only another text of the record itself was seen.
    project = Project.lay_out(tmp_path / "project")
    claims = project.records / "claims.csv"
    claims.write_text("text,verified\nA claim.,true\n")
    number = next(
        n for n in range(99) if shard_of(numbered(n)["id"], 2) == 1 != shard_of(numbered(n)["id"], 3)
    )
    project.write("0.json", number, claims={"file": "claims.csv"})
    assert project.statuses(shard=Shard(1, 2)) == [BUILT]
    if what == "claims":
        claims.write_text("text,verified\nAnother claim.,true\n")
    elif what == "settings":
        (project.root / "reportgen.toml").write_text('paper = "letter"\n')
    elif what == "PDF":
        (project.out / project.pdfs[0]).write_bytes(b"%PDF")
    found = left_over(project.run(shard=Shard(1, 3)))
    assert [codes(outcome) for outcome in found] == ([] if what == "nothing" else [["other-shard"]])


def test_the_report_of_an_earlier_version_stays_where_the_pattern_keeps_one_of_each(tmp_path):
    # It was out of date where its record had come to be another shard's.
    project = Project.lay_out(tmp_path / "project", settings='name_pattern = "{id8}-{version}"\n')
    number = next(
        n for n in range(99) if shard_of(numbered(n)["id"], 2) == 1 != shard_of(numbered(n)["id"], 3)
    )
    project.write("0.json", number)
    assert project.statuses(shard=Shard(1, 2)) == [BUILT]
    project.write("0.json", number, version="2")
    assert project.run(shard=Shard(1, 3)) == []
    assert [outcome.status for outcome in project.run()] == [BUILT]


def test_the_last_report_of_a_record_that_fails_is_told_also_where_the_state_is_lost(project):
    pdf = project.pdfs[0]
    project.write("0.json", 0, question=7)
    entry_file(project.out, pdf).unlink()
    outcome = project.run()[0]
    assert (outcome.status, codes(outcome)[-1]) == (FAILED, "old-report")
    assert pdf in outcome.problems[-1].message


def test_a_committed_state_is_the_same_in_every_clone(project, tmp_path):
    # Each run appended a line a record, with the time stamps of the clone.
    repository = Repository(project.root)
    for number in range(2):
        clone = tmp_path / f"clone-{number}"
        cloned = repository.clone(clone)
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        assert Project(clone).statuses() == [UNCHANGED] * 6
        assert Project(clone).statuses(check=True) == [UNCHANGED] * 6
        assert cloned.status == ""


def test_two_changes_that_each_build_a_record_are_merged(project):
    # The file of the state was in conflict, and both sides of it made reports of others "out of date".
    repository = Repository(project.root)
    for branch, number in (("one", 1), ("other", 4)):
        repository.switch(branch)
        project.write(f"{number}.json", number, question="Another?")
        assert project.statuses().count(BUILT) == 1
        repository.commit()
        repository.switch("main")
    assert repository.merge("one") == []
    assert repository.merge("other") == []
    assert project.statuses() == [UNCHANGED] * 6
    assert repository.status == ""


def test_a_merge_that_took_the_wrong_side_is_found_and_mended(project):
    repository = Repository(project.root)
    for branch in ("one", "other"):
        repository.switch(branch)
        project.write("1.json", 1, question=f"What of {branch}?")
        project.run()
        repository.commit()
        repository.switch("main")
    assert repository.merge("one") == []
    conflicts = repository.merge("other")
    report = next(path for path in conflicts if path.endswith(".pdf"))
    assert {path.rpartition("/")[0] for path in conflicts} == {"records", "out", f"out/{STATE_FOLDER}"}
    repository.git("checkout", "--ours", "--", "records/1.json", report)
    # Of the state the text with both sides and the signs of the conflict stays.
    assert project.statuses() == [UNCHANGED, BUILT, *[UNCHANGED] * 4]
    assert project.statuses() == [UNCHANGED] * 6
