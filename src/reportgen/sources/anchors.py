"""Names of references as places in a document: stable, ASCII, unique in the record."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from reportgen.base.characters import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.sources.grouping import Work

_LONGEST = 80


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
