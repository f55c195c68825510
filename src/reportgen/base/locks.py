"""Locks between processes: on an open file or folder, and gone with the process that holds them, however it ends.

They are flock's; a library brings them where the system has none, and is imported only there: it takes 40 ms.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reportgen.base.foreign import open_own

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

    from portalocker import LockFlags

_STANDS_FOR_FOLDER = ".reportgen.lock"


def open_folder(folder: Path) -> int:
    """Open a folder to be locked; give its number. Windows opens none, so there a hidden file stands for it.

    Raises:
        OSError: it is no folder, or cannot be opened.

    """
    if fcntl is None:
        return open_own(folder / _STANDS_FOR_FOLDER, os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def hold_alone(handle: int, *, wait: bool) -> None:
    """Hold an open file or folder alone.

    Raises:
        BlockingIOError: another process holds it, and this one does not ``wait``.
        OSError: the file system has no locks.

    """
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    from portalocker import LockFlags

    _lock(handle, LockFlags.EXCLUSIVE if wait else LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING)


def hold_together(handle: int) -> None:
    """Hold an open file or folder with others that do the same, also where it was held alone before.

    Raises:
        OSError: the file system has no locks.

    """
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_SH)
        return
    from portalocker import LockFlags, unlock

    unlock(handle)  # Windows has one lock given up before another kind is taken
    _lock(handle, LockFlags.SHARED)


def _lock(handle: int, flags: LockFlags) -> None:
    from portalocker import AlreadyLocked, LockException, lock

    try:
        lock(handle, flags)
    except AlreadyLocked as error:
        raise BlockingIOError(str(error)) from error
    except LockException as error:
        raise OSError(str(error)) from error
