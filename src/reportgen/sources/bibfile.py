"""The .bib files of a library: their entries as written, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.errors import BibliographyError, Level, Problem, Where
from reportgen.base.foreign import read_foreign
from reportgen.sources.bibcommands import USUAL, journal_of
from reportgen.sources.bibsplit import split_text
from reportgen.sources.bibvalue import Definitions, Value, evaluate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from reportgen.sources.bibcommands import Command


_JOURNALS = frozenset(("journal", "journaltitle"))
_NAMING = frozenset(("crossref", "xdata", "entryset"))


class RawField(NamedTuple):
    """A field as written; ``name`` is lower case, ``line`` 1-based.

    A tuple, because a large bibliography has hundreds of thousands of them.
    """

    name: str
    source: str
    path: Path
    line: int
    definitions: Definitions

    @property
    def value(self) -> Value:
        """Put the value together, with what the file's own commands stand for."""
        value = evaluate(self.source, self.definitions)
        if "\\" not in value.text:
            return value
        text = journal_of(value.text) if self.name in _JOURNALS else value.text
        return Value(self.definitions.expanded(text), value.undefined, value.fault)


@dataclass(frozen=True, eq=False)
class RawEntry:
    """An entry as written: its 1-based line, its type in lower case, its citation key and its fields.

    A field is its name in lower case, its value as it stands, and its line.
    """

    path: Path
    line: int
    type: str
    key: str
    written: Sequence[tuple[str, str, int]]
    definitions: Definitions

    @property
    def names_others(self) -> bool:
        """Say whether it takes anything from other entries."""
        return any(name in _NAMING or "xdata=" in source[:8] for name, source, _ in self.written)

    def repeated_fields(self) -> Iterator[RawField]:
        """Yield those fields whose name an earlier one has."""
        if len({name for name, _, _ in self.written}) == len(self.written):
            return
        seen: set[str] = set()
        for found in self.every_field():
            if found.name in seen:
                yield found
            seen.add(found.name)

    def every_field(self, names: Collection[str] | None = None) -> Iterator[RawField]:
        """Yield all fields, or those of some names; repeated ones too."""
        for name, source, line in self.written:
            if names is None or name in names:
                yield RawField(name, source, self.path, line, self.definitions)

    @cached_property
    def fields(self) -> Mapping[str, RawField]:
        """Return the fields by name; of a repeated one the first, as BibTeX does."""
        return first_of_each(self.every_field())


def first_of_each(fields: Iterable[RawField]) -> Mapping[str, RawField]:
    """Index fields by name; of a repeated one the first counts."""
    named: dict[str, RawField] = {}
    for found in fields:
        named.setdefault(found.name, found)
    return named


@dataclass(frozen=True, eq=False)
class BibFile:
    """A .bib file read once.

    ``entries`` is in file order and holds repeated keys too; ``failed`` is why an entry of that key
    cannot be read.
    """

    path: Path
    entries: tuple[RawEntry, ...] = ()
    failed: Mapping[str, Problem] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_bib_files(paths: Sequence[Path]) -> tuple[BibFile, ...]:
    """Split .bib files into their blocks; the ``@string`` definitions and the preamble of each hold in all.

    Raises:
        BibliographyError: a file cannot be read, or is not UTF-8.

    """
    texts: dict[Path, str] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            texts[path] = _text(path)
        except BibliographyError as error:
            problems += error.problems
    if problems:
        raise BibliographyError(problems)
    strings: dict[str, str] = {}
    commands: dict[str, Command] = dict(USUAL)
    return tuple(_read(path, text, strings, commands) for path, text in texts.items())


def _read(path: Path, text: str, strings: dict[str, str], commands: dict[str, Command]) -> BibFile:
    read = split_text(text)
    definitions = Definitions(read.strings, strings, commands)
    for name, source in read.strings.items():
        strings.setdefault(name, source)
    commands |= read.commands
    problems = tuple(replace(each, where=replace(each.where, file=str(path))) for each in read.problems)
    failed = {key: problems[place] for key, place in read.failed.items()}
    entries = (RawEntry(path, *entry, definitions) for entry in read.entries)
    return BibFile(path, tuple(entries), failed, problems)


def bib_problem(  # noqa: PLR0917  # the parts of every message, in the order they are printed
    code: str, path: Path, line: int | None, message: str, hint: str = "", level: Level = Level.ERROR
) -> Problem:
    """Say what is wrong at a line of a .bib file."""
    return Problem(code, level, Where(str(path), line), message, hint)


def _text(path: Path) -> str:
    try:
        content = read_foreign(path, root=path.parent)
    except OSError as error:
        message = f"the bibliography cannot be read: {error.strerror or error}"
        hint = "check the path and its permissions"
        raise BibliographyError([bib_problem("bib-unreadable", path, None, message, hint)]) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        raise BibliographyError([bib_problem("bib-encoding", path, line, message, hint)]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
