"""Batches that go wrong: in what they are given, where they write, and in the processes and machines that build."""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from batch_project import Project, make_quickly, numbered
from explained_examples import failures
from reportgen.base.errors import Level, Problem, Where
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch import freshness, inputs, pool
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.options import Options
from reportgen.pipeline.batch.pool import InProcess, Workers
from reportgen.pipeline.batch.run import executor_for
from reportgen.pipeline.batch.shards import Shard, shard_of
from reportgen.pipeline.batch.state import STATE_FOLDER, entry_file
from reportgen.pipeline.batch.worker import Task
from reportgen.pipeline.cluster import executor
from reportgen.pipeline.cluster.executor import Cluster
from reportgen.pipeline.cluster.worker import require_same_tools
from reportgen.pipeline.remote.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Executor

    import pytest
    from distributed import LocalCluster


def laid_out(folder: Path, monkeypatch: pytest.MonkeyPatch, records: int = 1, settings: str = "") -> Project:
    """Return a project whose reports are built without TeX."""
    monkeypatch.setattr(pool, "build_one", make_quickly)
    return Project.lay_out(folder / "project", records, settings)


def told(project: Project) -> list[Problem]:
    return [problem for outcome in project.run() for problem in outcome.problems]


def parquet_without_its_column(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    path = tmp_path / "records.parquet"
    pd.DataFrame({"text" if wrong else "record": ["{}"]}).to_parquet(path)
    return failures(lambda: find_sources([path]))


def two_reports_of_one_name(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    pattern = "report.pdf" if wrong else "{id}.pdf"
    return told(laid_out(tmp_path, monkeypatch, 2, f'name_pattern = "{pattern}"\n'))


def report_of_an_older_title(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch)
    (old,) = project.batch()
    project.write("0.json", title="Another title")
    if not wrong:
        (project.out / str(old.pdf)).unlink()
    return told(project)


def report_of_a_deleted_record(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch, 2)
    gone = project.batch()[1]
    (project.records / "1.json").unlink()
    if not wrong:
        (project.out / str(gone.pdf)).unlink()
    return told(project)


def record_in_an_unread_file(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch, 2)
    project.batch()
    moved = (project.records / "1.json").rename(project.records / "all.jsonl")
    places = [project.records] if wrong else [project.records, moved]
    return [problem for outcome in project.run(*places) for problem in outcome.problems]


def report_of_another_shard(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch, 2)
    project.batch()
    other = next(number for number in (1, 2) if shard_of(numbered(1)["id"], 2) != number)
    if wrong:
        project.write("1.json", 1, question="Is it another question?")
    outcomes = project.run(shard=Shard(other, 2))
    return [problem for outcome in outcomes for problem in outcome.problems]


def file_of_another_format(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch, 1)
    asked = {"overrides": {"formats": ("markdown",)}}
    project.batch(**asked)
    return [problem for outcome in project.run(**({} if wrong else asked)) for problem in outcome.problems]


def conflict_in_the_state(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch, 2)
    gone = str(project.batch()[1].pdf)
    (project.records / "1.json").unlink()
    entry_file(project.out, Path(gone).name).write_text("<<<<<<< HEAD\n")
    if not wrong:
        Path(gone).unlink()
    return told(project)


def pdf_of_somebody(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch)
    project.out.mkdir()
    if wrong:
        (project.out / "mine.pdf").write_bytes(b"%PDF-1.7")
    return told(project)


def copy_of_a_record(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch)
    project.write("copy.json", 0 if wrong else 1, title="Another title")
    return told(project)


def check_before_the_build(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch)
    if not wrong:
        project.batch()
    run("batch", "records", "--check", "--report", "found.sarif", cwd=project.root)
    (found,) = json.loads((project.root / "found.sarif").read_bytes())["runs"]
    return [Problem(each["ruleId"], Level(each["level"]), Where(), "") for each in found["results"]]


def shard_that_is_none(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> list[Problem]:
    return in_results(laid_out(tmp_path, monkeypatch), run, "--shard", "3/2" if wrong else "2/3")


def stopped_at_once(
    wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> list[Problem]:
    def stop(*_: Any) -> list[Any]:
        raise KeyboardInterrupt

    project = laid_out(tmp_path, monkeypatch)
    if wrong:
        monkeypatch.setattr(inputs, "find_sources", stop)
    return in_results(project, run)


def in_results(project: Project, run: Callable[..., Any], *arguments: str) -> list[Problem]:
    run("batch", "records", "--jobs", "1", *arguments, "--report", "results.json", cwd=project.root)
    records = json.loads((project.root / "results.json").read_bytes())["records"]
    problems = [problem for record in records for problem in record["problems"]]
    return [Problem(each["code"], Level(each["level"]), Where(), each["message"]) for each in problems]


def state_unreadable(wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    project = laid_out(tmp_path, monkeypatch)
    if wrong:
        project.out.mkdir()
        (project.out / STATE_FOLDER).touch()
    return told(project)


class NoSemaphore:
    """What processes wait for one another with, on a system that has none."""

    SEM_VALUE_MAX = 1

    def __init__(self, *_: Any) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def no_semaphores(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> Collection[Problem]:
    monkeypatch.setattr("_multiprocessing.SemLock", NoSemaphore)
    return failures(lambda: executor_for(Options(jobs=2 if wrong else 1)))


@dataclass(frozen=True)
class DeadlyTask(Task):
    """A task that ends the process that receives it."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


def worker_killed(wrong: bool, tmp_path: Path) -> Collection[Problem]:
    project = Project.lay_out(tmp_path, records=1)
    path = project.records / "0.json"
    task = (DeadlyTask if wrong else Task)(path, path.read_bytes(), find_settings(project.records))

    def start() -> Executor:
        return ProcessPoolExecutor(1, get_context("spawn")) if wrong else InProcess()

    workers = Workers(start, start)
    found = workers.result(workers.submit(task)).problems
    workers.close()
    return found


def worker_without_tools(
    wrong: bool, local_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    ours = freshness.tools_here("auto")
    if wrong:
        monkeypatch.setitem(sys.modules, freshness.__name__, None)
    with local_cluster.get_client() as client:
        return failures(lambda: require_same_tools(client, "auto", ours))


def worker_with_other_tools(wrong: bool, local_cluster: LocalCluster) -> Collection[Problem]:
    ours = {**freshness.tools_here("auto"), **({"pikepdf": "0.1"} if wrong else {})}
    with local_cluster.get_client() as client:
        return failures(lambda: require_same_tools(client, "auto", ours))


def no_scheduler(
    wrong: bool, local_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}" if wrong else local_cluster.scheduler_address
        monkeypatch.setattr(executor, "CONNECT", 0.2 if wrong else executor.CONNECT)
        return failures(lambda: Cluster(address).shutdown())


def last_worker_ends(
    wrong: bool, tmp_path: Path, local_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> Collection[Problem]:
    project = Project.lay_out(tmp_path, records=1)
    path = project.records / "0.json"
    task = Task(path, path.read_bytes(), find_settings(project.records))
    monkeypatch.setattr(executor, "NO_WORKERS", 0.01)
    monkeypatch.setattr(executor, "_LOOK", 0.01)
    with Cluster(local_cluster.scheduler_address) as workers:
        if wrong:
            local_cluster.scale(0)
            workers._watch.join(60)
        return failures(lambda: workers.submit(make_quickly, task).result(60))


def store_of_no_known_kind(wrong: bool) -> Collection[Problem]:
    url = "nosuchstore://bucket/records" if wrong else "memory://bucket/records"
    return failures(lambda: Location.of(url).found(deep=True))
