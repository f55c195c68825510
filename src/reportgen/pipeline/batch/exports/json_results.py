"""JSON: every record with its status, PDF, reasons, problems and time, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen import __version__
from reportgen.pipeline.batch.exports.interface import Format, counts_of, json_bytes
from reportgen.pipeline.batch.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_json(outcomes: Sequence[Outcome]) -> bytes:
    """Return JSON: the number of records of each status, then each record with its problems and its time."""
    counts = counts_of(outcomes)
    return json_bytes(
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


JSON = Format("JSON", ".json", as_json)
