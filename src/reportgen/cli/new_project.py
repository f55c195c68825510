"""A small working project, as ``reportgen init`` lays it out: the files in `starter`, and those for editors."""

from __future__ import annotations

from pathlib import Path

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import path_within
from reportgen.cli.editor import editor_files
from reportgen.cli.new_files import already_there, write_new

_STARTER = Path(__file__).with_name("starter")
_FILES = (
    "records/example.json",
    "records/figures/reliability.svg",
    "bib/references.bib",
    "reportgen.toml",
    ".gitignore",
)
WORKFLOWS = {"github": ".github/workflows/reports.yml", "gitlab": ".gitlab-ci.yml"}
"""What builds the reports of a project, by the server that runs it."""


def init_project(folder: Path, policy: str = "plain", ci: str = "github") -> list[Path]:
    """Write the files of a new project and return their paths; nothing that exists is touched.

    ``ci`` is the server that is to build the reports, of those in `WORKFLOWS`; ``none`` for none.

    Raises:
        OutputError: one of the files is there already, or cannot be written.

    """
    names = [*_FILES, *([WORKFLOWS[ci]] if ci in WORKFLOWS else [])]
    starter = {name: (_STARTER / name).read_text(encoding="utf-8") for name in names}
    files = {**starter, **editor_files()}
    if there := already_there(folder / name for name in files):
        found = [str(path.relative_to(folder)) for path in there]
        others = [name for name in files if name not in found]
        message = (
            f"in {folder}, {', '.join(found)} exist already; nothing was written, neither {', '.join(others)}"
        )
        hint = f"name a new folder, or write the editor's files alone: `reportgen init {folder} --editor`"
        raise OutputError([Problem("init-exists", Level.ERROR, Where(), message, hint)])
    texts = {name: text.replace("{policy}", policy) for name, text in files.items()}
    return write_new(_within(folder, texts), otherwise="name another folder")


def add_editor_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Write the files for editors that a project lacks; return those written, and those that were there.

    Raises:
        OutputError: one cannot be written.

    """
    files = _within(folder, editor_files())
    there = already_there(files)
    missing = {path: text for path, text in files.items() if path not in there}
    return write_new(missing, otherwise="check the permissions of the folder"), there


def _within(folder: Path, texts: dict[str, str]) -> dict[Path, str]:
    """Return the files of a folder by their paths.

    Raises:
        OutputError: a folder in it is a link that leads out.

    """
    try:
        for name in texts:
            path_within(folder, (folder / name).parent)
    except OSError as error:
        raise OutputError([Problem("output", Level.ERROR, Where(str(folder)), str(error))]) from error
    return {folder / name: text for name, text in texts.items()}
