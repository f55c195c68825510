"""JSON: every record with its status, PDF, reasons, problems, their number, and time, for scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen import __version__
from reportgen.pipeline.batch.exports.interface import Format, counts_of, json_bytes
from reportgen.pipeline.batch.exports.repository import path_in
from reportgen.pipeline.batch.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence


_SCHEMA = "reportgen-results-v1"


def as_json(outcomes: Sequence[Outcome]) -> bytes:
    """Return what `results_of` gives as JSON."""
    return json_bytes(results_of(outcomes))


def results_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return how many records of each status, errors and warnings there are; then each record with its own.

    PDFs are named from the folder that reportgen was run in.
    """
    here, counts = Path.cwd(), counts_of(outcomes)
    return {
        "schema": _SCHEMA,
        "tool": {"name": "reportgen", "version": __version__},
        "counts": {str(status): counts[status] for status in Status},
        "errors": sum(len(outcome.errors) for outcome in outcomes),
        "warnings": sum(len(outcome.warnings) for outcome in outcomes),
        "records": [_record(outcome, here) for outcome in outcomes],
    }


def _record(outcome: Outcome, here: Path) -> dict[str, Any]:
    return {
        "record": outcome.name,
        "status": str(outcome.status),
        "pdf": path_in(here, str(outcome.pdf)) if outcome.pdf else None,
        "files": [path_in(here, str(file)) for file in outcome.files],
        "reasons": list(outcome.reasons),
        "seconds": round(outcome.seconds, 3),
        "errors": len(outcome.errors),
        "warnings": len(outcome.warnings),
        "problems": [problem.as_dict() for problem in outcome.problems],
    }


JSON = Format("JSON", ".json", f'{{"schema":"{_SCHEMA}","tool":'.encode(), as_json)
