"""The real workers: what they build, and what happens when they, or the one they work for, are killed."""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from threading import Thread

import pytest

from batch_project import Project, numbered
from minimal_record import claim, only
from reportgen.analysis.validation import validate_record
from reportgen.base.errors import RecordError
from reportgen.base.settings import find_settings
from reportgen.pipeline import build
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.pool import InProcess, WarmPool, Workers
from reportgen.pipeline.batch.run import executor_for, run_batch
from reportgen.pipeline.batch.worker import Task, build_one

CLAIMS = "text,verified,confidence\nEarly stopping lowers the error.,true,0.8\n"
LONGEST = 60  # seconds that anything here may take on a machine however loaded


class Gate:
    """A file of claims with a pipe beside it: a worker that reads it stands still until it is let through."""

    def __init__(self, project, name, number=77):
        claims = project.records / f"{name}.csv"
        claims.write_text(CLAIMS)
        project.write(f"{name}.json", number, claims={"file": claims.name})
        self.path = claims.with_name(f"{claims.name}.gate")
        os.mkfifo(self.path)

    def reached(self):
        """Wait for a worker; give its process id, and what holds it there until it is closed."""
        handle = []
        # Opening waits for a reader, and would wait for ever where none comes.
        opening = Thread(target=lambda: handle.append(os.open(self.path, os.O_WRONLY)), daemon=True)
        opening.start()
        opening.join(LONGEST)
        # The worker's end counts as open a moment before it is listed.
        deadline = time.monotonic() + LONGEST
        found = []
        while not found and time.monotonic() < deadline:
            found = [pid for pid in readers(self.path) if pid != os.getpid()]
        return only(found), handle[0]

    def kill(self):
        pid, handle = self.reached()
        ended = os.pidfd_open(pid)
        os.kill(pid, signal.SIGKILL)
        assert has_ended(ended)
        os.close(handle)

    def open(self):
        _, handle = self.reached()
        self.path.unlink()
        os.close(handle)


def readers(path):
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            links = [link.readlink() for link in folder.iterdir()]
        except OSError:
            continue
        if path in links:
            yield int(folder.parent.name)


def has_ended(process):
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(LONGEST * 1000))


def in_background(*steps):
    thread = Thread(target=lambda: [step() for step in steps], daemon=True)
    thread.start()
    return thread


@pytest.fixture
def project(tmp_path):
    return Project.lay_out(tmp_path, records=3)


def test_workers_make_the_same_reports_as_this_process(project):
    project.write("1.json", 1, claims=[claim(confidence=number / 10) for number in range(1, 6)])
    (project.records / "broken.json").write_text("{")
    here = project.batch()
    there = project.batch(jobs=2, overrides={"output": project.root / "there"})
    assert [outcome.status for outcome in there] == [*[Status.BUILT] * 3, Status.FAILED]
    for one, other in zip(here, there, strict=True):
        assert (one.name, one.status, one.problems) == (other.name, other.status, other.problems)
        assert one.pdf is None or one.pdf.read_bytes() == other.pdf.read_bytes()
    assert all(outcome.seconds > 0 for outcome in there)
    assert project.statuses(jobs=2) == [*[Status.UNCHANGED] * 3, Status.FAILED]


def test_the_record_that_kills_its_worker_is_blamed_alone(project):
    gate = Gate(project, "0-deadly")
    killing = in_background(gate.kill, gate.kill)
    outcomes = project.batch(jobs=2)
    assert [outcome.status for outcome in outcomes] == [Status.FAILED, *[Status.BUILT] * 3]
    problem = only(outcomes[0].problems[:1])
    assert (problem.code, problem.where.file) == ("worker-died", outcomes[0].name)
    assert "--jobs 1" in problem.hint
    killing.join(LONGEST)
    assert not killing.is_alive()


