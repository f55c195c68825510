"""Figures: which charts a report has, numbered in the order in which they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen import charts
from reportgen.base.characters import numbered
from reportgen.base.timings import stage
from reportgen.content.claims import source_label
from reportgen.text.faces import installed_faces
from reportgen.text.families import family_of
from reportgen.text.inline import inlines
from reportgen.text.tree import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.analysis.tabulate import SourceSummary
    from reportgen.base.policy import Policy
    from reportgen.base.style import Style
    from reportgen.record.model import Record
    from reportgen.sources import Bibliography, Reference
    from reportgen.text.wording import Phrases, Wording

_SANS = ("texgyreheros-regular.otf", "FreeSans.otf", "wqy-microhei.ttc", "Symbola_hint.ttf")


_PLACES = {"results": ("spread", "results"), "quality": ("quality",)}
"""Which groups of charts a section prints."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The charts of a report by the part that prints them."""

    groups: Mapping[str, tuple[charts.Chart, ...]]

    def printed_in(self, sections: Sequence[str]) -> Figures:
        """Return the charts that the sections print."""
        parts = [part for name in sections for part in _PLACES.get(name, ())]
        return Figures({part: self.groups[part] if part in parts else () for part in self.groups})

    @property
    def printed(self) -> tuple[charts.Chart, ...]:
        """Return the charts to be drawn."""
        return tuple(chart for group in self.groups.values() for chart in group)

    def blocks(self, part: str) -> tuple[Figure, ...]:
        """Return the figures of a part."""
        return tuple(
            Figure(chart.name, "", inlines(chart.caption), chart.alt, id=chart.name)
            for chart in self.groups[part]
        )


@stage("plan charts")
def plan_figures(
    record: Record,
    bibliography: Bibliography,
    sources: Sequence[SourceSummary],
    wording: Wording,
    *,
    policy: Policy,
    look: Style,
) -> Figures:
    """Plan every chart for which there is something to draw."""
    words = charts.ChartWording(_table(wording.t.charts))
    style = charts.Style(
        decimal=wording.t.format.decimal, fonts=_fonts(look), accent=look.accent, ink=look.ink
    )
    results = [
        charts.confidence_chart(
            [
                charts.ClaimPoint(f"C{index}", claim.confidence, claim.verified)
                for index, claim in enumerate(record.claims, 1)
            ],
            record.confidence_threshold,
            words,
            style,
        ),
        charts.sources_chart(
            [
                charts.SourceRow(
                    _label(bibliography.references[row.reference - 1]),
                    row.verified,
                    int(row.claims) - row.verified,
                )
                for row in sources
            ],
            words,
            style,
        ),
    ]
    planned = {
        "spread": [_spread(record, bibliography, words, style)],
        "results": results,
        "quality": [_reviewers(record, policy, wording, words, style)],
    }
    return Figures({part: tuple(filter(None, group)) for part, group in planned.items()})


def _label(reference: Reference) -> str:
    """Name a source in a chart; what has no ink or no meaning is shown by number, as in the text."""
    return numbered(f"[{reference.number}] {source_label(reference)}")


def _table(phrases: Phrases) -> charts.wording.Texts:
    return phrases.table


def _fonts(look: Style) -> tuple[Path, ...]:
    """List the font files that a chart is lettered with, the house's own before the packaged ones."""
    faces = installed_faces()
    own = [shape[-1] for shape in family_of("sf", look.faces.sans).shapes[:1]] if look.faces.sans else []
    return tuple(face.path for face in (*own, *(faces[file] for file in _SANS if file in faces)))


def _spread(
    record: Record, bibliography: Bibliography, words: charts.ChartWording, style: charts.Style
) -> charts.Chart | None:
    if record.benchmark is None:
        return None
    entries: Sequence[charts.ReportedScore] = [
        charts.ReportedScore(_label(reference), entry.score_pct, entry.year)
        for entry in record.benchmark.entries
        for reference in [bibliography.lookup(entry.source)]
    ]
    return charts.spread_chart(entries, words, style)


def _bands(policy: Policy, wording: Wording) -> list[charts.TierBand]:
    """Lay the tiers' scores side by side, each with the first tier that they could reach."""
    edges = sorted({0.0, *policy.edges})
    tiers = [(edge, policy.tier_of(edge)) for edge in edges if edge < 10]
    starts = [
        (edge, tier) for index, (edge, tier) in enumerate(tiers) if not index or tier != tiers[index - 1][1]
    ]
    uppers = [edge for edge, _ in starts[1:]] + [10.0]
    return [
        charts.TierBand(wording.named("tier", tier.name), edge, upper)
        for (edge, tier), upper in zip(starts, uppers, strict=True)
        if tier
    ]


def _reviewers(
    record: Record, policy: Policy, wording: Wording, words: charts.ChartWording, style: charts.Style
) -> charts.Chart | None:
    if record.review is None or not record.review.reviewers:
        return None
    return charts.reviewers_chart(
        [
            charts.ReviewerScore(numbered(reviewer.role), reviewer.score)
            for reviewer in record.review.reviewers
        ],
        record.review.score,
        _bands(policy, wording),
        words,
        style,
        edges=policy.edges,
    )
