"""The flow of a search in the manner of PRISMA 2020: papers found, left out, included."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, Label, Table, chart, labels
from reportgen.charts.plots import GAP, Drawing
from reportgen.charts.style import SIZE, SMALL
from reportgen.charts.typeface import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.typeface import Typeface
    from reportgen.charts.wording import ChartWording

FEWEST = 3  # numbers that are drawn
_LINE = 10.0  # points from one line of a box to the next
_PADDING = 5.5  # points between a box and its words
_ARROW = 16.0  # points between two boxes
_MOST_LINES = 12  # of one box; further databases or reasons are counted
_MOST_WRAPPED = 2  # lines of one database or reason


@dataclass(frozen=True, slots=True)
class Counted:
    """A database and what it found, or a reason and how many papers it excluded."""

    name: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCounts:
    """The numbers of a search, each None or empty where the record does not state it."""

    found: int | None = None
    databases: tuple[Counted, ...] = ()
    duplicates: int | None = None
    screened: int | None = None
    excluded: tuple[Counted, ...] = ()
    included: int | None = None

    @property
    def totals(self) -> dict[str, int | None]:
        """Return the numbers that stand for themselves, in the order of the flow."""
        return {
            "found": self.found,
            "duplicates": self.duplicates,
            "screened": self.screened,
            "included": self.included,
        }

    @property
    def stated(self) -> int:
        """Count of what the record states something: found, duplicates, screened, excluded, included."""
        known = {name for name, n in self.totals.items() if n is not None}
        known |= {"found"} if self.databases else set()
        return len(known | ({"excluded"} if self.excluded else set()))

    @property
    def branches(self) -> bool:
        """Tell whether there is more to draw than one box after another, which the status strip shows."""
        return bool(self.databases or self.excluded or self.duplicates)


@dataclass(frozen=True, slots=True)
class Box:
    """A box: what it holds, and lines that say more of it."""

    title: str
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        """Return the height in points."""
        return 2 * _PADDING + _LINE * (1 + len(self.lines)) - 2

    def baseline(self, line: int, top: float) -> float:
        """Return where a line stands, from 0 for the title, in a box whose upper edge is at ``top``."""
        return top - _PADDING - 7 - _LINE * line


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the flow: its name, how many papers are in it, and those that leave it."""

    name: str
    box: Box
    leaving: Box | None = None

    @property
    def height(self) -> float:
        """Return the height in points."""
        return max(self.box.height, self.leaving.height if self.leaving else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Drawing):
    """Stages from top to bottom; what leaves one stands beside it."""

    stages: tuple[Stage, ...]

    @property
    def left(self) -> float:
        """Return where the boxes begin."""
        return max(self.face.width(stage.name, SMALL) for stage in self.stages) + GAP

    @property
    def box_width(self) -> float:
        """Return the width of every box in points."""
        return box_width(self.style.width_pt, self.left)

    @property
    def beside(self) -> float:
        """Return where the boxes of those that leave begin."""
        return self.style.width_pt - self.box_width - 1

    @property
    def tops(self) -> tuple[float, ...]:
        """Return the upper edge of each stage, in points from below."""
        heights = [stage.height + _ARROW for stage in self.stages]
        return tuple(self.height - 1 - above for above in accumulate(heights[:-1], initial=0.0))

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        return sum(stage.height for stage in self.stages) + _ARROW * (len(self.stages) - 1) + 2


def box_width(width: float, left: float) -> float:
    """Return the width of a box where two and an arrow share the room right of ``left``."""
    return (width - left - _ARROW - 2) / 2


