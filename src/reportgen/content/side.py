"""The column beside the text: how to read a claim, what was searched, who reviewed, how to cite the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.confidence import confidence_meaning, confidence_text
from reportgen.content.status import notices
from reportgen.record.model import Dimension, DimensionLevel, QualityDimensions
from reportgen.text.inline import ended, inlines, joined, plain_text
from reportgen.text.mathematics import keep_apart
from reportgen.text.report import ValueList, plain_words
from reportgen.text.tree import (
    Block,
    Blocks,
    Definition,
    Emphasis,
    Heading,
    Inlines,
    ItemList,
    Link,
    Paragraph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.analysis.derive.claims import ConfidenceMeaning
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Search
    from reportgen.text.report import Section
    from reportgen.text.wording import Wording

_PAGE, _PART, _LINE, _LETTERS = 515.0, 7.0, 10.9, 31
"""In points: what a page has below its title, the gap above a part, a line; and the letters of a line."""
_LETTERS_OF_TEXT = 66
_MOST_NAMES = 3
"""So many authors stand in the entry that cites the report; of more, the first."""


def side(inputs: Inputs) -> Blocks:
    """Say beside the text what is needed to read it, as far as there is room."""
    return tuple(block for part in _parts(inputs)[0] for block in part)


def with_room(sections: Sequence[Section], inputs: Inputs) -> tuple[Section, ...]:
    """Put the column beside the text above the limits where these would not end on the first page."""
    names = [section.name for section in sections]
    place = names.index("side") if "side" in names else 0
    if names[max(0, place - 2) : place] != ["brief", "limitations"]:
        return tuple(sections)
    said = [plain_words(item) for section in sections[place - 2 : place] for item in _items(section.blocks)]
    if sum(14 * _lines(text, _LETTERS_OF_TEXT) + 5 for text in said) + 75 <= _room(inputs):
        return tuple(sections)
    return (*sections[: place - 1], sections[place], sections[place - 1], *sections[place + 1 :])


def _items(blocks: Blocks) -> Iterator[Blocks]:
    return (item for block in blocks if isinstance(block, ItemList) for item in block.items)


def notes(inputs: Inputs) -> Blocks:
    """Say in small type what has no room beside the text."""
    return tuple(block for part in _parts(inputs)[1] for block in part)


def _parts(inputs: Inputs) -> tuple[list[Blocks], list[Blocks]]:
    """Return the parts that have room beside the text, and those that have not."""
    parts = (
        _confidence(inputs),
        verified(inputs),
        search(inputs),
        _reviewers(inputs),
        _dimensions(inputs),
        _citation(inputs),
    )
    room = _room(inputs)
    beside: list[Blocks] = []
    others: list[Blocks] = []
    for part in filter(None, parts):
        height = _PART + sum(map(_height, part))
        is_free = height <= room and not others
        (beside if is_free else others).append(part)
        room -= height
    return beside, others


def _room(inputs: Inputs) -> float:
    """Estimate the height of the column beside the text on the first page, in points."""
    record = inputs.record
    given = 14 * bool(record.subtitle) + 18 * len(notices(inputs))
    above = given + 23 * _lines(record.title, 50) + 15 * _lines(record.question, 88)
    return _PAGE - above - 14 * len(inputs.authors) - 12 * len(record.keywords[:1])


def _height(block: Block) -> float:
    """Estimate the height of a block beside the text, in points."""
    if isinstance(block, ValueList):
        return _LINE * len(block.items)
    lines = _lines(plain_text(block.content), _LETTERS) if isinstance(block, Heading | Paragraph) else 0
    return _LINE * lines + 1.5


def _lines(text: str, letters: int) -> int:
    return -(-len(text) // letters)


def _part(inputs: Inputs, name: str, *blocks: Paragraph | ValueList) -> Blocks:
    return (Heading(2, (inputs.wording.t.side[name],), id=f"side-{name.replace('_', '-')}"), *blocks)


def _confidence(inputs: Inputs) -> Blocks:
    """Say what the gauge beside a claim means."""
    record, derived, wording = inputs.record, inputs.derived, inputs.wording
    if not (record.claims and derived.confidence):
        return ()
    said = [_meaning(each, inputs) for each in derived.confidence.meanings]
    said.append(wording.t.side.filled_open)
    if record.confidence_threshold is not None:
        threshold = confidence_text(record.confidence_threshold, record, wording)
        said.append(wording.say("side.threshold_text", threshold=threshold))
    said += [
        wording.say("side.word", lowest=confidence_text(each.from_, record, wording), word=each.word)
        for each in sorted(record.confidence_words, key=lambda each: each.from_)
    ]
    return _part(inputs, "how_to_read", *(Paragraph(inlines(text)) for text in said))


def verified(inputs: Inputs) -> Blocks:
    """Say what the verdict beside a claim means."""
    if not inputs.record.claims:
        return ()
    t = inputs.wording.t.side
    if inputs.derived.claims.verdicts:
        said = t.verified_verdicts
    else:
        said = t.verified_text if inputs.derived.machine_made else t.verified_stated
    return _part(inputs, "verified_title", Paragraph(inlines(said)))


def _meaning(meaning: ConfidenceMeaning, inputs: Inputs) -> str:
    """Say what the gauge beside a claim shows, as far as the record tells."""
    if meaning == (None, None):
        t = inputs.wording.t.side
        return str(t.how_to_read_text if inputs.derived.machine_made else t.how_to_read_stated)
    return inputs.wording.say("side.how_to_read_kind", kind=confidence_meaning(meaning, inputs))


def search(inputs: Inputs) -> Blocks:
    """Say what the record states of the search, and name in one line what it does not."""
    record, wording = inputs.record, inputs.wording
    t = wording.t.side
    given = record.search
    said: list[Inlines] = []
    missing = []
    for name in ("databases", "queries", "searched_on", "criteria"):
        if value := _stated(name, given, wording):
            said.append(value if name == "searched_on" else (*inlines(f"{t[name]} "), *value))
        elif not _in_table(name, given):
            missing.append(wording.within(t[f"{name}_missing"]))
    if record.claim_record_source:
        said.append(inlines(wording.say("side.claims_from", source=ended(record.claim_record_source))))
    if missing:
        said.append(inlines(wording.say("side.not_recorded", missing=wording.listing(missing))))
    return _part(inputs, "search", *(Paragraph(each, at="/search" if given else "") for each in said))


def _stated(name: str, given: Search | None, wording: Wording) -> Inlines:
    if given is None:
        return ()
    match name:
        case "databases":
            names = wording.listing([keep_apart(each.name) for each in given.databases])
            return inlines(f"{names}.") if names else ()
        case "queries":
            queries = [(Emphasis(inlines(query)),) for query in given.queries]
            return (*joined(tuple(queries), wording.clauses(["", ""])), ".") if queries else ()
        case "searched_on":
            given_on = given.searched_on
            return (wording.say("side.searched_on", date=wording.date(given_on)),) if given_on else ()
        case _:
            return inlines(ended(given.criteria)) if given.criteria else ()


def _in_table(name: str, given: Search | None) -> bool:
    """Tell whether the table of databases says it."""
    databases = given.databases if given else ()
    field = {"queries": "query", "searched_on": "searched_on"}.get(name)
    return field is not None and any(getattr(each, field) for each in databases)


def _reviewers(inputs: Inputs) -> Blocks:
    review, wording = inputs.record.review, inputs.wording
    if review is None or not review.reviewers:
        return ()
    sign, edges = wording.t.format.decimal, inputs.derived.score_edges
    rows = [(inlines(each.role), numbers.short_score(each.score, edges, sign)) for each in review.reviewers]
    return _part(inputs, "reviewers", _values(rows, "/review/reviewers"))


def _dimensions(inputs: Inputs) -> Blocks:
    """List the dimensions that were assessed."""
    dimensions, t = inputs.derived.dimensions, inputs.wording.t
    if dimensions is None:
        return ()
    given = {name: getattr(dimensions, name) for name in QualityDimensions.model_fields}
    rows = [
        ((t.dimension[name],), str(t.dimension_level[each.level]))
        for name, each in given.items()
        if each != Dimension() and each.level is not DimensionLevel.UNASSESSED
    ]
    return _part(inputs, "dimensions", _values(rows, "/quality_dimensions")) if rows else ()


def _values(rows: Sequence[tuple[Inlines, str]], at: str) -> ValueList:
    return ValueList(tuple(Definition(term, ((value,),)) for term, value in rows), at=at)


def _citation(inputs: Inputs) -> Blocks:
    return _part(inputs, "cite_as", Paragraph(citation(inputs)))


def citation(inputs: Inputs) -> Inlines:
    """Write the report as others cite it."""
    record, wording = inputs.record, inputs.wording
    names = [keep_apart(author.name) for author in inputs.authors]
    if len(names) > _MOST_NAMES:
        who = f"{names[0]} {wording.t.references.et_al}"
    else:
        who = wording.listing(names) or keep_apart(inputs.publisher.name)
    first = inlines(f"{who} ({record.date.year}). {ended(record.title)} ")
    publisher = f"{ended(keep_apart(inputs.publisher.name))} " if names else ""
    version = wording.say("title.version", version=record.version)
    last: Inlines = (f"{publisher}{inputs.derived.display_id}, {version}.",)
    registration = inputs.registration
    if registration and not registration.sandbox:
        last = (*last, " ", Link((f"doi:{registration.doi}",), f"https://doi.org/{registration.doi}"))
    return (*first, *last)
