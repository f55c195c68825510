"""The CSL-JSON items a record carries itself: they come before the library's entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where
from reportgen.base.identifiers import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from reportgen.base.identifiers import Identifier
    from reportgen.sources.citation import NamedSource
    from reportgen.sources.entry import Entry
    from reportgen.sources.library import Library


class InlineItems:
    """Finds entries: first among the items of the record, then in the library.

    ``problems`` are items that cannot be read, and items whose id is a key of the library too.
    """

    def __init__(self, named: Iterable[NamedSource], library: Library) -> None:
        """Read the items among the sources that a record names."""
        self._library = library
        self._items: dict[str, Mapping[str, Any]] = {}
        self._entries: dict[str, Entry | None] = {}
        self._by_identity: dict[tuple[str, str], Entry] = {}
        self.problems: list[Problem] = []
        for each in named:
            if each.source.item is not None:
                self._add(each.source.identifier.value, each.source.item, Where(pointer=each.pointer))

    def find(self, identifier: Identifier) -> Entry | None:
        """Return the entry of a key or another identifier; None when no metadata is known."""
        if identifier.kind == "key" and identifier.value in self._items:
            return self._entries[identifier.value]
        return self._by_identity.get(identity_of(identifier)) or self._library.find(identifier)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the items, which keys can refer to."""
        return tuple(self._items)

    def _add(self, name: str, item: Mapping[str, Any], where: Where) -> None:
        if name in self._items:
            return  # the first counts; that another one differs, the check `duplicate-citation-key` says
        from reportgen.sources.csl import read_item

        self._items[name] = item
        self._entries[name], problems = read_item(item, name, where)
        self.problems += problems
        if self._library.raw(name):
            message = f"the item {name!r} has the key of an entry of the bibliography; the item is used"
            hint = "give the item another id, or cite the entry by its key"
            self.problems.append(Problem("item-shadows-entry", Level.WARNING, where, message, hint))
        if entry := self._entries[name]:
            for found in entry.identifiers:
                self._by_identity.setdefault(identity_of(found), entry)
