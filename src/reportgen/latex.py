"""What is safe TeX: the marker type, escaping by context, and text that may hold mathematics."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from reportgen.formula import Formula, split_formulas
from reportgen.structure import tag

# Joins and separators that have no ink of their own; dropping them from the page loses no character a
# reader can see. Variation selectors choose between faces of one character.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_JOINERS = "\u200c\u200d"
_WITHOUT_INK = {"Cc", "Cf", "Cn", "Co", "Cs"}
# The format characters that are drawn: signs that stand over or under the digits that follow.
_NUMBER_SIGN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_SPACES = {
    "\t": " ",
    "\u00a0": "~",
    "\u2000": "\\enspace{}",
    "\u2001": "\\quad{}",
    "\u2002": "\\enspace{}",
    "\u2003": "\\quad{}",
    "\u2004": "\\ ",
    "\u2005": "\\ ",
    "\u2006": "\\,",
    "\u2007": "~",
    "\u2008": "\\,",
    "\u2009": "\\,",
    "\u200a": "\\,",
    "\u202f": "\\,",
    "\u205f": "\\,",
    "\u3000": "\\quad{}",
}
_SPECIAL = {
    "\\": "\\textbackslash{}",
    "{": "\\{",
    "}": "\\}",
    "$": "\\$",
    "&": "\\&",
    "#": "\\#",
    "%": "\\%",
    "_": "\\_",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    '"': "\\textquotedbl{}",
    "'": "\\textquotesingle{}",
    "`": "\\textasciigrave{}",
    # Pairs of these are ligatures in TeX's fonts: a dash, guillemets, low quotes.
    "-": "-{}",
    "<": "<{}",
    ">": ">{}",
    ",": ",{}",
}
PRINTED_AS_TEX = frozenset([*_SPACES, "\u00ad", "\u200b", *_JOINERS])
"""Characters that become TeX commands or nothing, so need no glyph."""
_LONG_RUN = 24
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Characters of the scripts that are written from right to left."""
_DIRECTIONS = {"L": 0, "R": 1, "AL": 2}


class Latex(str):
    """Text that already is LaTeX; the only strings a template prints as they are."""

    __slots__ = ()

    def __add__(self, other: str) -> Latex | str:
        """Keep the marker only when both sides carry it: a lost mark is escaped again, which is safe."""
        joined = str.__add__(self, other)
        return Latex(joined) if isinstance(other, Latex) else joined


def normalise(text: str) -> str:
    """Give the text as it is printed: NFC, one space for line breaks and tabs, no invisible controls.

    Controls, bidirectional overrides, tags and what has no meaning become visible as ``<U+202E>``.
    """
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[\t\n\r\u2028\u2029\x0b\x0c\x85]+", " ", text)
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if _INVISIBLE.match(character):
        return character if character in _JOINERS + "\u00ad\u200b" else ""
    if unicodedata.category(character) in _WITHOUT_INK and not _NUMBER_SIGN.match(character):
        return f"<U+{ord(character):04X}>"
    return character


def escape(text: str) -> Latex:
    """Escape plain text for a TeX paragraph; every character prints as itself."""
    text = normalise(text)
    out = []
    for index, character in enumerate(text):
        following = text[index + 1 : index + 2]
        if character == "'" and _between_letters(text, index):
            out.append("\u2019")
        elif character in "-<>,":
            out.append(_SPECIAL[character] if following == character else character)
        elif character in _SPECIAL:
            out.append(_SPECIAL[character])
        elif character in _SPACES:
            out.append(_SPACES[character])
        elif character == "\u00ad":
            out.append("\\-")
        elif character == "\u200b":
            out.append("\\allowbreak{}")
        elif character in _JOINERS:
            out.append(character if _joins_script(text, index) else "")
        else:
            out.append(character)
    return Latex("".join(out))


def _between_letters(text: str, index: int) -> bool:
    return 0 < index < len(text) - 1 and text[index - 1].isalpha() and text[index + 1].isalpha()


def _joins_script(text: str, index: int) -> bool:
    # Between Arabic or Indic letters a joiner chooses the letters' forms; elsewhere it has no ink.
    return index > 0 and "\u0600" <= text[index - 1] <= "\u0dff"


def escape_breakable(text: str) -> Latex:
    """Escape plain text and let runs without a space break, without a hyphen that is not there."""
    parts = re.split(r"(\s+)", text)
    return Latex("".join(_breakable_word(part) for part in parts))


def _breakable_word(word: str) -> str:
    if len(word) < _LONG_RUN or word.isspace():
        return escape(word)
    pieces = re.split(r"(?<=[/_.@:=+?&|,;\\-])(?=[^\s])|(?<=[a-z])(?=[A-Z])", word)
    out = []
    for piece in pieces:
        chunks = [piece[i : i + 12] for i in range(0, len(piece), 12)] if len(piece) > _LONG_RUN else [piece]
        out.append("\\BreakHere{}".join(escape(chunk) for chunk in chunks))
    return "\\BreakHere{}".join(out)


def text(value: str) -> Latex:
    """Set text that may hold ``$mathematics$``; a dollar that opens no formula prints as a dollar."""
    out = []
    for part in split_formulas(value):
        if isinstance(part, Formula):
            out.append(tag("Formula", f"${part.tex}$", alt=part.source))
        else:
            out.append(escape_breakable(part))
    return isolate("".join(out), value)


def isolate(tex: str, plain: str) -> Latex:
    """Keep text that holds right-to-left letters apart from what stands beside it.

    Its direction is that of the first letter of ``plain`` (Unicode Standard Annex 9, first strong isolate).
    """
    if not RIGHT_TO_LEFT.search(plain):
        return Latex(tex)
    directions = map(unicodedata.bidirectional, plain)
    first = next((_DIRECTIONS[each] for each in directions if each in _DIRECTIONS), 0)
    return Latex(f"\\Isolated{{{first}}}{{{tex}}}")


def to_latex(value: Any) -> str:
    """Turn any value a template prints into safe LaTeX: what is not `Latex` is text and is escaped."""
    if isinstance(value, Latex):
        return value
    if value is None:
        return ""
    return text(str(value))


def join(parts: list[Latex] | list[str], separator: str = "") -> Latex:
    """Join fragments; plain strings among them are escaped."""
    return Latex(separator.join(to_latex(part) for part in parts))
