"""The files that ``--report`` names: never yesterday's, whichever way a command ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from junitparser import Failure, JUnitXml, Skipped

from batch_project import Project, make_quickly
from minimal_record import only
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.cli.batch_report import Telling
from reportgen.pipeline.batch import pool

GREEN = (
    "<?xml version='1.0' encoding='utf-8'?>\n<!-- Results of reportgen; each run replaces this file. -->\n"
    '<testsuite name="reportgen" tests="24" failures="0" />'
)
LONGEST = 60  # seconds that anything here may take on a machine however loaded


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    settings = 'license = "CC0-1.0"\n[publisher]\nname = "House"\n'
    project = Project.lay_out(tmp_path / "project", records=3, settings=settings)
    (project.root / "r.xml").write_text(GREEN)
    return project


@pytest.fixture
def batch(project, run):
    def run_it(*arguments):
        return run("batch", *arguments, "--jobs", "1", "--report", "r.xml", cwd=project.root)

    return run_it


def cases(project, name="r.xml"):
    """Return the test cases of the results by their names: what each says of a failure or a skip."""
    (suite,) = JUnitXml.fromstring((project.root / name).read_bytes())
    return {case.name: only(case.result) if case.result else None for case in suite}


def failing_with(error):
    """Build as a worker does; the second record meets an error that ends the run."""

    def build(task):
        if task.source_path.name == "1.json":
            raise error
        return make_quickly(task)

    return build


def test_results_of_a_run_that_ends_well_are_its_own(project, batch):
    assert batch("records").code == 0
    assert cases(project) == {f"records/{number}.json": None for number in range(3)}
    (project.records / "1.json").write_text("{")
    assert batch("records").code == 1
    assert isinstance(cases(project)["records/1.json"], Failure)


@pytest.mark.parametrize("command", ["batch", "compile", "validate"])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["empty"], "there are no records at empty"),
        (["records", "--no-such-option"], "No such option"),
        ([], "Missing argument"),
        (["records", "--report", "results.yaml"], "results.yaml ends in none of .xml"),
    ],
)
def test_a_run_that_never_began_says_why_in_its_results(project, run, command, arguments, said):
    (project.root / "empty").mkdir()
    ended = run(command, *arguments, "--report=r.xml", cwd=project.root)
    assert ended.code in (2, 3)
    (failure,) = cases(project).values()
    assert isinstance(failure, Failure)
    assert said in failure.message
    assert said in ended.err


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["nowhere"], "there are no records at nowhere", 2),
        (["records", "--shard", "3/2"], "a shard is written i/n", 2),
        (["records", "--changed-since", "nothing"], "git: ", 2),
        (["s3://bucket/records", "records"], "name either URLs or paths", 2),
        (["nosuchstore://bucket/records"], "nosuchstore", 7),
    ],
)
def test_a_wrong_place_shard_or_revision_stands_in_the_results(project, batch, arguments, said, code):
    assert batch(*arguments).code == code
    assert said in only(list(cases(project).values())).message


@pytest.mark.parametrize(("settings", "code"), [("papr = 1", 5), ('output = "/elsewhere"', 16)])
def test_a_project_that_stops_its_records_is_in_the_results(project, batch, settings, code):
    (project.root / "reportgen.toml").write_text(settings)
    assert batch("records").code == code
    failure, *skips = cases(project).values()
    assert isinstance(failure, Failure)
    assert [skip.message for skip in skips] == [
        "what is wrong with its project was told with the first record"
    ] * 2


LOST = SetupError([Problem("cluster-lost", Level.ERROR, Where(), "the connection was lost")])


@pytest.mark.parametrize(
    ("error", "code", "why"),
    [(LOST, 7, "the connection was lost"), (ZeroDivisionError("x"), 70, "reportgen itself failed")],
)
def test_a_run_that_breaks_off_says_what_it_reached_and_why(project, batch, monkeypatch, error, code, why):
    monkeypatch.setattr(pool, "build_one", failing_with(error))
    assert batch("records").code == code
    built, *skips, failure = cases(project).values()
    assert built is None
    assert [skip.message for skip in skips] == [f"not reached: {why}"] * 2
    assert isinstance(failure, Failure)
    assert why in failure.message


def test_a_cluster_that_cannot_be_reached(project, batch):
    pytest.importorskip("distributed")
    assert batch("records", "--dask", "carrier-pigeon://127.0.0.1:1").code == 7
    *skips, failure = cases(project).values()
    assert len(skips) == 3
    assert failure.type == "cluster"


@pytest.mark.parametrize("command", ["batch", "compile", "validate"])
def test_what_an_interrupted_run_did_not_reach_is_skipped(project, run, monkeypatch, command):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    targets = {
        "batch": (pool, "build_one"),
        "compile": ("reportgen.pipeline.build.build_report",),
        "validate": ("reportgen.analysis.validation.validate_record",),
    }
    monkeypatch.setattr(*targets[command], interrupted)
    here = ["--jobs", "1"] if command == "batch" else []
    assert run(command, "records", *here, "--report", "r.xml", cwd=project.root).code == 130
    assert [skip.message for skip in cases(project).values()] == ["not reached: the run was stopped"] * 3
    assert all(isinstance(skip, Skipped) for skip in cases(project).values())


def test_an_interruption_before_the_records_are_known_is_one_failure(project, batch, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.pipeline.batch.inputs.find_sources", interrupted)
    assert batch("records").code == 130
    assert only(list(cases(project).values())).type == "stopped"


def laid_out(project, *arguments, **options):
    command = [sys.executable, "-m", "reportgen", "batch", "records", "--report", "r.xml", *arguments]
    return subprocess.Popen(command, cwd=project.root, text=True, **options)


def test_a_reader_of_the_output_that_ends_leaves_the_results_whole(project):
    reading, writing = os.pipe()
    os.close(reading)
    running = laid_out(project, "--check", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    _, said = running.communicate(timeout=LONGEST)
    assert running.returncode != 0
    assert "Traceback" not in said
    first, *skips = cases(project).values()
    assert isinstance(first, Failure)
    assert [skip.message for skip in skips] == ["not reached: the program that read the output ended"] * 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_signal_leaves_results_of_all_records(project, number):
    claims = project.records / "1.csv"
    claims.write_text("text,verified,confidence\nEarly stopping lowers the error.,true,0.8\n")
    project.write("1.json", 1, claims={"file": claims.name})
    # The worker that opens the claims stands still until the other end of this pipe is closed.
    os.mkfifo(claims.with_name("1.csv.gate"))
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:  # the name of a socket is short
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        running = laid_out(project, "--jobs", "2", env={**os.environ, "TMPDIR": temporary}, **streams)
        assert running.stdout.readline().startswith("out/")
        gate = os.open(claims.with_name("1.csv.gate"), os.O_WRONLY)
        running.send_signal(number)
        _, said = running.communicate(timeout=LONGEST)
        os.close(gate)
    assert running.returncode == 128 + number
    assert said.splitlines()[-1] == "stopped: 1 of 3 records are done; the same command goes on from there"
    assert "leaked" not in said
    built, *skips = cases(project).values()
    assert built is None
    assert [skip.message for skip in skips] == ["not reached: the run was stopped"] * 2


def test_a_signal_is_not_heard_in_the_middle_of_an_import(project):
    """What is written in C++ ends the process, or fails in words of its own, where a signal comes while it begins."""
    program = """
import signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "pikepdf._core":
            signal.raise_signal(signal.SIGTERM)
            print("imported", flush=True)
sys.meta_path.insert(0, Finder())
sys.argv = ["reportgen", "batch", "records", "--report", "r.xml"]
from reportgen.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (143, "imported\n", "stopped")
    assert only(list(cases(project).values())).type == "stopped"


def test_a_stop_while_the_results_are_written_waits_for_them(project, batch, monkeypatch):
    from reportgen.pipeline.batch import exports

    write = exports.write_atomically

    def interrupted(path, content):
        signal.raise_signal(signal.SIGINT)
        write(path, content)

    monkeypatch.setattr(exports, "write_atomically", interrupted)
    assert batch("records").code == 130
    assert list(cases(project).values()) == [None] * 3


def test_each_file_of_several_is_new_where_one_cannot_be_written(project, run):
    (project.root / "file").touch()
    ended = run(
        "batch", "records", "--jobs", "1", "--report", "file/a.md", "--report", "r.xml", cwd=project.root
    )
    assert ended.code == 9
    assert "cannot write the results into file/a.md" in ended.err
    assert len(cases(project)) == 3


@pytest.mark.parametrize("command", ["batch", "compile", "validate"])
def test_a_record_is_not_taken_for_a_file_of_results(project, run, command):
    record = project.records / "0.json"
    before = record.read_bytes()
    for arguments in (["records", "--report", "records/0.json"], ["--report", "records/0.json"]):
        ended = run(command, *arguments, cwd=project.root)
        assert ended.code == 2
        assert record.read_bytes() == before
    ended = run(command, "records", "--report", "records/0.json", "--report", "r.xml", cwd=project.root)
    assert "records/0.json is no file of results that reportgen wrote, and is not replaced" in ended.err
    assert "is not replaced" in only(list(cases(project).values())).message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", "# Ours\n\n### Reports\n\nThey lie in out/.\n"),
        ("README.md", "### Reports\n\nThey lie in out/.\n"),
        ("README.md", " " * 1000 + "Ours\n"),
        ("own.json", '{"tool":{"name":"reportgen"},"pages":3}'),
        ("own.xml", "<?xml version='1.0' encoding='utf-8'?>\n<testsuite name=\"reportgen\"/>"),
        ("own.sarif", '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"reportgen"}}}]}'),
    ],
)
def test_a_file_that_only_speaks_of_reportgen_is_kept(project, run, name, content):
    (project.root / name).write_text(content)
    ended = run("validate", "records", "--report", name, cwd=project.root)
    assert ended.code == 2
    assert f"{name} is no file of results that reportgen wrote, and is not replaced" in ended.err
    assert (project.root / name).read_text() == content


