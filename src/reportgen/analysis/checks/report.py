"""Checks of what makes a record a whole report: authors, the search, outcomes, and what the gate is to run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.base.licences import LICENCE_HINT, licence_problem
from reportgen.record import path_inside, project_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reportgen.analysis.checks.subject import Finding, Subject
    from reportgen.record.model import Effect, GateCheck, PooledEffect, Search


@error(
    "guarantor",
    "one person answers for the content: leave `guarantor` to that author",
)
def guarantor(subject: Subject) -> Iterator[Finding]:
    """Find guarantors beside the first, and organisations among them."""
    named = [(index, author) for index, author in enumerate(subject.record.authors) if author.guarantor]
    for place, (index, author) in enumerate(named):
        if author.type == "organization":
            yield f"/authors/{index}/guarantor", f"{author.name} is an organisation"
        elif place:
            yield f"/authors/{index}/guarantor", f"{named[0][1].name} is the guarantor already"


@warning(
    "licence-unknown",
    LICENCE_HINT,
)
def licence_unknown(subject: Subject) -> Iterator[Finding]:
    """Find a licence that is no expression of SPDX."""
    licence = subject.record.license
    if licence is not None and (found := licence_problem(licence)):
        yield ("/license", *found)


@warning(
    "search-sums",
    "check the numbers, or leave out those that are not known; they are printed as they stand",
)
def search_sums(subject: Subject) -> Iterator[Finding]:
    """Do the sums of the flow of papers wherever all their numbers are given."""
    search = subject.record.search
    if search is None:
        return
    for name, is_right, sum_ in _sums(search):
        if not is_right:
            yield f"/search/{name}", sum_


def _sums(search: Search) -> Iterator[tuple[str, bool, str]]:
    """Yield each sum that can be done: the field it gives, whether it is right, and how it goes."""
    found = [each.found for each in search.databases]
    known = [each for each in found if each is not None]
    if found and len(known) == len(found) and search.papers_retrieved is not None:
        total = sum(known)
        parts = " + ".join(map(str, known))
        sum_ = f"{parts} found are {total}, and {search.papers_retrieved} were retrieved"
        yield "papers_retrieved", total == search.papers_retrieved, sum_
    if None not in (search.papers_retrieved, search.duplicates_removed, search.screened):
        left = (search.papers_retrieved or 0) - (search.duplicates_removed or 0)
        sum_ = (
            f"{search.papers_retrieved} retrieved without {search.duplicates_removed} duplicates are {left}, "
            f"and {search.screened} were screened"
        )
        yield "screened", left == search.screened, sum_
    if search.excluded and search.screened is not None and search.included is not None:
        excluded = [each.n for each in search.excluded]
        left = search.screened - sum(excluded)
        sum_ = (
            f"{search.screened} screened without {' + '.join(map(str, excluded))} excluded are {left}, "
            f"and {search.included} were included"
        )
        yield "included", left == search.included, sum_


@error(
    "outcome-unlisted",
    "name one of `outcomes`; each needs a name of its own",
)
def outcome_unlisted(subject: Subject) -> Iterator[Finding]:
    """Find outcomes that claims name and the record does not have, and names that two outcomes share."""
    record = subject.record
    names = [outcome.name for outcome in record.outcomes]
    for index, claim in enumerate(record.claims):
        if claim.outcome is not None and claim.outcome not in names:
            yield f"/claims/{index}/outcome", f"no outcome is called “{claim.outcome}”"
    for index in _repeated(names):
        yield f"/outcomes/{index}/name", f"an earlier outcome is called “{names[index]}”"


@warning(
    "outcome-interval",
    "check the three numbers; they are printed as they stand",
)
def outcome_interval(subject: Subject) -> Iterator[Finding]:
    """Find intervals that end before they begin, and effects outside them."""
    for index, outcome in enumerate(subject.record.outcomes):
        at = f"/outcomes/{index}"
        effects: list[tuple[str, Effect | PooledEffect]] = [
            (f"{at}/entries/{place}", entry) for place, entry in enumerate(outcome.entries)
        ]
        effects += [(f"{at}/pooled", outcome.pooled)] if outcome.pooled else []
        for pointer, effect in effects:
            ends = [end for end in (effect.lower, effect.value, effect.upper) if end is not None]
            if ends != sorted(ends):
                interval = f"{effect.lower} to {effect.upper}"
                yield pointer, f"the effect is {effect.value}, and its interval {interval}"


@error(
    "confidence-words",
    "give each word and each `from` once",
)
def confidence_words(subject: Subject) -> Iterator[Finding]:
    """Find bands of confidence that a reader could not tell apart."""
    words = subject.record.confidence_words
    for index in sorted(
        {*_repeated([each.word for each in words]), *_repeated([each.from_ for each in words])}
    ):
        yield (
            f"/confidence_words/{index}",
            f"“{words[index].word}” from {words[index].from_} is there already",
        )


@error(
    "gate-check",
    "name a claim of the record, files in its project, and a number where there is a tolerance",
)
def gate_check(subject: Subject) -> Iterator[Finding]:
    """Find checks with the name of another, of no claim, with files elsewhere, or a tolerance of no number."""
    gate = subject.record.gate
    checks = gate.checks if gate else ()
    claims = {claim.id for claim in subject.record.claims}
    for index in _repeated([each.id for each in checks]):
        yield f"/gate/checks/{index}/id", f"an earlier check is called `{checks[index].id}`"
    for index, each in enumerate(checks):
        at = f"/gate/checks/{index}"
        if each.claim is not None and each.claim not in claims:
            yield f"{at}/claim", f"no claim has the id `{each.claim}`"
        if each.tolerance is not None and (each.expected is None or isinstance(each.expected, str)):
            yield f"{at}/tolerance", "there is no number that the tolerance could be around"
        yield from _outside(each, at, subject.loaded.folder)


def _outside(check: GateCheck, at: str, folder: Path) -> Iterator[Finding]:
    project = project_of(folder) if check.files or check.data else folder
    for name in ("files", "data"):
        for place, path in enumerate(getattr(check, name)):
            try:
                path_inside(folder, path, project)
            except ValueError as refused:
                yield f"{at}/{name}/{place}", str(refused)


def _repeated(names: Iterable[object]) -> list[int]:
    """List the places of what stood before."""
    seen: Counter[object] = Counter()
    places = []
    for index, name in enumerate(names):
        if seen[name]:
            places.append(index)
        seen[name] += 1
    return places


CHECKS = (
    guarantor,
    licence_unknown,
    search_sums,
    outcome_unlisted,
    outcome_interval,
    confidence_words,
    gate_check,
)
