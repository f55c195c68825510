"""Numbered references of one record: each work once, with every place that cites it."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.bibliography.csl import read_item
from reportgen.bibliography.library import identity_of
from reportgen.bibliography.works import Mention, group_works, split_versions
from reportgen.errors import Level, Problem, Where
from reportgen.identifiers import Identifier, identify

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reportgen.bibliography.entry import Entry
    from reportgen.bibliography.library import Library
    from reportgen.model import Record, SourceReference

_LONGEST_SLUG = 80
# What `reportgen bib fetch` can ask for.
FETCHABLE = ("doi", "arxiv")


@dataclass(frozen=True, slots=True)
class Reference:
    """One numbered reference.

    ``number`` starts at 1. ``anchor`` is ASCII, unique in the record, and stays when references are added
    or reordered. ``identifier`` is as the record gives it, with its pinned version. ``entry`` is None when
    no metadata is known: such a reference is printed as its identifier. ``cited_by`` are the 0-based
    indices of the claims that cite it; ``listed`` and ``lead`` say that the record names it in ``sources``
    and as ``lead_source``.
    """

    number: int
    anchor: str
    identifier: Identifier
    entry: Entry | None = None
    cited_by: tuple[int, ...] = ()
    listed: bool = False
    lead: bool = False
    cited_in_background: bool = False
    cited_in_text: bool = False
    cited_in_benchmark: bool = False

    @property
    def cited(self) -> bool:
        """Say whether anything in the report rests on it; else it was retrieved, not cited."""
        return bool(
            self.cited_by
            or self.lead
            or self.cited_in_background
            or self.cited_in_text
            or self.cited_in_benchmark
        )

    @property
    def url(self) -> str | None:
        """Give the address a reader can open, of the pinned version where there is one."""
        return self.identifier.url or (self.entry.link if self.entry else None)


@dataclass(frozen=True)
class Bibliography:
    """The references of one record, in the order of their numbers, and what is wrong with them."""

    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    _claims: Mapping[int, tuple[Reference, ...]]
    _names: Mapping[tuple[tuple[str, str], int | None], Reference]

    def of_claim(self, index: int) -> tuple[Reference, ...]:
        """Give what the claim of a 0-based index cites, by number; nothing when it has no source."""
        return self._claims.get(index, ())

    def numbers_of_claim(self, index: int) -> tuple[int, ...]:
        """Give the numbers a claim of a 0-based index cites, in ascending order."""
        return tuple(reference.number for reference in self.of_claim(index))

    def lookup(self, source: SourceReference | str) -> Reference:
        """Find the reference of a source of the record, or of a key cited in its text.

        Raises:
            KeyError: neither the record nor ``cited_in_text`` names that source.

        """
        wanted = _text_identifiers(source) if isinstance(source, str) else [source.identifier]
        for identifier in wanted:
            if found := self._names.get((identity_of(identifier), identifier.version)):
                return found
        raise KeyError(f"{source} is not among the references of this record")

    @property
    def unresolved(self) -> tuple[Identifier, ...]:
        """Give the identifiers no metadata is known for, without keys."""
        return tuple(
            reference.identifier
            for reference in self.references
            if reference.entry is None and reference.identifier.kind != "key"
        )

    @property
    def keys(self) -> frozenset[str]:
        """Give the keys of the entries used."""
        return frozenset(reference.entry.key for reference in self.references if reference.entry)


def cite(record: Record, library: Library, cited_in_text: Sequence[str] = ()) -> Bibliography:
    """Number the sources of a record: each work once, in the order the record first names them.

    The order is ``sources``, ``lead_source``, the background's source, the benchmark's, the claims', and
    last what the sections cite, whose keys ``[@key]`` are given as ``cited_in_text``. A claim without
    sources of its own cites ``lead_source``.
    """
    inline = _InlineItems(record, library)
    mentions = [replace(found, entry=inline.find(found.identifier)) for found in _mentions(record, cited_in_text, inline)]
    works = [split_versions(work) for work in group_works(mentions)]
    order = {id(mention): place for place, mention in enumerate(mentions)}
    groups = sorted((group for work in works for group in work), key=lambda group: order[id(group[0])])
    divided = {id(group) for work in works if len(work) > 1 for group in work}
    anchors: set[str] = set()
    references = [
        _reference(number, group, anchors, divided=id(group) in divided) for number, group in enumerate(groups, 1)
    ]
    problems = [*inline.problems]
    for reference, group in zip(references, groups, strict=True):
        problems += _problems(reference, group, library, inline)
    problems += [_conflict(work) for work in works if len(work) > 1]
    return Bibliography(
        tuple(references), tuple(dict.fromkeys(problems)), _by_claim(references), _by_name(references, groups)
    )
