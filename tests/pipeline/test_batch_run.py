"""A run over many records: order, failures, names, old reports, full disks; the building itself is short here."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from batch_project import Project, make_quickly
from minimal_record import only
from reportgen.base import paths
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.inputs import RecordSource, find_sources
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.run import Options, executor_for, run_batch
from reportgen.pipeline.batch.state import STATE_FILE, State
from reportgen.pipeline.batch.worker import Result

BUILT, _, UNCHANGED, STALE, FAILED, SKIPPED = Status


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)


@pytest.fixture
def project(tmp_path):
    return Project.lay_out(tmp_path, records=4)


def break_record(project, number):
    (project.records / f"{number}.json").write_text("{")


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
    state = (project.out / STATE_FILE).read_bytes()
    project.write("1.json", 1, question="Another?")
    (project.root / "bib" / "a.bib").write_text("% no entry")
    assert project.statuses(check=True) == [UNCHANGED, STALE, UNCHANGED, UNCHANGED]
    assert (project.out / STATE_FILE).read_bytes() == state


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
    project.write("1.json", 0, question="Another?")
    outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, BUILT, BUILT]
    problem = only(outcomes[1].errors)
    assert problem.code == "name-taken"
    assert problem.message.endswith(f"is the report of {project.records / '0.json'}")
    assert outcomes[0].pdf.read_bytes() == (project.records / "0.json").read_bytes()
    assert project.statuses() == [UNCHANGED, FAILED, UNCHANGED, UNCHANGED]


def test_a_name_of_an_earlier_run_stays_with_its_record(project):
    project.batch()
    project.write("-.json", 2, question="Another?")
    outcomes = project.batch(project.records / "-.json")
    assert codes(outcomes[0]) == ["name-taken"]
    assert str(project.records / "2.json") in outcomes[0].problems[0].message
    # It is free again where that record is gone, or its report is.
    (project.records / "2.json").unlink()
    assert project.statuses() == [BUILT, UNCHANGED, UNCHANGED, UNCHANGED]


def test_a_name_is_free_where_its_report_was_deleted(project):
    pdf = project.batch()[2].pdf
    project.write("-.json", 2, question="Another?")
    pdf.unlink()
    assert project.statuses() == [BUILT, UNCHANGED, UNCHANGED, FAILED, UNCHANGED]


def test_a_name_of_a_line_stays_with_its_record_wherever_that_moves(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(1, 2)
    project.batch(path)
    one, two = path.read_text().splitlines()
    other = one.replace("Does early stopping", "Does late stopping")
    path.write_text(f"{other}\n{two}\n{one}\n")
    outcomes = project.batch(path)
    assert [outcome.status for outcome in outcomes] == [FAILED, UNCHANGED, UNCHANGED]
    assert "name-taken" in codes(outcomes[0])
    assert outcomes[2].pdf.read_text() == one
    # An edited line keeps its name, and so does one that was edited and moved.
    path.write_text(f"{two}\n{other}\n")
    assert project.statuses(path) == [UNCHANGED, BUILT]
    path.write_text(f"{other.replace('late', 'no')}\n{two}\n")
    assert project.statuses(path) == [BUILT, UNCHANGED]


def test_two_equal_lines_have_one_report(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(1, 1)
    for _ in range(2):
        outcomes = project.batch(path)
        assert outcomes[1].status is FAILED
        assert "name-taken" in codes(outcomes[1])


def test_the_report_under_a_former_name_is_pointed_at(project):
    old = project.batch()[1].pdf
    project.write("1.json", 1, title="Another title")
    for status in (BUILT, UNCHANGED):
        outcome = project.batch()[1]
        assert outcome.status is status
        assert outcome.pdf != old
        warning = only([problem for problem in outcome.warnings if problem.code == "old-report"])
        assert warning.message == f"{old} is of an earlier state of this record"
        assert "delete" in warning.hint
    old.unlink()
    assert "old-report" not in codes(project.batch()[1])


def test_a_former_name_that_another_record_has_now_is_not_old(project):
    old = project.batch()[1].pdf
    project.write("1.json", 1, title="Another title")
    project.write("0.json", 1)
    outcomes = project.batch(project.records / "1.json", project.records / "0.json")
    assert outcomes[1].pdf == old
    assert "old-report" not in codes(project.batch(project.records / "1.json")[0])


def test_the_report_of_a_record_that_fails_now_is_pointed_at(project):
    pdf = project.batch()[1].pdf
    break_record(project, 1)
    outcome = project.batch()[1]
    assert codes(outcome) == ["json-syntax", "old-report"]
    assert outcome.warnings[0].message == f"{pdf} is of an earlier state of this record"
    pdf.unlink()
    assert codes(project.batch()[1]) == ["json-syntax"]


def test_a_report_that_nobody_knows_of_is_replaced(project):
    pdf = project.batch()[0].pdf
    (project.out / STATE_FILE).unlink()
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
    module, name = (paths.os, "fsync") if full == "pdf" else (os, "lseek")
    real = getattr(module, name)
    calls = []

    def second_fails(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(module, name, second_fails)
        outcomes = project.batch()
    assert [outcome.status for outcome in outcomes] == [BUILT, FAILED, SKIPPED, SKIPPED]
    assert "No space left on device" in outcomes[1].errors[0].message
    assert [path.name for path in project.out.glob(".*")] == [STATE_FILE]
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
    """A run reads no further ahead than its workers can use, however many records there are."""
    read = []
    content = RecordSource.content

    def count(source):
        read.append(source.name)
        return content(source)

    monkeypatch.setattr(RecordSource, "content", count)
    with closing(run_batch(find_sources([project.records]), Options(jobs=1))) as outcomes:
        for number, _ in enumerate(outcomes, 1):
            assert len(read) == number


def test_the_number_of_workers():
    assert Options(jobs=3).workers == 3
    assert Options().workers == len(os.sched_getaffinity(0))


def test_the_state_knows_what_was_built(project):
    outcomes = project.batch()
    entries = State(project.out, read_only=True).entries
    assert [entries[f"../records/{number}.json"].pdf for number in range(4)] == [o.pdf.name for o in outcomes]


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
