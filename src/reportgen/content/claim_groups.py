"""Claims put together by what they rest on or are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reportgen.base.numbers import middle
from reportgen.content.confidence import confidence_text
from reportgen.content.gauges import strip_gauge
from reportgen.content.references import cite, named_in_text
from reportgen.record.model import Stance
from reportgen.text.inline import inlines
from reportgen.text.tree import Strong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.sources import Reference
    from reportgen.text.gauge import Gauge
    from reportgen.text.tree import Inlines

_FEWEST_IN_A_GROUP = 2
"""Where groups hold fewer claims on average, they are not worth their titles."""


class Group(NamedTuple):
    """Claims by their places in the record, under a title; ``source`` is the one that the title names."""

    title: Inlines
    indices: tuple[int, ...]
    source: Reference | None = None


def groups_of(inputs: Inputs) -> tuple[Group, ...]:
    """Put claims together as the house asks for, in the order of the record; those that belong nowhere come last.

    All stand in one group without a title where they would stand in groups of one.
    """
    named: dict[str, list[int]] = {}
    others: list[int] = []
    claims = range(len(inputs.record.claims))
    for index in claims:
        key = _key(inputs, index)
        (named.setdefault(key, []) if key else others).append(index)
    if not named or len(named) * _FEWEST_IN_A_GROUP > len(claims):
        return (Group((), tuple(claims)),)
    groups = [_group(inputs, key, indices) for key, indices in named.items()]
    if inputs.group_claims == "source":
        groups.sort(key=lambda group: group.source.number if group.source else 0)
    if others:
        groups.append(Group((_others(inputs, others),), tuple(others)))
    return tuple(groups)


def _others(inputs: Inputs, indices: Sequence[int]) -> str:
    """Name the claims that belong to no group."""
    t = inputs.wording.t.claims
    if inputs.group_claims != "source":
        return str(t.others)
    return str(t.several_sources if any(_sources(inputs, each) for each in indices) else t.no_source_group)


def _key(inputs: Inputs, index: int) -> str:
    """Name what a claim is grouped by; '' where it belongs to no group."""
    if inputs.group_claims == "theme":
        return inputs.record.claims[index].theme or ""
    cited = _sources(inputs, index) if inputs.group_claims == "source" else []
    return str(cited[0].number) if len(cited) == 1 else ""


def _group(inputs: Inputs, key: str, indices: Sequence[int]) -> Group:
    if inputs.group_claims == "theme":
        return Group(inlines(key), tuple(indices))
    source = inputs.bibliography.references[int(key) - 1]
    return Group(source_title(source, inputs), tuple(indices), source)


def _sources(inputs: Inputs, index: int) -> Sequence[Reference]:
    """List the sources that a claim stands with: those that support it, else those that speak of it otherwise."""
    return supporting(inputs, index) or inputs.bibliography.of_claim(index)


def supporting(inputs: Inputs, index: int) -> list[Reference]:
    """List what is cited for a claim: its sources that support it, or the lead source where it has none."""
    claim = inputs.record.claims[index]
    cited = inputs.bibliography.of_claim(index)
    others = [each for each in claim.all_evidence if each.source and each.stance is not Stance.SUPPORTS]
    numbers = {
        inputs.bibliography.lookup(each.source).number
        for each in claim.all_evidence
        if each.source and each.stance is Stance.SUPPORTS
    }
    return [each for each in cited if not others or each.number in numbers]


def source_title(reference: Reference, inputs: Inputs) -> Inlines:
    """Name a source over its claims: its number, who wrote it, when, and its title."""
    number = cite([reference])
    entry = reference.entry
    if entry is None:
        return (number, " ", *inlines(str(reference.identifier)))
    year = f" ({entry.year})" if entry.year else ""
    names = named_in_text(reference, inputs.wording) if entry.creators[1] else ()
    who: Inlines = (Strong((*names, f"{year}.")), " ") if names else ()
    return (number, " ", *who, *inlines(entry.title))


def counted(indices: Sequence[int], inputs: Inputs) -> Inlines:
    """Count the claims of a group, those that are verified, and give the middle of their confidences."""
    claims = [inputs.record.claims[index] for index in indices]
    verified = sum(claim.verified for claim in claims)
    known = _confidences(indices, inputs)
    wording, number = inputs.wording, len(claims)
    values = {"verified": wording.in_words(verified, number), "count": wording.in_words(number, verified)}
    if not known:
        return inlines(wording.sentence("claims.group_counts", number, **values))
    median = confidence_text(float(middle(known)), inputs.record, wording)
    return inlines(wording.sentence("claims.group_median", number, median=median, **values))


def group_gauge(indices: Sequence[int], inputs: Inputs) -> Gauge | None:
    """Show where the confidences of a group lie; None without any."""
    known = _confidences(indices, inputs)
    return strip_gauge(known) if known else None


def _confidences(indices: Sequence[int], inputs: Inputs) -> list[float]:
    given = (inputs.record.claims[index].confidence for index in indices)
    return [confidence for confidence in given if confidence is not None]
