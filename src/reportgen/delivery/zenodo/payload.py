"""The files of a deposit: the PDF, and those it was made from, byte for byte as they lie inside it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.pdf.attachments import BIBTEX, LOCK, MANIFEST, record_name
from reportgen.pdf.carried import read_carried
from reportgen.pipeline.build import build_report, make_report
from reportgen.record import name_inside
from reportgen.record.registration import Checksum

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.errors import Problem
    from reportgen.base.settings import Settings
    from reportgen.record import Loaded


@dataclass(frozen=True, slots=True)
class Payload:
    """Files by name, among them the PDF, which is ``report``; ``place`` is the PDF on this disk, if it is there.

    ``doi`` is what the PDF says its DOI is, or "".
    """

    report: str
    files: Mapping[str, bytes]
    doi: str
    problems: tuple[Problem, ...]
    place: Path | None = None

    @property
    def checksums(self) -> dict[str, Checksum]:
        """Return what tells each file from another in the repository."""
        return {name: Checksum.of(content) for name, content in self.files.items()}


def build_payload(loaded: Loaded, settings: Settings, taken: Mapping[Path, Path]) -> Payload:
    """Compile a record into the output folder, and pack what came out.

    ``taken`` are the PDFs already written in this run, with their records: none is overwritten.

    Raises:
        ReportgenError: as `reportgen.pipeline.build.build_report`.

    """
    built = build_report(loaded.source.path, settings, taken=taken)
    return _packed(loaded, built.pdf, built.problems, built.pdf)


def make_payload(loaded: Loaded, settings: Settings) -> Payload:
    """Pack what compiling a record would make now; nothing is left on the disk.

    Raises:
        ReportgenError: as `reportgen.pipeline.build.make_report`.

    """
    report = make_report(loaded.source.path, settings)
    with tempfile.TemporaryDirectory(prefix="reportgen-zenodo-") as folder:
        pdf = Path(folder) / report.name
        pdf.write_bytes(report.pdf)
        place = settings.output / report.name
        return _packed(loaded, pdf, report.problems, place if place.exists() else None)


def _packed(loaded: Loaded, pdf: Path, problems: tuple[Problem, ...], place: Path | None) -> Payload:
    """Take the files out of the PDF, so that they and it are of one moment."""
    carried = read_carried(pdf)
    inside = carried.files
    record = record_name(loaded.source.path)
    files = {name: inside[name] for name in (record, BIBTEX, LOCK, MANIFEST) if name in inside}
    if loaded.claims:  # a repository has no folders
        files[loaded.claims.source.path.name] = inside[name_inside(loaded.claims.name)]
    doi = carried.manifest.doi or ""
    return Payload(pdf.name, {pdf.name: carried.pdf, **files}, doi, problems, place)
