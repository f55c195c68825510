"""The report as one page of HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.exports.interface import Format
from reportgen.html.render import render_page

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication


def _page(publication: Publication) -> bytes:
    return render_page(publication.tree, publication.own, publication.settings.style).encode()


HTML = Format(name="html", title="a page of HTML", ending=".html", media_type="text/html", write=_page)
