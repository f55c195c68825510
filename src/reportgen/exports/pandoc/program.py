"""Word, OpenDocument and EPUB: what pandoc, run within bounds, makes of its AST."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.errors import Level, OutputError, Problem, SetupError, Where
from reportgen.base.packages import how_to_install
from reportgen.base.programs import PROGRAMS
from reportgen.exports.pandoc.archive import repacked
from reportgen.exports.pandoc.document import VERSIONS, drawings, write_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.exports.interface import Publication

MEGABYTES, SECONDS = 3000, 120
_SOURCE, _RESULT = "report.json", "result"
_FIRST = (2, 11)


def convert(publication: Publication, to: str) -> bytes:
    """Return a report as pandoc writes it in a format; the same report gives the same bytes on any day.

    Raises:
        SetupError: pandoc is not installed, or is too old.
        OutputError: pandoc stopped, or took more than it may.

    """
    version = pandoc_version()
    date = datetime.combine(publication.inputs.record.date, time(), UTC)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name)
        source = write_document(publication, _lay_out(publication, folder), pandoc=version)
        (folder / _SOURCE).write_bytes(source)
        run_pandoc(folder, to, date)
        return repacked((folder / _RESULT).read_bytes(), date, source)


def pandoc_version() -> int:
    """Return the first number of the version of pandoc that is installed.

    Raises:
        SetupError: it is not installed, or is older than the AST that is written here.

    """
    program = PROGRAMS["pandoc"]
    if program.path is None:
        raise _lacking("pandoc is not installed")
    said = program.version()
    found = re.search(r"(\d+)\.(\d+)", said)
    number = (int(found[1]), int(found[2])) if found else (0, 0)
    if number < _FIRST:
        raise _lacking(f"the pandoc here is “{said}”; 2.11 is the first that can read reports")
    return min(number[0], max(VERSIONS))


def run_pandoc(folder: Path, to: str, date: datetime) -> None:
    """Run pandoc in a folder, within bounds and with nothing of its user's.

    Its own ``--sandbox`` is not asked for: Debian's pandoc keeps its templates in files, which it could not read then.

    Raises:
        OutputError: pandoc stopped, or took more than it may.

    """
    command = [
        str(PROGRAMS["pandoc"].path),
        "--from=json",
        f"--to={to}",
        "--data-dir=none",
        f"--output={_RESULT}",
    ]
    own = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "SOURCE_DATE_EPOCH": str(max(int(date.timestamp()), 0))}
    # Without its own root, Windows starts no program.
    environment = own | {name: value for name, value in os.environ.items() if name.upper() == "SYSTEMROOT"}
    try:
        said = call_bounded(
            _said, [*command, _SOURCE], folder, environment, megabytes=MEGABYTES, seconds=SECONDS
        )
    except BoundError as error:
        raise _stopped(to, str(error)) from error
    if said:
        raise _stopped(to, said)


def _said(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run a program; return what it says where it fails."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    return "" if done.returncode == 0 else said or f"it ended with status {done.returncode}"


def _lay_out(publication: Publication, folder: Path) -> Callable[[str], str]:
    """Return the function that writes a drawing beside the source, and gives the name of its file."""
    drawn = drawings(publication)

    def address(name: str) -> str:
        if name not in drawn:
            return ""
        (folder / f"{name}.png").write_bytes(drawn[name]())
        return f"{name}.png"

    return address


def _lacking(message: str) -> SetupError:
    hint = f"install it: {how_to_install('pandoc')}; `reportgen doctor` checks everything"
    return SetupError([Problem("pandoc-missing", Level.ERROR, Where(), message, hint)])


def _stopped(to: str, said: str) -> OutputError:
    message = f"pandoc could not write the report as {to}: {said}"
    hint = "write it with `--to pandoc`, and try that file with another version of pandoc"
    return OutputError([Problem("pandoc-failed", Level.ERROR, Where(), message, hint)])
