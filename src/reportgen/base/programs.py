"""The programs of others that are run: where each one is, which version it has, and what it is for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportgen.base.cache import recall
from reportgen.base.systems import on_linux


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its name and what it is for; `packages` tells what brings it.

    Without one that is ``needed`` no report is built, or none of some. What is ``for_linux`` is on no other system.
    """

    name: str
    purpose: str
    needed: bool = False
    for_linux: bool = False

    @property
    def path(self) -> str | None:
        """Return where it is; None where it is not installed, or is none of this system's."""
        return find_program(self.name) if on_linux() or not self.for_linux else None

    def version(self) -> str:
        """Return the first line of what it says of itself.

        Raises:
            OSError, SubprocessError: it is not installed, or does not run.

        """
        return _version(self.path or self.name)


PROGRAMS = {
    program.name: program
    for program in (
        Program("pdftex", "sets reports in Latin letters", needed=True),
        Program("luahbtex", "sets reports in all other letters", needed=True),
        Program("kpsewhich", "finds the files of TeX", needed=True),
        Program("bwrap", "puts walls around TeX", for_linux=True),
        Program("prlimit", "bounds what TeX may take", for_linux=True),
        Program("setpriv", "ends TeX with reportgen where it has no walls", for_linux=True),
        Program("git", "tells `batch --changed-since` what a revision holds"),
        Program("pandoc", "writes reports as Word, OpenDocument and EPUB"),
    )
}


PLACES = {
    "darwin": (("/Library/TeX", "texbin"), ("/opt/homebrew", "bin"), ("/usr/local", "bin")),
    "win32": (("C:/texlive", "*/bin/windows"),),
}
"""Where TeX may lie beside the PATH, as a folder and a pattern: what the desktop starts has no terminal's PATH."""


def find_program(name: str) -> str | None:
    """Find a program on the PATH, or where this system has TeX; looked for once a process."""
    return _found(name, search_path(), sys.platform)


def search_path() -> str:
    """Return the PATH, and after it the places where this system has TeX; of several years the latest goes first."""
    places = [
        str(place)
        for folder, pattern in PLACES.get(sys.platform, ())
        for place in sorted(Path(folder).glob(pattern), reverse=True)
    ]
    return os.pathsep.join([os.environ.get("PATH", os.defpath), *places])


@cache
def _found(name: str, path: str, _: str) -> str | None:
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
