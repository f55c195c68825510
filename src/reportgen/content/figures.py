"""Figures: which charts a report has, numbered in the order in which they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen import charts
from reportgen.base.characters import numbered
from reportgen.base.timings import stage
from reportgen.content.outcomes import effect_texts
from reportgen.record.model import Stance, Verdict
from reportgen.text.faces import installed_faces
from reportgen.text.families import family_of
from reportgen.text.inline import inlines
from reportgen.text.tree import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.base.policy import Policy
    from reportgen.base.style import Style
    from reportgen.record.model import Claim, Outcome, Record
    from reportgen.sources import Bibliography, Reference
    from reportgen.text.wording import Wording

_SANS = ("texgyreheros-regular.otf", "FreeSans.otf", "wqy-microhei.ttc", "Symbola_hint.ttf")


_PLACES = {
    "results": ("spread", "outcomes", "results"),
    "methodology": ("search", "years"),
    "evidence": ("quality",),
}
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

    def are_complete(self, part: str) -> bool:
        """Tell whether a part has charts which print each of their values, so that no table need repeat them."""
        return bool(self.groups.get(part)) and all(chart.complete for chart in self.groups[part])

    def blocks(self, part: str, name: str = "") -> tuple[Figure, ...]:
        """Return the figures of a part, or the one of a name."""
        return tuple(
            Figure(chart.name, "", inlines(chart.caption), chart.alt, width=chart.width, id=chart.name)
            for chart in self.groups.get(part, ())
            if name in {"", chart.name}
        )


@stage("plan charts")
def plan_figures(
    record: Record,
    bibliography: Bibliography,
    wording: Wording,
    *,
    policy: Policy,
    look: Style,
) -> Figures:
    """Plan every chart for which there is something to draw."""
    words = charts.ChartWording(wording.t.charts.table)
    style = charts.Style(
        decimal=wording.t.format.decimal, fonts=_fonts(look), accent=look.accent, ink=look.ink
    )
    wide = replace(style, width_pt=charts.FULL_MM * charts.MILLIMETRE)
    planned = {
        "spread": [_spread(record, bibliography, words, style, wide)],
        "outcomes": [
            _forest(index, outcome, bibliography, wording, style)
            for index, outcome in enumerate(record.outcomes, 1)
        ],
        "results": [
            _confidence(record, words, style),
            _calibration(record, words, style),
            _evidence(record, bibliography, words, style, wide),
        ],
        "search": [_flow(record, words, style)],
        "years": [_years(bibliography, words, style)],
        "quality": [_reviewers(record, policy, wording, words, style)],
    }
    return Figures({part: tuple(filter(None, group)) for part, group in planned.items()})


def short_label(reference: Reference, year: int | None = None) -> str:
    """Name a source in a chart: its number, its first author and a year, its own or that of a score."""
    entry = reference.entry
    if entry is None:
        return numbered(f"[{reference.number}] {reference.identifier}")
    _, people = entry.creators
    name = (people[0].surname if people else entry.title) or str(reference.identifier)
    return numbered(" ".join(filter(None, (f"[{reference.number}]", name, str(year or entry.year)))))


_MARKS = {
    Verdict.SUPPORTED: charts.Marker.SUPPORTED,
    Verdict.REFUTED: charts.Marker.REFUTED,
    Verdict.MIXED: charts.Marker.MIXED,
    Verdict.INSUFFICIENT: charts.Marker.INSUFFICIENT,
    Verdict.NOT_CHECKED: charts.Marker.NOT_CHECKED,
}


def _verdict(claim: Claim, *, in_words: bool) -> charts.Marker:
    """Return the mark of a claim's verdict; where any claim has one in words, what is verified is supported."""
    if claim.verdict is not None:
        return _MARKS[claim.verdict]
    if claim.verified:
        return charts.Marker.SUPPORTED if in_words else charts.Marker.VERIFIED
    return charts.Marker.UNVERIFIED


def _confidence(record: Record, words: charts.ChartWording, style: charts.Style) -> charts.Chart | None:
    in_words = any(claim.verdict for claim in record.claims)
    points = [
        charts.ClaimPoint(f"C{index}", claim.confidence, _verdict(claim, in_words=in_words))
        for index, claim in enumerate(record.claims, 1)
    ]
    bands = [(numbered(word.word), word.from_) for word in record.confidence_words]
    return charts.confidence_chart(points, record.confidence_threshold, words, style, words=bands)


def _fonts(look: Style) -> tuple[Path, ...]:
    """List the font files that a chart is lettered with, the house's own before the packaged ones."""
    faces = installed_faces()
    own = [shape[-1] for shape in family_of("sf", look.faces.sans).shapes[:1]] if look.faces.sans else []
    return tuple(face.path for face in (*own, *(faces[file] for file in _SANS if file in faces)))


