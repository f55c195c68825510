"""What all tests share: a cache of formats, reports that are built once, and no network beyond this machine."""

from __future__ import annotations

import fcntl
import os
import pickle
import signal
import socket
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reportgen.base.errors import Problem

pytest_plugins = [
    "invenio_server",
    "command_line",
    "few_faces",
    "own_terminal",
    "registry_server",
    "explained_deposits",
    "browser",
]
FORMATS_KEPT = 8


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the files in tests/golden anew")
    parser.addoption("--all", action="store_true", help="run the longest matrices of tests, too")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    for item in items:
        if _shares_with_its_file(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares_with_its_file(item: pytest.Item) -> bool:
    """Return whether a test uses what is made once for its file: in one worker, that is once in a run."""
    used = item._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope in {"class", "module"} for of_a_name in used for fixture in of_a_name)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: one of the longest matrices, run with --all")
    cache = config.rootpath / ".pytest_cache" / "reportgen"
    os.environ["REPORTGEN_CACHE"] = str(cache)
    path = (str(config.rootpath / "tests" / "hooks"), os.environ.get("PYTHONPATH"))
    # A Python that keeps no bytecode compiles each module anew in each of the thousands of processes.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    os.environ["XDG_DATA_HOME"] = str(cache / "data")  # what the tests trust is nobody else's affair
    if not hasattr(config, "workerinput"):
        formats = sorted(cache.glob("formats/*.fmt"), key=lambda file: file.stat().st_mtime)
        for old in formats[:-FORMATS_KEPT]:
            old.unlink(missing_ok=True)
    # A shell that starts the tests in the background has them, and all that they start, ignore Ctrl-C.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # The machine is shared: how long one example takes says nothing.
    hypothesis.settings.register_profile("brief", deadline=None, max_examples=50)
    hypothesis.settings.register_profile("thorough", deadline=None)
    hypothesis.settings.load_profile("thorough" if config.getoption("--all") else "brief")
    config.stash[_GUARD] = guard = pytest.MonkeyPatch()
    guard.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    guard.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Leave the signals as they were: a command that was stopped ignores Ctrl-C, and so would all that comes after."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_GUARD].undo()


_GUARD = pytest.StashKey[pytest.MonkeyPatch]()


def _guarded(connect: Callable[..., object]) -> Callable[..., object]:
    def connect_here(self: socket.socket, address: object) -> object:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            if host not in ("localhost", "::1") and not host.startswith("127."):
                raise AssertionError(f"a test asked for {address}: only this machine itself may be reached")
        return connect(self, address)

    return connect_here


@dataclass(frozen=True)
class Report:
    """A compiled record: where it lies, what it was made from, and what was said about it."""

    record: Path
    pdf: Path
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def text(self) -> str:
        from page_text import read

        return read(self.pdf)

    @cached_property
    def tex(self) -> str:
        return next(file for file in self.files if file.suffix == ".tex").read_text()

    @property
    def codes(self) -> set[str]:
        return {problem.code for problem in self.problems}


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Return one folder to all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def compiled(shared_folder: Path) -> Iterator[Callable[[str], Report]]:
    """Return the report of a case of `fixtures.CASES`, compiled once, whichever worker asks first."""
    reports: dict[str, Report] = {}

    def compile_once(name: str) -> Report:
        if name not in reports:
            folder = shared_folder / name
            folder.mkdir(exist_ok=True)
            with (folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                stored = folder / "report.pickle"
                if not stored.exists():
                    stored.write_bytes(pickle.dumps(_compile(name, folder)))
                reports[name] = pickle.loads(stored.read_bytes())
        return reports[name]

    return compile_once


def _compile(name: str, folder: Path) -> Report:
    from fixtures import CASES
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.build import build_report

    case = CASES[name]
    record = case.lay_out(folder)
    settings = find_settings(record.parent, output=folder / "out", **case.settings)
    built = build_report(record, settings, keep_tex=True)
    files = tuple(path for path in built.pdf.parent.rglob("*") if path.is_file())
    return Report(record, built.pdf, files, built.problems)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed on its two streams."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run the command line in this process, as its entry point does."""

    def run_command(*arguments: str | Path, cwd: Path | None = None) -> Ended:
        from reportgen.cli import main

        if cwd is not None:
            monkeypatch.chdir(cwd)
        monkeypatch.setattr("sys.argv", ["reportgen", *map(str, arguments)])
        # This process has threads, and pipes to others: it is not forked.
        monkeypatch.setattr("reportgen.base.early_process.Function.start", lambda _: None)
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ended(ended.value.code or 0, printed.out, printed.err)

    return run_command
