"""The log of TeX as problems that name the record's fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, TypesetError, Where
from reportgen.base.paths import keep_log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.base.settings import Limits
    from reportgen.pdf.typeset.process import ProcessResult

OVERFULL_LIMIT_PT = 4.0
FAILED_LOG = "last-failure.log"
_NOWHERE = Where()

Origin = Callable[[int], Where]
"""Tell which record field a line of the document body was made from."""

_ERROR = re.compile(r"^(?:\./)?report\.tex:(\d+): (.*)(?:\n(?!l\.\d).*){0,6}(?:\n(l\.\d+ .*))?", re.MULTILINE)
_ANY_ERROR = re.compile(r"^(?:! ?|(?:\./)?[\w.-]+\.tex:(\d+): )(.+)", re.MULTILINE)


def first_error(log: str) -> tuple[int | None, str] | None:
    """Return the line of the body, where known, and the message of the first error in a log."""
    if found := _ERROR.search(log):
        return int(found[1]), " ".join(f"{found[2]} {found[3] or ''}".split())
    if found := _ANY_ERROR.search(log):
        return (int(found[1]) if found[1] else None), found[2]
    return None


def raise_on_error(outcome: ProcessResult, log: str, limits: Limits, origin: Origin) -> None:
    """Raise what stopped TeX: a limit, or an error at a record's field; a run that ended well passes."""
    if outcome.timed_out:
        hint = "raise limits.seconds in reportgen.toml, or split the record"
        raise TypesetError([tex_problem("tex-time", f"TeX was stopped after {limits.seconds} s", hint)])
    if outcome.returncode == 0:
        return
    if found := first_error(log):
        line, message = found
        raise TypesetError([tex_error(message, log, origin(line) if line else Where())])
    bounds = f"{limits.memory_mb} MB of memory, {limits.output_mb} MB of output"
    message = f"TeX ended with status {outcome.returncode} ({bounds} are the limits)"
    raise TypesetError(
        [
            tex_problem(
                "tex-stopped", message, f"{tail(log or outcome.output)}; see {keep_log(FAILED_LOG, log)}"
            )
        ]
    )


_MISSING = re.compile(
    r"Missing character: There is no (\S+)(?: (\(U\+[0-9A-F]+\)))? in font (\S+?)!?$", re.MULTILINE
)
_UNDEFINED = re.compile(r"^LaTeX Warning: ((?:Reference|Citation) .* undefined)", re.MULTILINE)
_OVERFULL_PAGE = re.compile(
    r"^Overfull \\vbox \(([\d.]+)pt too high\) has occurred while \\output", re.MULTILINE
)
_OVERFULL = re.compile(
    r"^Overfull \\hbox \(([\d.]+)pt too wide\).*?(?:at|in alignment at) lines? (\d+)", re.MULTILINE
)


def log_problems(log: str, origin: Origin) -> Iterable[Problem]:
    """Yield the complaints of a run that ended well: lost characters, references, lines too wide."""
    for character, number, face in sorted({match.groups("") for match in _MISSING.finditer(log)}):
        shown = f"{character if character.isprintable() else ''} {number}".strip()
        message = f"the face {face} lacks the character {shown}, which would be missing from the page"
        hint = "texts are set in faces that have them: look in the templates for what chooses this one"
        yield tex_problem("lost-glyph", message, hint)
    for reference in sorted({match[1] for match in _UNDEFINED.finditer(log)}):
        hint = "number it in the template: TeX runs once, so it cannot know what comes later"
        yield Problem("undefined-reference", Level.ERROR, Where(), reference, hint)
    for match in _OVERFULL.finditer(log):
        if (width := float(match[1])) > OVERFULL_LIMIT_PT:
            message = f"a line is {width:.1f} pt wider than its column"
            yield Problem(
                "overfull", Level.WARNING, origin(int(match[2])), message, "shorten the unbroken word"
            )
    for match in _OVERFULL_PAGE.finditer(log):
        if (height := float(match[1])) > OVERFULL_LIMIT_PT:
            message = f"what cannot be divided is {height:.1f} pt taller than a page"
            hint = "shorten the longest text in a row of a table, or divide the row in two; or mend your own templates"
            yield Problem("overfull-page", Level.WARNING, Where(), message, hint)


_PAGES = re.compile(r"^reportgen: pages=(\d+) holds=([\d.]+)pt of=([\d.]+)pt$", re.MULTILINE)


def pages_in(log: str) -> tuple[int, float]:
    """Return the number of pages, and how much of the text area of the last one is taken, from 0 to 1."""
    if not (told := _PAGES.findall(log)):
        return 0, 1.0
    number, holds, area = told[-1]
    # Where a page has just been sent off nothing stands on the next one, which there will not be.
    return (int(number), float(holds) / float(area)) if float(holds) else (int(number) - 1, 1.0)


def tex_problem(code: str, message: str, hint: str = "") -> Problem:
    """Make an error that no field of a record is to blame for."""
    return Problem(code, Level.ERROR, Where(), message, hint)


def tex_error(message: str, log: str, where: Where = _NOWHERE) -> Problem:
    """Say what stopped TeX; the log is kept for whoever is told of it."""
    hint = f"no record should be able to stop TeX: please report this with {keep_log(FAILED_LOG, log)}"
    return Problem("tex-error", Level.ERROR, where, f"TeX stopped: {message}", hint)


def tail(log: str) -> str:
    """Return the last lines of a log."""
    lines = [line for line in log.splitlines() if line.strip()]
    return " | ".join(lines[-3:])
