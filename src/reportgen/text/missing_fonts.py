"""Which font to install for a character that none here has; a table, no look-up."""

from __future__ import annotations

import re
import unicodedata

from reportgen.text.faces import OTHER_NAMES, installed_faces, script_paths
from reportgen.text.scripts import SCRIPTS, Script, script_of

FALLBACKS = ("FreeSerif.otf", "Amiri-Regular.ttf", "wqy-microhei.ttc", "Symbola_hint.ttf")
"""The font files that a set-up installs, by the names that `base.packages` knows them by."""
NOTO = "scripts"
"""The name under which `base.packages` knows the faces of all scripts in the table."""
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


def face_for_missing(character: str) -> str:
    """Name the font that prints a character; '' where none is known, or it is installed and lacks the character."""
    if unicodedata.category(character) in {"Co", "Cn"}:
        return ""
    if script := script_of(character):
        return "" if has_faces(script) else NOTO
    file = next((file for characters, file in _OTHERS if characters.match(character)), "")
    return "" if not file or has_face(file) else file


def has_face(file: str) -> bool:
    """Tell whether a font is installed, by its file's name or by one that it has elsewhere."""
    return any(name in installed_faces() for name in (file, *OTHER_NAMES.get(file, ())))


def has_faces(script: Script) -> bool:
    """Tell whether the faces of a script are installed."""
    return f"Noto{script.styles[0]}{script.name}-Regular.ttf" in script_paths()


def scripts_without_faces() -> list[str]:
    """Name the scripts whose faces are missing."""
    return [script.shown for script in SCRIPTS if not has_faces(script)]
