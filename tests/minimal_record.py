"""The smallest record that can be read, to be changed by one property at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reportgen.record import Loaded, read_record


def minimal(**changes: Any) -> dict[str, Any]:
    """Give a record with its required fields, changed; a change to ``...`` takes a field away."""
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
    """Give a claim that is verified, changed."""
    return {"text": text, "verified": True, **changes}


def load(folder: Path = Path(), **changes: Any) -> Loaded:
    """Read a changed minimal record as if it lay in a folder."""
    return read_record(
        folder / "record.json", text=json.dumps(minimal(**changes), ensure_ascii=False, indent=1)
    )
