"""The words of a site's pages that are not the reports' own, by language."""

from __future__ import annotations

from functools import cache

from reportgen.base.foreign import LARGEST_TOML, parse_foreign_toml, read_foreign
from reportgen.base.paths import packaged_folder
from reportgen.text.wording import LANGUAGES, Phrases, Wording, wording_for


@cache
def site_words(language: str) -> Wording:
    """Load the words for a BCP 47 tag; a language without words of its own gets English."""
    primary = language.split("-", maxsplit=1)[0].lower()
    known = primary if primary in LANGUAGES else "en"
    folder = packaged_folder("templates") / "locale"
    table = parse_foreign_toml(read_foreign(folder / f"site.{known}.toml", most_bytes=LARGEST_TOML))
    written = wording_for(known, folder).t.format.table  # how numbers and dates are written
    return Wording(known, Phrases("site", {**table, "format": written}))
