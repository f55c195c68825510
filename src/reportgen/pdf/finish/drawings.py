"""Drawings put where TeX left room for them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name

from reportgen.base.errors import Level, Problem, TypesetError, Where
from reportgen.charts.place import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping


def put_in_place(pdf: pikepdf.Pdf, drawings: Mapping[str, bytes]) -> None:
    """Give each empty form that names a drawing what that drawing, a PDF of one page, shows.

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
        message = f"the page has room for {name}, which was not drawn"
        raise TypesetError([Problem("drawing-missing", Level.ERROR, Where(), message)])
    with pikepdf.open(io.BytesIO(drawings[name])) as drawing:
        page = drawing.pages[0]
        resources = drawing.make_indirect(page.obj.Resources)
        content = page.Contents.read_bytes()
        form.BBox = [float(edge) for edge in page.mediabox]
        form.Resources = pdf.copy_foreign(resources)
        if "/Group" in page.obj:
            form.Group = pdf.copy_foreign(drawing.make_indirect(page.obj.Group))
    form.write(content)
