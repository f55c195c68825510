"""Sentences made from the derived values; no number in them is typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.claim_sentences import extracted, found, verdicts
from reportgen.record.model import GateStatus, MathState
from reportgen.text.inline import inlines, joined
from reportgen.text.mathematics import keep_apart

if TYPE_CHECKING:
    from reportgen.analysis.derive import BenchmarkEvidence, Derived
    from reportgen.content.inputs import Inputs
    from reportgen.record.model import Record
    from reportgen.sources import Bibliography
    from reportgen.text.tree import Inlines
    from reportgen.text.wording import Wording

_REPRODUCED = 6
"""The level from which on something has been reproduced or proved."""


def brief_sentences(inputs: Inputs) -> tuple[Inlines, ...]:
    """Say in three to five items what stands behind the answer, each a sentence, or two that belong together.

    First the search and the claims, then the verdicts, then how far the verification went, then what was measured;
    a report without claims begins with what was measured.
    """
    first = joined(tuple(filter(None, (found(inputs), extracted(inputs)))), " ")
    judged: tuple[Inlines, ...] = (*verdicts(inputs), _verification(inputs))
    if inputs.derived.claims.from_aggregates:
        first, judged = joined(tuple(filter(None, (first, *judged[:-1]))), " "), judged[-1:]
    measured = (_scores(inputs), _statement(inputs))
    rest = (*judged, *measured) if inputs.derived.claims.extracted else (*measured, *judged)
    return tuple(filter(None, (first, *rest)))


def no_answer(inputs: Inputs) -> Inlines:
    """Say that nothing in the record answers its question, and what it holds instead; () where something does."""
    record, wording = inputs.record, inputs.wording
    if record.has_text:
        return ()
    t = wording.t.brief
    held = (
        (record.claims, t.item_claims),
        (record.benchmark, t.item_scores),
        (record.outcomes, t.item_effects),
    )
    said = [t.no_answer]
    if listed := [name for holds, name in held if holds]:
        said.append(wording.say("brief.only_lists", listed=wording.listing(listed)))
    return (" ".join(said),)


def limits(inputs: Inputs) -> tuple[tuple[str, str], ...]:
    """List what limits the report, each with a pointer or '': what follows from the record, then what it states."""
    return tuple(
        limitations(inputs.record, inputs.derived, inputs.bibliography, len(inputs.cut), inputs.wording)
    )


def _verification(inputs: Inputs) -> Inlines:
    """Say which level the verification reached and on what ground, and what the gate found."""
    gate = inputs.wording.t.brief[_gate(inputs)] if inputs.derived.gate else ""
    said = " ".join(filter(None, (level_sentence(inputs), gate)))
    return (said,) if said else ()


def level_sentence(inputs: Inputs) -> str:
    """Say which level the verification reached and on what ground; '' where the policy has no levels."""
    level, wording = inputs.derived.level, inputs.wording
    if level is None:
        return ""
    path = "brief.level_last" if level.number == len(level.ladder) - 1 else "brief.level"
    basis = wording.after_colon(_basis(inputs, level.number))
    return wording.say(path, level=level.number, basis=basis)


def _gate(inputs: Inputs) -> str:
    gate, level, math = inputs.derived.gate, inputs.derived.level, inputs.record.math
    if gate and gate.status is not GateStatus.UNVERIFIED:
        return "gate_passed" if gate.status is GateStatus.VERIFIED else "gate_falsified"
    is_more = level is not None and level.number >= _REPRODUCED
    is_proved = math is not None and math.state in {MathState.FORMAL_PROOF_VERIFIED, MathState.FALSIFIED}
    return "gate_not_passed" if is_more or is_proved else "nothing"


def _basis(inputs: Inputs, level: int) -> str:
    """Name the ground of a level: the claims that stand on it, or that none does."""
    claims, wording = inputs.derived.claims, inputs.wording
    number, grounded = claims.extracted, claims.grounded
    if number == 0:
        return str(wording.t.brief.level_no_claims)
    if level < 2:
        return wording.say("brief.level_no_source", number)
    if level > 2 and inputs.derived.level is not None:
        return wording.say(f"brief.level_{level}", inputs.derived.level.ladder[level].count)
    if grounded < number:
        pair = {"count": wording.in_words(grounded, number), "total": wording.in_words(number, grounded)}
        return wording.say("brief.level_some", grounded, **pair)
    if claims.from_aggregates:
        return wording.say("brief.level_counted", number)
    own = sum(bool(claim.own_sources) for claim in inputs.record.claims)
    how = "own" if own == number else "assigned" if own else "assigned_all"
    return wording.say(f"brief.level_{how}", number)


def _scores(inputs: Inputs) -> Inlines:
    benchmark, evidence, wording = inputs.record.benchmark, inputs.derived.benchmark, inputs.wording
    if benchmark is None or evidence is None:
        return ()
    sources, entries = evidence.distinct_sources, evidence.entries
    key = "scores_single" if entries == 1 else "scores" if entries == sources else "scores_several"
    values = {
        "model": keep_apart(benchmark.model),
        "benchmark": keep_apart(benchmark.benchmark),
        "entries": wording.in_words(entries, sources),
        "count": wording.in_words(sources, entries),
        **score_range(evidence, wording),
    }
    return inlines(wording.sentence(f"brief.{key}", sources, **values))


def score_range(evidence: BenchmarkEvidence, wording: Wording) -> dict[str, str]:
    """Write the lowest and the highest score as a sentence does: with one decimal, unless that makes them the same."""
    ends = {"lowest": evidence.minimum, "highest": evidence.maximum}
    short = {
        name: numbers.percentage(value, wording.t.format.decimal, most=1) for name, value in ends.items()
    }
    if short["lowest"] == short["highest"]:
        return {name: percent_text(value, wording) for name, value in ends.items()}
    return short


def _statement(inputs: Inputs) -> Inlines:
    math = inputs.record.math
    return inlines(inputs.wording.t.math_meaning[math.state]) if math else ()


def score_text(derived: Derived, wording: Wording) -> str:
    """Write the review score; '' without one."""
    if derived.score is None:
        return ""
    return numbers.short_score(derived.score, derived.score_edges, wording.t.format.decimal)


def benchmark_numbers(evidence: BenchmarkEvidence, wording: Wording) -> dict[str, str]:
    """Write the range and the spread of reported scores, two decimals at most."""
    values = {"lowest": evidence.minimum, "highest": evidence.maximum, "spread": evidence.spread}
    return {name: percent_text(value, wording) for name, value in values.items()}


def percent_text(value: float, wording: Wording) -> str:
    """Write a percentage."""
    return numbers.percentage(value, wording.t.format.decimal)


def limitations(
    record: Record, derived: Derived, bibliography: Bibliography, cut: int, wording: Wording
) -> list[tuple[str, str]]:
    """List the standing limitations that apply to this record, then the record's own with their pointers.

    What a confidence and a mark mean is said where they stand.
    """
    t = wording.t.limitations
    items = [t.machine] if derived.machine_made else []
    if derived.claims.from_aggregates:
        items.append(t.aggregates)
    if derived.confidence is not None and not derived.confidence.is_calibrated:
        items.append(t.confidence)
    if unlisted := derived.sources.unlisted:
        papers = derived.sources.retrieved if derived.sources.included is None else derived.sources.included
        items.append(_unlisted(unlisted, papers or unlisted, derived, wording))
    if unresolved := sum(reference.entry is None for reference in bibliography.references):
        items.append(wording.sentence("limitations.unresolved", unresolved))
    if cut:
        items.append(wording.sentence("limitations.cut", cut))
    if record.background is not None:
        items.append(t.background)
    if derived.provenance.externally_archived:
        items.append(t.archived)
    own = [(text, f"/limitations/{index}") for index, text in enumerate(record.limitations)]
    return [*((item, "") for item in items), *own]


def _unlisted(missing: int, papers: int, derived: Derived, wording: Wording) -> str:
    """Say how many of the papers are not named."""
    is_found = derived.sources.included is None
    if missing == papers:
        return wording.say(f"limitations.{'unlisted' if is_found else 'unlisted_included'}_all", papers)
    pair = {"count": wording.in_words(missing, papers), "papers": wording.in_words(papers, missing)}
    return wording.say(f"limitations.{'unlisted' if is_found else 'unlisted_included'}", missing, **pair)
