"""Files that somebody else made: read within bounds, never outside their folder, never waited for.

Records, bibliographies, lock files, settings, templates and PDFs may come from strangers. No other module opens
one of them (`tests/test_architecture.py` holds that), so what is true here is true of all.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import tomllib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import STEERING
from reportgen.base.paths import write_atomically
from reportgen.base.systems import on_windows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader

LARGEST_BYTES = 100_000_000
"""The most that is read of one file."""
LARGEST_ARTIFACT = 10_000_000_000
"""The most that is hashed of a file that a record or a run only names."""
DEEPEST_NESTING = 200
LONGEST_NAME = 255
"""Bytes in one part of a name, as most file systems have it."""
DEEPEST_FOLDER = 16
LARGEST_TOML = 250_000
"""Bytes; the parser takes some ten seconds for a megabyte."""
MOST_KEY_PARTS = 300

_FOLLOWS_NO_LINK = hasattr(os, "O_NOFOLLOW")
_QUIETLY = 0
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY", "O_NOINHERIT"):
    _QUIETLY |= getattr(os, _flag, 0)  # Windows has the last two, other systems the first four
_UNFIT = re.compile(rf"[\\{STEERING}]")
# What Windows reads as a device, a stream beside a file, or another name.
_UNFIT_ON_WINDOWS = re.compile(
    r'.*[<>:"|?*]|.*[. ]\Z|(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *[.].*)?\Z', re.IGNORECASE
)


def open_foreign(path: Path, *, root: Path | None = None) -> BufferedReader:
    """Open a regular file to be read; a link is followed only to where the file may lie.

    ``root`` is the folder that the file must lie in by its real path; without it the user named the file.
    A pipe or a device is refused, and its other end is not waited for.

    Raises:
        OSError: the file cannot be opened, is no regular file, or lies outside ``root``.

    """
    # A plain file beside the others needs no look at the folders above: of 10,000 records each is one.
    if root is not None and path.parent != root:
        path = path_within(root, path)
    try:
        handle = _open(path, os.O_RDONLY)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        real = path_within(root, path) if root is not None else Path(os.path.realpath(path))
        handle = _open(real, os.O_RDONLY)
    return os.fdopen(_regular(handle, path), "rb")


def _open(path: Path, flags: int) -> int:
    """Open a file that is no link; ELOOP where it is one.

    Where the system cannot be asked for that in one step, the file is looked at before and compared after: what
    is put in its place meanwhile is refused, but it was opened.
    """
    if _FOLLOWS_NO_LINK:
        return os.open(path, flags | _QUIETLY, 0o666)
    before = _status(path)
    if before is not None and not stat.S_ISREG(before.st_mode):
        is_link = stat.S_ISLNK(before.st_mode)
        raise OSError(errno.ELOOP if is_link else errno.EINVAL, "it is not a regular file", str(path))
    handle = os.open(path, flags | _QUIETLY, 0o666)
    if os.path.samestat(before or path.lstat(), os.fstat(handle)):
        return handle
    os.close(handle)
    raise OSError(errno.ELOOP, "it was replaced while it was opened", str(path))


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def read_foreign(path: Path, *, root: Path | None = None, most_bytes: int = LARGEST_BYTES) -> bytes:
    """Read a regular file whole.

    Raises:
        OSError: as `open_foreign`; or with ``EFBIG``, it is larger than ``most_bytes``.

    """
    with open_foreign(path, root=root) as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise _too_large(path, most_bytes)
    return content


def sha256_of(path: Path, *, root: Path | None = None, most_bytes: int = LARGEST_BYTES) -> str:
    """Hash a regular file without holding it in memory; give 64 hexadecimal digits.

    Raises:
        OSError: as `read_foreign`.

    """
    with open_foreign(path, root=root) as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise _too_large(path, most_bytes)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _too_large(path: Path, most_bytes: int) -> OSError:
    return OSError(errno.EFBIG, f"it is larger than {most_bytes // 1_000_000} MB", str(path))


def open_own(path: Path, flags: int) -> int:
    """Open a file that reportgen keeps in a folder others may write to, to be changed in place; give its number.

    Raises:
        OSError: as `open_foreign`; a link is never followed.

    """
    try:
        handle = _open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link, which is not followed", str(path)) from error
        raise
    return _regular(handle, path)


def _regular(handle: int, path: Path) -> int:
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def path_within(root: Path, path: Path) -> Path:
    """Return the real path of a file, whether it is there or not.

    Raises:
        OSError: it lies outside ``root``, or links lead round in a circle.

    """
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(root)):
        raise OSError(errno.EXDEV, f"it lies outside {root}", str(path))
    return real


def files_below(folder: Path, suffixes: tuple[str, ...], *, most: int = 1000) -> list[Path]:
    """List the files with these suffixes in a folder and the folders in it, sorted; hidden ones are none.

    Raises:
        OSError: there are more than ``most``, or a file or folder is a link that leads out.

    """
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = [Path(parent, name) for name in names if name.endswith(suffixes) and name[0] != "."]
        for path in (*files, *(Path(parent, name) for name in folders)):
            if path.is_symlink():
                path_within(folder, path)
        found += files
        if len(found) > most:
            raise OSError(errno.EFBIG, f"it holds more than {most} files", str(folder))
    return sorted(found)


def lay_out(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write files under the names they came with, all below a folder; give their paths.

    Raises:
        ValueError: a name is not one below the folder, or is a folder's and a file's; nothing is written.
        OSError: the folder cannot be written.

    """
    folders = {parent for name in files for parent in PurePosixPath(check_name(name)).parents}
    if clash := next((name for name in files if PurePosixPath(name) in folders), None):
        raise ValueError(f"{clash!r} names both a file and a folder")
    targets = {path_within(folder, folder / name): content for name, content in files.items()}
    for target, content in targets.items():
        write_atomically(target, content)
    return [folder / name for name in files]


