"""Examination: what is wrong with a record and its sources, before anything is built."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from reportgen.analysis.checks import Knowledge, Subject, apply_levels, check_subject
from reportgen.base.characters import MOST_MARKS, has_too_many_marks
from reportgen.base.errors import Level, Problem, RecordError, Where, pointer_of
from reportgen.base.house_files import STYLE, house_paths, read_house_files
from reportgen.base.licences import licence_problem
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import FILE_NAME
from reportgen.base.style import LEAST_CONTRAST
from reportgen.base.suggestions import suggest
from reportgen.base.timings import stage
from reportgen.explanations import explanations
from reportgen.record import Loaded, read_record
from reportgen.record.registration import Deposit, Registration, deposit_of, is_sandbox, lock_path
from reportgen.sources import cite, load_library
from reportgen.sources.citation import is_place
from reportgen.sources.csl_rendering import require_style
from reportgen.sources.library import bib_paths
from reportgen.text import faces
from reportgen.text.families import chosen_families, own_faces
from reportgen.text.markup import (
    anchors,
    cited_keys,
    images,
    mathematics_problem,
    mentioned_keys,
    placements,
    printed_as_they_stand,
    undescribed_images,
    unread_equations,
)
from reportgen.text.mathematics import formula_problem
from reportgen.text.templates import Printed
from reportgen.text.wording import LANGUAGES, own_languages, wording_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.record.model import Record
    from reportgen.sources import Bibliography, Library
    from reportgen.text.structure import Numbered


def validate_record(
    path: Path,
    settings: Settings,
    *,
    raw: bytes | None = None,
    strict: bool = False,
    look_at: Callable[[Loaded], Sequence[Problem]] = lambda _: (),
) -> list[Problem]:
    """Return every problem of a record that can be found without building it; ``raw`` is as in `read_record`.

    ``look_at`` finds what a later room sees of a record: which of its pictures cannot be printed.

    Raises:
        RecordError: the record cannot be read; the error holds every reason.
        SettingsError, TemplateError: the house's logo cannot be read, or its words or its style of references cannot be
            used.

    """
    loaded = read_record(path, raw=raw)
    folder = packaged_folder("templates") / "locale"
    house = read_house_files(settings)
    wording_for(loaded.record.language, folder, house, settings.root, settings.policy.tier_names)
    if STYLE in house:
        require_style(house[STYLE], settings.root / FILE_NAME)
    _, problems = registration_for(loaded)
    bibliography = cite_record(loaded.record, library_of(settings))
    return [*judge(loaded, bibliography, settings, strict=strict, found=problems), *look_at(loaded)]


def registration_for(
    loaded: Loaded, given: Registration | None = None
) -> tuple[Registration | None, list[Problem]]:
    """Find the DOI that a report prints: the one given, else of the lock file beside the record, else its own.

    Raises:
        RecordError: the lock file is broken or another record's, or names another DOI than the record does.

    """
    record, problems = loaded.record, []
    deposit = deposit_of(loaded.source.path) if given is None else None
    if deposit is not None and deposit.record != str(record.id):
        raise RecordError([_of_other_record(loaded, deposit)])
    if deposit is not None and deposit.version == record.version:
        given = deposit.registration
    elif deposit is not None and deposit.doi:
        if record.doi and record.doi.lower() == deposit.doi.lower():
            raise RecordError([_conflict(loaded, f"which is that of version {deposit.version}")])
        problems.append(_of_other_version(loaded, deposit))
    if given is None:
        given = Registration(record.doi, is_sandbox("", record.doi)) if record.doi else None
    elif record.doi and record.doi.lower() != given.doi.lower():
        raise RecordError([_conflict(loaded, f"the one reserved is {given.doi}")])
    return given, problems


def as_registered(record: Record, registration: Registration | None) -> Record:
    """Return the record with the DOI that counts as an external archive; a sandbox's does not."""
    counts = registration is not None and not registration.sandbox
    return record.model_copy(update={"doi": registration.doi if registration and counts else None})


def _of_other_record(loaded: Loaded, deposit: Deposit) -> Problem:
    lock = lock_path(loaded.source.path)
    message = f"{lock} belongs to the record {deposit.record}, and this is {loaded.record.id}"
    hint = "a copied record needs no lock file: remove it; or give the record its own id back"
    return Problem("doi-of-other-record", Level.ERROR, loaded.where("/id"), message, hint)


