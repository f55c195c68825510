"""What to install where something is missing: the packages of each package manager, and the command that installs them.

A thing is what reportgen looks for; `packages.toml` says which package brings it.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.programs import find_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OS_RELEASE = Path("/etc/os-release")
_BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: its name, the start of its command, and whether only an administrator may run it."""

    name: str
    install: str
    as_root: bool = True


MANAGERS = {
    manager.name: manager
    for manager in (
        Manager("apt", "apt-get install"),
        Manager("dnf", "dnf install"),
        Manager("pacman", "pacman -S"),
        Manager("zypper", "zypper install"),
        Manager("brew", "brew install", as_root=False),
        Manager("winget", "winget install --exact --id", as_root=False),
        Manager("tlmgr", "tlmgr install"),
    )
}
_PROGRAMS = {"apt": "apt-get", "dnf": "dnf", "pacman": "pacman", "zypper": "zypper"}
_DISTRIBUTIONS = {
    **dict.fromkeys(("debian", "ubuntu"), "apt"),
    **dict.fromkeys(("fedora", "rhel", "centos"), "dnf"),
    "arch": "pacman",
    **dict.fromkeys(("opensuse", "suse"), "zypper"),
}
"""The manager by the names that a distribution has for itself and for those it is like."""


_TITLES = {
    "https://tug.org/texlive": "TeX Live",
    "https://notofonts.github.io": "Noto's fonts",
    "https://github.com/util-linux/util-linux": "util-linux",
}
"""What is found at a place, where it is more than the one thing."""


@cache
def packages() -> Mapping[str, Mapping[str, str]]:
    """Return what brings each thing: a package by the manager's name, and a place where it is had by hand."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        source: {thing: package for package, things in lists.items() for thing in things}
        for source, lists in table.items()
    }


def system_manager() -> Manager | None:
    """Return the package manager of this system; None where it is none of those known here."""
    if sys.platform in {"darwin", "win32"}:
        return MANAGERS["brew" if sys.platform == "darwin" else "winget"]
    for name in _distribution():
        if name in _DISTRIBUTIONS:
            return MANAGERS[_DISTRIBUTIONS[name]]
    return next((MANAGERS[name] for name, program in _PROGRAMS.items() if find_program(program)), None)


def _distribution() -> list[str]:
    """Return what the distribution calls itself, then what it is like: ``linuxmint``, ``ubuntu``, ``debian``."""
    try:
        text = OS_RELEASE.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    said = dict(re.findall(r"^(ID|ID_LIKE)=[\"']?([^\"'\n]*)", text, re.MULTILINE))
    names = f"{said.get('ID', '')} {said.get('ID_LIKE', '')}".split()
    # openSUSE's two kinds call themselves opensuse-leap and opensuse-tumbleweed.
    return [part for name in names for part in (name, name.partition("-")[0])]


def tex_tree() -> Path | None:
    """Return the folder of a TeX Live that its own installer laid out; None where TeX is the system's, or missing.

    There ``bin/<system>/kpsewhich`` stands beside ``tlpkg``, what ``tlmgr`` knows of the installation.
    """
    found = find_program("kpsewhich")
    tree = Path(os.path.realpath(found)).parent.parent.parent if found else None
    return tree if tree and (tree / "tlpkg").is_dir() else None


def manager_for(thing: str) -> Manager | None:
    """Return the manager that has a thing: TeX Live's own where TeX came by it, else the system's."""
    known = packages()
    if thing in known["tlmgr"] and tex_tree():
        return MANAGERS["tlmgr"]
    manager = system_manager()
    return manager if manager and thing in known[manager.name] else None


def package_of(thing: str) -> str:
    """Return the package that brings a thing here, or the place where it is had by hand."""
    manager = manager_for(thing)
    return packages()[manager.name if manager else _BY_HAND][thing]


def how_to_install(*things: str) -> str:
    """Say in one line how to install things here: ``apt-get install fonts-symbola``."""
    return "; ".join(ways_to_install(things))


def ways_to_install(things: Iterable[str], *, ready: bool = False) -> list[str]:
    """Return one command for each manager that has some of the things, and the places of those that none has.

    A command that is ``ready`` begins with ``sudo`` where only an administrator may run it and this user is none.
    """
    wanted = list(dict.fromkeys(things))
    places: dict[str, str] = {}
    for thing in wanted:
        if manager_for(thing) is None:
            place = packages()[_BY_HAND][thing]
            places[place] = f"{_TITLES.get(place, thing)}, by hand from {place}"
    return [*_commands(wanted, ready=ready), *places.values()]


def _commands(things: list[str], *, ready: bool) -> Iterator[str]:
    found: dict[Manager, set[str]] = {}
    for thing in things:
        if manager := manager_for(thing):
            found.setdefault(manager, set()).add(packages()[manager.name][thing])
    for manager, names in found.items():
        sudo = "sudo " if ready and manager.as_root and _needs_sudo() else ""
        yield f"{sudo}{manager.install} {' '.join(sorted(names))}"


def _needs_sudo() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() != 0 and find_program("sudo") is not None
