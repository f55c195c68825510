"""A report given a second place: as a second name of the same bytes where the system has that, else as a copy."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from reportgen.base.foreign import LARGEST_ARTIFACT, read_foreign
from reportgen.base.paths import hidden_name, write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def link_or_copy(source: Path, target: Path) -> None:
    """Put a file under another name, too; what lies there is replaced, or stays where this fails or is killed.

    A second name costs no room and hardly any time. It is safe: reports are replaced, never written into.

    Raises:
        OSError: the file cannot be read, or the other name cannot be written.

    """
    if not _is_linked(source, target):
        content = read_foreign(source, root=source.parent, most_bytes=LARGEST_ARTIFACT)
        write_atomically(target, content, synced=False)


def _is_linked(source: Path, target: Path) -> bool:
    """Make a second name of a file; tell whether that was possible. Of a file of another user's a copy is ours."""
    try:
        status = source.lstat()
        if not stat.S_ISREG(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
            return False
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return _is_replaced(source, target)
    except (OSError, NotImplementedError):  # of another disk, or on one without second names
        return False
    return True


def _is_replaced(source: Path, target: Path) -> bool:
    name = hidden_name(target)
    try:
        os.link(source, name, follow_symlinks=False)
        name.replace(target)
    except OSError:
        return False
    finally:
        name.unlink(missing_ok=True)  # of two names of one file, none is put over the other
    return True
