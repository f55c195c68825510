"""The places of values in a text: JSON pointer to line and column; here for JSON."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from reportgen.base.errors import Where

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class Document(Protocol):
    """A text with the places of its values."""

    @property
    def file(self) -> str:
        """Return the file that the text stands in."""

    @property
    def pointer(self) -> str:
        """Return what the text's root is in the record."""

    def where(self, pointer: str, *, key: bool = False) -> Where:
        """Find the value that a pointer names, or with ``key`` its key."""

    def at(self, offset: int) -> Where:
        """Return the place of a character, counted from 0."""


Members = dict[str, tuple[int, int]]
"""The name of each member, an index in a list, and the offsets of its key and of its value."""


@dataclass(frozen=True)
class JsonDocument:
    """One JSON text: a whole file, or one line of a JSON Lines file.

    Attributes: ``line`` is where the text begins in ``file``, 1-based; ``pointer`` is what the text's root is
    in the record, ``""`` for a record itself and ``/claims/3`` for the fourth line of its claims.

    """

    file: str
    text: str
    line: int = 1
    pointer: str = ""
    _members: dict[int, Members] = field(default_factory=dict, init=False, repr=False, compare=False)

    def where(self, pointer: str, *, key: bool = False) -> Where:
        """Find the value that a pointer names, or with ``key`` its key.

        A value that is not there (a missing field) is placed at what it is missing from; of a key that
        stands more than once the last is found. Nothing is searched before a place is asked for.
        """
        offset = found = _after_space(self.text, 0)
        for part in pointer.removeprefix(self.pointer).split("/")[1:]:
            members = self._members_at(offset)
            name = part.replace("~1", "/").replace("~0", "~")
            if name not in members:
                break
            key_offset, offset = members[name]
            found = key_offset if key else offset
        else:
            offset = found
        where = self.at(offset)
        return Where(where.file, where.line, where.column, pointer)

    def at(self, offset: int) -> Where:
        """Return the place of a character, counted from 0."""
        line = bisect_right(self._line_starts, offset) - 1
        return Where(self.file, self.line + line, offset - self._line_starts[line] + 1, self.pointer)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def _members_at(self, offset: int) -> Members:
        if offset not in self._members:
            self._members[offset] = _members(self.text, offset)
        return self._members[offset]


def _members(text: str, start: int) -> Members:
    """List the members of the object or list that begins at an offset of a valid JSON text."""
    members: Members = {}
    if text[start] not in "{[":
        return members
    position = _after_space(text, start + 1)
    while text[position] not in "}]":
        key, name = position, str(len(members))
        if text[start] == "{":
            name, position = _DECODER.raw_decode(text, position)
            position = _after_space(text, _after_space(text, position) + 1)
        members[name] = (key, position)
        # The parser in C is the quickest way to the end of a value, even though the value is not needed.
        _, position = _DECODER.raw_decode(text, position)
        position = _after_space(text, position)
        if text[position] == ",":
            position = _after_space(text, position + 1)
    return members


def _after_space(text: str, position: int) -> int:
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # the pattern matches nothing, too
