"""The sRGB profile of the output intent, computed from IEC 61966-2-1 so that nothing need be shipped."""

from __future__ import annotations

import struct
from functools import cache

IDENTIFIER = "sRGB IEC61966-2.1"

# Red, green and blue of sRGB and the white of the profile, CIE XYZ adapted to D50 (Bradford).
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_WHITE = (0.9642, 1.0, 0.8249)
_CURVE_POINTS = 1024
_HEADER_BYTES = 128


@cache
def srgb_profile() -> bytes:
    """Return an ICC version 2 display profile: three primaries and one shared curve, about 2.5 kB."""
    curve = _curve()
    tags = [
        (b"desc", _description(IDENTIFIER)),
        (b"cprt", b"text\0\0\0\0" + b"No copyright, use freely\0"),
        (b"wtpt", _xyz(_WHITE)),
        *((name, _xyz(value)) for name, value in _PRIMARIES.items()),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    offset = _HEADER_BYTES + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    places: dict[bytes, int] = {}
    for name, data in tags:
        if data not in places:
            places[data] = offset + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", name, places[data], len(data))
    return _header(offset + len(body)) + table + body


def _header(size: int) -> bytes:
    date = (2000, 1, 1, 0, 0, 0)
    white = struct.pack(">3i", *(_fixed(value) for value in _WHITE))
    head = struct.pack(
        ">I4sI4s4s4s6H4s", size, b"", 0x02100000, b"mntr", b"RGB ", b"XYZ ", *date, b"acsp"
    )  # size, no preferred engine, version 2.1, display, RGB, XYZ
    return (head + bytes(28) + white).ljust(_HEADER_BYTES, b"\0")


def _curve() -> bytes:
    values = [_linear(step / (_CURVE_POINTS - 1)) for step in range(_CURVE_POINTS)]
    return struct.pack(
        f">4sII{_CURVE_POINTS}H", b"curv", 0, _CURVE_POINTS, *(round(value * 65535) for value in values)
    )


def _linear(encoded: float) -> float:
    return float(encoded / 12.92 if encoded <= 0.04045 else ((encoded + 0.055) / 1.055) ** 2.4)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return struct.pack(">4sI3i", b"XYZ ", 0, *(_fixed(part) for part in value))


def _fixed(value: float) -> int:
    return round(value * 65536)


def _description(text: str) -> bytes:
    line = text.encode("ascii") + b"\0"
    return struct.pack(">4sII", b"desc", 0, len(line)) + line + bytes(4 + 4 + 2 + 1 + 67)
