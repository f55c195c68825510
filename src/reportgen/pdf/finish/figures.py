"""Figures: drawings put where TeX left room for them, and the boxes on a page of all that stands inside marks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Matrix, Name, Rectangle

from reportgen.base.errors import TypesetError
from reportgen.charts.place import MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Box = tuple[float, float, float, float]

_NO_LEAF = -1
_UNIT_SQUARE = Rectangle(0, 0, 1, 1)


def put_in_place(pdf: pikepdf.Pdf, drawings: Mapping[str, bytes]) -> None:
    """Fill each empty form that names a drawing with what that drawing, a PDF of one page, shows.

    Raises:
        TypesetError: a form names a drawing that is not there.

    """
    if not drawings:
        return
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == Name.Form:
            content = item.read_bytes()
            if content.startswith(MARK):
                _fill(pdf, item, drawings, content.removeprefix(MARK).decode("ascii").strip())


def _fill(pdf: pikepdf.Pdf, form: pikepdf.Stream, drawings: Mapping[str, bytes], name: str) -> None:
    if name not in drawings:
        raise TypesetError(f"the page has room for {name}, which was not drawn")
    with pikepdf.open(io.BytesIO(drawings[name])) as drawing:
        page = drawing.pages[0]
        resources = drawing.make_indirect(page.obj.Resources)
        content = page.Contents.read_bytes()
        form.BBox = [float(edge) for edge in page.mediabox]
        form.Resources = pdf.copy_foreign(resources)
        if "/Group" in page.obj:
            form.Group = pdf.copy_foreign(drawing.make_indirect(page.obj.Group))
    form.write(content)


def figure_boxes(page: pikepdf.Page, leaves: Collection[int]) -> dict[int, Box]:
    """Return left, bottom, right and top in points for each of the leaves that holds a drawing or an image.

    The page is read as TeX wrote it, before its marks are rewritten.
    """
    boxes: dict[int, Box] = {}
    matrix, saved = Matrix(), []
    marks: list[int] = []
    for instruction in pikepdf.parse_content_stream(page, "q Q cm Do BDC BMC EMC"):
        operands = instruction.operands
        match str(instruction.operator):
            case "q":
                saved.append(matrix)
            case "Q":
                matrix = saved.pop()
            case "cm":
                matrix = Matrix(*(float(part) for part in operands)) @ matrix
            case "BDC" | "BMC":
                marks.append(int(operands[1].MCID) if operands[0] == Name.RG else _NO_LEAF)
            case "EMC":
                del marks[-1:]  # none is open where a leaf of the page before ends
            case "Do" if marks and marks[-1] in leaves:
                drawn = _drawn(page.resources.XObject[str(operands[0])], matrix)
                boxes[marks[-1]] = _joined(drawn, boxes.get(marks[-1], drawn))
    return boxes


def _drawn(drawing: pikepdf.Object, matrix: Matrix) -> Box:
    area = _UNIT_SQUARE
    if drawing.Subtype == Name.Form:
        area = Rectangle(*(float(edge) for edge in drawing.BBox))
        if "/Matrix" in drawing:
            matrix = Matrix(*(float(part) for part in drawing.Matrix)) @ matrix
    placed = matrix.transform(area)
    return placed.llx, placed.lly, placed.urx, placed.ury


def _joined(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
