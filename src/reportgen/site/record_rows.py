"""The record of a report in rows: what the published pages say of it in fixed terms, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base import numbers
from reportgen.content.quality import tier_demands
from reportgen.content.sentences import score_text
from reportgen.record.model import QualityDimensions
from reportgen.site.words import site_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import PageContext


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A term and what the record says; ``href`` leads to more, ``moment`` is the date or time that is said."""

    term: str
    value: str
    href: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Rows under a heading, and what a reader must know of them."""

    name: str
    heading: str
    rows: tuple[RecordRow, ...]
    caption: str = ""


def record_parts(publication: Publication, context: PageContext) -> tuple[RecordPart, ...]:
    """Return all parts; what the house's policy leaves out is left out."""
    rows = _Rows(publication, context)
    found = {
        "report": rows.report(),
        "level": rows.level(),
        "gate": rows.gate(),
        "tier": rows.tier(),
        "dimensions": rows.dimensions(),
        "corrections": rows.corrections(),
        "provenance": rows.provenance(),
    }
    words, headings = rows.words.t, publication.inputs.wording.t.heading
    return tuple(
        RecordPart(name, headings.table.get(name, words.page.report), made, words.caption.table.get(name, ""))
        for name, made in ((name, tuple(each)) for name, each in found.items())
        if made
    )


class _Rows:
    """The rows of one report."""

    def __init__(self, publication: Publication, context: PageContext) -> None:
        self.inputs, self.context = publication.inputs, context
        self.words = site_words(publication.tree.language)
        self.has_pdf = publication.pdf is not None
        self.gate_of_house = publication.settings.policy.gate

    def report(self) -> Iterator[RecordRow]:
        """Name the report, its date, its score, its claims and its DOI."""
        inputs, words = self.inputs, self.words.t
        derived, wording = inputs.derived, inputs.wording
        date = inputs.record.date
        yield RecordRow(words.row.identifier, derived.display_id)
        yield RecordRow(words.row.submitted, wording.date(date), moment=date.isoformat())
        if derived.score is not None:
            score = self.words.say("value.score", score=score_text(derived, wording))
            yield RecordRow(words.row.review_score, score)
        verified = derived.claims.verified
        said = words.value.unstated if verified is None else numbers.whole(verified)
        yield RecordRow(words.row.verified_claims, said)
        registration = inputs.registration
        if registration and not registration.sandbox:
            yield RecordRow(words.row.doi, registration.doi, f"https://doi.org/{registration.doi}")

    def level(self) -> Iterator[RecordRow]:
        """Say how far the claims were verified, and what they were read from."""
        inputs, words = self.inputs, self.words.t
        if (level := inputs.derived.level) is None:
            return
        name = inputs.wording.t.level[str(level.number)]
        said = self.words.say("value.level", number=level.number, name=name)
        yield RecordRow(words.row.paper_level, said)
        yield RecordRow(words.row.grounded, numbers.whole(inputs.derived.claims.grounded))
        yield RecordRow(words.row.claim_source, inputs.record.claim_record_source or words.value.unstated)

    def gate(self) -> Iterator[RecordRow]:
        """Say what the verification gate found, why, and when."""
        words, wording = self.words.t, self.inputs.wording
        if (gate := self.inputs.derived.gate) is None:
            return
        definition = wording.t.gate_definition[gate.status]
        yield RecordRow(words.row.status, f"{words.gate_status[gate.status]}. {definition}")
        if self.gate_of_house:
            yield RecordRow(words.row.gate, words.value.gate)
        default = wording.t.gate_reason[gate.default_reason] if gate.default_reason else ""
        yield RecordRow(words.row.reason, gate.reason or default or words.value.unstated)
        if gate.evaluated_at is None:
            yield RecordRow(words.row.evaluated, words.value.not_evaluated)
        else:
            date = wording.date(gate.evaluated_at.date())
            yield RecordRow(words.row.evaluated, date, moment=gate.evaluated_at.isoformat())

    def tier(self) -> Iterator[RecordRow]:
        """Name the tier, and what it asks for beside what the report has."""
        inputs, words = self.inputs, self.words.t
        derived, wording = inputs.derived, inputs.wording
        if (decision := derived.tier) is None:
            return
        if decision.tier is None:
            yield RecordRow(words.row.tier, words.value.no_tier)
            return
        name = wording.named("tier", decision.tier)
        rule = next(each for each in decision.thresholds if each.name == decision.tier)
        counted = derived.claims.verified if inputs.tier_claims == "verified" else derived.claims.extracted
        archived = derived.provenance.externally_archived
        basis = self.words.say(
            "value.basis",
            name=name,
            asked=tier_demands(rule, wording),
            score=score_text(derived, wording),
            claims=self.words.say("value.claims", counted or 0),
            archive=words.value.archived if archived else words.value.not_archived,
        )
        yield RecordRow(words.row.tier, name)
        yield RecordRow(words.row.basis, basis)

    def dimensions(self) -> Iterator[RecordRow]:
        """Say of each dimension how it was assessed, also where it was not."""
        t = self.inputs.wording.t
        if (dimensions := self.inputs.derived.dimensions) is None:
            return
        for name in QualityDimensions.model_fields:
            level = str(t.dimension_level[getattr(dimensions, name).level])
            yield RecordRow(t.dimension[name], level)

    def corrections(self) -> Iterator[RecordRow]:
        """Say how the version stands, and how many corrections there are."""
        words, correction = self.words.t, self.inputs.derived.correction
        yield RecordRow(words.row.status, correction.state)
        yield RecordRow(words.row.count, numbers.whole(correction.count))
        if correction.last:
            date = self.inputs.wording.date(correction.last.date())
            yield RecordRow(words.row.last, date, moment=correction.last.isoformat())
        yield self._contract(words.row.manifest_contract, "paper-manifest", "paper-manifest-v1.1")
        yield self._contract(words.row.correction_contract, "correction-record", "correction-record-v1")

    def provenance(self) -> Iterator[RecordRow]:
        """Say who publishes the report, where it is kept, and what its claims rest on."""
        inputs, words = self.inputs, self.words.t
        derived = inputs.derived
        kept = derived.provenance
        level = self.words.say("value.level", number=kept.level, name=words.provenance[kept.key])
        yield RecordRow(words.row.publisher, inputs.publisher.name, str(inputs.publisher.url or ""))
        yield RecordRow(words.row.public_provenance, level)
        artifact = words.value.available if self.has_pdf else words.value.not_built
        yield RecordRow(words.row.report_artifact, artifact)
        external = words.value.registered if kept.externally_archived else words.value.not_registered
        yield RecordRow(words.row.external_record, external)
        yield RecordRow(words.row.lineage, self.words.say("value.lineage", derived.claims.grounded))
        review = inputs.record.review
        yield RecordRow(words.row.review_method, (review and review.method) or words.value.unstated)
        yield RecordRow(words.row.quality_guide, words.value.guide, f"{self.context.up}about/index.html")
        yield self._contract(words.row.provenance_contract, "source-provenance", "source-provenance-v1")
        yield RecordRow(words.row.note, words.value.machine if derived.machine_made else words.value.people)

    def _contract(self, term: str, name: str, label: str) -> RecordRow:
        """Name a contract, and lead to the file that follows it where there is one."""
        found = (file.href for file in self.context.downloads if file.name.endswith(f".{name}.json"))
        return RecordRow(term, label, next(found, ""))
