"""Pictures as cameras, plotting libraries and drawing programs write them, made here."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image, ImageCms

from logos import pdf, png_bomb, svg

SIZE = (80, 40)
GREEN, RED = (0, 160, 0), (200, 0, 0)


def halves(mode: str = "RGB") -> Image.Image:
    """Return an image whose left half is green, and its right one red."""
    image = Image.new("RGB", SIZE, GREEN)
    image.paste(RED, (SIZE[0] // 2, 0, *SIZE))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned_jpeg() -> bytes:
    """Return a JPEG that a camera says to turn by a quarter, with its maker's name."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "SECRET-MAKER"
    return saved(halves(), "JPEG", exif=notes, quality=95)


def with_alpha() -> bytes:
    image = halves("RGBA")
    image.putalpha(128)
    return saved(image, "PNG")


def of_sixteen_bits() -> bytes:
    image = Image.new("I;16", SIZE)
    image.putdata([column * 65535 // (SIZE[0] - 1) for _ in range(SIZE[1]) for column in range(SIZE[0])])
    return saved(image, "PNG")


@cache
def plots() -> dict[str, bytes]:
    """Return one plot as PDF with fonts of both kinds, and as SVG with its text as outlines and as text."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    made = {}
    for name, settings in {
        "plot-type3.pdf": {"pdf.fonttype": 3},
        "plot-truetype.pdf": {"pdf.fonttype": 42},
        "plot.svg": {"svg.fonttype": "path"},
        "plot-text.svg": {"svg.fonttype": "none"},
    }.items():
        with rc_context(settings):
            figure = Figure(figsize=(4, 2))
            axes = figure.add_subplot()
            axes.plot([1, 2, 3], [1, 4, 2])
            axes.set_title("A plotted line")
            axes.set_xlabel("Efficient, fluffy")  # its ligatures are letters with the number 0
            out = io.BytesIO()
            figure.savefig(out, format=name[-3:])
        made[name] = out.getvalue()
    return made


def printed() -> dict[str, bytes]:
    """Return the pictures that are printed."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return {
        "alpha.png": with_alpha(),
        "sixteen-bits.png": of_sixteen_bits(),
        "palette.png": saved(halves("P"), "PNG"),
        "profile.png": saved(halves(), "PNG", icc_profile=profile),
        "plain.jpg": saved(halves(), "JPEG", comment=b"SECRET-COMMENT", quality=95),
        "grey.jpg": saved(halves("L"), "JPEG"),
        "turned.jpeg": turned_jpeg(),
        "cmyk.jpg": saved(halves("CMYK"), "JPEG"),
        "shapes.svg": svg(),
        "plain.pdf": pdf(),
        **{name: content for name, content in plots().items() if name != "plot-text.svg"},
    }


def refused() -> dict[str, tuple[bytes, str]]:
    """Return pictures that are an error, and what it says."""
    return {
        "bomb.png": (png_bomb(20_000), "million pixels"),
        "cut.jpg": (saved(halves(), "JPEG")[:200], "no JPEG that can be read"),
        "other.png": (saved(halves(), "JPEG"), "no PNG that can be read"),
        "text.svg": (plots()["plot-text.svg"], "<text>, and shapes alone are drawn"),
        "script.svg": (svg("<script>alert(1)</script>"), "<script>"),
        "outside.svg": (svg('<use href="https://example.org/x.svg#a"/>'), "outside it"),
        "font.pdf": (_with_font(), "a font that is not embedded"),
        "letter.pdf": (_with_missing_letter(), "a letter that its font does not have"),
        "two.pdf": (pdf(pages=2), "2 pages"),
    }


def _with_font() -> bytes:
    from pikepdf import Dictionary, Name

    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    return pdf(b"BT /F 9 Tf (x) Tj ET", resources=Dictionary(Font=Dictionary(F=font)))


def _with_missing_letter() -> bytes:
    """Return a text set with number 0, which draws the box of a letter that is missing."""
    from pikepdf import Array, Dictionary, Name

    held = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        CIDToGIDMap=Name.Identity,
        FontDescriptor=Dictionary(FontFile2=Dictionary()),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([held]),
        ToUnicode=Dictionary(),
    )
    return pdf(b"BT /F 9 Tf <0000> Tj ET", resources=Dictionary(Font=Dictionary(F=font)))
