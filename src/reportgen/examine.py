"""Examination: what is wrong with a record and its sources, before anything is built."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen import fonts
from reportgen.bibliography import cite, load_library
from reportgen.bibliography.library import bib_paths
from reportgen.checks import Knowledge, apply_levels, check
from reportgen.checks.subject import Subject
from reportgen.errors import Level, Problem, Where
from reportgen.formula import formula_problem
from reportgen.proof import Expected
from reportgen.prose import cited_keys, refusals
from reportgen.record import Loaded, read_record
from reportgen.timings import stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reportgen.bibliography import Bibliography, Library
    from reportgen.model import Record
    from reportgen.settings import Settings


def validate_record(path: Path, settings: Settings, *, strict: bool = False) -> list[Problem]:
    """Give every problem of a record that can be found without building it.

    Raises:
        RecordError: the record cannot be read; the error holds every reason.

    """
    loaded = read_record(path)
    return judge(loaded, cite_record(loaded.record, library_of(settings)), settings, strict=strict)


@stage("library")
def library_of(settings: Settings) -> Library:
    """Give the settings' bibliography folders and lock file, loaded once until one of their files changes."""
    folders = tuple(folder for path in settings.bib if (folder := settings.path(path)).exists())
    lock = settings.path(settings.lock)
    return _library(folders, lock, tuple(_stamp(path) for path in (*bib_paths(folders), lock)))


@lru_cache(maxsize=4)
def _library(folders: tuple[Path, ...], lock: Path, stamps: tuple[object, ...]) -> Library:  # noqa: ARG001 - of the files
    return load_library(folders, lock)


def _stamp(path: Path) -> tuple[object, ...]:
    """Tell a file from what it was: another one in its place, or another content, has another stamp."""
    try:
        status = path.stat()
    except OSError:
        return (path,)
    return (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@stage("cite")
def cite_record(record: Record, library: Library) -> Bibliography:
    """Give numbers to a record's references, those of its section texts included."""
    return cite(record, library, cited_keys("\n\n".join(section.text for section in record.sections)))


@stage("check")
def judge(loaded: Loaded, bibliography: Bibliography, settings: Settings, *, strict: bool) -> list[Problem]:
    """Collect the problems of the record, its sources, its markup and its characters, in order of place."""
    cited = [(reference, reference.identifier.identity) for reference in bibliography.references]
    known = Knowledge(
        titles={identity: reference.entry.title for reference, identity in cited if reference.entry},
        works={
            name: identity
            for reference, identity in cited
            if reference.entry
            for name in reference.entry.identities
        },
        math_problem=formula_problem,
        section_refusals=refusals,
        cited_keys=cited_keys,
    )
    elsewhere = [*bibliography.problems, *_unprintable(loaded, bibliography, settings)]
    located = [
        problem if problem.where.file else replace(problem, where=loaded.where(problem.where.pointer))
        for problem in elsewhere
    ]
    return apply_levels(check(loaded, settings, located, known), settings, strict=strict)


def _unprintable(loaded: Loaded, bibliography: Bibliography, settings: Settings) -> Iterator[Problem]:
    for text in [*texts_of(loaded), *_entry_texts(loaded, bibliography)]:
        missing = fonts.unprintable(text.text, engine=settings.engine)
        if missing:
            shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:8])
            message = f"no installed font prints {shown}"
            hint = "install a font that has them; `reportgen doctor` lists the fonts found"
            yield Problem("no-glyph", Level.ERROR, Where(pointer=text.pointer), message, hint)


_CODE_IN_PRINT = re.compile(
    r"/license|/gate/artifacts/\d+/(?:type|path)|/corrections/\d+/affected_fields/\d+|/math/lean4_source"
)
_NOT_IN_PRINT = re.compile(r"/authors/\d+/(?:given|family)")


def texts_of(loaded: Loaded) -> Iterator[Expected]:
    """Give every text of the record that a report prints, with its place, but for those of its sources."""
    for field in Subject(loaded, Knowledge()).texts:
        printed = field.prose or _CODE_IN_PRINT.fullmatch(field.pointer)
        if printed and not _NOT_IN_PRINT.fullmatch(field.pointer):
            yield Expected(field.text, field.pointer)


def expected_texts(loaded: Loaded) -> Iterator[Expected]:
    """Give what must stand in the PDF whole: section texts are markup, so they are not compared."""
    return (text for text in texts_of(loaded) if not re.fullmatch(r"/sections/\d+/text", text.pointer))


def _entry_texts(loaded: Loaded, bibliography: Bibliography) -> Iterator[Expected]:
    """Give the words of every source that the record names, at its first mention."""
    seen: set[int] = set()
    for pointer, source in Subject(loaded, Knowledge()).references:
        reference = bibliography.lookup(source)
        if (entry := reference.entry) and reference.number not in seen:
            seen.add(reference.number)
            names = map(str, (*entry.authors, *entry.editors))
            published = (entry.container, entry.series, entry.publisher, entry.place, entry.edition)
            others = (entry.genre, entry.pages, entry.note)
            yield Expected(" ".join((entry.title, *names, *published, *others)), pointer)
