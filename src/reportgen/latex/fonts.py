"""Which engine and which fonts a text needs, decided by code point before TeX starts."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.cache import find, keep
from reportgen.base.characters import normalise
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.programs import find_tex_files
from reportgen.base.timings import stage
from reportgen.latex.escaping import PRINTED_AS_TEX
from reportgen.text.formula import split_formulas
from reportgen.text.inline import RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.latex.families import Family

TEXT_FACES = (
    "texgyrepagella-regular.otf",
    "texgyrepagella-bold.otf",
    "texgyrepagella-italic.otf",
    "texgyreheros-regular.otf",
    "texgyreheros-bold.otf",
    "texgyrecursor-regular.otf",
)

# The order is the order of preference; the first face that has a character prints it.
FALLBACK_FACES = (
    "FreeSerif.otf",
    "Amiri-Regular.ttf",
    "wqy-microhei.ttc",
    "NotoSerifCJK-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "Symbola_hint.ttf",
    "DejaVuSans.ttf",
    "FreeSans.otf",
    "FreeMono.otf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansMath-Regular.ttf",
    "unifont.otf",
    "unifont_upper.otf",
)
# FreeSerif draws some Arabic letters without their joining forms; a face made for the script goes first.
_SCRIPT_FACES = (
    (re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"), "Amiri-Regular.ttf"),
)
_SHAPED = {"Amiri-Regular.ttf": "arab"}


# What pdfTeX's T1 and TS1 fonts print, and the signs the preamble declares; proven by typesetting each.
# Its raised figures and its Δ are not here: their text layer holds plain figures (10² would be read as 102) and ∆.
PDFTEX_CHARACTERS = frozenset(
    [chr(code) for code in range(0x20, 0x7F)]
    + ["\n"]
    + [chr(code) for code in range(0xA1, 0x100) if code not in {0xAD, 0xB2, 0xB3, 0xB9}]
    + list("ĂăĄąĆćČčĎďđĘęĚěĞğİıĲĳĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž")
    + list("–—‘’‚“”„†‡•…‰‹›€™")
    + list("−≤≥≈→←∞∈∑×·")
)
_LONE_GREEK = re.compile("(?<![\u0370-\u03ff])[αβγδεζηθικλμνξπρστυφχψωΓΘΛΞΠΣΦΨΩ](?![\u0370-\u03ff])")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file; ``ranges`` are the starts and ends (exclusive) of the code points it has."""

    file: str
    path: Path
    ranges: tuple[int, ...]

    def has(self, character: str) -> bool:
        """Tell whether the font has a glyph for the character."""
        return bisect_right(self.ranges, ord(character)) % 2 == 1

    @property
    def sha256(self) -> str:
        """Hash the font file: another version of a font draws another page."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def family(self) -> str:
        """Give the name TeX knows the font by: letters only."""
        return "rg" + re.sub(r"[^a-z]", "", self.file.rsplit(".", 1)[0].lower())

    @property
    def script(self) -> str:
        """Give the OpenType script to shape with, or '' where TeX needs none."""
        return _SHAPED.get(self.file, "")


@dataclass(frozen=True, slots=True)
class FontPlan:
    """How a document will be set: the engine, the further faces, what nothing can print, the house's own faces."""

    engine: str
    faces: tuple[Face, ...] = ()
    bidirectional: bool = False
    unprintable: tuple[str, ...] = ()
    own: tuple[Face, ...] = ()


