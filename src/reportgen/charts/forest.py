"""Effects with their intervals, and the pooled effect of the record; nothing is pooled here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, Label, Table, chart, labels
from reportgen.charts.plots import AXIS, GAP, LABELS, MARGIN, Drawing
from reportgen.charts.style import SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

MOST_EFFECTS = 40
_PITCH = 13.5  # points from one row to the next
_INDENT = 8.0  # points of an effect below the name of its group
_PLAIN_SIZE = 5.0  # points, the side of a square without a weight
_SMALLEST, _LARGEST = 3.0, 10.0  # points, the sides of squares with one
_AROUND = 0.06  # of the range, kept free at both ends
_RATIO = re.compile(
    r"\b(?:odds|risk|hazard|rate|prevalence|incidence)[ -]ratios?\b|\bratio of means\b|\brelative risk\b"
    r"|\b(?:relatives risiko|chancenverhältnis|quotenverhältnis|risikoverhältnis)\b"
    r"|\brapport (?:de|des) (?:cotes|risques|taux|hasards|moyennes)\b|\brisque relatif\b|\b(?-i:OR|RR|HR|IRR)\b",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"differen[cz]|différence|unterschied|\b(?-i:MD|SMD|WMD|RD)\b|cohen|hedges|\b(?:log|ln)\b|[ck]orr[eé]lation",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """An effect: who reports it, its value with its interval, and the same as it is printed."""

    label: str
    said: str
    value: float
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    weight: float | None = None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeEffects:
    """The effects on one outcome; ``title`` is that of the axis, ``measure`` says what the numbers are."""

    name: str
    measure: str
    title: str
    effects: tuple[EffectRow, ...]
    pooled: EffectRow | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the plot, the name of a group where it has no value; ``size`` is the side of a square in points."""

    label: str
    value: float | None = None
    ends: tuple[float, float] | None = None
    size: float = 0.0
    indent: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest(Drawing):
    """Rows of squares with their intervals over one axis, the pooled effect last, as a diamond."""

    title: str
    lines: tuple[Line, ...]
    pooled: Line | None
    low: float
    high: float
    is_log: bool
    no_effect: float | None
    pitch: float = _PITCH

    @property
    def rows(self) -> tuple[Line, ...]:
        """Return all rows from top to bottom."""
        return (*self.lines, *([self.pooled] if self.pooled else []))

    @property
    def labels(self) -> float:
        """Return the points that the labels take."""
        widest = max(line.indent + self.face.width(line.label, SIZE) for line in self.rows)
        return min(self.style.width_pt * LABELS, widest)

    @property
    def left(self) -> float:
        """Return where the axis begins."""
        return self.labels + GAP + MARGIN

    @property
    def right(self) -> float:
        """Return where the axis ends."""
        return self.style.width_pt - MARGIN

    @property
    def body(self) -> float:
        """Return the height of the rows in points."""
        return self.pitch * len(self.rows) + 2

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        return self.body + AXIS + 2


def no_effect_of(measure: str) -> float | None:
    """Return the value of a measure that stands for no effect: 1 of a ratio, 0 of a difference; None of others."""
    if _DIFFERENCE.search(measure):
        return 0.0
    return 1.0 if _RATIO.search(measure) else None


