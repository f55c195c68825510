"""Quantities as siunitx writes them, and substances as mhchem does: each put into plain mathematics, and then read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.mathematics.tokens import NotMathematics

if TYPE_CHECKING:
    from reportgen.text.mathematics.reader import Reader
    from reportgen.text.mathematics.tree import Row

SIUNITX = frozenset({"num", "si", "unit", "SI", "qty", "ang"})
_WITH_NUMBER, _WITH_UNIT = frozenset({"num", "SI", "qty"}), frozenset({"si", "unit", "SI", "qty"})
_NUMBER = re.compile(
    r"\s*([<>~]?[+-]?[\d.,]*)\s*(?:(?:\+-|\\pm)\s*([\d.]+)|\((\d+)\))?\s*(?:[eE]\s*([+-]?\d+))?\s*"
)
_PREFIXES = dict(
    zip(
        [
            "quecto",
            "yocto",
            "zepto",
            "atto",
            "femto",
            "pico",
            "nano",
            "micro",
            "milli",
            "centi",
            "deci",
            "deca",
            "hecto",
            "kilo",
            "mega",
            "giga",
            "tera",
            "peta",
            "exa",
        ],
        ["q", "y", "z", "a", "f", "p", "n", "μ", "m", "c", "d", "da", "h", "k", "M", "G", "T", "P", "E"],
        strict=True,
    )
)
_UNITS = dict(
    row.split(":")
    for row in [
        "meter:m",
        "metre:m",
        "gram:g",
        "kilogram:kg",
        "second:s",
        "ampere:A",
        "kelvin:K",
        "mole:mol",
        "candela:cd",
        "hertz:Hz",
        "newton:N",
        "pascal:Pa",
        "joule:J",
        "watt:W",
        "coulomb:C",
        "volt:V",
        "farad:F",
        "ohm:Ω",
        "siemens:S",
        "weber:Wb",
        "tesla:T",
        "henry:H",
        "lumen:lm",
        "lux:lx",
        "becquerel:Bq",
        "gray:Gy",
        "sievert:Sv",
        "katal:kat",
        "liter:L",
        "litre:L",
        "minute:min",
        "hour:h",
        "day:d",
        "tonne:t",
        "electronvolt:eV",
        "dalton:Da",
        "bar:bar",
        "parsec:pc",
        "arcminute:′",
        "arcsecond:″",
        "degree:°",
        "degreeCelsius:°C",
        "celsius:°C",
        "angstrom:Å",
        "percent:%",
        "radian:rad",
        "steradian:sr",
        "bit:bit",
        "byte:B",
        "decibel:dB",
        "bel:B",
        "neper:Np",
        "hectare:ha",
        "astronomicalunit:au",
        "m:m",
        "s:s",
        "g:g",
        "kg:kg",
        "mg:mg",
        "km:km",
        "cm:cm",
        "mm:mm",
        "um:μm",
        "nm:nm",
        "pm:pm",
        "K:K",
        "A:A",
        "mol:mol",
        "Hz:Hz",
        "kHz:kHz",
        "MHz:MHz",
        "GHz:GHz",
        "N:N",
        "Pa:Pa",
        "kPa:kPa",
        "MPa:MPa",
        "J:J",
        "kJ:kJ",
        "eV:eV",
        "keV:keV",
        "MeV:MeV",
        "GeV:GeV",
        "TeV:TeV",
        "W:W",
        "kW:kW",
        "MW:MW",
        "V:V",
        "mV:mV",
        "kV:kV",
        "L:L",
        "l:l",
        "mL:mL",
        "ml:ml",
        "ms:ms",
        "us:μs",
        "ns:ns",
        "ps:ps",
        "fs:fs",
    ]
)
_POWERS = {"squared": "2", "cubed": "3"}
_POWERS_BEFORE = {"square": "2", "cubic": "3"}
_UNIT_PART = re.compile(
    r"\\([A-Za-z]+)(?:\{([^{}]*)\})?|([A-Za-zΩμµ°Å%]+)|\^\{?([+-]?\d+)\}?|([/.~\s]+|\\,|\\cdot)"
)


def read_quantity(reader: Reader, name: str) -> Row:
    """Read a number, a unit or both."""
    parts = []
    if reader.next_is("["):
        reader.raw_until("]")
    if name == "ang":
        return reader.read_apart(_angle(reader.raw_group()))
    if name in _WITH_NUMBER:
        parts.append(_number(reader.raw_group()))
    if name in _WITH_UNIT:
        parts.append(_unit(reader.raw_group()))
    return reader.read_apart("\\,".join(parts))


def _number(said: str) -> str:
    found = _NUMBER.fullmatch(said)
    if not found or not found[0].strip():
        raise NotMathematics(f"{said[:40]} is no number")
    mantissa, error, last_digits, exponent = found.groups()
    out = mantissa + (f"\\pm {error}" if error else "") + (f"({last_digits})" if last_digits else "")
    if exponent:
        out += ("\\times " if out else "") + f"10^{{{exponent}}}"
    return out


def _angle(said: str) -> str:
    signs = ("\\degree", "'", "''")
    parts = said.split(";")
    if len(parts) > len(signs) or not all(re.fullmatch(r"\s*[+-]?[\d.]*\s*", each) for each in parts):
        raise NotMathematics(f"{said[:40]} is no angle")
    return "".join(part + sign for part, sign in zip(parts, signs, strict=False) if part.strip())


def _unit(said: str) -> str:
    """Put units and their powers into one row."""
    out: list[list[str]] = []
    prefix, power, is_per = "", "", False
    position = 0
    while position < len(said):
        found = _UNIT_PART.match(said, position)
        if not found:
            raise NotMathematics(f"{said[position : position + 20]} is no unit")
        position = found.end()
        command, argument, letters, exponent, between = found.groups()
        if command in _PREFIXES:
            prefix = _PREFIXES[command]
        elif command in _POWERS_BEFORE:
            power = _POWERS_BEFORE[command]
        elif command == "per" or (between and "/" in between):
            is_per = True
        elif between or command == "cdot":
            continue
        elif exponent or command in _POWERS or command == "tothe":
            if not out:
                raise NotMathematics("a power without a unit")
            out[-1][1] = out[-1][1].rstrip("1") + (exponent or _POWERS.get(command) or str(argument))
        elif letters or command in _UNITS:
            out.append(
                [prefix + (letters or _UNITS[command]), ("-" if is_per else "") + (power or "1" * is_per)]
            )
            prefix, power, is_per = "", "", False
        else:
            raise NotMathematics(f"\\{command} is no unit")
    return "\\,".join(
        f"\\text{{{_escaped(name)}}}" + (f"^{{{power}}}" if power else "") for name, power in out
    )


def _escaped(name: str) -> str:
    return name.replace("%", "\\%")


_SUBSTANCE_PART = re.compile(
    r"(?P<arrow><=>|<->|->|<-)(?:\[(?P<over>[^\[\]]*)\])?"
    r"|(?P<above>\^\{[^{}]*\}|\^[0-9]*[+-]?)|(?P<below>_\{[^{}]*\}|_[0-9A-Za-z])"
    r"|(?P<state>\((?:aq|s|l|g)\))|(?P<letters>[A-Za-z]+)|(?P<digits>[0-9]+(?:\.[0-9]+)?|n(?=\())"
    r"|(?P<charge>(?<=[A-Za-z0-9)\]])[+-](?=[\s)\]]|$))|(?P<bond>[-=#])|(?P<plus>\+)|(?P<bracket>[()\[\]])"
    r"|(?P<dot>[.*]|\\cdot)|(?P<blank>\s+)"
)
_ARROWS = {"->": "to", "<-": "leftarrow", "<->": "leftrightarrow", "<=>": "rightleftharpoons"}
_BONDS = {"-": "{-}", "=": "{=}", "#": "{\\equiv}"}


def read_substance(reader: Reader, _name: str) -> Row:
    r"""Read what stands in ``\ce``: formulas of substances, and reactions."""
    said = reader.raw_group()
    out = ""
    position = 0
    is_counted = False  # behind what a number counts
    while position < len(said):
        found = _SUBSTANCE_PART.match(said, position)
        if not found:
            raise NotMathematics(f"{said[position : position + 20]} is no part of a substance")
        position = found.end()
        kind, value = str(found.lastgroup), found[0]
        if kind == "over":
            kind, value = "arrow", found["arrow"]
        out += _substance_part(kind, value, found["over"], is_counted=is_counted)
        is_counted = (kind in ("letters", "digits") and (kind == "letters" or is_counted)) or value in (
            ")",
            "]",
        )
    return reader.read_apart(out)


def _substance_part(kind: str, value: str, over: str | None, *, is_counted: bool) -> str:
    if kind == "arrow":
        arrow = f"\\{_ARROWS[value]} "
        return f"\\overset{{\\text{{{over}}}}}{{{arrow}}}" if over else arrow
    if kind == "digits":
        return f"_{{{value}}}" if is_counted else f"{value}\\,"
    if kind in ("above", "below"):
        return value if value[1:2] == "{" else f"{value[0]}{{{value[1:]}}}"
    return _PATTERNS.get(kind, "{}").format(_BONDS.get(value, value) if kind == "bond" else value)


_PATTERNS = {
    "letters": "\\mathrm{{{}}}",
    "state": "\\mathrm{{{}}}",
    "charge": "^{{{}}}",
    "dot": "\\cdot ",
    "blank": "",
}
"""How parts of a substance are written, by what they are; the others stand as they are."""
