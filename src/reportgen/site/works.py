"""The identity of a source across reports: one work has one page, whichever records cite it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from reportgen.base.identifiers import identity_of
from reportgen.pipeline.outputs import slug

if TYPE_CHECKING:
    from reportgen.base.identifiers import Identifier
    from reportgen.sources import Reference
    from reportgen.sources.entry import Entry

_PREFERRED: Final = ("doi", "arxiv", "pmid", "isbn", "url")
"""What names a work, the most lasting first."""
_LONGEST = 60
_DIGITS = 10


def work_key(reference: Reference) -> str:
    """Name the work of a reference in every report alike: by its best identifier, else by what its entry says.

    The name is safe as a folder's. It ends in a hash, so that no other work has it and no other record changes it.
    """
    entry = reference.entry
    known = [reference.identifier, *(entry.identifiers if entry else ())]
    named = [each for each in known if each.kind in _PREFERRED]
    if not named:
        return _of_entry(entry) if entry else _of_identifier(reference.identifier)
    return _of_identifier(min(named, key=lambda each: _PREFERRED.index(each.kind)))


def _of_identifier(identifier: Identifier) -> str:
    kind, value = identity_of(identifier)
    return _named(kind, value, f"{kind}:{value}")


def _of_entry(entry: Entry) -> str:
    names = {role: [str(name) for name in people] for role, people in sorted(entry.names.items())}
    said = [
        entry.type,
        sorted(entry.texts.items()),
        names,
        entry.year,
        [str(each) for each in entry.identifiers],
    ]
    return _named("work", entry.title, json.dumps(said, ensure_ascii=False))


def _named(kind: str, text: str, whole: str) -> str:
    words = slug(text)[:_LONGEST].strip("-")
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return "-".join(filter(None, (kind, words, digest)))
