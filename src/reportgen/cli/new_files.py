"""Files that a command writes only where there are none yet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.paths import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def already_there(paths: Iterable[Path]) -> list[Path]:
    """Return those of the paths at which something is, be it a link that leads nowhere."""
    return [path for path in paths if os.path.lexists(path)]


def write_new(files: Mapping[Path, str], *, otherwise: str) -> list[Path]:
    """Write files and return their paths; where one is there already, write none.

    ``otherwise`` says what to do then.

    Raises:
        OutputError: one is there already, or cannot be written.

    """
    if there := already_there(files):
        names = ", ".join(map(str, there))
        message = f"{names} {'is' if len(there) == 1 else 'are'} there already; nothing was written"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, otherwise)])
    for path, text in files.items():
        try:
            write_atomically(path, text.encode())
        except OSError as error:
            message = f"cannot write {path}: {error.strerror or error}"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, otherwise)]) from error
    return list(files)
