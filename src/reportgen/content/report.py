"""What a template may see: one frozen value, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.latex.escaping import Latex, to_latex
from reportgen.text.structure import tag
from reportgen.text.wording import Wording  # noqa: TC001 - the template check reads the types at run time

if TYPE_CHECKING:
    from collections.abc import Sequence

Words = str | Latex


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says; the value may be several paragraphs."""

    label: str
    values: tuple[Words, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the report."""

    name: str


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """One author as printed under the title."""

    name: str
    affiliation: str | None
    orcid: str | None
    orcid_url: str | None


@dataclass(frozen=True, slots=True)
class PanelCell:
    """One cell of the status panel; ``emphasis`` names a TeX command such as Warn, or is empty."""

    label: str
    value: str
    detail: str = ""
    emphasis: str = ""
    width: str = "28mm"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The quoted background in blocks, whether it looks cut, and its citation."""

    blocks: tuple[Words, ...]
    cut: bool
    citation: Words


@dataclass(frozen=True, slots=True)
class Methodology:
    """How the literature was searched, and what is not stated of it."""

    facts: tuple[Fact, ...]
    note: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A chart: the name of its PDF, its number, and the same said in words."""

    name: str
    label: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class MathView:
    """A mathematical statement and what is known of it."""

    facts: tuple[Fact, ...]
    meaning: str
    lean4: Words


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """The reported scores of a meta-analysis."""

    text: str
    figures: tuple[FigureView, ...]
    table: Latex


@dataclass(frozen=True, slots=True)
class ResultsView:
    """What the record shows as a whole: a sentence or two, the table by source, the charts."""

    text: Words
    summary: Words
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section of the synthesis, set as LaTeX."""

    title: str
    anchor: str
    body: Latex
    at: str


@dataclass(frozen=True, slots=True)
class QualityView:
    """Level, gate, tier, review and dimensions, as sentences and tables."""

    level: str
    ladder: Words
    gate: str
    artifacts: Words
    tier: str
    thresholds: Words
    review: str
    reviewers: Words
    figures: tuple[FigureView, ...]
    dimensions: Words
    dimensions_note: str


@dataclass(frozen=True, slots=True)
class CorrectionsView:
    """The state of correction and its events."""

    text: str
    table: Words


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """One numbered reference, set as LaTeX, and who cites it."""

    label: str
    anchor: str
    entry: Latex
    note: Words


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a report prints, in the order of its sections."""

    wording: Wording
    language: str
    hyphenation: str
    publisher: Publisher
    logo_width: str
    kind_label: str
    title: str
    title_plain: str
    title_size: str
    authors: tuple[AuthorLine, ...]
    date: str
    display_id: str
    version: str
    doi_text: str
    doi_url: str | None
    sandbox: str
    license: str
    keywords: str
    panel: tuple[PanelCell, ...]
    notice: str
    abstract: str
    question: str
    background: Quotation | None
    methodology: Methodology
    math: MathView | None
    benchmark: BenchmarkView | None
    results: ResultsView
    sections: tuple[SectionView, ...]
    claims: Words
    limitations: tuple[str, ...]
    quality: QualityView | None
    corrections: CorrectionsView
    provenance: tuple[Fact, ...]
    references: tuple[ReferenceView, ...]
    disclosure: str
    statement: str | None

    def numbered(self, title: Words) -> Latex:
        """Give a section title with its number before it."""
        return Latex("\\SectionNumber{}" + to_latex(title))

    def numbered_below(self, title: Words) -> Latex:
        """Give a subsection title with its number before it."""
        return Latex("\\SubsectionNumber{}" + to_latex(title))

    def facts(self, facts: Sequence[Fact]) -> Latex:
        """Set labels and values as a list."""
        if not facts:
            return Latex("")
        rows = "\n".join(_fact(fact) for fact in facts)
        return Latex(f"\\begin{{Facts}}{tag('L', rows)}\\end{{Facts}}\n")

    def items(self, items: Sequence[Words]) -> Latex:
        """Set texts as a list with bullets."""
        if not items:
            return Latex("")
        rows = "\n".join(_item(item) for item in items)
        return Latex(f"\\begin{{Items}}{tag('L', rows)}\\end{{Items}}\n")


def _fact(fact: Fact) -> str:
    body = "\\par\n".join(tag("P", to_latex(value), at=fact.at) for value in fact.values)
    return tag("LI", f"\\item[{{{tag('Lbl', to_latex(fact.label))}}}] {tag('LBody', body)}\n")


def _item(item: Words) -> str:
    body = tag("LBody", tag("P", to_latex(item)))
    return tag("LI", f"\\item[{{{tag('Lbl', chr(92) + 'textbullet{}')}}}] {body}\n")
