"""The first stages, which every output begins with: from a record to what a report says, as a content tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.analysis.derive import derive
from reportgen.analysis.tabulate import by_source
from reportgen.analysis.validation import as_registered, cite_record, judge, library_of, registration_for
from reportgen.base.errors import Level, Problem, RecordError, ReportgenError
from reportgen.base.house_files import read_house_files
from reportgen.base.own_templates import trusted_templates
from reportgen.base.paths import packaged_folder
from reportgen.content import compose, order_of
from reportgen.content.figures import plan_figures
from reportgen.content.inputs import Inputs
from reportgen.record import Loaded, read_record
from reportgen.text.wording import wording_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.charts import Chart
    from reportgen.pdf.logo import Logo
    from reportgen.record.registration import Registration
    from reportgen.sources import Bibliography, Library
    from reportgen.text.report import Report


@dataclass(frozen=True, slots=True)
class Composed:
    """What a report says, as a tree, with what it was made from and what was found on the way.

    ``charts`` are those that the tree prints, ``house`` the files of the house's style, ``words`` the fixed ones of
    the tree's language.
    """

    tree: Report
    loaded: Loaded
    library: Library
    bibliography: Bibliography
    charts: tuple[Chart, ...]
    logo: Logo | None
    house: Mapping[str, bytes]
    words: tuple[str, ...]
    registration: Registration | None
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
    house = read_house_files(settings)
    loaded = read_record(path, raw=raw)
    record = loaded.record
    order = order_of(record.kind, settings)
    logo = _logo(settings, house)
    registration, disagreements = registration_for(loaded, registration)
    library = library_of(settings)
    bibliography = cite_record(record, library)
    problems = judge(loaded, bibliography, settings, strict=strict, found=disagreements)
    stop_on_errors(problems, RecordError)
    derived = derive(
        as_registered(record, registration), settings.id_prefix, settings.tier_claims, settings.policy
    )
    sources = by_source(record.claims, bibliography.numbers_of_claim)
    wording = wording_for(record.language, packaged_folder("templates") / "locale", house, settings.root)
    planned = plan_figures(
        record, bibliography, sources, wording, policy=settings.policy, look=settings.style
    )
    figures = planned.printed_in(order)
    inputs = Inputs(
        record=record,
        record_sha256=loaded.source.sha256,
        derived=derived,
        bibliography=bibliography,
        sources=sources,
        figures=figures,
        wording=wording,
        publisher=settings.publisher,
        authors=record.authors or settings.authors,
        license=record.license or settings.license,
        tier_claims=settings.tier_claims,
        group_claims=settings.style.group_claims,
        logo=logo.figure(settings.publisher.name) if logo else None,
        cut=frozenset(problem.where.pointer for problem in problems if problem.code == "text-cut"),
        registration=registration,
    )
    return Composed(
        compose(inputs, order),
        loaded,
        library,
        bibliography,
        figures.printed,
        logo,
        house,
        tuple(wording.texts()),
        registration,
        own,
        tuple(problems),
    )


def _logo(settings: Settings, house: Mapping[str, bytes]) -> Logo | None:
    if settings.style.logo is None:
        return None
    from reportgen.pdf.logo import read_logo  # with pikepdf, which a report without a logo imports beside TeX

    return read_logo(settings, house)


def stop_on_errors(problems: Sequence[Problem], error: type[ReportgenError]) -> None:
    """Raise the problems where there is an error among them."""
    if any(problem.level is Level.ERROR for problem in problems):
        raise error(problems)
