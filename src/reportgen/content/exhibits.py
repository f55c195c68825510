"""The record's own tables and figures as blocks, and the files that its texts show."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from reportgen.base import numbers
from reportgen.content.references import cite
from reportgen.record.model.exhibit import TableColumn
from reportgen.text.inline import inlines, is_ended, plain_text
from reportgen.text.table_room import COMMON
from reportgen.text.tree import Column, Figure, Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.record.data_table import DataTable
    from reportgen.record.model.exhibit import Exhibit
    from reportgen.text.tree import Block, Inlines

TEXT_WIDTH_MM, MOST_HEIGHT_MM = COMMON.line, 185.0
LOGO_HEIGHT_MM, WIDEST_LOGO_MM = 9.0, 75.0
_MM = 25.4 / 72
_MINUS = "\N{MINUS SIGN}"
_NO_NUMBER = frozenset(["", "-", "\u2013", "\u2014", ".", "na", "n/a", "n.a.", "nan", "nr", "n.r.", "k.a."])
"""What stands, without blanks and case, where a column of numbers has none."""


class SizedPicture(Protocol):
    """A picture as sections and formats need it: the name of its drawing, its size in points, its page."""

    @property
    def name(self) -> str:
        """Return the name that the page asks for it by."""

    @property
    def width(self) -> float:
        """Return its width in points."""

    @property
    def height(self) -> float:
        """Return its height in points."""

    @property
    def pdf(self) -> bytes:
        """Return it as a PDF of one page."""


def logo_figure(logo: SizedPicture, alt: str) -> Figure:
    """Return a house's logo: it is nine millimetres high, unless that is too wide."""
    width = min(LOGO_HEIGHT_MM * logo.width / logo.height, WIDEST_LOGO_MM)
    return Figure(logo.name, "", (), alt, round(width, 2), id="logo")


def figure_block(
    inputs: Inputs,
    file: str,
    caption: Inlines,
    *,
    alt: str = "",
    width: str = "",
    anchor: str = "",
    at: str = "",
) -> Figure:
    """Return a figure of a file; ``width`` is in per cent of the text's."""
    drawing = inputs.pictures[file]
    said = alt or plain_text(caption) or PurePath(file).stem
    return Figure(drawing.name, "", caption, said, _width(drawing, file, width), id=anchor, at=at)


def _width(drawing: SizedPicture, file: str, asked: str) -> float:
    """Return the width in millimetres at which a drawing stands in its column and on its page."""
    # The sides of an SVG say only what they are to one another.
    natural = TEXT_WIDTH_MM if file.lower().endswith(".svg") else drawing.width * _MM
    share = asked.removesuffix("%")
    wanted = TEXT_WIDTH_MM * int(share) / 100 if share.isdigit() and 0 < int(share) <= 100 else natural
    return round(min(wanted, TEXT_WIDTH_MM, MOST_HEIGHT_MM * drawing.width / drawing.height), 2)


def table_block(
    inputs: Inputs,
    file: str,
    caption: Inlines,
    columns: Sequence[TableColumn] = (),
    *,
    anchor: str = "",
    at: str = "",
) -> Table:
    """Return the table in a file, or those of its columns that are named."""
    data = inputs.exhibits.tables[file]
    chosen = columns or [TableColumn(name=name) for name in data.names]
    cells = [_cells(data, column, inputs.wording.t.format.decimal) for column in chosen]
    heads = tuple(
        Column(
            inlines(column.heading or column.name), align=column.align or ("right" if is_number else "left")
        )
        for column, (_, is_number) in zip(chosen, cells, strict=True)
    )
    rows = zip(*(texts for texts, _ in cells), strict=True)
    return Table(
        heads, tuple(Row(tuple(map(inlines, row)), at=at) for row in rows), caption, id=anchor, at=at
    )


def _cells(data: DataTable, column: TableColumn, sign: str) -> tuple[list[str], bool]:
    """Return the texts of a column, and whether all that is in it are numbers."""
    place = data.column(column.name)
    values = [row[place] for row in data.rows]
    parsed = [_number(value) for value in values]
    is_number = any(number is not None for number in parsed) and all(
        number is not None or _says_none(value) for value, number in zip(values, parsed, strict=True)
    )
    texts = [
        _rounded(value, number, column.decimals, sign)
        if column.decimals is not None and number is not None
        else _text(value, is_number=number is not None)
        for value, number in zip(values, parsed, strict=True)
    ]
    return texts, is_number


def _says_none(value: Any) -> bool:
    return value is None or "".join(str(value).split()).casefold() in _NO_NUMBER


def _rounded(value: Any, number: Decimal, decimals: int, sign: str) -> str:
    """Round a number of a file, which keeps a plus that was written."""
    plus = "+" if str(value).lstrip().startswith("+") else ""
    return plus + numbers.fixed(number, decimals, sign).replace("-", _MINUS)


def _text(value: Any, *, is_number: bool) -> str:
    """Return what a cell prints: what stands in the file, but that a number's hyphen is a minus."""
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else str(value)
    return text.replace("-", _MINUS) if is_number else text


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip().replace(_MINUS, "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def own_exhibit(inputs: Inputs, name: str) -> Block | None:
    """Return the table or the figure of the record that has a name; None where there is none."""
    record = inputs.record
    for index, figure in enumerate(record.figures):
        if figure.id == name:
            at = f"/figures/{index}"
            caption = _caption(inputs, figure, at)
            return figure_block(
                inputs,
                figure.file,
                caption,
                alt=figure.alt or "",
                width=figure.width or "",
                anchor=name,
                at=at,
            )
    for index, table in enumerate(record.tables):
        if table.id == name:
            at = f"/tables/{index}"
            return table_block(
                inputs, table.file, _caption(inputs, table, at), table.columns, anchor=name, at=at
            )
    return None


def _ended(parts: Inlines) -> Inlines:
    return parts if is_ended(plain_text(parts)) else (*parts, ".")


def _caption(inputs: Inputs, exhibit: Exhibit, at: str) -> Inlines:
    """Return the caption with the note behind it and the source that the whole is taken from."""
    from reportgen.content.prose import line  # which places exhibits itself

    parts = line(inputs, f"{at}/caption")
    if exhibit.note:
        parts = (*_ended(parts), " ", *_ended(line(inputs, f"{at}/note")))
    if exhibit.source is None:
        return parts
    return (*parts, " ", cite([inputs.bibliography.lookup(exhibit.source)]))
