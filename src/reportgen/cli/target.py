"""Where a command puts its PDFs: a folder, one file, or the standard output."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.given import STREAM

if TYPE_CHECKING:
    from collections.abc import Mapping


_EXPORTED = "`reportgen export RECORD --to {} -o {}` writes that kind"
_FOLDER = "name a folder, or a file that ends in .pdf; `reportgen export` writes HTML and Markdown"
_OTHER_KINDS = {
    **dict.fromkeys((".html", ".htm"), _EXPORTED.format("html", "FILE")),
    **dict.fromkeys((".md", ".markdown"), _EXPORTED.format("markdown", "FILE")),
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf", ".epub", ".pptx", ".xlsx", ".ps"), _FOLDER),
    **dict.fromkeys((".tex", ".txt", ".csv", ".json", ".yaml", ".yml", ".xml", ".zip"), _FOLDER),
}
"""Endings that are those of files: a folder of such a name is meant by nobody. By each, what writes such a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A folder, or None for that of the settings; with a ``name``, one file in it; or the standard output."""

    folder: Path | None = None
    name: str | None = None
    is_stream: bool = False

    def require_one(self, count: int, *, opened: bool = False) -> None:
        """Refuse several records where one PDF is asked for, or is to be ``opened``.

        Raises:
            click.UsageError: there are several.

        """
        if count > 1 and (self.is_stream or self.name):
            place = self.name or "-"
            raise click.UsageError(f"-o {place} takes one record, and these are {count}; name a folder")
        if count > 1 and opened:
            raise click.UsageError(f"--open shows one report, and these are {count}")


class TargetType(click.ParamType[Target]):
    """What -o names: ``-``, a name that ends in .pdf, or else a folder."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Target:
        """Read the name; nothing is made yet."""
        if isinstance(value, Target):
            return value
        path = Path(value)
        if path == STREAM:
            if sys.stdout.isatty():
                self.fail(
                    "a PDF is nothing for a terminal: send it on with > or |, or name a file", param, ctx
                )
            return Target(is_stream=True)
        if path.suffix.lower() == ".pdf" and not path.is_dir():
            return Target(path.absolute().parent, path.name)
        if path.is_file():
            self.fail(f"{value} is a file, and neither a folder nor a .pdf", param, ctx)
        if path.suffix.lower() in _OTHER_KINDS and not path.is_dir():
            way = _OTHER_KINDS[path.suffix.lower()]
            self.fail(f"{value} ends as another kind of file, and this writes PDFs; {way}", param, ctx)
        return Target(path.absolute())


def refuse_together(option: str, others: Mapping[str, bool]) -> None:
    """Refuse an option together with others.

    Raises:
        click.UsageError: one of them is given.

    """
    if given := [other for other, is_given in others.items() if is_given]:
        raise click.UsageError(f"{option} does not go with {' or '.join(given)}")
