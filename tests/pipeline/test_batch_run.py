"""A run over many records: order, failures, names, old reports, full disks; the building itself is short here."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from batch_project import Project, make_quickly
from minimal_record import claim, only
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.entries import entry_bytes, is_earlier, read_entry
from reportgen.pipeline.batch.inputs import RecordSource, find_sources
from reportgen.pipeline.batch.leftovers import may_be_pruned
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.run import executor_for, run_batch
from reportgen.pipeline.batch.state import STATE_FOLDER, State, entry_file
from reportgen.pipeline.batch.worker import Result

BUILT, _, UNCHANGED, STALE, FAILED, SKIPPED, _, _ = Status


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)


@pytest.fixture
def project(tmp_path):
    return Project.lay_out(tmp_path, records=4)


def break_record(project, number):
    (project.records / f"{number}.json").write_text("{")


def state_of(project):
    return {path: path.read_bytes() for path in (project.out / STATE_FOLDER).rglob("*.json")}


def codes(outcome):
    return [problem.code for problem in outcome.problems]


def test_outcomes_come_in_the_order_of_the_records(project):
    outcomes = project.batch(*(project.records / f"{number}.json" for number in (2, 0, 3, 1)))
    assert [Path(outcome.name).name for outcome in outcomes] == ["2.json", "0.json", "3.json", "1.json"]
    assert all(outcome.pdf.read_bytes() == Path(outcome.name).read_bytes() for outcome in outcomes)


def test_a_failure_stops_no_other(project):
    break_record(project, 1)
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, BUILT, BUILT]
    assert codes(outcomes[1]) == ["json-syntax"]
    assert outcomes[1].pdf is None
    assert project.statuses() == [UNCHANGED, FAILED, UNCHANGED, UNCHANGED]


def test_after_the_first_failure_nothing_is_begun_where_that_is_asked(project):
    break_record(project, 1)
    outcomes = project.batch(fail_fast=True)
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, SKIPPED, SKIPPED]
    assert outcomes[3].reasons == (f"{project.records / '1.json'} failed",)


def test_a_record_that_cannot_be_read_is_a_failure_too(project):
    sources = find_sources([project.records])
    (project.records / "0.json").unlink()
    outcomes = list(run_batch(sources, Options(jobs=1, fail_fast=True)))
    assert [outcome.status for outcome in outcomes] == [FAILED, SKIPPED, SKIPPED, SKIPPED]
    assert codes(outcomes[0]) == ["file-unreadable"]


def test_a_check_builds_and_writes_nothing(project):
    assert project.statuses(check=True) == [STALE] * 4
    assert not project.out.exists()
    project.batch()
    state = state_of(project)
    project.write("1.json", 1, question="Another?")
    (project.root / "bib" / "a.bib").write_text("% no entry")
    assert project.statuses(check=True) == [UNCHANGED, STALE, UNCHANGED, UNCHANGED]
    assert state_of(project) == state


def test_settings_that_are_wrong_stop_the_records_they_hold_for(project):
    (project.records / "other").mkdir()
    project.write("other/9.json", 9)
    project.write("other/8.json", 8)
    (project.records / "other" / "reportgen.toml").write_text("papr = 1")
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [*[BUILT] * 4, FAILED, SKIPPED]
    assert codes(outcomes[4]) == ["settings-value"]
    assert outcomes[4].project_code == 5
    assert "its project" in outcomes[5].reasons[0]


def test_each_record_has_the_settings_of_its_folder(project):
    (project.records / "other").mkdir()
    path = project.write("other/9.json", 9)
    (project.records / "other" / "reportgen.toml").write_text('output = "pdf"')
    assert project.batch()[-1].pdf.parent == path.parent / "pdf"
    # One folder of reports may serve several settings.
    one = project.root / "one"
    assert {outcome.pdf.parent for outcome in project.batch(overrides={"output": one})} == {one}
    assert project.statuses(overrides={"output": one}) == [UNCHANGED] * 5


def test_an_unchanged_report_keeps_its_warnings(project, monkeypatch):
    before = project.batch()
    assert any(outcome.warnings for outcome in before)
    after = project.batch()
    assert [outcome.problems for outcome in after] == [outcome.problems for outcome in before]
    # Seen from elsewhere, the same files have other names.
    monkeypatch.chdir(project.root)
    here = project.batch(Path("records"))
    said = [problem for problem in here[0].problems if problem.code != "publisher-unset"]
    assert {problem.where.file for problem in said} == {"records/0.json"}


def test_problems_of_a_line_are_placed_in_its_file(tmp_path):
    project = Project.lay_out(tmp_path, settings='[publisher]\nname = "House"\n')
    path = project.write_lines(1, 2)
    path.write_text(f"\n{path.read_text()}{{\n")
    outcomes = project.batch(path)
    assert [problem.where.line for problem in outcomes[2].problems] == [4]
    lines = [{problem.where.line for problem in outcome.warnings} for outcome in outcomes[:2]]
    assert lines == [{2}, {3}]
    path.write_text("".join(path.read_text().splitlines(keepends=True)[2:]))
    moved = project.batch(path)[0]
    assert (moved.status, {problem.where.line for problem in moved.warnings}) == (UNCHANGED, {1})


def test_a_name_is_given_to_one_record_of_a_run(project):
    settings(project, 'name_pattern = "{slug}"')
    for number, title in enumerate(["One", "One", "Two", "Three"]):
        project.write(f"{number}.json", number, title=title)
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, BUILT, BUILT]
    problem = only(outcomes[1].errors)
    assert problem.code == "name-taken"
    assert problem.message.endswith(f"is the report of {project.records / '0.json'}")
    assert outcomes[0].pdf.read_bytes() == (project.records / "0.json").read_bytes()
    assert project.statuses() == [UNCHANGED, FAILED, UNCHANGED, UNCHANGED]


def settings(project, text):
    (project.root / "reportgen.toml").write_text(text)


def test_a_name_of_an_earlier_run_stays_with_its_record(project):
    settings(project, 'name_pattern = "{slug}"')
    for number in range(4):
        project.write(f"{number}.json", number, title=f"Title {number}")
    assert project.statuses() == [BUILT] * 4
    project.write("-.json", 9, title="Title 2")
    # The first in order, and not the first that had the name; another run of it alone is told the same.
    assert project.statuses() == [FAILED, UNCHANGED, UNCHANGED, UNCHANGED, UNCHANGED]
    outcome = only(project.batch(project.records / "-.json"))
    assert codes(outcome) == ["name-taken"]
    assert str(project.records / "2.json") in outcome.problems[0].message
    # It is free where that record is gone, or has another title now.
    project.write("2.json", 2, title="Title 5")
    assert project.statuses() == [BUILT, UNCHANGED, UNCHANGED, BUILT, UNCHANGED]
    (project.records / "-.json").unlink()
    project.write("3.json", 3, title="Title 2")
    assert project.statuses() == [UNCHANGED, UNCHANGED, UNCHANGED, BUILT]


@pytest.mark.parametrize("copies", [1, 2], ids=["another", "copy"])
def test_records_of_one_id_are_told_in_one_message(project, copies):
    project.batch()
    content = json.loads((project.records / "1.json").read_text()) | (
        {} if copies == 2 else {"question": "Is it?"}
    )
    (project.records / "a.json").write_text(json.dumps(content))
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [UNCHANGED, FAILED, UNCHANGED, UNCHANGED, FAILED]
    problem = only(list({problem for outcome in outcomes for problem in outcome.errors}))
    assert problem.code == "duplicate-id"
    assert all(str(project.records / name) in problem.message for name in ("1.json", "a.json"))
    (project.records / "a.json").unlink()
    assert project.statuses() == [UNCHANGED] * 4


def test_versions_of_one_record_are_records_of_their_own(project):
    settings(project, 'name_pattern = "{id8}-{version}"')
    project.batch()
    project.write("1b.json", 1, version="2")
    assert project.statuses() == [UNCHANGED, UNCHANGED, BUILT, UNCHANGED, UNCHANGED]
    assert project.left_over() == {}


def test_a_record_is_known_wherever_it_lies(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(1, 2)
    project.batch(path)
    one, two = path.read_text().splitlines()
    path.write_text(f"{two}\n{one}\n")
    assert project.statuses(path) == [UNCHANGED, UNCHANGED]
    # An edited line keeps its name, and so does one that was edited and moved.
    edited = one.replace("Does early stopping", "Does late stopping")
    path.write_text(f"{edited}\n{two}\n")
    assert project.statuses(path) == [BUILT, UNCHANGED]
    path.unlink()
    (project.records / "other.json").write_text(two)
    (project.records / "x.yaml").write_text(one.replace("Does early stopping", "Does no stopping"))
    assert project.statuses() == [UNCHANGED, BUILT]
    assert project.left_over() == {}


def test_two_equal_lines_are_no_two_records(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(1, 1)
    outcomes = project.batch(path)
    assert [codes(outcome) for outcome in outcomes] == [["duplicate-id"]] * 2


def test_the_report_under_a_former_name_is_left_over(project):
    old = project.batch()[1].pdf
    project.write("1.json", 1, title="Another title")
    assert project.left_over(check=True) == {old.name: "old-report"}
    assert project.statuses() == [UNCHANGED, BUILT, UNCHANGED, UNCHANGED]
    assert project.left_over() == {old.name: "old-report"}
    old.unlink()
    assert project.left_over() == {}
    assert old.name not in State(project.out, read_only=True).entries


def test_an_earlier_version_that_the_names_keep_is_not_left_over(project):
    settings(project, 'name_pattern = "{id8}-{version}"')
    project.batch()
    project.write("1.json", 1, version="2")
    assert project.left_over() == {}
    project.write("1.json", 1, version="2", id="00000009-2222-4333-8444-555555555555")
    assert set(project.left_over().values()) == {"record-gone"}


def test_a_title_that_comes_back_builds_nothing(project):
    project.batch()
    before = (project.records / "1.json").read_bytes()
    project.write("1.json", 1, title="Another title")
    project.batch()
    (project.records / "1.json").write_bytes(before)
    assert project.statuses() == [UNCHANGED] * 4
    assert list(project.left_over().values()) == ["old-report"]


def test_the_report_of_a_record_that_is_gone_is_left_over(project):
    pdfs = [outcome.pdf.name for outcome in project.batch()]
    (project.records / "1.json").unlink()
    project.write("2.json", 7)
    assert project.left_over() == {pdfs[1]: "record-gone", pdfs[2]: "record-gone"}
    found = [outcome for outcome in project.run() if outcome.status is Status.LEFT_OVER]
    assert [outcome.reasons for outcome in found] == [
        ("there is no records/1.json any more",),
        ("records/2.json no longer holds it",),
    ]
    assert not any(outcome.is_bad for outcome in found)
    assert all(outcome.is_bad for outcome in project.run(check=True) if outcome.status is Status.LEFT_OVER)


def test_a_run_of_some_records_judges_no_others(project):
    project.batch()
    assert project.left_over(project.records / "1.json") == {}
    (project.records / "2.json").unlink()
    assert project.left_over(project.records / "1.json") == {}


def test_a_record_that_moved_to_a_file_that_a_folder_is_not_searched_for_is_not_gone(project):
    # It was `record-gone`, and `--prune` would have removed the report.
    pdfs = [outcome.pdf.name for outcome in project.batch()]
    (project.records / "sub").mkdir()
    (project.records / "1.json").rename(project.records / "sub" / "all.jsonl")
    (project.records / "2.json").unlink()
    (project.records / "claims.jsonl").write_text('{"text": "No id of a record."}\n')
    outcomes = project.run(check=True)
    not_read, gone = sorted((each for each in outcomes if each.status is Status.LEFT_OVER), key=codes)
    assert (gone.pdf.name, codes(gone)) == (pdfs[2], ["record-gone"])
    assert (not_read.pdf, codes(not_read), not_read.is_bad) == (None, ["not-read"], False)
    named = project.records / "sub" / "all.jsonl"
    assert not_read.problems[0].hint.endswith(f"`reportgen batch {project.records} {named}`")
    assert not may_be_pruned(not_read)
    assert project.left_over(project.records, named) == {pdfs[2]: "record-gone"}


def test_a_file_of_many_that_reports_are_made_from_and_a_run_does_not_name_is_told_once(project):
    path = project.write_lines(7, 8)
    project.batch(project.records, path)
    outcome = only([each for each in project.run(check=True) if each.status is Status.LEFT_OVER])
    assert (outcome.name, codes(outcome), outcome.is_bad) == (str(path), ["not-read"], False)
    assert project.left_over(project.records, path) == {}
    assert project.left_over(project.records / "1.json") == {}


def test_the_report_of_a_record_that_is_gone_with_its_folder_is_left_over(project):
    gone = project.batch()[1].pdf.name
    (project.records / "1.json").unlink()
    moved = project.records.rename(project.root / "reviews")
    assert project.left_over(moved) == {gone: "record-gone"}
    assert set(project.statuses(moved)) == {UNCHANGED}


def test_a_pdf_that_batch_did_not_make_is_told_and_fails_nothing(project):
    project.batch()
    (project.out / "mine.pdf").write_bytes(b"%PDF-")
    for options in ({}, {"check": True}):
        outcome = only([each for each in project.run(**options) if each.status is Status.LEFT_OVER])
        assert codes(outcome) == ["unknown-pdf"]
        assert "mine.pdf" in outcome.problems[0].message
        assert not outcome.is_bad


def test_what_is_left_over_is_removed_where_it_is_ours_and_unchanged(project):
    pdfs = [outcome.pdf for outcome in project.batch()]
    for number in (1, 2):
        (project.records / f"{number}.json").unlink()
    (project.out / "mine.pdf").write_bytes(b"%PDF-")
    pdfs[2].write_bytes(b"altered")
    removed, kept = project.pruned()
    assert (removed.status, kept.status) == (Status.REMOVED, Status.LEFT_OVER)
    assert "altered" in kept.problems[0].message
    # A check says so, too, and not that it could be removed.
    (told,) = [each.problems[0] for each in project.run(check=True) if "altered" in str(each.problems)]
    assert told.hint == "remove it by hand"
    assert project.pdfs == sorted(["mine.pdf", *(path.name for path in (pdfs[0], pdfs[2], pdfs[3]))])
    assert pdfs[1].name not in State(project.out, read_only=True).entries


def test_the_report_of_a_record_that_fails_now_is_pointed_at(project):
    pdf = project.batch()[1].pdf
    break_record(project, 1)
    outcome = project.batch()[1]
    assert codes(outcome) == ["json-syntax", "old-report"]
    assert (
        outcome.warnings[0].message == f"{pdf} is the last report of this record, which cannot be built now"
    )
    assert project.left_over() == {}
    pdf.unlink()
    assert codes(project.batch()[1]) == ["json-syntax"]


def test_the_last_report_of_a_record_that_has_a_new_title_and_fails_is_kept(project, monkeypatch):
    pdf = project.batch()[1].pdf
    project.write("1.json", 1, title="Another title")
    monkeypatch.setattr(pool, "build_one", failing())
    outcomes = project.run()
    assert [codes(outcome) for outcome in outcomes if outcome.status is FAILED] == [
        ["internal", "old-report"]
    ]
    assert not any(may_be_pruned(outcome) for outcome in outcomes)
    monkeypatch.setattr(pool, "build_one", make_quickly)
    assert project.left_over() == {pdf.name: "old-report"}


def test_a_check_tells_a_broken_record_from_a_report_that_is_out_of_date(project):
    project.batch()
    break_record(project, 1)
    project.write("2.json", 2, claims=[claim(confidence=7)])
    project.write("3.json", 3, question="Is it another one?")
    outcomes = project.batch(check=True)
    assert [outcome.status for outcome in outcomes] == [UNCHANGED, FAILED, FAILED, STALE]
    assert [outcome.errors[0].where.line for outcome in outcomes[1:3]] == [1, 1]
    assert [codes(outcome)[0] for outcome in outcomes[1:3]] == ["json-syntax", "wrong-value"]


def test_a_report_that_nobody_knows_of_is_replaced(project):
    pdf = project.batch()[0].pdf
    shutil.rmtree(project.out / STATE_FOLDER)
    pdf.write_bytes(b"something else")
    assert project.batch()[0].status is BUILT
    assert pdf.read_bytes() == (project.records / "0.json").read_bytes()


def failing(**changes):
    def build(task):
        if task.source_path.name != "1.json":
            return make_quickly(task)
        problem = Problem(
            "internal", Level.ERROR, Where(str(task.source_path)), "reportgen itself failed", "?"
        )
        return replace(Result("", b"", (problem,)), **changes)

    return build


def test_an_error_of_our_own_leaves_its_traceback(project, monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "build_one", failing(trace="Traceback \ud800"))
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, BUILT, BUILT]
    log = tmp_path / "cache" / "logs" / "last-internal-error.log"
    assert only(outcomes[1].problems).hint == f"please report it with {log}"
    assert log.read_text() == "Traceback ?"


def test_a_full_disk_under_the_workers_ends_the_run(project, monkeypatch):
    monkeypatch.setattr(pool, "build_one", failing(errno=errno.ENOSPC))
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, SKIPPED, SKIPPED]
    assert outcomes[3].reasons == ("No space left on device",)
    # Too many open files are one record's trouble.
    monkeypatch.setattr(pool, "build_one", failing(errno=errno.EMFILE))
    assert project.statuses() == [UNCHANGED, FAILED, BUILT, BUILT]


@pytest.mark.parametrize("full", ["pdf", "state"])
def test_a_full_disk_under_the_reports_ends_the_run(project, monkeypatch, full):
    real = os.fsync
    calls = []
    # The first report writes its PDF, what the folder is, what the settings and the tools are, and its entry.
    fatal = {"pdf": 6, "state": 7}[full]

    def one_fails(*arguments):
        calls.append(arguments)
        if len(calls) == fatal:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", one_fails)
        outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, SKIPPED, SKIPPED]
    assert "No space left on device" in outcomes[1].errors[0].message
    assert not list(project.out.rglob(".*"))
    # Nothing that was done is done again, and nothing is missing in the end.
    assert project.statuses() == [UNCHANGED, BUILT, BUILT, BUILT]
    assert len(project.pdfs) == 4


def test_a_folder_that_cannot_be_written_fails_each_record(project):
    project.out.write_text("a file, not a folder")
    outcomes = project.batch()
    assert {outcome.status for outcome in outcomes} == {FAILED}
    assert "cannot write" in outcomes[0].errors[0].message


def test_a_run_that_is_closed_early_keeps_what_it_did(project):
    with closing(run_batch(find_sources([project.records]), Options(jobs=1))) as outcomes:
        assert next(outcomes).status is BUILT
    assert project.statuses() == [UNCHANGED, BUILT, BUILT, BUILT]


def test_few_records_are_under_way_at_once(project, monkeypatch):
    """A run holds no more records than its workers can use: each is read for the plan, and once more to be built."""
    read = []
    content = RecordSource.content

    def count(source):
        read.append(source.name)
        return content(source)

    monkeypatch.setattr(RecordSource, "content", count)
    with closing(run_batch(find_sources([project.records]), Options(jobs=1))) as outcomes:
        for number, _ in enumerate(outcomes, 1):
            assert len(read) == 4 + number


def test_the_number_of_workers():
    assert Options(jobs=3).workers == 3
    assert Options().workers == len(os.sched_getaffinity(0))


def test_the_state_knows_what_was_built(project):
    outcomes = project.batch()
    entries = State(project.out, read_only=True).entries
    assert [entries[outcome.pdf.name].source for outcome in outcomes] == [
        f"records/{n}.json" for n in range(4)
    ]


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file or directory", "/dev/shm"),
        NotImplementedError("this Python lacks semaphores"),
    ],
)
def test_where_no_worker_can_be_started_the_way_out_is_named(monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr("reportgen.pipeline.batch.run.WarmPool", refuse)
    with pytest.raises(SetupError) as caught:
        executor_for(Options(jobs=2))
    assert caught.value.problems[0].code == "no-workers"
    assert "--jobs 1" in caught.value.problems[0].hint


def test_a_folder_for_sockets_with_a_long_name_is_named(tmp_path):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "reportgen",
        "batch",
        "--jobs",
        "2",
        str(Project.lay_out(tmp_path, records=2).records),
    ]
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == SetupError.exit_code
    assert "AF_UNIX path too long" in done.stderr
    assert "TMPDIR" in done.stderr


def test_a_report_that_may_be_of_many_lines_that_cannot_be_read_is_told_once(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(*range(6))
    project.batch(path)
    path.write_text("{\n" * 6)
    told = [problem for outcome in project.batch(path) for problem in outcome.problems]
    assert [problem.code for problem in told].count("old-report") == 6


def test_a_record_that_comes_back_before_the_answer_keeps_its_report(project):
    pdf = project.batch()[1].pdf
    path = project.records / "1.json"
    content = path.read_bytes()
    path.unlink()
    assert [each.status for each in project.pruned(between=lambda: path.write_bytes(content))] == [
        Status.LEFT_OVER
    ]
    assert pdf.exists()


def test_a_state_that_git_put_together_from_two_sides_is_not_believed(project):
    """One side changed the record, the other what it cites; each line of the file merges by itself."""
    first, *_ = project.batch()
    file = entry_file(project.out, first.pdf.name)
    ours = json.loads(file.read_text())
    theirs = ours | {"ingredients": ours["ingredients"] | {"cited": "0" * 64}}
    file.write_text(json.dumps(theirs))
    assert project.batch(check=True)[0].reasons == ("what is known of it cannot be read",)
    assert project.statuses() == [BUILT, UNCHANGED, UNCHANGED, UNCHANGED]


def test_a_pdf_whose_state_cannot_be_read_is_told_and_fails_a_check(project):
    gone = project.batch()[1].pdf
    (project.records / "1.json").unlink()
    file = entry_file(project.out, gone.name)
    file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes())
    assert project.left_over() == {gone.name: "spoilt-state"}
    assert [each.is_bad for each in project.run(check=True) if each.status is Status.LEFT_OVER] == [True]
    assert project.pruned() == []
    gone.unlink()
    assert project.left_over() == {}
    assert not file.exists()


def test_the_report_of_another_version_is_pointed_at_where_the_record_fails_now(project):
    project.write("1.json", 1)
    pdf = next(each.pdf for each in project.batch() if each.name.endswith("1.json"))
    project.write("1.json", 1, version="2", date="2026-06-10", question=7)
    told = [p.message for each in project.batch() for p in each.problems if p.code == "old-report"]
    assert told == [f"{pdf} is the last report of this record, which cannot be built now"]
    # Of a version in another file nothing is said: it may be as good as ever.
    project.write("1.json", 1)
    project.batch()
    project.write("other.json", 1, version="2", date="2026-06-11", question=7)
    only = run_batch(find_sources([project.records / "other.json"]), Options(jobs=1))
    assert "old-report" not in [p.code for each in only for p in each.problems]


def test_a_version_that_was_taken_back_is_left_over(project):
    settings(project, 'name_pattern = "{id8}-v{version}"')
    for version in ("2", "10"):
        project.write("1.json", 1, version=version)
        project.batch()
    assert project.left_over() == {}
    project.write("1.json", 1, version="2")
    assert project.left_over() == {"00000001-v10.pdf": "old-report"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("2", "10"), ("1.9", "1.10"), ("1", "1.1"), ("9" * 5000, "1" + "0" * 5000), ("1-a", "1-b"), ("1", "a")],
)
def test_versions_are_ordered_as_people_count(one, other):
    assert is_earlier(one, {other})
    assert not is_earlier(other, {one})
    assert not is_earlier(one, {one})


def test_an_entry_of_another_name_takes_no_report_away(project):
    """A state from elsewhere, or of a version of reportgen that made other names, says that the record's PDF is zz.pdf."""
    pdf = project.batch()[1].pdf
    entry = read_entry(entry_file(project.out, pdf.name).read_bytes())
    entry_file(project.out, "zz.pdf").write_bytes(entry_bytes(replace(entry, pdf="zz.pdf")))
    assert project.left_over() == {}
    assert project.pruned() == []
    assert pdf.exists()
    assert project.statuses() == [UNCHANGED] * 4
    assert not entry_file(project.out, "zz.pdf").exists()


def test_a_source_that_no_folder_can_have_is_no_error_of_ours(project):
    pdf = project.batch()[1].pdf
    entry = read_entry(entry_file(project.out, pdf.name).read_bytes())
    source = f"records/{'a' * 300}/x.json"
    other = replace(entry, pdf="zz.pdf", source=source, id="00000009-2222-4333-8444-555555555555")
    entry_file(project.out, "zz.pdf").write_bytes(entry_bytes(other))
    (project.out / "zz.pdf").write_bytes(pdf.read_bytes())
    assert set(project.left_over()) == {"zz.pdf"}
