"""CSL-JSON items to `Entry`: those written into records, and those the registries answer with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from reportgen.base.errors import Level, Problem, Where, pointer_of
from reportgen.base.identifiers import Identifier, Kind, identify, identity_of, isbns_of
from reportgen.record.fields import existing_place
from reportgen.sources.csl_item import ITEM_FIELDS, Item, people_of
from reportgen.sources.entry import (
    Entry,
    Fate,
    FieldFate,
    edition_of,
    language_tag,
    page_range,
    sentences,
    titled,
)
from reportgen.sources.marked import unmarked
from reportgen.sources.variables import DATES, IDENTIFIERS, NAMES, REGISTRY, TEXTS, WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

# What Crossref and DataCite call CSL 1.0.2's types.
TYPES = {
    "journal-article": "article-journal", "posted-content": "article", "preprint": "article",
    "monograph": "book", "edited-book": "book", "reference-book": "book", "proceedings": "book",
    "book-series": "book", "book-set": "book", "book-chapter": "chapter", "book-part": "chapter",
    "book-section": "chapter", "book-track": "chapter", "reference-entry": "entry-encyclopedia",
    "proceedings-article": "paper-conference", "dissertation": "thesis", "journal": "periodical",
    "journal-issue": "periodical", "journal-volume": "periodical", "peer-review": "review", "report-series": "report",
    "component": "document", "other": "document",
}  # fmt: skip
_PRINTED = frozenset((*TEXTS, *NAMES, *DATES, *IDENTIFIERS, "event", "subtitle"))
_RETRACTING = frozenset(["retraction", "withdrawal", "removal"])
_NOWHERE = Where()


def printed_part(item: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of an item what we print, as it was given: registries add abstracts and reference lists."""
    kept = {name: value for name, value in item.items() if name in ITEM_FIELDS}
    return {name: people_of(value) if name in NAMES else value for name, value in kept.items()}


def read_item(
    item: Mapping[str, Any], key: str, where: Where = _NOWHERE
) -> tuple[Entry | None, tuple[Problem, ...]]:
    """Read a CSL-JSON item; one with an ill-typed field, or with nothing to print, gives no entry but errors.

    ``where`` is what the problems point at.
    """
    try:
        read = Item.model_validate(item)
    except ValidationError as error:
        return None, tuple(_wrong_field(detail, item, key, where) for detail in error.errors())
    entry = _entry(read, item, key, where)
    is_whole = all(problem.level is not Level.ERROR for problem in entry.problems)
    return entry if is_whole else None, entry.problems


def _wrong_field(detail: ErrorDetails, item: Mapping[str, Any], key: str, where: Where) -> Problem:
    name = ".".join(map(str, detail["loc"]))
    message = f"CSL-JSON item {key!r}: {name}: {detail['msg']}"
    pointed = replace(where, pointer=where.pointer + pointer_of(existing_place(detail["loc"], item)[0]))
    return Problem("csl-field", Level.ERROR, pointed, message, "write the item as CSL 1.0.2 describes it")


def _entry(item: Any, given: Mapping[str, Any], key: str, where: Where) -> Entry:
    identifiers, rejected = _identifiers(item)
    language = language_tag(item.variable("language"))
    texts = _texts(item)
    said = [texts.pop("note", ""), *(f"{name} {text}" for name, text in rejected)]
    if note := sentences([*said, "" if language else item.variable("language")]):
        texts["note"] = note
    names = {role: people for role in NAMES if (people := item.people(role))}
    dates = {name: date for name in DATES if (date := item.day_of(name))}
    fates = tuple(_fates(given))
    problems = [*_problems(texts, key, where, rejected), *_unknown(fates, key, where)]
    if not (texts or names or dates or identifiers):
        message = f"CSL-JSON item {key!r}: there is nothing to print of it"
        problems.append(Problem("bib-empty", Level.ERROR, where, message, "give it a title"))
    return Entry(
        key=key,
        type=TYPES.get(item.variable("type"), item.variable("type")),
        texts=texts,
        names=names,
        dates=dates,
        and_others=frozenset(),
        language=language,
        retraction=_retraction(item),
        identifiers=identifiers,
        fates=fates,
        problems=tuple(problems),
    )


