"""Reports as the formats are given them, each composed once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from fixtures import CASES, FOLDER, SAMPLES
from reportgen.base.settings import find_settings
from reportgen.exports import FileFacts, format_named
from reportgen.pipeline.compose import compose_report
from reportgen.pipeline.publish import publication_of

if TYPE_CHECKING:
    from reportgen.exports import Publication

PDF = FileFacts("report.pdf", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
"""A file of the letters abc."""
RECORDS: dict[str, Path] = {
    path.stem: path for path in (*sorted(FOLDER.glob("*.json")), *sorted(SAMPLES.glob("*.json")))
}
"""The records of the tests and the sample records, by name."""
HOSTILE = tuple(name for name in CASES if name.startswith("hostile"))
"""The names of the cases whose every field holds hostile texts."""


@cache
def hostile_record(name: str) -> Path:
    """Return the record of a case, written once into a folder of its own."""
    return CASES[name].lay_out(Path(mkdtemp(prefix="hostile-")))


@cache
def publication(path: Path, url: str = "") -> Publication:
    """Return the report of a record."""
    settings = find_settings(path.parent)
    return publication_of(compose_report(path, settings), settings, pdf=PDF, url=url)


def written(name: str, report: Publication) -> bytes:
    """Return a report in a format."""
    return format_named(name).write(report)
