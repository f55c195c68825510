"""The files of a site: written where they differ, so that a build over what has not changed touches none."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.cache import find, keep, key_of
from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import LARGEST_ARTIFACT, read_foreign, sha256_of
from reportgen.base.paths import from_here, is_unfinished, write_atomically
from reportgen.pipeline.batch.linking import link_or_copy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from reportgen.site.ledger import Entry

_STAMPS = "stamps"
_DIGITS = 32
"""Hexadecimal digits of a hash that are kept: enough that no two files have the same."""


def digest_of(content: bytes) -> str:
    """Hash a file's content as the ledger keeps it."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def put_files(folder: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write files into a folder, each where it differs from what lies there; give their hashes.

    Raises:
        OSError: one cannot be written.

    """
    for name, content in files.items():
        path = folder / name
        if not _holds(path, content):
            write_atomically(path, content, synced=False)
    return {name: digest_of(content) for name, content in files.items()}


def put_link(source: Path, target: Path, sha256: str) -> str:
    """Put a finished file into the site, as a second name of it where that is possible; give its hash.

    Raises:
        OSError: it cannot be read, or the other name cannot be written.

    """
    if not _has_hash(target, sha256):
        target.parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(source, target)
    return sha256[:_DIGITS]


def require_inside(root: Path, folder: Path) -> None:
    """Refuse to write into a folder of the site that is reached over a link, which may lead anywhere.

    Raises:
        OutputError: it is.

    """
    if not _is_inside(root, folder):
        message = f"{from_here(folder)} lies behind a link, and what is written there would lie elsewhere"
        hint = "name another folder with -o, or remove the link"
        raise OutputError([Problem("site-occupied", Level.ERROR, Where(str(folder)), message, hint)])


def require_free(folder: Path, files: Mapping[str, bytes], ours: Collection[str]) -> None:
    """Refuse to put a file over one that is not the site's.

    Raises:
        OutputError: there is one of another content.

    """
    for name, content in files.items():
        path = folder / name
        if name not in ours and os.path.lexists(path) and not _holds(path, content):
            message = f"{from_here(path)} is not a file of this site, and would be overwritten"
            hint = "name another folder with -o; if it is an earlier site, whose ledger is lost, remove the folder"
            raise OutputError([Problem("site-occupied", Level.ERROR, Where(str(path)), message, hint)])


def remove_files(root: Path, address: str, names: Iterable[str]) -> None:
    """Remove files of the site, and the folders that are empty then; a name that leads out of it removes nothing.

    Raises:
        OSError: one cannot be removed.

    """
    folders = set()
    for name in names:
        path = root / address / name
        with suppress(FileNotFoundError):
            if _is_inside(root, path.parent) and stat.S_ISREG(path.lstat().st_mode):
                path.unlink()
                folders.add(path.parent)
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        for above in (folder, *folder.parents):
            if above == root or not above.is_relative_to(root):
                break
            try:
                above.rmdir()
            except OSError:  # it holds something else
                break


def _is_inside(root: Path, folder: Path) -> bool:
    """Tell whether a folder really lies in another one, with no link and no way up on the way from there."""
    real = Path(os.path.realpath(root))
    below = os.path.relpath(os.path.abspath(folder), os.path.abspath(root))  # noqa: PTH100 - links are left alone
    return Path(os.path.realpath(folder)) == real / below and not below.startswith("..")


def names_in(folder: Path) -> list[str]:
    """List what lies in a folder; nothing of one that is not there."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are what is asked for
    except OSError:
        return []


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed build left of the files that it was writing."""
    for parent, _, names in os.walk(folder):
        for name in names:
            if is_unfinished(name):
                with suppress(OSError):
                    os.unlink(os.path.join(parent, name))  # noqa: PTH108, PTH118 - of many thousands


class Seen:
    """What this machine has seen of a site: the time stamps of the files of each place, in the user's cache."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = key_of(["site", os.path.realpath(folder)])
        self._kept = _read(self._key)
        self._now: dict[str, str] = {}

    def is_whole(self, entry: Entry) -> bool:
        """Tell whether a place holds the files that were written there; they are read where a time stamp is new."""
        stamp = self._stamp(entry)
        if not stamp:
            return False
        if self._kept.get(entry.address) != stamp:
            folder = self._folder / entry.address
            try:
                found = {
                    name: sha256_of(folder / name, most_bytes=LARGEST_ARTIFACT)[:_DIGITS]
                    for name in entry.files
                }
            except OSError:
                return False
            if found != entry.files:
                return False
        self._now[entry.address] = stamp
        return True

    def remember(self, entry: Entry) -> None:
        """Remember a place that was just written."""
        self._now[entry.address] = self._stamp(entry)

    def save(self) -> None:
        """Keep what was seen for the next build."""
        if self._now != self._kept:
            keep(_STAMPS, self._key, ".json", json.dumps(self._now, sort_keys=True).encode())

    def _stamp(self, entry: Entry) -> str:
        """Hash the sizes and time stamps of a place's files; '' where one is missing or no plain file."""
        folder, found = os.path.join(self._folder, entry.address), []  # noqa: PTH118 - of many thousands
        for name in entry.files:
            try:
                status = os.lstat(folder + name)
            except OSError:
                return ""
            if not stat.S_ISREG(status.st_mode):
                return ""
            found.append((name, status.st_size, status.st_mtime_ns))
        return digest_of(repr(sorted(found)).encode("utf-8", "surrogatepass"))


def _read(key: str) -> dict[str, str]:
    content = find(_STAMPS, key, ".json")
    try:
        return dict(json.loads(content)) if content else {}
    except (ValueError, TypeError):
        return {}


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.lstat().st_size == len(content) and read_foreign(path, most_bytes=len(content)) == content
    except OSError:
        return False


def _has_hash(path: Path, sha256: str) -> bool:
    try:
        return sha256_of(path, most_bytes=LARGEST_ARTIFACT) == sha256
    except OSError:
        return False
