"""The pictures that a record shows: made for a report, and looked at where none is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem

if TYPE_CHECKING:
    from reportgen.pdf.pictures import Picture
    from reportgen.record import Loaded


def read_pictures(loaded: Loaded) -> tuple[dict[str, Picture], list[Problem]]:
    """Make the files of a record's figures into pictures; tell of those that are damaged, or hold what none may."""
    if not (files := loaded.exhibits.pictures):
        return {}, []
    from reportgen.pdf.pictures import (  # with pikepdf, which a report without pictures imports beside TeX
        PictureError,
        read_picture,
    )

    pictures, problems = {}, []
    for number, (name, file) in enumerate(files.items(), 1):
        try:
            pictures[name] = read_picture(f"picture-{number}", file.path.suffix.lower(), file.raw)
        except PictureError as error:
            where = loaded.where(loaded.exhibits.pointers[name])
            message = f"{name} cannot be printed: {error}"
            problems.append(Problem("picture", Level.ERROR, where, message, error.hint))
    return pictures, problems


def unprintable_pictures(loaded: Loaded) -> list[Problem]:
    """Return what is wrong with the pictures that a record shows."""
    return read_pictures(loaded)[1]
