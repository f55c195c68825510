"""The metadata of a deposit, made anew from the record each time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from reportgen.analysis.checks.verdicts import looks_like_machine
from reportgen.delivery.zenodo.description import (
    ai_statement,
    corrections,
    declarations,
    description,
    plain,
    references,
    words_of,
)
from reportgen.delivery.zenodo.vocabulary import ROLES, language_id, licence_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.analysis.derive import Derived
    from reportgen.base.author import Author
    from reportgen.base.identifiers import Kind
    from reportgen.base.settings import Settings
    from reportgen.record.model import Record
    from reportgen.record.registration import Deposit
    from reportgen.sources import Bibliography
    from reportgen.sources.citation import Reference

RESOURCE_TYPE = "publication-report"
"""The type of all three kinds: none of them is an article, a preprint or a data set."""

MOST_SOURCES = 100
"""Sources that are sent as related identifiers at most; all of them are sent as references, in words."""

_MOST_SUBJECTS = 50
_ROR = re.compile(r"https?://ror\.org/(0[a-z0-9]{6}[0-9]{2})/?")
_KINDS: tuple[Kind, ...] = ("doi", "arxiv", "pmid", "isbn", "url")  # each is a scheme there, too


def marker_of(record: Record) -> str:
    """Return what makes the deposits of a record findable again: its uuid as a URN, as the PDF carries it, too.

    It stands among the alternate identifiers, and each version beside it in ``version``.
    """
    return f"urn:uuid:{record.id}"


def deposit_metadata(
    record: Record, derived: Derived, bibliography: Bibliography, settings: Settings, deposit: Deposit
) -> dict[str, Any]:
    """Return the document to send, without its files: ``access`` and ``metadata`` of InvenioRDM's records API.

    ``derived`` is what the report prints, so of the record as it is registered. Absent fields are left out.
    """
    language = language_id(record.language)
    words = list(dict.fromkeys(map(plain, record.keywords)))
    metadata = {
        "resource_type": {"id": RESOURCE_TYPE},
        "title": plain(record.title),
        "additional_titles": _subtitle(record),
        "publication_date": record.date.isoformat(),
        "publisher": plain(settings.publisher.name),
        "version": plain(record.version),
        "creators": creators(record, settings),
        "contributors": _contributors(record, settings),
        "description": description(record, derived, bibliography, settings, sandbox=deposit.sandbox),
        "additional_descriptions": _notes(record, derived, bibliography, settings),
        "subjects": [{"subject": word} for word in words[:_MOST_SUBJECTS]],
        "rights": _rights(record.license or settings.license),
        "languages": [{"id": language}] if language else [],
        "dates": _dates(record, derived),
        "identifiers": [{"identifier": marker_of(record), "scheme": "urn"}],
        "related_identifiers": _related(record, bibliography, deposit),
        "references": [{"reference": text} for text in references(bibliography, words_of(record, settings))],
    }
    kept = {name: value for name, value in metadata.items() if value}
    return {"access": {"record": "public", "files": "public"}, "metadata": kept}


def creators(record: Record, settings: Settings) -> list[dict[str, Any]]:
    """Return the people and organisations that answer for a report, else its publisher; never a machine."""
    named = _authors(record, settings)
    publisher = {"type": "organizational", "name": plain(settings.publisher.name)}
    return [_creator(author) for author in named] or [{"person_or_org": publisher}]


def _authors(record: Record, settings: Settings) -> list[Author]:
    return [
        author
        for author in record.authors or settings.authors
        if not looks_like_machine(author.name, record.generator)
    ]


def _contributors(record: Record, settings: Settings) -> list[dict[str, Any]]:
    """Return the authors again for what they did and the repository has a word for; all roles stand in the notes."""
    return [
        {**_creator(author), "role": {"id": ROLES[role]}}
        for author in _authors(record, settings)
        for role in author.roles
        if role in ROLES
    ]


def _creator(author: Author) -> dict[str, Any]:
    if author.type == "organization":
        who: dict[str, Any] = {"type": "organizational", "name": plain(author.name)}
    else:
        who = {"type": "personal", **_name(author)}
        if author.orcid:
            who["identifiers"] = [{"scheme": "orcid", "identifier": author.orcid}]
    where = _affiliation(author.affiliation) if author.affiliation else None
    return {"person_or_org": who, **({"affiliations": [where]} if where else {})}


def _name(author: Author) -> dict[str, str]:
    """Return the parts of a name; which word is the family's is never guessed."""
    family, given = author.family, author.given
    if not family and author.name.count(",") == 1:
        family, given = author.name.split(",")
    if not family:
        return {"family_name": plain(author.name)}
    return {"family_name": plain(family), **({"given_name": plain(given)} if given and given.strip() else {})}


