"""A composed report as the formats are given it, and in one of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.exports import FORMATS, FileFacts, Publication, format_named, formats_named
from reportgen.pipeline.outputs import report_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.pipeline.compose import Composed


def publication_of(
    made: Composed, settings: Settings, *, pdf: FileFacts | None = None, url: str = ""
) -> Publication:
    """Return a composed report as every format is given it; ``pdf`` and ``url`` as there, where they are known."""
    name = pdf.name if pdf else report_name(made.loaded.record, settings.name_pattern)
    return Publication(
        tree=made.tree,
        inputs=made.inputs,
        settings=settings,
        own=made.own,
        stem=name.removesuffix(".pdf"),
        pdf=pdf,
        url=url,
    )


def require_formats(publication: Publication, names: Iterable[str]) -> None:
    """Refuse formats that are named themselves, not as part of a group, and that the report lacks something for.

    Raises:
        RecordError: with a problem for each.

    """
    lacking = {name: format_named(name).lacking(publication) for name in names if name in FORMATS}
    hint = "leave the format out; a group of formats takes those that the report has all for"
    problems = [
        Problem(
            "format-lacks", Level.ERROR, Where(), f"the report lacks {lacked} for the format {name}", hint
        )
        for name, lacked in lacking.items()
        if lacked
    ]
    if problems:
        raise RecordError(problems)


def write_formats(publication: Publication, names: Iterable[str]) -> dict[str, bytes]:
    """Write a report in formats and groups of formats, by file name; what it lacks something for is left out.

    Raises:
        ReportgenError: a format cannot be written.

    """
    formats = [each for each in formats_named(names) if not each.lacking(publication)]
    return {f"{publication.stem}{each.ending}": each.write(publication) for each in formats}


def facts_of(path: Path) -> FileFacts:
    """Read what is said of a finished file.

    Raises:
        OSError: it cannot be read.

    """
    content = path.read_bytes()
    return FileFacts(path.name, len(content), hashlib.sha256(content).hexdigest())
