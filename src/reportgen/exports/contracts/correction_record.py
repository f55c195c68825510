"""The corrections of a report, and whether it was replaced or retracted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from reportgen.analysis.derive import CorrectionState  # noqa: TC001  # pydantic reads it at run time
from reportgen.exports.contracts.common import (
    FROM_RECORD,
    MANIFEST,
    address_of,
    header_of,
    in_english,
    limitations_of,
)
from reportgen.exports.contracts.contract import UPDATED, Contract, contract_version, schema_address
from reportgen.exports.contracts.parts import (
    Count,
    Day,
    GeneratedFrom,
    Header,
    Interpretation,
    Limitations,
    Moment,
    Ours,
    Part,
    Url,
    Work,
)
from reportgen.record.model import CorrectionKind, CorrectionType  # noqa: TC001  # pydantic reads it at run time

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.record.model import Correction

NAME = "correction-record"


class ManifestReference(Part):
    """The manifest that the record of corrections belongs to."""

    schema_: Url = Field(alias="schema", description="The contract of the manifest.")
    contract_version: str = Field(description="That contract and its version.")
    contract_updated: Day | None = Field(description="The date of that version; null: it is not known.")
    current_manifest_url: Url | None = Field(
        description="Where the manifest is; null where that is not known."
    )
    correction_record_url: Url | None = Field(
        description="Where the record of corrections is; null where that is not known."
    )


class CorrectionEvent(Part):
    """One correction."""

    event_id: str = Field(description="The name of the event.")
    corrected_at: Moment = Field(description="When it was corrected.")
    correction_type: CorrectionType = Field(description="What part of the report was corrected.")
    public_note: str = Field(description="What was changed and why, unchanged.")
    affected_fields: tuple[str, ...] = Field(description="The fields that were changed.")
    kind: Ours[CorrectionKind | None] = Field(
        None, description="What the event is, in the words of Crossref."
    )


class CorrectionPolicy(Part):
    """How corrections are made."""

    corrections_are_additive: bool = Field(description="Whether a correction is added to what stood there.")
    no_silent_public_rewrites: bool = Field(description="Whether nothing is rewritten without an event.")
    private_operational_logs_public: bool = Field(description="Whether logs of the publisher are public.")
    basis: str = Field(description="What the policy rests on.")


class CorrectionRecord(Header):
    """What was corrected in the report, and whether it still stands."""

    contract_updated: Day | None = Field(description="The date of that version; null: it is not known.")
    generated_from: GeneratedFrom
    work: Work = Field(description="The report that the file is about.")
    manifest: ManifestReference = Field(description="The manifest of the report.")
    correction_state: CorrectionState = Field(
        description="The state of this version. ``RETRACTED`` is no word of the publisher's, whose three states have "
        "no place for a report that was withdrawn."
    )
    correction_count: Count = Field(description="How many corrections there are.")
    last_corrected_at: Moment | None = Field(description="When the last was made; null without any.")
    correction_events: tuple[CorrectionEvent, ...] = Field(description="The corrections, the oldest first.")
    known_superseded_manifest_urls: tuple[Url, ...] = Field(
        description="Where manifests of replaced versions are, as far as that is known."
    )
    retracted_at: Ours[Moment | None] = Field(description="When it was retracted; null where it was not.")
    supersedes: Ours[str | None] = Field(None, description="The UUID or DOI of the report that it replaces.")
    superseded_by: Ours[str | None] = Field(
        None, description="The UUID or DOI of the report that replaces it."
    )
    policy: CorrectionPolicy = Field(description="How corrections are made.")
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> CorrectionRecord:
    """List the corrections, and say in what state they leave the report."""
    inputs = in_english(publication)
    summary, record = inputs.derived.correction, inputs.record
    return CorrectionRecord(
        **header_of(publication, NAME),
        generated_from=FROM_RECORD,
        manifest=_manifest(publication),
        correction_state=summary.state,
        correction_count=summary.count,
        last_corrected_at=summary.last.isoformat() if summary.last else None,
        correction_events=tuple(map(_event, record.corrections)),
        known_superseded_manifest_urls=(),
        retracted_at=summary.retracted.isoformat() if summary.retracted else None,
        supersedes=str(record.supersedes) if record.supersedes else None,
        superseded_by=str(record.superseded_by) if record.superseded_by else None,
        policy=_policy(inputs),
        interpretation="The state is that of this version alone. CURRENT means that the record names no correction, "
        "not that there is nothing to correct.",
        limitations=limitations_of(inputs),
    )


def _manifest(publication: Publication) -> ManifestReference:
    return ManifestReference(
        schema=schema_address(MANIFEST),
        contract_version=contract_version(MANIFEST),
        contract_updated=UPDATED.get(MANIFEST),
        current_manifest_url=address_of(publication, f".{MANIFEST}.json"),
        correction_record_url=address_of(publication, f".{NAME}.json"),
    )


def _event(event: Correction) -> CorrectionEvent:
    return CorrectionEvent(
        event_id=event.event_id,
        corrected_at=event.corrected_at.isoformat(),
        correction_type=event.correction_type,
        public_note=event.public_note,
        affected_fields=event.affected_fields,
        kind=event.kind,
    )


def _policy(inputs: Inputs) -> CorrectionPolicy:
    return CorrectionPolicy(
        corrections_are_additive=True,
        no_silent_public_rewrites=True,
        private_operational_logs_public=False,
        basis=f"{inputs.wording.t.corrections.additive} Only what the record holds is made public.",
    )


CORRECTION_RECORD = Contract(
    name=NAME,
    title="The corrections of a report",
    model=CorrectionRecord,
    compose=compose,
    vocabulary={"x-published-states": ["CURRENT", "CORRECTED", "SUPERSEDED"]},
)
