"""Families of faces that a house may set its reports in: those of TeX's packages, and all that are installed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.settings import FILE_NAME
from reportgen.base.suggestions import suggest
from reportgen.text.faces import Face, coverage, remembered
from reportgen.text.font_folders import font_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.style import Faces

_TEX = {
    "TeX Gyre Pagella": "qpl",
    "TeX Gyre Termes": "qtm",
    "TeX Gyre Bonum": "qbk",
    "TeX Gyre Schola": "qcs",
    "TeX Gyre Heros": "qhv",
    "TeX Gyre Adventor": "qag",
    "TeX Gyre Cursor": "qcr",
}
"""The families of Debian's tex-gyre that pdfTeX sets, by the names of their font definitions."""
_STYLES = ("regular", "bold", "italic", "bold italic")
_MOST_FILES = 20_000
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.(?:otf|ttf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Family:
    """A family for one of the roles ``rm``, ``sf`` and ``tt``.

    Attributes: ``tex`` is the name of its font definitions where pdfTeX has any; ``shapes`` are its OpenType files
    for LuaTeX with TeX's series and shape, the upright one first.

    """

    role: str
    tex: str
    shapes: tuple[tuple[str, str, Face], ...]

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """List the series and shapes that it has no file for."""
        had = {(series, shape) for series, shape, _ in self.shapes}
        return tuple(each for each in (("b", "n"), ("m", "it"), ("b", "it")) if each not in had)


def chosen_families(faces: Faces, engine: str, root: Path) -> tuple[Family, ...]:
    """Find the families that the style of the project in a folder names.

    Raises:
        SetupError: families are not installed, have no Latin letters, or are none that the chosen engine has.

    """
    wishes = (("text", "rm", faces.text), ("sans", "sf", faces.sans), ("mono", "tt", faces.mono))
    found, problems = [], []
    for name, role, wish in wishes:
        if wish:
            try:
                found.append(family_of(role, wish, engine))
            except ValueError as error:
                where = Where(str(root / FILE_NAME), pointer=f"/style/faces/{name}")
                hint = "`reportgen doctor --all` lists the families found here"
                if close := _nearest(wish):
                    hint = f"did you mean `{close}`? {hint}"
                problems.append(Problem("font-missing", Level.ERROR, where, str(error), hint))
    if problems:
        raise SetupError(problems)
    return tuple(found)


def _nearest(wish: str) -> str | None:
    """Return the family here whose name differs from the one asked for by a slip or two."""
    names = {_folded(name): name for name in (*installed_families(), *tex_families())}
    close = suggest(_folded(wish), names)
    return names[close] if close and close != _folded(wish) else None


def own_faces(families: tuple[Family, ...]) -> tuple[Face, ...]:
    """List the faces of families."""
    return tuple(dict.fromkeys(face for family in families for _, _, face in family.shapes))


@cache
def family_of(role: str, wish: str, engine: str = "auto") -> Family:
    """Find a family by the name that people write.

    Raises:
        ValueError: it is not installed, has no Latin letters, or the engine has none such.

    """
    tex = next((code for known, code in _TEX.items() if _folded(known) == _folded(wish)), "")
    installed = {_folded(family): styles for family, styles in installed_families().items()}
    files = installed.get(_folded(wish), {})
    if "regular" not in files:
        raise ValueError(f"the family “{wish}” is not installed")
    if engine == "pdftex" and not tex:
        raise ValueError(f"pdfTeX, which `engine` asks for, has no family “{wish}”")
    faces = {style: Face(path.name, path, coverage(path)) for style, path in files.items()}
    if not all(faces["regular"].has(chr(code)) for code in range(0x21, 0x7F)):
        raise ValueError(f"the family “{wish}” lacks Latin letters")
    shapes = tuple(
        ("b" if "bold" in style else "m", "it" if "italic" in style else "n", faces[style])
        for style in _STYLES
        if style in faces
    )
    return Family(role, tex, shapes)


def _folded(name: str) -> str:
    """Return a name as people write it: ``tgpagella``, the package's, and TeX Gyre Pagella are one."""
    return re.sub(r"[\s_-]+", "", name.casefold()).replace("texgyre", "tg")


def tex_families() -> list[str]:
    """List the families that pdfTeX has."""
    found = set(map(_folded, installed_families()))
    return [name for name in _TEX if _folded(name) in found]


@cache
def installed_families() -> dict[str, dict[str, Path]]:
    """Find all families on this machine, their files by style; read once, kept in the user's cache."""
    families: dict[str, dict[str, Path]] = {}
    for path, (family, style) in remembered("families", islice(_files(), _MOST_FILES), _named).items():
        if family:
            families.setdefault(family, {}).setdefault(style, path)
    return dict(sorted(families.items()))


def _files() -> Iterator[Path]:
    for folder in font_folders():
        for parent, folders, names in os.walk(folder):
            folders.sort()
            yield from (Path(parent, name) for name in sorted(names) if _FILE_NAME.fullmatch(name))


def _named(path: Path) -> tuple[str, str]:
    """Read the family's name and the style of a font file; '' where it is none that can be read."""
    from fontTools.ttLib import TTFont

    try:
        with TTFont(path, lazy=True) as font:
            family: str = font["name"].getDebugName(1) or ""
            marks: int = getattr(font["OS/2"], "fsSelection", 0)
    except Exception:  # noqa: BLE001 - the library raises what it likes over files that are damaged
        return "", ""
    style = " ".join(word for word, bit in (("bold", 5), ("italic", 0)) if marks >> bit & 1)
    return family if family.isprintable() else "", style or "regular"
