"""How a batch is run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportgen.base.systems import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from concurrent.futures import Executor

    from reportgen.base.settings import Settings
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.shards import Shard

# Tasks given out per worker before the first is back: enough to keep it busy, few to hold in memory.
_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a batch; ``overrides`` are settings from the command line, ``jobs`` 0 means one a processor.

    ``settings`` hold for every record, whatever its project says. ``start`` makes other workers than those of
    this machine when the first task comes; ``jobs`` is then their number. ``shard`` and ``chosen`` name the records
    that are looked at where it is not all of them; the others are still read, for what is theirs.
    """

    jobs: int = 0
    force: bool = False
    check: bool = False
    fail_fast: bool = False
    strict: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict)
    start: Callable[[], Executor] | None = None
    settings: Settings | None = None
    shard: Shard | None = None
    chosen: Collection[RecordSource] | None = None

    @property
    def workers(self) -> int:
        """Return the number of workers: as asked, else one for each processor this process may use."""
        return self.jobs or processors()

    @property
    def window(self) -> int:
        """Return how many records may be under way at once."""
        return 1 if self.workers == 1 and self.start is None else self.workers * _AHEAD