@stage("choose fonts")
def plan_fonts(text: str, *, engine: str = "auto", families: tuple[Family, ...] = ()) -> FontPlan:
    """Choose pdfTeX where it has the families and prints every character, else LuaTeX with the faces needed.

    Raises:
        reportgen.base.errors.SetupError: LuaTeX is needed and its text faces are not installed.

    """
    needed = set(_LONE_GREEK.sub("", text)) - PDFTEX_CHARACTERS
    needed = {character for character in needed if unicodedata.category(character) != "Cc"}
    in_tex = all(family.tex for family in families)
    if engine == "pdftex" or (engine == "auto" and in_tex and not needed):
        return FontPlan("pdftex", unprintable=tuple(sorted(needed)))
    _require_text_faces()
    own = own_faces(families)
    chosen: dict[str, Face] = {}
    unprintable = []
    for cluster in sorted(set(_CLUSTER.findall(text))):
        for character, face in _faces(cluster, own):
            if face is None:
                unprintable.append(character)
            elif face.file not in TEXT_FACES and face not in own:
                chosen[face.file] = face
    bidirectional = bool(RIGHT_TO_LEFT.search(text))
    return FontPlan("luatex", tuple(chosen.values()), bidirectional, tuple(unprintable), own)


def _require_text_faces() -> None:
    if missing := [file for file in TEXT_FACES if file not in installed_faces()]:
        message = f"the fonts {', '.join(missing)} are not installed, and LuaTeX sets text with them"
        hint = "install them, on Debian with: apt-get install fonts-texgyre; `reportgen doctor` checks everything"
        raise SetupError([Problem("font-missing", Level.ERROR, Where(), message, hint)])


def own_faces(families: tuple[Family, ...]) -> tuple[Face, ...]:
    """List the faces of families."""
    return tuple(dict.fromkeys(face for family in families for _, _, face in family.shapes))


def unprintable(text: str, *, engine: str = "auto", own: tuple[Face, ...] = ()) -> tuple[str, ...]:
    """Return the characters of a text that no available font prints, in code point order.

    Those of formulas are not looked for: they are set as mathematics.
    """
    plain = normalise("\n".join(part for part in split_formulas(text) if isinstance(part, str)))
    if engine == "pdftex":
        plain = _LONE_GREEK.sub("", plain)
    needed = {character for character in plain if ord(character) > 0x7E} - PDFTEX_CHARACTERS - PRINTED_AS_TEX
    return tuple(sorted(c for c in needed if engine == "pdftex" or face_for(c, own) is None))


@cache
def face_for(cluster: str, own: tuple[Face, ...] = ()) -> Face | None:
    """Find the face that prints every character of a cluster under LuaTeX: a text face, then the fallbacks.

    ``own`` are the faces of the house's families; each text face has what none of its text may lack.
    """
    faces = installed_faces()
    candidates = [faces[file] for file in (*_script_faces(cluster), *FALLBACK_FACES) if file in faces]
    text_faces = [*own, *(faces[file] for file in TEXT_FACES if file in faces)]
    if text_faces and all(face.has(character) for face in text_faces for character in cluster):
        return text_faces[0]
    return next((face for face in candidates if all(map(face.has, cluster))), None)


def _script_faces(cluster: str) -> list[str]:
    return [file for pattern, file in _SCRIPT_FACES if pattern.match(cluster)]


@cache
def _faces(cluster: str, own: tuple[Face, ...] = ()) -> tuple[tuple[str, Face | None], ...]:
    """Find the face of a cluster; where no face has all of it, each of its characters has its own."""
    if face := face_for(cluster, own):
        return ((cluster, face),)
    return tuple((character, face_for(character, own)) for character in cluster if ord(character) > 0x7E)


def declare_faces(plan: FontPlan) -> str:
    """Give the preamble lines that depend on the record's characters, so cannot be part of a format."""
    lines = []
    if plan.bidirectional:
        # babel's Lua side does not survive dumping.
        lines.append(r"\usepackage[bidi=basic,english]{babel}")
        lines.append(r"\makeatletter\def\Isolated#1#2{\leavevmode{\bbl@textdir{#1}\relax#2}}\makeatother")
    for face in plan.faces:
        shaping = f"mode=harf;script={face.script}" if face.script else "mode=node"
        lines.append(rf"\DeclareRunFace{{{face.family}}}{{{_font_name(face)}}}{{{shaping}}}")
    return "".join(f"{line}\n" for line in lines)


