"""``reportgen batch``: what it prints where, what it writes, and what it ends with."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import JUnitXml

from batch_project import Project, make_quickly
from minimal_record import only
from own_terminal import plain, read_terminal
from reportgen.base.errors import Level, Problem, Where
from reportgen.cli.batch_report import Telling
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.exports import FORMATS
from reportgen.pipeline.batch.outcome import Outcome, Status


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return Project.lay_out(tmp_path, records=3, settings='license = "CC0-1.0"\n[publisher]\nname = "House"\n')


@pytest.fixture
def batch(project, run):
    def run_it(*arguments):
        return run("batch", *(arguments or ["records"]), "--jobs", "1", cwd=project.root)

    return run_it


def summary(ended):
    """Return the line of the error stream that counts, as names with their values."""
    (line,) = re.findall(r"^.*\btime [\d.]+ s.*$", ended.err, re.MULTILINE)
    return dict(re.findall(r"([a-z ]+?) ([\d.]+)", line))


def test_a_line_for_each_report_that_was_built(project, batch):
    (project.records / "1.json").write_text("{")
    ended = batch()
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "out/2026-05-30-00000000-calibration-of-small-classifiers.pdf  1 warning",
        "records/1.json  failed",
        "out/2026-05-30-00000002-calibration-of-small-classifiers.pdf  1 warning",
    ]
    assert "records/1.json:1:2: error[json-syntax]" in ended.err
    assert summary(ended).items() >= {"built": "2", " failed": "1", " warnings": "2"}.items()
    assert "built/s" in ended.err
    assert ended.err.splitlines()[-1].startswith("failed: records/1.json: error[json-syntax] line 1: ")


def test_nothing_is_printed_for_what_is_up_to_date(project, batch):
    batch()
    ended = batch()
    assert (ended.code, ended.out) == (0, "")
    assert summary(ended)["unchanged"] == "3"
    assert "built" not in ended.err
    verbose = batch("records", "--verbose")
    assert [line.split("  ")[1] for line in verbose.out.splitlines()] == ["unchanged"] * 3


def test_why_a_report_is_built_is_explained(project, batch):
    assert batch("records", "--explain").out.count("1 warning: never built here") == 3
    project.write("1.json", 1, question="Another?")
    lines = batch("records", "--explain").out.splitlines()
    assert [line.split("  ")[1] for line in lines] == [
        "unchanged: nothing changed",
        "1 warning: the record changed",
        "unchanged: nothing changed",
    ]
    assert batch("records", "--explain", "--force").out.count("1 warning: asked for with --force") == 3


def test_a_check_fails_where_a_report_is_missing_or_out_of_date(project, batch):
    ended = batch("records", "--check")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        f"records/{number}.json  out of date: never built here" for number in range(3)
    ]
    assert summary(ended)["out of date"] == "3"
    batch()
    assert batch("records", "--check").code == 0
    next(project.out.glob("*.pdf")).unlink()
    ended = batch("records", "--check")
    assert (ended.code, ended.out.count("out of date: the PDF is missing")) == (1, 1)


def test_warnings_are_printed_and_counted(project, batch):
    project.write("1.json", 1, claims=[])
    (project.root / "reportgen.toml").write_text('[publisher]\nname = "House"\n')
    ended = batch()
    warnings = int(summary(ended)[" warnings"])
    assert warnings == batch("records", "--force", "--all").err.count("warning[") > 0
    # They are still true of what is not built again, so they are counted; they were read before.
    again = batch()
    assert int(summary(again)[" warnings"]) == warnings
    assert "warning[" not in again.err
    assert f" warnings {warnings} ({warnings} of reports that are up to date: -v shows them), " in again.err
    assert batch("records", "--verbose", "--all").err.count("warning[") == warnings
    assert "warning[" not in batch("records", "--force", "--quiet").err
    assert batch("records", "--strict").code == 1


def test_what_is_wrong_with_a_shared_file_is_said_once(project, batch):
    (project.root / "reportgen.toml").write_text("papr = 1")
    ended = batch()
    assert ended.code == 5
    assert ended.err.count("error[settings-value]: ") == 1
    assert ended.err.count("\nfailed: ") == 1
    assert "failed: records/0.json: error[settings-value] reportgen.toml papr: " in ended.err
    assert summary(ended).items() >= {"failed": "1", " skipped": "2", " errors": "1"}.items()


@pytest.mark.parametrize("command", ["validate", "compile", "batch"])
@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [("papr = 1", 5, "error[settings-value]"), ('output = "/elsewhere"', 16, "error[place-untrusted]")],
)
def test_what_is_wrong_with_a_project_stops_its_records_alone(project, run, command, settings, code, said):
    other = project.root / "other"
    (other / "records").mkdir(parents=True)
    (other / "reportgen.toml").write_text(settings)
    for record in project.records.iterdir():
        (other / "records" / record.name).write_bytes(record.read_bytes())
    ended = run(command, "other/records", cwd=project.root)
    assert ended.code == code
    assert ended.err.count(f"{said}: ") == 1
    assert ended.err.count("failed: ") == 1
    both = run("validate", "other/records", "records", cwd=project.root)
    assert both.code == code
    assert "3 of 6 records can be compiled; 1 error" in both.out


def test_what_was_skipped_is_counted(project, batch):
    (project.records / "0.json").write_text("{")
    ended = batch("records", "--fail-fast")
    assert ended.code == 1
    assert ended.out == "records/0.json  failed\n"
    assert summary(ended)[" skipped"] == "2"
    explained = batch("records", "--fail-fast", "--explain")
    assert "records/2.json  skipped: records/0.json failed" in explained.out


def test_the_results_as_json(project, batch, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (project.records / "1.json").write_text("{")
    ended = batch("records", "--format", "json")
    assert ended.code == 1
    value = json.loads(ended.out)
    assert [record["status"] for record in value["records"]] == ["built", "failed", "built"]
    assert ended.err.startswith("::error ")


def test_results_are_written_for_programs(project, batch):
    ended = batch("records", "--report", "junit.xml", "--report", "records/results.json")
    assert ended.code == 0
    assert (project.root / "junit.xml").read_text().startswith("<?xml")
    # Results among the records are no record the next time.
    again = batch("records", "--report", "records/results.json")
    assert (again.code, summary(again)["unchanged"]) == (0, "3")


def test_problems_are_shown_beside_a_change_on_github(project, batch, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (project.records / "1.json").write_text("{")
    assert "::error title=json-syntax,file=records/1.json,line=1,col=2::" in batch().out
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert "::" not in batch().out


def test_what_concerns_all_records_is_said_once(project, batch):
    (project.root / "reportgen.toml").write_text("")
    assert batch().err.count("warning[publisher-unset]") == 1


def test_options_are_settings(project, batch, monkeypatch):
    batch("records", "-o", "pdf", "--paper", "letter", "--engine", "pdftex")
    assert len(list((project.root / "pdf").glob("*.pdf"))) == 3
    ended = batch("records", "-o", "pdf", "--explain", "--check")
    assert 'out of date: engine "pdftex" -> "auto"; paper "letter" -> "a4"' in ended.out


def test_shards(project, batch):
    built = [
        set(batch("records", "--shard", f"{part}/2", "-o", f"s{part}").out.splitlines()) for part in (1, 2)
    ]
    assert sum(map(len, built)) == 3
    assert {Path(line.split("  ")[0]).name for lines in built for line in lines} == {
        path.name for part in (1, 2) for path in (project.root / f"s{part}").glob("*.pdf")
    }


def git(project, *arguments):
    of_tests = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run([*of_tests, *arguments], cwd=project.root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--shard", "3/9", "records/0.json"], "no record falls to shard 3/9"),
        (["--changed-since", "HEAD", "records"], "none of the 3 records differs from HEAD"),
        (["--changed-since", "HEAD", "records/0.json"], "the record does not differ from HEAD"),
        (["--changed-since", "HEAD", "--shard", "1/2", "records"], "none of the 3 records differs from HEAD"),
    ],
)
def test_a_run_with_nothing_to_do_says_so(project, batch, arguments, said):
    for line in ("init -q", "add .", "commit -qm first"):
        git(project, *line.split())
    names = [f"results{suffix}" for suffix in FORMATS]
    ended = batch(*arguments, *(each for name in names for each in ("--report", name)))
    assert (ended.code, ended.out, ended.err) == (0, "", f"nothing to do: {said}\n")
    files = [project.root / name for name in names]
    assert all(said in re.sub(r"\\", "", file.read_text()) for file in files if file.suffix != ".sarif")
    # A file without a test fails on many servers of CI.
    ((case,),) = JUnitXml.fromstring(files[0].read_bytes())
    assert (case.name, only(case.result).message) == ("the whole run", f"nothing to do: {said}")
    value = json.loads(batch(*arguments, "--format", "json").out)
    assert [(each["record"], each["reasons"]) for each in value["records"]] == [
        ("the whole run", [f"nothing to do: {said}"])
    ]


def test_changes_in_git(project, batch):
    for line in ("init -q", "add .", "commit -qm first"):
        git(project, *line.split())
    project.write("1.json", 1, question="Another?")
    assert len(batch("records", "--changed-since", "HEAD").out.splitlines()) == 1
    (project.root / "bib" / "new.bib").write_text("% new")
    assert len(batch("records", "--changed-since", "HEAD", "--force").out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'DIR|PATTERN|FILE...'"),
        (["nowhere"], "error[no-records]: there are no records at nowhere"),
        (["records", "--shard", "3/2"], "Invalid value for --shard: a shard is written i/n"),
        (["records", "--changed-since", "HEAD"], "Invalid value for --changed-since: git: "),
        (["records", "--report", "results.yaml"], "results.yaml ends in none of .xml, .json, .sarif"),
        (["records", "--jobs", "0"], "0 is not in the range x>=1"),
    ],
)
def test_wrong_use(project, run, monkeypatch, arguments, said):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.root.parent))
    ended = run("batch", *arguments, cwd=project.root)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert not project.out.exists()


@pytest.mark.parametrize("revision", ["a\n::error::x", "a\n##[error]x", "a\x9b31m\u202ex"])
def test_wrong_use_steers_no_terminal_and_no_service(project, batch, revision):
    git(project, "init", "-q")
    ended = batch("records", f"--changed-since={revision}")
    assert ended.code == 2
    assert "--changed-since: `a\\u0" in ended.err
    assert not re.search("^::|##\\[|[\x9b\u202e]", ended.err, re.MULTILINE)


def test_an_interrupted_run_says_how_to_go_on(project, batch, monkeypatch):
    def interrupted(task):
        if task.source_path.name == "1.json":
            raise KeyboardInterrupt
        return make_quickly(task)

    monkeypatch.setattr(pool, "build_one", interrupted)
    ended = batch()
    assert ended.code == 130
    assert (
        ended.err.splitlines()[-1] == "stopped: 1 of 3 records are done; the same command goes on from there"
    )
    monkeypatch.setattr(pool, "build_one", make_quickly)
    assert len(batch().out.splitlines()) == 2


def test_what_a_record_is_called_does_not_steer_the_terminal(capsys):
    name = "a\x1b[2J\u202e.json"
    problem = Problem("x", Level.ERROR, Where(name), "said")
    Telling().tell(Outcome(name, Status.FAILED, problems=(problem,)))
    printed = capsys.readouterr()
    assert "\x1b[2J" not in printed.out + printed.err
    assert "\u202e" not in printed.out + printed.err
    assert "a\\u001b[2J\\u202e.json  failed" in printed.out


def test_examples_are_shown(run):
    assert "--check --explain" in run("batch", "--help").out


@pytest.mark.parametrize("piped", [True, False])
def test_a_terminal_shows_a_bar_and_a_table(tmp_path, piped):
    project = Project.lay_out(tmp_path, records=2)
    (project.records / "1.json").write_text("{")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reportgen", "batch", "records", "--jobs", "1"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    out = subprocess.PIPE if piped else theirs
    running = subprocess.Popen(command, cwd=project.root, stdout=out, stderr=theirs, env=environment)
    os.close(theirs)
    said = read_terminal(ours)
    os.close(ours)
    printed = running.communicate()[0].decode() if piped else said
    running.wait()
    assert running.returncode == 1
    assert "building" in said
    # A line stands alone: the bar was taken away before it was printed.
    assert all(
        re.search(r"^(out/|(failed: )?records/)", line)
        for line in plain(printed)
        if ".pdf" in line or ".json" in line
    )
    assert "2/2" in said
    assert re.search(r"\d/s", said)
    assert re.search(r"│ built +│ +1 │", said)
    assert re.search(r"out/2026-05-30-00000000-[a-z-]+\.pdf  \d warnings?", printed)
    assert "records/1.json  failed" in printed
    assert "error[json-syntax]" in re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", said)
    if piped:
        assert printed.count("\n") == 2
        assert "\x1b" not in printed
