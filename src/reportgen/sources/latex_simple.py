"""The commonest LaTeX of .bib fields, read with one pattern: most of a large bibliography holds nothing else.

What it reads it reads as the parser in `latex_text` does; all other sources are left to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003  # of the table below

from reportgen.base.characters import normal
from reportgen.sources.marked import italic

ACCENTS = {
    "'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "H": "\u030b", "k": "\u0328", "b": "\u0331", "d": "\u0323", "r": "\u030a", "u": "\u0306",
    "v": "\u030c",
}  # fmt: skip
"""The commands that put an accent on the next letter, with the accent."""
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
}  # fmt: skip
_SIGNS = {"---": "—", "--": "–", "``": "“", "''": "”", "~": "\u00a0"}
_TOKEN = re.compile(
    r"""\$(?P<formula>[^$\\]*(?:\\[^$][^$\\]*)*)\$
    |\\(?P<escaped>[%&_\#$])
    |\\(?P<accent>['`"^~=.])(?:\{(?P<in_braces>[A-Za-z])\}|(?P<bare>[A-Za-z]))
    |\\(?P<letter_accent>[cHkuvr])\{(?P<accented>[A-Za-z])\}
    |\\(?P<dotless>['`"^~=.])(?:\{\\i\}|\\i(?=\}))
    |\\(?P<letter>ss|o|O|l|L|ae|AE|oe|OE|aa|AA)(?=\})
    |\\(?:emph|textit)\{(?P<italic>[^{}\\$~`'!?-]+)\}
    |(?P<sign>---|--|``|''|~)
    |(?P<brace>[{}])
    |(?P<other>\\|\$|[!?]`|https?:)""",
    re.VERBOSE,
)


def simply_read(source: str) -> str | None:
    """Read a source; None where it is not simple."""
    depth = 0
    pieces: list[str] = []
    position = 0
    for found in _TOKEN.finditer(source):
        if found.lastgroup == "other":
            return None
        if found.lastgroup == "brace":
            depth += 1 if found[0] == "{" else -1
            if depth < 0:
                return None
        pieces += [source[position : found.start()], _READERS[found.lastgroup or ""](found)]
        position = found.end()
    return None if depth else "".join((*pieces, source[position:]))


def _accented(found: re.Match[str], letter: str) -> str:
    return normal("NFC", letter + ACCENTS[found["accent"] or found["letter_accent"] or found["dotless"]])


_READERS: dict[str, Callable[[re.Match[str]], str]] = {
    "brace": lambda _: "",
    "formula": lambda found: f"${found['formula'].strip()}$",
    "escaped": lambda found: found["escaped"],
    "in_braces": lambda found: _accented(found, found["in_braces"]),
    "bare": lambda found: _accented(found, found["bare"]),
    "accented": lambda found: _accented(found, found["accented"]),
    "dotless": lambda found: _accented(found, "i"),
    "letter": lambda found: _LETTERS[found["letter"]],
    "italic": lambda found: italic(found["italic"]),
    "sign": lambda found: _SIGNS[found[0]],
}
"""What each kind of token stands for, by the name of its group."""