def forest_chart(name: str, outcome: OutcomeEffects, wording: ChartWording, style: Style) -> Chart | None:
    """Draw the effects on one outcome, group by group, on a logarithmic axis where they are ratios.

    With fewer than two effects, the pooled one included, or without any interval, there is no chart.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    effects, pooled = outcome.effects, outcome.pooled
    given = [*effects, *([pooled] if pooled else [])]
    if len(given) < 2 or all(_ends(each) is None for each in given):
        return None
    kept = effects[:MOST_EFFECTS]
    no_effect = no_effect_of(outcome.measure)
    shown = [*kept, *([pooled] if pooled else [])]
    values = [end for each in shown for end in (*(_ends(each) or ()), each.value)]
    values += [] if no_effect is None else [no_effect]
    is_log = no_effect == 1 and min(values) > 0
    low, high = _reach(min(values), max(values), is_log=is_log)
    texts = labels((each.label for each in kept), "source_number", wording, style)
    (named_measure,) = labels([outcome.title], "measure_number", wording, style)
    drawing = Forest(
        style=style,
        title=named_measure.drawn,
        lines=tuple(_lines(kept, texts, wording, style)),
        pooled=Line(wording("pooled"), pooled.value, _ends(pooled)) if pooled else None,
        low=low,
        high=high,
        is_log=is_log,
        no_effect=no_effect,
    )
    return chart(
        name,
        drawing,
        wording,
        drawn=texts,
        caption=_caption(outcome, drawing, wording),
        kind="alt_forest",
        alt=_alt(kept, texts, no_effect, wording),
        table=_table(effects, pooled),
    )


def _ends(effect: EffectRow) -> tuple[float, float] | None:
    """Return the ends of an interval; the effect stands for one that is not known, None for both."""
    if effect.lower is None and effect.upper is None:
        return None
    lower = effect.value if effect.lower is None else effect.lower
    return lower, effect.value if effect.upper is None else effect.upper


def _reach(low: float, high: float, *, is_log: bool) -> tuple[float, float]:
    """Leave some room at both ends of the values."""
    if low == high:
        low, high = (low / 2, high * 2) if is_log else (low - 1, high + 1)
    if is_log:
        around = (high / low) ** _AROUND
        return low / around, high * around
    room = (high - low) * _AROUND
    return low - room, high + room


def _lines(
    effects: Sequence[EffectRow], texts: Sequence[Label], wording: ChartWording, style: Style
) -> Iterator[Line]:
    """Put the effects below their groups; those of none come first."""
    heaviest = max((each.weight for each in effects if each.weight), default=0.0)
    groups = sorted(dict.fromkeys(each.group for each in effects), key=bool)
    named = labels(groups, "group_number", wording, style)
    for group, label in zip(groups, named, strict=True):
        if group:
            yield Line(label.drawn)
        for each, text in zip(effects, texts, strict=True):
            if each.group == group:
                indent = _INDENT if group else 0.0
                yield Line(text.drawn, each.value, _ends(each), _side(each.weight, heaviest), indent)


def _side(weight: float | None, heaviest: float) -> float:
    """Return the side of a square whose area stands for a weight."""
    if weight is None or not heaviest:
        return _PLAIN_SIZE
    return max(_LARGEST * sqrt(weight / heaviest), _SMALLEST)


def _caption(outcome: OutcomeEffects, drawing: Forest, wording: ChartWording) -> Iterator[str]:
    effects = outcome.effects
    yield wording.count("forest_title", len(effects), outcome=outcome.name)
    if len(effects) > MOST_EFFECTS:
        yield wording.count("forest_omitted", len(effects) - MOST_EFFECTS)
    if any(each.weight is not None for each in effects):
        yield wording("forest_weights")
    if outcome.pooled:
        yield wording("forest_pooled", value=outcome.pooled.said)
    if drawing.no_effect is not None:
        yield wording("forest_no_effect", value=f"{drawing.no_effect:g}")
    elif drawing.low > 0:
        yield wording("forest_cut")
    if drawing.is_log:
        yield wording("forest_log")
    if bare := sum(_ends(each) is None for each in effects):
        yield wording.count("forest_bare", bare)
    if half := sum((each.lower is None) != (each.upper is None) for each in effects):
        yield wording.count("forest_half", half)


def _alt(
    effects: Sequence[EffectRow], texts: Sequence[Label], no_effect: float | None, wording: ChartWording
) -> Iterator[str]:
    """Say where the intervals lie, and name the ends of the range."""
    if no_effect is not None and (
        known := [(e.lower, e.upper) for e in effects if e.lower is not None and e.upper is not None]
    ):
        below = sum(upper < no_effect for _, upper in known)
        above = sum(lower > no_effect for lower, _ in known)
        yield wording("alt_sides", below=below, across=len(known) - below - above, above=above)
    for key, choose in (("alt_lowest", min), ("alt_highest", max)):
        place = choose(range(len(effects)), key=lambda index: effects[index].value)
        yield wording(key, list=wording("named_effect", label=texts[place].spoken, value=effects[place].said))


def _table(effects: Sequence[EffectRow], pooled: EffectRow | None) -> Table:
    head = ("source", "group", "value", "lower", "upper", "n", "weight")
    rows = [(e.label, e.group, e.value, e.lower, e.upper, e.n, e.weight) for e in effects]
    last = [("pooled", "", pooled.value, pooled.lower, pooled.upper, None, None)] if pooled else []
    return (head, *rows, *last)
