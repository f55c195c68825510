"""The places of a site that are no report's: made anew where any report, the house or the code changed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen import __version__
from reportgen.base.cache import key_of
from reportgen.base.paths import packaged_folder
from reportgen.site.feeds import feed_files
from reportgen.site.files import digest_of, put_files, remove_files, require_free, require_inside
from reportgen.site.layout import ASSETS, is_version_address
from reportgen.site.ledger import Entry
from reportgen.site.overview import TITLES, Overview
from reportgen.site.search import (
    SearchIndexError,
    fragments_in,
    make_index,
    pagefind_version,
    part_address,
    parts_of,
)
from reportgen.site.stylesheet import assets
from reportgen.site.summary import read_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reportgen.base.errors import Problem
    from reportgen.base.settings import Settings
    from reportgen.site.files import Seen
    from reportgen.site.ledger import Ledger

_OWN: Final = ("overview.css", "search.js")
_WRITTEN = "written"
"""The key of a place whose files follow from those of others."""


@cache
def site_code() -> str:
    """Hash what shapes a site beside what shapes a report: this room's modules, its templates and its words."""
    folder = packaged_folder("templates")
    files = [
        *Path(__file__).parent.glob("*.py"),
        *(folder / "site").rglob("*.*"),
        *(folder / "locale").glob("*.toml"),
    ]
    return key_of(part for file in sorted(files) for part in (file.name, file.read_bytes()))


class SharedPlaces:
    """The places that are no report's, in the folder of a site; `put` makes them, where that is needed."""

    def __init__(self, folder: Path, ledger: Ledger, seen: Seen, settings: Settings, base_url: str) -> None:
        self._folder = folder
        self._ledger = ledger
        self._seen = seen
        self._settings = settings
        self._base_url = base_url

    def put(self, reports: Sequence[Entry]) -> tuple[Problem, ...]:
        """Write the places for these reports, and remove those that are none any more; tell what could not be made.

        Raises:
            OutputError: a file that is not the site's lies where one of its files belongs.
            OSError: one cannot be written.

        """
        pagefind, problems = _pagefind()
        key = self._key(pagefind, reports)
        known = [each for each in self._ledger.entries.values() if not is_version_address(each.address)]
        root = self._ledger.entries.get("")
        if root and root.key == key and not self._ledger.was_stopped and all(map(self._seen.is_whole, known)):
            return problems
        summaries = [read_summary(entry.summary) for entry in reports]
        overview = Overview(summaries, self._settings, self._base_url)
        if pagefind and summaries:
            try:
                parts = self._put_index(overview, pagefind)
                overview = replace(
                    overview, parts=len(parts), fragments=fragments_in(self._folder, range(len(parts)))
                )
            except SearchIndexError as error:
                problems = (error.problem,)
        made = set(map(part_address, range(overview.parts)))
        for address, files in self._places(overview):
            # The first page comes last: what it leads to is there, and its key tells that all is.
            self._put(address, files, "" if address else key)
            made.add(address)
        for entry in known:
            if entry.address not in made:
                remove_files(self._folder, entry.address, entry.files)
                self._ledger.drop(entry.address)
        return problems

    def _key(self, pagefind: str, reports: Sequence[Entry]) -> str:
        house = self._settings.model_dump_json(include={"publisher", "policy", "style"})
        return key_of(
            [
                site_code(),
                __version__,
                pagefind,
                self._base_url,
                house,
                *(f"{entry.address} {entry.key}" for entry in reports),
            ]
        )

    def _places(self, overview: Overview) -> Iterator[tuple[str, Mapping[str, bytes]]]:
        """Yield every place with its files, the root last."""
        yield ASSETS, _assets(overview)
        places = overview.files()
        root = dict(next(places)[1])
        yield from places
        yield "", {**feed_files(overview), **root}

    def _put(self, address: str, files: Mapping[str, bytes], key: str) -> None:
        """Write the files of a place, where they are others than before."""
        old = self._ledger.entries.get(address)
        entry = Entry(address, key or _WRITTEN, {name: digest_of(content) for name, content in files.items()})
        if old is None or old.files != entry.files or not self._seen.is_whole(old):
            ours = old.files if old else {}
            require_inside(self._folder, self._folder / address)
            require_free(self._folder / address, files, ours)
            self._ledger.begin(address, files)
            put_files(self._folder / address, files)
            remove_files(self._folder, address, ours.keys() - files.keys())
        self._keep(entry)

    def _put_index(self, overview: Overview, pagefind: str) -> Sequence[Sequence[str]]:
        """Make the parts of the index of all words that a page changed in; give the addresses of the pages of each."""
        language = overview.wording.language
        hashes = {each.address: each.page_sha256 for each in overview.newest}
        parts = parts_of(tuple(hashes))
        for number, addresses in enumerate(parts):
            place = part_address(number)
            key = key_of([pagefind, language, *(f"{each} {hashes[each]}" for each in addresses)])
            old = self._ledger.entries.get(place)
            if old is not None and old.key == key and self._seen.is_whole(old):
                continue
            require_inside(self._folder, self._folder / place)
            self._ledger.begin(place)
            files = make_index(self._folder, number, addresses, language)
            if old is not None:
                remove_files(self._folder, place, old.files.keys() - files.keys())
            self._keep(Entry(place, key, files))
        return parts

    def _keep(self, entry: Entry) -> None:
        if entry != self._ledger.entries.get(entry.address):
            self._ledger.put(entry)
        self._seen.remember(entry)


def _pagefind() -> tuple[str, tuple[Problem, ...]]:
    """Return the version of pagefind; '' and why, where it is missing."""
    try:
        return pagefind_version(), ()
    except SearchIndexError as error:
        return "", (error.problem,)


def _assets(overview: Overview) -> Mapping[str, bytes]:
    """Return the styles and scripts of all pages."""
    folder = packaged_folder("templates") / "site"
    own = {name: (folder / name).read_bytes() for name in _OWN}
    return {**assets(overview.settings.style), **own, TITLES: overview.titles()}
