"""The results of a batch for programs: JUnit XML, JSON, SARIF, a Markdown summary, and GitHub annotations.

Records are written by others. In each format their text stays text: it is legal XML, names no other place,
and starts no workflow command.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from reportgen import __version__
from reportgen.base.errors import Level, OutputError, Problem, Where, field_path
from reportgen.base.paths import write_atomically
from reportgen.explanations import explanations
from reportgen.pipeline.batch.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ANNOTATIONS_SHOWN = 10
"""How many annotations of one level GitHub shows for one step of a job."""
SUMMARY_ROWS = 20
"""How many records the Markdown summary names."""

_BAD = (Status.FAILED, Status.STALE)
# What XML cannot hold, and what would steer a terminal or turn a line round where a person reads it.
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE_OF_FILE = re.compile(r"(?P<file>.+):(?P<line>\d+)", re.DOTALL)


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the results into a file, whole or not at all, in the format that its suffix names in `FORMATS`.

    Raises:
        ValueError: no format has this suffix.
        OutputError: the file cannot be written.

    """
    if path.suffix not in FORMATS:
        raise ValueError(f"{path} ends in none of {', '.join(FORMATS)}")
    try:
        write_atomically(path, FORMATS[path.suffix](outcomes))
    except OSError as error:
        message = f"cannot write the results into {path}: {error.strerror or error}"
        hint = "the reports are not affected; name another file with --report"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error


def as_junit(outcomes: Sequence[Outcome]) -> bytes:
    """Return JUnit XML: one test case a record, which fails where the record failed or its PDF is out of date."""
    counts = _counts(outcomes)
    totals = {
        "tests": str(len(outcomes)),
        "failures": str(counts[Status.FAILED] + counts[Status.STALE]),
        "errors": "0",
        "skipped": str(counts[Status.SKIPPED]),
        "time": f"{sum(outcome.seconds for outcome in outcomes):.3f}",
    }
    suite = ET.Element("testsuite", {"name": "reportgen batch", **totals})
    suite.extend(map(_case, outcomes))
    text: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return text


def _case(outcome: Outcome) -> ET.Element:
    case = ET.Element(
        "testcase", classname="reportgen", name=_shown(outcome.name), time=f"{outcome.seconds:.3f}"
    )
    errors = [problem for problem in _problems(outcome) if problem.level is Level.ERROR]
    if outcome.status in _BAD:
        first = errors[0]
        failure = ET.SubElement(case, "failure", type=_shown(first.code), message=_shown(first.message))
        failure.text = _shown("\n".join(map(str, errors)))
    elif outcome.status is Status.SKIPPED:
        ET.SubElement(case, "skipped", message="not started, because an earlier record failed")
    said = [f"status: {outcome.status}"]
    said += [f"pdf: {outcome.pdf}"] if outcome.pdf else []
    said += [f"reason: {reason}" for reason in outcome.reasons]
    ET.SubElement(case, "system-out").text = _shown("\n".join(said))
    if outcome.warnings:
        ET.SubElement(case, "system-err").text = _shown("\n".join(map(str, outcome.warnings)))
    return case


def as_json(outcomes: Sequence[Outcome]) -> bytes:
    """Return JSON: the number of records of each status, then each record with its problems and its time."""
    counts = _counts(outcomes)
    return _json(
        {
            "tool": {"name": "reportgen", "version": __version__},
            "counts": {str(status): counts[status] for status in Status},
            "records": [_record(outcome) for outcome in outcomes],
        }
    )


def _record(outcome: Outcome) -> dict[str, Any]:
    return {
        "record": outcome.name,
        "status": str(outcome.status),
        "pdf": str(outcome.pdf) if outcome.pdf else None,
        "reasons": list(outcome.reasons),
        "seconds": round(outcome.seconds, 3),
        "problems": [problem.as_dict() for problem in outcome.problems],
    }


def as_sarif(outcomes: Sequence[Outcome]) -> bytes:
    """Return SARIF 2.1.0: each problem once, at its line, with paths relative to the folder of this run."""
    problems = _distinct(outcomes)
    rules = {code: index for index, code in enumerate(sorted({problem.code for problem in problems}))}
    driver = {
        "name": "reportgen",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": _summary(code)}} for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder the batch was run in."}}},
        "results": [_result(problem, rules[problem.code]) for problem in problems],
    }
    return _json(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    )


def _summary(code: str) -> str:
    explained = explanations().get(code)
    return explained.means if explained else code.replace("-", " ")


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": str(problem.level),
        "message": {"text": _shown(_text(problem))},
    }
    where = problem.where
    location: dict[str, Any] = {}
    if where.file:
        physical = location["physicalLocation"] = {"artifactLocation": _artifact(where.file)}
        if where.line:
            physical["region"] = {"startLine": where.line, "startColumn": where.column or 1}
    if where.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": _shown(field_path(where.pointer))}]
    return result | ({"locations": [location]} if location else {})


