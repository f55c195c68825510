"""Files by their paths in the repository, by which servers of CI show them."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path

from reportgen.base.paths import real_path

_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""What the machines of GitHub and of GitLab call the folder that holds the repository."""


def repository_root() -> Path:
    """Return the top of the repository that we are in; without one the current folder.

    A server of CI names it; elsewhere it is the nearest folder, from here up, that holds `.git`.
    """
    here = Path.cwd()
    above = (here, *here.parents)
    named = [real_path(Path(folder)) for name in _CHECKOUTS if (folder := os.environ.get(name))]
    checkouts = (folder for folder in above if os.path.lexists(folder / ".git"))
    return next(chain((folder for folder in named if folder in above), checkouts), here)


def path_in(root: Path, file: str) -> str:
    """Return a file below a folder by its path from there, and any other by its whole path, or its URL.

    Links are followed: a repository knows a file by no path that leads through one.
    """
    if "://" in file:
        return file
    whole = Path(os.path.normpath(Path.cwd() / file))
    inside = (path for path in (real_path(whole), whole) if path.is_relative_to(root))
    return next((str(path.relative_to(root)) for path in inside), str(whole))
