"""Figures: which charts a report has, numbered in the order in which they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen import charts
from reportgen.base.timings import stage
from reportgen.content.claims import source_label
from reportgen.content.report import FigureView
from reportgen.latex.escaping import normalise
from reportgen.latex.fonts import installed_faces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportgen.base.policy import Policy
    from reportgen.base.settings import Settings
    from reportgen.latex.tables import SourceSummary
    from reportgen.record.model import Record
    from reportgen.sources import Bibliography, Reference
    from reportgen.text.wording import Phrases, Wording

_SANS = ("texgyreheros-regular.otf", "FreeSans.otf", "wqy-microhei.ttc", "Symbola_hint.ttf")


@dataclass(frozen=True, slots=True)
class Figures:
    """The charts of a report by section; ``charts`` holds them all, to be drawn."""

    spread: tuple[FigureView, ...]
    results: tuple[FigureView, ...]
    review: tuple[FigureView, ...]
    charts: tuple[charts.Chart, ...]


@stage("plan charts")
def plan_figures(
    record: Record,
    settings: Settings,
    bibliography: Bibliography,
    sources: Sequence[SourceSummary],
    wording: Wording,
) -> Figures:
    """Plan every chart for which there is something to draw."""
    words = charts.ChartWording(_table(wording.t.charts))
    style = charts.Style(
        decimal=wording.t.format.decimal, fonts=_fonts(), accent=settings.style.accent, ink=settings.style.ink
    )
    spread = _spread(record, bibliography, words, style)
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
    review = _reviewers(record, settings.policy, wording, words, style)
    groups = [[chart for chart in group if chart] for group in ([spread], results, [review])]
    numbered = iter(enumerate((chart for group in groups for chart in group), 1))
    views = [tuple(_view(*next(numbered), wording) for _ in group) for group in groups]
    return Figures(views[0], views[1], views[2], tuple(chart for group in groups for chart in group))


def _view(number: int, chart: charts.Chart, wording: Wording) -> FigureView:
    return FigureView(chart.name, wording.say("figure.label", number), chart.caption, chart.alt)


def _label(reference: Reference) -> str:
    """Name a source in a chart; what has no ink or no meaning is shown by number, as in the text."""
    return normalise(f"[{reference.number}] {source_label(reference)}")


def _table(phrases: Phrases) -> charts.wording.Texts:
    return phrases.table


def _fonts() -> tuple[Path, ...]:
    faces = installed_faces()
    return tuple(faces[file].path for file in _SANS if file in faces)


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
            charts.ReviewerScore(normalise(reviewer.role), reviewer.score)
            for reviewer in record.review.reviewers
        ],
        record.review.score,
        _bands(policy, wording),
        words,
        style,
    )
