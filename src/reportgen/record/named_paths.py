"""The paths that a record names: where they may lead, and what their files are called inside a report."""

from __future__ import annotations

import posixpath
import re
from itertools import takewhile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from reportgen.base.foreign import DEEPEST_FOLDER, path_within
from reportgen.base.paths import cache_folder, real_path
from reportgen.base.settings import project_root

if TYPE_CHECKING:
    from collections.abc import Collection

_UP = "above-"
_CLIMBED = re.compile(rf"{_UP}({'|'.join(map(str, range(DEEPEST_FOLDER + 1)))})/(.+)", re.DOTALL)


def project_of(folder: Path) -> Path:
    """Return the folder that the files which a record names must lie in: its project, or without one its own folder.

    A copy of a record from elsewhere, which lies in the cache, belongs to no project of this machine's.
    """
    real = real_path(folder)
    root = project_root(real)
    if root is None:
        return real
    copies = real_path(cache_folder("remote"))
    return real if real.is_relative_to(copies) and not root.is_relative_to(copies) else root


def path_inside(folder: Path, name: str, project: Path | None = None) -> Path:
    """Resolve a path that a record names, which is relative to the record's folder and stays inside its project.

    Whether anything lies there is not asked. ``project`` is that of the folder, where the caller knows it.

    Raises:
        ValueError: the path is absolute, leaves the project, through a link too, or climbs with ``..`` elsewhere
            than at its beginning.

    """
    if "\0" in name or Path(name).is_absolute() or PureWindowsPath(name).drive:
        raise ValueError(f"{name!r} is not a path relative to the record")
    climbs, below = _climb(name)
    if ".." in below.replace("\\", "/").split("/"):
        raise ValueError(f"{name!r} climbs with `..` behind the name of a folder")
    path, root = folder / name, project_of(folder) if project is None else project
    try:
        path_within(root, path)
    except OSError as error:
        through = "" if climbs else " through a link"
        raise ValueError(f"{name!r} leaves the record's project, {root}{through}") from error
    if climbs > DEEPEST_FOLDER:
        raise ValueError(f"{name!r} climbs more than {DEEPEST_FOLDER} folders")
    return path


def _climb(name: str) -> tuple[int, str]:
    """Return how many folders a name climbs, and what of it follows that."""
    parts = PurePosixPath(name).parts
    climbs = sum(1 for _ in takewhile("..".__eq__, parts))
    return climbs, "/".join(parts[climbs:])


def name_inside(name: str) -> str:
    """Return what a file that a record names is called inside a report, where no name climbs.

    ``../figures/x.png`` is ``above-1/figures/x.png``; what lies in a folder of such a name beside the record is
    below ``above-0``, so that no two files have one name.
    """
    climbs, below = _climb(name)
    return f"{_UP}{climbs}/{below}" if climbs or _CLIMBED.match(below) else below


def name_outside(inside: str) -> str:
    """Return what the record calls a file by what it is called inside a report: the undoing of `name_inside`."""
    climbed = _CLIMBED.fullmatch(inside)
    return "../" * int(climbed[1]) + climbed[2] if climbed else inside


def places_in_project(names: Collection[str]) -> tuple[str, dict[str, str]]:
    """Return where a record lies in a new project, a folder, and there the path of each file that it names.

    The record lies as deep as its names climb, in folders that none of them names.
    """
    folder = "record"
    while any(folder in name for name in names):
        folder += "-"
    place = "/".join([folder] * max((_climb(name)[0] for name in names), default=0))
    return place, {name: posixpath.normpath(posixpath.join(place, name)) for name in names}
