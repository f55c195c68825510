"""The pytest side of `tests/invenio`: starts the server when a test first asks for it, and ends it with the run.

A test marked `zenodo_real` gets the fixture `invenio`. What the server starts from takes long to make, so it is kept
under `.pytest_cache` for as long as the lock and the server's own files stay the same, and each run has a copy of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER = "zenodo_real"
ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".tools/invenio/bin/python"
LOCK = ROOT / "requirements-invenio.lock"
SERVER = ROOT / "tests/invenio"

RECORDS = """
select records.json from rdm_{kind}_metadata as records where records.json is not null"""
FILES = """
select content.key, stored.uri
from rdm_{kind}_metadata as records
join files_object as content on content.bucket_id = records.bucket_id and content.is_head
join files_files as stored on stored.id = content.file_id
where json_extract(records.json, '$.id') = ?"""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}: asks a real InvenioRDM, which is started for it")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker(MARKER):
            item.add_marker(pytest.mark.xdist_group(MARKER))  # one worker, so one server


@dataclass(frozen=True)
class Invenio:
    """A running server: where its REST interface is, and a token for each of its two users."""

    url: str
    alice: str
    bob: str
    folder: Path
    process: subprocess.Popen[str]

    def user(self, name: str) -> str:
        """Add a user, who has nothing yet, and give a token of theirs."""
        return self._order(user=name)["user"]

    @contextmanager
    def limited(self, *, rate: str | None = None, quota: int | None = None) -> Iterator[None]:
        """Allow only so many requests ("5 per minute") or bytes in a new draft for a while."""
        self._order(rate=rate, quota=quota)
        try:
            yield
        finally:
            self._order(rate=None, quota=None)

    @contextmanager
    def search_lag(self) -> Iterator[None]:
        """Let searches answer for a while from what there was when it began."""
        self._order(search_lag=True)
        try:
            yield
        finally:
            self._order(search_lag=False)

    def drafts(self) -> dict[str, dict[str, Any]]:
        """Read the open drafts of all users from the database, each under its number."""
        return self._records("drafts")

    def records(self) -> dict[str, dict[str, Any]]:
        """Read the published records from the database, each under its number."""
        return self._records("records")

    def files(self, number: str) -> dict[str, bytes]:
        """Read the files of a published record, or where there is none of a draft, as the server stores them."""
        kind = "records" if number in self.records() else "drafts"
        return {key: Path(uri).read_bytes() for key, uri in self._rows(FILES.format(kind=kind), number)}

    def _records(self, kind: str) -> dict[str, dict[str, Any]]:
        found = [json.loads(row[0]) for row in self._rows(RECORDS.format(kind=kind))]
        return {record["id"]: record for record in found}

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(
            sqlite3.connect(f"file:{self.folder}/invenio.db?mode=ro", uri=True, timeout=60)
        ) as database:
            return database.execute(query, values).fetchall()

    def _order(self, **orders: Any) -> dict[str, Any]:
        self.process.stdin.write(json.dumps(orders) + "\n")
        self.process.stdin.flush()
        return _said(self.process, self.folder)


def _said(process: subprocess.Popen[str], folder: Path) -> dict[str, Any]:
    line = process.stdout.readline()
    if not line:
        pytest.fail(f"the InvenioRDM server ended: {(folder / 'log').read_text()[-3000:]}")
    return json.loads(line)


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("INVENIO_", "FLASK_"))}


def _key() -> str:
    sources = [LOCK, *sorted(SERVER.glob("*.py"))]
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _start(folder: Path) -> subprocess.Popen[str]:
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [PYTHON, SERVER / "server.py", folder],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C is for pytest, whose end ends the server
        )


def _start_from(kept: Path, folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Start a server in a folder from what is kept, or from nothing, and then keep what it begins with."""
    kept.mkdir(parents=True, exist_ok=True)
    state = kept / _key()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state.exists():
            shutil.copytree(state, folder, dirs_exist_ok=True)
        process = _start(folder)
        url = _said(process, folder)["url"]
        if not state.exists():
            for old in kept.glob("*/"):
                shutil.rmtree(old)
            fresh = Path(tempfile.mkdtemp(dir=kept))
            shutil.copytree(folder, fresh, dirs_exist_ok=True, ignore=shutil.ignore_patterns("log"))
            fresh.rename(state)
    return process, url


@contextmanager
def serving(kept: Path, folder: Path) -> Iterator[Invenio]:
    """Run a server in a folder; it ends when its standard input does, so also when this process is killed."""
    process, url = _start_from(kept, folder)
    with process:
        server = Invenio(url, "", "", folder, process)
        yield replace(server, alice=server.user("alice"), bob=server.user("bob"))
        assert process.stdin
        process.stdin.close()
        try:
            process.wait(60)
        except (
            subprocess.TimeoutExpired
        ):  # another process holds the pipe open: an error, not a wait for ever
            process.kill()
    assert process.returncode == 0, (folder / "log").read_text()[-3000:]


def check_installed(python: Path) -> None:
    """Skip the test where the server is not installed, which is no excuse in continuous integration."""
    if not python.exists():
        missing = f"InvenioRDM is not tested: there is no {python}. `./run setup` installs it."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@pytest.fixture(scope="session")
def invenio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invenio]:
    """Yield the real InvenioRDM of this run."""
    check_installed(PYTHON)
    kept = request.config.rootpath / ".pytest_cache/invenio"
    with serving(kept, tmp_path_factory.mktemp("invenio")) as server:
        yield server
