"""Markdown for people: a table of counts, and the first records that need somebody."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from reportgen.pipeline.batch.exports.interface import (
    COMMENT,
    Format,
    counts_of,
    first_problem,
    legible,
    text_of,
)
from reportgen.pipeline.batch.outcome import THE_RUN, Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUMMARY_ROWS = 20
"""How many records are named."""


def as_markdown(outcomes: Sequence[Outcome]) -> bytes:
    """Return a short summary for people: a table of counts, and the first records that need somebody."""
    counts = counts_of(outcomes)
    warnings = sum(len(outcome.warnings) for outcome in outcomes)
    cells = {str(status): counts[status] for status in Status if counts[status]} | {"warnings": warnings}
    lines = [
        COMMENT,
        "",
        "### Reports",
        "",
        _row(cells),
        _row(["---:"] * len(cells)),
        _row(map(str, cells.values())),
    ]
    told = [outcome for outcome in outcomes if _is_told(outcome)]
    if told:
        lines += ["", _row(["record", "status", "first problem"]), _row(["---"] * 3)]
    lines += [_row(map(_plain, _cells(outcome))) for outcome in islice(told, SUMMARY_ROWS)]
    if len(told) > SUMMARY_ROWS:
        lines += ["", f"{len(told) - SUMMARY_ROWS} more are in the log."]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _is_told(outcome: Outcome) -> bool:
    return outcome.is_bad or outcome.status is Status.LEFT_OVER or outcome.name == THE_RUN


def _cells(outcome: Outcome) -> tuple[str, str, str]:
    problem = first_problem(outcome)
    return outcome.name, str(outcome.status), text_of(problem) if problem else "; ".join(outcome.reasons)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Escape every character that could mean something in Markdown; a cell has one line."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(legible(text).split()))


MARKDOWN = Format("Markdown", ".md", "".join(COMMENT.split()).encode(), as_markdown)
