"""A place with a URL, by way of fsspec: what lies there, reading it, and writing to it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, OutputError, Problem, RecordError, SetupError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_AT_ONCE = 64  # files fetched together: enough to hide the way there, few to hold in memory
# What file systems call the state of a file; the first that one has tells its files' versions apart.
_VERSIONS = (
    "ETag",
    "etag",
    "md5Hash",
    "content_hash",
    "LastModified",
    "last_modified",
    "updated",
    "mtime",
    "created",
)


def is_url(place: str) -> bool:
    """Tell a URL from a path."""
    return _URL.match(place) is not None


def without_file_scheme(place: str) -> str:
    """Return the path of a ``file://`` URL, and anything else as it is."""
    return place.removeprefix("file://") if place.startswith("file:///") else place


@dataclass(frozen=True, slots=True)
class Stored:
    """A file there: its path, its size in bytes, and a number that changes with its content."""

    path: str
    size: int
    stamp: int


@dataclass(frozen=True, slots=True)
class Location:
    """A folder, a file or a pattern on a file system of fsspec's. ``scheme`` and a path make a URL."""

    url: str
    filesystem: Any
    path: str
    scheme: str

    @classmethod
    def of(cls, url: str) -> Location:
        """Understand a URL.

        Raises:
            SetupError: fsspec, or what it needs for this kind of URL, is not installed.

        """
        try:
            import fsspec
        except ImportError as error:
            raise _missing(f"reading and writing {url} needs fsspec, which is not installed") from error
        try:
            filesystem, path = fsspec.url_to_fs(url)
        except ImportError as error:
            raise _missing(f"{url} cannot be reached: {error}") from error
        except ValueError as error:
            message = f"{url} is a place of no known kind: {error}"
            hint = "name one such as s3://bucket/records"
            raise SetupError([Problem("place", Level.ERROR, Where(), message, hint)]) from error
        plain = url.rstrip("/")
        scheme = (
            plain.removesuffix(path) if path and plain.endswith(path) else filesystem.unstrip_protocol("")
        )
        return cls(url, filesystem, path, scheme)

    def found(self, *, deep: bool) -> list[Stored]:
        """List the files of a folder, with ``deep`` also those of the folders in it.

        Raises:
            RecordError: the place cannot be read.

        """
        self.filesystem.invalidate_cache()
        try:
            listed = self.filesystem.find(self.path, maxdepth=None if deep else 1, detail=True)
        except FileNotFoundError:
            return []
        except Exception as error:
            raise self.unreadable(error) from error
        return [_stored(info) for info in listed.values()]

    def matching(self) -> list[Stored]:
        """List the files that a pattern fits, or the one file that this is.

        Raises:
            RecordError: the place cannot be read.

        """
        self.filesystem.invalidate_cache()
        try:
            listed = self.filesystem.glob(self.path, detail=True)
            if not listed and self.filesystem.isfile(self.path):
                listed = {self.path: self.filesystem.info(self.path)}
        except Exception as error:
            raise self.unreadable(error) from error
        return [_stored(info) for info in listed.values() if info["type"] == "file"]

    def contents(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Read files, some at once; None for those that are not there.

        Raises:
            RecordError: a file cannot be read.

        """
        for start in range(0, len(paths), _AT_ONCE):
            some = list(paths[start : start + _AT_ONCE])
            try:
                contents = self.filesystem.cat_ranges(some, None, None, on_error="return")
            except Exception as error:
                raise self.unreadable(error) from error
            for path, content in zip(some, contents, strict=True):
                if isinstance(content, bytes):
                    yield path, content
                # A store that may not be listed says so of every file that is not there.
                elif isinstance(content, FileNotFoundError | PermissionError | IsADirectoryError):
                    yield path, None
                else:
                    raise self.unreadable(content) from content

    def put(self, path: str, content: bytes) -> None:
        """Write a file; a store has it whole or not at all.

        Raises:
            OutputError: it cannot be written.

        """
        try:
            self.filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.filesystem.pipe_file(path, content)
        except Exception as error:
            message = f"cannot write {self.scheme}{path}: {error}"
            hint = "check the permissions and the network, or name another place with -o"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error

    def remove(self, path: str) -> None:
        """Remove a file.

        Raises:
            OutputError: it cannot be removed.

        """
        try:
            self.filesystem.rm_file(path)
        except Exception as error:
            message = f"cannot remove {self.scheme}{path}: {error}"
            raise OutputError(
                [Problem("output", Level.ERROR, Where(), message, "check the permissions and the network")]
            ) from error

    def unreadable(self, error: Exception) -> RecordError:
        """Say that the place cannot be read."""
        message = f"{self.url} cannot be read: {error or type(error).__name__}"
        hint = "check the place, the permissions and the network"
        return RecordError([Problem("place", Level.ERROR, Where(), message, hint)])


def _stored(info: dict[str, Any]) -> Stored:
    version = next((info[name] for name in _VERSIONS if info.get(name) is not None), "")
    digest = hashlib.sha256(f"{version}".encode()).digest()
    # Kept as a file's time stamp, in nanoseconds, so it is one that every file system can keep.
    return Stored(info["name"], info.get("size") or 0, int.from_bytes(digest[:8], "big") % 10**18)


def _missing(message: str) -> SetupError:
    hint = "install it with: pip install 'reportgen-claims[cluster]', and the package of the file system, such as s3fs"
    return SetupError([Problem("missing-package", Level.ERROR, Where(), message, hint)])
