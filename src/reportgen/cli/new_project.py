"""A small working project, as ``reportgen init`` lays it out: a copy of the files in `starter`."""

from __future__ import annotations

import os
from pathlib import Path

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import path_within
from reportgen.base.paths import write_atomically

_STARTER = Path(__file__).with_name("starter")
_FILES = (
    "records/example.json",
    "bib/references.bib",
    "reportgen.toml",
    ".github/workflows/reports.yml",
    ".gitignore",
)


def init_project(folder: Path, policy: str = "plain") -> list[Path]:
    """Write the files of a new project and give their paths; nothing that exists is touched.

    Raises:
        OutputError: one of the files is there already, or cannot be written.

    """
    files = {folder / name: (_STARTER / name).read_text(encoding="utf-8") for name in _FILES}
    taken = [path for path in files if os.path.lexists(path)]
    if taken:
        message = f"{', '.join(map(str, taken))} exist already; nothing was written"
        raise OutputError([Problem("init-exists", Level.ERROR, Where(), message, "name a new folder")])
    try:
        places = {path_within(folder, path): content for path, content in files.items()}
        for path, content in places.items():
            write_atomically(path, content.replace("{policy}", policy).encode())
    except OSError as error:
        raise OutputError([Problem("output", Level.ERROR, Where(str(folder)), str(error))]) from error
    return list(files)
