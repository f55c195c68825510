"""BibTeX and biblatex entries to `Entry`: what the fields say together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.base.errors import Level
from reportgen.sources.bibfile import bib_problem
from reportgen.sources.bibtex_fields import Fields
from reportgen.sources.bibtex_identifiers import identify_entry
from reportgen.sources.bibtex_table import (
    DATES,
    EDITOR_TYPES,
    GENRES,
    IN_JOURNAL,
    IN_SERIES,
    JOINED,
    NAMES,
    NOTES,
    SUBTYPES,
    TEXTS,
    TYPED_EDITORS,
    TYPES,
)
from reportgen.sources.dates import Date, date_of, date_of_parts
from reportgen.sources.entry import Entry, edition_of, language_tag, page_range, sentences
from reportgen.sources.inheritance import Missing, named_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.sources.bibfile import RawEntry
    from reportgen.sources.bibtex_identifiers import Identified
    from reportgen.sources.entry import Name

_TOTAL = re.compile(r"[\divxlc]+(?:\s*\+\s*[\divxlc]+)+|(\d+)\s*(?:pp?|S|pages)\.?", re.IGNORECASE)
_PAGES = re.compile(r"^pp?\.\s*(?=\d)")
_SEEN = re.compile(
    r"^(?:last )?(?:accessed|checked|visited|retrieved|abgerufen|consulté)(?: on| am| le)?:? +", re.IGNORECASE
)
_MOST_MEMBERS = 50
_USE_PREFIX = re.compile(r"useprefix\s*(?:=\s*(true|false))?", re.IGNORECASE)


def read_entry(raw: RawEntry, find: Callable[[str], RawEntry | None], *, in_set: bool = False) -> Entry:
    """Decode an entry; ``find`` gives the entry of a key, in whatever case, for what this one inherits.

    What cannot be read stands in the text as written and is listed in ``problems``.
    """
    fields = Fields(raw, find)
    type_, genre = _type(fields, raw.type)
    identified = identify_entry(fields.raw)
    language = fields.text("langid", "language", "hyphenation")
    texts = {variable: text for variable, text in _texts(fields, type_, genre) if text}
    note = _note(fields, identified, language)
    texts |= {"note": note} if note else {}
    texts |= {"archive_collection": identified.arxiv_class} if identified.arxiv_class else {}
    names, and_others = _names(fields)
    dates = _dates(fields)
    members = () if in_set else tuple(_members(fields, find))
    fates = fields.fates()
    problems = [*fields.problems, *(problem for each in members for problem in each.problems)]
    identifiers = identified.identifiers or tuple(found for each in members for found in each.identifiers)
    if not (texts or names or dates or identifiers or members) and raw.type != "xdata":
        message = f"{raw.key}: there is nothing to print of this entry"
        hint = "give it a title, or the fields that name where it is described"
        problems.append(bib_problem("bib-empty", raw.path, raw.line, message, hint, Level.ERROR))
    return Entry(
        key=raw.key,
        type=type_,
        texts=texts,
        names=names,
        dates=dates,
        and_others=and_others,
        language=language_tag(language),
        identifiers=identifiers,
        members=members,
        fates=fates,
        problems=tuple(problems),
    )


def _type(fields: Fields, name: str) -> tuple[str, str]:
    type_, genre = TYPES.get(name, ("document", ""))
    if type_ == "article-journal" and "entrysubtype" in fields.raw:
        return SUBTYPES.get(fields.text("entrysubtype").lower(), type_), genre
    if type_ == "manuscript" and "eventtitle" in fields.raw:
        return "speech", genre
    return type_, genre


def _texts(fields: Fields, type_: str, genre: str) -> Iterator[tuple[str, str]]:
    """Yield each text with its variable."""
    yield from _titles(fields)
    given = [(name, TEXTS[name]) for name in fields.raw if name in TEXTS]
    for name, variable in given:
        same = [other for other, of in given if of == variable]
        yield variable, fields.text(name) if len(same) == 1 else fields.joined(*same)
    for variable, names in JOINED.items():
        if any(name in fields.raw for name in names):
            yield variable, fields.joined(*names)
    yield from _numbers(fields, type_)
    yield from _pages(fields)
    yield "edition", edition_of(fields.text("edition"))
    written = fields.text("type")
    yield "genre", GENRES.get(written.lower(), written) or genre
    if (number := fields.text("pmcid")).isdigit():
        yield "PMCID", f"PMC{number}"


def _titles(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield the titles from the part to the whole, each once."""
    title = fields.titled("title", subtitle="subtitle")
    journal = fields.titled("journaltitle", "journal", subtitle="journalsubtitle")
    book = fields.titled("booktitle", subtitle="booksubtitle")
    main = fields.titled("maintitle", subtitle="mainsubtitle")
    known: list[str] = []
    for variable, text in (("title", title), ("container-title", journal or book), ("main-title", main)):
        if text and text not in known:
            known.append(text)
            yield variable, text
    for text in (book, fields.titled("issuetitle", subtitle="issuesubtitle")):
        if text and text not in known:
            known.append(text)
            yield "volume-title", text