def test_a_record_whose_worker_was_killed_by_chance_is_built(project):
    gate = Gate(project, "1-unlucky")
    acting = in_background(gate.kill, gate.open)
    assert project.statuses(jobs=2) == [Status.BUILT] * 4
    acting.join(LONGEST)
    assert not acting.is_alive()


@pytest.fixture
def temporary():
    """Yield a folder whose name leaves room for that of a socket."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield Path(name)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_the_one_they_work_for(project, ending, temporary):
    gate = Gate(project, "1-slow")
    command = [sys.executable, "-m", "reportgen", "batch", str(project.records), "--jobs", "2"]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary)}
    )
    worker, handle = gate.reached()
    server = int(Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()[1])
    watched = [os.pidfd_open(pid) for pid in (worker, server)]
    running.send_signal(ending)
    _, said = running.communicate(timeout=LONGEST)
    assert all(has_ended(process) for process in watched)
    os.close(handle)
    if ending is signal.SIGINT:
        assert running.returncode == 130
        assert "of 4 records are done; the same command goes on from there" in said.splitlines()[-1]
        assert "Traceback" not in said
    assert not list(temporary.glob("reportgen-*"))
    gate.path.unlink()
    assert set(project.statuses()) <= {Status.BUILT, Status.UNCHANGED}
    assert [path.name for path in project.out.iterdir() if path.name.startswith(".")] == []
    assert len(project.pdfs) == 4


def test_a_run_that_is_closed_early_ends_its_workers(project):
    gate = Gate(project, "1-slow")
    run = run_batch(find_sources([project.records]), Options(jobs=2))
    assert next(run).status is Status.BUILT
    worker, handle = gate.reached()
    ended = os.pidfd_open(worker)
    run.close()
    assert has_ended(ended)
    os.close(handle)


def end_in_the_middle_of_a_result():
    results = sys._getframe(1).f_locals["result_queue"]
    os.write(results._writer.fileno(), struct.pack("!i", 100) + b"the rest of it never comes")
    os._exit(1)


def test_a_worker_that_ends_in_the_middle_of_its_result_does_not_hold_up_the_stop():
    workers = WarmPool(1)
    workers.submit(int).result(LONGEST)
    process = os.pidfd_open(only(list(workers._processes)))
    workers.submit(end_in_the_middle_of_a_result)
    assert has_ended(process)
    stopping = Thread(target=workers.stop, daemon=True)
    stopping.start()
    stopping.join(LONGEST)
    assert not stopping.is_alive()


def test_what_no_worker_has_begun_is_taken_back(project):
    (project.records / "0.json").write_text("{")
    # Both workers stand still, so of the eight records given out two or more have not been begun.
    gates = [Gate(project, f"0-{number}", number) for number in (70, 71)]
    for number in range(3, 9):
        project.write(f"{number}.json", number)
    places = [project.records / "0.json", project.records]
    run = run_batch(find_sources(places), Options(jobs=2, fail_fast=True))
    assert next(run).status is Status.FAILED
    opening = in_background(*(gate.open for gate in gates))
    statuses = [outcome.status for outcome in run]
    opening.join(LONGEST)
    skipped = statuses.count(Status.SKIPPED)
    assert skipped >= 5
    assert statuses == [*[Status.BUILT] * (10 - skipped), *[Status.SKIPPED] * skipped]
    assert len(project.pdfs) == 10 - skipped


def test_the_executor_is_this_process_for_one_worker():
    assert isinstance(executor_for(Options(jobs=1)), InProcess)
    with executor_for(Options(jobs=2)) as made:
        assert isinstance(made, WarmPool)
        assert made.submit(Path.cwd).result() == Path.cwd()


def task(project, name="0.json"):
    path = project.records / name
    return Task(path, path.read_bytes(), find_settings(project.records))


def test_a_byte_that_is_not_utf_8_is_named_alike_however_it_is_read(project):
    path = project.records / "0.json"
    path.write_bytes(json.dumps(numbered(0, title="Maß und"), ensure_ascii=False).encode("latin-1"))
    lines = project.records / "many.jsonl"
    lines.write_bytes(b"\n" + path.read_bytes() + b"\n")
    settings = find_settings(project.records)
    said = []
    for read in (validate_record, build.build_report):
        with pytest.raises(RecordError) as caught:
            read(path, settings)
        said.append(only(caught.value.problems))
    for jobs, place in ((1, path), (2, path), (1, lines)):
        (outcome,) = run_batch(find_sources([place]), Options(jobs=jobs))
        said.append(only(outcome.problems))
    assert [each.where.line for each in said] == [1, 1, 1, 1, 2]
    assert {each.where.column for each in said} == {path.read_bytes().index(b"\xdf") + 1}
    assert {(each.code, each.message) for each in said} == {("not-utf-8", "the byte 0xDF is not UTF-8")}


def test_a_pool_that_broke_unnoticed_is_replaced(project):
    broken = WarmPool(1)
    ended = os.pidfd_open(victim := broken.submit(os.getpid).result())
    os.kill(victim, signal.SIGKILL)
    assert has_ended(ended)
    with pytest.raises(BrokenExecutor):
        broken.submit(os.getpid).result()
    executors = iter([broken, InProcess()])
    workers = Workers(lambda: next(executors), lambda: WarmPool(1))
    assert workers.result(workers.submit(task(project))).pdf.startswith(b"%PDF-")
    workers.close()


class Cluster(InProcess):
    """An executor that loses its workers, and says so in its own way."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_exception(RuntimeError("attempted to run on 3 workers, all lost"))
        return future


