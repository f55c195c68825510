"""The files that a record is read from: their bytes and their text."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.base.foreign import LARGEST_BYTES, read_foreign
from reportgen.base.suggestions import distance, suggest

if TYPE_CHECKING:
    from pathlib import Path

_MOST_NAMES = 2000


@dataclass(frozen=True)
class InputFile:
    """A file as it was read: where it lies, as the user wrote it, and its bytes."""

    path: Path
    raw: bytes

    @cached_property
    def sha256(self) -> str:
        """Return the checksum of the bytes, 64 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()

    def text(self) -> str:
        """Decode the file as UTF-8; a byte order mark is left out.

        Raises:
            RecordError: the bytes are not UTF-8; the place is that of the first byte that is not.

        """
        try:
            return self.raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = self.raw[: error.start]
            line_start = before.rfind(b"\n") + 1
            column = len(before[line_start:].decode("utf-8-sig", "replace")) + 1
            where = Where(str(self.path), before.count(b"\n") + 1, column)
            message = f"the byte 0x{self.raw[error.start]:02X} is not UTF-8"
            hint = "save the file as UTF-8"
            raise RecordError([Problem("not-utf-8", Level.ERROR, where, message, hint)]) from error


def read_file(
    path: Path, where: Where | None = None, *, root: Path | None = None, most_bytes: int | None = None
) -> InputFile:
    """Read a file that is no larger than it may be; ``where`` is the place that names it, if any.

    ``root`` is the folder it must lie in where a record and not the user names it.

    Raises:
        RecordError: the file cannot be read, or is larger than ``most_bytes``.

    """
    where = where or Where(str(path))
    most_bytes = LARGEST_BYTES if most_bytes is None else most_bytes
    try:
        return InputFile(path, read_foreign(path, root=root, most_bytes=most_bytes))
    except OSError as error:
        if error.errno == errno.EFBIG:
            message = f"the file {path} is larger than {most_bytes // 1_000_000} MB"
            hint = "split the report, or publish the claim counts instead of the claims"
            if most_bytes < LARGEST_BYTES:
                hint = "save it smaller, or leave it out"
            raise RecordError([Problem("file-too-large", Level.ERROR, where, message, hint)]) from error
        message = f"the file {path} cannot be read: {error.strerror or error}"
        near = _near_name(path) if error.errno == errno.ENOENT else None
        hint = f"did you mean `{near}`?" if near else "check the path and the permissions"
        raise RecordError([Problem("file-unreadable", Level.ERROR, where, message, hint)]) from error


def _near_name(path: Path) -> str | None:
    """Return the name of a file of the same kind in a file's folder that was probably meant."""
    try:
        with os.scandir(path.parent) as entries:
            names = sorted(entry.name for entry in islice(entries, _MOST_NAMES) if entry.is_file())
    except OSError:
        return None
    kind = path.suffix.casefold()
    return suggest(
        path.name, (name for name in names if distance(PurePath(name).suffix.casefold(), kind, 1) <= 1)
    )
