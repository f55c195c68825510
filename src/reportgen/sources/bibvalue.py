"""The value of a .bib field: braces, quotes, numbers, ``@string`` names and ``#`` between them.

bibtexparser's own resolver mangles ``a # {b}`` and prints the bare name of an undefined string.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from reportgen.sources.bibcommands import expanded
from reportgen.sources.dates import month_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.sources.bibcommands import Command

_WORD = re.compile(r"[^\s#\"{}]+")
_ONE_GROUP = re.compile(r"\{(?:[^{}\\]++|\\.|\{(?:[^{}\\]++|\\.|\{[^{}\\]*+\})*+\})*+\}", re.DOTALL)
_DELIMITER = re.compile(r"(?<!\\)[{}\"]")
# Definitions can double each other's length; no field is this long.
_LONGEST = 100_000
_DEEPEST = 100


class Value(NamedTuple):
    """A value put together: LaTeX, the names in it that no ``@string`` defines, and what is malformed."""

    text: str
    undefined: tuple[str, ...] = ()
    fault: str = ""


class Definitions:
    """The ``@string`` definitions that hold in a file: its own, then those of the other files.

    Names are compared without case; a definition may use others, wherever they stand. Both mappings
    give sources by lower-case name and may still be filled until the first value is asked for.
    """

    def __init__(
        self, own: Mapping[str, str], shared: Mapping[str, str], commands: Mapping[str, Command] | None = None
    ) -> None:
        self._commands = commands or {}
        self._sources = (own, shared)
        self._values: dict[str, Value] = {}
        self._depth = 0

    @cached_property
    def _command(self) -> re.Pattern[str]:
        names = "|".join(map(re.escape, self._commands)) or "(?!)"
        return re.compile(rf"\\(?:{names})(?![A-Za-z@])")

    def expanded(self, text: str) -> str:
        """Put what the files' own commands stand for in their place."""
        return expanded(text, self._commands) if self._command.search(text) else text

    def value(self, name: str) -> Value:
        """Return what a name stands for; an undefined one, or one defined by itself, stands for its name."""
        low = name.lower()
        if low not in self._values:
            # Every BibTeX style defines the months; which text they stand for is the date's affair.
            itself = Value(low) if month_of(low) is not None else Value(name, (name,))
            source = next((known[low] for known in self._sources if low in known), None)
            if source is None:
                return itself
            if self._depth == _DEEPEST:
                return Value(name, (), f"its @string definitions use one another more than {_DEEPEST} deep")
            self._values[low] = itself
            self._depth += 1
            self._values[low] = evaluate(source, self)
            self._depth -= 1
        return self._values[low]


def evaluate(source: str, definitions: Definitions) -> Value:
    """Put the pieces of a value together; a malformed value stays as written."""
    if _ONE_GROUP.fullmatch(source):
        return Value(source[1:-1])
    parts: list[Value] = []
    position = 0
    while position < len(source):
        if parts:
            if source[position] != "#":
                return Value(source, (), f"a comma or # is missing before {source[position:][:20]!r}")
            position = _skip_space(source, position + 1)
        end = _end_of_piece(source, position)
        if end is None:
            return Value(source, (), "its quotes, braces or # are not complete")
        piece = source[position:end]
        if piece[0] in '{"':
            parts.append(Value(piece[1:-1]))
        else:
            parts.append(Value(piece) if piece.isdigit() else definitions.value(piece))
        position = _skip_space(source, end)
    if sum(len(part.text) for part in parts) > _LONGEST:
        return Value(source, (), f"it is longer than {_LONGEST} characters")
    return Value(
        "".join(part.text for part in parts),
        tuple(name for part in parts for name in part.undefined),
        next((part.fault for part in parts if part.fault), ""),
    )


def _skip_space(source: str, position: int) -> int:
    while position < len(source) and source[position].isspace():
        position += 1
    return position


def _end_of_piece(source: str, start: int) -> int | None:
    """Find where the piece at ``start`` ends; None when it does not."""
    if start >= len(source):
        return None
    if source[start] not in '{"':
        word = _WORD.match(source, start)
        return word.end() if word else None
    depth = 0
    for found in _DELIMITER.finditer(source, start):
        if found[0] == '"':
            if source[start] == '"' and depth == 0 and found.start() > start:
                return found.end()
            continue
        depth += 1 if found[0] == "{" else -1
        if depth < 0:
            return None
        if depth == 0 and source[start] == "{":
            return found.end()
    return None
