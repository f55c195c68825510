"""The check of a project's own templates: specimens are set with them, in every output."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from reportgen.analysis.checks import apply_levels
from reportgen.base.errors import Level, Problem, ReportgenError, TypesetError, Where
from reportgen.charts.place import empty_page
from reportgen.content import SECTIONS
from reportgen.exports import FORMATS
from reportgen.latex import fonts
from reportgen.latex.render import render_body
from reportgen.pipeline.build import of_template
from reportgen.pipeline.layout import set_body
from reportgen.text.families import chosen_families
from reportgen.text.specimen import FIGURE, specimens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.text.report import Report
    from reportgen.text.templates import Printed

_NEVER_LOOKED_FOR = frozenset(
    [
        *(
            "at",
            "id",
            "lang",
            "name",
            "alt",
            "uri",
            "anchor",
            "spoken",
            "align",
            "direction",
            "source",
            "opening",
            "place",
            "tone",
        ),
        *("language", "title", "authors", "description", "head"),
        *("text_language", "description_language", "heard"),
        # Numbers of ours, and words of ours that stand again on each page: furniture.
        *(
            "Mark.text",
            "ClaimList.headings",
            "Report.warning",
            "Label.text",
            "Claim.label",
            "Reference.label",
            "Heading.number",
            "Equation.label",
            "NoteItem.label",
        ),
    ]
)


def check_templates(own: OwnTemplates | None, settings: Settings) -> list[Problem]:
    """Set specimens that hold every kind of node, as a PDF and in every other format.

    What stops is an error; a field of a node that is never printed is a warning, or what the settings make of it.
    """
    printed: list[tuple[Printed, ...]] = []
    full, bare = specimens(SECTIONS)
    for specimen in (full, bare):
        try:
            printed.append(_typeset(specimen, own, settings))
            for _, write in FORMATS.values():
                write(specimen, own, settings.style)
        except ReportgenError as error:
            blamed = own if isinstance(error, TypesetError) else None
            return [of_template(each, blamed.folder) if blamed else each for each in error.problems]
    hint = "what a record says there would be lost from the page"
    unprinted = [
        Problem("field-unprinted", Level.WARNING, Where(), f"no template prints {name}", hint)
        for name in _unprinted(full, printed[0])
    ]
    return apply_levels(unprinted, settings.levels)


def _typeset(specimen: Report, own: OwnTemplates | None, settings: Settings) -> tuple[Printed, ...]:
    body = render_body(specimen, (), own)
    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    plan = fonts.plan_fonts(body.numbered.tex, engine=settings.engine, families=families)
    figures = {FIGURE: empty_page(FIGURE, 400, 100)}
    set_body(
        body.numbered,
        plan,
        families,
        own,
        settings,
        figures=figures,
        date=dt.date(2026, 1, 1),
        where=lambda pointer: Where(pointer=pointer),
    )
    return body.printed


def _unprinted(specimen: Report, printed: tuple[Printed, ...]) -> list[str]:
    said = {each.text.strip() for each in printed}
    lines = {(name, line.strip()) for name, text in _texts(specimen, "") for line in text.splitlines()}
    return sorted({name for name, line in lines if line not in said})


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a tree that is to be read, with the class and field that hold it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part, name)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            full = f"{type(value).__name__}.{field.name}"
            if not {field.name, full} & _NEVER_LOOKED_FOR:
                yield from _texts(getattr(value, field.name), full)
