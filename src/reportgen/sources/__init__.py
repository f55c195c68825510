"""The works a record cites: entries from .bib files, a lock file and the record itself, numbered for one report.

Network access is in `reportgen.sources.fetch`, the lint of .bib files in
`reportgen.sources.lint`; neither they nor a BibTeX parser are loaded before they are needed.
"""

from __future__ import annotations

from reportgen.sources.citation import Bibliography, Reference, cite, cited_hash, used_bibtex, used_lock
from reportgen.sources.entry import Entry, Name
from reportgen.sources.library import Library, load_library

__all__ = [
    "Bibliography",
    "Entry",
    "Library",
    "Name",
    "Reference",
    "cite",
    "cited_hash",
    "load_library",
    "used_bibtex",
    "used_lock",
]
