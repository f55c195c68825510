"""Checks of the claims and of what is counted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.analysis.checks.subject import error, warning
from reportgen.record.model import Stance, Verdict, claim_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reportgen.analysis.checks.subject import Finding, Subject
    from reportgen.record.model import Evidence


@warning(
    "verified-against-threshold",
    "correct the mark, the confidence or the threshold",
)
def verified_against_threshold(subject: Subject) -> Iterator[Finding]:
    """Find marks on the wrong side of the threshold; a confidence equal to it fits both."""
    threshold = subject.record.confidence_threshold
    if threshold is None:
        return
    for index, claim in enumerate(subject.record.claims):
        if claim.confidence is None or claim.confidence == threshold:
            continue
        if claim.verdict not in {None, Verdict.SUPPORTED}:
            continue  # a high confidence may be one in the refutation
        if claim.verified != (claim.confidence > threshold):
            mark = "verified" if claim.verified else "not verified"
            side = "below" if claim.verified else "above"
            yield (
                f"/claims/{index}/verified",
                f"marked {mark} with a confidence of {claim.confidence}, {side} the threshold of {threshold}",
            )


@warning(
    "claim-without-source",
    "give the claim its `sources`, or the record a `lead_source`",
)
def claim_without_source(subject: Subject) -> Iterator[Finding]:
    """Find claims that have neither sources of their own nor a lead source to stand in for them.

    A claim that nobody has checked needs none: what it named would count as its support.
    """
    for index, claim in enumerate(subject.record.claims):
        if claim.verdict is not Verdict.NOT_CHECKED and not subject.record.sources_of(claim):
            yield f"/claims/{index}", "the claim names no source, and the record has no lead source"


@warning(
    "verdict-against-evidence",
    "correct the verdict or the `stance` of the evidence; or name the evidence that the verdict rests on",
)
def verdict_against_evidence(subject: Subject) -> Iterator[Finding]:
    """Find claims whose evidence all speaks against the verdict; a passage that mentions takes no side."""
    for index, claim in enumerate(subject.record.claims):
        if claim.verified and _stances(claim.all_evidence) == {Stance.CONTRADICTS}:
            yield f"/claims/{index}", "the claim counts as supported, and all its evidence contradicts it"
        # A source in short, or a passage without a stance, may be that of the refutation.
        said = [each for each in claim.evidence if "stance" in each.model_fields_set]
        is_refuted = claim.verdict is Verdict.REFUTED and len(said) == len(claim.evidence)
        if is_refuted and _stances(said) == {Stance.SUPPORTS}:
            yield f"/claims/{index}", "the verdict is `refuted`, and all its evidence supports the claim"


def _stances(evidence: Iterable[Evidence]) -> set[Stance]:
    return {each.stance for each in evidence} - {Stance.MENTIONS}


@error(
    "counts-disagree",
    "correct the counts, or leave them out: they are counted from the claims",
)
def counts_disagree(subject: Subject) -> Iterator[Finding]:
    """Find given counts that are not the counted ones, and parts that are larger than the whole."""
    record = subject.record
    given = record.claim_counts
    if given is None:
        return
    if record.claims:
        counted = {
            "extracted": len(record.claims),
            "grounded": sum(bool(record.sources_of(claim)) for claim in record.claims),
            "verified": sum(claim.verified for claim in record.claims),
        }
        for name, count in counted.items():
            stated = getattr(given, name)
            if stated is not None and stated != count:
                yield f"/claim_counts/{name}", f"the record states {stated} {name}, its claims give {count}"
        return
    for name in ("grounded", "verified"):
        stated = getattr(given, name)
        if stated is not None and stated > given.extracted:
            yield f"/claim_counts/{name}", f"{stated} {name} is more than the {given.extracted} extracted"


@error(
    "evidence-above-claims",
    "an evidence counter counts claims: correct it or the claims",
)
def evidence_above_claims(subject: Subject) -> Iterator[Finding]:
    """Find counters behind the upper levels that exceed the number of claims."""
    record = subject.record
    for name in type(record.evidence_counts).model_fields:
        count = getattr(record.evidence_counts, name)
        if count > record.claim_total:
            yield f"/evidence_counts/{name}", f"{count} of {record.claim_total} claims"


@warning(
    "claim-repeated",
    "keep one of them; if their verdicts differ, find out which one holds",
)
def claim_repeated(subject: Subject) -> Iterator[Finding]:
    """Find claims whose texts are the same but for case and spaces."""
    seen: dict[str, int] = {}
    for index, claim in enumerate(subject.record.claims):
        first = seen.setdefault(claim_id(claim.text), index)
        if first != index:
            same = subject.record.claims[first].verified == claim.verified
            yield (
                f"/claims/{index}/text",
                f"the text is that of claim {first + 1}{'' if same else ', with the other verdict'}",
            )


CHECKS = (
    verified_against_threshold,
    claim_without_source,
    verdict_against_evidence,
    claim_repeated,
    counts_disagree,
    evidence_above_claims,
)
