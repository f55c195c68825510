"""The results of a run for programs, in one format a module: JUnit XML, JSON, SARIF, Markdown, annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import open_foreign
from reportgen.base.paths import write_atomically
from reportgen.pipeline.batch.exports.json_results import JSON
from reportgen.pipeline.batch.exports.junit import JUNIT
from reportgen.pipeline.batch.exports.markdown import MARKDOWN
from reportgen.pipeline.batch.exports.sarif import SARIF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.pipeline.batch.exports.interface import Format
    from reportgen.pipeline.batch.outcome import Outcome

FORMATS: Mapping[str, Format] = {each.suffix: each for each in (JUNIT, JSON, SARIF, MARKDOWN)}
"""The formats by the suffix that asks for them."""
_HEAD = 1000


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the results into a file, whole or not at all, in the format that its suffix names in `FORMATS`.

    Raises:
        ValueError: no format has this suffix.
        OutputError: the file cannot be written.

    """
    made = _format_of(path).write(outcomes)
    try:
        write_atomically(path, made)
    except OSError as error:
        raise _refused(path, error) from error


def remove_report(path: Path) -> None:
    """Remove the results of an earlier run, so that nobody takes them for those of this one.

    Raises:
        ValueError: no format has this suffix; or the file holds something else, such as a record.
        OutputError: the file cannot be removed.

    """
    mark = _format_of(path).mark
    try:
        with open_foreign(path) as file:
            head = file.read(_HEAD)
        if head and not b"".join(head.split()).startswith(mark):
            raise ValueError(f"{path} is no file of results that reportgen wrote, and is not replaced")
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise _refused(path, error) from error
    try:
        path.unlink()
    except OSError as error:
        raise _refused(path, error) from error


def _format_of(path: Path) -> Format:
    if path.suffix not in FORMATS:
        raise ValueError(f"{path} ends in none of {', '.join(FORMATS)}")
    return FORMATS[path.suffix]


def _refused(path: Path, error: OSError) -> OutputError:
    message = f"cannot write the results into {path}: {error.strerror or error}"
    hint = "the reports are not affected; name another file with --report"
    return OutputError([Problem("output", Level.ERROR, Where(), message, hint)])
