"""One .bib file: its blocks as written, each with its line.

bibtexparser finds the blocks. What it leaves out of its failures is found here: an empty key, text
between the entries, a definition given twice.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bibtexparser import model as blocks
from bibtexparser.entrypoint import parse_string

from reportgen.base.errors import BibliographyError, Level, Problem, Where
from reportgen.base.foreign import read_foreign
from reportgen.sources.bibvalue import Definitions, Value, evaluate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# bibtexparser logs every failure to standard error; here each becomes a Problem.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


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
        """Put the value together."""
        return evaluate(self.source, self.definitions)


@dataclass(frozen=True, eq=False)
class RawEntry:
    """An entry as written: its 1-based line, its type in lower case, its citation key and its fields."""

    path: Path
    line: int
    type: str
    key: str
    written: Sequence[blocks.Field]
    definitions: Definitions

    @property
    def crossref(self) -> str:
        """Give the key of the entry that describes the whole, or ''."""
        return self.fields["crossref"].value.text.strip() if "crossref" in self.fields else ""

    def every_field(self, names: Collection[str] | None = None) -> Iterator[RawField]:
        """Give all fields, or those of some names; repeated ones too."""
        for found in self.written:
            name = found.key.lower()
            if names is None or name in names:
                yield RawField(name, found.value, self.path, found.start_line + 1, self.definitions)

    @cached_property
    def fields(self) -> Mapping[str, RawField]:
        """Give the fields by name; of a repeated one the first, as BibTeX does."""
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
    """Split .bib files into their blocks; the ``@string`` definitions of each hold in all.

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
    shared: dict[str, str] = {}
    return tuple(_split(path, text, shared) for path, text in texts.items())


def _split(path: Path, text: str, shared: dict[str, str]) -> BibFile:
    entries: list[RawEntry] = []
    strings: dict[str, str] = {}
    definitions = Definitions(strings, shared)
    failed: dict[str, Problem] = {}
    problems: list[Problem] = []
    for read in parse_string(text, parse_stack=[]).blocks:
        line = (read.start_line or 0) + 1
        # Of repeated keys and fields the parser makes failures; we take what was written and judge it.
        block = getattr(read, "ignore_error_block", None) or read
        if isinstance(block, blocks.Entry):
            kind = str(block.entry_type).lower()
            entries.append(RawEntry(path, line, kind, str(block.key), block.fields, definitions))
        elif isinstance(block, blocks.String):
            shared.setdefault(block.key.lower(), block.value)
            if strings.setdefault(block.key.lower(), block.value) != block.value:
                message = f"@string {block.key} is defined twice; the first definition is used"
                hint = "remove one of them"
                problems.append(bib_problem("bib-duplicate-string", path, line, message, hint))
        elif isinstance(block, blocks.ParsingFailedBlock):
            problems.append(_unreadable(path, block, line))
            if key := re.match(r"@\w+\s*[{(]\s*([^\s,={}]+)\s*(?:,|$)", block.raw or ""):
                failed.setdefault(key[1], problems[-1])
        elif isinstance(block, blocks.ImplicitComment):
            problems.extend(_stray_text(path, block.comment, line))
    return BibFile(path, tuple(entries), failed, tuple(problems))


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


def _unreadable(path: Path, block: blocks.ParsingFailedBlock, line: int) -> Problem:
    reason = str(getattr(block.error, "abort_reason", "") or block.error).strip()
    head = (block.raw or "").split("\n", 1)[0].strip()
    message = f"{head!r} cannot be read, its entry is left out: {reason}"
    return bib_problem("bib-syntax", path, line, message, "check its commas, quotes and braces")


def _stray_text(path: Path, comment: str, line: int) -> Iterator[Problem]:
    """Tell of text outside entries, which BibTeX skips; lines that start with % are meant as comments."""
    for offset, text in enumerate(comment.split("\n")):
        if (text := text.strip()) and not text.startswith("%"):
            shown = text if len(text) <= 60 else f"{text[:60]}…"
            message = f"this text is outside every entry and is ignored: {shown!r}"
            hint = "repair the entry it belongs to, or start the line with %"
            yield bib_problem("bib-stray-text", path, line + offset, message, hint, Level.WARNING)
            return
