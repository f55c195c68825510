"""The fonts of this machine: which characters they have, and which face prints a text."""

from __future__ import annotations

import hashlib
import json
import os
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.cache import find, keep
from reportgen.base.characters import VARIATIONS, WITHOUT_GLYPH, normalise
from reportgen.base.programs import find_tex_files
from reportgen.text.font_folders import font_folders
from reportgen.text.mathematics import split_formulas
from reportgen.text.scripts import INSIDE, SCRIPTS, SHAPED, Script, script_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
    "FreeSerif.ttf",
    "Amiri-Regular.ttf",
    "wqy-microhei.ttc",
    "NotoSerifCJK-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "Symbola_hint.ttf",
    "Symbola.ttf",
    "Symbola.otf",
    "DejaVuSans.ttf",
    "FreeSans.otf",
    "FreeMono.otf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansMath-Regular.ttf",
    "unifont.otf",
    "unifont_upper.otf",
)
OTHER_NAMES = {"FreeSerif.otf": ("FreeSerif.ttf",), "Symbola_hint.ttf": ("Symbola.ttf", "Symbola.otf")}
"""The names that fonts have on other systems than Debian."""
_ELSEWHERE = frozenset(name for names in OTHER_NAMES.values() for name in names)
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


# A word of a shaped script is one cluster, since its letters are drawn by what stands beside them. Elsewhere a base
# letter and its combining marks are one: one face draws both, or the mark floats.
CLUSTER = re.compile(
    f"[{SHAPED}][{SHAPED}{INSIDE}]*|"
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
        """Return the name TeX knows the font by: letters only."""
        name = self.file if self.file in _ELSEWHERE else self.file.rsplit(".", 1)[0]
        return "rg" + re.sub(r"[^a-z]", "", name.lower())

    @property
    def script(self) -> str:
        """Return the OpenType script to shape with, or '' where TeX needs none."""
        return _SHAPED.get(self.file, "")

    @property
    def files(self) -> tuple[Face, ...]:
        """List the font files to be found by TeX: this one."""
        return (self,)


@dataclass(frozen=True, slots=True)
class ScriptFaces:
    """The faces that HarfBuzz shapes a script with: each for running text or among sans (``sf``), and its series."""

    script: Script
    styles: tuple[tuple[str, str, Face], ...]

    def has(self, character: str) -> bool:
        """Tell whether all of its faces have a glyph for the character."""
        return all(face.has(character) for face in self.files)

    @property
    def files(self) -> tuple[Face, ...]:
        """List the font files to be found by TeX."""
        return tuple(face for _, _, face in self.styles)

    @property
    def family(self) -> str:
        """Return the name TeX knows the faces by: letters only."""
        return f"rgscript{self.script.name.lower()}"


_SELECTORS = re.compile(f"[{VARIATIONS}\U000e0020-\U000e007f]")


def unprintable(text: str, *, engine: str = "auto", own: tuple[Face, ...] = ()) -> tuple[str, ...]:
    """Return the characters of a text that no available font prints, in code point order.

    Of formulas those are looked for that are set as words.
    """
    parts = (part if isinstance(part, str) else part.in_text_faces for part in split_formulas(text))
    plain = normalise("\n".join(parts))
    if engine == "pdftex":
        plain = LONE_GREEK.sub("", plain)
    needed = {character for character in plain if ord(character) > 0x7E} - PDFTEX_CHARACTERS - WITHOUT_GLYPH
    needed = {character for character in needed if not _SELECTORS.match(character)}
    return tuple(
        sorted(c for c in needed if engine == "pdftex" or any(face is None for _, face in faces_of(c, own)))
    )


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
    if found := next((face for face in candidates if all(map(face.has, cluster))), None):
        return found
    script = script_of(cluster[0])
    rare = script_faces(script.name) if script and not script.tag else None
    return rare.files[0] if rare and all(map(rare.files[0].has, cluster)) else None


def _script_faces(cluster: str) -> list[str]:
    return [file for pattern, file in _SCRIPT_FACES if pattern.match(cluster)]


@lru_cache(maxsize=4096)
def faces_of(cluster: str, own: tuple[Face, ...] = ()) -> tuple[tuple[str, Face | ScriptFaces | None], ...]:
    """Find the face of a cluster; where no face has all of it, each of its characters has its own."""
    if _SHAPED_WORD.match(cluster):
        return tuple(_shaped_parts(cluster, own))
    if face := face_for(cluster, own):
        return ((cluster, face),)
    return tuple((character, face_for(character, own)) for character in cluster if ord(character) > 0x7E)


_SHAPED_WORD = re.compile(f"[{SHAPED}]")
_FOLLOWS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
"""What HarfBuzz reads and draws nothing for, so that a face need not have it."""


def _shaped_parts(word: str, own: tuple[Face, ...]) -> Iterator[tuple[str, Face | ScriptFaces | None]]:
    """Divide a word of shaped scripts where its face changes."""
    start, face, shaping = 0, None, None
    for place, character in enumerate(word):
        script = script_of(character)
        # A sign of several scripts is of the one before it.
        shaping = script_faces(script.name) if script and script.tag else shaping
        found: Face | ScriptFaces | None = face
        if place == 0 or not _FOLLOWS.match(character):
            found = shaping if shaping and shaping.has(character) else face_for(character, own)
        if place and found != face:
            yield word[start:place], face
            start = place
        face = found
    yield word[start:], face


@cache
def script_faces(name: str) -> ScriptFaces | None:
    """Find the faces of a script by its name: Noto's, else, of a shaped one, the fallback with most of its letters."""
    script = next(each for each in SCRIPTS if each.name == name)
    paths = script_paths()
    wanted = [
        ("" if style == script.styles[0] else "sf", series, paths.get(f"Noto{style}{name}-{weight}.ttf"))
        for style in script.styles
        for series, weight in (("m", "Regular"), ("b", "Bold"))
    ]
    styles = [(family, series, path) for family, series, path in wanted if path]
    if not any(series == "m" and not family for family, series, _ in styles):
        others = [face for file, face in installed_faces().items() if file not in TEXT_FACES]
        best = max(others, key=partial(_letters_of, script), default=None)
        found = script.tag and best and _letters_of(script, best)
        return ScriptFaces(script, (("", "m", best),)) if best and found else None
    known = remembered(f"script-{name}", [path for _, _, path in styles], coverage)
    return ScriptFaces(
        script,
        tuple((family, series, Face(path.name, path, tuple(known[path]))) for family, series, path in styles),
    )


def _letters_of(script: Script, face: Face) -> int:
    return sum(face.has(chr(code)) for first, last in script.ranges for code in range(first, last + 1))


@cache
def script_paths() -> dict[str, Path]:
    """Find the files of all scripts' faces on this machine; none is read."""
    weights = ("Regular", "Bold")
    return _font_paths(
        f"Noto{style}{script.name}-{weight}.ttf"
        for script in SCRIPTS
        for style in script.styles
        for weight in weights
    )


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


def _font_paths(files: Iterable[str]) -> dict[str, Path]:
    wanted = tuple(files)
    names_wanted = frozenset(wanted)
    found: dict[str, Path] = {}
    for folder in font_folders():
        for parent, _, names in os.walk(folder, followlinks=True):
            for name in names_wanted.intersection(names):
                found.setdefault(name, Path(parent, name))
    if missing := [file for file in TEXT_FACES if file in wanted and file not in found]:
        found.update((path.name, path) for path in find_tex_files(*missing))
    return {file: found[file] for file in wanted if file in found}
