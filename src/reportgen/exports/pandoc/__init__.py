"""The report in pandoc's AST, and in the formats of word processors and books that pandoc makes of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reportgen.exports.interface import Format
from reportgen.exports.pandoc.document import embedded, write_document

if TYPE_CHECKING:
    from reportgen.exports.interface import Publication

_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _document(publication: Publication, pandoc: int) -> bytes:
    return write_document(publication, embedded(publication), pandoc=pandoc)


def _converted(publication: Publication, to: str) -> bytes:
    from reportgen.exports.pandoc.program import convert

    return convert(publication, to)


def _by_pandoc(name: str, title: str, media_type: str) -> Format:
    return Format(
        name=name,
        title=title,
        ending=f".{name}",
        media_type=media_type,
        write=partial(_converted, to=name),
        holds_all=True,
    )


PANDOC: Final = Format(
    name="pandoc",
    title="the AST of pandoc 2.11 to 2.19",
    ending=".pandoc.json",
    media_type="application/json",
    write=partial(_document, pandoc=2),
    holds_all=True,
)
PANDOC_3: Final = Format(
    name="pandoc-3",
    title="the AST of pandoc 3",
    ending=".pandoc-3.json",
    media_type="application/json",
    write=partial(_document, pandoc=3),
    holds_all=True,
)
DOCX: Final = _by_pandoc("docx", "Word", _OFFICE)
ODT: Final = _by_pandoc("odt", "OpenDocument", "application/vnd.oasis.opendocument.text")
EPUB: Final = _by_pandoc("epub", "EPUB", "application/epub+zip")
