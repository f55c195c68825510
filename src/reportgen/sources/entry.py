"""One work of the bibliography in the variables of CSL 1.0.2, whatever format it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.values import LONGEST_LANGUAGE
from reportgen.sources.marked import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reportgen.base.errors import Problem
    from reportgen.base.identifiers import Identifier, Kind
    from reportgen.sources.dates import Date

MOST_NAMES = 20
"""Of a longer list of people so many are printed, then "and others"."""
# The identifiers that name one work: an ISBN is shared by a book's chapters, a URL may be a home page.
WORK_KINDS: tuple[Kind, ...] = ("doi", "arxiv", "pmid")


@dataclass(frozen=True, slots=True)
class Name:
    """A person in CSL's parts, or an organisation (or a person whose parts are unknown) as ``literal``."""

    family: str = ""
    given: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""
    dropping_particle: str = ""

    @property
    def surname(self) -> str:
        """Return the family name with what belongs to it, or the whole of a name that has no parts."""
        parts = (self.dropping_particle, self.non_dropping_particle, self.family)
        text = ""
        for part in filter(None, parts):
            text += part if not text or text.endswith(("'", "’", "-")) else f" {part}"
        return self.literal or text

    def __bool__(self) -> bool:
        return bool(self.literal or self.family or self.given or self.suffix)

    def __str__(self) -> str:
        name = " ".join(part for part in (self.given, self.surname) if part)
        return self.literal or (f"{name}, {self.suffix}" if self.suffix else name)


LOWER_CASE = re.compile("[a-zà-öø-ÿāăąćčďđēęěğģīįķļłńņňőœřśşšťţůűųźżžα-ωа-яёђ-џ]")
"""A small letter of the scripts that have capitals, at the start of a text."""
_PARTICLE = re.compile(r"(?:[^\W\d_]|['’])+")


def with_particle(name: Name) -> Name:
    """Move particles that end a given name to where they belong: ``Gogh, Vincent van``."""
    words = name.given.split()
    count = 0
    while (
        count < len(words) - 1
        and LOWER_CASE.match(words[-1 - count])
        and _PARTICLE.fullmatch(words[-1 - count])
    ):
        count += 1
    if not count or name.literal:
        return name
    particle = " ".join([*words[-count:], *filter(None, [name.non_dropping_particle])])
    return replace(name, given=" ".join(words[:-count]), non_dropping_particle=particle)


EAST_ASIAN = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U000323af]"
)
"""A character of the scripts that write the family name first, without a blank behind it."""
_GLUED = re.compile(r"(?:[^\W\d_]\.-?){2,}[^\W\d_]?")
_MOST_GLUED = 3


def initials_apart(word: str, family: str) -> str:
    """Put blanks between initials that are glued together, ``J.R.R.`` or ``EA``; any other word stays.

    Where the family name is in capitals, so may be a given name.
    """
    is_loud = len(family) > 1 and family.isupper()
    if _GLUED.fullmatch(word):
        return " ".join(f"{letter}." for letter in re.findall(r"-?[^\W\d_]", word)).replace(" -", "-")
    if word.isalpha() and word.isupper() and 1 < len(word) <= _MOST_GLUED and not is_loud:
        return " ".join(f"{letter}." for letter in word)
    return word


class Fate(StrEnum):
    """The use made of a field: printed, used otherwise, not printed for a reason, or unknown."""

    PRINTED = "printed"
    USED = "used"
    WITHHELD = "not printed"
    UNKNOWN = "unknown"


