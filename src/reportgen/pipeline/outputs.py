"""Names and places of what is built, and moving a finished set of files into place at once."""

from __future__ import annotations

import re
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from reportgen.base.characters import normal
from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.foreign import path_within
from reportgen.base.paths import write_atomically
from reportgen.base.timings import stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.record.head import Head
    from reportgen.record.model import Record

LONGEST_SLUG = 80
LONGEST_NAME = 200
"""Bytes, which leave room for what others append."""
_TITLE = re.compile(r"[-_. ]*(?<!\{)\{slug\}(?!\})")
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""What Windows takes for a device; a name is the same on every machine, so it is avoided everywhere."""
# What the library would write otherwise: German's letters in one, and the comma of 1,000 as nothing.
_OWN_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", ",": " "}
)


def report_name(record: Record | Head, pattern: str) -> str:
    """Fill the name pattern: ``2026-05-30-fbca8ee9-alignment-and-inference-efficiency.pdf``.

    A title without a letter is left out with what stands before it; where nothing else is left, the id is the name.
    """
    title = slug(record.title)
    if not title:
        pattern = _TITLE.sub("", pattern.removesuffix(".pdf")).lstrip("-_. ") or "{id}"
    values = {
        "date": record.date.isoformat(),
        "id8": record.id.hex[:8],
        "id": str(record.id),
        "slug": title,
        "version": slug(record.version) or record.id.hex[:8],
        "kind": record.kind.value,
    }
    name = pattern.format_map(values).removesuffix(".pdf")
    if _DEVICE.fullmatch(name):
        name = f"{name}-{values['id8']}"
    # A file system counts bytes.
    cut = name.encode()[: LONGEST_NAME - len(".pdf")].decode("utf-8", "ignore")
    return f"{name if cut == name else cut.rstrip('-')}.pdf"


def slug(text: str) -> str:
    """Make the words of a text fit for a file name: ASCII letters, digits and hyphens, whole words; '' of none."""
    plain = normal("NFC", text).translate(_OWN_LETTERS)
    words = re.findall(r"[a-z0-9]+", (plain if plain.isascii() else _transliterated(plain)).lower())
    fitting = takewhile(lambda some: len(some) <= LONGEST_SLUG, accumulate(words, "{}-{}".format))
    return max(fitting, key=len, default=words[0][:LONGEST_SLUG] if words else "")


def _transliterated(text: str) -> str:
    """Write a text in ASCII, by a table that is named: a name does not depend on what else is installed."""
    from slugify import slugify

    return slugify(
        text, entities=False, decimal=False, hexadecimal=False, backend="text-unidecode", algorithm="legacy"
    )


def name_taken(record: Path, message: str) -> OutputError:
    """Say that the name of a record's report is another one's."""
    hint = "give them different dates or titles, or put {id}, of versions of one record {version}, into name_pattern"
    return OutputError([Problem("name-taken", Level.ERROR, Where(str(record)), message, hint)])


@stage("place")
def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write finished files into a folder, each whole or not at all.

    Raises:
        OutputError: the folder or a file cannot be written.

    """
    try:
        for name, content in files.items():
            path_within(folder, (folder / name).parent)  # a folder that is a link may lead anywhere
            write_atomically(folder / name, content)
    except OSError as error:
        message = f"cannot write {error.filename or folder}: {error.strerror}"
        hint = "name another folder with -o"
        raise OutputError([Problem("output", Level.ERROR, Where(), message, hint)]) from error
