"""Names of references as places in a document: stable, ASCII, unique in the record."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from reportgen.base.characters import normal

if TYPE_CHECKING:
    from reportgen.base.identifiers import Identifier
    from reportgen.sources.grouping import Work

_LONGEST = 80


class Anchors:
    """Hands out anchors: ``ref-wang2024dpa`` for a key, ``ref-arxiv-2602.00426v1`` for an identifier."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, work: Work) -> str:
        """Name a work by the key the record uses, else by its identifier.

        A name that ASCII cannot hold, that is too long or already taken ends with a hash of the whole.
        """
        full = f"{work.key}{_version(work.identifier, work)}" if work.key else _written(work.identifier)
        plain = normal("NFKD", full).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._")
        anchor = f"ref-{slug[:_LONGEST]}"
        if not full.isascii() or len(slug) > _LONGEST or not slug or anchor.lower() in self._taken:
            digest = hashlib.sha256(full.encode("utf-8", "surrogatepass")).hexdigest()
            anchor = f"{anchor.rstrip('-')}-{digest[:8]}"
        self._taken.add(anchor.lower())
        return anchor


def _version(identifier: Identifier, work: Work) -> str:
    return f"-v{identifier.version}" if work.divided and identifier.version else ""


def _written(identifier: Identifier) -> str:
    version = f"v{identifier.version}" if identifier.version else ""
    return f"{identifier.kind}-{re.sub(r'^https?://', '', identifier.value)}{version}"
