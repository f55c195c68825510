"""Tables set as tagged long tables, whose rows are short enough to stand on a page."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from pylatex import LongTable, NoEscape
from pylatex.base_classes import Command

from reportgen.latex.directions import layout, set_paragraph
from reportgen.latex.escaping import Latex
from reportgen.text.direction import direction_of
from reportgen.text.inline import inlines, plain_text
from reportgen.text.mathematics import LONGEST as LONGEST_FORMULA
from reportgen.text.mathematics import Formula, split_formulas
from reportgen.text.structure import CLOSE, tag, untagged
from reportgen.text.table_room import COMMON, LETTER_MM, WIDE, Setting, letters, setting_of, widths_of
from reportgen.text.tree import Column, FinePrint, Inlines, Isolated, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.text.templates import Writer
    from reportgen.text.tree import Direction

    Flow = Callable[[str | Inlines], Latex]

TEXT_WIDTH_MM, GAP_MM = WIDE.line, WIDE.gap
_RIGHT_TO_LEFT = "\\RightToLeftColumns"
_ALIGNMENTS = {"left": "\\Ragged", "right": "\\Rightward", "center": "\\Centered"}
ROW_GAP_PT = 3.5
_NOTHING = ("", "–", "—", "-")
LONGEST_BLOCK = 900
"""Characters set in one row of a table: a quarter of a page, and a row cannot break."""
_WIDE_MM = 80.0
_SIZES = {"common": "\\Small", "smaller": "\\Notes", "least": "\\Least"}
_MOST_LINES_TOGETHER, _LEAST_LINES = 24, 6
"""A table of so few lines stands on one page; of a longer one, the least that begins there."""


class ReportTable(LongTable):  # type: ignore[misc]
    """A long table with a tagged first head, a repeated head that is furniture, and rules like booktabs'."""

    _latex_name = "longtable"

    def end_first_header(self) -> None:
        """End the head of the first page; the next one is repeated on the pages that follow."""
        self.append(Command("endfirsthead"))


def set_table(table: Table, writer: Writer, default: Direction = "ltr", nothing: str = "") -> Latex:
    """Set a table whose structure is Table, Caption, THead, TBody, TR, TH and TD.

    ``nothing`` is what is said of a cell that holds none or a dash.
    """
    texts = [
        [plain_text(column.heading), *(plain_text(row.cells[place]) for row in table.rows)]
        for place, column in enumerate(table.columns)
    ]
    is_measured = not any(column.width for column in table.columns)
    setting = setting_of(texts) if is_measured else WIDE
    widths = widths_of(texts, setting) if is_measured else _widths(table.columns)
    longest = round(LONGEST_BLOCK * min(1, widths[-1] / _WIDE_MM))
    flow = partial(set_paragraph, writer)
    rows = []
    for row in table.rows:
        with writer.at(row.at):
            last = [
                *in_blocks(row.cells[-1], longest),
                *(part for text in row.below for part in in_blocks(text)),
            ]
            cells = [*map(flow, row.cells[:-1]), _stack(flow, last, row.at, len(widths))]
        silent = [nothing if plain_text(cell) in _NOTHING else "" for cell in row.cells]
        rows.append(_row(cells, row.at, row.id, silent))
    width = sum(widths) + setting.gap * (len(widths) - 1)
    indent = f"\\TableIndent{{{width:.2f}mm}}" if is_measured else ""
    above = _caption(table, widths, flow) + indent
    headings = tuple(column.heading for column in table.columns)
    is_turned = direction_of((headings, table.rows), default) == "rtl"
    way = layout((headings, table.rows), default) + (_RIGHT_TO_LEFT if is_turned else "")
    return _set(table.columns, widths, rows, flow, above=above, anchor=table.id, setting=setting, way=way)


def _set(
    columns: Sequence[Column],
    widths: Sequence[float],
    rows: Sequence[str],
    flow: Flow,
    *,
    above: str = "",
    anchor: str = "",
    setting: Setting = COMMON,
    way: str = "",
) -> Latex:
    spec = "".join(
        _column_spec(column, width, 0 if index == len(widths) - 1 else setting.gap)
        for index, (column, width) in enumerate(zip(columns, widths, strict=True))
    )
    long = ReportTable(NoEscape(spec), width=len(widths), pos=None if above else ["l"])
    words = [f"\\HeadCell{{{flow(column.heading)}}}" for column in columns]
    heads = [tag("TH", word, scope="Column") for word in words]
    long.append(NoEscape(r"\toprule"))
    long.append(NoEscape(_opening("THead") + _opening("TR") + " & ".join(heads) + CLOSE + CLOSE + r"\\"))
    long.append(NoEscape(r"\midrule"))
    long.end_first_header()
    long.append(NoEscape(r"\toprule"))
    long.add_row([f"\\TagArtifact{{{untagged(word)}}}" for word in words], escape=False)
    long.append(NoEscape(r"\midrule"))
    long.end_table_header()
    long.append(NoEscape(r"\midrule"))
    long.end_table_footer()
    long.append(NoEscape(r"\bottomrule"))
    long.end_table_last_footer()
    long.append(NoEscape(_opening("TBody")))
    for index, row in enumerate(rows):
        if index:
            long.append(NoEscape(rf"\addlinespace[{ROW_GAP_PT}pt]"))
        # No page holds the first or the last row alone.
        together = index in (0, len(rows) - 2)
        long.append(NoEscape(row + (r"\\*" if together else r"\\")))
    body = long.dumps()
    end = body.rindex(r"\end{longtable}")
    inside = body[:end].rstrip().removesuffix("%") + "%\n" + CLOSE + body[end:]
    whole = f"{{{_SIZES[setting.size]}{way}\n{tag('Table', above + inside, id=anchor)}}}"
    if setting.is_turned:
        return Latex(f"\\Turned{{{whole}}}\n")
    return Latex(f"\\BeginWide\n{whole}\\EndWide\n" if setting.line > COMMON.line else f"{whole}\n")


