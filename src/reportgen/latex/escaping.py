"""What is safe TeX: the marker type, escaping by context, and text that may hold mathematics."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from reportgen.base.characters import NUMBER_SIGN, normal
from reportgen.text.formula import Formula, split_formulas
from reportgen.text.structure import tag

# Joins and separators that have no ink of their own; dropping them from the page loses no character a
# reader can see. Variation selectors choose between faces of one character.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_JOINERS = "\u200c\u200d"
_NOT_PLAIN = re.compile("[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]")
_WITHOUT_INK = {"Cc", "Cf", "Cn", "Co", "Cs"}
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
    "\u00ad": "\\-",
    "\u200b": "\\allowbreak{}",
}
# Pairs that TeX's fonts join into one sign: dashes, guillemets, quotation marks, inverted marks.
_LIGATURES = ("--", "\u2013-", "<<", ">>", ",,", "\u2018\u2018", "\u2019\u2019", "!\u2018", "?\u2018")
_COMMANDS = _SPECIAL | _SPACES
_TO_ESCAPE = re.compile(
    "|".join([f"[{re.escape(''.join(_COMMANDS))}]", *(f"[{pair[0]}](?=[{pair[1]}])" for pair in _LIGATURES)])
)
# Between Arabic or Indic letters a joiner chooses the letters' forms; elsewhere it has no ink.
_IDLE_JOINER = re.compile("(?<![\u0600-\u0dff])[\u200c\u200d]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
PRINTED_AS_TEX = frozenset([*_SPACES, "\u00ad", "\u200b", *_JOINERS])
"""Characters that become TeX commands or nothing, so need no glyph."""
_LONG_RUN = 24
_ONE_WORD = re.compile(r"[^\w\s]*[^\W\d_]{1,44}(?:['’][^\W\d_]{1,44})?[^\w\s]*")
_PIECE = 4
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
    text = normal("NFC", text)
    text = re.sub(r"[\t\n\r\u2028\u2029\x0b\x0c\x85]+", " ", text)
    return _NOT_PLAIN.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if _INVISIBLE.match(character):
        return character if character in _JOINERS + "\u00ad\u200b" else ""
    if unicodedata.category(character) in _WITHOUT_INK and not NUMBER_SIGN.match(character):
        return f"<U+{ord(character):04X}>"
    return character


def escape(text: str) -> Latex:
    """Escape plain text for a TeX paragraph; every character prints as itself."""
    return Latex(_escaped(_as_set(text)))


def _as_set(text: str) -> str:
    """Give the characters to set: an apostrophe between letters is a typographic one."""
    return _APOSTROPHE.sub(_apostrophe, _IDLE_JOINER.sub("", normalise(text)))


def _apostrophe(match: re.Match[str]) -> str:
    between_letters = match.string[match.start() - 1].isalpha() and match.string[match.end()].isalpha()
    return "\u2019" if between_letters else "'"


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _COMMANDS.get(match[0]) or f"{match[0]}{{}}", text)


def escape_breakable(text: str) -> Latex:
    """Escape plain text and let runs without a space break, without a hyphen that is not there."""
    parts = re.split(rf"(\S{{{_LONG_RUN},}})", _as_set(text))
    return Latex("".join((_escaped, _breakable_run)[index % 2](part) for index, part in enumerate(parts)))


def _breakable_run(word: str) -> str:
    if _ONE_WORD.fullmatch(word):
        return _escaped(word)
    pieces = re.split(r"(?<=[/_.@:=+?&|,;\\-])(?=[^\s])|(?<=[a-z])(?=[A-Z])", word)
    # Each part, the first too, begins at such a place: TeX divides with a hyphen nothing that follows one.
    return "".join(f"\\BreakHere{{}}{_escaped(chunk)}" for piece in pieces for chunk in _chunks(piece))


def _chunks(piece: str) -> list[str]:
    """Cut a long run where a line may break: never between a letter and its marks."""
    # What is one word of letters is TeX's to divide, with a hyphen.
    if len(piece) <= _LONG_RUN or _ONE_WORD.fullmatch(piece):
        return [piece]
    starts = [0]
    for index, character in enumerate(piece):
        joined = unicodedata.category(character)[0] == "M" or {character, piece[index - 1]} & set(_JOINERS)
        if index - starts[-1] >= _PIECE and not joined:
            starts.append(index)
    return [piece[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


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
    if not RIGHT_TO_LEFT.search(tex):
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
