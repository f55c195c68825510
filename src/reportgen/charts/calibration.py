"""The calibration chart: confidence against the share of claims that people found to hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import mean
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.base.numbers import exact
from reportgen.charts.chart import Chart, Table, chart
from reportgen.charts.plots import AXIS, Drawing, Steps
from reportgen.charts.style import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

FEWEST = 10  # judged claims
_STEPS = Steps(Decimal("0.2"), 1.0)
SIDE = 140.0  # points of the square
COUNTS = 14.0  # points above it: how many claims each fifth has


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that a person judged: its label, its confidence, and whether it was found supported."""

    label: str
    confidence: float
    supported: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Claims of one fifth of the scale: their mean confidence, the share found supported, and how many they are."""

    fifth: int
    confidence: float
    share: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Drawing):
    """A square with confidence along it and the share of supported claims upwards, both from 0 to 1."""

    title: str
    upwards: str
    diagonal: str
    mark: str
    count: str
    groups: tuple[Group, ...]

    @property
    def left(self) -> float:
        """Return where the square begins."""
        return self.face.width("0.0", SMALL) + 10

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        return AXIS + SIDE + COUNTS + 14


def calibration_chart(judged: Sequence[Judged], wording: ChartWording, style: Style) -> Chart | None:
    """Compare confidence with the verdicts of people, by fifths of the scale; of fewer than ten claims there is none.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if len(judged) < FEWEST:
        return None
    groups = tuple(_groups(judged))
    drawing = Calibration(
        style=style,
        title=wording("confidence"),
        upwards=wording("share_supported"),
        diagonal=wording("as_stated"),
        mark=wording("one_fifth"),
        count=wording("claims"),
        groups=groups,
    )
    table: Table = (
        ("claim", "confidence", "supported"),
        *((each.label, each.confidence, str(each.supported)) for each in judged),
    )
    return chart(
        "fig-calibration",
        drawing,
        wording,
        drawn=[],
        caption=_caption(judged, wording, style),
        kind="alt_calibration",
        alt=_alt(groups, wording, style),
        table=table,
    )


def _groups(judged: Sequence[Judged]) -> Iterator[Group]:
    """Divide the claims by fifths of the scale."""
    by_step: dict[int, list[Judged]] = {}
    for each in judged:
        (step,) = _STEPS.count([each.confidence])
        by_step.setdefault(step, []).append(each)
    for step, claims in sorted(by_step.items()):
        supported = sum(each.supported for each in claims)
        yield Group(step, _mean(claims), supported / len(claims), len(claims))


def _mean(judged: Sequence[Judged]) -> float:
    return float(mean(exact(each.confidence) for each in judged))


def _caption(judged: Sequence[Judged], wording: ChartWording, style: Style) -> Iterator[str]:
    supported = sum(each.supported for each in judged)
    share = numbers.fixed(supported / len(judged), 2, style.decimal)
    middle = numbers.fixed(_mean(judged), 2, style.decimal)
    yield wording("calibration_title", n=len(judged), supported=supported)
    yield wording("calibration_means", confidence=middle, share=share)
    yield wording("calibration_sides")


def _alt(groups: Sequence[Group], wording: ChartWording, style: Style) -> Iterator[str]:
    """Say of each fifth what was stated and what was found."""
    for each in groups:
        stated, found = (numbers.fixed(value, 2, style.decimal) for value in (each.confidence, each.share))
        yield wording.count("alt_fifth", each.n, confidence=stated, share=found)
