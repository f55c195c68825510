"""The evidence map: which sources support, contradict or mention which claims."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.charts.chart import Chart, chart, labels
from reportgen.charts.plots import GAP, LABELS, LEGEND, Drawing
from reportgen.charts.style import SIZE, SMALL, Marker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.charts.style import Style
    from reportgen.charts.wording import ChartWording

MOST_CLAIMS = 25
MOST_SOURCES = 15
STANCES = (Marker.SUPPORTS, Marker.CONTRADICTS, Marker.MENTIONS)
_HEAD = 25.0  # points above the map: what the numbers are, and the numbers of the claims
_PITCH = 14.0  # points from one source to the next
_BETWEEN = 3.0  # points between two numbers, at least
_NARROWEST, _WIDEST = 11.0, 24.0  # points from one claim to the next


@dataclass(frozen=True, slots=True)
class Stand:
    """The stance of a source to a claim; both are places in the lists of the map."""

    claim: int
    source: int
    stance: Marker


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceMap(Drawing):
    """A row for each source, a column for each claim, a mark for each stance where they meet."""

    title: str
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    stands: tuple[Stand, ...]
    keys: tuple[tuple[Marker, str], ...]
    pitch: float = _PITCH

    @property
    def labels(self) -> float:
        """Return the points that the labels of the sources take."""
        spare = self.style.width_pt - GAP - _WIDEST * len(self.claims)
        widest = max(self.face.width(name, SIZE) for name in self.sources)
        return min(max(self.style.width_pt * LABELS, spare), widest)

    @property
    def left(self) -> float:
        """Return where the columns begin."""
        return self.labels + GAP

    @property
    def column(self) -> float:
        """Return the points from one claim to the next."""
        return min((self.style.width_pt - self.left) / len(self.claims), _WIDEST)

    @property
    def bottom(self) -> float:
        """Return where the rows end, in points from below."""
        return 2.0

    @property
    def top(self) -> float:
        """Return where the rows begin, in points from below."""
        return self.bottom + self.pitch * len(self.sources)

    @property
    def height(self) -> float:
        """Return the height of the whole in points."""
        return self.top + _HEAD + LEGEND


def evidence_map(
    claims: Sequence[str],
    sources: Sequence[str],
    stands: Sequence[Stand],
    wording: ChartWording,
    style: Style,
    *,
    wide: Style | None = None,
) -> Chart | None:
    """Draw how the sources stand to the claims, given by their labels.

    Claims without room in ``style`` are drawn as ``wide`` says. Where there are more than can be read, the sources
    with the most marks stand, and the first claims that those have to do with; the caption counts the others. With
    fewer than two sources there is nothing to compare.

    Raises:
        reportgen.base.errors.SetupError: a font cannot be read or cannot print the wording.

    """
    stands = tuple(sorted(dict.fromkeys(stands), key=_order))
    marked = Counter(stand.source for stand in stands)
    if len(marked) < 2:
        return None
    safe = labels(sources, "source_number", wording, style)
    rows = sorted(sorted(marked, key=lambda source: (-marked[source], source))[:MOST_SOURCES])
    touched = sorted({stand.claim for stand in stands if stand.source in rows})
    whole = EvidenceMap(
        style=style,
        title=wording("claims"),
        claims=tuple(label.removeprefix("C") for label in claims),
        sources=tuple(label.drawn for label in safe),
        stands=stands,
        keys=tuple((mark, wording(mark.value)) for mark in STANCES),
    )
    drawing, columns = _fitting(whole, touched, rows, wide)
    shown = [stand for stand in stands if stand.source in rows and stand.claim in columns]
    told = ((claims[s.claim], sources[s.source], s.stance.value) for s in stands)
    return chart(
        "fig-evidence",
        drawing,
        wording,
        drawn=[safe[row] for row in rows],
        caption=_caption(stands, shown, len(claims), wording),
        kind="alt_map",
        alt=_alt(shown, claims, [label.spoken for label in safe], wording),
        table=(("claim", "source", "stance"), *told),
    )


def _fitting(
    whole: EvidenceMap, touched: Sequence[int], rows: Sequence[int], wide: Style | None
) -> tuple[EvidenceMap, Sequence[int]]:
    """Keep the claims that have room, on a wider sheet where there is one and it holds more of them."""
    columns = touched[: _most_columns(_part(whole, touched[:MOST_CLAIMS], rows))]
    if wide and len(columns) < len(touched):
        return _fitting(replace(whole, style=wide), touched, rows, None)
    return _part(whole, columns, rows), columns


def _caption(
    stands: Sequence[Stand], shown: Sequence[Stand], all_claims: int, wording: ChartWording
) -> Iterator[str]:
    """Count what is shown, and what is not."""
    sources, claims = {stand.source for stand in shown}, {stand.claim for stand in shown}
    yield wording.count("map_title", len(claims), sources=len(sources))
    yield wording("map_counts", **{mark.value: sum(s.stance is mark for s in shown) for mark in STANCES})
    if left := len({stand.claim for stand in stands} - claims):
        yield wording.count("map_claims_omitted", left)
    if left := len({stand.source for stand in stands} - sources):
        yield wording.count("map_sources_omitted", left)
    if silent := all_claims - len({stand.claim for stand in stands}):
        yield wording.count("map_silent", silent)


def _order(stand: Stand) -> tuple[int, int, int]:
    return stand.claim, stand.source, STANCES.index(stand.stance)


def _part(whole: EvidenceMap, columns: Sequence[int], rows: Sequence[int]) -> EvidenceMap:
    """Keep some claims and some sources of a map, in their order."""
    at_column = {claim: place for place, claim in enumerate(columns)}
    at_row = {source: place for place, source in enumerate(rows)}
    return replace(
        whole,
        claims=tuple(whole.claims[claim] for claim in columns),
        sources=tuple(whole.sources[source] for source in rows),
        stands=tuple(
            Stand(at_column[stand.claim], at_row[stand.source], stand.stance)
            for stand in whole.stands
            if stand.claim in at_column and stand.source in at_row
        ),
    )


def _most_columns(drawing: EvidenceMap) -> int:
    """Return how many claims have room for their numbers."""
    widest = max(drawing.face.width(number, SMALL) for number in drawing.claims) + _BETWEEN
    return min(MOST_CLAIMS, int((drawing.style.width_pt - drawing.left) / max(widest, _NARROWEST)))


def _alt(
    shown: Sequence[Stand], claims: Sequence[str], names: Sequence[str], wording: ChartWording
) -> Iterator[str]:
    """Say for each source what it supports, contradicts and mentions."""
    for source in sorted({stand.source for stand in shown}):
        said = []
        for mark in STANCES:
            about = [claims[s.claim] for s in shown if s.source == source and s.stance is mark]
            if about:
                said.append(wording("alt_stance", stance=wording(mark.value), list=", ".join(about)))
        yield wording("alt_source", label=names[source], list=wording("alt_join").join(said))
