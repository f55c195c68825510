"""One run of a TeX program, which is not trusted: what it is given, its world, and what it leaves."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import TypesetError
from reportgen.base.foreign import read_foreign
from reportgen.base.paths import cache_folder, require_room
from reportgen.base.programs import find_program, search_path
from reportgen.base.systems import on_windows
from reportgen.pdf.typeset import walls
from reportgen.pdf.typeset.log import tex_problem
from reportgen.pdf.typeset.process import MEGABYTE, limited, run, tied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.settings import Limits
    from reportgen.pdf.typeset.engines import Engine
    from reportgen.pdf.typeset.process import ProcessResult


FLAGS = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")
_LIST_OF_FONTS = "luatex-cache/generic/names/luaotfload-names.*"


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made: the engine, its arguments, the files in its folder, and those that it is to leave.

    ``links`` are files that lie elsewhere, by the names that the run finds them under. ``scratch`` is a folder
    for what the engine keeps of the fonts it loads, which is else gone at the end.
    """

    engine: Engine
    arguments: tuple[str, ...]
    files: Mapping[str, bytes]
    results: tuple[str, ...]
    date: dt.date
    limits: Limits
    links: Mapping[str, Path] = field(default_factory=dict)
    scratch: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a run and the files it left; one that it did not write is empty."""

    outcome: ProcessResult
    results: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """Return a file as text, whatever it holds: a byte of no character stands there by its number."""
        return self.results[name].decode("utf-8", "backslashreplace")


def run_tex(job: Job) -> Done:
    """Run TeX in a private folder, behind walls where this system has them; the folder is gone afterwards.

    Raises:
        OSError: it failed, and there is no room in the folder for temporary files.
        TypesetError: it left something else than files, or too large ones.

    """
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name)
        for file, content in job.files.items():
            (folder / file).write_bytes(content)
        outcome = _without_walls(job, folder) if walls.walls_fault() else _within_walls(job, folder)
        if outcome.returncode:
            require_room(folder)
        return Done(outcome, {result: _left(folder / result, job.limits) for result in job.results})


def _within_walls(job: Job, folder: Path) -> ProcessResult:
    for result in job.results:
        (folder / result).touch()
    program = walls.program_path(job.engine.program)
    environment = private_environment(
        job.date, path=f"{program.parent}:{os.defpath}", scratch=walls.SCRATCH, faces=walls.FACES
    )
    with walls.call_filters() as filters:
        limited_command = limited([job.engine.program, *job.arguments], job.limits)
        command = walls.walled(
            limited_command, job, folder, faces=faces_folder(), known=_known(job), filters=filters
        )
        return run(command, folder, environment, job.limits, handles=filters)


def _without_walls(job: Job, folder: Path) -> ProcessResult:
    for name, path in job.links.items():
        _link(folder / name, path.resolve())
    scratch = job.scratch or folder / "texmf"
    for known in _known(job):
        (scratch / known).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(faces_folder() / known, scratch / known)
    environment = private_environment(
        job.date,
        path=search_path(),
        scratch=str(scratch),
        faces=str(faces_folder()),
    )
    program = find_program(job.engine.program) or job.engine.program
    command = tied(limited([program, *job.arguments], job.limits))
    return run(command, folder, environment, job.limits)


def _link(link: Path, target: Path) -> None:
    try:
        link.symlink_to(target)
    except OSError:  # Windows lets only some users make links
        shutil.copy(target, link)


def faces_folder() -> Path:
    """Return the folder of what LuaTeX keeps of the fonts: Lua code, so no run of TeX may write there."""
    folder = cache_folder("texmf") / "faces"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _known(job: Job) -> list[str]:
    """Name the files of LuaTeX's list of all fonts, which it only looks for where it writes."""
    folder = faces_folder()
    if job.engine.name != "luatex" or job.scratch:
        return []
    return sorted(str(path.relative_to(folder)) for path in folder.glob(_LIST_OF_FONTS))


def private_environment(date: dt.date, *, path: str, scratch: str, faces: str) -> dict[str, str]:
    """Return TeX a private, fixed world: no user trees, no clock, no time zone, no file outside its folder.

    It keeps what it knows of fonts in ``scratch``, and reads what is kept in ``faces``, too.
    """
    epoch = int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    return {
        # Without it no program of Windows starts.
        **{name: value for name in ("SYSTEMROOT",) if (value := os.environ.get(name)) and on_windows()},
        "PATH": path,
        "HOME": scratch,
        "TEXMFHOME": f"{scratch}/home",
        "TEXMFVAR": scratch,
        "TEXMFCONFIG": f"{scratch}/config",
        "TEXMFCACHE": f"{scratch}{os.pathsep}{faces}",
        "SOURCE_DATE_EPOCH": str(max(epoch, 0)),
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        # Large pages: half of what TeX does before its first line is touching the memory of the format.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "LC_ALL": "C",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "100000",
        "error_line": "254",
        "half_error_line": "238",
    }


def _left(path: Path, limits: Limits) -> bytes:
    """Read what a run left; nothing where it left nothing."""
    try:
        return read_foreign(path, root=path.parent, most_bytes=limits.output_mb * MEGABYTE)
    except FileNotFoundError:
        return b""
    except OSError as error:
        message = f"TeX left something in place of {path.name} that is not read: {error.strerror}"
        raise TypesetError([tex_problem("tex-result", message)]) from error
