"""Empty machines for the workflows of CI, and what outlives them on their server.

Each run begins on a machine with nothing but the files of the commit: an empty home, and of programs those of the
system. What would ask the network or install into the system, apt, sudo, venv and pip, are fakes that write down how
they were called; the reportgen which they "install" is the real one.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORTGEN = Path(sys.executable).parent / "reportgen"
SYSTEM = "/usr/bin:/bin"

_WRITE_DOWN = 'printf "[%s]\\n" "called: ${0##*/}" "$@" >>"$CALLS"\n'
_MAKE_VENV = """
for folder; do :; done
mkdir -p "$folder/bin"
for name in pip uv reportgen; do ln -s "$PROGRAMS/in-venv/$name" "$folder/bin/$name"; done
"""
_FAKES = {
    "apt-get": _WRITE_DOWN,
    "sudo": _WRITE_DOWN + 'exec "$@"\n',
    "dpkg-query": "exit 1\n",
    "id": 'echo "${AS_USER:-0}"\n',
    "python": _WRITE_DOWN + _MAKE_VENV,
    "python3": _WRITE_DOWN + _MAKE_VENV,
    "pip": _WRITE_DOWN + 'ln -sf "$PROGRAMS/in-venv/reportgen" "$PROGRAMS/reportgen"\n',
    "in-venv/pip": _WRITE_DOWN + 'if [ "$1" = freeze ]; then cat "$PROGRAMS/installed"; fi\n',
    "in-venv/uv": _WRITE_DOWN,
}


@dataclass
class Server:
    """What outlives a run: the caches, newest last, and what the last run handed out; and how its machines are made."""

    folder: Path
    caches: dict[str, Path] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    runs: int = 0
    upgraded: tuple[str, str] | None = None
    """A library and the version that its machines have of it."""

    def machine(self) -> Machine:
        self.runs += 1
        machine = Machine(self, self.folder / f"machine-{self.runs}")
        machine.set_up()
        return machine

    def save(self, key: str, paths: Mapping[str, Path]) -> None:
        """Keep a cache; as GitHub's, one that is there is never overwritten."""
        if key in self.caches:
            return
        kept = Path(tempfile.mkdtemp(prefix="cache-", dir=self.folder))
        for name, path in paths.items():
            if path.exists():
                shutil.copytree(path, kept / hashlib.sha256(name.encode()).hexdigest())
        self.caches[key] = kept

    def restore(self, keys: list[str], paths: Mapping[str, Path]) -> str:
        """Lay out the newest cache of the first prefix that has one, and return its key."""
        for prefix in keys:
            for key in reversed(self.caches):
                if key.startswith(prefix):
                    for name, path in paths.items():
                        kept = self.caches[key] / hashlib.sha256(name.encode()).hexdigest()
                        if kept.exists():
                            shutil.copytree(kept, path, dirs_exist_ok=True)
                    return key
        return ""


@dataclass
class Machine:
    """A machine for one run."""

    server: Server
    folder: Path

    def set_up(self) -> None:
        for each in ("home", "temp", "work", "programs/in-venv"):
            (self.folder / each).mkdir(parents=True)
        for name, script in _FAKES.items():
            self.program(name, script)
        name, version = self.server.upgraded or ("reportgen-claims", "0")
        (self.programs / "installed").write_text(f"{name}=={version}\n")
        upgrade = self.programs / "upgrade"
        upgrade.mkdir()
        if self.server.upgraded:
            (upgrade / "sitecustomize.py").write_text(
                "import importlib.metadata as metadata\nversion = metadata.version\n"
                f"metadata.version = lambda name: {version!r} if name == {name!r} else version(name)\n"
            )
        self.program("in-venv/reportgen", f'PYTHONPATH="{upgrade}" exec "{REPORTGEN}" "$@"\n')

    def program(self, name: str, script: str) -> None:
        """Make a program of the machine."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}")
        path.chmod(0o755)

    @property
    def programs(self) -> Path:
        return self.folder / "programs"

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def environment(self) -> dict[str, str]:
        """Name all that a process of the machine finds in its environment."""
        return {
            "PATH": f"{self.programs}:{SYSTEM}",
            "HOME": str(self.folder / "home"),
            "LANG": "C.UTF-8",
            "PROGRAMS": str(self.programs),
            "CALLS": str(self.folder / "calls"),
        }

    def calls(self) -> list[list[str]]:
        """Return how the fakes were called."""
        calls = self.folder / "calls"
        words = re.findall(r"\[((?:.|\n)*?)\]\n", calls.read_text() if calls.exists() else "")
        found: list[list[str]] = []
        for word in words:
            if word.startswith("called: "):
                found.append([])
            found[-1].append(word.removeprefix("called: "))
        return found

    def run(self, command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.work,
            env={**self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


@dataclass
class Run:
    """How a run went: what each step ended with, what was printed, what the machine looks like."""

    machine: Machine
    outcomes: dict[str, str] = field(default_factory=dict)
    log: str = ""
    matched: str = ""
    saved: str = ""

    @property
    def ok(self) -> bool:
        return "failure" not in self.outcomes.values()

    @property
    def summary(self) -> str:
        path = self.machine.folder / "summary"
        return path.read_text() if path.exists() else ""
