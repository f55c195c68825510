"""SARIF 2.1.0, for code scanning: each problem once, at its line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reportgen import __version__
from reportgen.base.errors import Problem, field_path
from reportgen.explanations import explanations
from reportgen.pipeline.batch.exports.interface import (
    Format,
    distinct_problems,
    json_bytes,
    legible,
    text_of,
)
from reportgen.pipeline.batch.exports.repository import path_in, repository_root
from reportgen.pipeline.batch.outcome import NOT_REACHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.pipeline.batch.outcome import Outcome


_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GUID = "5b6e0c1e-8f0a-4c39-9a53-3d1c7a2f6b84"
"""What tells this program from others of its name; made once, by chance."""
_BEGINNING = "".join(
    (
        f'{{"$schema":"{_SCHEMA}","version":"2.1.0",',
        f'"runs":[{{"tool":{{"driver":{{"name":"reportgen","guid":"{_GUID}"',
    )
)


def as_sarif(outcomes: Sequence[Outcome]) -> bytes:
    """Return SARIF 2.1.0: each problem once, at its line, with paths from the top of the repository."""
    problems, root = distinct_problems(outcomes), repository_root()
    rules = {code: index for index, code in enumerate(sorted({problem.code for problem in problems}))}
    driver = {
        "name": "reportgen",
        "guid": _GUID,
        "version": __version__,
        "rules": list(map(_rule, rules)),
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "%SRCROOT%": {
                "description": {"text": "The repository; without one, the folder that reportgen was run in."}
            }
        },
        "results": [
            _result(problem, rules[problem.code], root) for problem in problems if problem.where.file
        ],
    }
    # A result without a place is refused by GitHub; what is said of a run itself has a place of its own.
    of_run = [_notification(problem) for problem in problems if not problem.where.file]
    if of_run := [*of_run, *_not_reached(outcomes)]:
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": of_run}]
    return json_bytes({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    """Describe a code as its explanation does: what it means, why, and what to do."""
    explained = explanations().get(code)
    if explained is None:
        return {"id": code, "shortDescription": {"text": code.replace("-", " ")}}
    return {
        "id": code,
        "shortDescription": {"text": explained.means},
        "fullDescription": {"text": explained.why},
        "help": {"text": explained.remedy},
    }


def _notification(problem: Problem) -> dict[str, Any]:
    text = {"text": legible(text_of(problem))}
    return {"descriptor": {"id": problem.code}, "level": str(problem.level), "message": text}


def _not_reached(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Say that there are records without results, which code scanning would take for records without faults."""
    reasons = Counter(reason for outcome in outcomes for reason in outcome.reasons)
    return [
        {
            "descriptor": {"id": "stopped"},
            "level": "error",
            "message": {"text": legible(f"{count} record{'s were' if count > 1 else ' was'} {reason}")},
        }
        for reason, count in reasons.items()
        if reason.startswith(NOT_REACHED)
    ]


def _result(problem: Problem, rule: int, root: Path) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": str(problem.level),
        "message": {"text": legible(text_of(problem))},
    }
    where = problem.where
    location: dict[str, Any] = {}
    if where.file:
        physical = location["physicalLocation"] = {"artifactLocation": _artifact(where.file, root)}
        if where.line:
            physical["region"] = {"startLine": where.line, "startColumn": where.column or 1}
    if where.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": legible(field_path(where.pointer))}]
    return result | ({"locations": [location]} if location else {})


def _artifact(file: str, root: Path) -> dict[str, str]:
    if "://" in file:
        return {"uri": quote(file.encode("utf-8", "surrogateescape"), safe=":/")}
    relative = path_in(root, file)
    if Path(relative).is_absolute():
        return {"uri": f"file://{_quoted(relative)}"}
    return {"uri": _quoted(relative), "uriBaseId": "%SRCROOT%"}


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"))


SARIF = Format("SARIF", ".sarif", _BEGINNING.encode(), as_sarif)
