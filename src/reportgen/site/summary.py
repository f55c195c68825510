"""What lists, feeds and the pages of sources say of a report: kept between builds, so that it is not read again."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, fields
from sys import intern
from typing import TYPE_CHECKING

from reportgen.content.references import claim_anchor, entry_of
from reportgen.site.works import work_key
from reportgen.text.inline import plain_text
from reportgen.text.report import Reference, blocks_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.exports import Publication
    from reportgen.record.model import Claim
    from reportgen.text.report import Report
    from reportgen.text.tree import Inlines

    Standing = str
    """How a source stands to a claim: a `Stance`, or ``assigned`` where the record names one for all claims."""

_LONGEST_DESCRIPTION = 600
"""Characters of what a report says of itself that are kept for lists and feeds."""


@dataclass(frozen=True, slots=True)
class ClaimUse:
    """A claim that rests on a source: its anchor, label, words and verdict, and how the source stands to it."""

    anchor: str
    label: str
    text: str
    verdict: str
    standing: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class SourceUse:
    """A source of a report: the name of its work, how the report prints it, and the claims that rest on it.

    ``link`` is '' where there is no address. ``uses`` say what else the report names it for.
    """

    key: str
    text: str
    language: str
    link: str
    claims: tuple[ClaimUse, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A version of a report in short.

    ``date`` and ``updated`` are days in ISO form, the latter that of the last correction. ``notice`` is what no list
    may leave out, such as that it was retracted. ``facets`` are the values that it is found under, by the name of a
    filter. ``page_sha256`` is the hash of its page.
    """

    id: str
    version: str
    address: str
    display_id: str
    title: str
    language: str
    date: str
    updated: str
    authors: tuple[str, ...]
    description: str
    description_language: str
    notice: str
    score: float | None
    claims: int
    facets: Mapping[str, tuple[str, ...]]
    sources: tuple[SourceUse, ...]
    page_sha256: str = ""

    @property
    def year(self) -> str:
        """Return the year of its date."""
        return self.date[:4]


def summarise(publication: Publication, address: str) -> Summary:
    """Summarise a report whose page lies at an address."""
    tree, inputs = publication.tree, publication.inputs
    record, derived = inputs.record, inputs.derived
    last, sources = derived.correction.last, tuple(_sources(publication))
    return Summary(
        id=str(record.id),
        version=record.version,
        address=address,
        display_id=derived.display_id,
        title=tree.title,
        language=tree.text_language,
        date=record.date.isoformat(),
        updated=max(record.date.isoformat(), last.date().isoformat() if last else ""),
        authors=tree.authors,
        description=_shortened(_without_notice(tree)),
        description_language=tree.description_language,
        notice=tree.warning,
        score=derived.score,
        claims=derived.claims.extracted,
        facets=_facets(inputs, sources),
        sources=sources,
    )


def _facets(inputs: Inputs, sources: Sequence[SourceUse]) -> Mapping[str, tuple[str, ...]]:
    """Return the values that a report is found under, by the name of each filter."""
    record, derived = inputs.record, inputs.derived
    tier = derived.tier.tier if derived.tier else None
    gate = derived.gate.status if derived.gate else None
    return {
        "tier": (tier,) if tier else (),
        "verdict": tuple(sorted({verdict_of(claim) for claim in record.claims})),
        "gate": (str(gate),) if gate else (),
        "kind": (str(record.kind),),
        "year": (str(record.date.year),),
        "source": tuple(dict.fromkeys(each.key for each in sources)),
    }


def verdict_of(claim: Claim) -> str:
    """Return the word for a claim's verdict, by its name among the words of a report."""
    return str(claim.verdict) if claim.verdict else "verified" if claim.verified else "unverified"


def _sources(publication: Publication) -> Iterator[SourceUse]:
    inputs = publication.inputs
    standing, printed = _standings(inputs), _printed(publication.tree)
    for reference in inputs.bibliography.references:
        content = printed.get(reference.anchor) or entry_of(reference, inputs.wording, inputs.styled)
        yield SourceUse(
            key=work_key(reference),
            text=plain_text(content),
            language=inputs.wording.language,
            link=reference.url or "",
            claims=tuple(
                _claim_use(inputs, index, standing.get((index, reference.number), ("assigned",)))
                for index in reference.cited_by
            ),
            uses=tuple(sorted(reference.uses - {"claim"})),
        )


def _printed(tree: Report) -> Mapping[str, Inlines]:
    """Return the references as the report prints them, by their anchors; none where it leaves them out."""
    return {item.id: item.content for item in blocks_in(tree.bands) if isinstance(item, Reference)}


def _claim_use(inputs: Inputs, index: int, standing: tuple[Standing, ...]) -> ClaimUse:
    claim = inputs.record.claims[index]
    anchor = claim_anchor(inputs.record, index)
    return ClaimUse(anchor, f"C{index + 1}", claim.text, verdict_of(claim), standing)


def _standings(inputs: Inputs) -> Mapping[tuple[int, int], tuple[Standing, ...]]:
    """Return how each source that a claim names stands to it, by the claim's index and the source's number."""
    found: defaultdict[tuple[int, int], dict[Standing, None]] = defaultdict(dict)
    for index, claim in enumerate(inputs.record.claims):
        for evidence in claim.all_evidence:
            reference = evidence.source and inputs.bibliography.find(evidence.source)
            if reference:
                found[index, reference.number][str(evidence.stance)] = None
    return {place: tuple(standings) for place, standings in found.items()}


def _without_notice(tree: Report) -> str:
    """Return how a report is described, without the notice that its metadata begin with: lists print it themselves."""
    return tree.description.removeprefix(tree.warning).lstrip()


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[:_LONGEST_DESCRIPTION].rsplit(' ', 1)[0]} …"


def summary_text(summary: Summary) -> str:
    """Write a summary as one line of JSON, each claim once: most rest on several sources."""
    claims: dict[tuple[str, ...], int] = {}
    sources = [
        [
            *(getattr(source, name) for name in _OF_SOURCE),
            [
                [claims.setdefault((use.anchor, use.label, use.text, use.verdict), len(claims)), use.standing]
                for use in source.claims
            ],
            source.uses,
        ]
        for source in summary.sources
    ]
    values = {name: getattr(summary, name) for name in _OF_REPORT}
    return json.dumps({**values, "claim_list": [*claims], "sources": sources}, separators=(",", ":"))


def read_summary(text: str) -> Summary:
    """Read what `summary_text` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is something else.

    """
    values = json.loads(text)
    claims, facets = values.pop("claim_list"), values["facets"]
    sources = tuple(
        SourceUse(
            key=intern(key),
            text=intern(words),
            language=intern(language),
            link=intern(link),
            claims=tuple(_claim_of(claims[at], standing) for at, standing in resting),
            uses=tuple(uses),
        )
        for key, words, language, link, resting, uses in values["sources"]
    )
    return Summary(
        **{
            **values,
            "facets": {name: tuple(map(intern, found)) for name, found in facets.items()},
            "authors": tuple(map(intern, values["authors"])),
            "sources": sources,
        }
    )


def _claim_of(words: Sequence[str], standing: Iterable[str]) -> ClaimUse:
    anchor, label, text, verdict = words
    return ClaimUse(anchor, label, text, verdict, tuple(map(intern, standing)))


_OF_REPORT = tuple(each.name for each in fields(Summary) if each.name != "sources")
_OF_SOURCE = tuple(each.name for each in fields(SourceUse) if each.name not in ("claims", "uses"))
