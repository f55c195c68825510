"""Files that belong to a house's style and words: read once, so that what is printed and carried inside is the same."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from reportgen.base.csl_styles import LARGEST_STYLE, StyleError, style_path
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.foreign import LARGEST_TOML, read_foreign
from reportgen.base.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings

LARGEST_LOGO = 5_000_000
WORDS = "locale/"
STYLE = "style.csl"
"""The name that the style of the references has inside a report."""
_WORDS_FILE = re.compile(r"(?:charts\.)?[a-z]{2,3}\.toml")


def house_paths(settings: Settings) -> dict[str, Path]:
    """Find a house's files by the names that they have inside a report: ``logo.svg``, ``locale/en.toml``.

    A style of references that there is not is left out: `read_house_files` says so.
    """
    found = {f"logo{logo.suffix.lower()}": logo} if (logo := settings.style.logo) else {}
    with suppress(StyleError):
        found |= {STYLE: path} if (path := style_path(settings.bibliography.style, settings.root)) else {}
    folder = settings.root / WORDS
    if folder.is_dir():
        names = sorted(path.name for path in folder.iterdir() if _WORDS_FILE.fullmatch(path.name))
        found |= {f"{WORDS}{name}": folder / name for name in names}
    return found


def read_house_files(settings: Settings) -> dict[str, bytes]:
    """Read a house's files, each within its bounds.

    Raises:
        SettingsError: one cannot be read, is no plain file, too large, or lies outside the project.

    """
    files, problems = {}, []
    for name, path in house_paths(settings).items():
        most = LARGEST_STYLE if name == STYLE else LARGEST_TOML if name.startswith(WORDS) else LARGEST_LOGO
        # A style that is installed lies elsewhere, and is nobody's of the project.
        is_installed = name == STYLE and not settings.bibliography.style.endswith(".csl")
        try:
            files[name] = read_foreign(path, root=None if is_installed else settings.root, most_bytes=most)
        except OSError as error:
            problems.append(_unreadable(settings, name, path, error))
    try:
        style_path(settings.bibliography.style, settings.root)
    except StyleError as error:
        where = Where(str(settings.root / FILE_NAME), pointer="/bibliography/style")
        problems.append(Problem("bibliography-style", Level.ERROR, where, str(error), error.hint))
    if problems:
        raise SettingsError(problems)
    return files


def _unreadable(settings: Settings, name: str, path: Path, error: OSError) -> Problem:
    reason = error.strerror or error
    if name.startswith(WORDS):
        return Problem("locale", Level.ERROR, Where(str(path)), f"the file cannot be read: {reason}")
    file = str(settings.root / FILE_NAME)
    hint = "name a file of the project, relative to reportgen.toml"
    if name == STYLE:
        message = f"{settings.bibliography.style} cannot be read: {reason}"
        return Problem(
            "bibliography-style", Level.ERROR, Where(file, pointer="/bibliography/style"), message, hint
        )
    message = f"{settings.style.logo} cannot be read: {reason}"
    return Problem("logo", Level.ERROR, Where(file, pointer="/style/logo"), message, hint)
