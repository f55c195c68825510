"""RO-Crate 1.2: what the report is, what it was made from and what it claims, as linked data for archives.

Where the address of the report's folder is known, the crate is a detached one: everything in it has an absolute
address. Else it describes the files beside it; as an attached crate it is then to be named ``ro-crate-metadata.json``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from reportgen.base.characters import normalise
from reportgen.base.licences import SPDX, is_spdx
from reportgen.content.claims import verdict_mark
from reportgen.content.confidence import confidence_text
from reportgen.content.references import claim_anchor
from reportgen.exports.cited import CitedWork, report_of, said_besides, works_of
from reportgen.exports.interface import FileFacts, Format
from reportgen.sources.entry import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.author import Author
    from reportgen.exports.interface import Publication
    from reportgen.record.model import Claim
    from reportgen.sources.entry import Name

VERSION: Final = "1.2"
CONTEXT: Final = f"https://w3id.org/ro/crate/{VERSION}/context"
PROFILE: Final = f"https://w3id.org/ro/crate/{VERSION}"
ENDING: Final = "-ro-crate-metadata.json"
_DOIS: Final = "https://registry.identifiers.org/registry/doi"
_ATTACHED: Final = "ro-crate-metadata.json"
# A data set or a program is data of the crate's own there: a source of either kind is a work like any other.
_TYPES: Final = {
    "article": "ScholarlyArticle", "article-journal": "ScholarlyArticle", "article-magazine": "Article",
    "article-newspaper": "NewsArticle", "book": "Book", "chapter": "Chapter",
    "paper-conference": "ScholarlyArticle", "report": "Report", "review": "ScholarlyArticle", "thesis": "Thesis",
    "webpage": "WebPage",
}  # fmt: skip
_MEDIA_TYPES: Final = {
    ".bib": "application/x-bibtex", ".cff": "application/yaml", ".csv": "text/csv", ".html": "text/html",
    ".json": "application/json", ".jsonld": "application/ld+json", ".md": "text/markdown", ".pdf": "application/pdf",
    ".ris": "application/x-research-info-systems", ".svg": "image/svg+xml", ".xml": "application/xml",
}  # fmt: skip
"""By the last part of a file's name; of other files nothing is said."""
_WRITTEN: Final = frozenset(("title", "author", "issued", "publisher", "container-title"))

Entity = dict[str, Any]


class _Graph:
    """The entities of a crate, each once under its name."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}

    def add(self, name: str, type_: str, /, **values: Any) -> dict[str, str]:
        """Put an entity in, or leave the one that has its name; return what refers to it.

        What is not known is left out; of a list of one the one stands alone.
        """
        single = {
            key: value[0] if isinstance(value, list) and len(value) == 1 else value
            for key, value in values.items()
        }
        kept = {key: value for key, value in single.items() if value not in ("", None, [])}
        self.entities.setdefault(name, {"@id": name, "@type": type_, **kept})
        return {"@id": name}


def crate_of(publication: Publication) -> Entity:
    """Return the crate as plain values."""
    graph = _Graph()
    _describe(publication, graph)
    return {"@context": CONTEXT, "@graph": [*graph.entities.values()]}


def _describe(publication: Publication, graph: _Graph) -> None:
    inputs, record, report = publication.inputs, publication.inputs.record, report_of(publication)
    root = publication.url or "./"
    metadata = f"{root}{quote(publication.stem)}{ENDING}" if publication.url else _ATTACHED
    graph.add(metadata, "CreativeWork", conformsTo={"@id": PROFILE}, about={"@id": root})
    publisher = _publisher(publication, graph)
    made = {
        "author": [_author(author, graph, number) for number, author in enumerate(inputs.authors, 1)]
        or [publisher],
        "publisher": publisher,
        "datePublished": record.date.isoformat(),
        "inLanguage": record.language,
    }
    files = [publication.pdf] if publication.pdf else []
    parts = [_file(each, publication, graph, made) for each in (*files, *publication.files)]
    basis = _record(publication, graph)
    cited = {
        each.number: [_source(work, graph) for work in works_of(each, publication)]
        for each in inputs.bibliography.references
    }
    listed = [source for sources in cited.values() for source in sources]
    claims = [_claim(index, publication, graph, cited) for index in range(len(record.claims))]
    graph.add(
        root,
        "Dataset",
        name=report.entry.text("title"),
        description=report.abstract or report.entry.text("title"),
        identifier=_identifiers(publication, graph),
        license=_license(inputs.license, graph) or inputs.wording.t.title.license_missing,
        **made,
        version=record.version,
        keywords=[*report.keywords],
        creativeWorkStatus=publication.tree.warning,
        comment=_notices(report, graph),
        hasPart=parts,
        isBasedOn=basis,
        mentions=[*claims, *(source for source in listed if source["@id"].startswith("#"))],
        citation=[source for source in listed if not source["@id"].startswith("#")],
    )


def _publisher(publication: Publication, graph: _Graph) -> dict[str, str]:
    publisher = publication.inputs.publisher
    name = publisher.url or "#publisher"
    return graph.add(name, "Organization", name=normalise(publisher.name), url=publisher.url or "")


def _author(author: Author, graph: _Graph, number: int) -> dict[str, str]:
    """Put an author in, under the ORCID iD where there is one."""
    type_ = "Person" if author.type == "person" else "Organization"
    name = f"https://orcid.org/{author.orcid}" if author.orcid else f"#author-{number}"
    at = author.affiliation
    return graph.add(
        name,
        type_,
        name=normalise(author.name),
        givenName=normalise(author.given or ""),
        familyName=normalise(author.family or ""),
        affiliation=graph.add(f"#affiliation-{number}", "Organization", name=normalise(at)) if at else None,
        email=author.email or "",
    )


def _license(text: str | None, graph: _Graph) -> dict[str, str] | str:
    """Put a licence in where SPDX has a page of it; else say it in the record's words."""
    if text is None or not is_spdx(text):
        return normalise(text or "")
    address = f"{SPDX}{text}"
    return graph.add(address, "CreativeWork", name=text, identifier=address)


