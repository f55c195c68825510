"""References as plain text: what a report prints of .bib entries and of CSL-JSON items."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reportgen.content.house_style import house_reference
from reportgen.sources import Entry, Library, load_library
from reportgen.sources.csl import read_item
from reportgen.text.inline import plain_text
from reportgen.text.wording import wording_for

LOCALE = Path(__file__).parents[2] / "templates" / "locale"


def library_of(bib: str) -> Library:
    """Read the text of a .bib file."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.bib").write_text(bib, encoding="utf-8")
        return load_library([Path(folder) / "a.bib"])


def entry_of_item(**item: Any) -> Entry:
    """Read a CSL-JSON item that has nothing ill-typed."""
    entry, problems = read_item({"id": "x", **item}, "x")
    assert entry is not None, problems
    return entry


def printed(entry: Entry, language: str = "en") -> str:
    """Return the reference of an entry in the house style."""
    return plain_text(house_reference(entry, None, wording_for(language, LOCALE)))


def printed_bib(bib: str, key: str = "", language: str = "en") -> str:
    """Return the reference of one entry of a .bib file, the first unless a key is given."""
    library = library_of(bib)
    entry = library.entry(key or library.keys[0])
    assert entry is not None
    return printed(entry, language)
