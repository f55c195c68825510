"""Where a report comes from: its files, its archive, its claims and the list of its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from reportgen.exports.contracts.common import (
    FROM_RECORD,
    artifacts_of,
    claim_counts,
    doi_address,
    doi_of,
    header_of,
    in_english,
    limitations_of,
    named,
)
from reportgen.exports.contracts.contract import Contract
from reportgen.exports.contracts.parts import (
    ArtifactFile,
    ClaimCounts,
    Count,
    GeneratedFrom,
    Header,
    Inferred,
    InferredPart,
    Interpretation,
    Limitations,
    NamedSource,
    Ours,
    OwnPart,
    Url,
)
from reportgen.exports.contracts.verification_levels import UNSPECIFIED

if TYPE_CHECKING:
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.sources import Reference

NAME = "source-provenance"
LABELS: Final = {3: "Claim aggregate record", 4: "External archival record"}
"""The published labels of the levels that are known."""
ArchiveState = Literal["REGISTERED", "RESERVED", "NOT_REGISTERED"]


class ProvenanceLevel(InferredPart):
    """Where a copy of the report is kept, as a level."""

    level: int = Field(ge=3, le=4, description="The level: 4 with an external record, else 3.")
    key: str = Field(description="Its name for programs.")
    label: str = Field(description="Its published name.")


class ArchiveRecord(InferredPart):
    """The record of the report in an outside archive."""

    state: ArchiveState = Field(
        description="Whether there is one. A DOI that is only reserved does not resolve until its deposit is published."
    )
    doi: str | None = Field(description="Its DOI; null where there is none or it is not given.")
    url: Url | None = Field(None, description="The address of the DOI.")


class ClaimLineage(InferredPart):
    """What the claims come from."""

    claims: Ours[ClaimCounts] = Field(description="The counts of claims.")
    claim_record_source: str = Field(description="What they were read from.")


class ListedSource(NamedSource):
    """A source of the report."""

    authors: tuple[str, ...] = Field(description="Who wrote it; empty where that is not known.")
    year: str | None = Field(None, description="When it appeared.")
    cited: bool = Field(description="Whether anything in the report rests on it; else it is only listed.")
    claims: tuple[str, ...] = Field(description="The ids of the claims that rest on it.")
    retraction_notice: str | None = Field(None, description="The DOI of the notice that retracts it.")


class SourceList(InferredPart):
    """What is known of the literature behind the report."""

    retrieved: Count | None = Field(description="How many papers the search found; null where not stated.")
    included: Count | None = Field(description="How many of them were included; null where not stated.")
    listed: Count = Field(description="How many works the record lists as sources.")
    not_named: Count | None = Field(
        description="How many papers were included, or found where that is all that is known, and are not named."
    )
    sources: Ours[tuple[ListedSource, ...]] = Field(
        description="All references, by their numbers; what is only mentioned in a text is among them."
    )


class MachineUse(OwnPart):
    """The machine that wrote the report."""

    name: str = Field(description="Its name.")
    version: str | None = Field(None, description="Its version.")
    statement: str | None = Field(None, description="What it did, in the words of the record.")


class SourceProvenance(Header):
    """Where the report comes from, and what of that can be inspected."""

    provenance_level: Inferred[ProvenanceLevel | None] = Field(
        description="The level; null where the policy of the house has none."
    )
    artifact_set: Inferred[tuple[ArtifactFile, ...]] = Field(description="The public files of the report.")
    external_record: Inferred[ArchiveRecord] = Field(description="Its record in an outside archive.")
    claim_lineage: Inferred[ClaimLineage] = Field(description="What its claims come from.")
    source_list: Inferred[SourceList] = Field(description="What is known of its sources.")
    machine_made: Ours[bool] = Field(description="Whether a machine is said to have made the report.")
    generator: Ours[MachineUse | None] = Field(None, description="That machine, where it is named.")
    generated_from: Inferred[GeneratedFrom]
    interpretation: Interpretation
    limitations: Limitations


def compose(publication: Publication) -> SourceProvenance:
    """Say where the report is kept, what its claims come from, and which sources it names."""
    inputs = in_english(publication)
    machine = inputs.record.generator
    return SourceProvenance(
        **header_of(publication, NAME),
        provenance_level=level_of(publication),
        artifact_set=artifacts_of(publication),
        external_record=archive_of(inputs),
        claim_lineage=ClaimLineage(
            claims=claim_counts(inputs.derived),
            claim_record_source=inputs.record.claim_record_source or UNSPECIFIED,
        ),
        source_list=_sources(inputs),
        machine_made=inputs.derived.machine_made,
        generator=MachineUse(name=machine.name, version=machine.version, statement=machine.statement)
        if machine
        else None,
        generated_from=FROM_RECORD,
        interpretation="An external record keeps the report where others can find it. It does not make its results "
        "reproducible.",
        limitations=limitations_of(inputs),
    )


def level_of(publication: Publication) -> ProvenanceLevel | None:
    """Return the level of provenance; None where the policy has none."""
    if not publication.settings.policy.ladder:
        return None
    found = publication.inputs.derived.provenance
    return ProvenanceLevel(level=found.level, key=found.key, label=LABELS[found.level])


def archive_of(inputs: Inputs) -> ArchiveRecord:
    """Say whether the report has a record in an outside archive; a DOI is reserved until the record itself names it."""
    doi = doi_of(inputs)
    state: ArchiveState = "NOT_REGISTERED"
    if doi and inputs.record.doi is None:
        state = "RESERVED"
    elif inputs.derived.provenance.externally_archived:
        state = "REGISTERED"
    return ArchiveRecord(state=state, doi=doi, url=doi_address(doi) if doi else None)


def _sources(inputs: Inputs) -> SourceList:
    found = inputs.derived.sources
    return SourceList(
        retrieved=found.retrieved,
        included=found.included,
        listed=found.listed,
        not_named=found.unlisted,
        sources=tuple(_source(inputs, each) for each in inputs.bibliography.references),
    )


def _source(inputs: Inputs, reference: Reference) -> ListedSource:
    entry = reference.entry
    return ListedSource(
        **named(reference).model_dump(),
        authors=tuple(map(str, entry.creators[1])) if entry else (),
        year=(entry.year or None) if entry else None,
        cited=reference.cited,
        claims=tuple(inputs.record.claims[index].id for index in reference.cited_by),
        retraction_notice=(entry.retraction or None) if entry else None,
    )


SOURCE_PROVENANCE = Contract(
    name=NAME, title="The provenance of a report and its sources", model=SourceProvenance, compose=compose
)