def _numbers(fields: Fields, type_: str) -> Iterator[tuple[str, str]]:
    number, issue = fields.text("number"), fields.text("issue")
    if type_ in IN_JOURNAL:
        yield "issue", fields.joined("number", "issue", by=" ")
    elif type_ in IN_SERIES and fields.text("series"):
        yield from (("collection-number", number), ("issue", issue))
    else:
        yield from (("number", number), ("issue", issue))


def _pages(fields: Fields) -> Iterator[tuple[str, str]]:
    text = _PAGES.sub("", fields.text("pages", "page"))
    if total := _TOTAL.fullmatch(text):
        yield "number-of-pages", total[1] or text
    elif text != fields.joined(*JOINED["article-number"]):
        yield "page", page_range(text)


def _note(fields: Fields, identified: Identified, language: str) -> str:
    """Gather what has no variable of its own, so that it is printed all the same."""
    notes = [fields.text(name) for name in NOTES if name in fields.raw and name != identified.address_field]
    for name, code in identified.rejected:
        fields.reject(name, code)
        notes.append(code if name in ("url", "howpublished") else f"{name.upper()} {code}")
    if identified.other_archive:
        notes.append(fields.joined("eprinttype", "archiveprefix", "eprint", by=":"))
    if language and not language_tag(language):
        notes.append(language)
    return sentences(notes)


def _names(fields: Fields) -> tuple[dict[str, tuple[Name, ...]], frozenset[str]]:
    """Return the people by their roles, and the roles whose list goes on."""
    people: dict[str, tuple[Name, ...]] = {}
    and_others: set[str] = set()
    prefix = None
    if "options" in fields.raw or "useprefix" in fields.raw:
        found = _USE_PREFIX.search(f"{fields.text('options')} {'useprefix' * ('useprefix' in fields.raw)}")
        prefix = (
            None if found is None else (found[1] or fields.text("useprefix") or "true").lower() != "false"
        )
    for name in fields.raw:
        if name in NAMES and name != "editor":
            role = NAMES[name]
        elif name in TYPED_EDITORS:
            kind = fields.text(f"{name}type").lower().replace(" ", "")
            role = (
                EDITOR_TYPES.get(kind, "contributor")
                if kind
                else "editor"
                if name == "editor"
                else "contributor"
            )
        else:
            continue
        read = fields.names(name, use_prefix=prefix)
        if read.people:
            known = people.get(role, ())
            people[role] = (*known, *(each for each in read.people if not known or each not in known))
            and_others |= {role} if read.and_others else set()
    if people.get("container-author") == people.get("author"):
        people.pop("container-author", None)
    return people, frozenset(and_others)


def _dates(fields: Fields) -> dict[str, Date]:
    dates = {
        DATES[name]: date_of(_SEEN.sub("", fields.date_text(name))) for name in fields.raw if name in DATES
    }
    issued = fields.date_text("date")
    dates["issued"] = (
        date_of(issued)
        if issued
        else date_of_parts(fields.text("year"), fields.text("month"), fields.text("day"))
    )
    return {name: date for name, date in dates.items() if date}


def _members(fields: Fields, find: Callable[[str], RawEntry | None]) -> Iterator[Entry]:
    """Yield the entries of a set."""
    keys = named_keys(fields.raw.get("entryset"))
    if len(keys) > _MOST_MEMBERS:
        message = (
            f"{fields.raw['entryset'].name} names more than {_MOST_MEMBERS} entries; the first are printed"
        )
        fields.note("bib-set", fields.raw["entryset"], message, "divide the set")
    for key in keys[:_MOST_MEMBERS]:
        if (member := find(key)) is None:
            fields.note_missing(Missing(fields.raw["entryset"], key))
        elif member.type != "set":
            yield read_entry(member, find, in_set=True)