def test_what_another_executor_loses_is_a_failure_of_the_record(project):
    workers = Workers(Cluster, Cluster)
    job = workers.submit(task(project))
    result = workers.result(job)
    assert (
        only(result.problems).message
        == "the process that built it died: attempted to run on 3 workers, all lost"
    )
    workers.submit(task(project))
    workers.stop()


def test_a_worker_gives_the_report(project):
    result = build_one(task(project))
    made = build.make_report(project.records / "0.json", find_settings(project.records))
    assert (result.name, result.pdf, result.problems, result.cited) == (
        made.name,
        made.pdf,
        made.problems,
        made.cited,
    )
    assert result.seconds > 0
    assert (result.trace, result.errno) == ("", 0)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ZeroDivisionError("by zero"), "internal", "reportgen itself failed: ZeroDivisionError: by zero"),
        (MemoryError(), "system", "the memory ran out"),
        (
            OSError(errno.ENOENT, "No such file", "x"),
            "internal",
            "reportgen itself failed: FileNotFoundError",
        ),
        (OSError(errno.ENOSPC, "No space left on device"), "system", "a temporary file: No space left"),
        (OSError(errno.EMFILE, "Too many open files", "/a"), "system", "the system refused /a: Too many"),
    ],
)
def test_every_failure_of_a_worker_comes_back(project, monkeypatch, error, code, said):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(build, "make_report", fail)
    result = build_one(task(project))
    problem = only(result.problems)
    assert problem.code == code
    assert said in problem.message
    assert (result.name, result.pdf) == ("", b"")
    assert bool(result.trace) == (code == "internal")
    assert result.errno == (getattr(error, "errno", 0) if code == "system" else 0)


def test_a_worker_is_stopped_in_the_middle(project, monkeypatch):
    def stopped(task):
        raise SystemExit(1)

    def exit_now(code):
        raise ConnectionAbortedError(code)

    monkeypatch.setattr(pool, "build_one", stopped)
    monkeypatch.setattr(os, "_exit", exit_now)
    with pytest.raises(ConnectionAbortedError):
        pool.build_in_pool(task(project))


def test_the_server_of_workers_goes_with_a_pool_that_ends_and_comes_with_the_next():
    for _ in range(2):
        with WarmPool(1) as workers:
            server = workers.submit(os.getppid).result()
            os.kill(server, 0)
            workers.end()
        with pytest.raises(ProcessLookupError):
            os.kill(server, 0)
