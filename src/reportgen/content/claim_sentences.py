"""Sentences on the claims as a whole: how many there are, what their sources are, what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.references import cite
from reportgen.text.inline import inlines
from reportgen.text.wording import raised

if TYPE_CHECKING:
    from reportgen.analysis.derive import ConfidenceSummary
    from reportgen.content.inputs import Inputs
    from reportgen.text.tree import Inlines

_LEAD = "\0"
_LOW = 0.5
"""A median below it is called low where no threshold says what is."""


def found(inputs: Inputs) -> Inlines:
    """Say what the search found, and how much of it was included; () where nothing is known."""
    search, wording = inputs.record.search, inputs.wording
    if search is None or search.papers_retrieved is None:
        return ()
    papers, included = search.papers_retrieved, search.included
    if papers == 0:
        text = wording.say("brief.found_none")
    elif included is None:
        text = wording.say("brief.found", papers)
    elif included == papers:
        text = wording.say("brief.found_all", papers)
    elif included == 0:
        text = wording.say("brief.found_none_included", papers)
    else:
        pair = {"found": wording.in_words(papers, included), "count": wording.in_words(included, papers)}
        text = wording.say("brief.found_included", included, **pair)
    return (raised(text),)


def extracted(inputs: Inputs) -> Inlines:
    """Say how many claims there are, and whether they name their sources."""
    record, wording = inputs.record, inputs.wording
    # Where nothing says that anybody searched or that a machine read, the claims are the authors' own.
    own = record.search is None and not inputs.derived.machine_made
    number = inputs.derived.claims.extracted
    if number == 0:
        # Where there is a ladder, its level says that nothing was there to verify.
        is_said = record.benchmark or record.math or record.outcomes or inputs.derived.level
        return () if is_said else (wording.t.brief.no_claims_listed if own else wording.t.brief.no_claims,)
    claims = wording.sentence("brief.claims_listed" if own else "brief.claims", number)
    if inputs.derived.claims.from_aggregates:
        return (wording.say("brief.counted", number, claims=claims),)
    without = sum(not claim.own_sources for claim in record.claims)
    if not without:
        return (wording.say("brief.own_all", number, claims=claims),)
    how = "own" if record.lead_source is None else "lead"
    if without < number:
        key, counted = f"{how}_some", without
    else:
        key, counted = ("lead_all" if how == "lead" else "own_none"), number
    before, mark, after = wording.say(f"brief.{key}", counted, claims=claims, lead=_LEAD).partition(_LEAD)
    if record.lead_source is None or not mark:
        return (before,)
    return (before, cite([inputs.bibliography.lookup(record.lead_source)]), after)


def verdicts(inputs: Inputs) -> tuple[Inlines, ...]:
    """Say how many claims are marked verified or what their verdicts are, and what confidence is put in them."""
    counted, stats = inputs.derived.claims, inputs.derived.confidence
    if stats and len(stats.meanings) > 1:
        stats = None  # numbers of different kinds have no common range
    if counted.extracted == 0:
        return ()
    wording = inputs.wording
    if counted.verdicts:
        words = wording.t.verdict
        listed = [f"{words[verdict]} ({numbers.whole(count)})" for verdict, count in counted.verdicts]
        said = [wording.say("brief.verdicts", listed=", ".join(listed))]
        if stats:
            clause = _confidence(inputs, stats, is_low=False)
            said.append(wording.say("brief.confidence_only", confidence=raised(clause)))
    else:
        first = raised(_verified(inputs))
        if stats is None:
            said = [wording.say("brief.verdicts_only", verdicts=first)]
        else:
            is_low = _is_low(inputs, stats)
            clause = _confidence(inputs, stats, is_low=is_low)
            path = "brief.although" if is_low else "brief.and"
            said = [wording.say(path, verdicts=first, confidence=clause)]
    if stats and (missing := counted.extracted - stats.count):
        said.append(wording.sentence("brief.confidence_missing", missing))
    return (inlines(" ".join(said)),)


def _verified(inputs: Inputs) -> str:
    counted, wording = inputs.derived.claims, inputs.wording
    number, verified = counted.extracted, counted.verified
    if verified is None:
        return wording.say("brief.verified_unknown", number)
    if verified in (0, number):
        return wording.say(f"brief.verified_{'all' if verified else 'none'}", number)
    pair = {"count": wording.in_words(verified, number), "total": wording.in_words(number, verified)}
    return wording.say("brief.verified_some", verified, **pair)


def _is_low(inputs: Inputs, stats: ConfidenceSummary) -> bool:
    """Tell whether most claims are marked verified while most confidences in them are low."""
    verified = inputs.derived.claims.verified or 0
    threshold = inputs.record.confidence_threshold
    # A number whose meaning the record states may be low by nature, such as a measure of shared words.
    is_plain = stats.meanings == ((None, None),)
    bound = _LOW if threshold is None else threshold
    return 2 * verified > inputs.derived.claims.extracted and stats.median < bound and is_plain


def _confidence(inputs: Inputs, stats: ConfidenceSummary, *, is_low: bool) -> str:
    record, wording = inputs.record, inputs.wording
    of_system = inputs.derived.machine_made and stats.meanings == ((None, None),)
    # All claims are spoken of, though some may have none.
    number = inputs.derived.claims.extracted
    whose = wording.say("brief.of_system" if of_system else "brief.as_stated", number)
    lowest, median, highest = (
        numbers.confidence(value, wording.t.format.decimal, record.confidence_threshold)
        for value in (stats.minimum, stats.median, stats.maximum)
    )
    key = "confidence_same" if lowest == highest else "confidence"
    path = f"brief.{key}{'_low' if is_low else ''}"
    return wording.say(path, whose=whose, lowest=lowest, highest=highest, median=median)