class FieldFate(NamedTuple):
    """A field as it is called in its file, what becomes of it, and what it is used for or why it is not printed."""

    name: str
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One work, as far as it is known; what is not known is absent, never filled in.

    ``type`` is a type of CSL. ``texts``, ``names`` and ``dates`` hold its variables by CSL's names, and the few of
    biblatex that CSL has no name for (`reportgen.sources.variables`); texts may be marked (`reportgen.sources.marked`)
    and hold mathematics as ``$...$``. ``and_others`` are the roles whose list ends with "and others". ``language`` is
    a BCP 47 tag. ``retraction`` is the DOI of the notice that retracts the work. ``members`` are the entries of a set.
    ``fates`` says of each field read what becomes of it; ``problems`` is what was wrong in reading the entry.
    """

    key: str
    type: str
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict, hash=False)
    dates: Mapping[str, Date] = field(default_factory=dict, hash=False)
    and_others: frozenset[str] = frozenset()
    language: str = ""
    retraction: str = ""
    identifiers: tuple[Identifier, ...] = ()
    members: tuple[Entry, ...] = ()
    fates: tuple[FieldFate, ...] = field(default=(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def text(self, name: str) -> str:
        """Return a variable as plain text, '' where it is not known."""
        return unmarked(self.texts.get(name, ""))

    @property
    def title(self) -> str:
        """Return the title as plain text, of a set that of its first member."""
        return self.text("title") or (self.members[0].title if self.members else "")

    @property
    def creators(self) -> tuple[str, tuple[Name, ...]]:
        """Return the role under which the work is listed, author first, and its names; '' where there is none."""
        if self.members:
            return self.members[0].creators
        role = next((role for role in CREATORS if self.names.get(role)), "")
        return role, self.names.get(role, ())

    @property
    def year(self) -> str:
        """Return the year it appeared in, or what is said instead."""
        return self.dates["issued"].year if "issued" in self.dates else ""

    def identifier(self, *kinds: Kind) -> Identifier | None:
        """Return the entry's first identifier of the first of these kinds that it has any of, or None."""
        return next((found for kind in kinds for found in self.identifiers if found.kind == kind), None)

    @property
    def link(self) -> str | None:
        """Return the most lasting address a reader can open."""
        found = self.identifier(*WORK_KINDS, "url")
        return found.url if found else None

    @property
    def identities(self) -> frozenset[tuple[str, str]]:
        """Return the identities under which two entries are one work."""
        return frozenset(found.identity for found in self.identifiers if found.kind in WORK_KINDS)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to print."""
        return not (self.texts or self.names or self.dates or self.identifiers or self.members)

    def printed_texts(self) -> Iterable[str]:
        """Yield every text that a reference is made of, as plain text."""
        for text in self.texts.values():
            yield unmarked(text)
        for people in self.names.values():
            yield from map(str, people)
        for date in self.dates.values():
            yield date.year
        for member in self.members:
            yield from member.printed_texts()


CREATORS = (
    "author", "editor", "editorial-director", "director", "composer", "performer", "holder", "host", "interviewer",
    "script-writer", "series-creator", "compiler", "curator", "organizer", "chair", "producer",
    "executive-producer", "illustrator", "translator", "editor-translator", "narrator", "contributor",
    "collection-editor",
)  # fmt: skip
"""The roles under which a work is listed, in order of preference."""


def page_range(text: str) -> str:
    """Write ``261--272`` or ``261-272`` with an en dash; anything else stays as it is."""
    return re.sub(r"(?<=\w)\s*(?:-{1,3}|[–—])\s*(?=\w)", "–", text)


_BLANKS = re.compile(r"^ | $|[ \t\r\n\f\v]{2,}|[\t\r\n\f\v]")


def tidy(text: str) -> str:
    """Join lines and runs of ASCII white space; a no-break space stays."""
    return _BLANKS.sub(" ", text).strip(" ") if _BLANKS.search(text) else text


def sentences(parts: Iterable[str]) -> str:
    """Join the parts that are not empty, each once, as sentences."""
    text = ""
    for part in dict.fromkeys(parts):
        if part:
            text += f"{' ' if text.endswith(('.', '!', '?')) else '. ' if text else ''}{part}"
    return text


def titled(title: str, subtitle: str) -> str:
    """Join a title and its subtitle."""
    if title and subtitle:
        return f"{title} {subtitle}" if title[-1] in ".:?!" else f"{title}: {subtitle}"
    return title or subtitle


_EDITIONS = {
    name: str(number)
    for language in (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
        "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte",
        "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième",
    )
    for number, name in enumerate(language.split(), 1)
}
_EDITION = re.compile(
    r"(\d{1,3}|[^\W\d_]+)(?:\.|st|nd|rd|th|re|e|ème|er)?\s*(?:ed\.?|edn\.?|edition|aufl\.?|auflage|éd\.?|édition)?\.?",
    re.IGNORECASE,
)


def edition_of(text: str) -> str:
    """Return the number of an edition written as a word or with its ending, such as ``Second`` and ``2nd ed.``."""
    match = _EDITION.fullmatch(text)
    if not match:
        return text
    return match[1] if match[1].isdigit() else _EDITIONS.get(match[1].lower(), text)


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
    """Return the tag for a language's name, or for a tag itself; '' when the text is neither."""
    return _LANGUAGES.get(
        text.lower(), text if len(text) <= LONGEST_LANGUAGE and _LANGUAGE.fullmatch(text) else ""
    )


def language_name(tag: str) -> str:
    """Return the name that LaTeX knows a language by, of its region where it has one there; '' where it has none."""
    names = {known.lower(): name for name, known in reversed(_LANGUAGES.items())}
    return names.get(tag.lower()) or names.get(tag.partition("-")[0].lower(), "")
