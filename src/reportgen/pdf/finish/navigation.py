"""Navigation: outline, page labels, named places, and the title in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, String

from reportgen.base.errors import TypesetError
from reportgen.pdf.finish.metadata import readable
from reportgen.text.structure import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.text.structure import Element


def check_destinations(pdf: pikepdf.Pdf, root: Element) -> None:
    """Make sure that every id of the tree names a place in the document.

    Raises:
        TypesetError: an element's place is not in the PDF.

    """
    names = pdf.Root.get("/Names", Dictionary())
    known = frozenset(str(name) for name in NameTree(names.Dests)) if "/Dests" in names else frozenset()
    wanted = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
    if missing := [name for name in wanted if name not in known]:
        raise TypesetError(
            f"the PDF lacks the named places {', '.join(missing)}; their elements hold no text"
        )


def add_navigation(pdf: pikepdf.Pdf, root: Element, page_of: Mapping[int, int]) -> None:
    """Write the outline of the headings, arabic page labels and the display of the title.

    ``page_of`` gives the 0-based page of a leaf, for headings that have no named place.
    """
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    path: list[OutlineItem] = []
    with pdf.open_outline() as outline:
        for heading in root.walk():
            if heading.role not in HEADINGS:
                continue
            del path[HEADINGS[heading.role] - 1 :]
            item = OutlineItem(readable(heading.attributes["title"]), _target(heading, page_of))
            (path[-1].children if path else outline.root).append(item)
            path.append(item)


def _target(heading: Element, page_of: Mapping[int, int]) -> String | int:
    if "id" in heading.attributes:
        return String(heading.attributes["id"])
    return page_of[next(mark for element in heading.walk() for mark in element.marks)]
