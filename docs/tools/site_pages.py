"""Hooks of MkDocs: pages written for GitHub come out the same, and what they link to outside docs/ is there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
"""Pages beside docs/ that the site has, too."""
_CODE = r"^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
_LINK = r"(?P<before>\]\()(?P<target>[^)\s#:]+)(?=[#)\s])"
_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_CODE_OR_LINK = re.compile(f"{_CODE}|{_LINK}", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and files outside docs/ that are linked to."""
    for name in PAGES:
        files.append(_copied(name, config))
    for page in list(files.documentation_pages()):
        for path in sorted(_linked(page)):
            if files.get_file_from_path(_site_path(path)) is None:
                files.append(_copied(path, config))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Lead links that leave docs/ to the copies in the site; what is not there is left for MkDocs to tell."""
    folder = posixpath.dirname(page.file.src_uri) or "."

    def moved(found: re.Match[str]) -> str:
        path = found["target"] and _repository_path(found["target"], page.file)
        return found["before"] + posixpath.relpath(_site_path(path), folder) if path else found[0]

    return _ROW.sub(_without_escape, _CODE_OR_LINK.sub(moved, markdown))


def _without_escape(row: re.Match[str]) -> str:
    r"""Write `a|b` in a row of a table for `a\|b`, which GitHub asks for and MkDocs would print as it stands."""
    return re.sub(r"`[^`]+`", lambda code: code[0].replace(r"\|", "|"), row[0])


def _copied(path: str, config: MkDocsConfig) -> File:
    return File.generated(config, _site_path(path), abs_src_path=str(ROOT / path))


def _linked(page: File) -> set[str]:
    """Return the paths of the files outside docs/ that a page links to."""
    targets = (found["target"] for found in _CODE_OR_LINK.finditer(page.content_string))
    paths = {_repository_path(target, page) for target in targets if target}
    return {path for path in paths if path and not path.startswith("docs/")}


def _repository_path(target: str, page: File) -> str:
    """Return the path in the repository of what a page links to, or nothing where it is no file there."""
    uri = page.src_uri
    own = uri.removeprefix("project/") if uri.startswith("project/") else f"docs/{uri}"
    path = posixpath.normpath(posixpath.join(posixpath.dirname(own), target))
    return "" if path.startswith(("/", "..")) or not (ROOT / path).is_file() else path


def _site_path(path: str) -> str:
    """Return where in the site a file of the repository lies."""
    return path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"