def _artifact(file: str) -> dict[str, str]:
    if "://" in file:
        return {"uri": quote(file.encode("utf-8", "surrogateescape"), safe=":/")}
    relative = _relative(file, Path.cwd())
    if Path(relative).is_absolute():
        return {"uri": f"file://{_quoted(relative)}"}
    return {"uri": _quoted(relative), "uriBaseId": "%SRCROOT%"}


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


def _relative(file: str, root: Path) -> str:
    """Return a file below a folder by its path from there, and any other by its whole path, or its URL."""
    if "://" in file:
        return file
    whole = Path(os.path.normpath(Path.cwd() / file))
    return str(whole.relative_to(root) if whole.is_relative_to(root) else whole)


def as_markdown(outcomes: Sequence[Outcome]) -> bytes:
    """Return a short summary for people: a table of counts, and the first records that need somebody."""
    counts = _counts(outcomes)
    warnings = sum(len(outcome.warnings) for outcome in outcomes)
    heads = [*map(str, Status), "warnings"]
    lines = ["### Reports", "", _row(heads), _row(["---:"] * len(heads))]
    lines.append(_row([str(counts[status]) for status in Status] + [str(warnings)]))
    bad = [outcome for outcome in outcomes if outcome.status in _BAD]
    if bad:
        lines += ["", _row(["record", "status", "first problem"]), _row(["---"] * 3)]
    cells = ((outcome.name, str(outcome.status), _text(_first_error(outcome))) for outcome in bad)
    lines += [_row(map(_plain, row)) for row in islice(cells, SUMMARY_ROWS)]
    if len(bad) > SUMMARY_ROWS:
        lines += ["", f"{len(bad) - SUMMARY_ROWS} more are in the log."]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _row(cells: Iterator[str] | Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Escape every character that could mean something in Markdown; a cell has one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(_shown(text).split()))


FORMATS: Mapping[str, Callable[[Sequence[Outcome]], bytes]] = {
    ".xml": as_junit,
    ".json": as_json,
    ".sarif": as_sarif,
    ".md": as_markdown,
}
"""The writer of each format by the suffix that asks for it."""


def github_annotations(outcomes: Sequence[Outcome], root: Path | None = None) -> Iterator[str]:
    """Yield workflow commands that show the problems beside the lines of a change: errors first.

    GitHub shows ten of each level; a notice counts the rest. ``root`` is the folder of the repository, from
    which GitHub reads paths; without it, the current folder.
    """
    problems = _distinct(outcomes)
    left = {level: [problem for problem in problems if problem.level is level] for level in Level}
    for level in Level:
        for problem in left[level][:ANNOTATIONS_SHOWN]:
            yield _annotation(problem, root or Path.cwd())
    more = [
        f"{len(left[level]) - ANNOTATIONS_SHOWN} more with level {level}"
        for level in Level
        if len(left[level]) > ANNOTATIONS_SHOWN
    ]
    if more:
        yield f"::notice title=reportgen::{' and '.join(more)}; the log of this step has them all"


def _annotation(problem: Problem, root: Path) -> str:
    where = problem.where
    properties = {
        "title": problem.code,
        "file": _relative(where.file, root) if where.file else None,
        "line": where.line,
        "col": where.column,
    }
    given = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    return f"::{problem.level} {given}::{_data(_text(problem))}"


def _data(text: str) -> str:
    return _shown(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _distinct(outcomes: Sequence[Outcome]) -> list[Problem]:
    """Return each problem once: what is wrong with a shared file is said by every record that uses it."""
    return list(dict.fromkeys(problem for outcome in outcomes for problem in _problems(outcome)))


def _problems(outcome: Outcome) -> tuple[Problem, ...]:
    """Return the problems of a record, each with a file; a bad outcome without an error gets one that says why."""
    known = tuple(
        problem if problem.where.file else replace(problem, where=_where(outcome, problem.where.pointer))
        for problem in outcome.problems
    )
    if outcome.status not in _BAD or outcome.errors:
        return known
    why = "; ".join(outcome.reasons) or "no reason was given"
    if outcome.status is Status.STALE:
        message, hint = f"the PDF is missing or out of date: {why}", "build it with reportgen batch"
    else:
        message, hint = f"the report was not built: {why}", "see the log"
    return (*known, Problem(str(outcome.status), Level.ERROR, _where(outcome), message, hint))


def _where(outcome: Outcome, pointer: str = "") -> Where:
    """Place what names no file at the record, which may be one line of a file."""
    if found := _LINE_OF_FILE.fullmatch(outcome.name):
        return Where(found["file"], int(found["line"]), None, pointer)
    return Where(outcome.name, None, None, pointer)


def _first_error(outcome: Outcome) -> Problem:
    return next(problem for problem in _problems(outcome) if problem.level is Level.ERROR)


def _counts(outcomes: Sequence[Outcome]) -> Counter[Status]:
    return Counter(outcome.status for outcome in outcomes)


def _text(problem: Problem) -> str:
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message


def _shown(text: str) -> str:
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # A file name that is not UTF-8 holds lone surrogates; JSON has an escape for them.
    return (text + "\n").encode("utf-8", "backslashreplace")
