"""The changes of files, as the system tells them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from reportgen.base.errors import Level, Problem, SetupError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from watchfiles._rust_notify import RustNotify

QUIET_MS = 50
"""Changes that follow one another within this time are one."""
LONGEST_MS = 1600
"""However long a burst of changes goes on, after this time it is handed over."""
POLLED_MS = 300


class FileChanges:
    """An iterator of sets of changed paths in the folders that it follows.

    Folders are watched, not files: editors put a new file into the place of the old one, and a file that is
    watched by itself would be lost with that. What changes between two steps is kept for the next.
    """

    def __init__(self, *, poll: bool = False) -> None:
        self._poll = poll
        self._watcher: RustNotify | None = None
        self._folders: frozenset[Path] = frozenset()
        self._kept: frozenset[Path] = frozenset()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._watcher is not None:
            self._watcher.close()

    def follow(self, folders: frozenset[Path]) -> None:
        """Watch these folders from now on, without what is below them; what was seen so far is kept.

        Raises:
            SetupError: the system watches no more folders for this user.

        """
        if folders == self._folders:
            return
        watcher = _watcher(folders, poll=self._poll)
        if self._watcher is not None:
            self._kept |= _seen(self._watcher, longest=1, quiet=1, wait=1)
            self._watcher.close()
        self._watcher, self._folders = watcher, folders

    def __iter__(self) -> Iterator[frozenset[Path]]:
        while self._watcher is not None:
            changed = self._kept or _seen(self._watcher, longest=LONGEST_MS, quiet=QUIET_MS)
            self._kept = frozenset()
            if changed & self._folders:
                # A folder that was removed and made anew is another one; the old watch has ended with it.
                self._folders = frozenset()
            yield changed


def _watcher(folders: frozenset[Path], *, poll: bool) -> RustNotify:
    from watchfiles._rust_notify import RustNotify

    there = sorted(str(folder) for folder in folders if folder.is_dir())
    try:
        return RustNotify(
            there,
            debug=False,
            force_polling=poll,
            poll_delay_ms=POLLED_MS,
            recursive=False,
            ignore_permission_denied=True,
        )
    except FileNotFoundError:  # one of them went just now
        return _watcher(folders, poll=poll)
    except OSError as error:
        message = f"{len(there)} folders cannot be watched: {error}"
        hint = "raise fs.inotify.max_user_watches, watch fewer folders, or use --poll"
        raise SetupError([Problem("watch", Level.ERROR, Where(), message, hint)]) from error


def _seen(watcher: RustNotify, *, longest: int, quiet: int, wait: int = 0) -> frozenset[Path]:
    """Wait for changes, in milliseconds; without end where ``wait`` is 0."""
    seen = watcher.watch(longest, quiet, wait, None)
    if seen == "signal":
        raise KeyboardInterrupt
    return frozenset(Path(path) for _, path in seen) if isinstance(seen, set) else frozenset()
