"""What a run of a TeX program is given, and what it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.base.settings import Limits
    from reportgen.pdf.typeset.engines import Engine
    from reportgen.pdf.typeset.process import ProcessResult


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made: the engine, its arguments, the files in its folder, and those that it is to leave.

    ``links`` are files that lie elsewhere, by the names that the run finds them under. ``scratch`` is a folder
    for what the engine keeps of the fonts it loads, which is else gone at the end.
    """

    engine: Engine
    arguments: tuple[str, ...]
    files: Mapping[str, bytes]
    results: tuple[str, ...]
    date: dt.date
    limits: Limits
    links: Mapping[str, Path] = field(default_factory=dict)
    scratch: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended, and the files it left; one that it did not write is empty."""

    outcome: ProcessResult
    results: Mapping[str, bytes]

    def text(self, name: str) -> str:
        """Return a file as text, whatever it holds: a byte of no character stands there by its number."""
        return self.results[name].decode("utf-8", "backslashreplace")
