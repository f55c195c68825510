"""Numbers: of headings, figures, tables, equations and notes, in the order in which a reader meets them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from operator import is_not
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.text.inline import plain_text
from reportgen.text.report import ClaimList, ReferenceList, Section, field_names
from reportgen.text.tree import Block, CrossReference, Equation, Figure, Heading, NoteItem, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.text.wording import Wording

APPENDICES = "appendices"
"""The section whose headings have letters, and are numbered apart from the sections before them."""
_NUMBERED_LEVELS = range(2, 5)
_WITHOUT_NUMBERS = (ClaimList, ReferenceList)
"""What holds nothing that is numbered here, and may hold very much."""


class _Place(NamedTuple):
    """The words of a reference to a place: as printed, and as heard."""

    label: str
    spoken: str


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
        self._is_appendix = False
        self.places: dict[str, _Place] = {}

    def numbered(self, node: Any) -> Any:
        """Return a block, or several, with numbers."""
        if isinstance(node, tuple):
            return _changed(node, self.numbered) if _has_blocks(node) else node
        if isinstance(node, Block) and not isinstance(node, _WITHOUT_NUMBERS):
            return self._block(node)
        return node

    def _block(self, block: Block) -> Block:
        match block:
            case Section(name=name):
                self._begin(is_appendix=name == APPENDICES)
            case Heading():
                return self._heading(block)
            case Figure(caption=caption) if caption:
                return replace(block, label=self._label("figure", block.id or block.name))
            case Table(caption=caption) if caption:
                return replace(block, label=self._label("table", block.id))
            case NoteItem(id=anchor):
                number = self._count("note", anchor)
                self.places[anchor] = self.places[anchor]._replace(label=str(number))
                block = replace(block, label=str(number))
            case Equation(id=anchor) if anchor:
                return replace(block, label=f"({self._count('equation', anchor)})")
        return _with(block, self.numbered)  # type: ignore[no-any-return]

    def _begin(self, *, is_appendix: bool) -> None:
        """Begin a section; only appendices have letters and numbers."""
        self._is_appendix = is_appendix

    def _heading(self, heading: Heading) -> Heading:
        number = place = ""
        if self._is_appendix and heading.level in _NUMBERED_LEVELS:
            self._levels[heading.level] += 1
            self._levels |= dict.fromkeys(range(heading.level + 1, _NUMBERED_LEVELS.stop), 0)
            number, place = self._number(heading.level)
        if heading.id:
            self._name(heading.id, place or self._wording.quoted(plain_text(heading.content)))
        return replace(heading, number=number)

    def _number(self, level: int) -> tuple[str, str]:
        """Return the number of a heading of an appendix, and what a reference to it prints."""
        first, *parts = (self._levels[each] for each in range(2, level + 1))
        if not parts:
            appendix = self._wording.say("place.appendix", letter=_letter(first - 1))
            return appendix, appendix
        number = ".".join([_letter(first - 1), *map(str, parts)])
        return number, self._wording.say("place.section", number=number)

    def _label(self, kind: str, anchor: str) -> str:
        return self._wording.say(f"{kind}.label", self._count(kind, anchor))

    def _count(self, kind: str, anchor: str) -> int:
        self._counts[kind] += 1
        if anchor:
            self._name(anchor, self._wording.say(f"place.{kind}", self._counts[kind]))
        return self._counts[kind]

    def _name(self, anchor: str, words: str) -> None:
        self.places[anchor] = _Place(words, words)


def _resolved(node: Any, places: Mapping[str, _Place]) -> Any:
    if isinstance(node, tuple):
        return _changed(node, lambda part: _resolved(part, places))
    if isinstance(node, CrossReference):
        label, spoken = places.get(node.anchor, (node.label, node.spoken))
        return replace(node, label=label, spoken=spoken)
    if not isinstance(node, _WITHOUT_NUMBERS):
        return _with(node, lambda value: _resolved(value, places))
    return node


def _with(node: Any, change: Any) -> Any:
    """Return a node whose parts are changed; the node itself where none is."""
    names = field_names(type(node))  # type: ignore[arg-type]  # a class is hashable
    parts = [(name, getattr(node, name)) for name in names]
    changed = {
        name: new for name, part in parts if not isinstance(part, str) and (new := change(part)) is not part
    }
    return replace(node, **changed) if changed else node


def _changed(parts: tuple[Any, ...], change: Any) -> tuple[Any, ...]:
    """Return parts as they are changed; the same tuple where none is."""
    changed = tuple([part if isinstance(part, str) else change(part) for part in parts])
    return changed if any(map(is_not, changed, parts)) else parts


def _has_blocks(node: tuple[Any, ...]) -> bool:
    return bool(node) and isinstance(node[0], (Block, tuple))


def _letter(index: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    more, letter = divmod(index, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + letter)
