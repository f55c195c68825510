"""One work of the bibliography as plain Unicode text, whatever format it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.base.values import LONGEST_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.base.errors import Problem
    from reportgen.base.identifiers import Identifier, Kind

# The identifiers that name one work: an ISBN is shared by a book's chapters, a URL may be a home page.
WORK_KINDS: tuple[Kind, ...] = ("doi", "arxiv", "pmid")


@dataclass(frozen=True, slots=True)
class Name:
    """A person in parts, or an organisation (or a person whose parts are unknown) as ``literal``."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    def __str__(self) -> str:
        if self.literal:
            return self.literal
        name = " ".join(part for part in (self.given, self.particle, self.family) if part)
        return f"{name}, {self.suffix}" if self.suffix else name


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one work; a field that is not known is empty, never filled in.

    ``type`` is a BibLaTeX entry type (article, book, inproceedings, misc, ...). ``authors_et_al`` and
    ``editors_et_al`` say that the source itself ends its list with "and others". ``container`` is the
    journal or the book a part appeared in. ``issue`` is a journal's, ``number`` any other: a report's, a
    volume's in a series. ``year`` is as written; ``date`` is ISO 8601 when the day or month is known,
    else the text given. ``accessed`` is when the URL was read. ``language`` is a BCP 47 tag.
    ``retraction`` is the DOI of the notice that retracts the work. Mathematics stands as ``$...$``.
    ``problems`` is what was wrong in reading the entry, each with its file and line.
    """

    key: str
    type: str
    title: str = ""
    authors: tuple[Name, ...] = ()
    authors_et_al: bool = False
    editors: tuple[Name, ...] = ()
    editors_et_al: bool = False
    container: str = ""
    series: str = ""
    volume: str = ""
    issue: str = ""
    number: str = ""
    chapter: str = ""
    pages: str = ""
    genre: str = ""
    publisher: str = ""
    place: str = ""
    year: str = ""
    date: str = ""
    edition: str = ""
    version: str = ""
    accessed: str = ""
    note: str = ""
    language: str = ""
    arxiv_class: str = ""
    retraction: str = ""
    identifiers: tuple[Identifier, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def identifier(self, *kinds: Kind) -> Identifier | None:
        """Give the entry's first identifier of the first of these kinds that it has any of, or None."""
        return next((found for kind in kinds for found in self.identifiers if found.kind == kind), None)

    @property
    def link(self) -> str | None:
        """Give the most lasting address a reader can open."""
        found = self.identifier(*WORK_KINDS, "url")
        return found.url if found else None

    @property
    def identities(self) -> frozenset[tuple[str, str]]:
        """Give the identities under which two entries are one work."""
        return frozenset(found.identity for found in self.identifiers if found.kind in WORK_KINDS)


def page_range(text: str) -> str:
    """Write ``261--272`` or ``261-272`` with an en dash; anything else stays as it is."""
    return re.sub(r"(?<=\w)\s*(?:-{1,3}|[–—])\s*(?=\w)", "–", text)


def iso_date(year: str, month: str, day: str = "") -> str:
    """Write a date known to the month or day as ISO 8601, or '' when the parts are no such date."""
    if not (re.fullmatch(r"\d{4}", year, re.ASCII) and re.fullmatch(r"0?[1-9]|1[0-2]", month, re.ASCII)):
        return ""
    date = f"{year}-{int(month):02}"
    if not day:
        return date
    return f"{date}-{int(day):02}" if re.fullmatch(r"0?[1-9]|[12]\d|3[01]", day, re.ASCII) else ""


_DAY = r"(\d{4})(?:-\d{2}){0,2}"


def year_of(date: str) -> str:
    """Give the year of an ISO date, both years of a range; of any other text the whole."""
    if single := re.fullmatch(_DAY, date, re.ASCII):
        return single[1]
    if spans := re.fullmatch(f"{_DAY}/{_DAY}", date, re.ASCII):
        return spans[1] if spans[1] == spans[2] else f"{spans[1]}–{spans[2]}"
    return date


_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def superscript(text: str) -> str:
    """Raise text by Unicode characters where they exist (``⁻³``), else as ``^text``."""
    return _script(text, _SUPERSCRIPTS, "^")


def subscript(text: str) -> str:
    """Lower text by Unicode characters where they exist (``₂``), else as ``_text``."""
    return _script(text, _SUBSCRIPTS, "_")


def _script(text: str, table: dict[int, int], mark: str) -> str:
    if all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{mark}{text}" if re.fullmatch(r"[\w.+−-]+", text) else f"{mark}({text})"


def tidy(text: str) -> str:
    """Join lines and runs of ASCII white space; a no-break space stays."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")


def sentences(parts: Iterable[str]) -> str:
    """Join the parts that are not empty, each once, as sentences."""
    text = ""
    for part in dict.fromkeys(parts):
        if part:
            text += f"{' ' if text.endswith(('.', '!', '?')) else '. ' if text else ''}{part}"
    return text


_LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "austrian": "de-AT", "french": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "brazilian": "pt-BR", "dutch": "nl", "danish": "da",
    "swedish": "sv", "norwegian": "no", "norsk": "nb", "nynorsk": "nn", "finnish": "fi",
    "polish": "pl", "czech": "cs", "slovak": "sk", "hungarian": "hu", "magyar": "hu",
    "russian": "ru", "ukrainian": "uk", "greek": "el", "turkish": "tr", "chinese": "zh",
    "japanese": "ja", "korean": "ko", "arabic": "ar", "hebrew": "he", "latin": "la",
}  # fmt: skip
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def language_tag(text: str) -> str:
    """Give the tag for a language's name, or for a tag itself; '' when the text is neither."""
    return _LANGUAGES.get(
        text.lower(), text if len(text) <= LONGEST_LANGUAGE and _LANGUAGE.fullmatch(text) else ""
    )
