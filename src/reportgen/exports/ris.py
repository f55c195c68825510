"""RIS: the report, and its sources, as reference managers import them; one line a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reportgen.exports.cited import CitedWork, report_of, said_besides, sources_of
from reportgen.exports.interface import Format
from reportgen.exports.work_types import work_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.exports.interface import Publication
    from reportgen.sources.dates import Date
    from reportgen.sources.entry import Name

MEDIA_TYPE = "application/x-research-info-systems"
_TEXTS: Final = {
    "title": "TI", "container-title": "T2", "collection-title": "T3", "volume": "VL", "issue": "IS", "number": "M1",
    "edition": "ET", "publisher": "PB", "publisher-place": "CY", "genre": "M3", "ISSN": "SN", "article-number": "C7",
    "call-number": "CN", "archive": "DB", "section": "SE", "number-of-volumes": "NV", "original-title": "OP",
}  # fmt: skip
_NAMES: Final = {"author": "AU", "editor": "A2", "collection-editor": "A3", "translator": "A4"}
_DATES: Final = {"issued": "DA", "accessed": "Y2"}
_WRITTEN = frozenset((*_TEXTS, *_NAMES, *_DATES, "page"))
_SEASONS = 12


def _fields(work: CitedWork) -> Iterator[tuple[str, str]]:
    """Yield tag and value of each line of a work."""
    entry, known = work.entry, work.identifiers
    yield "TY", work_type(entry.type).ris
    yield "ID", work.key
    for role, tag in _NAMES.items():
        yield from ((tag, ris_name(name)) for name in entry.names.get(role, ()))
        if role in entry.and_others:
            yield tag, "others"
    yield from ((tag, entry.text(name)) for name, tag in _TEXTS.items())
    yield from _pages(entry.text("page"))
    for name, tag in _DATES.items():
        if date := entry.dates.get(name):
            yield from _date(date, tag)
    yield from (("SN", known[kind].value) for kind in ("isbn",) if kind in known)
    yield from (("DO", known[kind].value) for kind in ("doi",) if kind in known)
    yield from (("AN", str(known[kind])) for kind in ("arxiv", "pmid") if kind in known)
    yield "UR", work.address
    yield "LA", entry.language
    yield "AB", work.abstract
    yield from (("KW", word) for word in work.keywords)
    yield from (("N1", said) for said in said_besides(work, written=_WRITTEN))
    yield "N1", f"license: {work.license}" if work.license else ""


def ris_name(name: Name) -> str:
    """Write a name as ``Family, Given, Suffix``, one that has no parts whole."""
    if name.literal:
        return name.literal
    parts = [name.surname, name.given, name.suffix]
    while not parts[-1]:
        parts.pop()
    return ", ".join(parts)


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    first, dash, last = pages.partition("–")
    is_range = bool(dash) and "–" not in last and "," not in pages
    yield "SP", first if is_range else pages
    yield "EP", last if is_range else ""


def _date(date: Date, tag: str) -> Iterator[tuple[str, str]]:
    """Yield a date as ``2024/05/30/``; one that is a range, a season or no date stands behind the third slash."""
    day = date.start
    is_plain = bool(day) and not (date.literal or date.end is not None or date.circa or date.uncertain)
    is_season = len(day) > 1 and day[1] > _SEASONS
    parts = [f"{day[0]:04d}" if day else "", *(f"{part:02d}" for part in day[1:] if not is_season)]
    parts += [""] * (3 - len(parts))
    said = "" if is_plain and not is_season else date.literal or date.edtf
    if tag == "DA" and day:
        yield "PY", parts[0]
    yield tag, "/".join((*parts, said))


def ris_bytes(works: Sequence[CitedWork]) -> bytes:
    """Write works in RIS."""
    return "".join(map(_written, works)).encode()


def _written(work: CitedWork) -> str:
    lines = "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(work) if value)
    return f"{lines}ER  - \r\n\r\n"


def _report(publication: Publication) -> bytes:
    return ris_bytes([report_of(publication)])


def _sources(publication: Publication) -> bytes:
    return ris_bytes(sources_of(publication))


RIS = Format(name="ris", title="RIS", ending=".ris", media_type=MEDIA_TYPE, write=_report)
REFERENCES = Format(
    name="references-ris",
    title="the sources in RIS",
    ending=".references.ris",
    media_type=MEDIA_TYPE,
    write=_sources,
)