def _of_other_version(loaded: Loaded, deposit: Deposit) -> Problem:
    lock = lock_path(loaded.source.path)
    message = (
        f"the DOI {deposit.doi} in {lock} is that of version {deposit.version}, and this is version "
        f"{loaded.record.version}: it is not printed"
    )
    hint = "`reportgen zenodo new-version` reserves a DOI for this version"
    return Problem("doi-of-other-version", Level.WARNING, loaded.where("/version"), message, hint)


def _conflict(loaded: Loaded, what: str) -> Problem:
    lock = lock_path(loaded.source.path)
    message = f"the record's DOI is {loaded.record.doi}; {what} ({lock} /doi)"
    hint = "leave `doi` out of the record: the reserved one is printed without it"
    return Problem("doi-conflict", Level.ERROR, loaded.where("/doi"), message, hint)


@stage("library")
def library_of(settings: Settings) -> Library:
    """Return the settings' bibliography folders and lock file, loaded once until one of their files changes."""
    folders, lock = tuple(path for path in settings.bib if path.exists()), settings.lock
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
    """Return numbers to a record's references, those of its texts included.

    What is mentioned without brackets is cited where it is known for a source, or says itself what it is.
    """
    texts = record.markdown_texts.values()
    keys = dict.fromkeys(key for text in texts for key in cited_keys(text) if not is_place(key))
    bibliography = cite(record, library, tuple(keys))
    mentioned = dict.fromkeys(
        key
        for text in texts
        for key in mentioned_keys(text)
        if bibliography.find(key) or library.entry(key) or _IDENTIFIER.match(key)
    )
    return cite(record, library, tuple(keys | mentioned)) if mentioned else bibliography


_IDENTIFIER = re.compile("(?:doi|arxiv|pmid|isbn):.")


@stage("check")
def judge(
    loaded: Loaded,
    bibliography: Bibliography,
    settings: Settings,
    *,
    strict: bool,
    found: Sequence[Problem] = (),
) -> list[Problem]:
    """Collect the problems of the record, its sources, its markup and its characters, in order of place.

    ``found`` are problems known before, to be ordered with these.
    """
    cited = [(reference, reference.identifier.identity) for reference in bibliography.references]
    known = Knowledge(
        titles={identity: reference.entry.title for reference, identity in cited if reference.entry},
        works={
            name: identity
            for reference, identity in cited
            if reference.entry
            for name in (*reference.entry.identities, ("key", reference.entry.key))
        },
        number_of=lambda source: reference.number if (reference := bibliography.find(source)) else None,
        math_problem=formula_problem,
        markdown_math_problem=mathematics_problem,
        printed_as_they_stand=printed_as_they_stand,
        cited_keys=cited_keys,
        mentioned_keys=mentioned_keys,
        anchors=anchors,
        unread_equations=unread_equations,
        images=images,
        undescribed_images=undescribed_images,
        placements=placements,
        known_keys=lambda: (*bibliography.keys, *library_of(settings).keys),
        is_cited=lambda key: bibliography.find(key) is not None,
        tier_edges=settings.policy.edges,
        languages=(*LANGUAGES, *own_languages(house_paths(settings))),
    )
    subject = Subject(loaded, known)
    elsewhere = [
        *_house(settings),
        *_levels(settings),
        *_guarantor(loaded, settings),
        *found,
        *bibliography.problems,
        *_unprintable(subject, bibliography, settings),
    ]
    located = [
        problem if problem.where.file else replace(problem, where=loaded.where(problem.where.pointer))
        for problem in elsewhere
    ]
    return apply_levels(check_subject(subject, settings.levels, located), settings.levels, strict=strict)


def _house(settings: Settings) -> Iterator[Problem]:
    for name, found in settings.style.pale_colours:
        where = Where(str(settings.root / FILE_NAME), pointer=f"/style/{name}")
        message = f"its contrast with paper is {found:.1f}, and text needs {LEAST_CONTRAST}"
        yield Problem("colour-pale", Level.WARNING, where, message, "choose a darker colour")
    if not settings.names_publisher:
        where = Where(str(settings.root / FILE_NAME), pointer="/publisher/name")
        message = f"no publisher is set: “{settings.publisher.name}” is printed in its place"
        hint = "write who publishes your reports as `name` under [publisher] in reportgen.toml"
        yield Problem("publisher-unset", Level.WARNING, where, message, hint)
    if settings.license is not None and (licence := licence_problem(settings.license)):
        where = Where(str(settings.root / FILE_NAME), pointer="/license")
        yield Problem("licence-unknown", Level.WARNING, where, *licence)


