"""Batches on a real dask cluster: a scheduler and two worker processes, on this machine's loopback."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from batch_project import Project, numbered
from cluster_hooks import DEADLY
from dask_cluster import LONGEST, started
from minimal_record import claim, only
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.paths import cache_folder
from reportgen.base.settings import find_settings
from reportgen.exports import FileFacts
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.run import run_batch
from reportgen.pipeline.batch.worker import Result, Task, build_one
from reportgen.pipeline.cluster import executor, travel
from reportgen.pipeline.cluster.executor import Cluster
from reportgen.pipeline.cluster.travel import CannotTravelError, pack_project, pack_record
from reportgen.pipeline.cluster.worker import build_in, differences
from reportgen.record.registration import Deposit, lock_path, write_deposit
from trusted import trust

# One process, so that there is one cluster.
pytestmark = pytest.mark.xdist_group("cluster")

CLAIMS = "text,verified,confidence\nEarly stopping lowers the error.,true,0.8\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    with started(tmp_path_factory.mktemp("cluster"), ("--nworkers", "2")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_client_left():
    """Collect a client that could not connect: dask's own end of it, in the thread of the next one, blocks that."""
    yield
    gc.collect()


@pytest.fixture
def project(tmp_path):
    return Project.lay_out(tmp_path / "project", records=3)


def batch_there(project, running, *places, **options):
    with Cluster(running.address) as workers:
        workers._client.wait_for_workers(2, timeout=LONGEST)
        given = {"jobs": workers.slots, "start": lambda: workers, **options}
        return list(run_batch(find_sources(places or [project.records]), Options(**given)))


def assert_same(here, there):
    for one, other in zip(here, there, strict=True):
        assert (one.name, one.status, one.problems) == (other.name, other.status, other.problems)
        assert one.pdf is None or one.pdf.read_bytes() == other.pdf.read_bytes()


def rich_project(root):
    """Return a project in which a record may need every kind of file, and every kind of complaint is made."""
    project = Project.lay_out(
        root, settings='templates = "own"\nbib = ["bib", "../common"]\nlevels = {"no-abstract" = "warning"}\n'
    )
    (root / "own" / "latex").mkdir(parents=True)
    templates = ROOT / "templates"
    shutil.copy(templates / "latex" / "report.tex.j2", root / "own" / "latex")
    shared = root.parent / "common"
    shared.mkdir()
    project.cite(doe2020="On calibration", broken="{")
    (shared / "b.bib").write_text("@article{doe2020, title = {Twice}}\n@article{half,\n")
    project.write("cites.json", 1, claims=[claim(sources=["doe2020"]), claim("Other.", sources=["half"])])
    (project.records / "table.csv").write_text(CLAIMS)
    (project.records / "bad.csv").write_text("text,nonsense\nA,b\n")
    project.write("table.json", 2, claims={"file": "table.csv"})
    deposit = Deposit("https://zenodo.org", numbered(2)["id"], "1", "7", doi="10.5281/zenodo.77")
    write_deposit(lock_path(project.records / "table.json"), deposit)
    (root / "figures").mkdir()
    (root / "figures/t.csv").write_text("a\n1\n")
    project.write("climbs.json", 8, tables=[{"id": "tbl-a", "file": "../figures/t.csv", "caption": "A."}])
    project.write("leaves.json", 9, tables=[{"id": "tbl-a", "file": "../../t.csv", "caption": "A."}])
    project.write("bad.json", 3, claims={"file": "bad.csv"})
    project.write("absent.json", 4, claims={"file": "absent.csv"})
    gate = {"status": "VERIFIED", "artifacts": [{"type": "log", "path": "run.log", "sha256": "0" * 64}]}
    (project.records / "run.log").write_text("done")
    project.write("artifact.json", 5, gate=gate)
    (project.records / "syntax.json").write_text("{")
    (project.records / "latin.json").write_bytes(b'{\n"title": "Ma\xdf"}')
    project.write_lines(6, 7, claims=[claim(sources=["unknown"])])
    trust(project.root)
    return project


