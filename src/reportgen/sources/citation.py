"""The numbered references of one record: each work once, with every place that cites it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.identifiers import Identifier, identify
from reportgen.sources.anchors import Anchors
from reportgen.sources.grouping import Mention, Use, Work, group_mentions
from reportgen.sources.inline import InlineItems
from reportgen.sources.library import identity_of
from reportgen.sources.unresolved import reference_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.base.errors import Problem
    from reportgen.record.model import Record, SourceReference
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
        """Give the address a reader can open, of the pinned version where there is one."""
        return self.identifier.url or (self.entry.link if self.entry else None)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The references of one record, in the order of their numbers, and what is wrong with them."""

    references: tuple[Reference, ...]
    problems: tuple[Problem, ...]
    _of_claim: Mapping[int, tuple[Reference, ...]]
    _named: Mapping[tuple[tuple[str, str], int | None], Reference]

    def of_claim(self, index: int) -> tuple[Reference, ...]:
        """Give what the claim of a 0-based index cites, by number; nothing when it has no source."""
        return self._of_claim.get(index, ())

    def numbers_of_claim(self, index: int) -> tuple[int, ...]:
        """Give the numbers that the claim of a 0-based index cites, in ascending order."""
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
        """Give the identifiers no metadata is known for; keys are not among them."""
        missing = (reference.identifier for reference in self.references if reference.entry is None)
        return tuple(identifier for identifier in missing if identifier.kind != "key")

    @property
    def keys(self) -> frozenset[str]:
        """Give the keys of the entries used."""
        return frozenset(reference.entry.key for reference in self.references if reference.entry)


def cite(record: Record, library: Library, cited_in_text: Sequence[str] = ()) -> Bibliography:
    """Give each work that a record names its number, in the order of the first mention.

    The order is ``sources``, ``lead_source``, the background's source, the benchmark's, the claims', and
    last the keys the sections cite as ``[@key]``, given here as ``cited_in_text``. A claim without sources
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
    anchors = Anchors()
    references = [_reference(number, work, anchors) for number, work in enumerate(works, 1)]
    problems = [*inline.problems, *reference_problems(works, library, inline.ids)]
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

    A claim without sources of its own names the lead source. The keys in section texts are markup, for `cite`.
    """
    for index, source in enumerate(record.sources):
        yield NamedSource(f"/sources/{index}", source, "listed")
    if record.lead_source:
        yield NamedSource("/lead_source", record.lead_source, "lead")
    if record.background and record.background.source:
        yield NamedSource("/background/source", record.background.source, "background")
    for index, entry in enumerate(record.benchmark.entries if record.benchmark else ()):
        yield NamedSource(f"/benchmark/entries/{index}/source", entry.source, "benchmark")
    for index, claim in enumerate(record.claims):
        for place, source in enumerate(claim.sources):
            yield NamedSource(f"/claims/{index}/sources/{place}", source, "claim", index)
        if not claim.sources and record.lead_source:
            yield NamedSource("/lead_source", record.lead_source, "claim", index)


def _readings(text: str) -> list[Identifier]:
    """Read what stands in ``[@...]``: a key first of all, else another identifier."""
    readings = [Identifier("key", text)]
    try:
        readings.append(identify(text))
    except ValueError:  # a key of unusual characters: it is looked up, and reported, as a key
        return readings
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


def _reference(number: int, work: Work, anchors: Anchors) -> Reference:
    return Reference(
        number,
        anchors.name(work),
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
