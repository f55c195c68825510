"""Logos of each kind, good ones and hostile ones, made here."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

SHAPES = """<style>.green {fill: #00aa00}</style>
<defs><linearGradient id="fade"><stop offset="0" stop-color="#aa0000"/><stop offset="1" stop-color="#0000aa"/>
</linearGradient><path id="mark" d="M0 0h10v10z"/></defs>
<g transform="translate(10 0)" fill="#0B5394"><rect x="10" y="10" width="50" height="50" rx="5"/>
<circle class="green" cx="150" cy="50" r="30" fill-opacity="0.5"/></g>
<rect x="70" y="5" width="60" height="20" fill="url(#fade)"/><use href="#mark" x="100" y="80"/>"""


def svg(inside: str = SHAPES, *, before: str = "", attributes: str = 'viewBox="0 0 200 100"') -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<?xml version="1.0"?>{before}<svg {names} {attributes}>{inside}</svg>'.encode()


def png(mode: str = "RGBA", size: tuple[int, int] = (60, 20)) -> bytes:
    from PIL import Image

    image = Image.new(mode, size)
    if mode == "RGBA":
        image.putdata([(170, 0, 60, x * 4) for _ in range(size[1]) for x in range(size[0])])
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    """Write a PNG of few bytes that says it is very large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(min(side, 100_000) + 1))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf(
    content: bytes = b"0 0 1 rg 0 0 100 50 re f 1 0 0 rg 10 10 20 20 re f",
    *,
    pages: int = 1,
    password: str = "",
    resources: Any = None,
    root: Any = None,
    page: Any = None,
    attached: bytes = b"",
    inherited: bool = False,
) -> bytes:
    """Write a PDF; what is given of resources, catalogue and page is added as it is."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(100, 50))
        first = made.pages[0].obj
        first.Contents = made.make_stream(content)
        for target, given in (
            (first, {"/Resources": resources} if resources else {}),
            (first, page),
            (made.Root, root),
        ):
            for key, value in (given or {}).items():
                target[key] = value
        if inherited:
            made.Root.Pages.Resources = first.Resources
            del first.Resources
        if attached:
            made.attachments["inside.txt"] = attached
        made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


GOOD = {
    "transparent.png": png(),
    "grey.png": png("L"),
    "palette.png": png("P"),
    "plain.pdf": pdf(),
    "shifted.pdf": pdf(b"1 0 0 rg -20 -10 30 30 re f", page={"/MediaBox": Array([-20, -10, 80, 40])}),
    "inherited.pdf": pdf(
        b"/C cs 0 0 1 scn 0 0 50 50 re f",
        resources=Dictionary(ColorSpace=Dictionary(C=Name.DeviceRGB)),
        inherited=True,
    ),
    "marked.pdf": pdf(b"/P <</MCID 0>> BDC 0 0 1 rg 0 0 50 50 re f EMC"),
    "shapes.svg": svg(),
    "doctype.svg": svg(
        before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    ),
}
_PROGRAM = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
_FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
HOSTILE = {
    "bomb.png": (png_bomb(50_000), "pixels"),
    "cut.png": (png()[:60], "no PNG"),
    "text.png": (b"no picture", "no PNG"),
    "program.pdf": (pdf(root={"/OpenAction": _PROGRAM}), "program"),
    "program-of-page.pdf": (pdf(page={"/AA": Dictionary(O=_PROGRAM)}), "program"),
    "files.pdf": (pdf(attached=b"x"), "carries files"),
    "font.pdf": (pdf(b"BT /F 9 Tf (x) Tj ET", resources=Dictionary(Font=Dictionary(F=_FONT))), "font"),
    "encrypted.pdf": (pdf(password="secret"), "encrypted"),
    "pages.pdf": (pdf(pages=2), "2 pages"),
    "print.pdf": (pdf(b"0 0 0 1 k 0 0 9 9 re f"), "CMYK"),
    "print-space.pdf": (
        pdf(b"/C cs 1 scn 0 0 9 9 re f", resources=Dictionary(ColorSpace=Dictionary(C=Name.DeviceCMYK))),
        "CMYK",
    ),
    "turned.pdf": (pdf(page={"/Rotate": 90}), "turned"),
    "text.pdf": (b"no document", "no PDF"),
    "entity.svg": (svg("&x;", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "Entities"),
    "laughs.svg": (
        svg("&b;", before='<!DOCTYPE svg [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
        "Entities",
    ),
    "image.svg": (svg('<image href="http://127.0.0.1/x.png"/>'), "<image>"),
    "script.svg": (svg("<script>alert(1)</script>"), "<script>"),
    "words.svg": (svg("<text>Mine</text>"), "<text>"),
    "click.svg": (svg('<rect width="9" height="9" onclick="x()"/>'), "program"),
    "out.svg": (svg('<use xlink:href="/etc/passwd#x"/>'), "outside"),
    "style.svg": (svg('<style>@import "x.css";</style>'), "outside"),
    "paint.svg": (svg('<rect width="9" height="9" fill="url(http://127.0.0.1/#a)"/>'), "outside"),
    "clipped.svg": (svg('<g clip-path="url(#a)"><rect width="9" height="9"/></g>'), "which it does not hold"),
    "masked.svg": (svg('<g mask="url(#a)"><rect width="9" height="9"/></g>'), "mask"),
    "clips.svg": (
        svg(f'<clipPath id="a">{"<rect/>" * 2}</clipPath><g clip-path="url(#a)"/>'),
        "one plain shape",
    ),
    "sizeless.svg": (svg(attributes=""), "viewBox"),
    "flat.svg": (svg(attributes='viewBox="0 0 10 0"'), "size"),
    "infinite.svg": (svg(attributes='viewBox="0 0 inf nan"'), "size"),
    "other.svg": (b"<html/>", "no SVG"),
    "wide.svg": ("<svg/>".encode("utf-16"), "no SVG"),
    "uses.svg": (
        svg(
            '<defs><g id="u0"><rect width="1" height="1"/></g>'
            + "".join(f'<g id="u{n}">{f"""<use href="#u{n - 1}"/>""" * 10}</g>' for n in range(1, 9))
            + '</defs><use href="#u8"/>'
        ),
        "",
    ),
}
"""By name: the file, and a part of what is said of it."""