def test_a_cluster_makes_the_same_reports_and_says_the_same(tmp_path, cluster, monkeypatch):
    project = rich_project(tmp_path / "p")
    monkeypatch.chdir(project.root)
    places = [Path("records"), Path("records/records.jsonl")]
    here = project.batch(*places)
    there = batch_there(project, cluster, *places, overrides={"output": project.root / "there"})
    assert_same(here, there)
    assert {outcome.status for outcome in here} == {Status.BUILT, Status.FAILED}
    said = [problem for outcome in here for problem in outcome.problems]
    files = {problem.where.file for problem in said}
    assert {"records/bad.csv", "records/absent.json", "records/records.jsonl", "records/syntax.json"} <= files
    codes = {problem.code for problem in said}
    assert codes >= {
        "file-unreadable",
        "artifact-changed",
        "not-utf-8",
        "bib-duplicate-key",
        "bib-syntax",
        "unknown-field",
    }
    assert all(outcome.seconds > 0 for outcome in there)
    # The state is a local run's, too.
    again = project.batch(*places, check=True, overrides={"output": project.root / "there"})
    assert [o.status for o in again] == [
        Status.UNCHANGED if o.status is Status.BUILT else Status.FAILED for o in there
    ]


def test_a_record_in_the_current_folder_is_named_as_it_was_written(project, cluster, monkeypatch):
    monkeypatch.chdir(project.records)
    project.write("bad.json", claims={"file": "bad.csv"})
    Path("bad.csv").write_text("nonsense\n1\n")
    outcome = only(batch_there(project, cluster, Path("bad.json")))
    assert {problem.where.file for problem in outcome.problems} == {"bad.csv"}


class Gate:
    """A record that holds its worker until the test has done something to it."""

    def __init__(self, project, running, name="1-held.json", title="Held"):
        self.path = running.gates / title
        os.mkfifo(self.path)
        project.write(name, 90, title=title)

    def reached(self):
        """Wait for a worker to come; give its process id."""
        with self.path.open() as pipe:
            return int(pipe.read())


def test_a_lost_workers_reports_are_made_by_another(project, cluster):
    gate = Gate(project, cluster)
    killed = []

    def kill():
        killed.append(gate.reached())
        os.kill(killed[0], signal.SIGKILL)

    killing = Thread(target=kill, daemon=True)
    killing.start()
    there = batch_there(project, cluster, overrides={"output": project.root / "there"})
    killing.join(LONGEST)
    assert len(killed) == 1
    assert [outcome.status for outcome in there] == [Status.BUILT] * 4
    assert_same(project.batch(), there)


def test_the_record_that_kills_its_workers_is_blamed_alone(project, cluster):
    project.write("0-deadly.json", 91, title=DEADLY)
    outcomes = batch_there(project, cluster)
    assert [outcome.status for outcome in outcomes] == [Status.FAILED, *[Status.BUILT] * 3]
    problem = only(outcomes[0].problems[:1])
    assert (problem.code, problem.where.file) == ("worker-died", outcomes[0].name)
    assert "also with nothing else under way" in problem.message
    assert "--dask" in problem.hint


def test_what_cannot_travel_is_built_here(project, cluster):
    (project.records / "table.csv").symlink_to("/nowhere/else.csv")
    project.write("linked.json", 5, claims={"file": "table.csv"})
    project.write("outside.json", 6, claims={"file": "../table.csv"})
    here = project.batch()
    there = batch_there(project, cluster, overrides={"output": project.root / "there"})
    assert_same(here, there)
    assert [outcome.status for outcome in there] == [*[Status.BUILT] * 3, *[Status.FAILED] * 2]


def test_the_command_builds_on_a_cluster(project, cluster, run):
    ended = run("batch", "records", "--dask", cluster.address, cwd=project.root)
    assert (ended.code, len(project.pdfs)) == (0, 3)
    assert "built 3" in ended.err
    ended = run("batch", "records", "--dask", "tcp://127.0.0.1:1", "--check", cwd=project.root)
    assert (ended.code, ended.err.split(",")[0]) == (0, "unchanged 3")


def test_with_fail_fast_nothing_more_is_begun(project, cluster):
    (project.records / "0-broken.json").write_text("{")
    for number in range(10, 20):
        project.write(f"{number}.json", number)
    statuses = [outcome.status for outcome in batch_there(project, cluster, fail_fast=True)]
    assert statuses[0] is Status.FAILED
    assert Status.SKIPPED in statuses


