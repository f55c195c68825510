"""What the tests of a deposit share: a PDF and its metadata, numbers, and a clock without waiting."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

from reportgen.delivery.zenodo.retries import Clock
from reportgen.record.registration import Checksum

NUMBER = count(1)
PDF = b"%PDF-1.7 a report" * 5000
METADATA: dict[str, Any] = {
    "resource_type": {"id": "publication-report"},
    "title": "A report on fusion",
    "publication_date": "2026-11-20",
    "publisher": "Zenodo",
    "version": "1.0.0",
    "creators": [{"person_or_org": {"type": "personal", "family_name": "Doe", "given_name": "Jane"}}],
    "rights": [{"id": "cc-by-4.0"}],
}


class Pauses:
    """A clock that stands still but for the pauses that are made, which it keeps."""

    def __init__(self) -> None:
        self.made: list[float] = []
        self.clock = Clock(
            lambda: 1.8e9 + sum(self.made), lambda: sum(self.made), self.made.append, lambda: 0.5
        )


def remote(content: bytes) -> Checksum:
    return Checksum(hashlib.md5(content).hexdigest(), len(content))