@pytest.mark.parametrize("suffix", [".xml", ".json", ".sarif", ".md"])
def test_results_replace_those_of_an_earlier_run_and_an_empty_file(project, run, suffix):
    name = f"results{suffix}"
    (project.root / name).touch()
    for _ in range(2):
        assert run("validate", "records", "--report", name, cwd=project.root).code == 0
        assert (project.root / name).stat().st_size
    value = (project.root / name).read_text()
    if suffix == ".json":  # another program may have laid it out anew
        (project.root / name).write_text(json.dumps(json.loads(value)))
    assert run("validate", "nowhere-*", "--report", name, cwd=project.root).code != 0
    assert (project.root / name).read_text() != value


def test_json_on_the_output_stream_ends_as_the_results_do(project, batch, run, monkeypatch):
    monkeypatch.setattr(pool, "build_one", failing_with(LOST))
    ended = batch("records", "--format", "json")
    assert ended.code == 7
    value = json.loads(ended.out)
    assert [each["status"] for each in value["records"]] == ["built", "skipped", "skipped", "failed"]
    assert json.loads(batch("nowhere", "--format", "json").out)["counts"]["failed"] == 1
    (project.root / "empty").mkdir()
    for command in ("compile", "validate"):
        (told,) = json.loads(run(command, "empty", "--format", "json", cwd=project.root).out)
        assert (told["ok"], told["problems"][0]["code"]) == (False, "no-records")


@pytest.mark.parametrize("merged", [False, True], ids=["built", "merged"])
def test_json_on_the_output_stream_steers_neither_a_terminal_nor_a_server(project, run, merged):
    hostile = "\u202e\x9b##[error]x ##vso[task.complete]y ::error::z"
    (project.records / f"{hostile}.json").write_text("{")
    if merged:
        run("batch", "records", "--jobs", "1", cwd=project.root)
        name = f"{hostile}.pdf"
        (project.root / "out" / name).write_bytes(b"%PDF-")
        arguments = ["--merge", "out", "-o", "merged"]
    else:
        arguments = ["records", "--jobs", "1"]
        name = f"records/{hostile}.json"
    printed = run("batch", *arguments, "--format", "json", cwd=project.root).out
    if not merged:
        assert name in [each["record"] for each in json.loads(printed)["records"]]
    assert not any(each in printed for each in ("\u202e", "\x9b", "##[", "##vso[", " ::"))


