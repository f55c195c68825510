"""A program of its own that turns a Parquet file into lines of JSON; `parquet` starts it.

The libraries that read Parquet are written in C++ and take as much memory as a file asks for, which may be
thousands of times its size. Here the system bounds their memory and their time, and a crash is this process's.

Arguments: ``rows`` with a number of columns, or ``groups``, or ``group`` with its number and a column. The file is
the standard input; the standard output has a line of JSON for each row. What is wrong with the file is said in one
line on the error stream, with status 3.
"""

import datetime as dt
import decimal
import io
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any

MEMORY = 2_000_000_000
SECONDS = 120
BATCH_ROWS = 500
MOST_ROWS = 1_000_000
MOST_COLUMNS = 100
MOST_GROUPS = 10_000
WRONG = 3


def main(task: str, *arguments: str) -> None:
    """Do one task; exit with 3 and a line that says why where the file does not allow it."""
    _bound()
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        pa.set_cpu_count(1)
        source = sys.stdin.buffer if sys.stdin.seekable() else io.BytesIO(sys.stdin.buffer.read())
        try:
            table = pq.ParquetFile(source)
        except (pa.ArrowException, OSError) as error:
            raise ValueError(f"this is not a Parquet file: {error}") from error
        _require_few(table)
        for row in _TASKS[task](table, *arguments):
            sys.stdout.write(json.dumps(row, default=_plain) + "\n")
        sys.stdout.flush()
    except MemoryError:
        _refuse(f"reading it takes more than {MEMORY // 1_000_000} MB of memory")
    except (ValueError, OSError, RecursionError) as error:
        # Arrow's own errors are of these kinds, too.
        _refuse(str(error))


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"  # the others reserve more than they use
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"


def _require_few(table: Any) -> None:
    most = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "row_groups": MOST_GROUPS}
    for name, number in most.items():
        if (found := getattr(table.metadata, f"num_{name}")) > number:
            raise ValueError(f"it has {found} {name.replace('_', ' ')}; {number} are the most that are read")


def _rows(table: Any) -> Iterator[Any]:
    names = table.schema_arrow.names
    yield names
    count = 0
    for batch in table.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        count += batch.num_rows
        if count > MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS} rows")
        yield from batch.to_pylist()


def _groups(table: Any) -> Iterator[Any]:
    yield table.schema_arrow.names
    for group in range(table.num_row_groups):
        yield table.metadata.row_group(group).num_rows


def _group(table: Any, group: str, column: str) -> Iterator[Any]:
    batches = table.iter_batches(
        batch_size=BATCH_ROWS, row_groups=[int(group)], columns=[column], use_threads=False
    )
    for batch in batches:
        yield from batch.column(column).to_pylist()


_TASKS: dict[str, Callable[..., Iterator[Any]]] = {"rows": _rows, "groups": _groups, "group": _group}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def _refuse(message: str) -> None:
    sys.stderr.write(" ".join(message.split())[:500])
    sys.stderr.flush()
    os._exit(WRONG)  # what was printed is of no use, and may wait for nobody


if __name__ == "__main__":
    main(*sys.argv[1:])
