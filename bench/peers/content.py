"""What every peer prints of a record, worked out once so that all print the same words."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CITED = re.compile(r"([^.@\[]+) \[@([\w-]+)\]\.")


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the table of claims; ``confidence`` is from 0 to 1."""

    label: str
    text: str
    verified: bool
    confidence: float

    @property
    def verdict(self) -> str:
        """Name the verdict."""
        return "verified" if self.verified else "not verified"

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Return the cells of the claim's row."""
        return self.label, self.verdict, f"{self.confidence:.2f}", self.text


@dataclass(frozen=True, slots=True)
class Content:
    """The words of a report; ``sentences`` are pairs of a sentence and the key of the work it cites."""

    title: str
    date: dt.date
    byline: str
    status: str
    question: str
    abstract: str
    sentences: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    record: Path
    bibliography: Path

    @property
    def caption(self) -> str:
        """Caption the chart."""
        return f"Confidence of {len(self.claims)} claims, by verdict."

    @property
    def alternative(self) -> str:
        """Describe the chart to who cannot see it."""
        return f"Bar chart of the confidence of {len(self.claims)} claims, from 0 to 1."


def read_content(path: Path) -> Content:
    """Read a record of `records.write_project`."""
    record = json.loads(path.read_text(encoding="utf-8"))
    claims = tuple(
        Claim(f"C{number}", claim["text"], claim["verified"], claim["confidence"])
        for number, claim in enumerate(record["claims"], 1)
    )
    verified = sum(claim.verified for claim in claims)
    values = [claim.confidence for claim in claims]
    score, retrieved = record["review"]["score"], record["search"]["papers_retrieved"]
    return Content(
        title=record["title"],
        date=dt.date.fromisoformat(record["date"]),
        byline=f"Assignee Research, {record['date']}",
        status=f"Review score {score} of 10. {len(claims)} claims, {verified} marked verified. "
        f"{retrieved} papers retrieved.",
        question=record["question"],
        abstract=f"For the question below, {retrieved} papers were retrieved. The record holds {len(claims)} claims. "
        f"Of these, {verified} are marked verified. Their confidence ranges from {min(values):.2f} to "
        f"{max(values):.2f} (median {median(values):.2f}). The review gave {score} of 10.",
        sentences=tuple(_CITED.findall(record["sections"][0]["text"])),
        claims=claims,
        record=path,
        bibliography=path.parents[1] / "bib/works.bib",
    )
