"""The library's drawing of an SVG, with what it leaves out of clips: those of groups, and those along a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fpdf.drawing import ClippingPath
from fpdf.enums import IntersectionRule
from fpdf.svg import SVGObject, svg_path_converter

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from fpdf.drawing import GraphicsContext, PaintedPath

_SVG = "{http://www.w3.org/2000/svg}"
_TARGET = re.compile(r"\s*url\(\s*(['\"]?)(#[^'\"()]+)\1\s*\)\s*")


class Drawing(SVGObject):  # type: ignore[misc]
    """An SVG as paths and groups, each clipped as it says."""

    def build_group(
        self, group: Element, pdf_group: Any = None, inherited_style: dict[str, Any] | None = None
    ) -> GraphicsContext:
        """Build a group and all in it."""
        made = super().build_group(group, pdf_group, inherited_style)
        self.apply_clipping_path(made, group)
        return made

    def build_clipping_path(self, shape: Element, clip_id: str | None) -> None:
        """Build the one shape of a clip; the library clips nothing along a path."""
        if shape.tag != f"{_SVG}path":
            super().build_clipping_path(shape, clip_id)
            return
        made = ClippingPath()
        if shape.get("clip-rule") == "evenodd":
            made.style.intersection_rule = IntersectionRule.EVENODD
        svg_path_converter(made, shape.get("d", ""))
        self.update_xref(clip_id, made)

    def apply_clipping_path(
        self,
        stylable: PaintedPath | GraphicsContext,
        svg_element: Element,
        style_map: dict[str, Any] | None = None,  # noqa: ARG002 - no style names a clip here
    ) -> None:
        """Clip a shape or a group as its attribute says."""
        said = svg_element.get("clip-path", "none")
        if said == "none":
            return
        target = _TARGET.fullmatch(said)
        if target is None or target[2] not in self.cross_references:
            raise ValueError(f"it clips by {said}, which it does not hold")
        stylable.clipping_path = self.cross_references[target[2]]