def test_why_a_run_never_began_is_shown_on_github(project, batch, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert batch("nowhere").out.startswith("::error title=no-records::there are no records at nowhere")


def test_what_concerns_no_file_has_its_place_in_sarif(project, run):
    run("batch", "records", "--shard", "9", "--report", "r.sarif", cwd=project.root)
    (sarif,) = json.loads((project.root / "r.sarif").read_bytes())["runs"]
    assert sarif["results"] == []
    (invocation,) = sarif["invocations"]
    assert invocation["executionSuccessful"] is False
    (said,) = invocation["toolExecutionNotifications"]
    assert (said["level"], said["descriptor"]["id"]) == ("error", "usage")
    assert "a shard is written i/n" in said["message"]["text"]


def test_a_run_that_was_stopped_is_no_success_in_sarif(project, run, monkeypatch):
    def interrupted(task):
        if task.source_path.name == "1.json":
            raise KeyboardInterrupt
        return make_quickly(task)

    monkeypatch.setattr(pool, "build_one", interrupted)
    stopped = ["batch", "records", "--jobs", "1", "--report", "r.sarif"]
    assert run(*stopped, cwd=project.root).code == 130
    (sarif,) = json.loads((project.root / "r.sarif").read_bytes())["runs"]
    (invocation,) = sarif["invocations"]
    assert invocation["executionSuccessful"] is False
    (said,) = invocation["toolExecutionNotifications"]
    assert said["descriptor"]["id"] == "stopped"
    assert said["message"]["text"] == "2 records were not reached: the run was stopped"


def test_what_is_told_with_an_interruption_is_told_once(project, batch, monkeypatch):
    def interrupted(self, seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(Telling, "end", interrupted)
    assert batch("records").code == 130
    assert list(cases(project).values()) == [None] * 3
    assert Path(project.root / "r.xml").read_text() != GREEN


def test_a_stop_at_the_question_of_prune_leaves_what_is_left_over(project, batch, monkeypatch):
    def interrupted(*_, **__):
        raise click.Abort from KeyboardInterrupt  # as click.confirm does

    batch("records")
    (project.records / "2.json").unlink()
    monkeypatch.setattr("reportgen.cli.pruning._agreed", interrupted)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    ended = batch("records", "--prune")
    assert ended.code == 130
    assert "stopped: 2 of 2 records are done" in ended.err
    assert list(cases(project)) == [
        *("records/0.json", "records/1.json"),
        "out/2026-05-30-00000002-calibration-of-small-classifiers.pdf",
        "the whole run",
    ]
    assert cases(project)["the whole run"].type == "stopped"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["explain", "old-report"], ["validate", "records"], ["batch", "records", "--check"]],
    ids=" ".join,
)
def test_a_closed_pipe_ends_each_command_with_its_code(project, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "reportgen", *arguments]
    ended = subprocess.run(
        command, cwd=project.root, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert ended.returncode == 141
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_output_stream_that_is_full_is_said_to_be_that(project):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "reportgen", "batch", "records", "--check", "-v"]
        ended = subprocess.run(
            command, cwd=project.root, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 9
    assert "the standard output cannot be written: No space left on device" in ended.stderr
    assert "TMPDIR" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_signal_while_the_command_line_is_loaded_leaves_no_earlier_results(project, number):
    """A signal that comes with the first import, long before the arguments are read."""
    program = f"""
import runpy, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "click":
            signal.raise_signal({int(number)})
sys.meta_path.insert(0, Finder())
sys.argv = ["reportgen", "batch", "records", "--report", "r.xml"]
runpy.run_module("reportgen", run_name="__main__", alter_sys=True)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr.strip()) == (128 + number, "stopped")
    assert only(list(cases(project).values())).type == "stopped"
