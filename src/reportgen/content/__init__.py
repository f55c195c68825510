"""The view: everything a template may see, made from the record and what was derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.timings import stage
from reportgen.content import claims as claims_view
from reportgen.content import facts
from reportgen.content.quality import quality_view
from reportgen.content.references import citation, reference_views
from reportgen.content.report import (
    AuthorLine,
    BenchmarkView,
    Publisher,
    Quotation,
    ReportView,
    ResultsView,
    SectionView,
)
from reportgen.content.sentences import abstract, benchmark_numbers, limitations
from reportgen.latex.escaping import Latex, normalise, to_latex
from reportgen.latex.hyphenation import divided_words
from reportgen.latex.markdown import typeset_prose
from reportgen.latex.tables import SourceSummary, chunks
from reportgen.text.formula import keep_apart

if TYPE_CHECKING:
    from reportgen.analysis.derive import Derived
    from reportgen.base.settings import Settings
    from reportgen.content.figures import Figures
    from reportgen.record.model import Record
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography
    from reportgen.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the stages before the view have made of one record.

    ``cut`` holds the JSON pointers of the texts that look cut; the page says so beside them. ``prose`` is
    every text of the record that readers read, for hyphenation; ``logo_mm`` is how wide the house's logo is.
    """

    record: Record
    record_sha256: str
    derived: Derived
    bibliography: Bibliography
    sources: tuple[SourceSummary, ...]
    figures: Figures
    settings: Settings
    wording: Wording
    cut: frozenset[str]
    prose: tuple[str, ...]
    registration: Registration | None = None
    logo_mm: float | None = None


@stage("view")
def make_view(inputs: Inputs) -> ReportView:
    """Bring everything a report prints into one frozen value."""
    record, derived, settings, wording = inputs.record, inputs.derived, inputs.settings, inputs.wording
    registration, t = inputs.registration, wording.t
    return ReportView(
        wording=wording,
        language=record.language,
        hyphenation=divided_words("\n".join([*inputs.prose, *wording.texts()]), record.language),
        publisher=Publisher(settings.publisher.name),
        logo_width=f"{inputs.logo_mm:.2f}mm" if inputs.logo_mm else "",
        kind_label=t.kind[record.kind],
        title=record.title,
        title_plain=normalise(record.title),
        title_size=_title_size(record.title),
        authors=_authors(record, settings),
        date=wording.date(record.date),
        display_id=derived.display_id,
        version=wording.say("title.version", version=record.version),
        doi_text=_doi_text(record, registration, wording),
        doi_url=f"https://doi.org/{registration.doi}" if registration and not registration.sandbox else None,
        sandbox=t.title.sandbox if registration and registration.sandbox else "",
        license=record.license or settings.license or t.title.license_missing,
        keywords=" · ".join(map(keep_apart, record.keywords)),
        panel=facts.panel(record, derived, wording),
        notice=facts.notice(record, derived, wording),
        abstract=abstract(record, derived, wording),
        question=record.question,
        background=_background(inputs),
        methodology=facts.methodology(record, derived, wording),
        math=facts.math_view(record, wording),
        benchmark=_benchmark(inputs),
        results=_results(inputs),
        sections=_sections(inputs),
        claims=claims_view.claims_table(record, inputs.bibliography, inputs.cut, wording)
        if record.claims
        else "",
        limitations=limitations(record, derived, inputs.bibliography, len(inputs.cut), wording),
        quality=quality_view(record, derived, inputs.figures.review, wording),
        corrections=facts.corrections(record, derived, wording),
        provenance=facts.provenance(inputs),
        references=reference_views(inputs.bibliography, record, wording),
        disclosure=disclosure(record, derived, settings, wording),
        statement=record.generator.statement if record.generator else None,
    )


def _title_size(title: str) -> str:
    for longest, size in ((110, "TitleLarge"), (200, "TitleMedium")):
        if len(title) <= longest:
            return size
    return "TitleSmall"


def _authors(record: Record, settings: Settings) -> tuple[AuthorLine, ...]:
    return tuple(
        AuthorLine(
            author.name,
            author.affiliation,
            author.orcid,
            f"https://orcid.org/{author.orcid}" if author.orcid else None,
        )
        for author in record.authors or settings.authors
    )


