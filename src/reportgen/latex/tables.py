"""Tables: what is tabulated of the claims, and its setting as tagged long tables."""

from __future__ import annotations

import csv
import re
import statistics
import unicodedata
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Literal

from pylatex import LongTable, NoEscape
from pylatex.base_classes import Command

from reportgen.base.timings import stage
from reportgen.latex.escaping import Latex, to_latex
from reportgen.text.formula import LONGEST as LONGEST_FORMULA
from reportgen.text.formula import Formula, split_formulas
from reportgen.text.structure import CLOSE, tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reportgen.record.model import Claim

TEXT_WIDTH_MM = 150.0
GAP_MM = 3.5
ROW_GAP_PT = 3.5
LONGEST_BLOCK = 900
"""Characters set in one row of the claims table: a quarter of a page, and a row cannot break."""
_WIDE_MM = 80.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width, and how it is aligned. A width of 0 takes what is left."""

    heading: str
    width_mm: float = 0
    align: Literal["left", "right"] = "left"
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells of LaTeX, the name of its destination, and the record field it shows.

    The last cell may be several blocks, set below one another.
    """

    cells: tuple[Latex | str, ...]
    blocks: tuple[Latex | str, ...] = ()
    anchor: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a long table holds; the cells of the column ``header`` head their rows."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())
    header: int = 0


class ReportTable(LongTable):  # type: ignore[misc]
    """A long table with a tagged first head, a repeated head that is furniture, and rules like booktabs'."""

    _latex_name = "longtable"

    def end_first_header(self) -> None:
        """End the head of the first page; the next one is repeated on the pages that follow."""
        self.append(Command("endfirsthead"))


def set_table(table: Table) -> Latex:
    """Set a table as LaTeX whose structure is Table, THead, TBody, TR, TH and TD."""
    widths = _widths(table.columns)
    spec = "".join(
        _column_spec(column, width, last=index == len(widths) - 1)
        for index, (column, width) in enumerate(zip(table.columns, widths, strict=True))
    )
    long = ReportTable(NoEscape(spec), width=len(widths), pos=["l"])
    heads = [tag("TH", f"\\HeadCell{{{to_latex(c.heading)}}}", scope="Column") for c in table.columns]
    repeated = [f"\\TagArtifact{{\\HeadCell{{{to_latex(c.heading)}}}}}" for c in table.columns]
    long.append(NoEscape(r"\toprule"))
    long.append(NoEscape(_opening("THead") + _opening("TR") + " & ".join(heads) + CLOSE + CLOSE + r"\\"))
    long.append(NoEscape(r"\midrule"))
    long.end_first_header()
    long.append(NoEscape(r"\toprule"))
    long.add_row(repeated, escape=False)
    long.append(NoEscape(r"\midrule"))
    long.end_table_header()
    long.append(NoEscape(r"\midrule"))
    long.end_table_footer()
    long.append(NoEscape(r"\bottomrule"))
    long.end_table_last_footer()
    long.append(NoEscape(_opening("TBody")))
    for index, row in enumerate(table.rows):
        if index:
            long.append(NoEscape(rf"\addlinespace[{ROW_GAP_PT}pt]"))
        # No page holds the first or the last row alone.
        together = index in (0, len(table.rows) - 2)
        long.append(NoEscape(_row(row, table.header, widths) + (r"\\*" if together else r"\\")))
    body = long.dumps()
    end = body.rindex(r"\end{longtable}")
    inside = body[:end].rstrip().removesuffix("%") + "%\n" + CLOSE + body[end:]
    return Latex(f"{{\\Small\n{tag('Table', inside)}}}\n")


def _opening(role: str, **attributes: str) -> str:
    return tag(role, "", **attributes)[: -len(CLOSE)]


def _row(row: Row, header: int, widths: Sequence[float]) -> str:
    contents = [to_latex(cell) for cell in row.cells]
    if row.blocks:
        contents.append(_stack(row.blocks, row.at, len(widths)))
    elif not isinstance(row.cells[-1], Latex):
        blocks = chunks(row.cells[-1], round(LONGEST_BLOCK * min(1, widths[-1] / _WIDE_MM)))
        if len(blocks) > 1:
            contents[-1] = _stack(blocks, row.at, len(widths))
    cells = [
        tag("TH", content, scope="Row", at=row.at) if index == header else tag("TD", content, at=row.at)
        for index, content in enumerate(contents)
    ]
    return _opening("TR", id=row.anchor) + " & ".join(cells) + CLOSE


