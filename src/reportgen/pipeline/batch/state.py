"""What lies in an output folder and what it was made from, kept beside the reports."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import is_file_name, open_own, parse_foreign_json
from reportgen.base.locks import hold_alone, hold_together, open_folder
from reportgen.base.paths import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.pipeline.batch.inputs import RecordSource

STATE_FILE = ".reportgen-state.jsonl"
LARGEST_STATE = 300_000_000
"""The most bytes that are read of a state: what a quarter of a million reports take."""
LARGEST_REPORT = 2_000_000_000
_LONGEST_LINE = 1_000_000
_LONGEST_PATH = 4096
# What `write_atomically` leaves of a PDF or of the state where its process is killed.
_LEFT_BEHIND = re.compile(r"\..+\.(?:pdf|jsonl)\.[a-z0-9_]{8}")
_CODE = re.compile(r"[a-z0-9-]{1,80}")


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The hashes of all that a report's bytes depend on.

    ``claims`` is that of the files that the record names, ``bibliography`` that of the whole bibliography,
    ``cited`` that of the entries the record uses, ``registration`` that of the DOI reserved for it.
    """

    record: str = ""
    claims: str = ""
    bibliography: str = ""
    cited: str = ""
    templates: str = ""
    settings: str = ""
    tools: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class StateEntry:
    """Which record made which PDF from which ingredients, and what was said about it.

    ``source`` is the record's path from the output folder; ``mtime_ns`` and ``size`` are the PDF's, ``sha256``
    its hash. ``older`` are PDFs of earlier states of the record that had other names.
    """

    source: str
    pdf: str
    size: int
    mtime_ns: int
    sha256: str
    ingredients: Ingredients
    problems: tuple[Problem, ...] = ()
    older: tuple[str, ...] = ()


