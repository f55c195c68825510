"""The lint of .bib files behind ``reportgen bib check``: everything at once, each with its line."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from reportgen.base.errors import BibliographyError, Level, Problem
from reportgen.base.identifiers import identify
from reportgen.sources.bibfile import RawEntry, RawField, bib_problem, read_bib_files
from reportgen.sources.bibtex import TYPES, read_entry
from reportgen.sources.entry import WORK_KINDS
from reportgen.sources.library import Library, bib_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from reportgen.sources.entry import Entry

# Each requirement is met by one of its fields; BibTeX's and BibLaTeX's names both count.
_AUTHOR, _TITLE, _YEAR = ("author",), ("title",), ("year", "date")
_SOMEONE = ("author", "editor", "organization", "institution")
_REQUIRED = {
    "article": (_AUTHOR, _TITLE, ("journal", "journaltitle"), _YEAR),
    "book": (("author", "editor"), _TITLE, ("publisher",), _YEAR),
    "collection": (("editor",), _TITLE, _YEAR),
    "proceedings": (_TITLE, _YEAR),
    "inbook": (("author", "editor"), _TITLE, ("chapter", "pages", "booktitle"), _YEAR),
    "incollection": (_AUTHOR, _TITLE, ("booktitle",), _YEAR),
    "inproceedings": (_AUTHOR, _TITLE, ("booktitle", "eventtitle"), _YEAR),
    "thesis": (_AUTHOR, _TITLE, ("school", "institution"), _YEAR),
    "report": (_AUTHOR, _TITLE, ("institution",), _YEAR),
    "manual": (_TITLE,),
    "booklet": (_TITLE,),
    "unpublished": (_AUTHOR, _TITLE),
    "online": (_TITLE, ("url", "doi", "eprint", "howpublished")),
    "dataset": (_SOMEONE, _TITLE, _YEAR),
    "software": (_SOMEONE, _TITLE),
    "patent": (_AUTHOR, _TITLE, ("number",), _YEAR),
    "periodical": (_TITLE, _YEAR),
    "misc": (_TITLE,),
}
_SHOWN = (
    "author", "editor", "title", "subtitle", "journal", "journaltitle", "journalsubtitle", "booktitle",
    "booksubtitle", "maintitle", "series", "volume", "number", "issue", "chapter", "pages", "eid",
    "articleno", "type", "publisher", "institution", "school", "organization", "address", "location",
    "year", "month", "day", "date", "edition", "version", "urldate", "titleaddon", "howpublished", "note",
    "addendum", "language", "langid", "doi", "eprint", "eprinttype", "archiveprefix", "eprintclass",
    "primaryclass", "pmid", "isbn", "url", "crossref",
)  # fmt: skip
_NOT_SHOWN = frozenset(
    (
        "abstract", "annotation", "annote", "bibsource", "biburl", "collaboration", "copyright",
        "editora", "eventdate", "eventtitle", "file", "hyphenation", "issn", "isrn", "issuetitle", "key",
        "keywords", "lccn", "mrnumber", "numpages", "origdate", "pagetotal", "pmcid", "pubstate", "related",
        "shorttitle", "sortkey", "sortname", "timestamp", "translator", "venue", "volumes", "zblnumber",
    )
)  # fmt: skip


def check_library(paths: Sequence[Path], used: Collection[str] | None = None) -> list[Problem]:
    """Find what is wrong in .bib files and folders of them, in the order of files and lines.

    ``used`` are the keys that records use (`Bibliography.keys`); when given, other entries are reported.
    """
    problems = [_missing_path(path) for path in paths if not bib_paths([path])]
    try:
        files = read_bib_files(bib_paths(paths))
    except BibliographyError as error:
        return [*problems, *error.problems]
    library = Library(files)
    problems += library.problems
    raws = [raw for file in files for raw in file.entries]
    by_lower_key: dict[str, RawEntry] = {}
    by_identity: dict[tuple[str, str], RawEntry] = {}
    for raw in raws:
        entry = read_entry(raw, library.raw(raw.crossref))
        problems += [*_key_problems(raw, by_lower_key), *_field_problems(raw, library), *entry.problems]
        problems += _same_work(raw, entry, by_identity)
        if used is not None and raw.key not in used and library.raw(raw.key) is raw:
            message = f"{raw.key} is cited by none of the given records"
            problems.append(_problem("bib-unused", raw, message, level=Level.WARNING))
    places = {str(file.path): place for place, file in enumerate(files, 1)}
    return sorted(problems, key=lambda found: (places.get(found.where.file, 0), found.where.line or 0))


def _problem(
    code: str, place: RawEntry | RawField, message: str, hint: str = "", level: Level = Level.ERROR
) -> Problem:
    return bib_problem(code, place.path, place.line, message, hint, level)


def _missing_path(path: Path) -> Problem:
    message = "there is no .bib file here" if path.exists() else "there is no such file or folder"
    return bib_problem("bib-missing", path, None, message, "check the paths in `bib` of reportgen.toml")


def _key_problems(raw: RawEntry, by_lower_key: dict[str, RawEntry]) -> Iterator[Problem]:
    if not raw.key:
        message = f"this {raw.type} has no key, so nothing can cite it"
        yield _problem("bib-empty-key", raw, message, "give it a key")
        return
    try:
        identify(raw.key, "key")
    except ValueError:
        message = f"the key {raw.key!r} holds characters that a citation cannot"
        yield _problem("bib-key", raw, message, "use letters, digits and : . _ - +")
    first = by_lower_key.setdefault(raw.key.lower(), raw)
    if first.key != raw.key:
        message = f"the key {raw.key} differs from {first.key} at {first.path}:{first.line} only in case"
        yield _problem("bib-key-case", raw, message, "BibTeX takes them for one; rename one of them")


def _field_problems(raw: RawEntry, library: Library) -> Iterator[Problem]:
    for field in raw.every_field():
        if not field.source:
            message = f"{raw.key}: {field.name} has no value"
            hint = "give it one, or remove the field"
            yield _problem("bib-missing-value", field, message, hint)
        if close := _meant(field.name):
            message = f"{raw.key}: the field {field.name} is not known and not printed"
            yield _problem("bib-unknown-field", field, message, f"did you mean {close}?", Level.WARNING)
    parent = library.raw(raw.crossref)
    if raw.crossref and parent is None:
        message = f"{raw.key}: crossref names {raw.crossref}, which is no entry"
        yield _problem("bib-crossref", raw.fields["crossref"], message, "correct the key")
    type_, _ = TYPES.get(raw.type, (raw.type, ""))
    if type_ not in _REQUIRED:
        likely = difflib.get_close_matches(type_, [*_REQUIRED, *TYPES], n=1)
        hint = f"did you mean {likely[0]}?" if likely else "use misc"
        message = f"{raw.key}: the type {raw.type} is not known"
        yield _problem("bib-unknown-type", raw, message, hint, Level.WARNING)
        return
    given = {name for name, field in raw.fields.items() if field.value.text.strip()}
    if parent:
        given |= {"booktitle" if name == "title" else name for name in parent.fields}
    for choice in _REQUIRED[type_]:
        if not given.intersection(choice):
            message = f"{raw.key}: an entry of type {raw.type} needs {' or '.join(choice)}"
            yield _problem("bib-missing-field", raw, message, "add the field", Level.WARNING)


@cache
def _meant(name: str) -> str:
    """Give the field that an unknown name is a slip of the pen for, or ''."""
    if name in _SHOWN or name in _NOT_SHOWN:
        return ""
    return next(iter(difflib.get_close_matches(name, _SHOWN, n=1, cutoff=0.8)), "")


def _same_work(
    raw: RawEntry, entry: Entry, by_identity: dict[tuple[str, str], RawEntry]
) -> Iterator[Problem]:
    for identifier in entry.identifiers:
        if identifier.kind in WORK_KINDS:
            first = by_identity.setdefault(identifier.identity, raw)
            if first.key != raw.key:
                message = f"{raw.key} has the same {identifier} as {first.key} at {first.path}:{first.line}"
                yield _problem("bib-same-work", raw, message, "keep one of the entries", Level.WARNING)
