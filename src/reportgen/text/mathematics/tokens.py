"""The tokens of a formula: commands, escaped signs, runs of letters, numbers, blanks, and single characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

COMMAND, ESCAPE, WORD, NUMBER, SPACE, OTHER = range(1, 7)
LONGEST: Final = 2000
_MARKS = "\u0300-\u036f\u20d0-\u20ef"
# A letter with a mark over it is a token of its own, whatever stands before it.
_TOKEN = re.compile(
    rf"\\([A-Za-z]+)|\\(.)|([A-Za-z]+(?![{_MARKS}]))"
    r"|((?:\d{1,3}(?:,\d{3})+(?![\d,])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+(?!\.))"
    rf"|(\s+)|(.[{_MARKS}]*)",
    re.DOTALL | re.ASCII,
)


class NotMathematics(ValueError):  # noqa: N818 - a verdict on a text, which then prints as it stands
    """A text is not in the grammar of formulas; the message says why."""


class Token(NamedTuple):
    """A piece of a formula's source: its kind, and what it says without its backslash."""

    kind: int
    value: str

    @property
    def shown(self) -> str:
        """The token as it was written."""
        return f"\\{self.value}" if self.kind in (COMMAND, ESCAPE) else self.value


def tokens_of(source: str) -> list[Token]:
    """Cut the source of a formula into tokens.

    Raises:
        NotMathematics: it is too long, or holds what no formula holds.

    """
    if len(source) > LONGEST:
        raise NotMathematics(f"a formula is at most {LONGEST} characters long")
    if "^^" in source or re.search(r"\n\s*\n", source):
        raise NotMathematics("neither ^^ nor an empty line is mathematics")
    text = unicodedata.normalize("NFC", source)
    return [Token(match.lastindex or 0, match[match.lastindex or 0]) for match in _TOKEN.finditer(text)]
