"""Parquet files, read by a process with bounds on its memory and its time."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reportgen.errors import Level, Problem, SetupError, Where
from reportgen.foreign import parse_foreign_json

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

WAITED = 300  # seconds; the process has a bound of its own on what it computes
_PROGRAM = Path(__file__).with_name("parquet_rows.py")
_WRONG = 3


def read_parquet(file: IO[bytes] | bytes, most_bytes: int, *task: str) -> Generator[Any, None, None]:
    """Give the values that a task of `parquet_rows` prints; ``most_bytes`` bounds their text.

    Raises:
        ValueError: the file is no such table, or holds more than is read.

    """
    with tempfile.TemporaryFile() as said, _started(file, task, said) as process:
        try:
            yield from _values(process, most_bytes)
            status = process.wait(WAITED)
        finally:
            process.kill()
        if status:
            said.seek(0)
            message = said.read(2000).decode("utf-8", "replace") if status == _WRONG else ""
            raise ValueError(message or "this is not a Parquet file that can be read within the bounds")


def _started(file: IO[bytes] | bytes, task: tuple[str, ...], said: IO[bytes]) -> subprocess.Popen[bytes]:
    # Without the folder of the program among those that modules are imported from.
    command = [sys.executable, "-P", str(_PROGRAM), *task]
    if not isinstance(file, bytes):
        return subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=said)
    with tempfile.TemporaryFile() as kept:
        kept.write(file)
        kept.seek(0)
        return subprocess.Popen(command, stdin=kept, stdout=subprocess.PIPE, stderr=said)


def _values(process: subprocess.Popen[bytes], most_bytes: int) -> Iterator[Any]:
    left = most_bytes
    lines: Any = process.stdout
    while line := lines.readline(left + 1):
        left -= len(line)
        if left < 0:
            raise ValueError(f"its rows hold more than {most_bytes // 1_000_000} MB")
        if line.endswith(b"\n"):
            yield parse_foreign_json(line)


def require_pyarrow(where: Where, what: str) -> None:
    """Raise SetupError where the package that reads Parquet is not installed; ``what`` is read from it."""
    if importlib.util.find_spec("pyarrow") is None:
        message = f"reading {what} from Parquet needs pyarrow, which is not installed"
        hint = f'install it with: pip install "reportgen[parquet]"; or keep the {what} as JSON Lines'
        raise SetupError([Problem("missing-package", Level.ERROR, where, message, hint)])
