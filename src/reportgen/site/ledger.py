"""What a site's folder holds of ours and what it was made from, in a hidden file of that folder, one line a place.

While a site is built a line is added for each place as it is finished; in the end the lines are put in order. So a
build that was killed knows what it had finished, and a folder that was under way is known by a line without a key. The
last line seals those before it: without it, or where they are others, the last build did not come to its end.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import open_own
from reportgen.base.paths import from_here, write_atomically
from reportgen.pipeline.batch.inputs import SITE_LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from io import BufferedWriter
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the site: its address, a key of all that it was made from, and its files with a hash of each.

    Without a ``key`` its files are not all written. ``summary`` is a report's `Summary` as text, read only where lists
    are made: of 10,000 reports the values would fill half a gigabyte.
    """

    address: str
    key: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


_FIELDS = tuple(field.name for field in fields(Entry))


class Ledger:
    """The entries of one site by their addresses. A line that was cut or altered counts as none.

    Raises:
        OutputError: something else than a file bears its name.

    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / SITE_LEDGER
        self._file: BufferedWriter | None = None
        self.entries: dict[str, Entry] = {}
        self._is_sealed = self._read()
        self.was_stopped = not (self._is_sealed and all(each.key for each in self.entries.values()))
        """Whether the last build did not come to its end, or the file was altered."""

    def begin(self, address: str, names: Iterable[str] = ()) -> None:
        """Remember that a place is being written, and the names of its files where they are known before."""
        old = self.entries.get(address)
        self.put(Entry(address, files={**dict.fromkeys(names, ""), **(old.files if old else {})}))

    def put(self, entry: Entry) -> None:
        """Remember a place.

        Raises:
            OSError: the file cannot be written.

        """
        self.entries[entry.address] = entry
        self._add(_line(entry))

    def drop(self, address: str) -> None:
        """Forget a place."""
        del self.entries[address]
        self._add(_line(Entry(address, "gone")))

    def close(self) -> None:
        """Put the lines in order, where any changed.

        Raises:
            OSError: the file cannot be written.

        """
        self.release()
        if not self._is_sealed:
            write_atomically(self._path, b"".join(_sealed(self.entries)))
            self._is_sealed = True

    def release(self) -> None:
        """Let the file go as it stands."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _add(self, line: bytes) -> None:
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = open_own(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            self._file = os.fdopen(handle, "ab", buffering=0)  # type: ignore[assignment]
            # The last line may have been cut.
            line = line if self._is_sealed else b"\n" + line
            self._is_sealed = False
        self._file.write(line)  # type: ignore[union-attr]

    def _read(self) -> bool:
        """Read the entries; tell whether the file is as a build left it that came to its end."""
        is_sealed, above = True, hashlib.sha256()
        try:
            with os.fdopen(open_own(self._path, os.O_RDONLY), "rb") as file:
                for line in file:
                    is_sealed = line == _seal(above)
                    above.update(line)
                    self._take(line)
        except FileNotFoundError:
            return True
        except OSError as error:
            message = f"what the site's folder holds is not known: {from_here(self._path)}: {error.strerror}"
            hint = "name another folder with -o"
            raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
        return is_sealed

    def _take(self, line: bytes) -> None:
        entry = _entry(line)
        if entry is not None:
            self.entries.pop(entry.address, None)
            if entry.key != "gone" or entry.files:
                self.entries[entry.address] = entry


def _entry(line: bytes) -> Entry | None:
    """Read a line; None of one that is no entry, or whose names lead out of the site's folder."""
    try:
        entry = Entry(**json.loads(line))
        names = [entry.address.removesuffix("/"), *entry.files, *entry.files.values(), entry.key]
        is_typed = all(isinstance(each, str) for each in (*names, entry.summary))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    places = [*entry.files, *([entry.address.removesuffix("/")] if entry.address else [])]
    is_inside = all({"", ".", ".."}.isdisjoint(place.split("/")) for place in places)
    return entry if is_typed and is_inside else None


def _sealed(entries: Mapping[str, Entry]) -> Iterator[bytes]:
    """Yield the lines of a file that holds these entries, in order, and the seal of them all."""
    above = hashlib.sha256()
    for address in sorted(entries):
        line = _line(entries[address])
        above.update(line)
        yield line
    yield _seal(above)


def _seal(above: hashlib._Hash) -> bytes:
    return json.dumps({"sealed": above.hexdigest()}).encode() + b"\n"


def _line(entry: Entry) -> bytes:
    values = {name: getattr(entry, name) for name in _FIELDS}
    return json.dumps(values, sort_keys=True, separators=(",", ":")).encode() + b"\n"
