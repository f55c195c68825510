"""`Entry` to CSL-JSON: one item, for the processor of styles and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.sources.entry import EAST_ASIAN, initials_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reportgen.base.identifiers import Identifier, Kind
    from reportgen.sources.dates import Date, Day
    from reportgen.sources.entry import Entry, Name

_OWN_TEXTS = frozenset(
    ("article-number", "collaboration", "main-title", "original-language", "ISSN", "PMCID")
)
_OWN_NAMES = ("annotator", "commentator", "introduction", "foreword", "afterword", "holder", "founder", "continuator",
    "redactor", "reviser", "collaborator")  # fmt: skip


def item_of(
    entry: Entry,
    name: str,
    *,
    named: Identifier | None,
    written: Callable[[str], str],
    others: str = "others",
) -> dict[str, Any]:
    """Return an entry as a CSL-JSON item of an id.

    ``named`` is the identifier under which it is cited, with its pinned version; ``written`` turns a marked text into
    what stands in the item; ``others`` ends a list of names that goes on.
    """
    texts = {variable: written(text) for variable, text in entry.texts.items() if variable not in _OWN_TEXTS}
    if entry.identifier("arxiv"):
        texts.pop("archive_collection", None)
    texts |= _own_texts(entry, texts, written)
    names = {
        role: [*map(_person, people), *([{"literal": others}] if role in entry.and_others else [])]
        for role, people in entry.names.items()
        if role not in _OWN_NAMES
    }
    if group := entry.text("collaboration"):
        names["author"] = [*names.get("author", []), {"literal": group}]
    more = [_person(person) for role in _OWN_NAMES for person in entry.names.get(role, ())]
    names |= {"contributor": [*names.get("contributor", []), *more]} if more else {}
    dates = {variable: _date(date) for variable, date in entry.dates.items()}
    return {"id": name, "type": entry.type, **texts, **names, **dates, **_identified(entry, named)}


def _own_texts(entry: Entry, texts: Mapping[str, str], written: Callable[[str], str]) -> dict[str, str]:
    """Put what CSL has no variable for where its styles look for it."""
    own = {name: text for name in ("ISSN", "PMCID") if (text := entry.text(name))}
    if article := entry.text("article-number"):
        own |= {name: article for name in ("number", "page") if name not in texts}
    if main := entry.texts.get("main-title"):
        whole = "container-title" if "container-title" in texts else "title"
        own |= {"volume-title": texts.get(whole, ""), whole: written(main)}
    return own


def _person(name: Name) -> dict[str, str]:
    if name.literal or not name.family:
        return {"literal": name.literal or name.given}
    if EAST_ASIAN.match(name.family):
        return {"literal": f"{name.family}{name.given}"}
    parts = {
        "family": name.family,
        "given": " ".join(initials_apart(word, name.family) for word in name.given.split()),
        "suffix": name.suffix,
        "dropping-particle": name.dropping_particle,
        "non-dropping-particle": name.non_dropping_particle,
    }
    return {part: text for part, text in parts.items() if text}


def _date(date: Date) -> dict[str, Any]:
    if date.literal or not date.start:
        return {"literal": date.literal or date.year}
    days = [date.start, *([date.end] if date.end else [])]
    made: dict[str, Any] = {"date-parts": [_parts(day) for day in days]}
    if len(date.start) > 1 and date.start[1] > 12:
        made["season"] = date.start[1] - 20
    return made | ({"circa": True} if date.circa or date.uncertain else {})


def _parts(day: Day) -> list[int]:
    return list(day[:1] if len(day) > 1 and day[1] > 12 else day)


def identifiers_of(entry: Entry, named: Identifier | None) -> dict[Kind, Identifier]:
    """Return what identifies an entry, the first of each kind; the one it is cited under, with its version, counts."""
    known = {found.kind: found for found in reversed(entry.identifiers)}
    return known if named is None else known | {named.kind: named}


def _identified(entry: Entry, named: Identifier | None) -> dict[str, str]:
    known = identifiers_of(entry, named)
    kinds: tuple[Kind, ...] = ("doi", "pmid", "isbn", "url")
    found = {kind.upper(): known[kind].value for kind in kinds if kind in known}
    if "arxiv" in known:
        found |= (
            {} if "container-title" in entry.texts else {"number": str(known["arxiv"]), "archive": "arXiv"}
        )
        found.setdefault("URL", str(known["arxiv"].url))
    return found