def _caption(table: Table, widths: Sequence[float], flow: Flow) -> str:
    if not table.caption:
        return ""
    lines = _lines(table, widths)
    room = lines if lines <= _MOST_LINES_TOGETHER else _LEAST_LINES
    label = Latex(f"\\textbf{{{flow(table.label)}}}")
    words = flow((label, "\u2002", *table.caption))
    return f"\\NeedSpace{{{room}\\baselineskip}}\\TableCaption{{{tag('Caption', words)}}}\n"


def _lines(table: Table, widths: Sequence[float]) -> int:
    """Estimate how many lines a table takes with its caption and its head."""
    rows = [[column.heading for column in table.columns], *(row.cells for row in table.rows)]
    lines = [
        max(
            math.ceil(LETTER_MM * letters(plain_text(cell)) / width)
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]
    caption = math.ceil(LETTER_MM * letters(plain_text(table.caption)) / TEXT_WIDTH_MM)
    return caption + sum(lines) + math.ceil(len(rows) / 3) + 1


def _opening(role: str, **attributes: str) -> str:
    return tag(role, "", **attributes)[: -len(CLOSE)]


def _row(cells: Sequence[str], at: str, anchor: str, actual: Sequence[str] = ()) -> str:
    """Set a row; ``actual`` is what is said in a cell's place, where it is not what stands there."""
    said = [*actual, *[""] * (len(cells) - len(actual))]
    roles = ["TH", *["TD"] * (len(cells) - 1)]
    out = [
        tag(role, cell, scope="Row" if role == "TH" else None, at=at, actual=words)
        for role, cell, words in zip(roles, cells, said, strict=True)
    ]
    return _opening("TR", id=anchor) + " & ".join(out) + CLOSE


def _stack(flow: Flow, blocks: Sequence[Inlines], at: str, width: int, languages: Sequence[str] = ()) -> str:
    """Set blocks below one another; a new row, which may go to the next page, keeps each row short.

    ``languages`` are those of the first blocks.
    """
    next_row = r"\\" + " & " * (width - 1)
    out: list[str] = []
    length = 0
    for index, (block, lang) in enumerate(zip_longest(blocks, languages, fillvalue="")):
        content = flow(cast("Inlines", block))
        if index:
            fits = length + len(content) <= LONGEST_BLOCK
            out.append("\\par " if fits else next_row)
            length = length if fits else 0
        length += len(content)
        out.append(tag("P", content, at=at, lang=lang))
    # What stands between the blocks is layout: in a group it is not marked as the cell's own content.
    return tag("Div", "\n".join(out)) if len(out) > 1 else out[0]


def _widths(columns: Sequence[Column]) -> list[float]:
    gaps = GAP_MM * (len(columns) - 1)
    free = TEXT_WIDTH_MM - gaps - sum(column.width for column in columns)
    stretching = sum(column.width == 0 for column in columns)
    if free <= 0 < stretching:
        raise ValueError("the fixed columns leave no room for the others")
    return [column.width or free / stretching for column in columns]


def _column_spec(column: Column, width: float, gap: float) -> str:
    alignment = _ALIGNMENTS[column.align]
    size = "\\Notes" if column.small else ""
    behind = f"@{{\\hspace{{{gap}mm}}}}" if gap else "@{}"
    # TeX divides no word that begins a paragraph, only those after a space; no line ends at this one.
    return f">{{{alignment}{size}\\strut\\nobreak\\hskip0pt}}p{{{width:.2f}mm}}{behind}"


def in_blocks(content: Inlines, longest: int = LONGEST_BLOCK) -> list[Inlines]:
    """Cut a very long text into blocks; what stands behind its words stays with the last of them."""
    if len(content) == 1 and isinstance(content[0], FinePrint):
        return [(FinePrint(part),) for part in in_blocks(content[0].content, longest)]
    words = 0
    while words < len(content) and type(content[words]) in {str, Formula, Isolated}:
        words += 1
    source = plain_text(content[:words])
    if len(source) <= longest // 2:
        return [content]
    *before, last = map(inlines, chunks(source, longest))
    return [*before, (*last, *content[words:])]


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
    """Return the places between two characters of one formula."""
    places: set[int] = set()
    position = 0
    for part in split_formulas(text):
        length = len(part.written if isinstance(part, Formula) else part)
        if isinstance(part, Formula):
            places.update(range(position + 1, position + length))
        position += length
    return places


_SENTENCE_END = re.compile(r"[.?!](?= )|[\u3002\uff01\uff1f]")
_SPACE = re.compile(r"\S(?=\s)")
_CLUSTER_END = re.compile(r"[^\u200d](?![\u0300-\u036f\u1ab0-\u1aff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f])")
