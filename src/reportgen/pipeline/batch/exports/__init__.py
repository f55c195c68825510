"""The results of a run for programs, in one format a module: JUnit XML, JSON, SARIF, Markdown, annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
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


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the results into a file, whole or not at all, in the format that its suffix names in `FORMATS`.

    Raises:
        ValueError: no format has this suffix.
        OutputError: the file cannot be written.

    """
    if path.suffix not in FORMATS:
        raise ValueError(f"{path} ends in none of {', '.join(FORMATS)}")
    try:
        write_atomically(path, FORMATS[path.suffix].write(outcomes))
    except OSError as error:
        message = f"cannot write the results into {path}: {error.strerror or error}"
        hint = "the reports are not affected; name another file with --report"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