def _affiliation(text: str) -> dict[str, str]:
    """Name an institution by its ROR id where the text gives one, which the repository then writes out."""
    found = _ROR.search(text)
    return {"id": found[1]} if found else {"name": plain(text)}


def _notes(
    record: Record, derived: Derived, bibliography: Bibliography, settings: Settings
) -> list[dict[str, Any]]:
    """Return the statement on the use of AI, for the repository's staff in English, too; corrections; declarations."""
    own = words_of(record, settings)
    english = words_of(record.model_copy(update={"language": "en"}), settings)
    languages = [english] if own.language == "en" else [english, own]
    notes = [(wording, ai_statement(record, derived, settings, wording)) for wording in languages]
    notes.append((own, corrections(record.corrections, own)))
    notes.append((own, declarations(record, derived, bibliography, settings)))
    return [
        {"description": text, "type": {"id": "notes"}, "lang": {"id": language_id(wording.language)}}
        for wording, text in notes
        if text
    ]


def _rights(licence: str | None) -> list[dict[str, Any]]:
    if licence is None:
        return []
    known = licence_id(licence)
    return [{"id": known}] if known else [{"title": {"en": plain(licence)}}]


def _subtitle(record: Record) -> list[dict[str, Any]]:
    return [{"title": plain(record.subtitle), "type": {"id": "subtitle"}}] if record.subtitle else []


def _dates(record: Record, derived: Derived) -> list[dict[str, Any]]:
    days = [(record.date, "created")]
    if record.search and record.search.searched_on:
        days.append((record.search.searched_on, "collected"))
    if record.corrections:
        days.append((max(event.corrected_at for event in record.corrections).date(), "updated"))
    if derived.correction.retracted:
        days.append((derived.correction.retracted.date(), "withdrawn"))
    return [{"date": day.isoformat(), "type": {"id": kind}} for day, kind in days]


def _related(record: Record, bibliography: Bibliography, deposit: Deposit) -> list[dict[str, Any]]:
    """Return the earlier and later versions, the original of a translation, then the sources, each identifier once."""
    others = [(doi, "isnewversionof") for doi in (*deposit.previous, record.supersedes)]
    # An older repository has no word for translations, and refuses one that it does not know.
    others += [(record.superseded_by, "ispreviousversionof"), (record.translation_of, "isderivedfrom")]
    rows = [("doi", other, relation) for other, relation in others if isinstance(other, str)]
    rows += list(_sources(bibliography.references))[:MOST_SOURCES]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for scheme, value, relation in rows:
        if value.lower() != deposit.doi.lower():
            related = {"identifier": value, "scheme": scheme, "relation_type": {"id": relation}}
            found.setdefault((scheme, value.lower()), related)
    return list(found.values())


def _sources(references: Sequence[Reference]) -> Iterator[tuple[str, str, str]]:
    """Yield scheme, identifier and relation of each source that has an identifier, what is cited first."""
    for reference in sorted(references, key=lambda each: not each.cited):
        named = reference.identifier
        if named.kind not in _KINDS and reference.entry is not None:
            named = reference.entry.identifier(*_KINDS) or named
        # What is invisible in an address, or turns its direction, has no place on a public page.
        if named.kind in _KINDS and plain(named.value) == named.value:
            yield (
                named.kind,
                str(named) if named.kind == "arxiv" else named.value,
                "cites" if reference.cited else "references",
            )
