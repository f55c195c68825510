"""The numbered references of one record: each work once, with every place that cites it.

What one report uses of the bibliography is written so that it reads the same again.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.identifiers import Identifier, identify, identity_of
from reportgen.sources.grouping import Mention, Use, Work, anchors_of, group_mentions
from reportgen.sources.inline import InlineItems
from reportgen.sources.retraction import retraction_problems
from reportgen.sources.unresolved import reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.base.errors import Problem
    from reportgen.record.model import Claim, Record, SourceReference
    from reportgen.sources.bibfile import RawEntry
    from reportgen.sources.entry import Entry
    from reportgen.sources.library import Library


@dataclass(frozen=True, slots=True)
class Reference:
    """One numbered reference.

    ``number`` starts at 1. ``anchor`` is ASCII and unique in the record; it stays when references are
    added or moved. ``identifier`` is as the record gives it, with its pinned version. ``entry`` is None
    when no metadata is known: such a reference is printed as its identifier. ``cited_by`` are the 0-based
    indices of the claims that cite it; ``uses`` says what the record names it for, ``pointer`` where first.
    """

    number: int
    anchor: str
    identifier: Identifier
    entry: Entry | None = None
    cited_by: tuple[int, ...] = ()
    uses: frozenset[Use] = frozenset()
    pointer: str = ""

    @property
    def cited(self) -> bool:
        """Say whether anything in the report rests on it; else it was retrieved, not cited."""
        return bool(self.uses - {"listed"})

    @property
    def url(self) -> str | None:
        """Return the address a reader can open, of the pinned version where there is one."""
        return self.identifier.url or (self.entry.link if self.entry else None)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The references of one record, in the order of their numbers, and what is wrong with them."""

    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    _of_claim: Mapping[int, tuple[Reference, ...]]
    _named: Mapping[tuple[tuple[str, str], int | None], Reference]

    def of_claim(self, index: int) -> tuple[Reference, ...]:
        """Return what the claim of a 0-based index cites, by number; nothing when it has no source."""
        return self._of_claim.get(index, ())

    def numbers_of_claim(self, index: int) -> tuple[int, ...]:
        """Return the numbers that the claim of a 0-based index cites, in ascending order."""
        return tuple(reference.number for reference in self.of_claim(index))

    def find(self, source: SourceReference | str) -> Reference | None:
        """Find the reference of a source of the record, or of a key cited in its text."""
        readings = _readings(source) if isinstance(source, str) else [source.identifier]
        found = (self._named.get((identity_of(each), each.version)) for each in readings)
        return next(filter(None, found), None)

    def lookup(self, source: SourceReference | str) -> Reference:
        """Find the reference of a source that the record names.

        Raises:
            KeyError: the record names no such source.

        """
        if found := self.find(source):
            return found
        raise KeyError(f"{source} is not among the references of this record")

    @property
    def unresolved(self) -> tuple[Identifier, ...]:
        """Return the identifiers no metadata is known for; keys are not among them."""
        missing = (reference.identifier for reference in self.references if reference.entry is None)
        return tuple(identifier for identifier in missing if identifier.kind != "key")

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of the entries used."""
        return frozenset(reference.entry.key for reference in self.references if reference.entry)


def cite(record: Record, library: Library, cited_in_text: Sequence[str] = ()) -> Bibliography:
    """Return each work that a record names its number, in the order of the first mention.

    The order is ``sources``, ``lead_source``, the background's source, the benchmark's, the outcomes', the
    claims', and last the keys the sections cite as ``[@key]``, given here as ``cited_in_text``. A claim without sources
    of its own cites ``lead_source``.
    """
    named = list(named_sources(record))
    inline = InlineItems(named, library)
    mentions = [
        Mention(place, source.identifier, inline.find(source.identifier), pointer, use, claim)
        for place, (pointer, source, use, claim) in enumerate(named)
    ]
    pointers = _texts_of_keys(record)
    for place, text in enumerate(cited_in_text, len(mentions)):
        mentions.append(_text_mention(place, text, pointers.get(text, "/sections"), inline))
    works = group_mentions(mentions)
    named_works = zip(works, anchors_of(works), strict=True)
    references = [_reference(number, *each) for number, each in enumerate(named_works, 1)]
    problems = [
        *inline.problems,
        *reference_problems(works, library, inline.ids),
        *retraction_problems(works, record),
    ]
    return Bibliography(
        tuple(references),
        tuple(dict.fromkeys(problems)),
        _by_claim(references),
        _by_name(references, works),
    )


class NamedSource(NamedTuple):
    """A source where the record names it, what for, and the 0-based index of a claim that cites it there."""

    pointer: str
    source: SourceReference
    use: Use
    claim: int | None = None


def named_sources(record: Record) -> Iterator[NamedSource]:
    """Yield every source that the record's fields name, in the order of numbering.

    A claim without sources of its own, in ``sources`` or ``evidence``, names the lead source. The keys in section
    texts are markup, for `cite`.
    """
    for index, source in enumerate(record.sources):
        yield NamedSource(f"/sources/{index}", source, "listed")
    if record.lead_source:
        yield NamedSource("/lead_source", record.lead_source, "lead")
    if record.background and record.background.source:
        yield NamedSource("/background/source", record.background.source, "background")
    for index, entry in enumerate(record.benchmark.entries if record.benchmark else ()):
        yield NamedSource(f"/benchmark/entries/{index}/source", entry.source, "benchmark")
    for index, outcome in enumerate(record.outcomes):
        for place, effect in enumerate(outcome.entries):
            yield NamedSource(f"/outcomes/{index}/entries/{place}/source", effect.source, "outcome")
    yield from _named_by_exhibits(record)
    for index, claim in enumerate(record.claims):
        yield from _named_by_claim(claim, index)
        if not claim.own_sources and record.lead_source:
            yield NamedSource("/lead_source", record.lead_source, "claim", index)


def _named_by_exhibits(record: Record) -> Iterator[NamedSource]:
    for name, exhibits in (("tables", record.tables), ("figures", record.figures)):
        for index, exhibit in enumerate(exhibits):
            if exhibit.source is not None:
                yield NamedSource(f"/{name}/{index}/source", exhibit.source, "text")


def _named_by_claim(claim: Claim, index: int) -> Iterator[NamedSource]:
    for place, source in enumerate(claim.sources):
        yield NamedSource(f"/claims/{index}/sources/{place}", source, "claim", index)
    for place, evidence in enumerate(claim.evidence):
        if evidence.source is not None:
            yield NamedSource(f"/claims/{index}/evidence/{place}/source", evidence.source, "claim", index)


def _readings(text: str) -> list[Identifier]:
    """Read what stands in ``[@...]``: a key first of all, else another identifier."""
    readings = [Identifier("key", text)]
    with suppress(ValueError):  # a key of unusual characters: it is looked up, and reported, as a key
        readings.append(identify(text))
    return readings


PLACE = re.compile("(?:fig|tbl|eq|sec|claim)-")
"""What begins the names of places in a report, which are no keys."""


def is_place(key: str) -> bool:
    """Tell whether a key names a place in the report: a figure, table, equation, section or claim."""
    return PLACE.match(key) is not None


def _texts_of_keys(record: Record) -> dict[str, str]:
    """Return the pointer of the first text that a key may be cited in."""
    texts: dict[str, str] = {}
    for pointer, text in record.markdown_texts.items():
        for found in re.finditer(r"@\{?([^\s\]@;,}]+)", text):
            texts.setdefault(found[1], pointer)
    return texts


def _text_mention(place: int, text: str, pointer: str, inline: InlineItems) -> Mention:
    readings = _readings(text)
    identifier = next((reading for reading in readings if inline.find(reading)), readings[-1])
    return Mention(place, identifier, inline.find(identifier), pointer, "text")


def _reference(number: int, work: Work, anchor: str) -> Reference:
    return Reference(
        number,
        anchor,
        work.identifier,
        work.entry,
        tuple(sorted({mention.claim for mention in work.mentions if mention.claim is not None})),
        frozenset(mention.use for mention in work.mentions),
        work.mentions[0].pointer,
    )


def _by_claim(references: Sequence[Reference]) -> dict[int, tuple[Reference, ...]]:
    cited: dict[int, list[Reference]] = {}
    for reference in references:
        for claim in reference.cited_by:
            cited.setdefault(claim, []).append(reference)
    return {claim: tuple(found) for claim, found in cited.items()}


def _by_name(
    references: Sequence[Reference], works: Sequence[Work]
) -> dict[tuple[tuple[str, str], int | None], Reference]:
    """Index references by every name the record uses, then by those of their entries."""
    pairs = list(zip(references, works, strict=True))
    named: dict[tuple[tuple[str, str], int | None], Reference] = {}
    for reference, work in pairs:
        for mention in work.mentions:
            named.setdefault((identity_of(mention.identifier), mention.identifier.version), reference)
    for reference, work in pairs:
        for name in {name for mention in work.mentions for name in mention.identities}:
            named.setdefault((name, None), reference)
    return named


def used_bibtex(bibliography: Bibliography, library: Library) -> bytes:
    """Write the .bib entries used, sorted by key, their strings put together; b'' where none is used."""
    entries = {raw.key: raw for key in sorted(bibliography.keys) for raw in _with_kin(key, library)}
    # BibTeX wants the whole after its parts.
    ordered = sorted(entries.values(), key=lambda raw: (not raw.names_others, raw.key))
    return "\n".join(map(_written, ordered)).encode()


def _with_kin(key: str, library: Library) -> Iterator[RawEntry]:
    if raw := library.raw(key):
        from reportgen.sources.inheritance import kin

        yield from kin(raw, library.named)


def _written(raw: RawEntry) -> str:
    fields = "".join(f"  {field.name} = {{{field.value.text}}},\n" for field in raw.fields.values())
    return f"@{raw.type}{{{raw.key},\n{fields}}}\n"


def used_lock(bibliography: Bibliography, library: Library) -> bytes:
    """Write the items of the lock file used, as a lock file; b'' where none is used."""
    items = library.locked(sorted(bibliography.keys))
    if not items:
        return b""
    from reportgen.sources.lock import lock_bytes

    return lock_bytes(items)


def cited_hash(bibliography: Bibliography, library: Library) -> str:
    """Hash what a record takes from the bibliography: its BibTeX entries and fetched metadata."""
    parts = (used_bibtex(bibliography, library), used_lock(bibliography, library))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
