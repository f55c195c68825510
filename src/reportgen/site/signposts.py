"""Signposts for machines: typed links that say where a report's files, terms and identifiers are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.licences import SPDX, is_spdx
from reportgen.site.structured_data import doi_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import PageContext

_DESCRIPTIONS = (
    "application/ld+json",
    "application/vnd.citationstyles.csl+json",
    "application/x-bibtex",
    "application/x-research-info-systems",
    "application/yaml",
    "text/x-bibtex",
    "application/xml",
    "application/json",
)
"""The media types of files that describe the report rather than hold it."""


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link with its relation, as RFC 8288 has it; ``type`` is the media type of what it leads to."""

    rel: str
    href: str
    type: str = ""


def signposts(publication: Publication, context: PageContext) -> tuple[TypedLink, ...]:
    """Return the links of a page, as FAIR Signposting has them; ``cite-as`` only where there is a DOI to cite."""
    return tuple(_links(publication, context))


def _links(publication: Publication, context: PageContext) -> Iterator[TypedLink]:
    inputs = publication.inputs
    if doi := doi_of(publication):
        yield TypedLink("cite-as", f"https://doi.org/{doi}")
    yield from (
        TypedLink("author", f"https://orcid.org/{each.orcid}") for each in inputs.authors if each.orcid
    )
    yield from (TypedLink("type", f"https://schema.org/{kind}") for kind in ("AboutPage", "ScholarlyArticle"))
    if inputs.license and is_spdx(inputs.license):
        yield TypedLink("license", f"{SPDX}{inputs.license}")
    for file in context.downloads:
        rel = "describedby" if file.media_type in _DESCRIPTIONS else "item"
        yield TypedLink(rel, file.href, file.media_type)
    if context.linkset:
        yield TypedLink("linkset", context.linkset, "application/linkset+json")
    others = (version for version in context.history if not version.is_this)
    yield from (TypedLink("version-history", version.href) for version in others)
    if context.newest:
        yield TypedLink("latest-version", context.newest.href)


def linkset(publication: Publication, context: PageContext) -> bytes:
    """Write the links of a report's page as a Link Set in JSON (RFC 9264), relative where no address is known."""
    links: dict[str, list[dict[str, str]]] = {}
    for link in signposts(publication, context):
        if link.rel != "linkset":
            target = {"href": _absolute(link.href, publication.url)}
            links.setdefault(link.rel, []).append({**target, **({"type": link.type} if link.type else {})})
    page = publication.url or "./"
    parts = [
        {"anchor": _absolute(link.href, publication.url), "collection": [{"href": page, "type": "text/html"}]}
        for link in signposts(publication, context)
        if link.rel == "item"
    ]
    whole = {"linkset": [{"anchor": page, **links}, *parts]}
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


def _absolute(href: str, base: str) -> str:
    return href if "://" in href or not base else base + href
