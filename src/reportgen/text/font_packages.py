"""A table of the packages that hold fonts for characters that no font here has."""

from __future__ import annotations

import re
import unicodedata

from reportgen.text.faces import installed_faces, script_paths
from reportgen.text.scripts import PACKAGE, SCRIPTS, Script, script_of

FACE_PACKAGES = {
    "FreeSerif.otf": "fonts-freefont-otf",
    "Amiri-Regular.ttf": "fonts-hosny-amiri",
    "wqy-microhei.ttc": "fonts-wqy-microhei",
    "Symbola_hint.ttf": "fonts-symbola",
}
"""The font files that a set-up installs, with the package that brings each."""
_MORE_PACKAGES = {"NotoSerifCJK-Regular.ttc": "fonts-noto-cjk"}
_OTHERS = (
    (re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"), "Amiri-Regular.ttf"),
    (re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"), "wqy-microhei.ttc"),
    (re.compile("[\U00020000-\U0003ffff]"), "NotoSerifCJK-Regular.ttc"),
    (
        re.compile("[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001d000-\U0001d35f\U0001f000-\U0001faff]"),
        "Symbola_hint.ttf",
    ),
    (re.compile("[\u0000-\U0001ffff]"), "FreeSerif.otf"),
)
"""Characters of no script with faces of its own, and the font file that has most of them."""


def package_for(character: str) -> str:
    """Name the package whose font prints a character; '' where none is known, or it is installed and lacks it."""
    if unicodedata.category(character) in {"Co", "Cn"}:
        return ""
    if script := script_of(character):
        return "" if has_faces(script) else PACKAGE
    for characters, file in _OTHERS:
        if characters.match(character):
            return "" if file in installed_faces() else (FACE_PACKAGES | _MORE_PACKAGES)[file]
    return ""


def has_faces(script: Script) -> bool:
    """Tell whether the package with a script's faces is installed."""
    return f"Noto{script.styles[0]}{script.name}-Regular.ttf" in script_paths()


def scripts_without_faces() -> list[str]:
    """Name the scripts for which the package is missing."""
    return [script.shown for script in SCRIPTS if not has_faces(script)]
