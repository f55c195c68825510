"""What lies in an output folder and what it was made from, kept beside the reports, one file a report."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import LARGEST_ARTIFACT, open_foreign, open_own, sha256_of
from reportgen.base.locks import hold_alone, hold_together, open_folder
from reportgen.base.paths import is_unfinished, write_atomically
from reportgen.pipeline.batch.entries import (
    StateEntry,
    entry_bytes,
    json_bytes,
    read_entry,
    read_values,
    values_key,
)
from reportgen.pipeline.batch.linking import link_or_copy
from reportgen.pipeline.batch.stamps import Stamp, Stamps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.pipeline.batch.entries import Ingredients, StateFile

STATE_FOLDER = "reportgen-state"
"""A name that is not hidden: what uploads the artifacts of a CI server leaves hidden files out."""
MADE_WITH = "made-with"
STATE_SUFFIX = ".state.json"
"""By which a search for records in JSON knows that this is none."""
MOST_FILES = 500_000
LARGEST_FILE = 2_000_000
LARGEST_STATE = 300_000_000
"""The most bytes that are read of a state: far more than a quarter of a million reports take."""
_README = b"""What `reportgen batch` knows of the PDFs in the folder above: what each was made from, one file a PDF.
Keep it with them, and commit it where they are committed. Without it each report is built again.
"""
"""A file in any case: what carries folders about leaves out those without one."""
_FORMER_FILE = ".reportgen-state.jsonl"
_HASH = re.compile(r"[0-9a-f]{64}")


class State:
    """The entries of one output folder, by the names of their PDFs.

    Each is a file of its own, written as its report is built: a killed run loses none, and git merges what different
    records changed without a conflict. Several runs may work on one folder: one that is alone tidies it up.

    The folder may come from somebody else. What a file says is believed only where an entry of ours could say
    it, and it names no file outside the folder but the record.

    Raises:
        OutputError: the state is no folder of this folder, is too large, or cannot be read.

    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.entries: dict[str, StateEntry] = {}
        self.spoilt: set[str] = set()
        """The PDFs whose files here cannot be read: cut, altered, or put together by git from two sides."""
        self.values: dict[str, Mapping[str, str]] = {}
        self.stamps = Stamps(folder)
        self.read_only = read_only
        self._place = folder / STATE_FOLDER
        self._lock: int | None = None
        self._left_behind: dict[Path, int] = {}
        if not read_only and folder.is_dir():
            # A folder that cannot be opened is said when something is to be written.
            with contextlib.suppress(OSError):
                self._begin()
        self._read()
        self.entries = dict(sorted(self.entries.items()))  # in the same order wherever the folder lies
        self._by_record = {_made_from(entry.ingredients): entry for entry in self.entries.values()}
        self._by_id: dict[str, list[StateEntry]] = {}
        for entry in self.entries.values():
            self._by_id.setdefault(entry.id, []).append(entry)

    def of_record(self, digest: str, shared: Ingredients) -> StateEntry | None:
        """Return the entry that was made from a record of this hash, with these settings and tools."""
        return self._by_record.get(_made_from(replace(shared, record=digest)))

    def newest_of(self, identity: str, version: str) -> StateEntry | None:
        """Return an entry of a record, by its id: of this version where there is one, else of the last one known."""
        return max(
            self.of_id(identity), key=lambda entry: (entry.version == version, entry.pdf), default=None
        )

    def of_id(self, identity: str) -> Sequence[StateEntry]:
        """Return the entries that a record had when the state was read."""
        return self._by_id.get(identity, [])

    def fault_of(self, entry: StateEntry) -> str:
        """Say what is wrong with a report's PDF, "" where it is the one that was written.

        It is read only where its time stamp is not the one that was last seen.
        """
        return self._fault(entry.pdf, entry.size, entry.sha256, entry.ingredients.bibliography, "the PDF")

    def fault_beside(self, file: StateFile) -> str:
        """Say the same of a file beside a PDF."""
        return self._fault(file.name, file.size, file.sha256, "", file.name)

    def _fault(self, name: str, size: int, sha256: str, bibliography: str, called: str) -> str:
        path = self.folder / name
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                with open_foreign(path, root=self.folder) as file:
                    status = os.fstat(file.fileno())
            if status.st_size != size:
                return f"{called} was altered"
            seen = self.stamps.get(name, sha256)
            if seen is None or seen.mtime_ns != status.st_mtime_ns:
                if sha256_of(path, most_bytes=LARGEST_ARTIFACT) != sha256:
                    return f"{called} was altered"
                self.stamps.put(name, Stamp(sha256, status.st_mtime_ns, bibliography))
        except FileNotFoundError:
            return f"{called} is missing"
        except OSError as error:
            return f"{called} cannot be read: {error.strerror}"
        return ""

    def add(self, entry: StateEntry, values: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Remember what was built, on disk too, with the named values behind its hashes.

        Raises:
            OSError: the state cannot be written.

        """
        self.begin()
        for key, value in (values or {}).items():
            if key not in self.values or not self._value_file(key).exists():
                write_atomically(self._value_file(key), json_bytes(value))
                self.values[key] = value
        write_atomically(self._entry_file(entry.pdf), entry_bytes(entry))
        self.entries[entry.pdf] = entry
        self.spoilt.discard(entry.pdf)

    def begin(self) -> None:
        """Make the folder of the state: a shard without reports is none whose state was lost.

        Raises:
            OSError: it cannot be made.

        """
        self._own()
        (self._place / MADE_WITH).mkdir(parents=True, exist_ok=True)
        readme = self._place / "README"
        if not readme.exists():
            write_atomically(readme, _README)

    def take_over(self, entry: StateEntry, other: State) -> None:
        """Remember a report as the state of another folder does, after `begin`.

        Raises:
            OSError: the state cannot be written.

        """
        for key in (entry.ingredients.settings, entry.ingredients.tools):
            if key in other.values and key not in self.values:
                link_or_copy(value_file(other.folder, key), self._value_file(key))
                self.values[key] = other.values[key]
        link_or_copy(entry_file(other.folder, entry.pdf), self._place / _entry_name(entry.pdf))
        self.entries[entry.pdf] = entry

    def drop(self, pdf: str) -> None:
        """Forget a report.

        Raises:
            OSError: its file cannot be removed.

        """
        self._own_folders()
        self._entry_file(pdf).unlink(missing_ok=True)
        self.entries.pop(pdf, None)
        self.spoilt.discard(pdf)

    def close(self) -> None:
        """End the work on the folder; remove what an earlier, killed run left in it."""
        self.stamps.save()
        for path, stamp in self._left_behind.items():
            # A run of another command may have finished its file meanwhile.
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime_ns == stamp:
                    path.unlink()
        self._left_behind.clear()
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._remove_unused()
            os.close(self._lock)
            self._lock = None

    def _entry_file(self, pdf: str) -> Path:
        return entry_file(self.folder, pdf)

    def _value_file(self, key: str) -> Path:
        return value_file(self.folder, key)

    def _own(self) -> None:
        """Hold the folder, made if it is missing."""
        if self._lock is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._begin()
        self._own_folders()

    def _own_folders(self) -> None:
        """Refuse to write through a link: the folder may come from somebody else."""
        for folder in (self._place, self._place / MADE_WITH):
            if folder.is_symlink():
                raise OSError(errno.ELOOP, "it is a link, which is not followed", str(folder))

    def _begin(self) -> None:
        """Hold the folder for the length of the run: alone for a moment, to tidy up, then with others."""
        self._lock = open_folder(self.folder)
        try:
            hold_alone(self._lock, wait=False)
        except OSError:
            # Another run is at work, or this file system has no locks.
            with contextlib.suppress(OSError):
                hold_together(self._lock)
            return
        with contextlib.suppress(OSError):
            for folder in (self.folder, self._place, self._place / MADE_WITH):
                self._left_behind |= {path: path.lstat().st_mtime_ns for path in _left_behind(folder)}
        hold_together(self._lock)

    def _remove_unused(self) -> None:
        """Remove the values that no entry names any more, and the state as it was kept before version 0.3."""
        used = {
            key
            for entry in self.entries.values()
            for key in (entry.ingredients.settings, entry.ingredients.tools)
        }
        for key in self.values.keys() - used:
            self._value_file(key).unlink(missing_ok=True)
        if self.entries:
            (self.folder / _FORMER_FILE).unlink(missing_ok=True)

    def _take(self, name: str, content: bytes) -> None:
        """Believe what a file says of the report that it is named after."""
        pdf = f"{name.removesuffix(STATE_SUFFIX)}.pdf"
        try:
            entry = read_entry(content)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.spoilt.add(pdf)
            return
        if entry.pdf == pdf:
            seen = self.stamps.get(pdf, entry.sha256)
            self.entries[pdf] = _with_bibliography(entry, seen) if seen else entry
        else:
            self.spoilt.add(pdf)

    def _read(self) -> None:
        try:
            for name, content in _files(self._place):
                self._take(name, content)
            for name, content in _files(self._place / MADE_WITH):
                with contextlib.suppress(ValueError, TypeError, AttributeError):
                    key = name.removesuffix(STATE_SUFFIX)
                    values = read_values(content)
                    if values_key(values) == key:
                        self.values[key] = values
        except OSError as error:
            message = f"what is known of the reports cannot be read: {error.strerror}"
            is_link = error.errno == errno.ELOOP
            hint = (
                "put the folder itself in its place"
                if is_link
                else "remove it; each report is then built again, once"
            )
            problem = Problem("state", Level.ERROR, Where(str(error.filename or self._place)), message, hint)
            raise OutputError([problem]) from error


def entry_file(folder: Path, pdf: str) -> Path:
    """Return the file in which an output folder keeps what is known of a report."""
    return folder / STATE_FOLDER / _entry_name(pdf)


def _entry_name(pdf: str) -> str:
    return f"{pdf.removesuffix('.pdf')}{STATE_SUFFIX}"


def value_file(folder: Path, key: str) -> Path:
    """Return the file in which an output folder keeps the settings or tools behind a hash.

    Raises:
        ValueError: this is no hash.

    """
    if not _HASH.fullmatch(key):
        raise ValueError(f"not a hash: {key}")
    return folder / STATE_FOLDER / MADE_WITH / f"{key}{STATE_SUFFIX}"


def _made_from(ingredients: Ingredients) -> tuple[str, str, str]:
    """Name what the id, the version and the name of a report follow from."""
    return ingredients.record, ingredients.settings, ingredients.tools


def _with_bibliography(entry: StateEntry, seen: Stamp) -> StateEntry:
    return replace(entry, ingredients=replace(entry.ingredients, bibliography=seen.bibliography))


def _left_behind(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return [Path(item.path) for item in found if is_unfinished(item.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files of a state; what is none, or larger than one, is passed over.

    Raises:
        OSError: the folder is a link or cannot be read, or its files are too many or too large.

    """
    if not os.path.lexists(folder):
        return
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, which is not followed", str(folder))
    size = 0
    with os.scandir(folder) as found:
        names = [item.name for item in found if item.name.endswith(STATE_SUFFIX)]
    for name in names:
        with contextlib.suppress(OSError):
            handle = open_own(folder / name, os.O_RDONLY)
            try:
                there = os.fstat(handle).st_size
                # No more is asked for than there is: room for the largest one would be made for each.
                content = os.read(handle, there + 1) if there <= LARGEST_FILE else b""
            finally:
                os.close(handle)
            yield name, content
            size += len(content)
        if len(names) > MOST_FILES or size > LARGEST_STATE:
            raise OSError(errno.EFBIG, "it is larger than any state", str(folder))
