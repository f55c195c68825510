"""The claims as tables: every claim whole, its verdict as word and mark, its citations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.references import citation, claim_anchor
from reportgen.latex.escaping import Latex, escape, to_latex
from reportgen.latex.tables import Column, Row, SourceSummary, Table, chunks, set_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.record.model import Claim, Record
    from reportgen.sources import Bibliography, Reference
    from reportgen.text.wording import Wording

VERIFIED_MARK = Latex("\\textcolor{accent}{\\ensuremath{\\checkmark}}")
UNVERIFIED_MARK = Latex("\\textcolor{dim}{\\ensuremath{\\times}}")


def claims_table(record: Record, bibliography: Bibliography, cut: frozenset[str], wording: Wording) -> Latex:
    """Set the table of all claims, in the order of the record."""
    t = wording.t
    columns = (
        Column(t.column.number, 9.5),
        Column(t.column.verdict, 24),
        Column(t.column.confidence, 16.5, align="right"),
        Column(t.column.claim),
    )
    rows = tuple(
        Row(
            cells=(_label(index), _verdict(claim, wording), _confidence(claim, record, wording)),
            blocks=tuple(
                _blocks(claim, bibliography.of_claim(index), f"/claims/{index}/text" in cut, wording)
            ),
            anchor=claim_anchor(record, index),
            at=f"/claims/{index}",
        )
        for index, claim in enumerate(record.claims)
    )
    return set_table(Table(columns, rows))


def _label(index: int) -> Latex:
    return Latex(f"\\textsf{{\\Notes C{index + 1}}}")


def _verdict(claim: Claim, wording: Wording) -> Latex:
    if claim.verified:
        return Latex(
            f"{VERIFIED_MARK}\\,{{\\sffamily\\Notes\\bfseries\\color{{accent}}{escape(wording.t.verdict.verified)}}}"
        )
    return Latex(
        f"{UNVERIFIED_MARK}\\,{{\\sffamily\\Notes\\color{{dim}}{escape(wording.t.verdict.unverified)}}}"
    )


def _confidence(claim: Claim, record: Record, wording: Wording) -> Latex:
    if claim.confidence is None:
        return Latex(f"\\Dim{{{escape(wording.t.claims.no_confidence)}}}")
    number = escape(confidence_text(claim.confidence, record, wording))
    return Latex(f"\\textbf{{{number}}}" if claim.verified else number)


def confidence_text(value: float, record: Record, wording: Wording) -> str:
    """Write a confidence of a record, on its side of the record's threshold."""
    return numbers.confidence(value, wording.t.format.decimal, record.confidence_threshold)


def _blocks(claim: Claim, references: Sequence[Reference], cut: bool, wording: Wording) -> list[Latex]:
    *before, last = chunks(claim.text)
    end = to_latex(last)
    if cut:
        end += f" \\Warn{{{escape(wording.t.claims.cut)}}}"
    cited = citation(references) or Latex(f"\\Dim{{[{escape(wording.t.claims.no_source)}]}}")
    blocks = [Latex(to_latex(part)) for part in before] + [Latex(f"{end} {cited}")]
    for label, text in (
        (wording.t.claims.quote, claim.quote),
        (wording.t.claims.locator, claim.locator),
        (wording.t.claims.note, claim.note),
    ):
        if text:
            quoted = wording.quoted(text) if label == wording.t.claims.quote else text
            first, *rest = chunks(quoted)
            blocks.append(Latex(f"{{\\Notes\\Dim{{{escape(label)} {to_latex(first)}}}}}"))
            blocks += [Latex(f"{{\\Notes\\Dim{{{to_latex(part)}}}}}") for part in rest]
    return blocks


def source_table(
    sources: Sequence[SourceSummary], bibliography: Bibliography, record: Record, wording: Wording
) -> Latex:
    """Set the table of claims by source."""
    t = wording.t.column
    columns = (
        Column(t.source),
        Column(t.claims, 14, align="right"),
        Column(t.verified, 15, align="right"),
        Column(t.median, 14, align="right"),
        Column(t.range, 23, align="right"),
    )
    rows = []
    for line in sources:
        reference = bibliography.references[line.reference - 1]
        rows.append(
            Row(
                (
                    Latex(f"{citation([reference])} {to_latex(source_label(reference))}"),
                    str(line.claims),
                    str(line.verified),
                    _number(line.median, record, wording),
                    _range(line.lowest, line.highest, record, wording),
                )
            )
        )
    return set_table(Table(columns, tuple(rows)))


def source_label(reference: Reference, longest: int = 90) -> str:
    """Name a source shortly: its first author and title, or its identifier."""
    if reference.entry is None or not reference.entry.title:
        return str(reference.identifier)
    names = reference.entry.authors
    author = (names[0].literal or names[0].family) if names else ""
    others = " et al." if len(names) > 1 or reference.entry.authors_et_al else ""
    label = f"{author}{others}: {reference.entry.title}" if author else reference.entry.title
    return label if len(label) <= longest else f"{label[: longest - 1].rsplit(' ', 1)[0]}…"


def _number(value: float | None, record: Record, wording: Wording) -> str:
    return str(wording.t.claims.no_confidence) if value is None else confidence_text(value, record, wording)


def _range(lowest: float | None, highest: float | None, record: Record, wording: Wording) -> str:
    if lowest is None or highest is None:
        return str(wording.t.claims.no_confidence)
    low, high = (confidence_text(value, record, wording) for value in (lowest, highest))
    return low if low == high else f"{low} – {high}"
