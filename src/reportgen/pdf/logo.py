"""A house's logo: PNG, PDF or SVG as a PDF of one page that may stand in any report.

Somebody else made the file. It is read in a process with bounds on memory and time, and only what PDF/A allows and
what draws is kept of it: no program, no file, no font, no colour for print.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from reportgen import DISTRIBUTION
from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.cache import key_of, recall
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.settings import FILE_NAME
from reportgen.base.timings import stage
from reportgen.charts.place import empty_page
from reportgen.text.tree import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from reportgen.base.settings import Settings

NAME = "logo"
MEGABYTES, SECONDS = 1000, 20
HEIGHT_MM, WIDEST_MM = 9.0, 75.0
MOST_PIXELS = 16_000_000
MOST_OBJECTS = 200_000
MOST_BYTES = 20_000_000
"""What the page may take, unpacked."""

_LIBRARIES = (DISTRIBUTION, "fpdf2", "pikepdf", "pillow")
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"])
_DRAWN = _SHAPES | {"svg", "g", "defs", "symbol", "use", "linearGradient", "radialGradient", "stop", "style"}
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

_FOR_PRINT = "its colours are those for print (CMYK)"
_REFUSED = {
    Name.DeviceCMYK: _FOR_PRINT,
    Name.JPXDecode: "it holds an image in JPEG 2000",
    Name.LZWDecode: "it is packed as no archive allows (LZW)",
    Name.PS: "it holds PostScript",
}
_OPERATORS = {
    "k": _FOR_PRINT,
    "K": _FOR_PRINT,
    "Tf": "it sets text in a font",
    "INLINE IMAGE": "it holds an image among its lines",
}
_LEFT_OUT = frozenset(
    [
        *("/TR", "/TR2", "/HT", "/HTP", "/BG", "/BG2", "/UCR", "/UCR2", "/OC", "/OPI", "/Alternates"),
        *("/PieceInfo", "/StructParent", "/StructParents", "/Metadata", "/LastModified", "/Ref"),
    ]
)
_HINT = "save it anew: one page, text as outlines, RGB colours, nothing but the drawing"


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as a PDF of one page, and its size in points."""

    pdf: bytes
    width: float
    height: float
    name: str = NAME

    def figure(self, alt: str) -> Figure:
        """Return what the content tree holds of it: it is nine millimetres high, unless that is too wide."""
        width = min(HEIGHT_MM * self.width / self.height, WIDEST_MM)
        return Figure(self.name, "", (), alt, round(width, 2), id="logo")

    @property
    def place(self) -> bytes:
        """Return an empty page of its size, for TeX."""
        return empty_page(NAME, self.width, self.height)


@stage("logo")
def read_logo(settings: Settings, files: Mapping[str, bytes]) -> Logo | None:
    """Make the logo among a house's files into a page; None where there is none.

    Raises:
        SettingsError: it is damaged, or holds what no report may; or reading it takes too much.

    """
    kind = next((name.removeprefix(NAME) for name in files if name.startswith(f"{NAME}.")), None)
    if kind is None:
        return None
    content = files[NAME + kind]
    key = key_of([kind, hashlib.sha256(content).hexdigest(), *map(version, _LIBRARIES)])
    read = partial(call_bounded, _READERS[kind], content, megabytes=MEGABYTES, seconds=SECONDS)
    try:
        page = recall("logos", key, ".pdf", read)
    except (ValueError, BoundError) as error:
        where = Where(str(settings.root / FILE_NAME), pointer="/style/logo")
        message = f"{settings.style.logo} cannot be printed: {error}"
        raise SettingsError([Problem("logo", Level.ERROR, where, message, _HINT)]) from error
    with pikepdf.open(io.BytesIO(page)) as pdf:
        _, _, width, height = map(float, pdf.pages[0].mediabox)
    return Logo(page, width, height)


def _from_png(content: bytes) -> bytes:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(f"it has more than {MOST_PIXELS // 1_000_000} million pixels")
            if image.mode.startswith("I"):
                raise ValueError("it has 16 bits a pixel, where 8 are printed")
            seen = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError, EOFError, zlib.error) as error:
        raise ValueError(f"it is no PNG that can be read: {error}") from error
    alpha = seen.getchannel("A")
    with pikepdf.new() as pdf:
        drawn = _image(pdf, seen.size, seen.convert("RGB").tobytes(), Name.DeviceRGB)
        if alpha.getextrema() != (255, 255):
            drawn.SMask = _image(pdf, seen.size, alpha.tobytes(), Name.DeviceGray)
        width, height = (side * 72 / 300 for side in seen.size)
        content = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im Do Q".encode()
        return _page(pdf, (width, height), Dictionary(XObject=Dictionary(Im=drawn)), content)


def _image(pdf: pikepdf.Pdf, size: tuple[int, int], samples: bytes, space: Name) -> Stream:
    return pdf.make_stream(
        zlib.compress(samples, 9),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )


def _page(pdf: pikepdf.Pdf, size: tuple[float, float], resources: Dictionary, content: bytes) -> bytes:
    if not all(1 <= side <= 14_400 for side in size):
        raise ValueError("it has no size that a page can have")
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[0]
    page.obj.Resources = resources
    page.obj.Contents = pdf.make_stream(content)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, static_id=False)
    return out.getvalue()


