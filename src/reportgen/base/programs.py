"""The programs of others that are run: where each one is, which version it has, what brings it, and what for."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportgen.base.cache import recall


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its name, the Debian package that brings it, and what it is for.

    Without one that is ``needed`` no report is built, or none of some.
    """

    name: str
    package: str
    purpose: str
    needed: bool = False

    @property
    def path(self) -> str | None:
        """Return where it is; None where it is not installed."""
        return find_program(self.name)

    @property
    def remedy(self) -> str:
        """Return the command that installs it."""
        return f"apt-get install {self.package}"

    def version(self) -> str:
        """Return the first line of what it says of itself.

        Raises:
            OSError, SubprocessError: it is not installed, or does not run.

        """
        return _version(self.path or self.name)


PROGRAMS = {
    program.name: program
    for program in (
        Program("pdftex", "texlive-latex-base", "sets reports in Latin letters", needed=True),
        Program("luahbtex", "texlive-luatex", "sets reports in all other letters", needed=True),
        Program("kpsewhich", "texlive-binaries", "finds the files of TeX", needed=True),
        Program("bwrap", "bubblewrap", "puts walls around TeX"),
        Program("prlimit", "util-linux", "bounds what TeX may take"),
        Program("setpriv", "util-linux", "ends TeX with reportgen where it has no walls"),
        Program("git", "git", "tells `batch --changed-since` what a revision holds"),
    )
}


def find_program(name: str) -> str | None:
    """Find a program on the PATH, looked for once a process."""
    return _found(name, os.environ.get("PATH"))


@cache
def _found(name: str, path: str | None) -> str | None:
    return shutil.which(name, path=path)


@cache
def _version(path: str) -> str:
    """Ask a program once a machine: the answer is kept by the program's time stamp."""

    def ask() -> bytes:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
        return done.stdout.splitlines()[0]

    stamp = Path(path).resolve().stat().st_mtime_ns
    return recall("formats", f"{Path(path).name}-{stamp}", ".version", ask).decode("utf-8", "replace")


def find_tex_files(*asked: str) -> tuple[Path, ...]:
    """Ask kpsewhich for files, once a process; what is not found is not listed, nor anything without it."""
    kpsewhich = PROGRAMS["kpsewhich"].path
    return _tex_files(kpsewhich, asked) if kpsewhich and asked else ()


@cache
def _tex_files(kpsewhich: str, asked: tuple[str, ...]) -> tuple[Path, ...]:
    done = subprocess.run([kpsewhich, *asked], capture_output=True, text=True, timeout=60, check=False)
    return tuple(map(Path, done.stdout.split("\n")[:-1]))
