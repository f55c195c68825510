"""What the situations of deposits share: a repository, a project, and the commands that go through both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from deposit_example import Pauses
from faulty_proxy import FaultyProxy
from reportgen.base.errors import Level, Problem, Where
from reportgen.delivery.zenodo import repository, transport
from reportgen.pdf.typeset import walls
from zenodo_fake import ZenodoFake
from zenodo_project import Project, remember_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from distributed import LocalCluster

    from zenodo_fake import Item


@dataclass
class Deposits:
    """A record that could be published, a repository, a proxy before it that can fail, and the command line."""

    server: ZenodoFake
    proxy: FaultyProxy
    project: Project
    record: Path
    run: Callable[..., Any]

    def step(self, name: str, *options: str) -> list[Problem]:
        """Run a step of the deposit over the record, and return what it reports."""
        ended = self.run("zenodo", name, self.record, "--format", "json", *options)
        return [
            Problem(each["code"], Level(each["level"]), Where(), each["message"])
            for result in json.loads(ended.out)
            for each in result["problems"]
        ]

    def done(self, *names: str) -> None:
        """Run steps that must report no error."""
        for name in names:
            problems = self.step(name, *(["--yes"] if name == "publish" else []))
            assert not [problem for problem in problems if problem.level is Level.ERROR], name

    def change(self, **changes: Any) -> None:
        """Change the record in its file."""
        self.record.write_text(json.dumps(json.loads(self.record.read_text()) | changes))

    @property
    def draft(self) -> Item:
        """Return the one draft in the repository."""
        (draft,) = self.server.state.drafts.values()
        return draft


@pytest.fixture
def deposits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_folder: Path, run: Callable[..., Any]
) -> Iterator[Deposits]:
    """Return a record on its way into a repository; the pauses between two tries take no time."""
    remember_reports(shared_folder / "reports", monkeypatch)
    monkeypatch.setattr(transport, "Clock", lambda: Pauses().clock)
    monkeypatch.setattr(repository, "LOOKS", (0.0, 0.0))
    project = Project.lay_out(tmp_path / "project")
    with ZenodoFake() as server, FaultyProxy(server.url) as proxy:
        monkeypatch.setenv("ZENODO_URL", proxy.url)
        monkeypatch.setenv("ZENODO_TOKEN", server.alice)
        yield Deposits(server, proxy, project, project.write(), run)


@pytest.fixture
def programs_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the machine have these programs and no other: scripts by name, to each of which its lines are given."""

    def have(**scripts: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, lines in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        walls.walls_fault.cache_clear()

    yield have
    walls.walls_fault.cache_clear()


@pytest.fixture
def local_cluster() -> Iterator[LocalCluster]:
    """Return a dask cluster of one worker, a thread of this process, which no other test is to find there."""
    from distributed import LocalCluster

    with LocalCluster(
        1, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=":0"
    ) as cluster:
        yield cluster
