"""Keeping what was made, and finding it again."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.cache.bounds import LOCK, STAMP, bound, prune_when_due
from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import open_own, read_foreign
from reportgen.base.locks import hold_alone
from reportgen.base.paths import cache_folder, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_DIGEST = hashlib.sha256().digest_size
_OWN: dict[Path, Path] = {}
"""The files that could not be kept, and where this process has them instead."""


def key_of(parts: Iterable[str | bytes]) -> str:
    """Hash parts to a key of 64 hexadecimal digits; the boundaries between the parts count."""
    digest = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()


def recall(kind: str, key: str, suffix: str, make: Callable[[], bytes]) -> bytes:
    """Return the bytes kept under a key, or make them and keep them.

    Raises:
        SettingsError: ``REPORTGEN_CACHE_MB`` is no whole number. What ``make`` raises is passed on.

    """
    bound()
    if (kept := find(kind, key, suffix)) is not None:
        return kept
    content = make()
    keep(kind, key, suffix, content)
    return content


def keep(kind: str, key: str, suffix: str, content: bytes) -> None:
    """Keep bytes under a key, for `find`; a cache that cannot be written is no reason to fail."""
    path = cache_folder(kind) / f"{key}{suffix}"
    with contextlib.suppress(OSError):
        write_atomically(path, content + _seal(key, content))
        prune_when_due(path)


def find(kind: str, key: str, suffix: str) -> bytes | None:
    """Return the bytes kept under a key; None where there are none, or they were cut or altered."""
    path = cache_folder(kind) / f"{key}{suffix}"
    try:
        sealed = read_foreign(path)
    except OSError:
        return None
    content = sealed[:-_DIGEST]
    if sealed[-_DIGEST:] != _seal(key, content):
        return None
    _mark_as_used(path)
    return content


def _seal(key: str, content: bytes) -> bytes:
    """Hash a content with its key, so that neither a cut file nor one under another's name is taken for it."""
    return hashlib.sha256(key.encode() + content).digest()


def _mark_as_used(path: Path) -> None:
    # The time of last use serves the bound only, and where it cannot be set nothing can be removed either.
    with contextlib.suppress(OSError):
        os.utime(path)


def recall_file(kind: str, name: str, make: Callable[[], bytes]) -> Path:
    """Return the path of the file kept under a name with one suffix, or make its content and keep it.

    Of several processes that want it at once, one makes it and the others wait. Where the cache cannot be
    written, the file lies in a folder of this process, which goes when the process ends.

    Raises:
        SettingsError: ``REPORTGEN_CACHE_MB`` is no whole number. What ``make`` raises is passed on.
        OutputError: neither the cache nor the folder for temporary files can be written.

    """
    bound()
    path = cache_folder(kind) / name
    if _is_intact(path):
        return path
    if (own := _OWN.get(path)) is not None and own.is_file():
        return own
    with _locked(path.with_suffix(LOCK)):
        if _is_intact(path):  # made by another process while this one waited
            return path
        content = make()
        try:
            write_atomically(path, content)
        except OSError:
            return _keep_for_this_process(path, content)
        # Without its stamp a file is made again the next time.
        with contextlib.suppress(OSError):
            _stamp(path, hashlib.sha256(content).hexdigest())
            prune_when_due(path)
    return path


def still_whole(path: Path) -> bool:
    """Tell whether a file that `recall_file` gave is what was kept, by its hash; one that is not is removed.

    This is for a program that could not use it: a file altered under its old size and time looks as it was.
    """
    try:
        digest = path.with_suffix(STAMP).read_text(encoding="ascii").split()[-1]
    except (OSError, ValueError, IndexError):
        digest = ""  # a file of this process, or one whose stamp could not be written
    with contextlib.suppress(OSError):
        if not digest or hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            return path.exists()
        path.unlink()
    return False


def _is_intact(path: Path) -> bool:
    """Compare a file with its stamp, and mark it as used.

    Hashing a format of 18 MB takes a fifth of the time that TeX needs for a report. Every change of a file
    moves its time, so the hash is asked only where that moved: after the cache was copied, say.
    """
    stamp = path.with_suffix(STAMP)
    try:
        size, time, digest = stamp.read_text(encoding="ascii").split()
        status = path.stat()
        if str(status.st_size) != size:
            return False
        if str(status.st_mtime_ns) == time:
            _mark_as_used(stamp)
            return True
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            return False
    except (OSError, ValueError):
        return False
    # A stamp that cannot be renewed costs the next run another hash.
    with contextlib.suppress(OSError):
        _stamp(path, digest)
    return True


def _stamp(path: Path, digest: str) -> None:
    status = path.stat()
    text = f"{status.st_size} {status.st_mtime_ns} {digest}"
    write_atomically(path.with_suffix(STAMP), text.encode("ascii"))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process that holds it, however that ends."""
    with contextlib.ExitStack() as stack:
        # Without a lock two processes may make the same file: a waste of time, and right all the same.
        with contextlib.suppress(OSError):
            lock = os.fdopen(open_own(path, os.O_WRONLY | os.O_CREAT), "wb")
            hold_alone(stack.enter_context(lock).fileno(), wait=True)
        yield


def _keep_for_this_process(path: Path, content: bytes) -> Path:
    # atexit is not run in the processes of a pool; this is.
    from multiprocessing.util import Finalize

    try:
        folder = Path(tempfile.mkdtemp(prefix="reportgen-"))
        Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=1)
        (folder / path.name).write_bytes(content)
    except OSError as error:
        message = f"neither {path.parent} nor {tempfile.gettempdir()} can be written: {error.strerror}"
        hint = "free some space, or name other folders with REPORTGEN_CACHE and TMPDIR"
        raise OutputError([Problem("cache", Level.ERROR, Where(), message, hint)]) from error
    _OWN[path] = folder / path.name
    return _OWN[path]
