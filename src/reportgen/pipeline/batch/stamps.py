"""What this machine has seen of an output folder, in the user's cache: it spares work and is no part of the state."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.cache import find, keep, key_of
from reportgen.base.paths import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

_KIND = "stamps"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was seen of a report: its PDF with this hash had this time stamp, in nanoseconds.

    ``bibliography`` is the hash of a whole bibliography with which it was up to date.
    """

    sha256: str
    mtime_ns: int
    bibliography: str = ""


class Stamps:
    """The stamps of an output folder by the names of its PDFs."""

    def __init__(self, folder: Path) -> None:
        self._key = key_of([os.path.realpath(folder)])
        self._kept = _read(self._key)
        self._now = dict(self._kept)

    def get(self, pdf: str, sha256: str) -> Stamp | None:
        """Return the stamp of a PDF that has, or had, this hash."""
        stamp = self._now.get(pdf)
        return stamp if stamp and stamp.sha256 == sha256 else None

    def put(self, pdf: str, stamp: Stamp) -> None:
        """Remember what was seen of a PDF."""
        self._now[pdf] = stamp

    def of_bibliography(self, pdf: str, bibliography: str) -> None:
        """Remember with which bibliography a PDF that was seen is up to date."""
        self._now[pdf] = replace(self._now[pdf], bibliography=bibliography)

    def forget(self) -> None:
        """Remove what is kept of the folder."""
        (cache_folder(_KIND) / f"{self._key}.json").unlink(missing_ok=True)

    def save(self) -> None:
        """Keep the stamps for the next run; where the cache cannot be written, the next run looks again."""
        if self._now != self._kept:
            values = {pdf: asdict(stamp) for pdf, stamp in self._now.items()}
            keep(_KIND, self._key, ".json", json.dumps(values).encode("utf-8", "surrogatepass"))
            self._kept = dict(self._now)


def _read(key: str) -> dict[str, Stamp]:
    content = find(_KIND, key, ".json")
    if content is None:
        return {}
    try:
        return {pdf: Stamp(**values) for pdf, values in json.loads(content).items()}
    except (ValueError, TypeError, AttributeError):  # of another version of reportgen
        return {}
