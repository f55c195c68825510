"""Safe TeX: the type that marks it, and escaping by context."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from reportgen.base.characters import ONE_SIGN, VARIATIONS, normalise
from reportgen.text.scripts import SHAPED, UNDIVIDED
from reportgen.text.syllables import UNSPACED, break_places, is_inside
from reportgen.text.templates import Written

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "-": "\\Hyphen{}",
    "\u00ad": "\\-",
    "\u200b": "\\allowbreak{}",
}
# Pairs that TeX's fonts join into one sign: dashes, guillemets, quotation marks, inverted marks.
_LIGATURES = ("\u2013-", "<<", ">>", ",,", "\u2018\u2018", "\u2019\u2019", "!\u2018", "?\u2018")
_COMMANDS = _SPECIAL | _SPACES
_TO_ESCAPE = re.compile(
    "|".join([f"[{re.escape(''.join(_COMMANDS))}]", *(f"[{pair[0]}](?=[{pair[1]}])" for pair in _LIGATURES)])
)
# Between Arabic or Indic letters a joiner or selector chooses the letters' forms; elsewhere it has no ink.
_IDLE = re.compile(f"(?<![\u0600-\u0dff{SHAPED}])[\u200c\u200d{VARIATIONS}]")
_WITHOUT_INK = re.compile(f"([\u200d{VARIATIONS}\U000e0020-\U000e007f]+)")
_WIDEST = "\uffff"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_LONG_RUN = 24
_RUN = re.compile(rf"(\S{{{_LONG_RUN},}}|(?<!\S)(?:https?://|www\.|[^\s@]+@)\S+)")
"""What breaks without a hyphen: long runs, and addresses however short."""
_LETTER = rf"[^\W\d_{UNDIVIDED}]"
_ONE_WORD = re.compile(rf"[^\w\s]{{0,20}}{_LETTER}{{1,44}}(?:['’]{_LETTER}{{1,44}})?[^\w\s]{{0,20}}")
_PIECE = 4


class Latex(Written):
    """Text that already is LaTeX."""

    __slots__ = ()


def escape(text: str) -> Latex:
    """Escape plain text for a TeX paragraph; every character prints as itself."""
    return Latex(_in_signs(text, _escaped))


def _in_signs(text: str, set_words: Callable[[str], str]) -> str:
    """Set the signs of several characters each in one box, which says what they are, and all between as words."""
    text = normalise(text)
    if text.isascii():
        return set_words(_as_set(text))
    parts = ONE_SIGN.split(text)
    return "".join(
        _one_sign(part) if index % 2 else set_words(_as_set(part)) for index, part in enumerate(parts)
    )


def _one_sign(characters: str) -> str:
    if max(characters) <= _WIDEST:
        return f"\\Joined{{{_utf16(characters)}}}{{{_escaped(_WITHOUT_INK.sub('', characters))}}}"
    # Chrome reads no character beyond these from a text layer, but from its glyph.
    parts = _WITHOUT_INK.split(characters)
    set_parts = (
        f"\\Unseen{{{_utf16(part)}}}" if index % 2 else _escaped(part) for index, part in enumerate(parts)
    )
    return f"\\Together{{{''.join(set_parts)}}}"


def _utf16(characters: str) -> str:
    return characters.encode("utf-16-be").hex().upper()


def _as_set(text: str) -> str:
    """Return the characters to set: an apostrophe between letters is a typographic one."""
    return _APOSTROPHE.sub(_apostrophe, _IDLE.sub("", text))


def _apostrophe(match: re.Match[str]) -> str:
    between_letters = match.string[match.start() - 1].isalpha() and match.string[match.end()].isalpha()
    return "\u2019" if between_letters else "'"


def _escaped(text: str) -> str:
    escaped = _TO_ESCAPE.sub(lambda match: _COMMANDS.get(match[0]) or f"{match[0]}{{}}", text)
    return escaped if escaped.isascii() else UNSPACED.sub(_in_words, escaped)


def _in_words(stretch: re.Match[str]) -> str:
    """Let a line break in a stretch of a script without blanks."""
    places = [0, *break_places(stretch[0]), len(stretch[0])]
    return "\\WordBreak{}".join(stretch[0][start:end] for start, end in pairwise(places))


def escape_breakable(text: str) -> Latex:
    """Escape plain text and let runs without a space break, without a hyphen that is not there."""
    return Latex(_in_signs(text, _breakable))


def _breakable(words: str) -> str:
    return "".join(
        (_escaped, _breakable_run)[index % 2](part) for index, part in enumerate(_RUN.split(words))
    )


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
        # Where scripts without blanks let a line break is known without cutting.
        if index - starts[-1] >= _PIECE and not is_inside(piece, index) and not UNSPACED.match(character):
            starts.append(index)
    return [piece[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
