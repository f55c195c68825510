"""CSL-JSON items to `Entry`: those written into records, and those the registries answer with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from reportgen.base.errors import Level, Problem, Where, pointer_of
from reportgen.base.identifiers import Identifier, Kind, identify
from reportgen.record.fields import existing_place
from reportgen.sources.entry import (
    Entry,
    Name,
    iso_date,
    language_tag,
    page_range,
    sentences,
    subscript,
    superscript,
    tidy,
    year_of,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# CSL 1.0.2's types, and those Crossref and DataCite answer with, in BibLaTeX's names.
TYPES = {
    "article-journal": "article", "journal-article": "article", "article-magazine": "article",
    "article-newspaper": "article", "review": "article", "review-book": "article",
    "article": "misc", "posted-content": "misc", "preprint": "misc", "manuscript": "unpublished",
    "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "classic": "book",
    "collection": "collection", "proceedings": "proceedings", "book-series": "book",
    "chapter": "incollection", "book-chapter": "incollection", "book-part": "incollection",
    "book-section": "incollection", "entry": "incollection", "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection", "reference-entry": "incollection",
    "paper-conference": "inproceedings", "proceedings-article": "inproceedings", "speech": "unpublished",
    "thesis": "thesis", "dissertation": "thesis", "report": "report", "standard": "report",
    "dataset": "dataset", "software": "software", "patent": "patent",
    "webpage": "online", "post": "online", "post-weblog": "online",
}  # fmt: skip
_RETRACTING = frozenset(["retraction", "withdrawal", "removal"])

# Typographic tags count only in pairs: "a<b" and "p<i>q" are text.
_TAG = r"i|b|em|strong|u|sc|scp|tt|span|p|sub|sup|jats:[a-z]+"
_PAIR = re.compile(rf"<({_TAG})(?:\s[^<>]*)?>((?:(?!<(?:{_TAG})[\s>]).)*?)</\1>", re.IGNORECASE | re.DOTALL)
_MOST_TAGS = 100
# Only a run's first space is a start, so that a run is read once.
_BETWEEN_ISBNS = re.compile(r"[,;]|(?<!\s)\s++(?=97[89])")


def _plain(value: Any) -> Any:
    """Take a number, or a list of one, for its text; undo HTML's entities and typographic tags."""
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    if "<" in value and value.count("<") <= _MOST_TAGS:
        value = _without_tags(value)
    return tidy(html.unescape(value))


def _without_tags(text: str) -> str:
    """Take the innermost pairs of tags away until there is none."""
    found = 1
    while found:
        text, found = _PAIR.subn(_inside, text)
    return text


def _inside(pair: re.Match[str]) -> str:
    shift = {"sub": subscript, "sup": superscript}.get(pair[1].lower(), str)
    return shift(pair[2])


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(_plain)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    """A part of an item; what CSL has and we do not print is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: part for name, part in value.items() if part is not None}
        return value


class _Name(_Part):
    family: Text = ""
    given: Text = ""
    dropping: Text = Field("", alias="dropping-particle")
    non_dropping: Text = Field("", alias="non-dropping-particle")
    suffix: Text = ""
    literal: Text = Field("", validation_alias=AliasChoices("literal", "name"))

    def name(self) -> Name:
        particle = " ".join(part for part in (self.dropping, self.non_dropping) if part)
        return Name(self.family, self.given, particle, self.suffix, "" if self.family else self.literal)


class _Date(_Part):
    parts: tuple[tuple[Text, ...], ...] = Field((), alias="date-parts")
    literal: Text = ""
    raw: Text = ""
    circa: Any = None

    def iso(self) -> str:
        """Give the date or the range as ISO 8601, the text where it is no such date."""
        days = [_iso(part) for part in self.parts if part and part[0]]
        date = "/".join(days) or self.literal or self.raw
        return f"c. {date}" if self.circa and date else date


def _iso(parts: tuple[str, ...]) -> str:
    return parts[0] if len(parts) == 1 else iso_date(*parts[:3]) or "-".join(parts)


class _Update(_Part):
    type: Text = ""
    doi: Text = Field("", alias="DOI")


class Item(_Part):
    """The fields of a CSL-JSON item that we print, by their CSL names."""

    id: Text = ""
    type: Text
    title: Text = ""
    author: tuple[_Name, ...] = ()
    editor: tuple[_Name, ...] = ()
    container_title: Text = Field("", alias="container-title")
    collection_title: Text = Field("", alias="collection-title")
    volume: Text = ""
    issue: Text = ""
    number: Text = ""
    chapter_number: Text = Field("", alias="chapter-number")
    page: Text = ""
    article_number: Text = Field("", alias="article-number")
    genre: Text = ""
    publisher: Text = ""
    publisher_place: Text = Field("", alias="publisher-place")
    issued: _Date = _Date()
    accessed: _Date = _Date()
    edition: Text = ""
    version: Text = ""
    note: Text = ""
    language: Text = ""
    archive: Text = ""
    archive_location: Text = ""
    archive_collection: Text = ""
    doi: Text = Field("", alias="DOI")
    pmid: Text = Field("", alias="PMID")
    isbn: Texts = Field((), alias="ISBN")
    url: Text = Field("", alias="URL")
    update_to: tuple[_Update, ...] = Field((), alias="update-to")
    updated_by: tuple[_Update, ...] = Field((), alias="updated-by")


_NAME_PARTS = frozenset(field.alias or name for name, field in _Name.model_fields.items()) | {"name"}
_PARTS = frozenset(field.alias or name for name, field in Item.model_fields.items())
_NOWHERE = Where()


def printed_part(item: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of an item what we print, as it was given: registries add abstracts and reference lists."""
    kept = {name: value for name, value in item.items() if name in _PARTS}
    for role in ("author", "editor"):
        if isinstance(people := kept.get(role), list):
            kept[role] = [
                {part: text for part, text in person.items() if part in _NAME_PARTS}
                if isinstance(person, dict)
                else person
                for person in people
            ]
    return kept


