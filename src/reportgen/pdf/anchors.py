"""The pages of a document's named places, which a contents list takes from the run before."""

from __future__ import annotations

import io

import pikepdf


def pages_of_anchors(pdf: bytes) -> dict[str, int]:
    """Return the page of each named place, counted from 1."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.get("/Names", pikepdf.Dictionary())
        if "/Dests" not in names:
            return {}
        number_of = {page.obj.objgen: number for number, page in enumerate(document.pages, 1)}
        return {
            str(name): number_of[_place(target)[0].objgen]
            for name, target in pikepdf.NameTree(names.Dests).items()
        }


def _place(target: pikepdf.Object) -> pikepdf.Object:
    """Return a place itself, where it stands in a dictionary of its own."""
    return target.D if isinstance(target, pikepdf.Dictionary) else target
