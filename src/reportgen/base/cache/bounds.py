"""The size of the cache, and the bound it is kept within."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, SettingsError, Where
from reportgen.base.paths import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("bibliography", "charts", "formats", "fonts", "templates", "stamps", "logs", "texmf")
"""The folders of the cache."""
BOUNDED = ("bibliography", "charts", "formats", "templates")
"""The kinds that grow with use; together they are kept within the bound."""
DEFAULT_MEGABYTES = 500
IN_USE_SECONDS = 3600
"""What was used within this time stays, even above the bound: another process may be about to read it."""
PRUNED_EVERY_SECONDS = 60
LOCK, STAMP = ".lock", ".stamp"
"""The suffixes of what lies beside a kept file."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The content of the cache, counted for one kind; ``size`` is in bytes."""

    kind: str
    folder: Path
    files: int
    size: int


def bound() -> int:
    """Return how many bytes charts and formats may take: ``REPORTGEN_CACHE_MB``, or 500 MB.

    Raises:
        SettingsError: it is no whole number.

    """
    text = os.environ.get("REPORTGEN_CACHE_MB") or str(DEFAULT_MEGABYTES)
    if not (text.isascii() and text.isdigit()):
        message = f"REPORTGEN_CACHE_MB is {text!r}, which is no whole number of megabytes"
        hint = f"set it to a number such as {DEFAULT_MEGABYTES}, or unset it"
        raise SettingsError([Problem("cache-size", Level.ERROR, Where(), message, hint)])
    return int(text) * 1_000_000


def stock() -> list[Stock]:
    """Count what the cache holds, kind by kind; locks and stamps count by their size only."""
    return [_stock(kind, cache_folder(kind)) for kind in KINDS]


def _stock(kind: str, folder: Path) -> Stock:
    found = list(_files(folder))
    named = sum(path.suffix not in (LOCK, STAMP) for path, _ in found)
    return Stock(kind, folder, named, sum(status.st_size for _, status in found))


def clear() -> int:
    """Empty the cache, also while reports are built; give the number of bytes freed.

    Folders stay, and so does what another process is just writing.

    Raises:
        OutputError: a file cannot be removed.

    """
    freed = 0
    for kind in KINDS:
        folder = cache_folder(kind)
        now = _now(folder)
        for path, status in list(_files(folder)):
            if not _is_temporary(path) or now - status.st_mtime >= IN_USE_SECONDS:
                freed += _remove(path, status.st_size)
    return freed


def _remove(path: Path, size: int) -> int:
    try:
        path.unlink()
    except FileNotFoundError:
        return 0
    except OSError as error:
        message = f"cannot remove {path}: {error.strerror}"
        hint = "run this as the owner of the cache"
        raise OutputError([Problem("cache", Level.ERROR, Where(), message, hint)]) from error
    return size


def prune_when_due(stored: Path) -> None:
    """Prune after a file was stored, all processes together once a minute at most.

    The time is that of the file just written. Raises what `prune` does.
    """
    mark = stored.parent.parent / "pruned"
    if not (mark.exists() and 0 <= stored.stat().st_mtime - mark.stat().st_mtime < PRUNED_EVERY_SECONDS):
        mark.touch()
        prune()


def prune() -> int:
    """Remove what was used longest ago until charts and formats are within the bound; give the bytes freed.

    Nothing that was used within the last hour goes. What killed writers left behind goes, too.

    Raises:
        SettingsError: ``REPORTGEN_CACHE_MB`` is no whole number.

    """
    folders = [cache_folder(kind) for kind in KINDS]
    now = _now(folders[0])
    entries = sorted(
        (entry for folder in folders for entry in _entries(folder)), key=lambda entry: entry.used
    )
    excess = sum(entry.size for entry in entries if entry.bounded) - bound()
    freed = 0
    for entry in entries:
        if now - entry.used < IN_USE_SECONDS:
            break
        if entry.left_behind or (entry.bounded and excess > freed):
            freed += entry.remove()
    return freed


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file with its stamp and its lock: they have a name in common, and live and go together."""

    paths: tuple[Path, ...]
    used: float
    size: int

    @property
    def bounded(self) -> bool:
        return self.paths[0].parent.name in BOUNDED

    @property
    def left_behind(self) -> bool:
        return _is_temporary(self.paths[0])

    def remove(self) -> int:
        for path in self.paths:
            # Another process may have removed it, or may own it: what stays is counted again next time.
            with contextlib.suppress(OSError):
                path.unlink()
        return self.size


def _entries(folder: Path) -> Iterator[_Entry]:
    groups: dict[str, list[tuple[Path, os.stat_result]]] = {}
    for path, status in _files(folder, deep=False):
        name = path.name if _is_temporary(path) else path.stem
        groups.setdefault(name, []).append((path, status))
    for group in groups.values():
        used = max(status.st_mtime for _, status in group)
        yield _Entry(tuple(path for path, _ in group), used, sum(status.st_size for _, status in group))


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".")


def _now(folder: Path) -> float:
    """Tell the time of the file system that the cache is on, which need not be that of this machine."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return 0.0  # nothing can be written here, so nothing is old enough to go


def _files(folder: Path, *, deep: bool = True) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield each file with its status; one that vanishes meanwhile is passed over."""
    for name, folders, files in os.walk(folder):
        for file in files:
            path = Path(name, file)
            with contextlib.suppress(OSError):
                yield path, path.lstat()
        if not deep:
            folders.clear()
