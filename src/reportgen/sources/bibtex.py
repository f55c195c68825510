"""BibTeX and BibLaTeX entries to `Entry`: which field means what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.sources.bibtex_fields import Fields
from reportgen.sources.bibtex_identifiers import identify_entry
from reportgen.sources.bibvalue import MONTHS
from reportgen.sources.entry import Entry, iso_date, language_tag, page_range, sentences, year_of

if TYPE_CHECKING:
    from reportgen.sources.bibfile import RawEntry
    from reportgen.sources.bibtex_identifiers import Identified

# Older names of BibLaTeX's types, with the genre they imply.
TYPES = {
    "conference": ("inproceedings", ""),
    "techreport": ("report", "Technical report"),
    "phdthesis": ("thesis", "PhD thesis"),
    "mastersthesis": ("thesis", "Master’s thesis"),
    "electronic": ("online", ""),
    "www": ("online", ""),
}
_GENRES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}


def read_entry(raw: RawEntry, parent: RawEntry | None = None) -> Entry:
    """Decode an entry; what its ``crossref`` parent says of the whole fills the gaps.

    What cannot be read stands in the text as written and is listed in ``problems``.
    """
    fields = Fields(raw, parent)
    type_, genre = TYPES.get(raw.type, (raw.type, ""))
    authors, authors_et_al = fields.people("author")
    editors, editors_et_al = fields.people("editor")
    identified = identify_entry(raw.fields)
    year, date = _year_and_date(fields)
    in_journal = type_ in ("article", "periodical", "suppperiodical")
    written_genre, language = fields.text("type"), fields.text("langid", "language")
    return Entry(
        key=raw.key,
        type=type_,
        title=fields.titled("title", subtitle="subtitle"),
        authors=authors,
        authors_et_al=authors_et_al,
        editors=editors,
        editors_et_al=editors_et_al,
        container=_container(fields),
        series=fields.text("series"),
        volume=fields.text("volume"),
        issue=fields.joined("number", "issue", by=" ") if in_journal else "",
        number="" if in_journal else fields.text("number"),
        chapter=fields.text("chapter"),
        pages=", ".join(
            page_range(text) for name in ("eid", "articleno", "pages") if (text := fields.text(name))
        ),
        genre=_GENRES.get(written_genre.lower(), written_genre) or genre,
        publisher=fields.joined("publisher", "institution", "school", "organization"),
        place=fields.text("address", "location"),
        year=year,
        date=date,
        edition=fields.text("edition"),
        version=fields.text("version"),
        accessed=fields.text("urldate"),
        note=_note(fields, identified, language),
        language=language_tag(language),
        arxiv_class=identified.arxiv_class,
        identifiers=identified.identifiers,
        problems=fields.problems,
    )


def _container(fields: Fields) -> str:
    return (
        fields.titled("journaltitle", "journal", subtitle="journalsubtitle")
        or fields.titled("booktitle", subtitle="booksubtitle")
        or fields.text("maintitle")
    )


def _note(fields: Fields, identified: Identified, language: str) -> str:
    """Gather what has no field of its own, so that it is printed all the same."""
    notes = [
        fields.text(name)
        for name in ("titleaddon", "howpublished", "note", "addendum")
        if name != identified.address_field
    ]
    for name, code in identified.rejected:
        fields.reject(name, code)
        notes.append(code if name in ("url", "howpublished") else f"{name.upper()} {code}")
    if identified.other_archive:
        notes.append(fields.joined("eprinttype", "archiveprefix", "eprint", by=":"))
    if language and not language_tag(language):
        notes.append(language)
    return sentences(notes)


def _year_and_date(fields: Fields) -> tuple[str, str]:
    """Give the year as written, and the date when more than the year is known."""
    if given := fields.text("date"):
        year = year_of(given)
        return year, "" if given == year else _as_iso(given)
    year, month, day = fields.text("year"), fields.text("month"), fields.text("day")
    if not month:
        return year, ""
    name, number = month, day
    if named := re.fullmatch(r"([A-Za-z]{3,9})\.?\s*(\d{0,2})(?:st|nd|rd|th)?", month):
        name, number = named[1], named[2] or day
    elif named := re.fullmatch(r"(\d{1,2})\.?\s*([A-Za-z]{3,9})\.?", month):
        name, number = named[2], named[1]
    short = name[:3].lower()
    known = iso_date(year, str(MONTHS.index(short) + 1) if short in MONTHS else name, number)
    return year, known or " ".join(part for part in (day, month, year) if part)


def _as_iso(date: str) -> str:
    parts = date.split("-")
    return (iso_date(*parts) if len(parts) in (2, 3) else "") or date
