"""BibTeX: the report, and its sources, for BibTeX and biber alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.exports.bibtex_text import bibtex_name, bibtex_text
from reportgen.exports.cited import CitedWork, report_of, said_besides, sources_of
from reportgen.exports.interface import Format
from reportgen.exports.work_types import work_type
from reportgen.sources.bibtex_table import (
    DATES,
    EDITOR_TYPES,
    IN_JOURNAL,
    IN_SERIES,
    JOINED,
    NAMES,
    TEXTS,
    TYPES,
)
from reportgen.sources.entry import language_name, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.exports.interface import Publication
    from reportgen.sources.dates import Date
    from reportgen.sources.entry import Entry

MEDIA_TYPE = "application/x-bibtex"


def _first(fields: Mapping[str, str]) -> dict[str, str]:
    """Turn a table of what fields mean round: each variable with the first field that it may stand in."""
    turned: dict[str, str] = {}
    for field, variable in fields.items():
        turned.setdefault(variable, field)
    return turned


_TEXTS: Final = {
    **_first(TEXTS),
    **{variable: fields[0] for variable, fields in JOINED.items()},
    "title": "title", "main-title": "maintitle", "volume-title": "issuetitle", "edition": "edition", "genre": "type",
    "archive_collection": "primaryclass",
}  # fmt: skip
_NAMES: Final = _first(NAMES)
_DATES: Final = _first(DATES)
_TYPED: Final = {role: kind for role, kind in _first(EDITOR_TYPES).items() if role not in _NAMES}
_PLACES: Final = ("editora", "editorb", "editorc")
_WITH_GENRE: Final = {pair: name for name, pair in TYPES.items() if pair[1]}
"""The types that say more than CSL's do, by CSL's and the genre that they stand for."""
_PUBLISHERS: Final = {
    **dict.fromkeys(("report", "techreport"), "institution"),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), "school"),
}
_WHOLE_TITLES: Final = frozenset(("title", "booktitle", "maintitle", "issuetitle"))
"""Titles that styles write in small letters unless they stand in braces of their own."""
_SEASONS = 12
_IN_ADDRESS: Final = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def _type_of(entry: Entry) -> str:
    """Return the type; one that prints a genre of its own only where the entry has that, or one to print instead."""
    genre = entry.text("genre")
    if found := _WITH_GENRE.get((entry.type, genre)):
        return found
    return "techreport" if entry.type == "report" and genre else work_type(entry.type).bibtex


def _fields(work: CitedWork) -> Iterator[tuple[str, str]]:
    """Yield the fields of a work, written."""
    entry, typed, numbers = work.entry, _typed_roles(work.entry), _numbers(work.entry)
    yield from _people(entry, typed)
    yield from _texts(entry, numbers)
    for name, date in entry.dates.items():
        if name == "issued":
            yield from _issued(date)
        elif field := _DATES.get(name):
            yield field, bibtex_text(date.edtf or date.year)
    yield from _identified(work)
    name = language_name(entry.language)
    yield "langid" if name else "language", name or entry.language
    yield "keywords", bibtex_text(", ".join(work.keywords))
    yield "license", bibtex_text(work.license)
    named = (*_TEXTS, *_NAMES, *_DATES, *typed, *numbers, "issued", "container-title", "page")
    yield "note", bibtex_text(sentences(said_besides(work, written=frozenset(named))))
    yield "abstract", bibtex_text(work.abstract)


def _typed_roles(entry: Entry) -> tuple[str, ...]:
    """Return the roles that stand as editors of a type, as many as there is room for."""
    return tuple(role for role in _TYPED if entry.names.get(role))[: len(_PLACES)]


def _numbers(entry: Entry) -> Mapping[str, str]:
    """Return what the fields for numbers mean in such a work."""
    if entry.type in IN_JOURNAL:
        return {"issue": "number"}
    is_in_series = entry.type in IN_SERIES and "collection-title" in entry.texts
    return {"collection-number" if is_in_series else "number": "number", "issue": "issue"}


def _people(entry: Entry, typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    fields = {_NAMES[role]: role for role in entry.names if role in _NAMES}
    for place, role in zip(_PLACES, typed, strict=False):
        fields[place] = role
        yield f"{place}type", _TYPED[role]
    for field, role in fields.items():
        others = ["others"] if role in entry.and_others else []
        yield field, " and ".join([*map(bibtex_name, entry.names[role]), *others])


def _texts(entry: Entry, numbers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields of plain text."""
    kind = _type_of(entry)
    fields: dict[str, str] = {
        **_TEXTS,
        "publisher": _PUBLISHERS.get(kind, "publisher"),
        "container-title": "journal" if kind in ("article", "periodical") else "booktitle",
        **numbers,
    }
    for variable, text in entry.texts.items():
        if variable in fields and not (variable == "genre" and (entry.type, text) in _WITH_GENRE):
            written = bibtex_text(text)
            field = fields[variable]
            yield field, f"{{{written}}}" if field in _WHOLE_TITLES else written
    yield "pages", bibtex_text(entry.texts.get("page", "")).replace("–", "--")


def _issued(date: Date) -> Iterator[tuple[str, str]]:
    """Yield the date in the fields that BibTeX knows, too; what they cannot say as biblatex does."""
    day = date.start
    is_season = len(day) > 1 and day[1] > _SEASONS
    if date.literal or not day:
        yield "year" if date.literal else "date", bibtex_text(date.literal or date.edtf)
    elif date.end is not None or date.circa or date.uncertain or is_season or not 0 < day[0] < 10_000:
        yield "date", date.edtf
    else:
        yield from zip(("year", "month", "day"), map(str, day), strict=False)


def _identified(work: CitedWork) -> Iterator[tuple[str, str]]:
    known = work.identifiers
    for kind in ("doi", "pmid", "isbn", "url"):
        if kind in known:
            yield kind, known[kind].value.translate(_IN_ADDRESS)
    if "arxiv" in known:
        yield from (("eprint", str(known["arxiv"]).partition(":")[2]), ("archiveprefix", "arXiv"))


def bibtex_bytes(works: Sequence[CitedWork]) -> bytes:
    """Write works in BibTeX."""
    return "\n".join(map(_written, works)).encode()


def _written(work: CitedWork) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{_type_of(work.entry)}{{{work.key},\n{fields}}}\n"


def _report(publication: Publication) -> bytes:
    return bibtex_bytes([report_of(publication)])


def _sources(publication: Publication) -> bytes:
    return bibtex_bytes(sources_of(publication))


BIBTEX = Format(name="bibtex", title="BibTeX", ending=".bib", media_type=MEDIA_TYPE, write=_report)
REFERENCES = Format(
    name="references-bibtex",
    title="the sources in BibTeX",
    ending=".references.bib",
    media_type=MEDIA_TYPE,
    write=_sources,
)
