"""Files that belong to a house's style and words: read once, so that what is printed and carried inside is the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.foreign import LARGEST_TOML, read_foreign
from reportgen.base.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings

LARGEST_LOGO = 5_000_000
WORDS = "locale/"
_WORDS_FILE = re.compile(r"(?:charts\.)?[a-z]{2,3}\.toml")


def house_paths(settings: Settings) -> dict[str, Path]:
    """Find a house's files by the names that they have inside a report: ``logo.svg``, ``locale/en.toml``."""
    found = {f"logo{logo.suffix.lower()}": logo} if (logo := settings.style.logo) else {}
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
        is_logo = not name.startswith(WORDS)
        try:
            most = LARGEST_LOGO if is_logo else LARGEST_TOML
            files[name] = read_foreign(path, root=settings.root, most_bytes=most)
        except OSError as error:
            file = settings.root / FILE_NAME if is_logo else path
            where = Where(str(file), pointer="/style/logo" if is_logo else "")
            message = (
                f"{settings.style.logo if is_logo else 'the file'} cannot be read: {error.strerror or error}"
            )
            hint = "name a file of the project, relative to reportgen.toml" if is_logo else ""
            problems.append(Problem("logo" if is_logo else "locale", Level.ERROR, where, message, hint))
    if problems:
        raise SettingsError(problems)
    return files
