"""The first stages, which every output begins with: from a record to what a report says, as a content tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analysis.checks import apply_levels
from reportgen.analysis.derive import derive
from reportgen.analysis.tabulate import by_source
from reportgen.analysis.validation import as_registered, cite_record, judge, library_of, registration_for
from reportgen.base.errors import Level, Problem, RecordError, ReportgenError
from reportgen.base.house_files import STYLE, read_house_files
from reportgen.base.own_templates import trusted_templates
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import FILE_NAME
from reportgen.content import compose, order_of
from reportgen.content.exhibits import logo_figure
from reportgen.content.figures import plan_figures
from reportgen.content.inputs import Inputs
from reportgen.pdf.record_pictures import read_pictures
from reportgen.pipeline.publish import require_known_formats
from reportgen.record import Loaded, read_record
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.pdf.pictures import Picture
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography, Library
    from reportgen.sources.csl_rendering import Styled
    from reportgen.text.report import Report


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed report: its tree, the inputs it was made from, and the problems found on the way.

    ``house`` are the files of the house's style.
    """

    tree: Report
    inputs: Inputs
    loaded: Loaded
    library: Library
    pictures: tuple[Picture, ...]
    house: Mapping[str, bytes]
    own: OwnTemplates | None
    problems: tuple[Problem, ...]


def compose_report(
    path: Path,
    settings: Settings,
    *,
    raw: bytes | None = None,
    strict: bool = False,
    registration: Registration | None = None,
) -> Composed:
    """Turn a record into the content tree, from which every output is written.

    Raises:
        TrustError: the project has templates of its own that its user has not trusted.
        ReportgenError: with every problem of the stage that failed.

    """
    own = trusted_templates(settings)
    require_known_formats(settings)
    house = read_house_files(settings)
    loaded = read_record(path, raw=raw)
    record = loaded.record
    order = order_of(record.kind, settings)
    logo = _logo(settings, house)
    registration, disagreements = registration_for(loaded, registration)
    library = library_of(settings)
    bibliography = cite_record(record, library)
    pictures, unprintable = read_pictures(loaded)
    problems = [*judge(loaded, bibliography, settings, strict=strict, found=disagreements), *unprintable]
    stop_on_errors(problems, RecordError)
    derived = derive(
        as_registered(record, registration), settings.id_prefix, settings.tier_claims, settings.policy
    )
    sources = by_source(record.claims, bibliography.numbers_of_claim)
    wording = wording_for(
        record.language,
        packaged_folder("templates") / "locale",
        house,
        settings.root,
        settings.policy.tier_names,
    )
    planned = plan_figures(record, bibliography, wording, policy=settings.policy, look=settings.style)
    styled, unwritten = _styled(bibliography, settings, house, record.language)
    inputs = Inputs(
        record=record,
        record_sha256=loaded.source.sha256,
        derived=derived,
        bibliography=bibliography,
        sources=sources,
        figures=planned.printed_in(order),
        wording=wording,
        publisher=settings.publisher,
        authors=record.authors or settings.authors,
        license=record.license or settings.license,
        tier_claims=settings.tier_claims,
        group_claims=settings.style.group_claims,
        logo=logo_figure(logo, settings.publisher.name) if logo else None,
        exhibits=loaded.exhibits,
        pictures=pictures,
        cut=frozenset(problem.where.pointer for problem in problems if problem.code == "text-cut"),
        registration=registration,
        styled=styled,
    )
    problems = [*problems, *apply_levels(unwritten, settings.levels, strict=strict)]
    stop_on_errors(problems, RecordError)
    drawn = (*pictures.values(), *([logo] if logo else []))
    return Composed(compose(inputs, order), inputs, loaded, library, drawn, house, own, tuple(problems))


def _styled(
    bibliography: Bibliography, settings: Settings, house: Mapping[str, bytes], language: str
) -> tuple[Styled | None, tuple[Problem, ...]]:
    """Write the references in the house's CSL style, where it has one."""
    if STYLE not in house:
        return None, ()
    from reportgen.sources.csl_rendering import styled_references

    return styled_references(bibliography.references, house[STYLE], language, settings.root / FILE_NAME)


def _logo(settings: Settings, house: Mapping[str, bytes]) -> Picture | None:
    if settings.style.logo is None:
        return None
    from reportgen.pdf.logo import (
        read_logo,  # with pikepdf, which a report without pictures imports beside TeX
    )

    return read_logo(settings, house)


def stop_on_errors(problems: Sequence[Problem], error: type[ReportgenError]) -> None:
    """Raise the problems where there is an error among them."""
    if any(problem.level is Level.ERROR for problem in problems):
        raise error(problems)
