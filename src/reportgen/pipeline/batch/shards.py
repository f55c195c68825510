"""Parts of a run: which records fall to which machine, so that one record more moves one record."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shard:
    """The ``number``-th of ``count`` parts, counted from 1.

    A record falls to the part whose number, hashed together with the record's name, gives the largest value: rendezvous
    hashing. So it depends on nothing but its own name, and with a part more or less only those of that part move.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``2/5``.

        Raises:
            ValueError: the text is not i/n with 1 <= i <= n.

        """
        given = re.fullmatch("([0-9]{1,6})/([0-9]{1,6})", text)
        if not given or not 1 <= int(given[1]) <= int(given[2]):
            raise ValueError(f"a shard is written i/n with 1 <= i <= n, such as 2/5; this is {text!r}")
        return cls(int(given[1]), int(given[2]))

    def holds(self, name: str) -> bool:
        """Tell whether a record of this name falls to this part."""
        return shard_of(name, self.count) == self.number

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def shard_of(name: str, count: int) -> int:
    """Return the number of the part, of ``count``, that a record falls to; its name is its id."""
    return max(range(1, count + 1), key=lambda part: _weight(name, part))


def _weight(name: str, part: int) -> bytes:
    return hashlib.sha256(f"{part}:{name}".encode("utf-8", "surrogatepass")).digest()