def test_a_run_that_is_closed_early_lets_the_cluster_go(project, cluster):
    gate = Gate(project, cluster, title="Left")
    with Cluster(cluster.address) as workers:
        run = run_batch(find_sources([project.records]), Options(jobs=2, start=lambda: workers))
        assert next(run).status is Status.BUILT
        pid = gate.reached()
        run.close()
    os.kill(pid, signal.SIGKILL)
    assert batch_there(project, cluster)[0].status is Status.UNCHANGED


def test_workers_with_other_tools_are_refused(project, cluster, run, monkeypatch):
    ours = travel.tools_here("auto")
    monkeypatch.setattr(travel, "tools_here", lambda engine: {**ours, "pikepdf": "0.1", "weft": "2"})
    ended = run("batch", "records", "--dask", cluster.address, cwd=project.root)
    assert ended.code == SetupError.exit_code
    assert f"has pikepdf {ours['pikepdf']}, this machine has 0.1" in ended.err
    assert "has weft absent, this machine has 2" in ended.err
    assert "worker tcp://127.0.0.1:" in ended.err
    assert not project.pdfs


def test_workers_that_cannot_say_what_they_have_are_refused(project, cluster, monkeypatch):
    settings = find_settings(project.records).model_copy(update={"engine": "no-engine"})
    monkeypatch.setattr(travel, "tools_here", lambda engine: {})
    with (
        Cluster(cluster.address) as workers,
        pytest.raises(SetupError, match="cannot say which tools it has"),
    ):
        workers.submit(build_one, Task(project.records / "0.json", b"{}", settings))


def test_many_differences_are_counted():
    ours = {f"font{number}": "1 bytes" for number in range(9)}
    told = differences("w", ours, {})
    assert len(told) == 6
    assert told[-1] == "4 more tools of the worker w differ"


