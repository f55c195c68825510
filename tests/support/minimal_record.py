"""The smallest record that can be read, to be changed by one property at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.base.errors import Level, Problem, RecordError
from reportgen.explanations import explanations
from reportgen.record import Loaded, read_record

if TYPE_CHECKING:
    from collections.abc import Sequence

READING_CODES = {
    code
    for code, each in explanations().items()
    if each.question in {"Is my record right?", "Are its claims right?"} and not each.settable
}
"""What can stop a record from being read; all are errors, whatever the settings say."""


def minimal(**changes: Any) -> dict[str, Any]:
    """Return a record with its required fields, changed; a change to ``...`` takes a field away."""
    record = {
        "schema": "reportgen-record-v1",
        "id": "11111111-2222-4333-8444-555555555555",
        "title": "Calibration of small classifiers",
        "date": "2026-05-30",
        "question": "Does early stopping change calibration?",
        **changes,
    }
    return {name: value for name, value in record.items() if value is not ...}


def claim(text: str = "Early stopping lowers the error.", **changes: Any) -> dict[str, Any]:
    """Return a claim that is verified, changed."""
    return {"text": text, "verified": True, **changes}


def load(folder: Path = Path(), **changes: Any) -> Loaded:
    """Read a changed minimal record as if it lay in a folder."""
    text = json.dumps(minimal(**changes), ensure_ascii=False, indent=1)
    return read_record(folder / "record.json", raw=text.encode("utf-8", "surrogatepass"))


def problems_of(folder: Path = Path(), text: str | None = None, **changes: Any) -> tuple[Problem, ...]:
    """Read what must not be readable, a changed minimal record or a text, and give its problems."""
    text = json.dumps(minimal(**changes), ensure_ascii=False, indent=1) if text is None else text
    with pytest.raises(RecordError) as caught:
        read_record(folder / "record.json", raw=text.encode("utf-8", "surrogatepass"))
    assert {problem.code for problem in caught.value.problems} <= READING_CODES
    assert {problem.level for problem in caught.value.problems} == {Level.ERROR}
    return caught.value.problems


def only(problems: Sequence[Problem]) -> Problem:
    """Return the one problem there is."""
    assert len(problems) == 1, problems
    return problems[0]


def place(problem: Problem) -> tuple[int | None, int | None, str]:
    """Return line, column and pointer of a problem."""
    return (problem.where.line, problem.where.column, problem.where.pointer)
