"""Where reportgen keeps what can be made again, and how it writes a file that is whole or absent."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path


def cache_folder(name: str) -> Path:
    """Give a folder of the user's cache, made if it is missing.

    ``REPORTGEN_CACHE`` moves the cache; a machine without a writable home gets one beside its temporary files.
    """
    import platformdirs

    root = os.environ.get("REPORTGEN_CACHE") or platformdirs.user_cache_dir("reportgen")
    folder = Path(root) / name
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        folder = _own_folder() / name
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _own_folder() -> Path:
    """Give a folder among the temporary files that is this user's: what lies there is run by TeX and Python."""
    folder = Path(tempfile.gettempdir()) / f"reportgen-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return folder if is_ours else Path(tempfile.mkdtemp(prefix="reportgen-"))


def packaged_folder(name: str) -> Path:
    """Find ``templates`` or ``bib``: inside the installed package, or at the top of a checkout."""
    inside = Path(str(files("reportgen"))) / name
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / name


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is either whole or unchanged, even when the process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
