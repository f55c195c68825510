"""Killed after every single request, and run again: nothing is lost, nothing doubled, nothing published unasked.

A child process runs the command line through a proxy, which kills it when its n-th request has arrived, or when the
repository has carried it out and the answer is not yet sent. Between two requests it only writes its lock file,
which is whole or not there, so these are all the states it can be stopped in.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import shutil
import signal
import threading
from copy import deepcopy
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

import pytest

import zenodo_project
from faulty_proxy import FaultyProxy, pass_on
from reportgen.record.registration import Stage, lock_path
from zenodo_fake import ZenodoFake
from zenodo_project import CORRECTION, Project, deposit_of

if TYPE_CHECKING:
    from pathlib import Path

    from faulty_proxy import Exchange, Fault, Request

LONGEST = 120  # seconds that anything here may take on a machine however loaded
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "httpcore",
        "pytest",
        "pikepdf",
        "pypdfium2",
        "reportgen.cli.console",
        "reportgen.cli.deposits",
        "reportgen.cli.messages",
        "reportgen.cli.zenodo",
        "reportgen.pipeline.batch",
        "reportgen.delivery.zenodo.repository",
        "reportgen.delivery.zenodo.steps",
    ]
)


class Killer(FaultyProxy):
    """A proxy that kills a process at its n-th request, before or after that is carried out."""

    def __init__(self, upstream: str, number: int, *, carried_out: bool) -> None:
        super().__init__(upstream)
        self.number = number
        self.carried_out = carried_out
        self.count = 0
        self.last = ""
        self.victim: multiprocessing.Process | None = None
        self.known = threading.Event()

    def fault_for(self, request: Request) -> Fault:
        self.count += 1
        return self.kill if self.count == self.number else pass_on

    def kill(self, exchange: Exchange) -> None:
        exchange.read()
        self.last = f"{exchange.request.method} {exchange.request.path}"
        if self.carried_out:
            exchange.forward()
        assert self.known.wait(LONGEST)
        os.kill(self.victim.pid, signal.SIGKILL)
        assert wait([self.victim.sentinel], LONGEST)
        exchange.reset()


def run_command(arguments: list[str], environment: dict[str, str], reports: Path) -> None:
    """Run the command line in a child process, whose reports are not made again for each test."""
    os.environ.update(environment)
    zenodo_project.remember_reports(reports, pytest.MonkeyPatch())
    from reportgen.cli import cli

    code = cli.main(["zenodo", *arguments], standalone_mode=False)
    raise SystemExit(code)


@dataclass
class Beginning:
    """A project and what the repository has of it, to begin from again and again."""

    folder: Path
    state: dict[str, Any]

    @classmethod
    def of_first_version(cls, folder: Path, reports: Path) -> Beginning:
        Project.lay_out(folder).write()
        return cls(folder, {})

    @classmethod
    def of_corrected_version(cls, folder: Path, reports: Path) -> Beginning:
        project = Project.lay_out(folder)
        record = project.write()
        with ZenodoFake() as fake:
            assert ended(fake.url, fake, project, reports) == 0
            relocate(record, fake.url, "http://127.0.0.1/api")
            changed = json.loads(record.read_text()) | {"version": "2", "corrections": [CORRECTION]}
            record.write_text(json.dumps(changed))
            state = fake.state
            return cls(
                folder,
                deepcopy({"records": state.records, "users": state.users, "numbers": state.numbers}),
            )

    def again(self, folder: Path, fake: ZenodoFake, url: str) -> tuple[Project, Path]:
        shutil.copytree(self.folder, folder)
        vars(fake.state).update(deepcopy(self.state))
        record = folder / "records" / "record.json"
        # The lock file names the repository by the address that it is reached at.
        relocate(record, "http://127.0.0.1/api", url)
        return Project(folder), record


@pytest.fixture
def reports(shared_folder):
    return shared_folder / "reports"


@pytest.mark.parametrize(
    "carried_out",
    [
        pytest.param(False, id="before it is carried out", marks=pytest.mark.long),
        pytest.param(True, id="after"),
    ],
)
@pytest.mark.parametrize(
    ("begin", "versions"),
    [(Beginning.of_first_version, ["1"]), (Beginning.of_corrected_version, ["1", "2"])],
    ids=["first version", "corrected version"],
)
def test_a_run_killed_at_any_request_is_finished_by_the_next(tmp_path, reports, begin, versions, carried_out):
    beginning = begin(tmp_path / "project", reports)
    killed = []
    for number in itertools.count(1):
        with ZenodoFake() as fake, Killer(fake.url, number, carried_out=carried_out) as proxy:
            project, record = beginning.again(tmp_path / str(number), fake, proxy.url)
            before = len(fake.state.records)
            code = ended(proxy.url, fake, project, reports, proxy)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            killed.append(proxy.last)
            assert_nothing_is_doubled(fake, proxy.last, before)
            age(record)
            assert ended(proxy.url, fake, project, reports) == 0
            assert_done(fake, record, versions)
    assert len(killed) > 20
    assert {request.split()[0] for request in killed} == {"GET", "POST", "PUT"}
    assert sum(request.endswith("/actions/publish") for request in killed) == 1


def ended(url, fake, project, reports, proxy=None):
    """Run the whole way in a child process; give how it ended."""
    environment = {"ZENODO_URL": url, "ZENODO_TOKEN": fake.alice}
    arguments = ["sync", str(project.root / "records"), "--publish"]
    process = CONTEXT.Process(target=run_command, args=(arguments, environment, reports))
    process.start()
    if proxy is not None:
        proxy.victim = process
        proxy.known.set()
    process.join(LONGEST)
    assert process.exitcode is not None
    return process.exitcode


def relocate(record, old, new):
    lock = lock_path(record)
    if lock.exists():
        lock.write_text(lock.read_text().replace(old, new))


def age(record):
    """Let the note of a draft that was asked for be so old that no index can lag behind it."""
    for note in record.parent.glob(".*.lock"):
        os.utime(note, (0, 0))


def assert_nothing_is_doubled(fake, request, before):
    assert len(fake.state.drafts) <= 1
    may_be_more = request.endswith("/actions/publish") or not fake.state.drafts
    assert len(fake.state.records) in ((before, before + 1) if may_be_more else (before,))


def assert_done(fake, record, versions):
    deposit = deposit_of(record)
    assert fake.state.drafts == {}
    records = sorted(fake.state.records.values(), key=lambda item: item.index)
    assert [item.document["metadata"]["version"] for item in records] == list(versions)
    assert len({item.parent for item in records}) == 1
    newest = records[-1]
    assert (deposit.draft, deposit.doi, deposit.stage) == (newest.id, newest.doi, Stage.PUBLISHED)
    assert deposit.previous == tuple(item.doi for item in records[:-1])
    for item in records:
        manifest = json.loads(item.files["manifest.json"].content)
        assert manifest["doi"] == item.doi == f"10.5072/zenodo.{item.id}"
        assert len(item.files) == 3
        assert all(file.completed for file in item.files.values())
    assert newest.files["record.json"].content == record.read_bytes()
    assert not list(record.parent.glob(".*"))