def test_an_address_where_nothing_answers(project, run, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(executor, "CONNECT", 0.2)
    ended = run("batch", "records", "--dask", f"tcp://127.0.0.1:{port}", cwd=project.root)
    assert ended.code == SetupError.exit_code
    assert f"the scheduler at tcp://127.0.0.1:{port} cannot be reached" in ended.err
    assert "dask scheduler" in ended.err
    assert executor.CONNECT <= 10
    with pytest.raises(SetupError, match="cannot be reached"):
        Cluster("carrier-pigeon://127.0.0.1:1")


def test_without_the_extra_it_is_named(project, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    ended = run("batch", "records", "--dask", "tcp://127.0.0.1:1", cwd=project.root)
    assert ended.code == SetupError.exit_code
    assert "pip install 'reportgen-claims[cluster]'" in ended.err


@pytest.mark.parametrize(
    ("who", "said"), [("worker", "has had no worker for 1 s"), ("scheduler", r"connection to .* was lost")]
)
def test_a_cluster_that_goes_away(project, tmp_path, monkeypatch, capfd, who, said):
    monkeypatch.setattr(executor, "FIRST_WORKER", LONGEST)
    monkeypatch.setattr(executor, "NO_WORKERS", 1.0)
    with started(tmp_path / "other", ("--no-nanny",)) as running:
        gate = Gate(project, running)
        with Cluster(running.address) as workers:
            run = run_batch(find_sources([project.records]), Options(jobs=1, start=lambda: workers))
            assert next(run).status is Status.BUILT
            gate.reached()
            (running.scheduler if who == "scheduler" else running.workers[0]).kill()
            with pytest.raises(SetupError, match=said) as caught:
                list(run)
            assert "the same command goes on" in only(caught.value.problems).hint
            with pytest.raises(SetupError):
                workers.submit(
                    build_one, Task(project.records / "0.json", b"{}", find_settings(project.records))
                )
        if who == "worker":
            monkeypatch.setattr(executor, "FIRST_WORKER", 0.1)
            with pytest.raises(SetupError, match="has no workers"):
                Cluster(running.address)
        running.workers[0].kill()  # the record would hold it
    assert capfd.readouterr().err == ""


def laid_out(project, name):
    settings = find_settings(project.records)
    path = project.records / name
    return Task(path, path.read_bytes(), settings), pack_project(settings)


def test_a_record_may_travel_whose_name_leaves_no_room_for_a_lock_file(tmp_path):
    project = Project.lay_out(tmp_path / "p", records=1)
    name = "n" * 250 + ".json"
    (project.records / "0.json").rename(project.records / name)
    assert pack_record(laid_out(project, name)[0]).files == {}


def test_what_travels_is_all_that_a_report_needs(tmp_path):
    project = rich_project(tmp_path / "p")
    task, bundle = laid_out(project, "table.json")
    parcel = pack_record(task)
    here = build_one(task)
    shutil.rmtree(project.root)
    for _ in range(2):
        there = build_in(tmp_path, "tcp://worker", build_one, parcel, bundle)
        assert replace(there, seconds=0) == replace(here, seconds=0)
    assert len(list(tmp_path.glob("reportgen-*"))) == 1


def test_of_a_pdf_that_stays_only_the_files_beside_it_are_made_there(tmp_path):
    project = Project.lay_out(tmp_path / "p", records=1, settings='formats = ["html", "markdown"]\n')
    task, bundle = laid_out(project, "0.json")
    task = replace(task, pdf=FileFacts("report.pdf", 7, "0" * 64))
    here, parcel = build_one(task), pack_record(task)
    shutil.rmtree(project.root)
    there = build_in(tmp_path, "tcp://worker", build_one, parcel, bundle)
    assert [each.name for each in there.exports] == ["report.html", "report.md"]
    assert replace(there, seconds=0) == replace(here, seconds=0)


def test_a_worker_that_came_late_with_other_tools_builds_nothing(project, tmp_path):
    task, bundle = laid_out(project, "0.json")
    bundle = replace(bundle, tools={**bundle.tools, "jinja2": "1.0"})
    result = build_in(tmp_path, "tcp://late", build_one, pack_record(task), bundle)
    problem = only(result.problems)
    assert (problem.code, result.name) == ("other-tools", "")
    assert "the worker tcp://late has jinja2 3" in problem.message


def test_what_lies_on_the_worker_is_said_to_lie_there(project, tmp_path):
    log = cache_folder("logs") / "last-failure.log"

    def fails(task):
        told = [
            Problem("system", Level.ERROR, Where(str(task.source_path)), "no room", "make room"),
            Problem("tex-error", Level.ERROR, Where(), "TeX stopped", f"report {log}"),
        ]
        return Result("", b"", tuple(told), trace=f"in {task.source_path}")

    task, bundle = laid_out(project, "0.json")
    result = build_in(tmp_path, "tcp://w", fails, pack_record(task), bundle)
    assert [problem.hint for problem in result.problems] == [
        "make room (this is on the worker tcp://w)",
        f"report {log} (this is on the worker tcp://w)",
    ]
    assert result.problems[0].where.file == str(task.source_path)
    assert result.trace == f"in {task.source_path}"


def test_the_order_of_places_is_that_of_their_names_at_home(project, tmp_path):
    def complains(task):
        files = [task.source_path.parent / "claims.csv", task.settings.root / "bib/a.bib"]
        told = (Problem("x", Level.WARNING, Where(str(file)), "m") for file in files)
        return Result("", b"", tuple(told))

    task, bundle = laid_out(project, "0.json")
    result = build_in(tmp_path, "tcp://w", complains, pack_record(task), bundle)
    assert [problem.where.file for problem in result.problems] == [
        str(project.root / "bib/a.bib"),
        str(project.records / "claims.csv"),
    ]


@pytest.mark.parametrize("kind", ["unreadable", "fifo", "large", "untrusted"])
def test_a_project_that_cannot_travel(tmp_path, kind):
    project = Project.lay_out(tmp_path / "p", records=1, settings='templates = "own"\n')
    own = project.root / "own"
    own.mkdir()
    (own / "inner").mkdir()
    (own / "some.j2").write_text("x")
    trust(project.root)
    settings = find_settings(project.records)
    assert str(own / "some.j2") in pack_project(settings).files
    if kind == "unreadable":
        (own / "dangling.j2").symlink_to("nowhere")
    elif kind == "fifo":
        os.mkfifo(own / "pipe.j2")
    elif kind == "large":
        (own / "large.j2").write_bytes(bytes(3_000_000))
    else:
        (own / "some.j2").write_text("y")
    with pytest.raises(CannotTravelError):
        pack_project(settings)
