"""Tables of the claims: by source, and as CSV."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from reportgen.base.numbers import middle
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.record.model import Claim


_COLUMNS = ("id", "label", "text", "verified", "confidence", "references", "verdict", "theme", "outcome")


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """The claims tied to one reference; the confidences are None where no claim has one."""

    reference: int
    claims: int
    verified: int
    median: float | None
    lowest: float | None
    highest: float | None


@stage("tabulate")
def by_source(claims: Sequence[Claim], numbers: Callable[[int], Iterable[int]]) -> tuple[SourceSummary, ...]:
    """Group the claims by the numbers of the references they cite; one with two sources counts at both."""
    groups: dict[int, list[Claim]] = {}
    for index, claim in enumerate(claims):
        for number in dict.fromkeys(numbers(index)):
            groups.setdefault(number, []).append(claim)
    return tuple(_summary(number, groups[number]) for number in sorted(groups))


def _summary(number: int, claims: Sequence[Claim]) -> SourceSummary:
    known = [claim.confidence for claim in claims if claim.confidence is not None]
    median, lowest, highest = (float(middle(known)), min(known), max(known)) if known else (None, None, None)
    verified = sum(claim.verified for claim in claims)
    return SourceSummary(number, len(claims), verified, median, lowest, highest)


def claims_csv(claims: Sequence[Claim], numbers: Callable[[int], Iterable[int]]) -> bytes:
    """Return the claims as CSV, UTF-8, one line each, with the numbers of their references set off by semicolons."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for index, claim in enumerate(claims):
        references = ";".join(map(str, numbers(index)))
        confidence = "" if claim.confidence is None else repr(claim.confidence)
        cells = (claim.id, f"C{index + 1}", claim.text, claim.verified, confidence, references)
        writer.writerow((*cells, claim.verdict or "", claim.theme or "", claim.outcome or ""))
    return out.getvalue().encode("utf-8")
