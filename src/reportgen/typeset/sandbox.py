"""One run of a program that is not trusted: its world, its limits, and the walls around it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.places import cache_folder
from reportgen.timings import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reportgen.settings import Limits


FLAGS = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")


def private_environment(date: dt.date) -> dict[str, str]:
    """Give TeX a private, fixed world: no user trees, no clock, no time zone, no file outside its folder."""
    epoch = int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    cache_root = cache_folder("texmf")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(cache_root),
        "TEXMFHOME": str(cache_root / "home"),
        "TEXMFVAR": str(cache_root / "var"),
        "TEXMFCONFIG": str(cache_root / "config"),
        "TEXMFCACHE": str(cache_root / "var"),
        "SOURCE_DATE_EPOCH": str(max(epoch, 0)),
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        # Large pages: half of what TeX does before its first line is touching the memory of the format.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "LC_ALL": "C",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "100000",
        "error_line": "254",
        "half_error_line": "238",
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended: its status, what it printed, and whether its time ran out."""

    returncode: int
    output: str
    timed_out: bool = False


@stage("tex")
def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limits: Limits) -> Outcome:
    """Run a program in its own process group; when its time is over the whole group is killed."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limits.seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            return Outcome(-signal.SIGKILL, "", timed_out=True)
        raise
    return Outcome(process.returncode, output.decode("utf-8", "replace"))


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """Put bounds on memory and on the size of files around a command, where the system can."""
    if shutil.which("prlimit") is None:
        return list(command)
    megabyte = 1024 * 1024
    return [
        "prlimit",
        f"--as={limits.memory_mb * megabyte}",
        f"--fsize={limits.output_mb * megabyte}",
        "--core=0",
        "--",
        *command,
    ]


def sandboxed(command: list[str], program: str, folder: Path, readable: Iterable[Path]) -> list[str]:
    """Put a command that runs a TeX program into a bubblewrap sandbox where that works.

    Inside there is no network; only TeX, fonts and the ``readable`` folders can be read, and only the folder and
    TeX's cache written.
    """
    if not sandbox_works():
        return command
    texmf = str(cache_folder("texmf"))
    writable = ["--bind", str(folder), str(folder), "--bind", texmf, texmf]
    read = sorted({str(path) for path in readable} | {*_tex_tree(program)})
    bound = [part for path in read for part in ("--ro-bind", path, path)]
    return [*_SANDBOX, *bound, *writable, "--chdir", str(folder), "--", *command]


def _tex_tree(program: str) -> list[str]:
    """Give the folder of a TeX installation of its own: ``~/texlive/2026`` for its ``bin/x86_64-linux/pdftex``."""
    path = Path(shutil.which(program) or program).resolve()
    return [str(path.parents[2])] if len(path.parts) > 4 and not path.is_relative_to("/usr") else []


_SANDBOX = [
    "bwrap",
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    *(
        part
        for path in ("/usr", "/bin", "/lib", "/lib64", "/etc/texmf", "/var/lib/texmf", "/etc/alternatives")
        for part in ("--ro-bind-try", path, path)
    ),
    "--dev",
    "/dev",
    "--proc",
    "/proc",
]


@cache
def sandbox_works() -> bool:
    """Tell whether bubblewrap is installed and this system lets it make a sandbox."""
    if shutil.which("bwrap") is None:
        return False
    probe = [*_SANDBOX, "--", "true"]
    return subprocess.run(probe, capture_output=True, timeout=20, check=False).returncode == 0


def read_bytes(path: Path) -> bytes:
    """Read what a program left; nothing where it left nothing."""
    return path.read_bytes() if path.is_file() else b""
