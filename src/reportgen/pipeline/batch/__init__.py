"""Many records, one run: warm workers, nothing built twice, one failure stopping none of the others."""

from __future__ import annotations

from reportgen.pipeline.batch.changes import changed_since
from reportgen.pipeline.batch.inputs import RecordSource, find_sources, shard
from reportgen.pipeline.batch.outcome import Outcome, Status
from reportgen.pipeline.batch.run import Options, executor_for, run_batch
from reportgen.pipeline.batch.worker import Result, Task, build_one

__all__ = [
    "Options",
    "Outcome",
    "RecordSource",
    "Result",
    "Status",
    "Task",
    "build_one",
    "changed_since",
    "executor_for",
    "find_sources",
    "run_batch",
    "shard",
]
