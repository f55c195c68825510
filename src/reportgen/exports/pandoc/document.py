"""A report as a document of pandoc's AST: what it says, and its metadata."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from reportgen.exports.pandoc import nodes
from reportgen.exports.pandoc.blocks import BlockWriter
from reportgen.pdf.pictures.pixels import draw_pixels
from reportgen.text.direction import language_direction
from reportgen.text.report import Title, blocks_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from reportgen.exports.interface import Publication
    from reportgen.exports.pandoc.nodes import Node, Nodes
    from reportgen.text.report import Report


class Drawing(Protocol):
    """What is drawn: a chart or a picture."""

    @property
    def name(self) -> str:
        """Return the name that its figure has."""

    @property
    def pdf(self) -> bytes:
        """Return it as a PDF of one page."""


VERSIONS: Final[Mapping[int, Sequence[int]]] = {2: (1, 22, 2), 3: (1, 23, 1)}
"""The version of the AST by that of pandoc. Each refuses the other's by its number; no node in use here differs."""


def write_document(publication: Publication, picture: Callable[[str], str], *, pandoc: int) -> bytes:
    """Write a report for a version of pandoc; ``picture`` returns the address of a drawing by its name, '' without one.

    Every address of a picture is one that ``picture`` gave, and nothing is raw: pandoc reads no other file.
    """
    printed, blocks = write_tree(publication.tree, picture)
    document = {
        "pandoc-api-version": VERSIONS[pandoc],
        "meta": printed | _catalogued(publication),
        "blocks": blocks,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def write_tree(tree: Report, picture: Callable[[str], str]) -> tuple[dict[str, Node], Nodes]:
    """Write a report as the metadata that pandoc prints as its title, and as blocks."""
    writer = BlockWriter(tree, picture)
    title = next((block for block in blocks_in(tree.bands) if isinstance(block, Title)), None)
    names = [writer.words(author.name) for author in title.authors] if title else []
    metadata = {
        "title": nodes.meta_inlines(writer.words(title.content if title else tree.title)),
        "subtitle": nodes.meta_inlines(_below(title, writer) if title else []),
        "author": nodes.node("MetaList", [nodes.meta_inlines(name) for name in names]),
        "lang": nodes.node("MetaString", tree.language),
        "dir": nodes.node("MetaString", "rtl" if language_direction(tree.language) == "rtl" else ""),
    }
    return _without_empty(metadata), writer.write(tree.bands)


def drawings(publication: Publication) -> dict[str, Callable[[], bytes]]:
    """Return what draws each chart and picture of a report as PNG, by the name that its figure has."""
    inputs = publication.inputs
    drawn: tuple[Drawing, ...] = (*inputs.figures.printed, *inputs.pictures.values())
    return {each.name: partial(_pixels, each) for each in drawn}


def _pixels(drawing: Drawing) -> bytes:
    return draw_pixels(drawing.pdf)


def embedded(publication: Publication) -> Callable[[str], str]:
    """Return the function that gives each drawing as an address which holds it."""
    drawn = drawings(publication)

    def address(name: str) -> str:
        if name not in drawn:
            return ""
        return f"data:image/png;base64,{base64.b64encode(drawn[name]()).decode()}"

    return address


def _catalogued(publication: Publication) -> dict[str, Node]:
    """Return the metadata that catalogues ask for.

    The abstract is none of it: pandoc would print it before what stands around the title.
    """
    inputs = publication.inputs
    return _without_empty(
        {
            "date": nodes.node("MetaString", inputs.record.date.isoformat()),
            "keywords": nodes.meta_texts(inputs.record.keywords),
            "description": nodes.meta_inlines(nodes.text(publication.tree.description)),
            "identifier": nodes.node("MetaString", _identifier(publication)),
            "publisher": nodes.meta_inlines(nodes.text(inputs.publisher.name)),
            "rights": nodes.meta_inlines(nodes.text(inputs.license or "")),
        }
    )


def _without_empty(values: Mapping[str, Node]) -> dict[str, Node]:
    return {name: value for name, value in values.items() if value["c"]}


def _below(title: Title, writer: BlockWriter) -> Nodes:
    """Return what stands right below the title: what a reader must know first, and the subtitle."""
    notices = [[nodes.node("Strong", writer.words(notice))] for notice in title.notices]
    return nodes.joined([*notices, writer.words(title.subtitle)])


def _identifier(publication: Publication) -> str:
    """Return the DOI of a report; the identifier of its record where it has none that leads anywhere."""
    registration = publication.inputs.registration
    if registration and not registration.sandbox:
        return f"https://doi.org/{registration.doi}"
    return publication.inputs.record.id.urn
