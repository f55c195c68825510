"""Problems of a record's references: unknown keys, missing metadata, versions in conflict."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where
from reportgen.base.suggestions import distance, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.base.identifiers import Identifier
    from reportgen.sources.grouping import Work
    from reportgen.sources.library import Library

# What `reportgen bib fetch` can ask the registries for.
FETCHABLE = ("doi", "arxiv")


_MOST_COMPARED = 100_000
"""How many names are compared in all to find those that unknown keys were meant to be."""


def reference_problems(works: Sequence[Work], library: Library, ids: Sequence[str]) -> Iterator[Problem]:
    """Check each work; ``ids`` are those of the record's own items, which keys may mean.

    Problems of a reference point into the record at its first mention, those of an entry at its line.
    """
    keys = _Keys(library, ids)
    for work in works:
        where = Where(pointer=work.mentions[0].pointer)
        for key in dict.fromkeys(m.identifier.value for m in work.mentions if m.identifier.kind == "key"):
            yield from library.problems_of(key)
        if entry := work.entry:
            yield from entry.problems
        elif work.identifier.kind == "key":
            # Of the record's own items, one that gives no entry has had its wrong fields named.
            if work.identifier.value not in keys.of_items:
                yield keys.unknown(work.identifier.value, where)
        else:
            yield _unresolved(work, where, keys.near_doi(work.identifier))
        if work.divided:
            message = (
                f"{work.identifier} and other versions of the same work are cited; each is listed by itself"
            )
            hint = "pin the same version everywhere, if the same is meant"
            yield Problem("version-conflict", Level.WARNING, where, message, hint)


class _Keys:
    """The keys that can be cited, and what one that cannot was meant to be."""

    def __init__(self, library: Library, ids: Sequence[str]) -> None:
        self.library, self.of_items = library, frozenset(ids)
        self.known = tuple(dict.fromkeys((*library.keys, *ids)))
        self.guesses = 1 + _MOST_COMPARED // (1 + len(self.known))

    def unknown(self, key: str, where: Where) -> Problem:
        if self.library.problems_of(key):
            hint = "repair the entry"
        elif close := self._close(key):
            hint = f"did you mean {close!r}?"
        else:
            searched = ", ".join(str(path) for path in self.library.searched) or "no folder"
            hint = f"{len(self.known)} keys are known, searched in {searched}"
        return Problem("unknown-key", Level.ERROR, where, f"no entry has the key {key!r}", hint)

    @cached_property
    def _dois(self) -> tuple[str, ...]:
        return self.library.identified("doi")

    def near_doi(self, identifier: Identifier) -> str | None:
        """Return the DOI of an entry that differs in one letter, as after a slip; others are other works."""
        if identifier.kind != "doi" or self.guesses <= 0:
            return None
        self.guesses -= 1
        doi = identifier.value.lower()
        return next(
            (each for each in self._dois if abs(len(each) - len(doi)) <= 1 and distance(each, doi, 1) == 1),
            None,
        )

    def _close(self, key: str) -> str | None:
        self.guesses -= 1
        return suggest(key, self.known) if self.guesses >= 0 else None


def _unresolved(work: Work, where: Where, near: str | None) -> Problem:
    identifier = work.identifier
    message = f"no metadata is known for {identifier}; it is printed as that alone"
    hint = "add an entry to the bibliography, or give the source as a CSL-JSON item"
    if identifier.kind in FETCHABLE:
        hint = f"run `reportgen bib fetch` with this record, or {hint}"
    if near:
        hint = f"an entry has {near}: write that, if it is meant; else {hint}"
    return Problem("source-unresolved", Level.WARNING, where, message, hint)
