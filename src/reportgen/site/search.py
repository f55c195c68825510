"""The index of all words of the reports, which pagefind makes where it is installed: files that a browser searches."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from reportgen.base.errors import Level, Problem, Where
from reportgen.site.files import digest_of
from reportgen.site.layout import PAGE, SEARCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT: Final = "pagefind.js"
_ENTRY = "pagefind-entry.json"
_UNFINISHED = ".reportgen-pagefind"
_PAGES = "report/*/v*/index.html"
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


def make_index(site: Path, language: str, pages: int) -> dict[str, str]:
    """Index the newest page of each report, and put the index in place; give its files with their hashes.

    All pages are read in one language, since a search looks into the index of one language alone.

    Raises:
        SearchIndexError: pagefind failed, or its index does not hold as many pages.
        OSError: the index cannot be put in place.

    """
    made = site / _UNFINISHED
    shutil.rmtree(made, ignore_errors=True)
    try:
        _run(site, made, language)
        _require_pages(made, pages)
        return _put(made, site / SEARCH)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def fragments_in(site: Path) -> dict[str, str]:
    """Return the name that the index has for each page, by the page's address: what a search answers with.

    Raises:
        SearchIndexError: the index is not as this version of pagefind was known to write it.

    """
    found = {}
    try:
        for path in sorted((site / SEARCH / "fragment").iterdir()):
            content = gzip.decompress(path.read_bytes())
            url = json.loads(content[content.index(b"{") :])["url"]
            found[url.removeprefix("/").removesuffix(PAGE)] = path.stem
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SearchIndexError(f"the index of pagefind cannot be read: {error}", _HINT) from error
    return found


def _run(site: Path, made: Path, language: str) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "pagefind",
        "--silent",
        "--site",
        str(site),
        "--output-path",
        str(made),
    ]
    command += ["--glob", _PAGES, "--force-language", language, "--keep-index-url"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=site
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
