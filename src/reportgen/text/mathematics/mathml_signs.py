"""Signs, delimiters and accents as operators of MathML, with what its dictionary of operators does not know of them."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from reportgen.text.mathematics.signs import SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.text.mathematics.tree import Delimiter, Sign

_OPERATORS_OF_THEIR_OWN = frozenset("!\\∀∃∄¬√.")
"""Signs that TeX sets like letters and that are operators all the same."""
_GROWING = frozenset(["open", "close", "fence", "arrow"])
"""The kinds that would grow with what stands beside them."""
_WITHOUT_ROOM = frozenset(["ordinary", "fence"])
_UPRIGHT = frozenset("∇")
"""Letters that MathML would set in italics and mathematics does not."""
_SIZES = {1: "1.2em", 2: "1.8em", 3: "2.4em", 4: "3em"}

ACCENTS: Mapping[str, tuple[str, str]] = {
    "hat": ("ˆ", ""),
    "widehat": ("^", "wide"),
    "bar": ("¯", ""),
    "tilde": ("˜", ""),
    "widetilde": ("~", "wide"),
    "vec": ("→", ""),
    "dot": ("˙", ""),
    "ddot": ("¨", ""),
    "dddot": ("⃛", ""),
    "ddddot": ("⃜", ""),
    "check": ("ˇ", ""),
    "widecheck": ("ˇ", "wide"),
    "breve": ("˘", ""),
    "acute": ("´", ""),
    "grave": ("`", ""),
    "mathring": ("˚", ""),
    "overline": ("‾", "wide"),
    "overbrace": ("⏞", "wide"),
    "overbracket": ("⎴", "wide"),
    "overrightarrow": ("→", "wide"),
    "overleftarrow": ("←", "wide"),
    "overleftrightarrow": ("↔", "wide"),
    "underline": ("_", "wide below"),
    "underbrace": ("⏟", "wide below"),
    "underbracket": ("⎵", "wide below"),
    "underrightarrow": ("→", "wide below"),
    "underleftarrow": ("←", "wide below"),
    "underleftrightarrow": ("↔", "wide below"),
}
"""The character of each accent, whether it is as wide as its base, and whether it stands below."""


def element(name: str, content: str, **attributes: str) -> str:
    """Return an element of MathML; ``content`` is markup, attributes are text."""
    given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{given}>{content}</{name}>"


def negated(character: str) -> str:
    """Return a sign with a stroke through it."""
    return unicodedata.normalize("NFC", f"{character}\u0338")


def sign_markup(sign: Sign, *, form: str = "", movable: str = "") -> str:
    """Write a sign; ``form`` is given where its place in the row would tell another."""
    known = SIGNS[sign.name]
    character = negated(known.character) if sign.is_negated else known.character
    if known.kind == "ordinary" and known.character not in _OPERATORS_OF_THEIR_OWN:
        return element("mi", escape(character), mathvariant="normal" if character in _UPRIGHT else "")
    stretchy = "false" if known.kind in _GROWING else ""
    room = "0" if known.kind in _WITHOUT_ROOM else ""
    attributes = {
        "form": form,
        "stretchy": stretchy,
        "movablelimits": movable,
        "lspace": room,
        "rspace": room,
    }
    return element("mo", escape(character), **attributes)


def stretched(sign: Sign) -> str:
    """Write a sign that is as wide as what stands above or below it, where it can be."""
    character = SIGNS[sign.name].character
    return element("mo", escape(negated(character) if sign.is_negated else character))


def fence(name: str, form: str) -> str:
    """Write a delimiter that grows with what it encloses; an empty one is nothing."""
    if name in _NOTHING:
        return ""
    room = "0" if form == "infix" else ""
    return element("mo", escape(_delimiter(name)), form=form, stretchy="true", lspace=room, rspace=room)


_NOTHING = frozenset(["", "."])
_ANGLES = {"<": "⟨", ">": "⟩"}


def _delimiter(name: str) -> str:
    return _ANGLES.get(name) or SIGNS[name].character


_FORMS = {"open": "prefix", "close": "postfix"}


def sized(delimiter: Delimiter) -> str:
    """Write a delimiter of a size of its own."""
    size = _SIZES[delimiter.size]
    character = escape(_delimiter(delimiter.name))
    form = _FORMS.get(delimiter.side, "")
    return element("mo", character, form=form, stretchy="true", minsize=size, maxsize=size)
