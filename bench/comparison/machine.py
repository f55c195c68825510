"""Where and with what was measured."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path

from comparison.process import ROOT
from comparison.table import Table

OWN = ("reportgen-claims", "matplotlib", "pylatex", "bibtexparser", "jinja2", "pikepdf", "pandas", "pydantic")
OF_PEERS = ("typst", "weasyprint", "pydyf", "fonttools")
PROGRAMS = {
    "pdfTeX": ["pdftex", "--version"],
    "latexmk": ["latexmk", "--version"],
    "biber": ["biber", "--version"],
    "pandoc": ["pandoc", "--version"],
}


def facts() -> Table:
    """Name the date, the machine and the version of every tool."""
    installed = {
        found.name.lower(): found.version for found in distributions(path=[str(ROOT / ".tools/bench")])
    }
    rows = [
        ("date", dt.datetime.now(tz=dt.UTC).date().isoformat()),
        ("system", _system()),
        ("processor", f"{_processor()}, {len(os.sched_getaffinity(0))} cores"),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"),
        ("load average", f"{os.getloadavg()[0]:.2f} before the first measurement"),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in OWN),
        *((f"{name} (peers)", installed[name]) for name in OF_PEERS),
        *((name, _first_version(command)) for name, command in PROGRAMS.items()),
    ]
    return Table("Machine and tools", ("what", "which"), tuple(rows))


def _system() -> str:
    return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}"


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _first_version(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if any(character.isdigit() for character in line)]
    return lines[0].strip()
