"""References of a record grouped by work: by a shared identifier or entry, each with its key.

Pinned versions stay apart. Names are places in a document: stable, ASCII, unique in the record.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportgen.base.characters import normal
from reportgen.base.identifiers import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reportgen.base.identifiers import Identifier
    from reportgen.sources.entry import Entry

_LONGEST = 80
Use = Literal["listed", "lead", "background", "benchmark", "outcome", "claim", "text"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place in the record that names a source.

    ``place`` counts from 0 in the order of numbering; ``claim`` is the 0-based index of a citing claim.
    """

    place: int
    identifier: Identifier
    entry: Entry | None
    pointer: str
    use: Use
    claim: int | None = None

    @property
    def version(self) -> int | None:
        """Return the arXiv version pinned here, or by the entry named here by a key or a DOI."""
        paper = self.entry.identifier("arxiv") if self.entry and self.identifier.kind != "arxiv" else None
        return (paper or self.identifier).version

    @property
    def identities(self) -> set[tuple[str, str]]:
        """Return everything this mention may share with another of the same work."""
        own = {identity_of(self.identifier)}
        return own if self.entry is None else own | self.entry.identities | {("key", self.entry.key)}


@dataclass(frozen=True, slots=True)
class Work:
    """All mentions of a work; ``divided`` when the record cites several versions and this is one of them."""

    mentions: tuple[Mention, ...]
    divided: bool = False

    @property
    def entry(self) -> Entry | None:
        """Return the entry of the best identifier, or any."""
        known = [mention for mention in self.mentions if mention.entry]
        return next(
            (m.entry for m in known if m.identifier == self.identifier), known[0].entry if known else None
        )

    @property
    def identifier(self) -> Identifier:
        """Return the most telling identifier: one with a version, then any that is not a key."""
        given = [mention.identifier for mention in self.mentions]
        return max(given, key=lambda identifier: (identifier.version is not None, identifier.kind != "key"))

    @property
    def key(self) -> str:
        """Return the first key the record uses, or ''."""
        keys = (mention.identifier.value for mention in self.mentions if mention.identifier.kind == "key")
        return next(keys, "")


def group_mentions(mentions: Sequence[Mention]) -> list[Work]:
    """Group mentions by work, in the order of the first mention.

    With several versions of a work pinned, each is a work of its own, and so are the mentions that pin
    none; with one version pinned, it is everyone's.
    """
    works: list[Work] = []
    for group in _connected(mentions):
        of_version: dict[int | None, list[Mention]] = {}
        for mention in group:
            of_version.setdefault(mention.version, []).append(mention)
        if len(of_version.keys() - {None}) <= 1:
            works.append(Work(tuple(group)))
        else:
            works += [Work(tuple(found), divided=True) for found in of_version.values()]
    return sorted(works, key=lambda work: work.mentions[0].place)


def _connected(mentions: Sequence[Mention]) -> list[list[Mention]]:
    parents: dict[tuple[str, str], tuple[str, str]] = {}

    def root(name: tuple[str, str]) -> tuple[str, str]:
        while parents.setdefault(name, name) != name:
            parents[name] = name = parents[parents[name]]
        return name

    for mention in mentions:
        for name in mention.identities:
            parents[root(name)] = root(identity_of(mention.identifier))
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(root(identity_of(mention.identifier)), []).append(mention)
    return list(groups.values())


def anchors_of(works: Iterable[Work]) -> Iterator[str]:
    """Name works: ``ref-wang2024dpa`` for the key a record uses, else ``ref-arxiv-2602.00426v1``.

    A name that ASCII cannot hold, that is too long or already taken ends with a hash of the whole.
    """
    taken: set[str] = set()
    for work in works:
        full = _full_name(work)
        plain = normal("NFKD", full).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._")
        anchor = f"ref-{slug[:_LONGEST]}"
        if not full.isascii() or len(slug) > _LONGEST or not slug or anchor.lower() in taken:
            digest = hashlib.sha256(full.encode("utf-8", "surrogatepass")).hexdigest()
            anchor = f"{anchor.rstrip('-')}-{digest[:8]}"
        taken.add(anchor.lower())
        yield anchor


def _full_name(work: Work) -> str:
    identifier, version = work.identifier, work.identifier.version
    if work.key:
        return f"{work.key}-v{version}" if work.divided and version else work.key
    address = re.sub(r"^https?://", "", identifier.value)
    return f"{identifier.kind}-{address}" + (f"v{version}" if version else "")