_STANCES = {
    Stance.SUPPORTS: charts.Marker.SUPPORTS,
    Stance.CONTRADICTS: charts.Marker.CONTRADICTS,
    Stance.MENTIONS: charts.Marker.MENTIONS,
}


def _evidence(
    record: Record,
    bibliography: Bibliography,
    words: charts.ChartWording,
    style: charts.Style,
    wide: charts.Style,
) -> charts.Chart | None:
    """Map the claims by the sources of their evidence, where not all of it supports them: citations say the rest."""
    if all(each.stance is Stance.SUPPORTS for claim in record.claims for each in claim.evidence):
        return None
    stands = [
        charts.Stand(index, bibliography.lookup(source).number - 1, _STANCES[each.stance])
        for index, claim in enumerate(record.claims)
        for each in claim.all_evidence
        if (source := each.source or record.lead_source)
    ]
    claims = [f"C{index}" for index in range(1, len(record.claims) + 1)]
    sources = [short_label(reference) for reference in bibliography.references]
    return charts.evidence_map(claims, sources, stands, words, style, wide=wide)


def _flow(record: Record, words: charts.ChartWording, style: charts.Style) -> charts.Chart | None:
    if (search := record.search) is None:
        return None
    counts = charts.PaperCounts(
        found=search.papers_retrieved,
        databases=tuple(
            charts.Counted(numbered(each.name), each.found)
            for each in search.databases
            if each.found is not None
        ),
        duplicates=search.duplicates_removed,
        screened=search.screened,
        excluded=tuple(charts.Counted(numbered(each.reason), each.n) for each in search.excluded),
        included=search.included,
    )
    return charts.flow_chart(counts, words, style)


def _forest(
    number: int, outcome: Outcome, bibliography: Bibliography, wording: Wording, style: charts.Style
) -> charts.Chart | None:
    said, pooled = effect_texts(outcome, wording)
    effects = tuple(
        charts.EffectRow(
            label=short_label(bibliography.lookup(each.source)),
            said=text,
            value=each.value,
            lower=each.lower,
            upper=each.upper,
            n=each.n,
            weight=each.weight,
            group=numbered(each.group or ""),
        )
        for each, text in zip(outcome.entries, said, strict=True)
    )
    own = outcome.pooled
    drawn = charts.OutcomeEffects(
        name=numbered(outcome.name),
        measure=outcome.measure,
        title=numbered(f"{outcome.measure} ({outcome.unit})" if outcome.unit else outcome.measure),
        effects=effects,
        pooled=charts.EffectRow(label="", said=pooled, value=own.value, lower=own.lower, upper=own.upper)
        if own
        else None,
    )
    words = charts.ChartWording(wording.t.charts.table)
    return charts.forest_chart(f"fig-forest-{number}", drawn, words, style)


def _years(
    bibliography: Bibliography, words: charts.ChartWording, style: charts.Style
) -> charts.Chart | None:
    years = [reference.entry.year if reference.entry else "" for reference in bibliography.references]
    known = [int(year) if re.fullmatch(r"\d{4}", year, re.ASCII) else None for year in years]
    return charts.years_chart(known, words, style)


def _calibration(record: Record, words: charts.ChartWording, style: charts.Style) -> charts.Chart | None:
    """Compare the confidences with the verdicts that people reached."""
    judged = [
        charts.Judged(f"C{index}", claim.confidence, supported=claim.verdict is Verdict.SUPPORTED)
        for index, claim in enumerate(record.claims, 1)
        if claim.confidence is not None
        and claim.verdict not in {None, Verdict.NOT_CHECKED}
        and claim.verdict_by is not None
        and claim.verdict_by.type == "person"
    ]
    return charts.calibration_chart(judged, words, style)


def _spread(
    record: Record,
    bibliography: Bibliography,
    words: charts.ChartWording,
    style: charts.Style,
    wide: charts.Style,
) -> charts.Chart | None:
    if record.benchmark is None:
        return None
    entries: Sequence[charts.ReportedScore] = [
        charts.ReportedScore(
            short_label(reference, entry.year),
            entry.score_pct,
            entry.year,
            numbered(entry.protocol or ""),
        )
        for entry in record.benchmark.entries
        for reference in [bibliography.lookup(entry.source)]
    ]
    return charts.spread_chart(entries, words, style, wide=wide)


def _bands(policy: Policy, wording: Wording) -> list[charts.NamedRange]:
    """Lay the tiers' scores side by side, each with the first tier that they could reach."""
    edges = sorted({0.0, *policy.edges})
    tiers = [(edge, policy.tier_of(edge)) for edge in edges if edge < 10]
    starts = [
        (edge, tier) for index, (edge, tier) in enumerate(tiers) if not index or tier != tiers[index - 1][1]
    ]
    uppers = [edge for edge, _ in starts[1:]] + [10.0]
    return [
        charts.NamedRange(wording.named("tier", tier.name), edge, upper)
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
