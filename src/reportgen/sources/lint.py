"""The lint of .bib files behind ``reportgen bib check``: everything at once, each with its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import BibliographyError, Level, Problem
from reportgen.base.identifiers import identify
from reportgen.base.suggestions import suggest
from reportgen.sources.bibfile import BibFile, RawEntry, RawField, bib_problem, read_bib_files
from reportgen.sources.bibsplit import without_collection
from reportgen.sources.bibtex import read_entry
from reportgen.sources.bibtex_table import NAMES, TYPES
from reportgen.sources.entry import MOST_NAMES, WORK_KINDS, Fate
from reportgen.sources.library import Library, bib_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from reportgen.sources.entry import Entry, FieldFate

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
_ALIASES = {
    "conference": "inproceedings", "techreport": "report", "phdthesis": "thesis", "mastersthesis": "thesis",
    "electronic": "online", "www": "online",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry with its place and what becomes of each of its fields."""

    entry: Entry
    raw: RawEntry

    @property
    def fates(self) -> list[FieldFate]:
        """Return what becomes of the fields that stand in the entry itself."""
        own = {name for name, _, _ in self.raw.written}
        return [self._of_names(fate) for fate in self.entry.fates if fate.name in own]

    @property
    def is_used_whole(self) -> bool:
        """Tell whether each of its fields is printed, or used otherwise."""
        return all(fate.fate in {Fate.PRINTED, Fate.USED} for fate in self.fates)

    def _of_names(self, fate: FieldFate) -> FieldFate:
        count = len(self.entry.names.get(NAMES.get(fate.name, ""), ()))
        return fate._replace(reason=f"the first {MOST_NAMES} of {count}") if count > MOST_NAMES else fate

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON-ready values."""
        fields = [
            {"field": name, "fate": str(fate)} | ({"reason": reason} if reason else {})
            for name, fate, reason in self.fates
        ]
        place = {"file": str(self.raw.path), "line": self.raw.line}
        return {"key": self.entry.key, "type": self.raw.type, **place, "fields": fields}

    def __str__(self) -> str:
        said = []
        for fate in Fate:
            names = (
                f"{name} ({reason})" if reason and fate is not Fate.USED else name
                for name, found, reason in self.fates
                if found is fate
            )
            if listed := ", ".join(names):
                said.append(f"{fate}: {listed}")
        return f"{self.raw.path}:{self.raw.line}: {self.entry.key}: {'; '.join(said) or 'no fields'}"


@dataclass(frozen=True, slots=True)
class LintResult:
    """The problems of .bib files, in the order of files and lines, and the fate of each field."""

    problems: tuple[Problem, ...]
    entries: tuple[Checked, ...] = ()


def check_library(paths: Sequence[Path], used: Collection[str] | None = None) -> LintResult:
    """Find what is wrong in .bib files and folders of them, and say what becomes of each field.

    ``used`` are the keys that records use (`Bibliography.keys`); when given, other entries are reported.
    """
    problems = [_missing_path(path) for path in paths if not bib_paths([path])]
    try:
        files = read_bib_files(bib_paths(paths))
    except BibliographyError as error:
        return LintResult((*problems, *error.problems))
    with without_collection():
        return _checked(files, problems, used)


def _checked(files: Sequence[BibFile], problems: list[Problem], used: Collection[str] | None) -> LintResult:
    library = Library(files)
    problems += library.problems
    by_lower_key: dict[str, RawEntry] = {}
    by_identity: dict[tuple[str, str], RawEntry] = {}
    checked: list[Checked] = []
    for raw in (raw for file in files for raw in file.entries):
        entry = read_entry(raw, library.named)
        checked.append(Checked(entry, raw))
        problems += [*_key_problems(raw, by_lower_key), *_field_problems(raw, entry), *_of_entry(entry)]
        problems += _same_work(raw, entry, by_identity)
        if used is not None and raw.key not in used and library.raw(raw.key) is raw:
            message = f"{raw.key} is cited by none of the given records"
            problems.append(_problem("bib-unused", raw, message, level=Level.WARNING))
    places = {str(file.path): place for place, file in enumerate(files, 1)}
    ordered = sorted(
        dict.fromkeys(problems), key=lambda found: (places.get(found.where.file, 0), found.where.line or 0)
    )
    return LintResult(tuple(ordered), tuple(checked))


def _of_entry(entry: Entry) -> Iterator[Problem]:
    """Yield what was wrong in reading an entry; a report does without a whole that is missing, the file is wrong."""
    for found in entry.problems:
        if found.code == "bib-crossref":
            yield Problem("bib-crossref", Level.ERROR, found.where, found.message, found.hint)
        else:
            yield found


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


def _field_problems(raw: RawEntry, entry: Entry) -> Iterator[Problem]:
    for name, source, line in raw.written:
        if not source:
            message = f"{raw.key}: {name} has no value"
            hint = "give it one, or remove the field"
            yield bib_problem("bib-missing-value", raw.path, line, message, hint)
    kind = _ALIASES.get(raw.type, raw.type)
    if kind not in TYPES:
        likely = suggest(kind, TYPES)
        hint = f"did you mean {likely}?" if likely else "use misc"
        message = f"{raw.key}: the type {raw.type} is not known"
        yield _problem("bib-unknown-type", raw, message, hint, Level.WARNING)
        return
    empty = {name for name, source, _ in raw.written if not source.strip('{}" \t\n')}
    given = {fate.name for fate in entry.fates} - empty
    for choice in _REQUIRED.get(kind, ()):
        if not given.intersection(choice):
            message = f"{raw.key}: an entry of type {raw.type} needs {' or '.join(choice)}"
            yield _problem("bib-missing-field", raw, message, "add the field", Level.WARNING)


def _same_work(
    raw: RawEntry, entry: Entry, by_identity: dict[tuple[str, str], RawEntry]
) -> Iterator[Problem]:
    for identifier in entry.identifiers:
        if identifier.kind in WORK_KINDS:
            first = by_identity.setdefault(identifier.identity, raw)
            if first.key != raw.key:
                message = f"{raw.key} has the same {identifier} as {first.key} at {first.path}:{first.line}"
                yield _problem("bib-same-work", raw, message, "keep one of the entries", Level.WARNING)
