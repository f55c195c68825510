r"""Commands that stand in a .bib file without being LaTeX's: those its ``@preamble`` defines, and ADS's journals."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_EXPANSIONS = 100
_LONGEST = 100_000
_NEW = re.compile(
    r"\\(?:re)?(?:new|provide)command\*?\s*+(?:\{\s*+)?\\([A-Za-z@]+)\s*+(?:\}\s*+)?(?:\[(\d)\]\s*+)?(?=\{)"
)
_DEF = re.compile(r"\\(?:gdef|def|edef|xdef)\s*+\\([A-Za-z@]+)\s*+((?:#\d)*)\s*+(?=\{)")
_MOST_COMMANDS = 1000
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_USED = re.compile(r"\\([A-Za-z@]+)\s*")


class Command(NamedTuple):
    """A command: the number of its arguments, and its text, in which ``#1`` is the first."""

    arguments: int
    body: str


USUAL: Mapping[str, Command] = {"noopsort": Command(1, "")}
"""Defined in a preamble everywhere, and used where that was lost."""

# The fixed list of the Astrophysics Data System, as aastex and the journals' classes define it.
JOURNALS = {
    "aj": "Astronomical Journal", "actaa": "Acta Astronomica",
    "araa": "Annual Review of Astronomy and Astrophysics", "apj": "Astrophysical Journal",
    "apjl": "Astrophysical Journal, Letters", "apjlett": "Astrophysical Journal, Letters",
    "apjs": "Astrophysical Journal, Supplement", "apjsupp": "Astrophysical Journal, Supplement",
    "ao": "Applied Optics", "applopt": "Applied Optics", "apss": "Astrophysics and Space Science",
    "aap": "Astronomy and Astrophysics", "astap": "Astronomy and Astrophysics",
    "aapr": "Astronomy and Astrophysics Reviews", "aaps": "Astronomy and Astrophysics, Supplement",
    "azh": "Astronomicheskii Zhurnal", "baas": "Bulletin of the American Astronomical Society",
    "bac": "Bulletin of the Astronomical Institutes of Czechoslovakia",
    "caa": "Chinese Astronomy and Astrophysics", "cjaa": "Chinese Journal of Astronomy and Astrophysics",
    "icarus": "Icarus", "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jrasc": "Journal of the Royal Astronomical Society of Canada",
    "mnras": "Monthly Notices of the Royal Astronomical Society",
    "memras": "Memoirs of the Royal Astronomical Society", "na": "New Astronomy", "nar": "New Astronomy Review",
    "pasa": "Publications of the Astronomical Society of Australia", "pra": "Physical Review A",
    "prb": "Physical Review B", "prc": "Physical Review C", "prd": "Physical Review D", "pre": "Physical Review E",
    "prl": "Physical Review Letters", "pasp": "Publications of the Astronomical Society of the Pacific",
    "pasj": "Publications of the Astronomical Society of Japan", "psj": "Planetary Science Journal",
    "rmxaa": "Revista Mexicana de Astronomía y Astrofísica",
    "qjras": "Quarterly Journal of the Royal Astronomical Society", "skytel": "Sky and Telescope",
    "solphys": "Solar Physics", "sovast": "Soviet Astronomy", "ssr": "Space Science Reviews",
    "zap": "Zeitschrift für Astrophysik", "nat": "Nature", "iaucirc": "IAU Circulars",
    "aplett": "Astrophysics Letters", "apspr": "Astrophysics Space Physics Research",
    "bain": "Bulletin Astronomical Institute of the Netherlands", "fcp": "Fundamental Cosmic Physics",
    "gca": "Geochimica et Cosmochimica Acta", "grl": "Geophysical Research Letters",
    "jcp": "Journal of Chemical Physics", "jgr": "Journal of Geophysical Research",
    "jqsrt": "Journal of Quantitative Spectroscopy and Radiative Transfer",
    "memsai": "Memorie della Società Astronomica Italiana", "nphysa": "Nuclear Physics A",
    "physrep": "Physics Reports", "physscr": "Physica Scripta", "planss": "Planetary and Space Science",
    "procspie": "Proceedings of the SPIE", "maps": "Meteoritics and Planetary Science",
    "aas": "American Astronomical Society Meeting Abstracts",
    "dps": "AAS/Division for Planetary Sciences Meeting Abstracts",
}  # fmt: skip
_JOURNAL = re.compile(r"\s*\{?\s*\\([a-z]+)\s*(?:\{\})?\s*\}?\s*")


def journal_of(text: str) -> str:
    """Return the journal that one of ADS's macros stands for; any other text as it is."""
    if "\\" in text and (found := _JOURNAL.fullmatch(text)):
        return JOURNALS.get(found[1], text)
    return text


def commands_of(preamble: str) -> dict[str, Command]:
    r"""Read the ``\newcommand``s and ``\def``s of a preamble."""
    found: dict[str, Command] = {}
    preamble = preamble[:_LONGEST]
    for pattern in (_NEW, _DEF):
        for match in islice(pattern.finditer(preamble), _MOST_COMMANDS):
            if (body := _group(preamble, match.end())) is not None:
                count = int(match[2] or 0) if pattern is _NEW else len(match[2]) // 2
                found.setdefault(match[1], Command(count, body))
    return found


def expanded(text: str, commands: Mapping[str, Command]) -> str:
    """Put what commands stand for in their place, within bounds."""
    position = 0
    for _ in range(_MOST_EXPANSIONS):
        match = next((each for each in _USED.finditer(text, position) if each[1] in commands), None)
        if match is None or len(text) > _LONGEST:
            break
        command = commands[match[1]]
        arguments, end = _arguments(text, match.end(), command.arguments)
        body = command.body
        for number, argument in enumerate(arguments, 1):
            body = body.replace(f"#{number}", argument)
        text = text[: match.start()] + body + text[end:]
        position = match.start() + (len(body) if match[1] in body else 0)
    return text


def _arguments(text: str, start: int, count: int) -> tuple[list[str], int]:
    """Read a command's arguments, each a group or one character, and give where they end."""
    arguments: list[str] = []
    while len(arguments) < count:
        while arguments and text[start : start + 1].isspace():
            start += 1
        group = _group(text, start)
        arguments.append(text[start : start + 1] if group is None else group)
        start += 1 if group is None else len(group) + 2
    return arguments, start


def _group(text: str, start: int) -> str | None:
    """Return what stands between the braces that open at ``start``; None where none open, or they do not close."""
    if text[start : start + 1] != "{":
        return None
    depth = 0
    for found in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return text[start + 1 : found.start()]
    return None
