"""CITATION.cff 1.2.0: how the report is cited, and its sources as references, for what reads repositories.

At its top the format knows data sets and programs alone: there it describes the record of claims as a data set, and
names the report as what is to be cited.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from reportgen.base.characters import normalise
from reportgen.base.licences import COMMON
from reportgen.exports.cited import CitedWork, report_of, said_besides, sources_of
from reportgen.exports.interface import Format
from reportgen.exports.work_types import work_type
from reportgen.sources.entry import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.base.author import Author
    from reportgen.exports.interface import Publication
    from reportgen.sources.dates import Date, Day
    from reportgen.sources.entry import Entry

VERSION: Final = "1.2.0"
MESSAGE: Final = "If you use these claims, please cite the report that they stand in."
UNNAMED: Final = "No author is named"
"""What stands for the authors of a source that has none here: the format demands one."""
OTHERS: Final = "and others"
"""What stands behind names that do not say all."""
_TEXTS: Final = {
    "container-title": "journal", "collection-title": "collection-title", "volume": "volume", "issue": "issue",
    "edition": "edition", "number": "number", "version": "version", "section": "section",
    "volume-title": "volume-title", "number-of-volumes": "number-volumes", "number-of-pages": "pages",
    "medium": "medium",
}  # fmt: skip
_ENTITIES: Final = {"publisher": "publisher", "event-title": "conference"}
_NAMES: Final = {
    "author": "authors", "editor": "editors", "collection-editor": "editors-series", "translator": "translators",
    "recipient": "recipients",
}  # fmt: skip
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+", re.ASCII)
_ISBN = re.compile(r"[0-9\- ]{10,17}X?", re.ASCII)
_ISSN = re.compile(r"\d{4}-\d{3}[\dxX]", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SEASONS = 12


def reference_of(work: CitedWork) -> dict[str, Any]:
    """Describe a work; what the format has no field for stands in its notes."""
    entry = work.entry
    texts = {name: entry.text(name) for name in (*_TEXTS, *_ENTITIES) if entry.text(name)}
    dates = dict(_dates(entry))
    written = {
        "type": work_type(entry.type).cff,
        "title": entry.title or str(next(iter(work.identifiers.values()), work.key)),
        "authors": _people(entry, "author") or [{"name": UNNAMED}],
        **{field: _people(entry, role) for role, field in _NAMES.items() if role in entry.names},
        **{_TEXTS[name]: text for name, text in texts.items() if name in _TEXTS},
        **{_ENTITIES[name]: {"name": text} for name, text in texts.items() if name in _ENTITIES},
        **_issn(entry.text("ISSN")),
        **_pages(entry.text("page")),
        **{field: value for field, (_, value) in dates.items()},
        **_identified(work),
        "languages": _languages(entry.language),
        "keywords": list(work.keywords),
        "abstract": work.abstract,
        "license": work.license if work.license in COMMON else "",
    }
    named = {"title", "page", *_NAMES, *texts, *(name for name, _ in dates.values())}
    named |= {"ISSN"} if "issn" in written else set()
    notes = [*said_besides(work, written=frozenset(named))]
    notes += [] if written["license"] or not work.license else [f"license: {work.license}"]
    written["notes"] = sentences(notes)
    return {name: value for name, value in written.items() if value}


def _people(entry: Entry, role: str) -> list[dict[str, str]]:
    """List the people and organisations of a role, each once, and that there are others where there are."""
    listed: list[dict[str, str]] = []
    for name in entry.names.get(role, ()):
        parts = {
            "family-names": name.family,
            "given-names": name.given,
            "name-particle": " ".join(filter(None, (name.dropping_particle, name.non_dropping_particle))),
            "name-suffix": name.suffix,
        }
        is_whole = name.literal or not name.family
        person = {"name": name.literal or name.given} if is_whole else parts
        listed.append({part: text for part, text in person.items() if text})
    return _each_once([*listed, *([{"name": OTHERS}] if role in entry.and_others else [])])


def _authors(publication: Publication) -> list[dict[str, str]]:
    """List the authors of the report with what else identifies them, else its publisher."""
    inputs = publication.inputs
    return _each_once(map(_author, inputs.authors)) or [{"name": normalise(inputs.publisher.name)}]


def _author(author: Author) -> dict[str, str]:
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else ""
    more = {"orcid": orcid, "email": author.email or ""}
    if author.type == "person" and author.family:
        parts = {"family-names": author.family, "given-names": author.given or ""}
        who = parts | {"affiliation": author.affiliation or ""}
    else:
        who = {"name": author.name}
    return {name: normalise(text) for name, text in (who | more).items() if text}


def _issn(text: str) -> dict[str, str]:
    return {"issn": text} if _ISSN.fullmatch(text) else {}


def _pages(pages: str) -> dict[str, str]:
    first, dash, last = pages.partition("–")
    return {"start": first, "end": last} if dash else {"start": pages}


def _dates(entry: Entry) -> Iterator[tuple[str, tuple[str, str | int]]]:
    """Yield each field of a date, the variable that it is and its value."""
    for name, field in (("issued", "date-published"), ("accessed", "date-accessed")):
        date = entry.dates.get(name)
        if date and (day := _exact(date)) and len(day) == len(("year", "month", "day")):
            yield field, (name, date.edtf)
        elif date and name == "issued":
            yield from _year(date)


def _exact(date: Date) -> Day:
    """Return the day, or the month or year, where that is all that the date says."""
    is_more = date.literal or date.end is not None or date.circa or date.uncertain
    is_season = len(date.start) > 1 and date.start[1] > _SEASONS
    return () if is_more or is_season or not 0 < date.start[0] < 10_000 else date.start


def _year(date: Date) -> Iterator[tuple[str, tuple[str, str | int]]]:
    day = _exact(date)
    yield "year", ("issued", day[0] if day else date.edtf or date.year)
    if len(day) > 1:
        yield "month", ("issued", day[1])


def _identified(work: CitedWork) -> dict[str, Any]:
    known = work.identifiers
    found: dict[str, Any] = {"url": work.address}
    others = [str(known[kind]) for kind in ("arxiv", "pmid") if kind in known]
    if "doi" in known:
        doi = known["doi"].value
        found |= {"doi": doi} if _DOI.fullmatch(doi) else {}
        others += [] if "doi" in found else [f"doi:{doi}"]
    if "isbn" in known:
        isbn = known["isbn"].value
        found |= {"isbn": isbn} if _ISBN.fullmatch(isbn) else {}
        others += [] if "isbn" in found else [f"ISBN {isbn}"]
    return found | {"identifiers": [{"type": "other", "value": text} for text in others]}


def _languages(tag: str) -> list[str]:
    primary = tag.partition("-")[0].lower()
    return [primary] if _LANGUAGE.fullmatch(primary) else []


def citation_of(publication: Publication) -> dict[str, Any]:
    """Return what the file says, as plain values."""
    report, day = report_of(publication), publication.inputs.record.date.isoformat()
    authors = _authors(publication)
    cited = reference_of(report) | {"authors": authors}
    top = ("title", "version", "doi", "url", "license", "keywords", "abstract")
    uuid = f"urn:uuid:{publication.inputs.record.id}"
    return {
        "cff-version": VERSION,
        "message": MESSAGE,
        "type": "dataset",
        "authors": authors,
        **{name: cited[name] for name in top if name in cited},
        "date-released": day,
        "identifiers": [{"type": "other", "value": uuid, "description": "The record of claims"}],
        "preferred-citation": cited,
        "references": _each_once(map(reference_of, sources_of(publication))),
    }


def _each_once(listed: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what stands there already: the format lists each once."""
    once = {json.dumps(each): each for each in reversed([*listed])}
    return [*reversed(once.values())]


def as_yaml(values: dict[str, Any]) -> bytes:
    """Write values as YAML, every text in quotation marks: `NO` and `1.0` stay texts."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = sys.maxsize
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.BytesIO()
    yaml.dump({name: _quoted(value) for name, value in values.items() if value}, out)
    return out.getvalue()


def _quoted(value: Any) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {name: _quoted(part) for name, part in value.items()}
    if isinstance(value, list):
        return [*map(_quoted, value)]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _written(publication: Publication) -> bytes:
    return as_yaml(citation_of(publication))


CFF = Format(name="cff", title="CITATION.cff", ending=".cff", media_type="application/yaml", write=_written)
