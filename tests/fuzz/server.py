"""A warm process that runs commands: each in a fork of its own, with bounds on time and memory.

Importing all of reportgen takes a hundred times as long as most commands, and a command that hangs or is killed
by the system must not take the fuzzer with it.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, Self

from cases import Ended

WALL_SECONDS = 90
"""Longer than TeX may take; what waits for something that does not come is ended then."""
CPU_SECONDS = 30
MOST_ADDRESSES = 4_000_000_000
_SUBREAPER = 36
OUTSIDE = "fuzzer: refused outside of its world:"
_QUIET = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Server:
    """The warm process, as its user sees it."""

    def __init__(self, seconds: float = WALL_SECONDS) -> None:
        self._seconds = seconds
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZENODO", "COV"))}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**kept, **_QUIET, "MPLCONFIGDIR": f"{os.environ['REPORTGEN_CACHE']}/matplotlib"},
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.stdin.close()

    def run(self, arguments: tuple[str, ...], world: Path) -> Ended:
        """Run a command in the folder ``project`` of a world, which has folders ``home`` and ``tmp``, too."""
        request = {"arguments": list(map(str, arguments)), "world": str(world), "seconds": self._seconds}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


def _serve() -> None:
    # Whatever a command leaves running becomes a child of this process, and is found.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    _warm_up()
    gc.freeze()  # what is here is shared with each fork, and never collected in one
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


def _warm_up() -> None:
    """Import and read what any command needs: a report is built, and its text is read."""
    import pandas as pd  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import reportgen.charts.pdf  # noqa: F401
    from reportgen.base import early_process
    from reportgen.base.settings import Settings
    from reportgen.cli import _LAZY, bib, reports, zenodo  # noqa: F401
    from reportgen.delivery.zenodo import deposit, steps  # noqa: F401
    from reportgen.pipeline.build import make_report
    from reportgen.trust import verify

    __import__("reportgen.cli.batch")
    early_process.Function.start = lambda _: None
    record = Path(__file__).parents[2] / "records" / "795ca78a.json"
    for engine in ("pdftex", "luatex"):
        make_report(record, Settings(root=record.parents[1], engine=engine))
    assert verify.extract


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    streams = [Path(request["world"], name) for name in ("out", "err")]
    start = time.monotonic()
    child = os.fork()
    if not child:
        _run(request["arguments"], Path(request["world"]), streams)
    handle = os.pidfd_open(child)
    ended, _, _ = select.select([handle], [], [], request["seconds"])
    os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status, used = os.wait4(child, 0)
    out, err = (_read(stream) for stream in streams)
    code = os.waitstatus_to_exitcode(status)
    return {
        "code": code,
        "out": out,
        "err": err,
        "seconds": time.monotonic() - start,
        "memory": used.ru_maxrss * 1024,
        "killed": not ended or code == -signal.SIGXCPU,
        "strays": _end_strays(),
    }


def _read(stream: Path) -> str:
    text = stream.read_text("utf-8", "backslashreplace")
    stream.unlink()
    return text


def _end_strays() -> int:
    """End what a command left running, and count it; what ends by itself within a second is none."""
    strays = 0
    deadline = time.monotonic() + 1
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return strays
        if ended:
            continue
        if time.monotonic() > deadline:
            for child in Path("/proc/self/task").joinpath(str(os.getpid()), "children").read_text().split():
                os.kill(int(child), signal.SIGKILL)
                strays += 1
                os.waitpid(int(child), 0)
        time.sleep(0.001)


def _run(arguments: list[str], world: Path, streams: list[Path]) -> None:
    code = 1
    try:
        _enter(world, streams)
        code = _command(arguments)
    except BaseException:  # noqa: BLE001 - this process must end here, whatever comes
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _enter(world: Path, streams: list[Path]) -> None:
    for number, stream in enumerate(streams, 1):
        os.dup2(os.open(stream, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    os.chdir(world / "project")
    os.environ.update(HOME=str(world / "home"), TMPDIR=str(world / "tmp"))
    tempfile.tempdir = None
    bounds = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: MOST_ADDRESSES,
        resource.RLIMIT_FSIZE: 500_000_000,
        resource.RLIMIT_CORE: 0,
    }
    for bound, most in bounds.items():
        # The hard limit stays: TeX gets bounds of its own, which may be wider.
        resource.setrlimit(bound, (most, resource.getrlimit(bound)[1]))
    _forbid_network()
    _forbid_writing(world, os.environ["REPORTGEN_CACHE"], "/dev", "/proc")


def _forbid_writing(*roots: Path | str) -> None:
    """Refuse to change files anywhere else: what a case names may be any place of this machine."""
    allowed = tuple(os.path.realpath(root) for root in roots)
    changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and arguments[2] & changing:
            paths = arguments[:1]
        elif event in ("os.rename", "os.link", "os.symlink"):
            paths = arguments[1:2]
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate"):
            paths = arguments[:1]
        else:
            return
        for path in paths:
            if isinstance(path, str | bytes) and not os.path.realpath(os.fsdecode(path)).startswith(allowed):
                os.write(2, f"\n{OUTSIDE} {event} {os.fsdecode(path)!r}\n".encode("utf-8", "replace"))
                raise PermissionError(13, "refused by the fuzzer", path)

    sys.addaudithook(refuse)


def _forbid_network() -> None:
    import socket

    def refuse(_: socket.socket, address: object) -> None:
        raise AssertionError(f"the network was asked for: {address}")

    socket.socket.connect = socket.socket.connect_ex = refuse


def _command(arguments: list[str]) -> int:
    from reportgen.cli import main, messages

    say = messages.internal_error

    def say_where(error: BaseException) -> None:
        traceback.print_exception(error)
        say(error)

    messages.internal_error = say_where
    sys.argv = ["reportgen", *arguments]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    _serve()