def flow_chart(counts: PaperCounts, wording: ChartWording, style: Style) -> Chart | None:
    """Draw the flow of papers from the numbers that the record has, where they branch; fewer than three are words.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    if counts.stated < FEWEST or not counts.branches:
        return None
    reasons = labels((each.name for each in counts.excluded), "reason_number", wording, style)
    names = labels((each.name for each in counts.databases), "database_number", wording, style)
    totals = [(name, n) for name, n in counts.totals.items() if n is not None]
    table: Table = (
        ("stage", "detail", "papers"),
        *((name, "", n) for name, n in totals),
        *(("found", each.name, each.n) for each in counts.databases),
        *(("excluded", each.name, each.n) for each in counts.excluded),
    )
    return chart(
        "fig-flow",
        Flow(style=style, stages=_stages(counts, names, reasons, wording, style)),
        wording,
        drawn=[*names[:_MOST_LINES], *reasons[:_MOST_LINES]],
        caption=[
            wording("flow_title", list=", ".join(wording.count(f"flow_{name}", n) for name, n in totals))
        ],
        kind="alt_flow",
        alt=[
            *_alt("alt_found", counts.databases, names, wording),
            *_alt("alt_excluded", counts.excluded, reasons, wording),
        ],
        table=table,
    )


def _stages(
    counts: PaperCounts,
    names: Sequence[Label],
    reasons: Sequence[Label],
    wording: ChartWording,
    style: Style,
) -> tuple[Stage, ...]:
    """Plan the stages of which the record states something."""
    kept = {
        "found": bool(counts.databases) or (counts.found, counts.duplicates) != (None, None),
        "screened": bool(counts.excluded) or counts.screened is not None,
        "included": counts.included is not None,
    }
    shown = [name for name, is_kept in kept.items() if is_kept]
    face = typeface(style.fonts)
    left = max(face.width(wording(f"stage_{name}"), SMALL) for name in shown) + GAP
    writer = _Writer(face, box_width(style.width_pt, left) - 2 * _PADDING, wording)
    more = {"found": (counts.databases, names)}
    leaving = {
        "found": writer.box("duplicates", counts.duplicates) if counts.duplicates is not None else None,
        "screened": writer.box("excluded", None, counts.excluded, reasons) if counts.excluded else None,
    }
    return tuple(
        Stage(
            wording(f"stage_{name}"),
            writer.box(name, counts.totals[name], *more.get(name, ())),
            leaving.get(name),
        )
        for name in shown
    )


def _alt(
    key: str, counted: Sequence[Counted], named: Sequence[Label], wording: ChartWording
) -> Iterator[str]:
    """Say what the boxes hold beside their numbers."""
    if counted:
        said = [f"{label.spoken} ({each.n})" for label, each in zip(named, counted, strict=True)]
        yield wording(key, list=", ".join(said))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes boxes whose words fit into the room there is."""

    face: Typeface
    room: float
    wording: ChartWording

    def box(self, key: str, n: int | None, more: Sequence[Counted] = (), named: Sequence[Label] = ()) -> Box:
        """Write a box: a number, and further ones in lines, the last of which counts those without room."""
        title = self.wording(f"box_{key}") if n is None else self.wording(f"box_{key}_n", n=n)
        each = [self._wrapped(f"{one.n} {label.drawn}") for one, label in zip(more, named, strict=False)]
        lines = [line for wrapped in each for line in wrapped]
        if len(lines) > _MOST_LINES:
            fits = sum(total < _MOST_LINES for total in accumulate(map(len, each)))
            lines = [line for wrapped in each[:fits] for line in wrapped]
            lines.append(self.wording.count(f"box_{key}_more", len(each) - fits))
        return Box(self.face.fit(title, SIZE, self.room), tuple(lines))

    def _wrapped(self, text: str) -> list[str]:
        """Break a text between words; what does not fit into the last line is cut there."""
        lines = [""]
        words = text.split(" ")
        while words:
            longer = f"{lines[-1]} {words[0]}".strip()
            if not lines[-1] or self.face.width(longer, SMALL) <= self.room:
                lines[-1] = longer
                words.pop(0)
            elif len(lines) < _MOST_WRAPPED:
                lines.append("")
            else:
                lines[-1] = " ".join([lines[-1], *words])
                words = []
        return [self.face.fit(line, SMALL, self.room) for line in lines]
