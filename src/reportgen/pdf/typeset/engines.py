"""The TeX engines: what they are called, where they are, which versions they have."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportgen.base.cache import recall
from reportgen.base.errors import SetupError
from reportgen.pdf.typeset.log import tex_problem


@dataclass(frozen=True, slots=True)
class Engine:
    """One TeX engine: its program and the LaTeX format our preamble is dumped on top of."""

    name: str
    program: str
    base_format: str
    package: str


ENGINES = {
    "pdftex": Engine("pdftex", "pdftex", "pdflatex", "texlive-latex-base"),
    "luatex": Engine("luatex", "luahbtex", "lualatex", "texlive-luatex"),
}


@cache
def engine_version(name: str) -> str:
    """Give the first line of the engine's ``--version``.

    Raises:
        SetupError: the engine is not installed.

    """
    engine = ENGINES[name]
    path = shutil.which(engine.program)
    if path is None:
        hint = f"install it, on Debian with: apt-get install {engine.package}; `reportgen doctor` checks everything"
        raise SetupError(
            [tex_problem("engine-missing", f"the TeX engine {engine.program} is not installed", hint)]
        )
    status = Path(path).resolve().stat()
    return _version_line(path, status.st_mtime_ns)


@cache
def _version_line(path: str, stamp: int) -> str:
    """Ask the engine once a machine: the answer is kept by the program's time stamp."""

    def ask() -> bytes:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
        return done.stdout.splitlines()[0]

    return recall("formats", f"{Path(path).name}-{stamp}", ".version", ask).decode("utf-8", "replace")
