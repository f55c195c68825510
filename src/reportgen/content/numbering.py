"""Numbers: of headings, figures, tables and equations, in the order in which a reader meets them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reportgen.text.inline import plain_text
from reportgen.text.report import ClaimList, ReferenceList, Section
from reportgen.text.tree import Block, CrossReference, Equation, Figure, Heading, NoteItem, Table

if TYPE_CHECKING:
    from reportgen.text.wording import Wording

_NUMBERED_LEVELS = range(2, 5)
_WITHOUT_NUMBERS = (ClaimList, ReferenceList)
"""What holds nothing that is numbered here, and may hold very much."""


def number_blocks(sections: tuple[Section, ...], wording: Wording) -> tuple[Section, ...]:
    """Return sections with numbers, which stand as well where a text refers to what has them."""
    numbering = _Numbering(wording)
    return _resolved(numbering.numbered(sections), numbering.places)  # type: ignore[no-any-return]


class _Numbering:
    """Counts; ``places`` are what references print, by anchor."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._counts: Counter[str] = Counter()
        self._levels = dict.fromkeys(_NUMBERED_LEVELS, 0)
        self.places: dict[str, str] = {}

    def numbered(self, node: Any) -> Any:
        """Return a block, or several, with numbers."""
        if isinstance(node, tuple):
            return tuple(map(self.numbered, node)) if _has_blocks(node) else node
        if isinstance(node, Block) and not isinstance(node, _WITHOUT_NUMBERS):
            return self._block(node)
        return node

    def _block(self, block: Block) -> Block:
        match block:
            case Heading():
                return self._heading(block)
            case Figure(caption=caption) if caption:
                return replace(block, label=self._label("figure", block.id or block.name))
            case Table(caption=caption) if caption:
                return replace(block, label=self._label("table", block.id))
            case NoteItem(label=label, id=anchor):
                self.places[anchor] = self._wording.say("place.note", int(label))
            case Equation(id=anchor) if anchor:
                return replace(block, label=f"({self._count('equation', anchor)})")
        return _with(block, self.numbered)  # type: ignore[no-any-return]

    def _heading(self, heading: Heading) -> Heading:
        number = ""
        if heading.level in _NUMBERED_LEVELS:
            self._levels[heading.level] += 1
            self._levels |= dict.fromkeys(range(heading.level + 1, _NUMBERED_LEVELS.stop), 0)
            number = ".".join(str(self._levels[level]) for level in range(2, heading.level + 1))
        if heading.id:
            place = (
                self._wording.say("place.section", number=number) if number else plain_text(heading.content)
            )
            self.places[heading.id] = place
        return replace(heading, number=number)

    def _label(self, kind: str, anchor: str) -> str:
        return self._wording.say(f"{kind}.label", self._count(kind, anchor))

    def _count(self, kind: str, anchor: str) -> int:
        self._counts[kind] += 1
        if anchor:
            self.places[anchor] = self._wording.say(f"place.{kind}", self._counts[kind])
        return self._counts[kind]


def _resolved(node: Any, places: dict[str, str]) -> Any:
    if isinstance(node, tuple):
        return tuple(_resolved(part, places) for part in node)
    if isinstance(node, CrossReference):
        place = places.get(node.anchor)
        return replace(node, label=node.label or place or node.spoken, spoken=place or node.spoken)
    if dataclasses.is_dataclass(node) and not isinstance(node, _WITHOUT_NUMBERS):
        return _with(node, lambda value: _resolved(value, places))
    return node


def _with(node: Any, change: Any) -> Any:
    """Return a node whose parts are changed; the node itself where none is."""
    values = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    parts = {
        name: value
        for name, value in values.items()
        if isinstance(value, tuple) or dataclasses.is_dataclass(value)
    }
    changed = {name: new for name, value in parts.items() if (new := change(value)) != value}
    return replace(node, **changed) if changed else node


def _has_blocks(node: tuple[Any, ...]) -> bool:
    return bool(node) and isinstance(node[0], (Block, tuple))
