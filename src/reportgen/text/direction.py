"""The direction of a text: that of its first letter, in the report's language where it has none (UAX 9, P2 and P3)."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.text.mathematics import Formula
from reportgen.text.tree import Cite, CrossReference, Isolated, Link, StatusMark, Task, Verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.text.tree import Direction

RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Characters of the scripts that are written from right to left."""
OBJECT = "\ufffc"
"""Stands in a line for what is kept apart; a neutral sign."""
_LANGUAGES = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "khw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"]
)
_SCRIPT = re.compile("[A-Z][a-z]{3}")
_SCRIPTS = frozenset(["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"])


def language_direction(language: str) -> Direction:
    """Return the direction of a language by its tag, whose script counts where it is named."""
    first, *others = language.split("-")
    script = next(filter(_SCRIPT.fullmatch, others), "")
    is_turned = script in _SCRIPTS if script else first.lower() in _LANGUAGES
    return "rtl" if is_turned else "ltr"


def direction_of(node: Any, default: Direction = "ltr") -> Direction:
    """Return the direction of the first letter of a text, of inlines or of blocks; ``default`` where there is none.

    What is kept apart and always runs from left to right, such as a formula, code, or an address, has no say.
    """
    for text in words_of(node):
        for character in text:
            kind = unicodedata.bidirectional(character)
            if kind in ("L", "R", "AL"):
                return "ltr" if kind == "L" else "rtl"
    return default


def prints_turned(text: str) -> bool:
    """Tell whether a text prints a letter from right to left; such a mark alone, or what has no meaning, is none."""
    return not text.isascii() and bool(RIGHT_TO_LEFT.search(text) and RIGHT_TO_LEFT.search(normalise(text)))


def words_of(node: Any) -> Iterator[str]:
    """Yield the texts of a node that have a say in its direction."""
    if isinstance(node, str):
        if type(node) is str:  # what is written already is a label of ours
            yield node
    elif not is_apart(node):
        for part in _parts(node):
            yield from words_of(part)


def is_apart(node: Any) -> bool:
    """Tell whether a node runs from left to right, whatever stands around it."""
    if isinstance(node, Link):
        return is_address(node)
    return isinstance(node, (Verbatim, Formula, Cite, CrossReference, StatusMark, Task))


def is_address(link: Link) -> bool:
    """Tell whether the words of a link are its address, or the end of it."""
    words = "".join(part for part in link.content if isinstance(part, str))
    return bool(words) and link.uri.endswith(words)


def _parts(node: Any) -> tuple[Any, ...]:
    if isinstance(node, tuple):
        return node
    if dataclasses.is_dataclass(node):
        return tuple(
            getattr(node, field.name) for field in dataclasses.fields(node) if field.name not in _UNREAD
        )
    return ()


_UNREAD = frozenset(
    ["at", "id", "lang", "uri", "anchor", "spoken", "direction", "language", "alt", "name", "align"]
)


def unwrapped(content: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the content of a text that is isolated as a whole: a paragraph is kept apart as it is."""
    if len(content) == 1 and isinstance(only := content[0], Isolated):
        return only.content
    return content
