"""Parquet files, read by pandas in a process with bounds on its memory and its time.

The libraries that read Parquet are written in C++ and take as much memory as a file asks for, which may be
thousands of times its size.
"""

from __future__ import annotations

import importlib.util
import os
from typing import IO, TYPE_CHECKING, Any, TypeVar

from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.base.foreign import LARGEST_BYTES
from reportgen.record.model import MOST_CLAIMS

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
MEGABYTES = 2000
SECONDS = 120
MOST_ROWS = 1_000_000
MOST_COLUMNS = 100
MOST_GROUPS = 10_000


def read_table(file: IO[bytes]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the columns of a table of claims and its rows, as plain values.

    Raises:
        ValueError: the file is no such table, or holds more than is read.

    """
    return _bounded(_table, file)


def read_groups(file: IO[bytes]) -> tuple[list[str], list[int]]:
    """Return the names of a table's columns, and the number of rows in each of its groups.

    Raises:
        ValueError: as `read_table`.

    """
    return _bounded(_groups, file)


def read_column(file: IO[bytes], group: int, column: str) -> list[Any]:
    """Return the values of a column in one group of rows.

    Raises:
        ValueError: as `read_table`.

    """
    return _bounded(_column, file, group, column)


def require_pyarrow(where: Where, what: str) -> None:
    """Raise SetupError where the package that reads Parquet is not installed; ``what`` is read from it."""
    if importlib.util.find_spec("pyarrow") is None:
        message = f"reading {what} from Parquet needs pyarrow, which is not installed"
        hint = f'install it with: pip install "reportgen-claims[parquet]"; or keep the {what} as JSON Lines'
        raise SetupError([Problem("missing-package", Level.ERROR, where, message, hint)])


def _bounded(task: Callable[..., T], *arguments: Any) -> T:
    try:
        found: T = call_bounded(_told, task, *arguments, megabytes=MEGABYTES, seconds=SECONDS)
    except BoundError as error:
        raise ValueError(f"this Parquet file is not read: {error}") from error
    return found


def _told(task: Callable[..., Any], *arguments: Any) -> Any:
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the others reserve more than they use
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        return task(*arguments)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - Arrow has errors of many kinds, and not all of them can be sent
        raise ValueError(" ".join(str(error).split())[:500] or type(error).__name__) from None


def _opened(file: IO[bytes]) -> Any:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    pa.set_cpu_count(1)
    try:
        table = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"this is not a Parquet file: {error}") from error
    for name, most in {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "row_groups": MOST_GROUPS}.items():
        if (found := getattr(table.metadata, f"num_{name}")) > most:
            raise ValueError(f"it has {found} {name.replace('_', ' ')}; {most} are the most that are read")
    return table


def _table(file: IO[bytes]) -> tuple[list[str], list[dict[str, Any]]]:
    import pandas as pd

    if (rows_given := _opened(file).metadata.num_rows) > MOST_CLAIMS:
        message = f"it has {rows_given} rows, and {MOST_CLAIMS} are the most claims that a record may have"
        raise ValueError(message)
    file.seek(0)
    frame = pd.read_parquet(file, engine="pyarrow", use_threads=False)
    rows = [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
    if sum(len(value) for row in rows for value in row.values() if isinstance(value, str)) > LARGEST_BYTES:
        raise ValueError(f"its texts have more than {LARGEST_BYTES // 1_000_000} million characters")
    return [str(name) for name in frame.columns], rows


def _groups(file: IO[bytes]) -> tuple[list[str], list[int]]:
    table = _opened(file)
    sizes = [table.metadata.row_group(group).num_rows for group in range(table.num_row_groups)]
    return list(table.schema_arrow.names), sizes


def _column(file: IO[bytes], group: int, column: str) -> list[Any]:
    found: list[Any] = _opened(file).read_row_group(group, columns=[column], use_threads=False)[0].to_pylist()
    return found


def _plain(value: Any) -> Any:
    """Turn numpy's values into plain ones; what pandas marks as missing becomes None."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain for name, item in value.items() if (plain := _plain(item)) is not None}
    return None if value != value else value  # noqa: PLR0124  # only NaN differs from itself
