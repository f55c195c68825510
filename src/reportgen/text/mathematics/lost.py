r"""Commands whose backslash was lost: JSON reads ``"\times"`` as a tab and "imes"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = {"\b": "b", "\f": "f", "\t": "t", "\n": "n", "\r": "r"}
"""The letter behind the backslash of each control character."""
_LOST = re.compile(r"([\b\f\t\n]|\r(?!\n))([A-Za-z]+)")
_BETWEEN_DOLLARS = re.compile(r"\$[^$]{1,400}\$|\\\([^()]{1,400}\\\)|\\begin\{[^$]{1,400}\\end\{")
_NO_WORDS = frozenset(
    ["times", "theta", "tilde", "tfrac", "textbf", "textit", "textrm", "nabla", "notin", "neq"]
)
"""Commands that without their first letters are no words: a tab or the end of a line stands before words, too."""


def lost_backslashes(text: str) -> Iterator[str]:
    """Yield the commands in a text that have a control character for their backslash and first letter."""
    if not _LOST.search(text):
        return
    from reportgen.text.mathematics.command_readers import is_command

    places = [match.span() for match in _BETWEEN_DOLLARS.finditer(text)]
    for found in _LOST.finditer(text):
        name = _LETTERS[found[1]] + found[2]
        if is_command(name) and (
            found[1] in "\b\f\r"
            or name in _NO_WORDS
            or any(start < found.start() < end for start, end in places)
        ):
            yield name