def _from_svg(content: bytes) -> bytes:
    from xml.etree.ElementTree import ParseError, tostring

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring
    from fpdf import FPDF
    from fpdf.svg import SVGObject

    try:
        root = fromstring(content.decode("utf-8-sig"))
    except (ParseError, DefusedXmlException, UnicodeDecodeError) as error:
        raise ValueError(f"it is no SVG that can be read: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError("it is no SVG")
    _require_drawing(root)
    size = _svg_size(root)
    root.attrib.update({"width": f"{size[0]:.4f}", "height": f"{size[1]:.4f}", **(_ROOT | root.attrib)})
    page = FPDF(unit="pt", format=size)
    page.set_margin(0)
    page.set_auto_page_break(auto=False)
    page.creation_date = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    page.add_page()
    try:
        SVGObject(tostring(root, encoding="unicode")).draw_to_page(page, 0, 0)
        made = bytes(page.output())
    except Exception as error:  # the library raises what it likes over values that are none
        raise ValueError(f"it is no SVG that can be drawn: {error}") from error
    return _from_pdf(made)


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
        for attribute, value in element.attrib.items():
            _require_plain(attribute.rpartition("}")[2], value)
        text = " ".join((element.text or "", *element.attrib.values()))
        if _LEADS_OUT.search(text):
            raise ValueError("it leads to what is outside it (url)")
        if found := re.search(r"(clip-path|mask|filter)\s*:\s*url", text):
            raise ValueError(f"it holds {found[1]}, which is not drawn")


def _require_plain(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise ValueError(f"it holds a program ({name})")
    if name == "href" and not value.startswith("#"):
        raise ValueError("it leads to what is outside it (href)")
    if name in ("clip-path", "mask", "filter") and value != "none":
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


def _from_pdf(content: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(content)) as given, pikepdf.new() as pdf:
            if given.is_encrypted:
                raise ValueError("it is encrypted")
            if len(given.pages) != 1:
                raise ValueError(f"it has {len(given.pages)} pages, and a logo has one")
            _require_no_program(given)
            page = given.pages[0]
            page.contents_coalesce()
            left, bottom, right, top = (float(edge) for edge in page.cropbox)
            if int(page.obj.get("/Rotate", 0)) % 360:
                raise ValueError("it is turned")
            drawn = given.make_stream(
                _drawing(page),
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=[left, bottom, right, top],
                Matrix=[1, 0, 0, 1, -left, -bottom],
                Resources=page.resources,
            )
            if "/Group" in page.obj:
                drawn.Group = page.obj.Group
            _keep_what_is_allowed(drawn)
            resources = Dictionary(XObject=Dictionary(Fm=pdf.copy_foreign(drawn)))
            return _page(pdf, (right - left, top - bottom), resources, b"/Fm Do")
    except pikepdf.PasswordError as error:
        raise ValueError("it is encrypted") from error
    except (pikepdf.PdfError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(f"it is no PDF that can be read: {error}") from error


def _require_no_program(pdf: pikepdf.Pdf) -> None:
    for item in _reached(pdf.Root):
        if isinstance(item, Dictionary | Stream):
            if "/JS" in item or item.get("/S") in (Name.JavaScript, Name.Launch):
                raise ValueError("it holds a program")
            if "/EF" in item or item.get("/Type") == Name.EmbeddedFile:
                raise ValueError("it carries files")
            if item.get("/Type") == Name.Font:
                raise ValueError("it sets text in a font")


def _keep_what_is_allowed(drawn: Stream) -> None:
    """Go through all that a drawing uses: refuse what PDF/A forbids, or take it out where nobody sees it."""
    size = 0
    for item in _reached(drawn):
        _require_allowed(item)
        if isinstance(item, Dictionary | Stream):
            for key in _LEFT_OUT & item.keys():
                del item[key]
            if "/Interpolate" in item:
                item.Interpolate = False
        if isinstance(item, Stream):
            size += len(item.read_raw_bytes())
            if size > MOST_BYTES:
                raise ValueError(f"it takes more than {MOST_BYTES // 1_000_000} MB")
            if item is not drawn and (item.get("/Subtype") == Name.Form or "/PatternType" in item):
                item.write(_drawing(item))


def _require_allowed(item: Any) -> None:
    if isinstance(item, Name) and item in _REFUSED:
        raise ValueError(_REFUSED[item])
    if isinstance(item, Array) and len(item) == 2 and item[0] == Name.ICCBased and item[1].get("/N") == 4:
        raise ValueError(_FOR_PRINT)


def _reached(start: Any) -> Iterator[Any]:
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [start]
    count = 0
    while waiting:
        item = waiting.pop()
        number = item.objgen if isinstance(item, pikepdf.Object) else (0, 0)
        if number != (0, 0) and number in seen:
            continue
        seen.add(number)
        count += 1
        if count > MOST_OBJECTS:
            raise ValueError(f"it is made of more than {MOST_OBJECTS} parts")
        yield item
        if isinstance(item, Dictionary | Stream):
            waiting += [item[key] for key in item.keys()]  # noqa: SIM118 - a stream is no mapping
        elif isinstance(item, Array):
            waiting += list(item)


def _drawing(holder: Any) -> bytes:
    """Return the content of a page or a form without its marks: what a logo is stands in its alternative text."""
    kept = []
    for instruction in pikepdf.parse_content_stream(holder):
        operator = str(instruction.operator)
        if operator in _OPERATORS:
            raise ValueError(_OPERATORS[operator])
        if operator not in ("BDC", "BMC", "EMC", "DP", "MP"):
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept)


_READERS = {".png": _from_png, ".pdf": _from_pdf, ".svg": _from_svg}
