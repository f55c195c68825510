"""The part of the bibliography that one report uses, written so that it reads the same again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.sources.bibfile import RawEntry
    from reportgen.sources.citation import Bibliography
    from reportgen.sources.library import Library


def used_bibtex(bibliography: Bibliography, library: Library) -> bytes:
    """Write the .bib entries used, sorted by key, their strings put together; b'' where none is used."""
    entries = {raw.key: raw for key in sorted(bibliography.keys) for raw in _with_parent(key, library)}
    # BibTeX wants the whole after its parts.
    ordered = sorted(entries.values(), key=lambda raw: (not raw.crossref, raw.key))
    return "\n".join(map(_written, ordered)).encode()


def _with_parent(key: str, library: Library) -> Iterator[RawEntry]:
    raw = library.raw(key)
    if raw is not None:
        yield raw
        if raw.crossref and (parent := library.raw(raw.crossref)):
            yield parent


def _written(raw: RawEntry) -> str:
    fields = "".join(f"  {field.name} = {{{field.value.text}}},\n" for field in raw.fields.values())
    return f"@{raw.type}{{{raw.key},\n{fields}}}\n"


def used_lock(bibliography: Bibliography, library: Library) -> bytes:
    """Write the items of the lock file used, as a lock file; b'' where none is used."""
    items = library.locked(sorted(bibliography.keys))
    if not items:
        return b""
    from reportgen.sources.lock import lock_bytes

    return lock_bytes(items)


def cited_hash(bibliography: Bibliography, library: Library) -> str:
    """Hash what a record takes from the bibliography: its BibTeX entries and fetched metadata."""
    parts = (used_bibtex(bibliography, library), used_lock(bibliography, library))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
