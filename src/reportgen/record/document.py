"""Where each value of a JSON text stands: JSON pointer to line and column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import json_source_map

from reportgen.errors import Where

if TYPE_CHECKING:
    from json_source_map.types import Entry, TSourceMap

LARGEST_MAPPED = 5_000_000


@dataclass(frozen=True)
class Document:
    """One JSON text: a whole file, or one line of a JSON Lines file.

    Attributes: ``line`` is where the text begins in ``file``, 1-based; ``pointer`` is what the text's root is
    in the record, ``""`` for a record itself and ``/claims/3`` for the fourth line of its claims.

    """

    file: str
    text: str
    line: int = 1
    pointer: str = ""

    def where(self, pointer: str, *, key: bool = False) -> Where:
        """Find the value that a pointer names, or with ``key`` its key.

        A value that is not there (a missing field) is placed at what it is missing from. Above
        ``LARGEST_MAPPED`` characters the place is the pointer alone: the map would take gigabytes.
        """
        if len(self.text) > LARGEST_MAPPED:
            return Where(self.file, None, None, pointer)
        path = pointer.removeprefix(self.pointer)
        while (entry := self._entry(path)) is None:
            path = path.rpartition("/")[0]
        start = entry.key_start if key and entry.key_start else entry.value_start
        column = start.column + 1
        return Where(self.file, self.line + start.line, column, pointer)

    def at(self, offset: int) -> Where:
        """Give the place of a character, counted from 0."""
        line = self.text.count("\n", 0, offset)
        column = offset - self.text.rfind("\n", 0, offset)
        return Where(self.file, self.line + line, column, self.pointer)

    def _entry(self, path: str) -> Entry | None:
        # The source map leaves the "/" and "~" of a key as they are.
        return self._map.get(path) or self._map.get(path.replace("~1", "/").replace("~0", "~"))

    @cached_property
    def _map(self) -> TSourceMap:
        # A hundred times slower than parsing, so only once somebody asks for a place.
        return json_source_map.calculate(self.text)