def _stack(blocks: Sequence[Latex | str], at: str, width: int) -> str:
    """Set blocks below one another; a new row, which may go to the next page, keeps each row short."""
    next_row = r"\\" + " & " * (width - 1)
    out, length = [], 0
    for index, block in enumerate(blocks):
        content = to_latex(block)
        if index:
            fits = length + len(content) <= LONGEST_BLOCK
            out.append("\\par " if fits else next_row)
            length = length if fits else 0
        length += len(content)
        out.append(tag("P", content, at=at))
    # What stands between the blocks is layout: in a group it is not marked as the cell's own content.
    return tag("Div", "\n".join(out)) if len(out) > 1 else out[0]


def _widths(columns: Sequence[Column]) -> list[float]:
    gaps = GAP_MM * (len(columns) - 1)
    free = TEXT_WIDTH_MM - gaps - sum(column.width_mm for column in columns)
    stretching = sum(column.width_mm == 0 for column in columns)
    if free <= 0 < stretching:
        raise ValueError("the fixed columns leave no room for the others")
    return [column.width_mm or free / stretching for column in columns]


def _column_spec(column: Column, width: float, *, last: bool) -> str:
    alignment = "\\Rightward" if column.align == "right" else "\\Ragged"
    size = "\\Notes" if column.small else ""
    gap = "@{}" if last else f"@{{\\hspace{{{GAP_MM}mm}}}}"
    # TeX divides no word that begins a paragraph, only those after a space.
    return f">{{{alignment}{size}\\strut\\hskip0pt}}p{{{width:.2f}mm}}{gap}"


def chunks(text: str, longest: int = LONGEST_BLOCK) -> list[str]:
    """Cut a very long text into blocks at sentence ends, else at spaces, losing nothing but the space.

    No formula is cut, and no letter is parted from its marks. East Asian letters count twice.
    """
    if len(text) <= longest // 2:
        return [text]
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    longest = longest * len(text) // (len(text) + wide)
    out = []
    while len(text) > longest:
        cut = _cut(text, longest)
        out.append(text[:cut])
        text = text[cut:].lstrip(" ")
    return [*out, text] if text else out


def _cut(text: str, longest: int) -> int:
    """Find where the first block of a text ends: at most ``longest`` characters on, and more than a third."""
    inside = _formula_places(text[: longest + LONGEST_FORMULA])
    for pattern in (_SENTENCE_END, _SPACE, _CLUSTER_END):
        places = (match.end() for match in pattern.finditer(text, 0, longest + 1))
        fitting = [place for place in places if longest // 3 < place <= longest and place not in inside]
        if fitting:
            return fitting[-1]
    return longest


def _formula_places(text: str) -> set[int]:
    """Give the places between two characters of one formula."""
    places: set[int] = set()
    position = 0
    for part in split_formulas(text):
        length = len(part.source) + 2 if isinstance(part, Formula) else len(part)
        if isinstance(part, Formula):
            places.update(range(position + 1, position + length))
        position += length
    return places


_SENTENCE_END = re.compile(r"[.?!](?= )|[\u3002\uff01\uff1f]")
_SPACE = re.compile(r"\S(?=\s)")
_CLUSTER_END = re.compile(r"[^\u200d](?![\u0300-\u036f\u1ab0-\u1aff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f])")


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """The claims tied to one reference; the confidences are None where no claim has one."""

    reference: int
    claims: int
    verified: int
    median: float | None
    lowest: float | None
    highest: float | None


@stage("tabulate")
def by_source(claims: Sequence[Claim], numbers: Callable[[int], Iterable[int]]) -> tuple[SourceSummary, ...]:
    """Group the claims by the numbers of the references they cite; one with two sources counts at both."""
    groups: dict[int, list[Claim]] = {}
    for index, claim in enumerate(claims):
        for number in dict.fromkeys(numbers(index)):
            groups.setdefault(number, []).append(claim)
    return tuple(_summary(number, groups[number]) for number in sorted(groups))


def _summary(number: int, claims: Sequence[Claim]) -> SourceSummary:
    known = [claim.confidence for claim in claims if claim.confidence is not None]
    median, lowest, highest = (
        (round(value, 12) for value in (statistics.median(known), min(known), max(known)))
        if known
        else (None, None, None)
    )
    verified = sum(claim.verified for claim in claims)
    return SourceSummary(number, len(claims), verified, median, lowest, highest)


def claims_csv(claims: Sequence[Claim], numbers: Callable[[int], Iterable[int]]) -> bytes:
    """Give the claims as CSV, UTF-8, one line each, with the numbers of their references set off by semicolons."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("id", "label", "text", "verified", "confidence", "references"))
    for index, claim in enumerate(claims):
        references = ";".join(map(str, numbers(index)))
        confidence = "" if claim.confidence is None else repr(claim.confidence)
        writer.writerow((claim.id, f"C{index + 1}", claim.text, claim.verified, confidence, references))
    return out.getvalue().encode("utf-8")
