"""The examples of explanations, made into projects and tried: what each of its two texts reports."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from reportgen import api
from reportgen.analysis.checks import apply_levels
from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.settings import find_settings
from reportgen.sources.lint import check_library

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from reportgen.explanations import Example

BASE: dict[str, Any] = {
    "schema": "reportgen-record-v1",
    "id": "5eed0001-0000-4000-8000-000000000001",
    "title": "Calibration of small classifiers",
    "date": "2026-05-30",
    "question": "Does early stopping change calibration?",
    "sources": [
        {
            "id": "lovelace2024",
            "type": "article-journal",
            "title": "Early stopping and calibration",
            "author": [{"family": "Lovelace", "given": "Ada"}],
            "issued": {"date-parts": [[2024]]},
            "container-title": "Journal of Examples",
        }
    ],
    "claims": [
        {
            "text": "Early stopping lowers the calibration error.",
            "verified": True,
            "confidence": 0.9,
            "sources": ["lovelace2024"],
        }
    ],
}
"""What an example of kind ``record`` changes: nothing is wrong with it."""
SETTINGS = '[publisher]\nname = "Example House"\n'
_PLACES = {
    "record": "record.json",
    "claims": "{}",
    "bib": "bib/references.bib",
    "lock": "references.lock.json",
    "settings": "reportgen.toml",
    "template": "templates/{}",
    "words": "{}",
}
"""Where the text of each kind of example lies, by the name that the example gives its file."""
_KEY = re.compile(r"^\s*@(?!string|comment|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE | re.IGNORECASE)
_REPORTED = re.compile(r"\b(error|warning)\[([a-z0-9-]+)\]")


def merge_patch(target: Any, patch: Any) -> Any:
    """Return a value with the changes of a JSON merge patch (RFC 7396): null removes a member."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def record_with(**changes: Any) -> str:
    """Return the base record, changed by a merge patch, as JSON."""
    return json.dumps(merge_patch(BASE, changes), ensure_ascii=False, indent=2)


def try_example(
    example: Example, text: str, folder: Path, command: Callable[..., Any], **overrides: Any
) -> Collection[Problem]:
    """Lay out a project that holds one text of an example; validate or build it, and return what is reported.

    ``overrides`` are settings that hold besides those of the example.
    """
    write(folder, {"reportgen.toml": SETTINGS, "record.json": record_with(), **example.files})
    if example.kind == "command":
        return [problem for line in text.strip().splitlines() for problem in _run(line, folder, command)]
    text = record_with(**json.loads(text)) if example.kind == "record" else text
    record = _lay_out(example, text, folder)
    return reported(lambda: _problems(example, record, overrides))


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write files of a project by their paths in it."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def reported(act: Callable[[], Collection[Problem]]) -> Collection[Problem]:
    """Return the problems of an act, whether it returns them or fails with them."""
    try:
        return act()
    except ReportgenError as error:
        return error.problems


def failures(act: Callable[[], object]) -> Collection[Problem]:
    """Return what an act fails with, whatever it returns."""

    def done() -> Collection[Problem]:
        act()
        return ()

    return reported(done)


def _lay_out(example: Example, text: str, folder: Path) -> Path:
    """Write the text where its kind belongs, and the record that makes use of it; return the record's path."""
    if example.kind == "text":
        (folder / "record.json").unlink()
        write(folder, {example.file: text})
        return folder / example.file
    if example.kind == "template":
        write(folder, {"reportgen.toml": f'templates = "templates"\n{SETTINGS}'})
    if example.kind == "settings" and "[publisher]" not in text:
        text += f"\n{SETTINGS}"
    write(folder, {"record.json": _record_of(example), _PLACES[example.kind].format(example.file): text})
    return folder / "record.json"


def _record_of(example: Example) -> str:
    """Return a record that makes use of the right text of an example."""
    match example.kind:
        case "record":
            return ""
        case "claims":
            return record_with(claims={"file": example.file})
        case "bib":
            return _citing(_KEY.findall(example.right))
        case "lock":
            return _citing(list(json.loads(example.right)["references"]))
        case _:
            return record_with()


def _citing(sources: list[str]) -> str:
    return record_with(sources=sources, claims=[{**BASE["claims"][0], "sources": sources}])


def _problems(example: Example, record: Path, overrides: dict[str, Any]) -> Collection[Problem]:
    settings = find_settings(record.parent, trust_templates=True, **example.settings, **overrides)
    if example.build or example.kind == "template":
        return api.build(record, settings).problems
    problems = api.validate(record, settings)
    if example.kind == "bib":
        checked = check_library(tuple(path for path in settings.bib if path.exists()))
        problems += tuple(apply_levels(checked.problems, settings.levels))
    return problems


def _run(line: str, folder: Path, command: Callable[..., Any]) -> list[Problem]:
    program, *arguments = shlex.split(line)
    assert program == "reportgen", line
    said = command(*arguments, folder=folder).err
    return [Problem(code, Level(level), Where(), line) for level, code in _REPORTED.findall(said)]