def _levels(settings: Settings) -> Iterator[Problem]:
    """Find levels that are set and change nothing: of codes that there are not, or whose level is what it is."""
    for code in settings.levels:
        explained = explanations().get(code)
        if explained is not None and explained.settable:
            continue
        where = Where(str(settings.root / FILE_NAME), pointer=pointer_of(["levels", code]))
        message, hint = f"there is no code `{code}`", "`reportgen explain` lists all codes"
        if explained is not None:
            message, hint = f"`{code}` ends what is being done, whatever its level", "remove it"
        elif near := suggest(code, explanations()):
            hint = f"did you mean `{near}`?"
        yield Problem("level-without-effect", Level.WARNING, where, message, hint)


def _guarantor(loaded: Loaded, settings: Settings) -> Iterator[Problem]:
    authors = loaded.record.authors or settings.authors
    if settings.policy.require_guarantor and not any(author.guarantor for author in authors):
        message = "no author is the guarantor, and the house's policy asks for one"
        hint = "give `guarantor: true` to the one person who answers for the content"
        yield Problem("guarantor-missing", Level.ERROR, loaded.where("/authors"), message, hint)


def _unprintable(subject: Subject, bibliography: Bibliography, settings: Settings) -> Iterator[Problem]:
    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    own = own_faces(families)
    for text in [*_printed(subject), *_entry_texts(bibliography)]:
        if text.text.isascii():
            continue
        if has_too_many_marks(text.text):
            message = f"more than {MOST_MARKS} marks stand on one letter, which no font prints apart"
            hint = "leave out those that no language asks for"
            yield Problem("too-many-marks", Level.ERROR, Where(pointer=text.pointer), message, hint)
        if missing := faces.unprintable(text.text, engine=settings.engine, own=own):
            yield _missing_glyph(missing, Where(pointer=text.pointer), settings.engine)


def _missing_glyph(characters: Sequence[str], where: Where, engine: str) -> Problem:
    shown = ", ".join(f"{_as_seen(character)}U+{ord(character):04X}" for character in characters[:8])
    if engine == "pdftex":
        message = f"pdfTeX, which `engine` asks for, has no font that prints {shown}"
        return Problem("missing-glyph", Level.ERROR, where, message, "let reportgen choose the engine")
    # Most reports lack no font.
    from reportgen.base.packages import how_to_install
    from reportgen.text.missing_fonts import face_for_missing

    things = sorted({thing for character in characters if (thing := face_for_missing(character))})
    hint = "install a font that has them; `reportgen doctor` lists the fonts found"
    if things:
        hint = f"install a font that has them: {how_to_install(*things)}"
    message = f"no installed font prints {shown}: the number is printed in a frame"
    return Problem("missing-glyph", Level.WARNING, where, message, hint)


def _as_seen(character: str) -> str:
    return f"{character} " if character.isprintable() else ""


def unprintable_in(
    body: Numbered,
    characters: Sequence[str],
    loaded: Loaded,
    bibliography: Bibliography,
    engine: str = "auto",
) -> list[Problem]:
    """Trace characters that stand in a report's LaTeX and in no font to the fields that they come from."""
    subject = Subject(loaded, Knowledge())
    fields = [(field.text, field.pointer) for field in subject.texts]
    fields += [(printed.text, printed.pointer) for printed in _entry_texts(bibliography)]
    found: dict[str, list[str]] = {}
    for character in characters:
        line = body.tex.count("\n", 0, body.tex.find(character)) + 1
        holding = (pointer for text, pointer in fields if character in text)
        found.setdefault(body.pointer_at(line) or next(holding, ""), []).append(character)
    return [_missing_glyph(missing, loaded.where(pointer), engine) for pointer, missing in found.items()]


_CODE_IN_PRINT = re.compile(
    r"/license|/gate/artifacts/\d+/(?:type|path)|/corrections/\d+/affected_fields/\d+|/math/lean4_source"
    r"|/authors/\d+/email|/generator/run/id|/gate/checks/\d+/(?:command|(?:files|data)/\d+)"
)
_NOT_IN_PRINT = re.compile(r"/authors/\d+/(?:given|family)")


def _printed(subject: Subject) -> Iterator[Printed]:
    for field in subject.texts:
        printed = field.prose or _CODE_IN_PRINT.fullmatch(field.pointer)
        if printed and not _NOT_IN_PRINT.fullmatch(field.pointer):
            yield Printed(field.text, field.pointer)


def _entry_texts(bibliography: Bibliography) -> Iterator[Printed]:
    """Yield the words of every source that the record names or a section cites, at its first mention."""
    for reference in bibliography.references:
        if entry := reference.entry:
            text = " ".join(entry.printed_texts())
            yield Printed(text, reference.pointer)
        else:
            yield Printed(str(reference.identifier), reference.pointer)
