"""The files of a deposit: the PDF, those it was made from as they lie inside it, and the report in other formats."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.exports import FORMATS, format_named, formats_named
from reportgen.pdf.attachments import BIBTEX, LOCK, MANIFEST, record_name
from reportgen.pdf.carried import read_carried
from reportgen.pipeline.build import build_report, make_report
from reportgen.record import name_inside
from reportgen.record.registration import Checksum

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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


def formats_among(files: Collection[str]) -> tuple[str, ...]:
    """Return the formats that a deposit holds beside its PDF, by the names of its files."""
    stems = [name.removesuffix(".pdf") for name in files if name.endswith(".pdf")]
    return tuple(
        form.name
        for form in map(format_named, FORMATS if stems else ())
        if any(f"{stem}{form.ending}" in files for stem in stems)
    )


def build_payload(
    loaded: Loaded, settings: Settings, formats: Sequence[str], taken: Mapping[Path, Path]
) -> Payload:
    """Compile a record into the output folder, and pack what came out, with the report in some formats.

    ``taken`` are the PDFs already written in this run, with their records: none is overwritten.

    Raises:
        ReportgenError: as `reportgen.pipeline.build.build_report`.

    """
    both = settings.model_copy(update={"formats": (*settings.formats, *formats)})
    built = build_report(loaded.source.path, both, taken=taken)
    wanted = {f"{built.pdf.stem}{form.ending}" for form in formats_named(formats)}
    beside = {path.name: path.read_bytes() for path in built.files if path.name in wanted}
    return _packed(loaded, built.pdf, built.problems, built.pdf, beside)


def make_payload(loaded: Loaded, settings: Settings, formats: Sequence[str]) -> Payload:
    """Pack what compiling a record would make now; nothing is left on the disk.

    Raises:
        ReportgenError: as `reportgen.pipeline.build.make_report`.

    """
    report = make_report(loaded.source.path, settings.model_copy(update={"formats": tuple(formats)}))
    with tempfile.TemporaryDirectory(prefix="reportgen-zenodo-") as folder:
        pdf = Path(folder) / report.name
        pdf.write_bytes(report.pdf)
        place = settings.output / report.name
        beside = {each.name: each.content for each in report.exports if each.name}
        return _packed(loaded, pdf, report.problems, place if place.exists() else None, beside)


def _packed(
    loaded: Loaded,
    pdf: Path,
    problems: tuple[Problem, ...],
    place: Path | None,
    beside: Mapping[str, bytes],
) -> Payload:
    """Take the files out of the PDF, so that they and it are of one moment."""
    carried = read_carried(pdf)
    inside = carried.files
    record = record_name(loaded.source.path)
    files = {name: inside[name] for name in (record, BIBTEX, LOCK, MANIFEST) if name in inside}
    if loaded.claims:  # a repository has no folders
        files[loaded.claims.source.path.name] = inside[name_inside(loaded.claims.name)]
    doi = carried.manifest.doi or ""
    return Payload(pdf.name, {pdf.name: carried.pdf, **beside, **files}, doi, problems, place)
