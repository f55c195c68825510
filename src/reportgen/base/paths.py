"""Where reportgen keeps what can be made again, and how it writes a file that is whole or absent."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

LONGEST_STEM = 200  # bytes of a name that a temporary file bears, too
ROOM_ASKED = 64_000
_UNFINISHED = ".reportgen-"
_UNFINISHED_NAME = re.compile(rf"\..+{re.escape(_UNFINISHED)}[0-9a-f]{{8}}")
_ALONE = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_BINARY", 0)
"""Of the bytes as they are, and for this process alone, by the names that each system has for it."""


def cache_folder(name: str) -> Path:
    """Return a folder of the user's cache, made if it is missing.

    ``REPORTGEN_CACHE`` moves the cache. What lies in it is run by TeX and Python: where the folder is another
    user's, or others can write there, and where it cannot be written, one beside the temporary files serves.
    """
    import platformdirs

    root = os.environ.get("REPORTGEN_CACHE") or platformdirs.user_cache_dir("reportgen")
    folder = Path(root) / name
    with suppress(OSError):
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder.is_dir() and is_ours_alone(folder) and os.access(folder, os.W_OK)):
        folder = _own_folder() / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@cache
def _own_folder() -> Path:
    """Return a folder among the temporary files that is this user's."""
    folder = Path(tempfile.gettempdir()) / f"reportgen-{_user() or 0}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    ours = folder.is_dir() and is_ours_alone(folder)
    return folder if ours else Path(tempfile.mkdtemp(prefix="reportgen-"))


def is_ours_alone(path: Path) -> bool:
    """Tell whether a file or folder is this user's, no link, and nobody else can change it."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if stat.S_ISLNK(status.st_mode):
        return False
    user = _user()
    if user is None:  # on Windows others are kept out of a user's folders by lists that no mode shows
        return True
    return status.st_uid == user and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _user() -> int | None:
    """Return the number of this user; None on Windows, which has none."""
    return os.getuid() if hasattr(os, "getuid") else None


def from_here(path: Path) -> Path:
    """Return a path as people see it, from where they are."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def real_path(path: Path) -> Path:
    """Return the path that links lead to; of links that lead round in a circle, the path as it is.

    `Path.resolve` raises RuntimeError there, and strangers make such links.
    """
    return Path(os.path.realpath(path))


def path_as_written(path: Path) -> Path:
    """Return the absolute path by which the user names a place: its links are kept, but for those before a ``..``.

    What ``link/..`` is, only the file system knows.
    """
    parts = path.absolute().parts
    climbed = max((place for place, part in enumerate(parts, 1) if part == ".."), default=0)
    return real_path(Path(*parts[:climbed])).joinpath(*parts[climbed:]) if climbed else path.absolute()


def nearest_with(name: str, folder: Path) -> Path | None:
    """Find the nearest folder at or above one that holds a name, by its real path.

    Looked for is along the path as the user wrote it, and where that has none, along the one that its links lead to:
    so a project's settings hold for its folder of records, wherever that is kept.
    """
    for start in dict.fromkeys((path_as_written(folder), real_path(folder))):
        for parent in (start, *start.parents):
            if os.path.lexists(parent / name):
                return real_path(parent)
    return None


def packaged_folder(name: str) -> Path:
    """Find ``templates`` or ``bib``: inside the installed package, or at the top of a checkout."""
    inside = Path(str(files("reportgen"))) / name
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / name


def write_atomically(path: Path, content: bytes, *, synced: bool = True) -> None:
    """Write a file that is either whole or unchanged, even when the process is killed.

    ``synced`` waits until it is on the disk, so that it outlives the machine's failure, too. Who may read it is for
    the user's umask to say.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = _new_file(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        name.replace(path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _new_file(path: Path) -> tuple[int, Path]:
    """Open a new hidden file beside a path: with the mode that any program's file would have."""
    while True:
        name = hidden_name(path)
        with suppress(FileExistsError):
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _ALONE, 0o666), name


def hidden_name(path: Path) -> Path:
    """Make up a name beside a path, under which its file is finished before it gets its own."""
    stem = os.fsencode(path.name)[-LONGEST_STEM:].decode("utf-8", "ignore")
    return path.with_name(f".{stem}{_UNFINISHED}{os.urandom(4).hex()}")


def is_unfinished(name: str) -> bool:
    """Tell whether a file bears the name that it had while it was written: a process that was killed left it."""
    return _UNFINISHED_NAME.fullmatch(name) is not None


def require_room(folder: Path) -> None:
    """Find out whether a folder has room for more.

    Raises:
        OSError: it has none: a program that failed there may have failed for that.

    """
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(ROOM_ASKED))


def keep_log(name: str, text: str) -> str:
    """Keep what a failed run leaves in the user's cache; name the file, or say in its place why there is none."""
    try:
        path = cache_folder("logs") / name
        write_atomically(path, text.encode("utf-8", "replace"))
    except OSError as error:
        return f"its log, which could not be kept: {error.strerror}"
    return str(path)