def _font_name(face: Face) -> str:
    collection = "(0)" if face.file.endswith(".ttc") else ""
    return f"[{face.file}]{collection}"


# A base letter and its combining marks are one cluster: one face draws both, or the mark floats.
_CLUSTER = re.compile(
    "[A-Za-z0-9][\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+|[^\\x00-\\x7e][\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]*"
)


def mark_font_runs(tex: str, plan: FontPlan) -> str:
    r"""Wrap every run of characters that the text face lacks in ``\FontRun{family}{...}``."""
    # LuaTeX takes U+FFFD in its input for a byte that is not UTF-8, and stops.
    return _font_runs(tex, plan).replace("\ufffd", '\\char"FFFD{}')


def _font_runs(tex: str, plan: FontPlan) -> str:
    families = {face.file: face.family for face in plan.faces}
    if not families:
        return tex
    out = []
    written = 0
    for start, end, family in _runs(tex, families, plan.own):
        out += [tex[written:start], f"\\FontRun{{{family}}}{{{tex[start:end]}}}"]
        written = end
    return "".join([*out, tex[written:]])


def _runs(tex: str, families: dict[str, str], own: tuple[Face, ...]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and family of each run; a space inside it belongs to it, so that words stay together."""
    start, end, family = 0, 0, ""
    for cluster in _CLUSTER.finditer(tex):
        position = cluster.start()
        for text, face in _faces(cluster[0], own):
            found = families.get(face.file, "") if face else ""
            if found != family or tex[end:position] not in ("", " "):
                if family:
                    yield start, end, family
                start, family = position, found
            position += len(text)
            end = position
    if family:
        yield start, end, family


@cache
def installed_faces() -> dict[str, Face]:
    """Find the faces on this machine and what they cover; read once, kept in the user's cache."""
    paths = _font_paths((*TEXT_FACES, *FALLBACK_FACES))
    stored = json.loads(find("fonts", "coverage", ".json") or b"{}")
    current = {stamp(path): path for path in paths.values()}
    known = {stamp: stored.get(stamp) or list(coverage(path)) for stamp, path in current.items()}
    if known != stored:
        keep("fonts", "coverage", ".json", json.dumps(known).encode())
    return {file: Face(file, path, tuple(known[stamp(path)])) for file, path in paths.items()}


def stamp(path: Path) -> str:
    """Tell a font file from what it was."""
    status = path.stat()
    return f"{path}:{status.st_mtime_ns}:{status.st_size}"


def coverage(path: Path) -> tuple[int, ...]:
    """Return the starts and ends (exclusive) of the code points that a font file has."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        codes = sorted(font.getBestCmap() or {})
    ranges: list[int] = []
    for code in codes:
        if ranges and ranges[-1] == code:
            ranges[-1] = code + 1
        else:
            ranges += [code, code + 1]
    return tuple(ranges)


def font_folders() -> list[Path]:
    """Give the folders searched for fonts, the user's own before the system's."""
    home = Path.home()
    folders = [
        *(Path(part) for part in os.environ.get("OSFONTDIR", "").split(os.pathsep) if part),
        home / ".fonts",
        home / ".local/share/fonts",
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
        Path("/usr/share/texmf/fonts/opentype"),
        Path("/usr/share/texlive/texmf-dist/fonts/opentype"),
    ]
    return [folder for folder in folders if folder.is_dir()]


def _font_paths(files: Iterable[str]) -> dict[str, Path]:
    wanted = set(files)
    found: dict[str, Path] = {}
    for folder in font_folders():
        for parent, _, names in os.walk(folder, followlinks=True):
            for name in wanted.intersection(names):
                found.setdefault(name, Path(parent, name))
    for path in find_tex_files(*(file for file in TEXT_FACES if file not in found)):
        found.setdefault(path.name, path)
    return {file: found[file] for file in files if file in found}