def read_item(
    item: Mapping[str, Any], key: str, where: Where = _NOWHERE
) -> tuple[Entry | None, tuple[Problem, ...]]:
    """Read a CSL-JSON item; one with an ill-typed field gives no entry but an error for each such field.

    ``where`` is what the problems point at.
    """
    try:
        read = Item.model_validate(item)
    except ValidationError as error:
        return None, tuple(_wrong_field(detail, item, key, where) for detail in error.errors())
    entry = _entry(read, key, where)
    return entry, entry.problems


def _wrong_field(detail: ErrorDetails, item: Mapping[str, Any], key: str, where: Where) -> Problem:
    name = ".".join(map(str, detail["loc"]))
    message = f"CSL-JSON item {key!r}: {name}: {detail['msg']}"
    pointed = replace(where, pointer=where.pointer + pointer_of(existing_place(detail["loc"], item)[0]))
    return Problem("csl-field", Level.ERROR, pointed, message, "write the item as CSL 1.0.2 describes it")


def _entry(item: Item, key: str, where: Where) -> Entry:
    identifiers, rejected = _identifiers(item)
    issued = item.issued.iso()
    year = year_of(issued)
    language = language_tag(item.language)
    return Entry(
        key=key,
        type=TYPES.get(item.type, item.type),
        title=item.title,
        authors=tuple(name.name() for name in item.author if str(name.name())),
        editors=tuple(name.name() for name in item.editor if str(name.name())),
        container=item.container_title,
        series=item.collection_title,
        volume=item.volume,
        issue=item.issue,
        number="" if _arxiv_of(item.number) else item.number,
        chapter=item.chapter_number,
        pages=", ".join(page_range(text) for text in (item.article_number, item.page) if text),
        genre=item.genre,
        publisher=item.publisher,
        place=item.publisher_place,
        year=year,
        date="" if issued == year else issued,
        edition=item.edition,
        version=item.version,
        accessed=item.accessed.iso(),
        note=sentences(
            [item.note, *(f"{name} {text}" for name, text in rejected), "" if language else item.language]
        ),
        language=language,
        arxiv_class=item.archive_collection if item.archive.lower() == "arxiv" else "",
        retraction=_retraction(item),
        identifiers=identifiers,
        problems=tuple(_problems(item, key, where, rejected)),
    )


def _problems(item: Item, key: str, where: Where, rejected: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    for name, text in rejected:
        message = f"CSL-JSON item {key!r}: {name} {text!r} is not recognised; it is printed as a note"
        yield Problem("csl-identifier", Level.WARNING, where, message, "correct the field")
    if re.search(r"</?(?:mml:)?math\b", item.title + item.container_title):
        message = f"CSL-JSON item {key!r}: its MathML is printed as written"
        hint = "add an entry with $...$ to the bibliography"
        yield Problem("csl-markup", Level.WARNING, where, message, hint)


def _identifiers(item: Item) -> tuple[tuple[Identifier, ...], list[tuple[str, str]]]:
    stated: list[tuple[Kind, str, str]] = [("doi", item.doi, "DOI"), ("pmid", item.pmid, "PMID")]
    stated += [("isbn", isbn.strip(), "ISBN") for text in item.isbn for isbn in _BETWEEN_ISBNS.split(text)]
    stated.append(("url", item.url, "URL"))
    found: dict[tuple[str, str], Identifier] = {}
    rejected: list[tuple[str, str]] = []
    location = item.archive_location if item.archive.lower() == "arxiv" else ""
    if arxiv := _arxiv_of(item.number) or _arxiv_of(f"arXiv:{location}"):
        found[arxiv.identity] = arxiv
    for kind, text, name in stated:
        if text:
            try:
                identifier = identify(re.sub(rf"^{kind}:\s*", "", text, flags=re.IGNORECASE), kind)
            except ValueError:
                rejected.append((name, text))
            else:
                found.setdefault(identifier.identity, identifier)
    return tuple(found.values()), rejected


def _arxiv_of(text: str) -> Identifier | None:
    if not re.match(r"arxiv:.", text, re.IGNORECASE):
        return None
    try:
        return identify(text, "arxiv")
    except ValueError:
        return None


def _retraction(item: Item) -> str:
    """Give the notice that retracts the work; Crossref names it in one of two fields."""
    notices = [each.doi or item.doi for each in item.updated_by if each.type.lower() in _RETRACTING]
    of_this = (each for each in item.update_to if each.doi.lower() == item.doi.lower())
    notices += [each.doi for each in of_this if each.type.lower() in _RETRACTING]
    return next(iter(notices), "")
