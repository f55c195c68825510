"""PNG and JPEG as a page: turned as the camera says, in the colours of screens, without notes of their maker."""

from __future__ import annotations

import io
import warnings
import zlib
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Dictionary, Name, Stream

from reportgen.pdf.pictures.page import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

MOST_PIXELS = 100_000_000
_TOO_LARGE = f"it has more than {MOST_PIXELS // 1_000_000} million pixels"
LONGEST_SIDE = 3000
"""Pixels that are kept of a side: more than paper shows over the width of a text."""
_DPI = 150
_SIGNATURES = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"RIFF": "WebP", b"%PDF": "PDF"}
_PLAIN_JPEG = {"RGB": Name.DeviceRGB, "L": Name.DeviceGray}


class TooLargeError(ValueError):
    """A picture of more pixels than are read."""


def from_png(content: bytes) -> bytes:
    """Make a PNG into a page.

    Raises:
        ValueError: it is none that can be read, or has too many pixels.

    """
    return _from(content, "PNG")


def from_jpeg(content: bytes) -> bytes:
    """Make a JPEG into a page; one that is as it should be keeps its very pixels.

    Raises:
        ValueError: it is none that can be read, or has too many pixels.

    """
    return _from(content, "JPEG")


def _from(content: bytes, kind: str) -> bytes:
    from PIL import Image, UnidentifiedImageError

    # Our own bound is the one that counts; the process that this runs in is alone with the filter.
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooLargeError(_TOO_LARGE)
            dpi = image.info.get("dpi", (0, 0))[0]
            if kind == "JPEG" and _is_plain(image):
                return _page(image.size, dpi, samples=_without_notes(content), space=_PLAIN_JPEG[image.mode])
            seen = _seen(image)
    except Image.DecompressionBombError as error:
        raise TooLargeError(_TOO_LARGE) from error
    except UnidentifiedImageError as error:
        made = next((name for start, name in _SIGNATURES.items() if content.startswith(start)), kind)
        what = f"its content is that of a {made}" if made != kind else "it is damaged, or something else"
        raise ValueError(f"it is no {kind} that can be read: {what}") from error
    except (OSError, SyntaxError, EOFError, zlib.error) as error:
        raise ValueError(f"it is no {kind} that can be read: {error}") from error
    return _page(seen.size, dpi, image=seen)


def _is_plain(image: Image) -> bool:
    turned = image.getexif().get(0x0112, 1)
    return (
        image.mode in _PLAIN_JPEG
        and turned == 1
        and max(image.size) <= LONGEST_SIDE
        and "icc_profile" not in image.info
    )


def _without_notes(content: bytes) -> bytes:
    """Return a JPEG without what a camera or a program noted in it (ISO 10918-1, B.1.1)."""
    return content[:2] + b"".join(_segments(content))


def _segments(content: bytes) -> Iterator[bytes]:
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xDA:  # the pixels follow
            break
        end = position + 2 + int.from_bytes(content[position + 2 : position + 4], "big")
        # JFIF's and Adobe's notes say what the colours mean.
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            yield content[position:end]
        position = end
    yield content[position:]


def _seen(image: Image) -> Image:
    """Return what a reader sees: turned, in sRGB with eight bits, no larger than paper shows."""
    from PIL import ImageOps

    if image.format == "JPEG":
        image.draft(image.mode, (LONGEST_SIDE, LONGEST_SIDE))
    turned = ImageOps.exif_transpose(image)
    coloured = _in_screen_colours(turned)
    coloured.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return coloured


def _in_screen_colours(image: Image) -> Image:
    from PIL import ImageCms

    if image.mode.startswith("I"):
        return image.convert("I").point([value / 257 for value in range(65536)], "L")
    has_alpha = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a profile that is damaged, or of other colours
        if made is not None:
            return made
    return image.convert("RGBA" if has_alpha else "RGB")


def _page(
    size: tuple[int, int],
    dpi: float,
    *,
    image: Image | None = None,
    samples: bytes = b"",
    space: Name = Name.DeviceRGB,
) -> bytes:
    with pikepdf.new() as pdf:
        if image is None:
            drawn = _stream(pdf, size, samples, space, Name.DCTDecode)
        else:
            drawn = _packed(pdf, image.convert("RGB"))
            alpha = image.getchannel("A") if image.mode == "RGBA" else None
            if alpha and alpha.getextrema() != (255, 255):
                drawn.SMask = _packed(pdf, alpha)
        points = 72 / (dpi if 30 <= dpi <= 2400 else _DPI)
        width, height = (max(1.0, side * points) for side in size)
        content = f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Im Do Q".encode()
        return page_of(pdf, (width, height), Dictionary(XObject=Dictionary(Im=drawn)), content)


def _packed(pdf: pikepdf.Pdf, image: Image) -> Stream:
    space = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    return _stream(pdf, image.size, zlib.compress(image.tobytes(), 9), space, Name.FlateDecode)


def _stream(pdf: pikepdf.Pdf, size: tuple[int, int], samples: bytes, space: Name, packing: Name) -> Stream:
    return pdf.make_stream(
        samples,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=packing,
    )
