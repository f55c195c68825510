"""The fonts of this machine: which characters they have, and which face prints a text."""

from __future__ import annotations

import hashlib
import json
import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.cache import find, keep
from reportgen.base.characters import WITHOUT_GLYPH, normalise
from reportgen.base.programs import find_tex_files
from reportgen.text.mathematics import split_formulas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
LONE_GREEK = re.compile("(?<![\u0370-\u03ff])[αβγδεζηθικλμνξπρστυφχψωΓΘΛΞΠΣΦΨΩ](?![\u0370-\u03ff])")


# A base letter and its combining marks are one cluster: one face draws both, or the mark floats.
CLUSTER = re.compile(
    "[A-Za-z0-9][\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+|[^\\x00-\\x7e][\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]*"
)


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


def unprintable(text: str, *, engine: str = "auto", own: tuple[Face, ...] = ()) -> tuple[str, ...]:
    """Return the characters of a text that no available font prints, in code point order.

    Of formulas those are looked for that are set as words.
    """
    parts = (part if isinstance(part, str) else part.in_text_faces for part in split_formulas(text))
    plain = normalise("\n".join(parts))
    if engine == "pdftex":
        plain = LONE_GREEK.sub("", plain)
    needed = {character for character in plain if ord(character) > 0x7E} - PDFTEX_CHARACTERS - WITHOUT_GLYPH
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
def faces_of(cluster: str, own: tuple[Face, ...] = ()) -> tuple[tuple[str, Face | None], ...]:
    """Find the face of a cluster; where no face has all of it, each of its characters has its own."""
    if face := face_for(cluster, own):
        return ((cluster, face),)
    return tuple((character, face_for(character, own)) for character in cluster if ord(character) > 0x7E)


@cache
def installed_faces() -> dict[str, Face]:
    """Find the faces on this machine and what they cover; read once, kept in the user's cache."""
    paths = _font_paths((*TEXT_FACES, *FALLBACK_FACES))
    known = remembered("coverage", paths.values(), coverage)
    return {file: Face(file, path, tuple(known[path])) for file, path in paths.items()}


def remembered(kind: str, paths: Iterable[Path], read: Callable[[Path], Any]) -> dict[Path, Any]:
    """Return what is read of font files, each read once until it changes; of files that are gone nothing is kept."""
    stored = json.loads(find("fonts", kind, ".json") or b"{}")
    stamps = {path: _stamp(path) for path in paths}
    known = {stamp: stored.get(stamp) or read(path) for path, stamp in stamps.items()}
    if known != stored:
        keep("fonts", kind, ".json", json.dumps(known).encode())
    return {path: known[stamp] for path, stamp in stamps.items()}


def _stamp(path: Path) -> str:
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
