"""A house's logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.base.settings import FILE_NAME
from reportgen.base.timings import stage
from reportgen.pdf.pictures import Picture, PictureError, read_picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.settings import Settings

NAME = "logo"


@stage("logo")
def read_logo(settings: Settings, files: Mapping[str, bytes]) -> Picture | None:
    """Make the logo among a house's files into a picture; None where there is none.

    Raises:
        SettingsError: it is damaged, or holds what no report may; or reading it takes too much.

    """
    kind = next((name.removeprefix(NAME) for name in files if name.startswith(f"{NAME}.")), None)
    if kind is None:
        return None
    try:
        return read_picture(NAME, kind, files[NAME + kind])
    except PictureError as error:
        where = Where(str(settings.root / FILE_NAME), pointer="/style/logo")
        message = f"{settings.style.logo} cannot be printed: {error}"
        raise SettingsError([Problem("logo", Level.ERROR, where, message, error.hint)]) from error
