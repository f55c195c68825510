"""The index of all words of the reports, which pagefind makes where it is installed: files that a browser searches.

Pagefind keeps all that it indexes in memory, about a third of a megabyte a page. So many reports are indexed in parts,
one after the other, each an index of its own, that of the newest reports first: a browser has its answer while it still
searches the others. What changes in one part leaves the others as they are.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from reportgen.base.errors import Level, Problem, Where
from reportgen.pipeline.batch.linking import link_or_copy
from reportgen.site.files import digest_of
from reportgen.site.layout import PAGE, SEARCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

SCRIPT: Final = "pagefind.js"
_ENTRY = "pagefind-entry.json"
_UNFINISHED = ".reportgen-pagefind"
_FEWEST, _ONE_IN, _MOST = 200, 200, 500
"""Pages in a part: from the fewest on it ends with one page in so many."""
_UNUSED = ("-ui.", "-highlight.", "playground")
"""What pagefind lays beside the index for pages without a script of their own."""
_SECONDS = 3600
_HINT = "python -m pip install 'reportgen-claims[site]'"


class SearchIndexError(Exception):
    """The index was not made; the problem says why."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        problem_hint = f"only titles can be searched; {hint}"
        self.problem = Problem("search-index", Level.WARNING, Where(), message, problem_hint)


def pagefind_version() -> str:
    """Return the version of pagefind.

    Raises:
        SearchIndexError: it is not installed.

    """
    if importlib.util.find_spec("pagefind") is None:
        raise SearchIndexError(
            "there is no index of all words, since pagefind is not installed", f"install it: {_HINT}"
        )
    return version("pagefind")


def parts_of(newest: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Divide the addresses of pages, the newest first, into the parts that are indexed together, each with its name.

    A part ends with a page whose address has a fitting hash, as content-defined chunks do: a new page lengthens the
    first part, one that is gone shortens its own, and the ends of the others stay where they were.
    """
    parts, pages = dict[str, tuple[str, ...]](), list[str]()
    for place, address in enumerate(newest, start=1):
        pages.append(address)
        name = hashlib.sha256(address.encode()).hexdigest()[:12]
        ends = len(pages) >= _FEWEST and int(name, 16) % _ONE_IN == 0
        if ends or len(pages) >= _MOST or place == len(newest):
            parts[name] = tuple(pages)
            pages.clear()
    return parts


def part_address(name: str) -> str:
    """Return where a part of the index lies."""
    return f"{SEARCH}{name}/"


def make_index(site: Path, name: str, addresses: Sequence[str], language: str) -> dict[str, str]:
    """Index the pages of a part, and put the index in place; give its files with their hashes.

    All pages are read in one language, since a search looks into the index of one language alone.

    Raises:
        SearchIndexError: pagefind failed, or its index does not hold as many pages.
        OSError: the index cannot be put in place.

    """
    unfinished = site / _UNFINISHED
    if unfinished.is_symlink():
        unfinished.unlink()
    shutil.rmtree(unfinished, ignore_errors=True)
    pages, made = unfinished / "pages", unfinished / "index"
    try:
        for address in addresses:
            (pages / address).mkdir(parents=True)
            link_or_copy(site / address / PAGE, pages / address / PAGE)
        _run(pages, made, language)
        _require_pages(made, len(addresses))
        return _put(made, site / part_address(name))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def fragments_in(site: Path, parts: Iterable[str]) -> dict[str, str]:
    """Return the name that the index has for each page, by the page's address: what a search answers with.

    A name is a short hash. One that two parts have for different pages is left out: it names neither.

    Raises:
        SearchIndexError: the index is not as this version of pagefind was known to write it.

    """
    found = [each for part in parts for each in _fragments(site / part_address(part) / "fragment")]
    times = Counter(name for _, name in found)
    return {address: name for address, name in found if times[name] == 1}


def _fragments(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        for path in sorted(folder.iterdir()):
            content = gzip.decompress(path.read_bytes())
            url = json.loads(content[content.index(b"{") :])["url"]
            yield url.removeprefix("/").removesuffix(PAGE), path.stem
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SearchIndexError(f"the index of pagefind cannot be read: {error}", _HINT) from error


def _run(pages: Path, made: Path, language: str) -> None:
    command = [
        *(
            sys.executable,
            "-P",
            "-m",
            "pagefind",
            "--silent",
            "--site",
            str(pages),
            "--output-path",
            str(made),
        ),
        *("--force-language", language, "--keep-index-url"),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=pages
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SearchIndexError(f"pagefind did not run: {error}", _HINT) from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-300:]
        raise SearchIndexError(f"pagefind ended with {done.returncode}: {said}", "run the same command again")


def _require_pages(made: Path, pages: int) -> None:
    try:
        languages = json.loads((made / _ENTRY).read_bytes())["languages"]
        indexed = sum(language["page_count"] for language in languages.values())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SearchIndexError(f"pagefind made no index: {error}", _HINT) from error
    if indexed != pages:
        message = f"pagefind indexed {indexed:,} pages of {pages:,}"
        raise SearchIndexError(message, "each page that is to be found needs `data-pagefind-body`")


def _put(made: Path, folder: Path) -> dict[str, str]:
    """Move the files to their places, those that differ; what leads to the others comes last."""
    written = {}
    for name in sorted(_files_of(made), key=lambda each: (each == _ENTRY, each)):
        source, target = made / name, folder / name
        written[name] = digest_of(source.read_bytes())
        if _digest(target) != written[name]:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    return written


def _files_of(made: Path) -> Iterator[str]:
    for parent, _, names in os.walk(made):
        for name in names:
            path = os.path.relpath(os.path.join(parent, name), made).replace(os.sep, "/")  # noqa: PTH118 - of many
            if not any(part in path for part in _UNUSED):
                yield path


def _digest(path: Path) -> str:
    with suppress(OSError):
        return digest_of(path.read_bytes())
    return ""
