"""What a report's page says to machines: the report, its claims, their verdicts and its sources, as JSON-LD."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.author import Author
    from reportgen.exports.interface import Publication
    from reportgen.record.model import Claim, Correction
    from reportgen.site.page_context import PageContext
    from reportgen.sources import Reference

Node = dict[str, Any]

CONTEXT = {"@vocab": "https://schema.org/"}
"""Whole in itself: whoever expands the data asks no other host."""
# What would end the element, or is no character of a page: JSON may write each by its number.
_UNSAFE = re.compile(
    "[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe\U0001ffff]"
)


def json_ld(publication: Publication, context: PageContext) -> str:
    """Write the data of a page, safe within a ``script`` element whatever the record holds."""
    inputs, name = publication.inputs, name_of(publication)
    nodes = [
        _report_node(publication, context),
        *(_correction_node(event, place, name) for place, event in enumerate(inputs.record.corrections, 1)),
        *_claim_nodes(publication),
        *(_source_node(reference, name) for reference in inputs.bibliography.references),
    ]
    text = json.dumps({"@context": CONTEXT, "@graph": nodes}, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(
        lambda found: json.dumps(found[0])[1:-1] if found[0] > "\x7f" else _number(found[0]), text
    )


def name_of(publication: Publication) -> str:
    """Return what names the version of a report everywhere: its address, or where none is known its UUID."""
    return publication.url or f"urn:uuid:{publication.inputs.record.id}"


def _number(character: str) -> str:
    return f"\\u{ord(character):04x}"


def _report_node(publication: Publication, context: PageContext) -> Node:
    """Describe the report itself; what is not known is left out."""
    inputs, tree, name = publication.inputs, publication.tree, name_of(publication)
    record, house = inputs.record, inputs.publisher
    publisher = _known({"@type": "Organization", "name": house.name, "url": house.url and str(house.url)})
    doi = doi_of(publication)
    numbers = [
        _identifier("reportgen", inputs.derived.display_id),
        *([_identifier("doi", doi)] if doi else []),
    ]
    corrections = range(1, 1 + len(record.corrections))
    return _known(
        {
            "@id": name,
            "@type": "ScholarlyArticle",
            "name": tree.title,
            "headline": tree.title,
            "alternativeHeadline": record.subtitle,
            "description": tree.description,
            "about": {"@type": "Question", "text": record.question},
            "author": [_author_node(author) for author in inputs.authors] or [publisher],
            "publisher": publisher,
            "datePublished": record.date.isoformat(),
            "version": record.version,
            "creativeWorkStatus": tree.warning,
            "inLanguage": record.language,
            "license": inputs.license,
            "keywords": list(record.keywords),
            "identifier": numbers,
            "sameAs": {"@id": f"https://doi.org/{doi}"} if doi else None,
            "url": publication.url,
            "citation": [{"@id": f"{name}#{each.anchor}"} for each in inputs.bibliography.references],
            "hasPart": [{"@id": f"{name}#claim-{claim.id}"} for claim in record.claims],
            "correction": [{"@id": f"{name}#correction-{place}"} for place in corrections],
            "encoding": [
                {
                    "@type": "MediaObject",
                    "name": file.title,
                    "contentUrl": publication.url + file.href,
                    "encodingFormat": file.media_type,
                    "contentSize": file.size,
                }
                for file in context.downloads
            ],
        }
    )


def doi_of(publication: Publication) -> str:
    """Return the DOI under which the report can be cited, '' without one: a test system's cites nothing."""
    registration = publication.inputs.registration
    return registration.doi if registration and not registration.sandbox else ""


def _identifier(kind: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}


def _author_node(author: Author) -> Node:
    works_at = {"@type": "Organization", "name": author.affiliation} if author.affiliation else None
    return _known(
        {
            "@id": f"https://orcid.org/{author.orcid}" if author.orcid else None,
            "@type": "Organization" if author.type == "organization" else "Person",
            "name": author.name,
            "givenName": author.given,
            "familyName": author.family,
            "affiliation": works_at,
        }
    )


def _correction_node(event: Correction, place: int, name: str) -> Node:
    return {
        "@id": f"{name}#correction-{place}",
        "@type": "CorrectionComment",
        "identifier": event.event_id,
        "text": event.public_note,
        "dateCreated": event.corrected_at.isoformat(),
        "about": {"@id": name},
    }


def _claim_nodes(publication: Publication) -> Iterator[Node]:
    """Describe each claim, and the verdict on it where there is one."""
    inputs, name = publication.inputs, name_of(publication)
    for index, claim in enumerate(inputs.record.claims):
        own = f"{name}#claim-{claim.id}"
        rests_on = [{"@id": f"{name}#{each.anchor}"} for each in inputs.bibliography.of_claim(index)]
        yield _known(
            {
                "@id": own,
                "@type": "Claim",
                "text": claim.text,
                "appearance": {"@id": name},
                "isBasedOn": rests_on,
                "additionalProperty": _confidence(claim),
            }
        )
        if claim.verdict != "not-checked":
            yield _review_node(claim, own, publication)


def _confidence(claim: Claim) -> Node | None:
    if claim.confidence is None:
        return None
    scale = {"@type": "PropertyValue", "name": "confidence", "minValue": 0, "maxValue": 1}
    said = claim.confidence_of and {"description": claim.confidence_of}
    return {**scale, "value": claim.confidence, **(said or {})}


def _review_node(claim: Claim, own: str, publication: Publication) -> Node:
    """Say the verdict in the report's own word: a number of stars would claim more than the record does."""
    words, by = publication.inputs.wording.t.verdict, claim.verdict_by
    key = claim.verdict or ("verified" if claim.verified else "unverified")
    kinds = {"person": "Person", "model": "SoftwareApplication", "gate": "Organization"}
    return _known(
        {
            "@type": "ClaimReview",
            "itemReviewed": {"@id": own},
            "claimReviewed": claim.text,
            "reviewRating": {"@type": "Rating", "alternateName": words[key]},
            "author": {"@type": kinds[by.type], "name": by.name} if by and by.name else None,
            "datePublished": by.at.isoformat() if by and by.at else None,
        }
    )


def _source_node(reference: Reference, name: str) -> Node:
    """Describe a source as far as it is known."""
    own, entry = f"{name}#{reference.anchor}", reference.entry
    found = {
        "@id": own,
        "@type": "CreativeWork",
        "identifier": str(reference.identifier),
        "url": reference.url,
    }
    if entry is None:
        return _known(found)
    _, creators = entry.creators
    return _known(
        {
            **found,
            "name": entry.title,
            "author": [{"@type": "Thing", "name": str(person)} for person in creators],
            "datePublished": entry.year,
            "isPartOf": _container(entry.text("container-title")),
        }
    )


def _container(title: str) -> Node | None:
    return {"@type": "CreativeWork", "name": title} if title else None


def _known(node: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [], ())}
