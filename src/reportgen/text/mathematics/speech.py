"""A formula in words, as a person reads it aloud: every letter is said, and an end where none could be heard."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.text.mathematics.signs import SIGNS
from reportgen.text.mathematics.speech_grid import say_grid
from reportgen.text.mathematics.speech_rows import say_row
from reportgen.text.mathematics.speech_scripts import say_scripts
from reportgen.text.mathematics.spoken_size import is_product, is_simple
from reportgen.text.mathematics.spoken_words import SpokenWords, spoken_words
from reportgen.text.mathematics.tree import (
    Accent,
    Boxed,
    Delimiter,
    Fenced,
    Fraction,
    Function,
    Grid,
    Identifier,
    Number,
    Phantom,
    Root,
    Row,
    Scripts,
    Sign,
    Sized,
    Space,
    Stacked,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.text.mathematics.tree import Node

_ANGLES = {"<": "⟨", ">": "⟩"}
_BARS = {"|": "absolute", "lvert": "absolute", "rvert": "absolute"}
_BARS |= dict.fromkeys(("Vert", "lVert", "rVert"), "norm")
_ROOTS = {"3": "cube_root"}


@lru_cache(maxsize=4096)
def spoken(formula: Row, language: str) -> str:
    """Read a formula aloud in one of the languages in `SPOKEN`."""
    words = spoken_words(language)
    return _tidy(Speaker(words).say(formula)) or words.say("empty_cell")


def _tidy(text: str) -> str:
    """Let marks stand at their word, one at a place, and none at the ends."""
    whole = re.sub(r"\s+([,;]|\.(?!\d))", r"\1", " ".join(text.split()))
    whole = re.sub(r",(?:\s*,)+", ",", whole)
    return re.sub(r",(?=[;.:])", "", whole).strip(" ,")


class Speaker:
    """Says the parts of a formula in a language."""

    def __init__(self, words: SpokenWords) -> None:
        self.words = words

    def say(self, node: Node | None) -> str:
        """Say a part of a formula; nothing is no word."""
        return "" if node is None else _SAYERS[type(node)](self, node)

    def phrase(self, name: str, *inside: Node | None, **parts: str | int) -> str:
        """Fill a phrase; the long form, which says where it ends, where a part of ``inside`` is no simple one."""
        is_long = not all(map(is_simple, inside))
        return self.words.say(f"long_{name}" if is_long else name, **parts)

    def between(self, bars: str, content: Row) -> str:
        """Say what stands between two bars: an absolute value or a norm."""
        return self.phrase(bars, content, content=self.say(content))

    def identifier(self, node: Identifier) -> str:
        """Say a letter, or letters that are one name, with their alphabet where it tells something."""
        letters = [self.words.letter(letter) for letter in node.letters]
        said = node.letters if letters == list(node.letters) else " ".join(letters)
        alphabet = self.words.named("alphabets", node.alphabet)
        return alphabet.format(letter=said) if alphabet else said

    def number(self, node: Number) -> str:
        """Say a number as it is written."""
        return node.digits

    def sign(self, node: Sign) -> str:
        """Say a sign by its name."""
        entry = SIGNS[node.name]
        if entry.kind == "punctuation" and entry.character in ",;":
            return entry.character
        said = self.words.named("large", entry.character) or self.words.sign(entry.character)
        return self.words.say("negated", sign=said) if node.is_negated else said

    def function(self, node: Function) -> str:
        """Say the name of a function."""
        return self.words.named("functions", node.name) or node.name

    def text(self, node: Words) -> str:
        """Say words as they stand."""
        return " ".join(part if isinstance(part, str) else self.say(part) for part in node.parts)

    def space(self, node: Space) -> str:
        """Make a pause of a wide space."""
        return "," if node.width >= 18 else ""

    def row(self, node: Row) -> str:
        """Say parts one after the other."""
        return say_row(self, node.items)

    def scripts(self, node: Scripts) -> str:
        """Say a base with its scripts."""
        return say_scripts(self, node)

    def fraction(self, node: Fraction) -> str:
        """Say a fraction, a binomial coefficient, or one thing above another."""
        parts = {"above": self.say(node.above), "below": self.say(node.below)}
        if not node.has_line:
            if node.fences == ("(", ")"):
                return self.phrase("binomial", node.above, node.below, **parts)
            return self._fenced(node.fences, self.words.say("pile", **parts))
        if part := self.words.named("parts", f"{parts['above']}/{parts['below']}"):
            return self._fenced(node.fences, part)
        is_short = is_product(node.above, 3) and is_product(node.below, 2)
        return self._fenced(node.fences, self.words.say("over" if is_short else "fraction", **parts))

    def _fenced(self, fences: tuple[str, str], said: str) -> str:
        left, right = (self.delimiter(name) for name in fences)
        return f"{left} {said} {right}"

    def root(self, node: Root) -> str:
        """Say a root."""
        radicand = self.say(node.radicand)
        if node.index is None:
            return self.phrase("root", node.radicand, radicand=radicand)
        index = self.say(node.index)
        name = _ROOTS.get(index, "nth_root")
        return self.phrase(name, node.radicand, radicand=radicand, index=index)

    def accent(self, node: Accent) -> str:
        """Say an accent behind what it stands over, or before several."""
        base, mark = self.say(node.base), self.words.tables["accents"][node.name]
        if node.name == "vec" and is_simple(node.base):
            return self.words.say("vector", base=base)
        is_below = node.name.startswith("under")
        if is_simple(node.base) and not is_below and node.name != "overbrace":
            return self.words.say("accented", base=base, mark=mark)
        place = "mark_below" if is_below else "mark_above"
        return self.words.say(place, base=base, mark=mark)

    def stacked(self, node: Stacked) -> str:
        """Say a base with what is set above and below it."""
        place = "both" if node.above and node.below else "above" if node.above else "below"
        parts = {"above": self.say(node.above), "below": self.say(node.below)}
        return self.words.say(f"with_{place}", base=self.say(node.base), **parts)

    def fenced(self, node: Fenced) -> str:
        """Say what stands between two delimiters."""
        bars = _BARS.get(node.left)
        if bars and bars == _BARS.get(node.right) and not node.middle:
            return self.between(bars, node.parts[0])
        middle = [*map(self.delimiter, node.middle), ""]
        inside = [
            f"{say_row(self, part.items, node.left)} {bar}"
            for part, bar in zip(node.parts, middle, strict=True)
        ]
        return " ".join([self.delimiter(node.left), *inside, self.delimiter(node.right)])

    def delimiter(self, name: str) -> str:
        """Say a delimiter; an empty one is no word."""
        return (
            self.words.sign(_ANGLES.get(name) or SIGNS[name].character)
            if name in SIGNS and name != "."
            else ""
        )

    def alone(self, node: Delimiter) -> str:
        """Say a delimiter of a size of its own."""
        return self.delimiter(node.name)

    def boxed(self, node: Boxed) -> str:
        """Say a framed formula."""
        return self.words.say("boxed", content=self.say(node.content))

    def phantom(self, _: Phantom) -> str:
        """Say nothing of what is not shown."""
        return ""

    def sized(self, node: Sized) -> str:
        """Say a formula of another size."""
        return self.say(node.content)

    def grid(self, node: Grid) -> str:
        """Say a matrix, cases or lines."""
        return say_grid(self, node)


_SAYERS: dict[type, Callable[[Speaker, Any], str]] = {
    Identifier: Speaker.identifier, Number: Speaker.number, Sign: Speaker.sign, Function: Speaker.function,
    Words: Speaker.text, Space: Speaker.space, Row: Speaker.row, Scripts: Speaker.scripts,
    Fraction: Speaker.fraction, Root: Speaker.root, Accent: Speaker.accent, Stacked: Speaker.stacked,
    Fenced: Speaker.fenced, Delimiter: Speaker.alone, Boxed: Speaker.boxed, Phantom: Speaker.phantom,
    Sized: Speaker.sized, Grid: Speaker.grid,
}  # fmt: skip
