"""Sentences made from the derived values; no number in them is typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.claims import confidence_text
from reportgen.text.mathematics import keep_apart

if TYPE_CHECKING:
    from reportgen.analysis.derive import BenchmarkEvidence, Derived
    from reportgen.record.model import Record
    from reportgen.sources import Bibliography
    from reportgen.text.wording import Wording


def abstract(record: Record, derived: Derived, wording: Wording) -> str:
    """Sum the report up: what was retrieved, extracted and verified, the review, the gate, who wrote it."""
    sentences = [
        _papers(record, wording),
        *_claims(derived, wording),
        *_confidence(record, derived, wording),
        _review(derived, wording),
        _kind(record, derived, wording),
        _machine(record, derived, wording),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _machine(record: Record, derived: Derived, wording: Wording) -> str:
    if not derived.machine_made:
        return ""
    return str(wording.t.abstract.machine_math if record.math else wording.t.abstract.machine)


def _papers(record: Record, wording: Wording) -> str:
    if record.search is None or not record.search.papers_retrieved:
        return ""
    return wording.say("abstract.papers", record.search.papers_retrieved)


def _claims(derived: Derived, wording: Wording) -> list[str]:
    n = derived.claims.extracted
    if n == 0:
        return [wording.say("abstract.no_claims")]
    sentences = [wording.say("abstract.counted" if derived.claims.from_aggregates else "abstract.claims", n)]
    # Counts without claims show no source, so the sentence says only what is counted.
    how = "counted_grounded" if derived.claims.from_aggregates else "grounded"
    grounded = _share(how, derived.claims.grounded, n, wording)
    if derived.claims.verified is None:
        sentences += [
            wording.say("abstract.single", first=_capital(grounded)),
            wording.say("abstract.verified_unknown"),
        ]
    else:
        verified = _share("verified", derived.claims.verified, n, wording)
        sentences.append(wording.say("abstract.joined", first=_capital(grounded), second=verified))
    if derived.claims.from_aggregates:
        sentences.append(wording.say("abstract.aggregates"))
    return sentences


def _share(what: str, count: int, n: int, wording: Wording) -> str:
    if count == n:
        return wording.say(f"abstract.{what}_all", n)
    if count == 0:
        return wording.say(f"abstract.{what}_none", n)
    if what == "verified" and count == 1:
        return wording.say("abstract.verified_one", n)
    return wording.say(f"abstract.{what}", n, **{what.removeprefix("counted_"): count})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _confidence(record: Record, derived: Derived, wording: Wording) -> list[str]:
    stats = derived.confidence
    if stats is None:
        return []
    values = {
        "lowest": confidence_text(stats.minimum, record, wording),
        "highest": confidence_text(stats.maximum, record, wording),
        "median": confidence_text(stats.median, record, wording),
    }
    if stats.count == 1:
        sentences = [wording.say("abstract.confidence_single", **values)]
    elif stats.minimum == stats.maximum:
        sentences = [wording.say("abstract.confidence_same", **values)]
    else:
        sentences = [wording.say("abstract.confidence", **values)]
    if missing := derived.claims.extracted - stats.count:
        sentences.append(wording.say("abstract.confidence_missing", missing))
    return sentences


def _review(derived: Derived, wording: Wording) -> str:
    if derived.score is None:
        return wording.say("abstract.no_review") if derived.tier else ""
    values = {"score": score_text(derived, wording)}
    if not (derived.tier and derived.tier.tier):
        return wording.say("abstract.review_score", **values)
    values["tier"] = wording.named("tier", derived.tier.tier)
    basis = wording.t.tier_basis.table.get(derived.tier.tier)
    return wording.say("abstract.review" if basis else "abstract.review_tier", basis=basis, **values)


def score_text(derived: Derived, wording: Wording) -> str:
    """Write the review score; '' without one."""
    if derived.score is None:
        return ""
    return numbers.score(derived.score, derived.score_edges, wording.t.format.decimal)


def _kind(record: Record, derived: Derived, wording: Wording) -> str:
    if record.math is not None:
        return wording.say("abstract.math", state=wording.t.math_state[record.math.state])
    evidence = derived.benchmark
    if record.benchmark is None or evidence is None:
        return ""
    values = benchmark_numbers(evidence, wording)
    path = "abstract.benchmark" if evidence.entries > 1 else "abstract.benchmark_single"
    return wording.say(
        path,
        evidence.entries,
        model=keep_apart(record.benchmark.model),
        benchmark=keep_apart(record.benchmark.benchmark),
        **values,
    )


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
    """List the standing limitations that apply to this record, then the record's own with their pointers."""
    t = wording.t.limitations
    items = [t.machine] if derived.machine_made else []
    if derived.claims.from_aggregates:
        items.append(t.aggregates)
    # Where the record itself says where these come from, the report does not say that they are the machine's.
    if derived.confidence is not None and not derived.confidence.is_calibrated:
        is_unexplained = derived.machine_made and derived.confidence.meanings == ((None, None),)
        items.append(t.confidence if is_unexplained else t.confidence_stated)
    if derived.claims.verified:
        items.append(
            t.verified if derived.machine_made and not derived.claims.verdicts else t.verified_stated
        )
    if unlisted := derived.sources.unlisted:
        key = "unlisted" if derived.sources.included is None else "unlisted_included"
        items.append(wording.say(f"limitations.{key}", unlisted))
    if unresolved := sum(reference.entry is None for reference in bibliography.references):
        items.append(wording.say("limitations.unresolved", unresolved))
    if cut:
        items.append(wording.say("limitations.cut", cut))
    if record.background is not None:
        items.append(t.background)
    if derived.provenance.externally_archived:
        items.append(t.archived)
    own = [(text, f"/limitations/{index}") for index, text in enumerate(record.limitations)]
    return [*((item, "") for item in items), *own]
