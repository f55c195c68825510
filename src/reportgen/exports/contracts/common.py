"""The values that several contracts say of a report, and the English that they are said in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reportgen import __version__
from reportgen.base.paths import packaged_folder
from reportgen.content.sentences import limits
from reportgen.exports.contracts.contract import (
    HOME,
    SCHEMA_VERSION,
    UPDATED,
    contract_version,
    schema_address,
)
from reportgen.exports.contracts.parts import (
    ArtifactFile,
    ClaimCounts,
    GeneratedBy,
    NamedSource,
    PublisherName,
    Work,
)
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from reportgen.analysis.derive import Derived
    from reportgen.content.inputs import Inputs
    from reportgen.exports.interface import Publication
    from reportgen.sources import Reference

MANIFEST = "paper-manifest"
FROM_RECORD = "the record of the report and what follows from it, by the functions that print the PDF"
NO_REVIEW = "The file is not a peer review, and does not say that a claim is true."


def header_of(publication: Publication, name: str) -> dict[str, Any]:
    """Return what a contract begins with; the publisher's own pages are named where its policy is followed."""
    is_published = publication.settings.policy.name == "assignee"
    publisher = publication.inputs.publisher
    return {
        "schema": schema_address(name),
        "schema_version": SCHEMA_VERSION,
        "contract_version": contract_version(name),
        "contract_updated": UPDATED.get(name),
        "schema_documentation": f"{HOME}/schemas" if is_published else None,
        "changelog_url": f"{HOME}/changelog" if is_published else None,
        "publisher": PublisherName(name=publisher.name, url=publisher.url),
        "generated_by": GeneratedBy(name="reportgen", version=__version__),
        "work": work_of(publication),
    }


def work_of(publication: Publication) -> Work:
    """Name the report."""
    record = publication.inputs.record
    return Work(
        id=str(record.id),
        display_id=publication.inputs.derived.display_id,
        title=record.title,
        version=record.version,
        submitted=record.date.isoformat(),
        doi=doi_of(publication.inputs),
        url=publication.url or None,
        record_sha256=publication.inputs.record_sha256,
    )


def doi_of(inputs: Inputs) -> str | None:
    """Return the DOI that the report can be cited by; one of a test system is none."""
    registration = inputs.registration
    return registration.doi if registration and not registration.sandbox else None


def doi_address(doi: str) -> str:
    """Return the address of a DOI."""
    return f"https://doi.org/{quote(doi, safe='/:;()!$&*+,=@~')}"


def address_of(publication: Publication, ending: str) -> str | None:
    """Return the address of one of the report's files, where it is known."""
    return f"{publication.url}{quote(publication.stem + ending)}" if publication.url else None


def artifacts_of(publication: Publication) -> tuple[ArtifactFile, ...]:
    """List the public files of the report: its manifest, and its PDF and outside record where it has them."""
    ending = f".{MANIFEST}.json"
    found = [
        ArtifactFile(
            type="manifest",
            label="Manifest",
            format="application/json",
            file=f"{publication.stem}{ending}",
            url=address_of(publication, ending),
        )
    ]
    if pdf := publication.pdf:
        found.append(
            ArtifactFile(
                type="report",
                label="Report",
                format="application/pdf",
                file=pdf.name,
                url=f"{publication.url}{quote(pdf.name)}" if publication.url else None,
                size=pdf.size,
                sha256=pdf.sha256,
            )
        )
    if publication.inputs.derived.provenance.externally_archived:
        doi = doi_of(publication.inputs)
        found.append(
            ArtifactFile(
                type="external_record",
                label="External record",
                format="text/html",
                url=doi_address(doi) if doi else None,
            )
        )
    return tuple(found)


def artifact_types(publication: Publication) -> tuple[str, ...]:
    """List the types of the report's public files."""
    return tuple(each.type for each in artifacts_of(publication))


def claim_counts(derived: Derived) -> ClaimCounts:
    """Return the three counts of claims."""
    claims = derived.claims
    return ClaimCounts(
        extracted=claims.extracted,
        grounded=claims.grounded,
        verified=claims.verified,
        from_aggregates=claims.from_aggregates,
    )


def named(reference: Reference) -> NamedSource:
    """Name a source by its number and what is known of it."""
    identifier = reference.identifier
    version = f"v{identifier.version}" if identifier.version else ""
    return NamedSource(
        number=reference.number,
        kind=identifier.kind,
        value=f"{identifier.value}{version}",
        title=(reference.entry.title or None) if reference.entry else None,
        url=reference.url,
    )


def in_english(publication: Publication) -> Inputs:
    """Return what the report was composed from with the English words: the contracts are written in English."""
    inputs = publication.inputs
    if inputs.wording.language == "en":
        return inputs
    return replace(inputs, wording=wording_for("en", packaged_folder("templates") / "locale"))


def limitations_of(inputs: Inputs, *others: str) -> tuple[str, ...]:
    """List what limits the report, as it prints it, and what limits this file besides."""
    return (*(text for text, _ in limits(inputs)), *others)
