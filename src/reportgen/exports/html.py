"""The report as one page of HTML, with its drawings inside."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from reportgen.exports.interface import Format
from reportgen.html.render import render_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.exports.interface import Publication


def _page(publication: Publication) -> bytes:
    return render_page(
        publication.tree, publication.own, publication.settings.style, _pictures(publication)
    ).encode()


def _pictures(publication: Publication) -> Callable[[str], str]:
    """Return the function that gives each drawing as an address which holds it: a chart as SVG, a picture as PNG.

    They are images, not parts of the page: what stands in them cannot reach it.
    """
    charts = {chart.name: chart for chart in publication.inputs.figures.printed}
    pictures = {picture.name: picture for picture in publication.inputs.pictures.values()}

    def address(name: str) -> str:
        if name in charts:
            from reportgen.charts.svg import (
                write_svg,  # with matplotlib, which a report without charts does without
            )

            return _data("image/svg+xml", write_svg(charts[name].drawing, may_be_dark=False))
        if name in pictures:
            from reportgen.pdf.pictures.pixels import draw_pixels

            return _data("image/png", draw_pixels(pictures[name].pdf))
        return ""

    return address


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


HTML = Format(
    name="html", title="a page of HTML", ending=".html", media_type="text/html", write=_page, holds_all=True
)
