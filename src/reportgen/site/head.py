"""The head of a report's page: what search engines and reference managers read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.site.structured_data import doi_of
from reportgen.text.inline import plain_text
from reportgen.text.report import ReferenceList, blocks_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.exports.interface import Publication
    from reportgen.site.page_context import PageContext
    from reportgen.sources import Reference


@dataclass(frozen=True, slots=True)
class MetaTag:
    """A name and what it has; ``attribute`` is what HTML calls the name."""

    name: str
    content: str
    attribute: str = "name"


def meta_tags(publication: Publication, context: PageContext) -> tuple[MetaTag, ...]:
    """Return the tags of a page: for Google Scholar, in Dublin Core, in Open Graph; what is not known has none."""
    tags = (
        MetaTag("description", publication.tree.description),
        *(MetaTag(f"citation_{name}", content) for name, content in _citation(publication, context)),
        *(MetaTag(f"DC.{name}", content) for name, content in _dublin_core(publication)),
        *(MetaTag(f"og:{name}", content, "property") for name, content in _open_graph(publication, context)),
    )
    return tuple(tag for tag in tags if tag.content)


def _citation(publication: Publication, context: PageContext) -> Iterator[tuple[str, str]]:
    """Return what Google Scholar reads; addresses only where they are known, and of the PDF beside the page."""
    inputs, url = publication.inputs, publication.url
    record = inputs.record
    yield "title", publication.tree.title
    for author in inputs.authors:
        yield "author", author.name
        if author.affiliation:
            yield "author_institution", author.affiliation
        if author.orcid:
            yield "author_orcid", f"https://orcid.org/{author.orcid}"
    if not inputs.authors:
        yield "author", inputs.publisher.name
    yield "publication_date", record.date.isoformat().replace("-", "/")
    yield "technical_report_institution", inputs.publisher.name
    yield "technical_report_number", inputs.derived.display_id
    yield "language", record.language
    yield "doi", doi_of(publication)
    for keyword in record.keywords:
        yield "keywords", keyword
    if url:
        yield "abstract_html_url", url
        pdf = next((file.href for file in context.downloads if file.media_type == "application/pdf"), "")
        yield "pdf_url", url + pdf if pdf else ""
    printed = _printed_references(publication)
    for reference in inputs.bibliography.references:
        yield "reference", _reference(reference) or printed.get(reference.anchor, str(reference.identifier))


def _printed_references(publication: Publication) -> dict[str, str]:
    lists = (block for block in blocks_in(publication.tree.bands) if isinstance(block, ReferenceList))
    return {item.id: plain_text(item.content) for each in lists for item in each.items}


def _reference(reference: Reference) -> str:
    """Return a reference in parts; '' where a part holds the signs that would part it, or where too little is known."""
    if (entry := reference.entry) is None or not entry.title:
        return ""
    doi = entry.identifier("doi")
    parts = [
        ("citation_title", entry.title),
        *(("citation_author", str(person)) for person in entry.creators[1]),
        ("citation_publication_date", entry.year),
        ("citation_journal_title", entry.text("container-title")),
        ("citation_doi", doi.value if doi else ""),
    ]
    known = [(name, value) for name, value in parts if value]
    if any(";" in value or "=" in value for _, value in known):
        return ""
    return "; ".join(f"{name}={value}" for name, value in known)


def _dublin_core(publication: Publication) -> Iterator[tuple[str, str]]:
    inputs, tree = publication.inputs, publication.tree
    record, doi = inputs.record, doi_of(publication)
    yield "title", tree.title
    for creator in [author.name for author in inputs.authors] or [inputs.publisher.name]:
        yield "creator", creator
    yield "publisher", inputs.publisher.name
    yield "date", record.date.isoformat()
    yield "type", "Text"
    yield "format", "text/html"
    yield "language", record.language
    yield "identifier", inputs.derived.display_id
    yield "identifier", f"urn:uuid:{record.id}"
    yield "identifier", f"https://doi.org/{doi}" if doi else ""
    yield "rights", inputs.license or ""
    yield "description", tree.description
    for keyword in record.keywords:
        yield "subject", keyword


def _open_graph(publication: Publication, context: PageContext) -> Iterator[tuple[str, str]]:
    yield "type", "article"
    yield "title", title_of(publication)
    yield "description", publication.tree.description
    yield "url", publication.url
    yield "site_name", context.site_title
    yield "locale", publication.tree.language


def title_of(publication: Publication) -> str:
    """Return the title with what no reader may miss before it, so that no list of search results hides it."""
    tree = publication.tree
    return f"[{tree.warning}] {tree.title}" if tree.warning else tree.title
