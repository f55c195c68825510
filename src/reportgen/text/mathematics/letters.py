"""Single characters of a formula: a letter in its alphabet, a sign, a script, words, or nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.text.mathematics.signs import CAPITAL_GREEK, CHARACTER_SIGNS, COMMAND_LETTERS, GREEK, MARKS
from reportgen.text.mathematics.tokens import NotMathematics
from reportgen.text.mathematics.tree import Accent, Fraction, Identifier, Number, Scripts, Sign, Space, Words

if TYPE_CHECKING:
    from reportgen.text.mathematics.tree import Alphabet, Node

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni", strict=True))
LOWERED = dict(
    zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥᵦᵧᵨᵩᵪ", "0123456789+-=()aeoxhklmnpstijruvβγρφχ", strict=True)
)
PRIMES = {"'": 1, "′": 1, "’": 1, "″": 2, "‴": 3, "‵": 1}
_SPACES = {
    "~": 6,
    "\u00a0": 6,
    "\u2002": 9,
    "\u2003": 18,
    "\u2009": 3,
    "\u200a": 1,
    "\u202f": 3,
    "\u205f": 4,
    "\u2007": 9,
}
_NO_INK = {"\u2061": 0, "\u2062": 0, "\u2063": 0, "\u2064": 0, "\u200b": 0}
_NEGATION = "\u0338"
_ALPHABET_NAMES: tuple[tuple[str, Alphabet], ...] = (
    ("BOLD ITALIC", "bold-italic"),
    ("BOLD SCRIPT", "script"),
    ("BOLD FRAKTUR", "fraktur"),
    ("SANS-SERIF", "sans"),
    ("DOUBLE-STRUCK", "blackboard"),
    ("MONOSPACE", "mono"),
    ("FRAKTUR", "fraktur"),
    ("BLACK-LETTER", "fraktur"),
    ("SCRIPT", "script"),
    ("BOLD", "bold"),
    ("ITALIC", "italic"),
)
_STYLED = re.compile("[\u2102-\u2134\U0001d400-\U0001d7ff]")
"""Where Unicode keeps the alphabets of mathematics."""
_FROM_COMMANDS = frozenset(COMMAND_LETTERS.values())
_MOST_MARKS = 8
_AS_TEXT = re.compile(r"[^\W_]|[\u00a1-\U0010ffff]")


def set_as_words(source: str) -> str:
    """Return the characters of a formula's source that faces of text print, not those of mathematics."""
    known = (
        CHARACTER_SIGNS.keys()
        | _FROM_COMMANDS
        | RAISED.keys()
        | LOWERED.keys()
        | _SPACES.keys()
        | MARKS.keys()
    )
    return "".join(
        each for each in source if each not in known and not (_STYLED.match(each) and _styled(each))
    )


def letter(character: str, alphabet: Alphabet) -> Identifier:
    """Return a letter in an alphabet; TeX has small Greek letters in italics and in bold alone."""
    has_alphabet = (
        character not in GREEK
        or alphabet in ("bold", "bold-italic")
        or (alphabet == "italic" and character in CAPITAL_GREEK)
    )
    return Identifier(character, alphabet if has_alphabet else "")


def read_character(character: str, alphabet: Alphabet) -> Node:
    """Read a character with the marks on it, which is no run of letters or digits and no script.

    Raises:
        NotMathematics: it says nothing in a formula.

    """
    base, marks = character[0], character[1:]
    if marks == _NEGATION and base in CHARACTER_SIGNS:
        return Sign(CHARACTER_SIGNS[base], is_negated=True)
    if len(marks) > _MOST_MARKS:
        raise NotMathematics(f"a character has more than {_MOST_MARKS} marks")
    node = _base(base, alphabet)
    for mark in marks:
        if mark not in MARKS:
            return Words((character,))
        node = Accent(MARKS[mark], node)
    return node


def joined(before: Node, node: Node) -> Node | None:
    """Join words, or words with scripts, to words right before them: letters of a text face make one word."""
    base = node.base if isinstance(node, Scripts) else node
    if not (isinstance(before, Words) and isinstance(base, Words) and before.alphabet == base.alphabet):
        return None
    parts = [part for part in (*before.parts, *base.parts) if isinstance(part, str)]
    if len(parts) < len(before.parts) + len(base.parts):
        return None
    word = Words(("".join(parts),), base.alphabet)
    return replace(node, base=word) if isinstance(node, Scripts) else word


def _base(character: str, alphabet: Alphabet) -> Node:
    if character in CHARACTER_SIGNS:
        return Sign(CHARACTER_SIGNS[character])
    if character in _SPACES or character in _NO_INK:
        return Space(_SPACES.get(character, 0))
    if character in _FROM_COMMANDS or (character.isalpha() and character.isascii()) or character == "µ":
        return letter(character, alphabet)
    if _STYLED.match(character) and (styled := _styled(character)):
        return styled
    kind = unicodedata.category(character)
    if kind == "No" and (parts := unicodedata.normalize("NFKC", character).split("⁄"))[1:]:
        return Fraction(Number(parts[0]), Number(parts[1]), size="text")
    # A control character, half a character, and what joins letters without ink are no mathematics.
    if _AS_TEXT.match(character) and kind[0] in "LNPS":
        return Words((character,))
    raise NotMathematics(f"{character if character.isprintable() else ascii(character)} is not allowed here")


def _styled(character: str) -> Node | None:
    """Return a letter of one of Unicode's alphabets of mathematics as the plain letter in that alphabet."""
    name = unicodedata.name(character, "")
    plain = unicodedata.normalize("NFKC", character)
    alphabet = next((alphabet for words, alphabet in _ALPHABET_NAMES if words in name), None)
    if alphabet is None or len(plain) != 1:
        return None
    return Number(plain, alphabet) if plain.isdigit() else Identifier(plain, alphabet)