def _identifiers(publication: Publication, graph: _Graph) -> list[dict[str, str]]:
    """Put the DOI in, the number of the report and its uuid."""
    inputs = publication.inputs
    own, uuid = inputs.derived.display_id, f"urn:uuid:{inputs.record.id}"
    found = [
        graph.add("#number", "PropertyValue", name=own, value=own),
        graph.add(uuid, "PropertyValue", name=uuid, value=uuid),
    ]
    if doi := report_of(publication).identifiers.get("doi"):
        address = str(doi.url)
        found.insert(0, graph.add(address, "PropertyValue", propertyID=_DOIS, value=str(doi), url=address))
    return found


def _notices(report: CitedWork, graph: _Graph) -> list[dict[str, str]]:
    """Put in what a reader must know first."""
    return [
        graph.add(f"#notice-{number}", "Comment", name=text, text=text)
        for number, text in enumerate(report.notes, 1)
    ]


def _file(
    file: FileFacts, publication: Publication, graph: _Graph, made: Mapping[str, Any]
) -> dict[str, str]:
    """Put a file in: its size, its hash and, where its name tells it, its format."""
    ending = f".{file.name.rpartition('.')[2].lower()}"
    return graph.add(
        f"{publication.url}{quote(file.name)}",
        "File",
        name=file.name,
        description=publication.inputs.wording.t.kind[publication.inputs.record.kind]
        if ending == ".pdf"
        else "",
        encodingFormat=_MEDIA_TYPES.get(ending, ""),
        contentSize=str(file.size),
        sha256=file.sha256,
        **made,
    )


def _record(publication: Publication, graph: _Graph) -> dict[str, str]:
    """Put in the record of claims that the report was made from, by its hash: its file is another's affair."""
    inputs = publication.inputs
    return graph.add(
        "#record",
        "CreativeWork",
        name=inputs.record.schema_,
        identifier=f"urn:uuid:{inputs.record.id}",
        version=inputs.record.version,
        sha256=inputs.record_sha256,
    )


def _claim(
    index: int, publication: Publication, graph: _Graph, cited: Mapping[int, list[dict[str, str]]]
) -> dict[str, str]:
    """Put a claim in, with its verdict and what it cites."""
    inputs = publication.inputs
    claim: Claim = inputs.record.claims[index]
    said = [verdict_mark(claim, inputs.wording).word]
    if claim.confidence is not None:
        number = confidence_text(claim.confidence, inputs.record, inputs.wording)
        said.append(f"{inputs.wording.t.heard.confidence} {number}")
    sources = [each for reference in inputs.bibliography.of_claim(index) for each in cited[reference.number]]
    return graph.add(
        f"#{quote(claim_anchor(inputs.record, index))}",
        "Claim",
        name=f"C{index + 1}",
        text=normalise(claim.text),
        creativeWorkStatus=said[0],
        description=", ".join(said),
        appearance={"@id": publication.url or "./"},
        citation=sources,
    )


def _source(work: CitedWork, graph: _Graph) -> dict[str, str]:
    """Put a source in, under its address where it has one that no other has."""
    entry, date = work.entry, work.entry.dates.get("issued")
    address = work.address
    name = address if address and address not in graph.entities else f"#{work.key}"
    authors = [
        _named(person, graph, f"#{work.key}-author-{number}")
        for number, person in enumerate(entry.names.get("author", ()), 1)
    ]
    publisher, container = entry.text("publisher"), entry.text("container-title")
    return graph.add(
        name,
        _TYPES.get(entry.type, "CreativeWork"),
        name=entry.title or next(map(str, work.identifiers.values()), work.key),
        author=authors,
        datePublished=(date.edtf or date.year) if date else "",
        publisher=graph.add(f"#{work.key}-publisher", "Organization", name=publisher) if publisher else None,
        isPartOf=graph.add(f"#{work.key}-container", "CreativeWork", name=container) if container else None,
        identifier=[str(each) for each in work.identifiers.values()],
        url=address,
        description=sentences(said_besides(work, written=_WRITTEN)),
    )


def _named(name: Name, graph: _Graph, identifier: str) -> dict[str, str]:
    if name.literal or not name.family:
        return graph.add(identifier, "Organization" if name.literal else "Person", name=str(name))
    return graph.add(identifier, "Person", name=str(name), givenName=name.given, familyName=name.surname)


def _written(publication: Publication) -> bytes:
    return (json.dumps(crate_of(publication), ensure_ascii=False, indent=2) + "\n").encode()


RO_CRATE = Format(
    name="ro-crate",
    title="RO-Crate",
    ending=ENDING,
    media_type="application/ld+json",
    write=_written,
    describes_files=True,
)
