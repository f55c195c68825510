"""Sentences made from the derived values; no number in them is typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.view.claims import confidence_text
from reportgen.wording import Wording

if TYPE_CHECKING:
    from reportgen.bibliography import Bibliography
    from reportgen.derive import Derived
    from reportgen.model import Record


def abstract(record: Record, derived: Derived, wording: Wording) -> str:
    """Sum the report up: what was retrieved, extracted and verified, the review, the gate, who wrote it."""
    sentences = [
        _papers(record, wording),
        *_claims(derived, wording),
        *_confidence(derived, wording),
        _review(derived, wording),
        _kind(record, derived, wording),
        wording.t.abstract.machine,
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _papers(record: Record, wording: Wording) -> str:
    if record.search is None or not record.search.papers_retrieved:
        return ""
    return wording.say("abstract.papers", record.search.papers_retrieved)


def _claims(derived: Derived, wording: Wording) -> list[str]:
    n = derived.extracted
    if n == 0:
        return [wording.say("abstract.no_claims")]
    sentences = [wording.say("abstract.claims", n)]
    grounded = _share("grounded", derived.grounded, n, wording)
    if derived.verified is None:
        sentences += [wording.say("abstract.single", first=_capital(grounded)), wording.say("abstract.verified_unknown")]
    else:
        verified = _share("verified", derived.verified, n, wording)
        sentences.append(wording.say("abstract.joined", first=_capital(grounded), second=verified))
    if derived.aggregates_only:
        sentences.append(wording.say("abstract.aggregates"))
    return sentences


def _share(what: str, count: int, n: int, wording: Wording) -> str:
    if count == n:
        return wording.say(f"abstract.{what}_all", n)
    if count == 0:
        return wording.say(f"abstract.{what}_none", n)
    if what == "verified" and count == 1:
        return wording.say("abstract.verified_one", n)
    return wording.say(f"abstract.{what}", n, **{what: count})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _confidence(derived: Derived, wording: Wording) -> list[str]:
    stats = derived.confidence
    if stats is None:
        return []
    values = {
        "lowest": confidence_text(stats.lowest, wording),
        "highest": confidence_text(stats.highest, wording),
        "median": confidence_text(round(stats.median, 4), wording),
    }
    if stats.count == 1:
        sentences = [wording.say("abstract.confidence_single", **values)]
    elif stats.lowest == stats.highest:
        sentences = [wording.say("abstract.confidence_same", **values)]
    else:
        sentences = [wording.say("abstract.confidence", **values)]
    if missing := derived.extracted - stats.count:
        sentences.append(wording.say("abstract.confidence_missing", missing))
    return sentences


def _review(derived: Derived, wording: Wording) -> str:
    if derived.tier is None or derived.score is None:
        return wording.say("abstract.no_review")
    return wording.say(
        "abstract.review",
        score=score_text(derived, wording),
        tier=wording.t.tier[derived.tier],
        basis=wording.t.tier_basis[derived.tier],
    )


def score_text(derived: Derived, wording: Wording) -> str:
    """Write the review score as the one formatter does, with the language's decimal sign."""
    return wording.localise(derived.score_text)


def _kind(record: Record, derived: Derived, wording: Wording) -> str:
    if record.math is not None:
        return wording.say("abstract.math", state=wording.t.math_state[record.math.state])
    evidence = derived.benchmark
    if record.benchmark is None or evidence is None:
        return ""
    values = benchmark_numbers(evidence, wording)
    path = "abstract.benchmark" if evidence.count > 1 else "abstract.benchmark_single"
    return wording.say(path, evidence.count, model=record.benchmark.model, benchmark=record.benchmark.benchmark, **values)


def benchmark_numbers(evidence: object, wording: Wording) -> dict[str, str]:
    """Write the range and the spread of reported scores, two decimals at most."""
    return {
        name: percent_text(getattr(evidence, attribute), wording)
        for name, attribute in (("lowest", "lowest"), ("highest", "highest"), ("spread", "spread_pp"))
    }


def percent_text(value: float, wording: Wording) -> str:
    """Write a percentage with one decimal, or two where it has two."""
    rounded = round(value, 2)
    return wording.decimal(rounded, 1 if rounded == round(rounded, 1) else 2)


def limitations(record: Record, derived: Derived, bibliography: Bibliography, cut: int, wording: Wording) -> tuple[str, ...]:
    """List the standing limitations that apply to this record, then the record's own."""
    t = wording.t.limitations
    items = [t.machine]
    if derived.aggregates_only:
        items.append(t.aggregates)
    if derived.confidence is not None:
        items.append(t.confidence)
    if derived.verified:
        items.append(t.verified)
    if unlisted := derived.unlisted_papers:
        items.append(wording.say("limitations.unlisted", unlisted))
    if unresolved := sum(reference.entry is None for reference in bibliography.references):
        items.append(wording.say("limitations.unresolved", unresolved))
    if cut:
        items.append(wording.say("limitations.cut", cut))
    if record.background is not None:
        items.append(t.background)
    if derived.externally_archived:
        items.append(t.archived)
    return (*items, *record.limitations)
