"""Engine and faces of a document, and how LaTeX is told of them; decided before TeX starts."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.packages import how_to_install
from reportgen.base.timings import stage
from reportgen.text.direction import RIGHT_TO_LEFT
from reportgen.text.faces import (
    CLUSTER,
    LONE_GREEK,
    PDFTEX_CHARACTERS,
    TEXT_FACES,
    Face,
    ScriptFaces,
    faces_of,
    installed_faces,
)
from reportgen.text.families import own_faces
from reportgen.text.scripts import INSIDE, SHAPED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.text.families import Family


@dataclass(frozen=True, slots=True)
class FontPlan:
    """The fonts of a document: the engine, further faces, unprintable characters, the house's own faces."""

    engine: str
    faces: tuple[Face | ScriptFaces, ...] = ()
    bidirectional: bool = False
    unprintable: tuple[str, ...] = ()
    own: tuple[Face, ...] = ()

    @property
    def files(self) -> tuple[Face, ...]:
        """List all font files that the document is set with, but for the text faces."""
        return tuple(dict.fromkeys((*self.own, *(file for face in self.faces for file in face.files))))


@stage("choose fonts")
def plan_fonts(text: str, *, engine: str = "auto", families: tuple[Family, ...] = ()) -> FontPlan:
    """Choose pdfTeX where it has the families and prints every character, else LuaTeX with the faces needed.

    Raises:
        reportgen.base.errors.SetupError: LuaTeX is needed and its text faces are not installed.

    """
    needed = set(LONE_GREEK.sub("", text)) - PDFTEX_CHARACTERS
    needed = {character for character in needed if unicodedata.category(character) != "Cc"}
    in_tex = all(family.tex for family in families)
    if engine == "pdftex" or (engine == "auto" and in_tex and not needed):
        return FontPlan("pdftex", unprintable=tuple(sorted(needed)))
    _require_text_faces()
    own = own_faces(families)
    chosen: dict[str, Face | ScriptFaces] = {}
    unprintable = []
    for cluster in sorted(set(CLUSTER.findall(text))):
        for character, face in faces_of(cluster, own):
            if face is None:
                unprintable.append(character)
            elif isinstance(face, ScriptFaces) or (face.file not in TEXT_FACES and face not in own):
                chosen[face.family] = face
    bidirectional = bool(RIGHT_TO_LEFT.search(text))
    return FontPlan("luatex", tuple(chosen.values()), bidirectional, tuple(unprintable), own)


def _require_text_faces() -> None:
    if missing := [file for file in TEXT_FACES if file not in installed_faces()]:
        message = f"the fonts {', '.join(missing)} are not installed, and LuaTeX sets text with them"
        hint = f"install them: {how_to_install('text-fonts')}; `reportgen doctor` checks everything"
        raise SetupError([Problem("font-missing", Level.ERROR, Where(), message, hint)])


def declare_faces(plan: FontPlan) -> str:
    """Return the preamble lines that depend on the record's characters, so cannot be part of a format."""
    lines = []
    if plan.bidirectional:
        lines.append(r"\UseDirections")
    for face in plan.faces:
        if isinstance(face, ScriptFaces):
            lines += _declared_script(face)
            continue
        shaping = f"mode=harf;script={face.script}" if face.script else "mode=node"
        lines.append(rf"\DeclareRunFace{{{face.family}}}{{{_font_name(face)}}}{{{shaping}}}")
    return "".join(f"{line}\n" for line in lines)


def _declared_script(faces: ScriptFaces) -> Iterator[str]:
    for family, series, face in faces.styles:
        command = r"\DeclareRunFace" if series == "m" else r"\DeclareBoldRunFace"
        yield f"{command}{{{faces.family}{family}}}{{{_font_name(face)}}}{{mode=harf;script={faces.script.tag}}}"
    if any(family == "sf" for family, _, _ in faces.styles):
        yield rf"\DeclareSansRun{{{faces.family}}}"


def _font_name(face: Face) -> str:
    collection = "(0)" if face.file.endswith(".ttc") else ""
    return f"[{face.file}]{collection}"


def mark_font_runs(tex: str, plan: FontPlan) -> str:
    r"""Wrap every run of characters that the text face lacks in ``\FontRun{family}{...}``."""
    # LuaTeX takes U+FFFD in its input for a byte that is not UTF-8, and stops.
    return _font_runs(tex, plan).replace("\ufffd", '\\char"FFFD{}')


def _font_runs(tex: str, plan: FontPlan) -> str:
    families = {face.family for face in plan.faces}
    if not (families or plan.unprintable):
        return tex
    words = {face.family for face in plan.faces if isinstance(face, ScriptFaces) and _in_words(face)}
    out = []
    written = 0
    for start, end, family in _runs(tex, families, plan):
        run = tex[start:end]
        if family in words:
            run = _WORD.sub(r"\\ScriptWord{\g<0>}", run)
        out += [tex[written:start], f"\\FontRun{{{family}}}{{{run}}}"]
        written = end
    return "".join([*out, tex[written:]])


def _in_words(faces: ScriptFaces) -> bool:
    """Tell whether the text layer holds a script word by word.

    Letters from right to left are put in order one by one, and Chrome reads no others from words.
    """
    first = chr(faces.script.ranges[0][0])
    return first <= "\uffff" and not RIGHT_TO_LEFT.match(first)


_FRAMED = "framed"
_WORD = re.compile(f"[{SHAPED}{INSIDE}]+")
_BLANKS = frozenset(["", " "])
_BREAKS = _BLANKS | {r"\WordBreak{}", r"\BreakHere{}", r"\allowbreak{}"}


def _runs(tex: str, families: set[str], plan: FontPlan) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and family of each run; a space inside it belongs to it, so that words stay together."""
    start, end, family, between = 0, 0, "", _BLANKS
    for cluster in CLUSTER.finditer(tex):
        position = cluster.start()
        for text, face in faces_of(cluster[0], plan.own):
            if face is None and text in plan.unprintable:
                found = _FRAMED
            else:
                found = face.family if face and face.family in families else ""
            if found != family or found == _FRAMED or tex[end:position] not in between:
                if family:
                    yield start, end, family
                start, family = position, found
                between = _BREAKS if isinstance(face, ScriptFaces) else _BLANKS
            position += len(text)
            end = position
    if family:
        yield start, end, family
