"""A page of a PDF that somebody else made, or that was made of their file, kept to what PDF/A allows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from reportgen.pdf.pictures.fonts import move_from_zero, require_embedded, require_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_OBJECTS = 200_000
MOST_BYTES = 20_000_000
"""What the page may take, unpacked."""

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
    "INLINE IMAGE": "it holds an image among its lines",
}
_LEFT_OUT = frozenset(
    [
        *("/TR", "/TR2", "/HT", "/HTP", "/BG", "/BG2", "/UCR", "/UCR2", "/OC", "/OPI", "/Alternates"),
        *("/PieceInfo", "/StructParent", "/StructParents", "/Metadata", "/LastModified", "/Ref"),
        *("/CIDSet", "/CharSet"),  # lists of a font's letters that are often wrong, and need not be there
    ]
)


def page_of(pdf: pikepdf.Pdf, size: tuple[float, float], resources: Dictionary, content: bytes) -> bytes:
    """Write a document of one page, the same bytes for the same content.

    Raises:
        ValueError: no page can have that size.

    """
    if not all(1 <= side <= 14_400 for side in size):
        raise ValueError("it has no size that a page can have")
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[0]
    page.obj.Resources = resources
    page.obj.Contents = pdf.make_stream(content)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, static_id=False)
    return out.getvalue()


def from_pdf(content: bytes) -> bytes:
    """Take over the one page of a PDF.

    Raises:
        ValueError: it is none that can be read, has further pages, or holds what PDF/A forbids.

    """
    try:
        with pikepdf.open(io.BytesIO(content)) as given, pikepdf.new() as pdf:
            if given.is_encrypted:
                raise ValueError("it is encrypted")
            if len(given.pages) != 1:
                raise ValueError(f"it has {len(given.pages)} pages, and a picture has one")
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
            _keep_what_is_allowed(given, drawn)
            resources = Dictionary(XObject=Dictionary(Fm=pdf.copy_foreign(drawn)))
            return page_of(pdf, (right - left, top - bottom), resources, b"/Fm Do")
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


def _keep_what_is_allowed(pdf: pikepdf.Pdf, drawn: Stream) -> None:
    """Go through all that a drawing uses: refuse what PDF/A forbids, or take it out where nobody sees it."""
    size = 0
    fonts = []
    for item in _reached(drawn):
        _require_allowed(item)
        if _is_font(item):
            fonts.append(item)
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
    for font in fonts:
        move_from_zero(pdf, font)


def _is_font(item: Any) -> bool:
    return isinstance(item, Dictionary) and item.get("/Type") == Name.Font


def _require_allowed(item: Any) -> None:
    if _is_font(item):
        require_embedded(item)
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
    """Return the content of a page or a form without its marks: what a picture is stands in its alternative text."""
    kept = []
    for instruction in pikepdf.parse_content_stream(holder):
        operator = str(instruction.operator)
        if operator in _OPERATORS:
            raise ValueError(_OPERATORS[operator])
        if operator not in ("BDC", "BMC", "EMC", "DP", "MP"):
            kept.append(instruction)
    require_letters(kept, holder.get("/Resources", Dictionary()).get("/Font", Dictionary()))
    return pikepdf.unparse_content_stream(kept)
