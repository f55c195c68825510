from __future__ import annotations

import ast
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.pdf.typeset import walls_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
PYTHON = Path("/usr/bin/python3")
NOBODY = 65534
USERS = {"root": 0, "ordinary-user": NOBODY} if os.getuid() == 0 else {"ordinary-user": os.getuid()}
TOKEN = "token-that-must-not-leave"
BOUND_MB = 4
LIMITS = {"seconds": 60, "memory_mb": 300, "output_mb": BOUND_MB}

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="the probe needs a Python of the system")
needs_walls = pytest.mark.skipif(bool(walls_fault()), reason="bubblewrap may not be used here")


def escapes() -> list[str]:
    """Read the names of all escapes from the probe, which runs elsewhere."""
    tree = ast.parse((HERE / "escapes.py").read_text())
    (table,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ESCAPES"
    ]
    return [ast.literal_eval(key) for key in table.keys]


class World:
    """A machine as a hostile run may find it: secrets, listeners, another run's folder, and the probe as TeX."""

    def __init__(self, folder: Path, stack: ExitStack, *, walls: bool) -> None:
        self.folder = folder
        self.mark = f"probe-{uuid.uuid4()}"
        for name in ("bin", "cache", "tmp", "home", "outside", "tmp/reportgen-other"):
            (folder / name).mkdir()
            (folder / name).chmod(0o755)
        for name in ("home/secret", "tmp/reportgen-other/secret", "format.fmt"):
            (folder / name).write_text("secret")
        (folder / "outside").chmod(0o777)
        program = folder / "bin" / "pdftex"
        program.write_text(f"#!{PYTHON}\n" + (HERE / "escapes.py").read_text())
        program.chmod(0o755)
        for tool in ("prlimit", "setpriv", *(["bwrap"] if walls else [])):
            (folder / "bin" / tool).symlink_to(shutil.which(tool))
        self.abstract = f"reportgen-{uuid.uuid4()}"
        listeners = [(socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, str(folder / "socket"))]
        listeners.append((socket.AF_UNIX, f"\0{self.abstract}"))
        self.listening = []
        for family, address in listeners:
            listener = stack.enter_context(socket.socket(family))
            listener.bind(address)
            listener.listen()
            self.listening.append(listener)
        (folder / "socket").chmod(0o777)

    def start(
        self, user: int, life: str = "", escapes: Sequence[str] = (), **limits: int
    ) -> subprocess.Popen[str]:
        probe = {
            "life": life,
            "escapes": escapes,
            "token": TOKEN,
            "bound_mb": BOUND_MB,
            "memory_mb": 2 * LIMITS["memory_mb"],
            "secret": str(self.folder / "home/secret"),
            "other_run": str(self.folder / "tmp/reportgen-other/secret"),
            "cache": str(self.folder / "cache"),
            "outside": str(self.folder / "outside/new"),
            "socket": str(self.folder / "socket"),
            "abstract": self.abstract,
            "port": self.listening[0].getsockname()[1],
        }
        given = {"user": user, "mark": self.mark, "probe": probe, "limits": LIMITS | limits}
        given["format"] = str(self.folder / "format.fmt")
        environment = {
            "PATH": str(self.folder / "bin"),
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "REPORTGEN_CACHE": str(self.folder / "cache"),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "SECRET_TOKEN": TOKEN,
        }
        command = [sys.executable, str(HERE / "driver.py"), json.dumps(given)]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, user: int, life: str = "", escapes: Sequence[str] = (), **limits: int) -> dict:
        driver = self.start(user, life, escapes, **limits)
        out, err = driver.communicate(timeout=120)
        assert driver.returncode == 0, err
        return json.loads(out)

    def probes(self) -> list[int]:
        """Find the processes of the probe, wherever they run."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                words = (path / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if self.mark.encode() in words and str(PYTHON).encode() in words[0]:
                found.append(int(path.name))
        return found

    def wait_for_probe(self) -> list[int]:
        while not (found := self.probes()):
            time.sleep(0.05)
        return found


def make_world(*, walls: bool):
    folder = Path(tempfile.mkdtemp(prefix="reportgen-attack-"))
    folder.chmod(0o755)
    try:
        with ExitStack() as stack:
            yield World(folder, stack, walls=walls)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def walled():
    yield from make_world(walls=True)


@pytest.fixture
def bare():
    yield from make_world(walls=False)


@pytest.fixture(scope="module", params=USERS, ids=[f"as-{name}" for name in USERS])
def got(request):
    """What each escape got, in one run for each user."""
    generator = make_world(walls=True)
    world = next(generator)
    answer = world.run(USERS[request.param])
    yield json.loads(answer["log"])
    generator.close()


@needs_walls
@pytest.mark.parametrize("escape", [pytest.param(name, id=f"{name}-gets-nothing") for name in escapes()])
def test_behind_walls_a_program_that(escape, got):
    assert got[escape] == ""


REAL = [
    *(
        "reads-passwd",
        "reads-a-file-at-home",
        "reads-another-runs-folder",
        "writes-outside",
        "sees-the-parent",
    ),
    *("opens-a-port-of-this-machine", "opens-a-unix-socket", "opens-an-abstract-socket", "makes-a-pipe"),
    "fills-its-folder",
]
HELD = ["takes-all-memory", "makes-the-pdf-huge", "raises-its-limits"]


def test_without_walls_the_harmless_ones_of_these_escapes_work_and_limits_hold(bare):
    answer = bare.run(NOBODY if os.getuid() == 0 else os.getuid(), escapes=[*REAL, *HELD])
    assert answer["fault"] == "bubblewrap is not installed"
    assert {name: bool(what) for name, what in json.loads(answer["log"]).items()} == {
        **dict.fromkeys(REAL, True),
        **dict.fromkeys(HELD, False),
    }


PLACES = {"walled": needs_walls, "bare": ()}
EVERYWHERE = [pytest.param(name, marks=mark, id=f"{name}-is-stopped") for name, mark in PLACES.items()]
AS_EACH = pytest.mark.parametrize("user", USERS)


@AS_EACH
@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_program_that_prints_for_ever(place, user, request):
    answer = request.getfixturevalue(place).run(USERS[user], "endless-output")
    assert (answer["status"], answer["timed_out"]) == (-signal.SIGKILL, False)
    assert len(answer["output"]) < 100_000


@AS_EACH
@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_program_that_ignores_signals_and_its_time(place, user, request):
    world = request.getfixturevalue(place)
    answer = world.run(USERS[user], "endless", seconds=1)
    assert answer["timed_out"]
    if place == "walled":
        assert_gone(world)
    for pid in world.probes():
        os.kill(pid, signal.SIGKILL)


def assert_gone(world: World) -> None:
    for pid in world.probes():
        try:
            ended = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        assert select.select([ended], [], [], 60)[0], "a process of the run is still there"
        os.close(ended)
    assert world.probes() == []


@AS_EACH
@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_program_whose_parent_is_killed(place, user, request):
    world = request.getfixturevalue(place)
    driver = world.start(USERS[user], "endless")
    (first, *others) = world.wait_for_probe()
    driver.kill()
    driver.communicate()
    if place == "walled":
        assert_gone(world)
    else:
        ended = os.pidfd_open(first)
        assert select.select([ended], [], [], 60)[0]
        os.close(ended)
    for pid in [*others, *world.probes()]:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "life",
    [
        pytest.param("leaves-a-link", id="leaves-a-link-out-gives-a-problem-not-the-other-file"),
        pytest.param("leaves-a-pipe", id="leaves-a-pipe-gives-a-problem-and-no-wait"),
        pytest.param("leaves-a-folder", id="leaves-a-folder-gives-a-problem"),
    ],
)
def test_without_walls_a_program_that(life, bare):
    answer = bare.run(os.getuid(), life)
    assert answer["code"] == "tex-result"
    assert "report.pdf" in answer["message"]


def test_without_walls_nothing_but_what_tex_needs_is_in_the_environment(bare, monkeypatch):
    (bare.folder / "bin/pdftex").write_text(f"#!{PYTHON}\nimport os\nprint(sorted(os.environ))\n")
    names = ast.literal_eval(bare.run(os.getuid())["output"])
    assert "SECRET_TOKEN" not in names
    assert {"TEXMFCACHE", "openin_any", "openout_any"} <= {*names}
