"""What a format of results is, and what all formats share: each problem with a file, and text that stays text.

Records are written by others. In each format their text is legal, names no other place, and starts no command.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, Where
from reportgen.pipeline.batch.outcome import THE_RUN, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Format:
    """A format of results: what it is called, the suffix of the files it is asked for with, and its writer.

    ``mark`` is what each such file begins with, once its blanks are left out, and no other: so it is known again.
    """

    name: str
    suffix: str
    mark: bytes
    write: Callable[[Sequence[Outcome]], bytes]


COMMENT = "<!-- Results of reportgen; each run replaces this file. -->"
"""What says in XML and in Markdown that a file may be replaced."""

# What XML cannot hold, and what would steer a terminal or turn a line round where a person reads it.
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE_OF_FILE = re.compile(r"(?P<file>.+):(?P<line>\d+)", re.DOTALL)


def distinct_problems(outcomes: Sequence[Outcome]) -> list[Problem]:
    """Return each problem once: what is wrong with a shared file is said by every record that uses it."""
    return list(dict.fromkeys(problem for outcome in outcomes for problem in problems_of(outcome)))


def problems_of(outcome: Outcome) -> tuple[Problem, ...]:
    """Return the problems of a record, each with a file; that a report is out of date is one.

    Those of the whole run may have none.
    """
    if outcome.name == THE_RUN:
        return outcome.problems
    known = tuple(
        problem if problem.where.file else replace(problem, where=_where(outcome, problem.where.pointer))
        for problem in outcome.problems
    )
    if outcome.status is not Status.STALE:
        return known
    message = f"the PDF is missing or out of date: {'; '.join(outcome.reasons)}"
    return (*known, Problem("stale", Level.ERROR, _where(outcome), message, "build it with reportgen batch"))


def _where(outcome: Outcome, pointer: str = "") -> Where:
    """Place what names no file at the record, which may be one line of a file."""
    if found := _LINE_OF_FILE.fullmatch(outcome.name):
        return Where(found["file"], int(found["line"]), None, pointer)
    return Where(outcome.name, None, None, pointer)


def first_problem(outcome: Outcome) -> Problem | None:
    """Return the problem that an outcome is told by: its first error, else its first warning."""
    return min(problems_of(outcome), key=lambda problem: problem.level is not Level.ERROR, default=None)


def counts_of(outcomes: Sequence[Outcome]) -> Counter[Status]:
    """Count the outcomes of each status."""
    return Counter(outcome.status for outcome in outcomes)


def text_of(problem: Problem) -> str:
    """Return what is wrong, with what to do in brackets."""
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message


def legible(text: str) -> str:
    """Write what no format can hold, or what steers its reader, as its number."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON for people and programs, whatever file names it holds."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # A file name that is not UTF-8 holds lone surrogates; JSON has an escape for them.
    return (text + "\n").encode("utf-8", "backslashreplace")
