"""One command at a time on a record, and the trace of one that was stopped while it asked for a draft."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import open_own
from reportgen.base.locks import hold_alone, open_folder
from reportgen.base.systems import on_windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Hold:
    """A record that is held by this process; ``asked_at`` is when an earlier one asked for a draft, or None.

    That one was stopped before it could write down what the repository answered, so a draft may exist that
    no lock file names. The moment is in seconds since the epoch.
    """

    path: Path
    handle: int
    asked_at: float | None

    def ask(self) -> None:
        """Note, before a draft is asked for, that it is.

        Raises:
            OutputError: the note cannot be written.

        """
        try:
            os.lseek(self.handle, 0, os.SEEK_SET)
            os.write(self.handle, b"a draft was asked for, and the answer not yet written down\n")
            os.fsync(self.handle)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def answered(self) -> None:
        """Take the note back: what the repository answered is known."""
        os.ftruncate(self.handle, 0)


@contextmanager
def held(lock: Path) -> Iterator[Hold]:
    """Hold the record with this lock file until the block ends, by a hidden file beside it.

    Raises:
        OutputError: another process holds it, or the folder cannot be written.

    """
    path = lock.with_name(f".{lock.name}.lock")
    handle = _taken(path)
    try:
        status = os.fstat(handle)
        yield Hold(path, handle, status.st_mtime if status.st_size else None)
    finally:
        if not os.fstat(handle).st_size:
            # Windows removes no open file: one that is left is empty, and holds nobody up.
            with suppress(PermissionError) if on_windows() else nullcontext():
                path.unlink(missing_ok=True)
        os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process publishes from this folder, and keep others waiting until the block ends.

    So the number that may be published in a day is counted by one at a time.
    """
    handle = open_folder(folder)
    try:
        hold_alone(handle, wait=True)
        yield
    finally:
        os.close(handle)


def _taken(path: Path) -> int:
    while True:
        try:
            handle = open_own(path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            hold_alone(handle, wait=False)
        except BlockingIOError as error:
            os.close(handle)
            message = "another reportgen zenodo is at work on this record"
            hint = "wait until it has ended, and run the command again"
            found = Problem("zenodo-in-use", Level.ERROR, Where(str(path)), message, hint)
            raise OutputError([found]) from error
        if _is_still(path, handle):
            return handle
        # Who held it before has removed it: what is locked now has no name any more.
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _unwritable(path: Path, error: OSError) -> OutputError:
    message = f"cannot write {path}: {error.strerror}"
    hint = "make room or give permission, and run the command again"
    if error.errno == errno.ENAMETOOLONG:
        hint = "give the record a shorter name: its lock file has the same, with `.zenodo.json`"
    return OutputError([Problem("output", Level.ERROR, Where(), message, hint)])
