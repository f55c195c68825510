"""A composed report as the formats are given it, and in one of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, RecordError, Where
from reportgen.exports import FORMATS, FileFacts, Publication, format_named, formats_named
from reportgen.pipeline.outputs import report_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from reportgen.base.settings import Settings
    from reportgen.exports import Format
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


def write_formats(publication: Publication, formats: Iterable[Format]) -> dict[str, bytes]:
    """Write a report in formats, by the names of their files; what describes files is told of the others.

    Raises:
        ReportgenError: one of them cannot be written.

    """
    ordered = sorted(formats, key=lambda each: each.describes_files)
    written: dict[str, bytes] = {}
    for each in ordered:
        files = tuple(facts_of_content(name, content) for name, content in written.items())
        told = (
            replace(publication, files=(*publication.files, *files)) if each.describes_files else publication
        )
        written[f"{publication.stem}{each.ending}"] = each.write(told)
    return written


def facts_of(path: Path) -> FileFacts:
    """Read what is said of a finished file.

    Raises:
        OSError: it cannot be read.

    """
    return facts_of_content(path.name, path.read_bytes())


def facts_of_content(name: str, content: bytes) -> FileFacts:
    """Return what is said of a file of that content."""
    return FileFacts(name, len(content), hashlib.sha256(content).hexdigest())
