"""Examination: what is wrong with a record and its sources, before anything is built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen import fonts
from reportgen.bibliography import cite, load_library
from reportgen.checks import Knowledge, apply_levels, check
from reportgen.errors import Level, Problem, Where
from reportgen.formula import formula_problem
from reportgen.proof import Expected
from reportgen.prose import cited_keys, refusals
from reportgen.record import Loaded, read_record

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


def library_of(settings: Settings) -> Library:
    """Load the settings' bibliography folders and lock file."""
    folders = [settings.path(folder) for folder in settings.bib]
    return load_library([folder for folder in folders if folder.exists()], settings.path(settings.lock))


def cite_record(record: Record, library: Library) -> Bibliography:
    """Give numbers to a record's references, those of its section texts included."""
    return cite(record, library, cited_keys("\n\n".join(section.text for section in record.sections)))


def judge(loaded: Loaded, bibliography: Bibliography, settings: Settings, *, strict: bool) -> list[Problem]:
    """Collect the problems of the record, its sources, its markup and its characters, in order of place."""
    record = loaded.record
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
    elsewhere = [*bibliography.problems, *_unprintable(record, settings)]
    located = [
        problem if problem.where.file else replace(problem, where=loaded.where(problem.where.pointer))
        for problem in elsewhere
    ]
    return apply_levels(check(loaded, settings, located, known), settings, strict=strict)


def _unprintable(record: Record, settings: Settings) -> Iterator[Problem]:
    for text in texts_of(record):
        missing = fonts.unprintable(text.text, engine=settings.engine)
        if missing:
            shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:8])
            message = f"no installed font prints {shown}"
            hint = "install a font that has them; `reportgen doctor` lists the fonts found"
            yield Problem("no-glyph", Level.ERROR, Where(pointer=text.pointer), message, hint)


def texts_of(record: Record) -> Iterator[Expected]:
    """Give every text of the record that a report prints, with its place."""
    yield Expected(record.title, "/title")
    yield Expected(record.question, "/question")
    if record.background:
        yield Expected(record.background.text, "/background/text")
    for index, section in enumerate(record.sections):
        yield Expected(section.title, f"/sections/{index}/title")
        yield Expected(section.text, f"/sections/{index}/text")
    for index, claim in enumerate(record.claims):
        yield Expected(claim.text, f"/claims/{index}/text")
        for name in ("quote", "locator", "note"):
            if text := getattr(claim, name):
                yield Expected(text, f"/claims/{index}/{name}")
    for index, limitation in enumerate(record.limitations):
        yield Expected(limitation, f"/limitations/{index}")
    for index, author in enumerate(record.authors):
        yield Expected(author.name, f"/authors/{index}/name")


def expected_texts(record: Record) -> Iterator[Expected]:
    """Give what must stand in the PDF whole: section texts are markup, so they are not compared."""
    return (
        text
        for text in texts_of(record)
        if not text.pointer.endswith("/text") or not text.pointer.startswith("/sections")
    )
