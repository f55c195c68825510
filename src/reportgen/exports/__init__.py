"""Exports: a report in other formats, each from the content tree and what it was made from, one module a format."""

from __future__ import annotations

from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

from reportgen.exports.contracts import CONTRACTS
from reportgen.exports.interface import FileFacts, Format, Publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "BY_PANDOC",
    "FORMATS",
    "GROUPS",
    "FileFacts",
    "Format",
    "Publication",
    "format_named",
    "formats_named",
    "single_names",
]

FORMATS: Final[Mapping[str, str]] = {
    "html": "reportgen.exports.html:HTML",
    "markdown": "reportgen.exports.markdown:MARKDOWN",
    "pandoc": "reportgen.exports.pandoc:PANDOC",
    "pandoc-3": "reportgen.exports.pandoc:PANDOC_3",
    "docx": "reportgen.exports.pandoc:DOCX",
    "odt": "reportgen.exports.pandoc:ODT",
    "epub": "reportgen.exports.pandoc:EPUB",
    "bibtex": "reportgen.exports.bibtex:BIBTEX",
    "ris": "reportgen.exports.ris:RIS",
    "csl-json": "reportgen.exports.csl_json:CSL_JSON",
    "cff": "reportgen.exports.cff:CFF",
    "jats": "reportgen.exports.jats:JATS",
    "ro-crate": "reportgen.exports.ro_crate:RO_CRATE",
    "references-bibtex": "reportgen.exports.bibtex:REFERENCES",
    "references-ris": "reportgen.exports.ris:REFERENCES",
    "references-csl-json": "reportgen.exports.csl_json:REFERENCES",
    **{name: f"{place}.format" for name, place in CONTRACTS.items()},
}
"""The formats by name: where each is defined, so that none is imported before it is asked for."""

BY_PANDOC: Final = frozenset({"docx", "odt", "epub"})
"""Those whose bytes depend on the pandoc that is installed."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "citations": ("bibtex", "ris", "csl-json", "cff"),
    "contracts": tuple(CONTRACTS),
}
"""Names that stand for several formats; of these a report has those that it lacks nothing for."""


@cache
def format_named(name: str) -> Format:
    """Return a format by its name in `FORMATS`."""
    found: Format = resolve_name(FORMATS[name])
    return found


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """Return formats by their names or by those of groups, each once, in the order in which they are named."""
    return tuple(map(format_named, single_names(names)))


def single_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of single formats for those of formats and groups, each once, in the same order."""
    return tuple(dict.fromkeys(each for name in names for each in GROUPS.get(name, (name,))))
