"""The places of a site that are no report's: made anew where any report, the house or the code changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportgen import __version__
from reportgen.base.cache import key_of
from reportgen.base.paths import packaged_folder
from reportgen.site.feeds import feed_files
from reportgen.site.files import digest_of, names_in, put_files, remove_files, require_free, require_inside
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
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

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
        made = {ASSETS}
        with _Indexer() as indexer:
            parts = self._begin_index(indexer, overview, pagefind) if pagefind else {}
            # Pagefind is a program of its own: meanwhile all is written that it is not needed for.
            for address, files in overview.others():
                self._put(address, files)
                made.add(address)
            try:
                overview = self._end_index(parts, overview)
            except SearchIndexError as error:
                problems = (error.problem,)
        made.update(map(part_address, overview.parts))
        self._put(ASSETS, _assets(overview))
        for address, files in overview.searched():
            # The first page comes last: what it leads to is there, and its key tells that all is.
            feeds = {} if address else feed_files(overview)
            self._put(address, {**feeds, **files}, "" if address else key)
            made.add(address)
        for entry in [*self._ledger.entries.values()]:
            if not (is_version_address(entry.address) or entry.address in made):
                names = entry.files or names_in(self._folder / entry.address)
                remove_files(self._folder, entry.address, names)
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

    def _put(self, address: str, files: Mapping[str, bytes], key: str = "") -> None:
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

    def _begin_index(
        self, indexer: ThreadPoolExecutor, overview: Overview, pagefind: str
    ) -> Mapping[str, _Part | None]:
        """Let the parts of the index of all words be made that a page changed in; give all, None where one stays."""
        language = overview.wording.language
        hashes = {each.address: each.page_sha256 for each in overview.newest}
        parts: dict[str, _Part | None] = {}
        for name, addresses in parts_of(tuple(hashes)).items():
            place = part_address(name)
            key = key_of([pagefind, language, *(f"{each} {hashes[each]}" for each in addresses)])
            old = self._ledger.entries.get(place)
            if old is not None and old.key == key and self._seen.is_whole(old):
                parts[name] = None
                continue
            require_inside(self._folder, self._folder / place)
            self._ledger.begin(place)
            files = indexer.submit(make_index, self._folder, name, addresses, language)
            parts[name] = _Part(key, old.files if old else {}, files)
        return parts

    def _end_index(self, parts: Mapping[str, _Part | None], overview: Overview) -> Overview:
        """Wait for the parts of the index, and give what the lists are written with that lead to it.

        Raises:
            SearchIndexError: one was not made.

        """
        for name, part in parts.items():
            if part is not None:
                place, files = part_address(name), part.files.result()
                remove_files(self._folder, place, part.before.keys() - files.keys())
                self._keep(Entry(place, part.key, files))
        return replace(overview, parts=tuple(parts), fragments=fragments_in(self._folder, parts))

    def _keep(self, entry: Entry) -> None:
        if entry != self._ledger.entries.get(entry.address):
            self._ledger.put(entry)
        self._seen.remember(entry)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the index that is being made: the key of its pages, the files it had before, and those it will have."""

    key: str
    before: Mapping[str, str]
    files: Future[dict[str, str]]


class _Indexer(ThreadPoolExecutor):
    """Makes one part of the index after the other; what was not begun when its block ends is not made."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)


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
