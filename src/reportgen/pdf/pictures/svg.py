"""An SVG as a page: shapes alone, nothing that moves, runs or leads out."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from reportgen.pdf.pictures.page import from_pdf

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"])
_CLIPPED = _SHAPES | {"g"}
_DRAWN = _SHAPES | {
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "linearGradient",
    "radialGradient",
    "stop",
    "style",
    "clipPath",
}
_SAID = frozenset(["title", "desc", "metadata"])
_LEADS_OUT = re.compile(r"url\(\s*['\"]?(?!['\"]?#)|@import|expression\s*\(", re.IGNORECASE)
_ROOT = {
    "fill": "black",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
}
"""What SVG takes where nothing is said, and the library does not."""


def from_svg(content: bytes) -> bytes:
    """Draw an SVG.

    Raises:
        ValueError: it is none that can be read, or holds what is not drawn here.

    """
    from xml.etree.ElementTree import ParseError, tostring

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring
    from fpdf import FPDF

    from reportgen.pdf.pictures.svg_drawing import Drawing

    try:
        root = fromstring(content.decode("utf-8-sig"))
    except (ParseError, DefusedXmlException, UnicodeDecodeError) as error:
        raise ValueError(f"it is no SVG that can be read: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError("it is no SVG")
    _require_drawing(root)
    _gather_clips(root)
    size = _svg_size(root)
    root.attrib.update(_ROOT | root.attrib | {"width": f"{size[0]:.4f}", "height": f"{size[1]:.4f}"})
    page = FPDF(unit="pt", format=size)
    page.set_margin(0)
    page.set_auto_page_break(auto=False)
    page.creation_date = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    page.add_page()
    try:
        Drawing(tostring(root, encoding="unicode")).draw_to_page(page, 0, 0)
        made = bytes(page.output())
    except Exception as error:  # the library raises what it likes over values that are none
        raise ValueError(f"it is no SVG that can be drawn: {error}") from error
    return from_pdf(made)


def _require_drawing(root: Element) -> None:
    """Take out what is not drawn, and refuse what cannot be or leads out."""
    for parent in root.iter():
        for child in list(parent):
            name = str(child.tag)
            if not name.startswith(_SVG) or name.removeprefix(_SVG) in _SAID:
                parent.remove(child)
            elif name.removeprefix(_SVG) not in _DRAWN:
                raise ValueError(f"it holds <{name.removeprefix(_SVG)}>, and shapes alone are drawn")
    for element in root.iter():
        if element.tag == f"{_SVG}clipPath":
            _require_one_shape(element)
        may_clip = str(element.tag).removeprefix(_SVG) in _CLIPPED
        for attribute, value in element.attrib.items():
            _require_plain(attribute.rpartition("}")[2], value, may_clip=may_clip)
        text = " ".join((element.text or "", *element.attrib.values()))
        if _LEADS_OUT.search(text):
            raise ValueError("it leads to what is outside it (url)")
        if found := re.search(r"(clip-path|mask|filter)\s*:\s*url", text):
            raise ValueError(f"it holds {found[1]}, which is not drawn")


def _require_one_shape(clip: Element) -> None:
    """Refuse a clip that is more than one shape in the measure of what it clips."""
    is_plain = clip.get("clipPathUnits", "userSpaceOnUse") == "userSpaceOnUse"
    if (
        len(clip) != 1
        or not is_plain
        or any({"transform", "clip-path"} & each.attrib.keys() for each in clip.iter())
    ):
        raise ValueError("it clips by more than one plain shape, which is not drawn")


def _gather_clips(root: Element) -> None:
    """Put all clips before what they clip: the library knows those alone that it has met."""
    found = [(parent, child) for parent in root.iter() for child in parent if child.tag == f"{_SVG}clipPath"]
    for parent, clip in found:
        parent.remove(clip)
    if found:
        definitions = root.makeelement(f"{_SVG}defs", {})
        definitions.extend(clip for _, clip in found)
        root.insert(0, definitions)


def _require_plain(name: str, value: str, *, may_clip: bool) -> None:
    if name.lower().startswith("on"):
        raise ValueError(f"it holds a program ({name})")
    if name == "href" and not value.startswith("#"):
        raise ValueError("it leads to what is outside it (href)")
    if name in ("clip-path", "mask", "filter") and value != "none" and not (may_clip and name == "clip-path"):
        raise ValueError(f"it holds {name}, which is not drawn")


def _svg_size(root: Element) -> tuple[float, float]:
    """Return the size in points at which it is a hundred high: only what its sides are to one another counts."""
    numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(numbers) == 4:
            width, height = float(numbers[2]), float(numbers[3])
        else:
            width, height = (float(root.get(side, "").removesuffix("px")) for side in ("width", "height"))
            root.set("viewBox", f"0 0 {width} {height}")
    except ValueError as error:
        raise ValueError("it has neither a viewBox nor a width and a height in pixels") from error
    if not (0 < width < 1e6 and 0 < height < 1e6 and 0.01 < width / height < 100):
        raise ValueError("it has no size that can be printed")
    return 100 * width / height, 100.0