def check_name(name: str) -> str:
    """Return a name back that a file may be laid out under: parts with ``/`` between them, none of them hidden.

    Raises:
        ValueError: it is absolute, climbs, is hidden, too long or too deep, or holds what steers a terminal.

    """
    parts = name.split("/")
    if len(parts) > DEEPEST_FOLDER or not all(map(is_file_name, parts)):
        raise ValueError(f"{name[:200]!r} is no name below a folder")
    return name


def is_file_name(name: str) -> bool:
    """Tell whether a text names one file of a folder: none that is hidden, steers a terminal or is too long."""
    # A hidden file is one that programs look for by themselves: .bashrc, .envrc, .git/config.
    plain = bool(name) and "/" not in name and not name.startswith(".") and not _UNFIT.search(name)
    if on_windows() and _UNFIT_ON_WINDOWS.match(name):
        return False
    return plain and len(name.encode()) <= LONGEST_NAME


def parse_foreign_json(content: bytes | str) -> Any:
    """Parse JSON that nests no deeper than a program can follow.

    Raises:
        ValueError: it is not JSON, not UTF-8, or too deep.

    """
    try:
        value = json.loads(content)
        _walk(value, DEEPEST_NESTING)
    except RecursionError as error:
        raise ValueError(f"lists and objects are nested more than {DEEPEST_NESTING} deep") from error
    return value


def parse_foreign_toml(content: bytes) -> dict[str, Any]:
    """Parse TOML that is no work to parse: short, and without keys of very many parts.

    Raises:
        ValueError: it is not TOML, not UTF-8, too long or too deep.

    """
    if len(content) > LARGEST_TOML:
        raise ValueError(f"it is larger than {LARGEST_TOML // 1000} kB")
    # The parser's work on a key grows with the square of its parts.
    if sum(line.count(b".") ** 2 for line in content.splitlines()) > MOST_KEY_PARTS**2:
        raise ValueError("a key has too many parts")
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
        _walk(values, DEEPEST_NESTING)
    except RecursionError as error:
        raise ValueError(f"tables and arrays are nested more than {DEEPEST_NESTING} deep") from error
    return values


def _walk(value: Any, depth: int) -> None:
    if not isinstance(value, (dict, list)):
        return
    if depth == 0:
        raise RecursionError
    for child in value.values() if isinstance(value, dict) else value:
        _walk(child, depth - 1)
