"""Which references are one work: by a shared key, identifier or entry; pinned versions stay apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.bibliography.library import identity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.bibliography.entry import Entry
    from reportgen.identifiers import Identifier

Use = Literal["listed", "lead", "background", "benchmark", "claim", "text"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the record that names a source; ``claim`` is the 0-based index of a citing claim."""

    identifier: Identifier
    pointer: str
    use: Use
    claim: int | None = None
    entry: Entry | None = None

    @property
    def version(self) -> int | None:
        """Give the arXiv version pinned by the reference, or by the entry it names."""
        if self.identifier.version or self.entry is None or self.entry.arxiv is None:
            return self.identifier.version
        return self.entry.arxiv.version if self.identifier.kind != "arxiv" else None

    @property
    def identities(self) -> set[tuple[str, str]]:
        """Give everything this mention may share with another of the same work."""
        own = {identity_of(self.identifier)}
        return own if self.entry is None else own | self.entry.identities | {("key", self.entry.key)}


def group_works(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Group mentions by work, in the order of their first mention."""
    parents: dict[tuple[str, str], tuple[str, str]] = {}

    def root(name: tuple[str, str]) -> tuple[str, str]:
        while parents.setdefault(name, name) != name:
            parents[name] = name = parents[parents[name]]
        return name

    for mention in mentions:
        for name in mention.identities:
            parents[root(name)] = root(identity_of(mention.identifier))
    works: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        works.setdefault(root(identity_of(mention.identifier)), []).append(mention)
    return list(works.values())


def split_versions(work: Sequence[Mention]) -> list[list[Mention]]:
    """Split a work whose versions conflict; a reference to no version then stands for itself.

    With one version pinned, or none, the work is one reference.
    """
    pinned = {mention.version for mention in work} - {None}
    if len(pinned) <= 1:
        return [list(work)]
    versions = dict.fromkeys(mention.version for mention in work)
    return [[mention for mention in work if mention.version == version] for version in versions]