def _doi_text(record: Record, registration: Registration | None, wording: Wording) -> str:
    if registration:
        return wording.say("title.doi_sandbox" if registration.sandbox else "title.doi", doi=registration.doi)
    unstated = record.external_record == "registered"
    return str(wording.t.title.doi_unstated if unstated else wording.t.title.doi_missing)


def _background(inputs: Inputs) -> Quotation | None:
    background = inputs.record.background
    if background is None:
        return None
    cited = Latex("")
    if background.source is not None:
        cited = citation([inputs.bibliography.lookup(background.source)])
    blocks = chunks(" ".join(background.text.split()))
    return Quotation(tuple(blocks), "/background/text" in inputs.cut, cited)


def _benchmark(inputs: Inputs) -> BenchmarkView | None:
    record, evidence, wording = inputs.record, inputs.derived.benchmark, inputs.wording
    if record.benchmark is None or evidence is None:
        return None
    t = wording.t
    numbers = benchmark_numbers(evidence, wording)
    if evidence.entries == 1:
        parts = [wording.say("spread.single", **numbers)]
    else:
        sources = wording.say("spread.sources", evidence.distinct_sources)
        parts = [wording.say("spread.text", evidence.entries, sources=sources, **numbers)]
    if evidence.first_year is not None:
        same = evidence.first_year == evidence.last_year
        path = "spread.year" if same else "spread.years"
        parts.append(wording.say(path, first=evidence.first_year, last=evidence.last_year))
    parts += [wording.say("spread.coverage", coverage=t.coverage[evidence.coverage]), t.spread.caution]
    table = facts.benchmark_table(record.benchmark, inputs.bibliography, wording)
    return BenchmarkView(" ".join(parts), inputs.figures.spread, table)


def _results(inputs: Inputs) -> ResultsView:
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    sentences: list[str | Latex] = []
    listed = (
        wording.say("results.listed", derived.sources.listed)
        if record.sources
        else wording.t.results.listed_none
    )
    if derived.sources.unlisted and record.search:
        text = wording.say(
            "results.retrieved_more",
            record.search.papers_retrieved,
            listed=listed,
            missing=derived.sources.unlisted,
        )
    else:
        text = wording.say("results.retrieved_same", listed=listed)
    sentences.append(text)
    if derived.claims.from_aggregates:
        sentences.append(wording.t.results.aggregates)
    sentences += _lead(inputs)
    if not record.sections and record.math is None:
        sentences.append(wording.t.results.no_answer if record.claims else wording.t.results.no_text)
    summary = Latex("")
    if inputs.sources:
        summary = claims_view.source_table(inputs.sources, inputs.bibliography, wording)
    return ResultsView(Latex(" ".join(map(to_latex, sentences))), summary, inputs.figures.results)


def _lead(inputs: Inputs) -> list[str | Latex]:
    record, wording = inputs.record, inputs.wording
    without = sum(not claim.sources for claim in record.claims)
    if record.lead_source is None or not without:
        return []
    cited = citation([inputs.bibliography.lookup(record.lead_source)])
    all_of_them = without == len(record.claims) > 1
    text = wording.t.results.lead if all_of_them else wording.say("results.lead_some", without, lead="{lead}")
    before, _, after = text.partition("{lead}")
    return [Latex(to_latex(before) + cited + to_latex(after))]


def _sections(inputs: Inputs) -> tuple[SectionView, ...]:
    def cite(key: str) -> Latex:
        return Latex(citation([inputs.bibliography.lookup(key)])[1:-1])

    return tuple(
        SectionView(section.title, f"section-{index + 1}", typeset_prose(section.text, cite, at=at), at)
        for index, section in enumerate(inputs.record.sections)
        for at in [f"/sections/{index}"]
    )


def disclosure(record: Record, derived: Derived, settings: Settings, wording: Wording) -> str:
    """Say which machine wrote the report, where one did, and who publishes it."""
    t = wording.t.disclosure
    if record.generator:
        name = " ".join(
            keep_apart(part) for part in (record.generator.name, record.generator.version) if part
        )
        first = wording.say("disclosure.machine", generator=name)
    else:
        first = t.machine_unnamed if derived.machine_made else ""
    publisher = wording.say("disclosure.publisher", publisher=keep_apart(settings.publisher.name))
    experiment = "" if record.math or not derived.machine_made else t.no_experiment
    return " ".join(filter(None, (first, publisher, experiment, t.check)))