def _texts(item: Any) -> dict[str, str]:
    texts = {name: text for name in TEXTS if (text := item.variable(name))}
    if title := titled(texts.get("title", ""), item.subtitle):
        texts["title"] = title
    if event := item.named_event:
        texts["event-title"] = event
    if place := item.named_event_place:
        texts.setdefault("event-place", place)
    if _arxiv_of(texts.get("number", "")):
        del texts["number"]
    if texts.get("archive", "").lower() == "arxiv":
        # The identifier says both.
        texts = {name: text for name, text in texts.items() if name not in ("archive", "archive_location")}
    else:
        collection = texts.pop("archive_collection", "")
        texts |= {"archive_collection": collection} if collection else {}
    if "page" in texts:
        texts["page"] = page_range(texts["page"])
    if texts.get("page") == texts.get("article-number"):
        texts.pop("page", None)
    if "edition" in texts:
        texts["edition"] = edition_of(texts["edition"])
    return texts


def _fates(given: Mapping[str, Any]) -> Iterator[FieldFate]:
    for name in given:
        if name in _PRINTED:
            yield FieldFate(name, Fate.PRINTED)
        elif name in ITEM_FIELDS:
            yield FieldFate(name, Fate.USED, "says what the work is")
        elif reason := WITHHELD.get(name):
            yield FieldFate(name, Fate.WITHHELD, reason)
        elif name in REGISTRY or name.startswith("_"):
            yield FieldFate(name, Fate.WITHHELD, "kept by a registry or another program")
        else:
            yield FieldFate(name, Fate.UNKNOWN)


def _unknown(fates: Sequence[FieldFate], key: str, where: Where) -> Iterator[Problem]:
    for fate in fates:
        if fate.fate is Fate.UNKNOWN:
            pointed = replace(where, pointer=where.pointer + pointer_of([fate.name]))
            message = f"CSL-JSON item {key!r}: the field {fate.name} is not known and not printed"
            hint = "correct its name, or put what it says into `note`"
            yield Problem("csl-unknown-field", Level.WARNING, pointed, message, hint)


def _problems(
    texts: Mapping[str, str], key: str, where: Where, rejected: Sequence[tuple[str, str]]
) -> Iterator[Problem]:
    for name, text in rejected:
        message = f"CSL-JSON item {key!r}: {name} {text!r} is not recognised; it is printed as a note"
        yield Problem("csl-identifier", Level.WARNING, where, message, "correct the field")
    if re.search(r"</?(?:mml:)?math\b", texts.get("title", "") + texts.get("container-title", "")):
        message = f"CSL-JSON item {key!r}: its MathML is printed as written"
        hint = "add an entry with $...$ to the bibliography"
        yield Problem("csl-markup", Level.WARNING, where, message, hint)


def _identifiers(item: Any) -> tuple[tuple[Identifier, ...], list[tuple[str, str]]]:
    """Return the identifiers, and the texts that stand for one and are none."""
    stated: list[tuple[Kind, str, str]] = [
        ("doi", item.variable("DOI"), "DOI"),
        ("pmid", item.variable("PMID"), "PMID"),
    ]
    stated += [("isbn", isbn, "ISBN") for text in item.isbns for isbn in isbns_of(text)]
    stated.append(("url", item.variable("URL"), "URL"))
    found: dict[tuple[str, str], Identifier] = {}
    rejected: list[tuple[str, str]] = []
    in_arxiv = item.variable("archive").lower() == "arxiv"
    location = item.variable("archive_location") if in_arxiv else ""
    if arxiv := _arxiv_of(item.variable("number")) or _arxiv_of(f"arXiv:{location}"):
        found[arxiv.identity] = arxiv
    elif location:
        rejected.append(("arXiv", location))
    for kind, text, name in stated:
        if text:
            try:
                identifier = identify(re.sub(rf"^{kind}:\s*", "", unmarked(text), flags=re.IGNORECASE), kind)
            except ValueError:
                rejected.append((name, text))
            else:
                found.setdefault(identity_of(identifier), identifier)
    return tuple(found.values()), rejected


def _arxiv_of(text: str) -> Identifier | None:
    if not re.match(r"arxiv:.", text, re.IGNORECASE):
        return None
    try:
        return identify(text, "arxiv")
    except ValueError:
        return None


def _retraction(item: Any) -> str:
    """Return the notice that retracts the work; Crossref names it in one of two fields."""
    doi = item.variable("DOI")
    notices = [each.doi or doi for each in item.updated_by if each.type.lower() in _RETRACTING]
    of_this = (each for each in item.update_to if each.doi.lower() == doi.lower())
    notices += [each.doi for each in of_this if each.type.lower() in _RETRACTING]
    return next(iter(notices), "")