class State:
    """The entries of one output folder.

    They are appended as reports are built, so a killed run loses none; the last entry of a record counts, and
    a line cut short is no line. Several runs may work on one folder: one that is alone tidies it up.

    The folder may come from somebody else. What a line says is believed only where an entry of ours could say
    it, and it names no file outside the folder but the record.

    Raises:
        OutputError: the state is no file of this folder, is too large, or cannot be read.

    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.entries: dict[str, StateEntry] = {}
        self.values: dict[str, Mapping[str, str]] = {}
        self._by_record: dict[str, StateEntry] = {}
        self._by_pdf: dict[str, str] = {}
        self._from_here = cache(
            lambda parent: os.path.relpath(os.path.realpath(parent), os.path.realpath(folder))
        )
        self._file = folder / STATE_FILE
        self._lock: int | None = None
        self._left_behind: dict[Path, int] = {}
        if not read_only and folder.is_dir():
            # A folder that cannot be opened is said when something is to be written.
            with contextlib.suppress(OSError):
                self._begin()
        self._read()

    def key(self, source: RecordSource) -> str:
        """Name a record by its path from the output folder, so that both can be moved together."""
        path = f"{self._from_here(source.path.parent).replace(os.sep, '/')}/{source.path.name}"
        return f"{path}:{source.line}" if source.line else path

    def find(self, source: RecordSource, record: str) -> StateEntry | None:
        """Return a record's entry; one of a file of many may have moved, so its hash is looked for, too."""
        entry = self.entries.get(self.key(source))
        if source.line and (entry is None or entry.ingredients.record != record):
            entry = self._by_record.get(record, entry)
        return entry

    def owner(self, pdf: str) -> str | None:
        """Return the key of the record that a PDF was made from."""
        return self._by_pdf.get(pdf)

    def add(self, entry: StateEntry, values: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Remember what was built, on disk too, with the named values behind its hashes.

        Raises:
            OSError: the state cannot be written.

        """
        if self._lock is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._begin()
        new = {key: value for key, value in (values or {}).items() if key not in self.values}
        lines = [{"values": {key: dict(value)}} for key, value in new.items()]
        self._append("".join(_line(value) for value in (*lines, _as_json(entry))))
        self.values |= new
        self._keep(entry)

    def close(self) -> None:
        """End the work on the folder; remove what an earlier, killed run left in it."""
        for path, stamp in self._left_behind.items():
            # A run of another command may have finished its file meanwhile.
            with contextlib.suppress(OSError):
                if path.lstat().st_mtime_ns == stamp:
                    path.unlink()
        self._left_behind.clear()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _keep(self, entry: StateEntry) -> None:
        before = self.entries.get(entry.source)
        if before and self._by_pdf.get(before.pdf) == entry.source:
            del self._by_pdf[before.pdf]
        self.entries[entry.source] = entry
        self._by_pdf[entry.pdf] = entry.source
        self._by_record[entry.ingredients.record] = entry

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
            self._tidy()
        hold_together(self._lock)

    def _tidy(self) -> None:
        with os.scandir(self.folder) as found:
            old = [Path(item.path) for item in found if _LEFT_BEHIND.fullmatch(item.name)]
        self._left_behind = {path: path.lstat().st_mtime_ns for path in old}
        count, last = 0, {}
        for line in _whole_lines(self._file):
            count += 1
            last[_identity(line)] = line
        if count > 2 * len(last) + 100:
            write_atomically(self._file, "".join(map(_line, last.values())).encode())

    def _read(self) -> None:
        try:
            for value in _whole_lines(self._file):
                with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                    if "values" in value:
                        self.values |= _values(value["values"])
                    else:
                        self._keep(_entry(value))
        except (FileNotFoundError, NotADirectoryError):
            return  # what cannot be a folder is said when something is to be written
        except OSError as error:
            message = f"what is known of the reports cannot be read: {error.strerror}"
            hint = "remove the file; each report is then built again, once"
            problem = Problem("state", Level.ERROR, Where(str(self._file)), message, hint)
            raise OutputError([problem]) from error

    def _append(self, text: str) -> None:
        # One write to a file opened for appending is not interleaved with another process's.
        handle = open_own(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        try:
            size = os.fstat(handle).st_size
            os.lseek(handle, max(size - 1, 0), os.SEEK_SET)
            whole = os.read(handle, 1) in {b"", b"\n"}
            content = (text if whole else f"\n{text}").encode("utf-8", "surrogatepass")
            written = os.write(handle, content)
            if written < len(content):
                # The disk became full in the middle; the second attempt says so.
                os.write(handle, content[written:])
        finally:
            os.close(handle)


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":")) + "\n"


def _whole_lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are whole, and no longer than one that reportgen writes.

    Raises:
        OSError: as `open_own`; or the file is too large.

    """
    with os.fdopen(open_own(file, os.O_RDONLY), "rb") as lines:
        if os.fstat(lines.fileno()).st_size > LARGEST_STATE:
            raise OSError(errno.EFBIG, f"it is larger than {LARGEST_STATE // 1_000_000} MB", str(file))
        while line := lines.readline(_LONGEST_LINE):
            with contextlib.suppress(ValueError):
                value = parse_foreign_json(line)
                if isinstance(value, dict) and isinstance(value.get("values", {}), dict):
                    yield value


def _identity(value: Mapping[str, Any]) -> tuple[str, ...]:
    return ("values", *value["values"]) if "values" in value else ("source", str(value.get("source")))


def _as_json(entry: StateEntry) -> dict[str, Any]:
    return asdict(replace(entry, problems=())) | {"problems": [each.as_dict() for each in entry.problems]}


def _values(given: Any) -> dict[str, dict[str, str]]:
    """Return the named values behind hashes; TypeError or ValueError where they are none."""
    return {
        _text(key): {_text(name): _text(value) for name, value in named.items()}
        for key, named in given.items()
        if isinstance(named, dict)
    }


def _entry(value: Mapping[str, Any]) -> StateEntry:
    """Make an entry of a line; ValueError, KeyError or TypeError where it is none."""
    return StateEntry(
        source=_path(value["source"]),
        pdf=_report(value["pdf"]),
        size=_number(value["size"], LARGEST_REPORT),
        mtime_ns=_number(value["mtime_ns"], 2**63),
        sha256=_text(value["sha256"]),
        ingredients=Ingredients(**{name: _text(given) for name, given in value["ingredients"].items()}),
        problems=tuple(map(_problem, value["problems"])),
        older=tuple(map(_report, value["older"])),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("not a number that is possible here")
    return value


def _report(value: Any) -> str:
    """Return the name of a report: what else the folder holds, and what it does not, is no report."""
    if not is_file_name(_text(value)) or not value.endswith(".pdf"):
        raise ValueError("not the name of a PDF of the folder")
    return str(value)


def _path(value: Any) -> str:
    # A name that the system takes may hold bytes that are not UTF-8.
    if "\0" in _text(value) or len(os.fsencode(value)) > _LONGEST_PATH:
        raise ValueError("not a path")
    return str(value)


def _problem(value: Mapping[str, Any]) -> Problem:
    if not _CODE.fullmatch(value["code"]):
        raise ValueError("not a code of a problem")
    line, column = (
        each if each is None else _number(each, 2**31) for each in (value["line"], value["column"])
    )
    where = Where(_path(value["file"]), line, column, _text(value["pointer"]))
    return Problem(value["code"], Level(value["level"]), where, _text(value["message"]), _text(value["hint"]))
