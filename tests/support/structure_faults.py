"""Rules on the structure of a finished PDF that no validator checks, or that ours must meet anyway."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Name

from tagged_documents import Node, read_structure, text_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARENTS = {
    "LI": {"L"},
    "Lbl": {"LI", "Note", "TOCI"},
    "LBody": {"LI"},
    "TR": {"THead", "TBody", "Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TOCI": {"TOC"},
}


def structure_faults(pdf: bytes) -> list[str]:
    """Return every fault of a finished PDF's structure, or an empty list."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root.StructTreeRoot
        faults = [*_page_faults(opened, root), *_annotation_faults(opened, root)]
    tree = read_structure(pdf)
    rules = (_nesting, _headings, _tables, _alternatives)
    return [*faults, *_loose(pdf), *(fault for rule in rules for fault in rule(tree))]


def _loose(pdf: bytes) -> Iterator[str]:
    for piece in text_objects(pdf):
        if piece.mcid < 0 and "Artifact" not in piece.marks:
            yield f"loose text {piece.text!r} on page {piece.page + 1}"


def _page_faults(pdf: pikepdf.Pdf, root: pikepdf.Object) -> Iterator[str]:
    """Each marked content leads to an element that holds it, by way of the parent tree."""
    parents = pikepdf.NumberTree(root.ParentTree)
    for number, page in enumerate(pdf.pages, 1):
        for mcid, element in enumerate(
            parents[int(page.get("/StructParents", -1))] if "/StructParents" in page else ()
        ):
            own = element.get("/Pg")
            held = [
                kid if isinstance(kid, int) else int(kid.MCID)
                for kid in element.K
                if (isinstance(kid, int) and own == page.obj)
                or (not isinstance(kid, int) and kid.get("/Type") == Name.MCR and kid.Pg == page.obj)
            ]
            if mcid not in held:
                yield f"content {mcid} of page {number} is not held by its element"
        if "/StructParents" not in page:
            yield f"page {number} has no parents"


def _annotation_faults(pdf: pikepdf.Pdf, root: pikepdf.Object) -> Iterator[str]:
    parents = pikepdf.NumberTree(root.ParentTree)
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.get("/Annots", ()):
            key = int(annotation.get("/StructParent", -1))
            if key not in parents or Name.Link != parents[key].S:
                yield f"an annotation of page {number} belongs to no link"
            if not annotation.get("/Contents"):
                yield f"an annotation of page {number} is not described"


def _nesting(tree: Node) -> Iterator[str]:
    for node in tree.walk():
        for child in node.children:
            if isinstance(child, Node) and node.role not in _PARENTS.get(child.role, {node.role}):
                yield f"{child.role} in {node.role}"


def _headings(tree: Node) -> Iterator[str]:
    level = 0
    for node in tree.walk():
        if node.role in {"H1", "H2", "H3"}:
            if int(node.role[1]) > level + 1:
                yield f"{node.role} after level {level}"
            level = int(node.role[1])
            if not node.text.strip():
                yield f"{node.role} is empty"


def _tables(tree: Node) -> Iterator[str]:
    for table in tree.all("Table"):
        rows = table.all("TR")
        if len({len(row.children) for row in rows}) > 1:
            yield "a table is irregular"
        for row in rows:
            if not row.all("TH"):
                yield f"a row without header cell: {row.text!r}"
        for cell in table.all("TH"):
            if cell.layout.get("Scope") not in {"/Row", "/Column"}:
                yield f"a header cell without scope: {cell.text!r}"


def _alternatives(tree: Node) -> Iterator[str]:
    for node in tree.walk():
        if node.role in {"Figure", "Formula"} and not {"Alt", "ActualText"} & node.entries.keys():
            yield f"{node.role} without alternative"
