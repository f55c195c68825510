"""The library: every entry of the .bib files and the lock file, decoded when it is asked for."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, Where, pointer_of
from reportgen.base.identifiers import Identifier, identity_of
from reportgen.base.paths import real_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from reportgen.sources.bibfile import BibFile, RawEntry
    from reportgen.sources.entry import Entry
    from reportgen.sources.lock import LockedItem

# Parts share the ISBN of the whole; of these types an ISBN does not name the work.
_PARTS = ("article", "conference", "in", "supp")
_PINNED = re.compile(r"(arxiv:.+)v([1-9][0-9]{0,3})")


def load_library(paths: Sequence[Path], lock: Path | None = None) -> Library:
    """Read every .bib file in the given files and folders, and the lock file.

    A path that does not exist counts as empty: a project may need no bibliography.

    Raises:
        BibliographyError: a file cannot be read, a .bib file is not UTF-8, the lock file was changed.

    """
    files: tuple[BibFile, ...] = ()
    if found := bib_paths(paths):
        from reportgen.sources.bibfile import read_bib_files

        files = read_bib_files(found)
    locked: Mapping[str, LockedItem] = {}
    if lock is not None and os.path.lexists(lock):
        from reportgen.sources.lock import read_lock

        locked = read_lock(lock)
    return Library(files, locked, searched=paths, lock=lock)


def bib_paths(paths: Iterable[Path]) -> list[Path]:
    """List the .bib files in files and folders, in the order given, a folder's by name, each once."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in sorted(path.glob("*.bib")) if path.is_dir() else [path]:
            if path.is_dir() or path.exists():
                found.setdefault(real_path(file), file)
    return list(found.values())


class Library:
    """Entries by key and by identifier. Users cannot change it; entries are decoded once.

    ``searched`` are the paths that were looked in; ``problems`` what is wrong with the files as such:
    entries that cannot be read, keys given twice (the first entry is used).
    """

    def __init__(
        self,
        files: Sequence[BibFile] = (),
        locked: Mapping[str, LockedItem] | None = None,
        *,
        searched: Sequence[Path] = (),
        lock: Path | None = None,
    ) -> None:
        self.searched = tuple(searched)
        self._lock = lock
        self._locked = dict(locked or {})
        self._entries: dict[tuple[str, str], Entry] = {}
        self._raw: dict[str, RawEntry] = {}
        self._by_lower_key: dict[str, RawEntry] = {}
        self._problems_of: defaultdict[str, list[Problem]] = defaultdict(list)
        problems: list[Problem] = []
        for file in files:
            problems += file.problems
            for key, problem in file.failed.items():
                self._problems_of[key].append(problem)
            for raw in file.entries:
                if self._raw.setdefault(raw.key, raw) is not raw and raw.key:
                    problems.append(duplicate_key(raw, self._raw[raw.key]))
                    self._problems_of[raw.key].append(problems[-1])
        self._raw.pop("", None)
        for key, raw in self._raw.items():
            self._by_lower_key.setdefault(key.lower(), raw)
        self.problems: tuple[Problem, ...] = tuple(problems)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the .bib entries, in the order of the files."""
        return tuple(self._raw)

    def entry(self, key: str) -> Entry | None:
        """Return the .bib entry of a key, decoded; None when there is none."""
        if (raw := self._raw.get(key)) is None:
            return None
        if ("key", key) not in self._entries:
            from reportgen.sources.bibtex import read_entry

            self._entries["key", key] = read_entry(raw, self.named)
        return self._entries["key", key]

    def find(self, identifier: Identifier) -> Entry | None:
        """Return the entry of a key or another identifier: the .bib files' first, else the lock file's.

        Of several .bib entries for one arXiv paper the one with the wanted version counts, then one
        without a version. From the lock file a pinned version is only answered by itself, or by the
        paper without a version.
        """
        if identifier.kind == "key":
            return self.entry(identifier.value)
        known = self._by_identity.get(identity_of(identifier), [])
        versions = [version for version, _ in known]
        for wanted in (identifier.version, None):
            if wanted in versions:
                return self.entry(known[versions.index(wanted)][1])
        return self.entry(known[0][1]) if known else self._find_locked(identifier)

    def problems_of(self, key: str) -> tuple[Problem, ...]:
        """Return why a key's entry cannot be read, or that the key is given twice."""
        return tuple(self._problems_of.get(key, ()))

    def raw(self, key: str) -> RawEntry | None:
        """Return the .bib entry of a key as it is written."""
        return self._raw.get(key)

    def named(self, key: str) -> RawEntry | None:
        """Return the .bib entry that another one names, whatever the case of the key."""
        return self._raw.get(key) or self._by_lower_key.get(key.lower())

    def locked(self, names: Iterable[str]) -> dict[str, LockedItem]:
        """Return those items of the lock file that have one of the names."""
        return {name: self._locked[name] for name in names if name in self._locked}

    def identified(self, kind: str) -> tuple[str, ...]:
        """Return the identifiers of a kind that entries have, in small letters."""
        return tuple(value for known, value in self._by_identity if known == kind)

    @cached_property
    def _by_identity(self) -> Mapping[tuple[str, str], list[tuple[int | None, str]]]:
        from reportgen.sources.bibfile import first_of_each
        from reportgen.sources.bibtex_identifiers import IDENTIFYING, identify_entry

        index: dict[tuple[str, str], list[tuple[int | None, str]]] = {}
        for key, raw in self._raw.items():
            for found in identify_entry(first_of_each(raw.every_field(IDENTIFYING))).identifiers:
                if found.kind != "isbn" or not raw.type.startswith(_PARTS):
                    index.setdefault(identity_of(found), []).append((found.version, key))
        return index

    @cached_property
    def _locked_versions(self) -> Mapping[str, list[str]]:
        """Return the names of every arXiv paper's versions in the lock file, the latest first."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for name in self._locked:
            if pinned := _PINNED.fullmatch(name):
                found[pinned[1]].append(int(pinned[2]))
        return {
            paper: [f"{paper}v{version}" for version in sorted(versions, reverse=True)]
            for paper, versions in found.items()
        }

    def _find_locked(self, identifier: Identifier) -> Entry | None:
        if not self._locked:
            return None
        from reportgen.sources.csl import read_item
        from reportgen.sources.lock import lock_key

        unpinned = Identifier(identifier.kind, identifier.value)
        names = [lock_key(identifier), lock_key(unpinned)]
        if identifier.kind == "arxiv" and identifier.version is None:
            names += self._locked_versions.get(lock_key(unpinned), ())
        name = next((name for name in names if name in self._locked), None)
        if name is None:
            return None
        if ("lock", name) not in self._entries:
            where = Where(str(self._lock or ""), pointer=pointer_of(["references", name]))
            entry, problems = read_item(self._locked[name].item, name, where)
            if entry is None:
                raise ValueError(f"the lock file was read with an invalid item: {problems[0]}")
            self._entries["lock", name] = entry
        return self._entries["lock", name]


def duplicate_key(second: RawEntry, first: RawEntry) -> Problem:
    """Say that a key is given twice."""
    where = Where(str(second.path), second.line)
    message = f"the key {second.key} is already at {first.path}:{first.line}; that entry is used"
    hint = "remove one entry, or give it another key"
    return Problem("bib-duplicate-key", Level.ERROR, where, message, hint)
