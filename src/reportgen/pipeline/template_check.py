"""What is wrong with a project's own templates: found by setting specimens with them, in every output."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, ReportgenError, TypesetError, Where
from reportgen.charts.place import empty_page
from reportgen.content import SECTIONS
from reportgen.exports import FORMATS
from reportgen.latex import fonts
from reportgen.latex.render import render_body, render_preamble
from reportgen.pdf.typeset import Demands, typeset
from reportgen.pipeline.build import of_template
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
        *("at", "id", "lang", "name", "alt", "uri", "anchor", "spoken", "align", "direction", "source"),
        *("language", "title", "authors", "description", "head"),
        # Numbers of ours.
        *(
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

    What stops is an error; a field of a node that is never printed is a warning.
    """
    printed: list[tuple[Printed, ...]] = []
    full, bare = specimens(SECTIONS)
    for specimen in (full, bare):
        try:
            printed.append(_typeset(specimen, own, settings))
            for _, write in FORMATS.values():
                write(specimen, own, settings.style)
        except TypesetError as error:
            return (
                [of_template(problem, own.folder) for problem in error.problems]
                if own
                else list(error.problems)
            )
        except ReportgenError as error:
            return list(error.problems)
    hint = "what a record says there would be lost from the page"
    return [
        Problem("field-unprinted", Level.WARNING, Where(), f"no template prints {name}", hint)
        for name in sorted(set(_unprinted(full, printed[0])))
    ]


def _typeset(specimen: Report, own: OwnTemplates | None, settings: Settings) -> tuple[Printed, ...]:
    body = render_body(specimen, (), own)
    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    plan = fonts.plan_fonts(body.numbered.tex, engine=settings.engine, families=families)
    head = fonts.declare_faces(plan)
    typeset(
        head + fonts.mark_font_runs(body.numbered.tex, plan),
        render_preamble(engine=plan.engine, style=settings.look, families=families, own=own),
        engine=plan.engine,
        faces=(*plan.own, *plan.faces),
        figures={FIGURE: empty_page(FIGURE, 400, 100)},
        date=dt.date(2026, 1, 1),
        limits=settings.limits,
        demands=Demands(bool(own and own.texts), settings.require_sandbox, settings.allow_unsandboxed),
        origin=lambda line: Where(body.numbered.pointer_at(line - head.count("\n"))),
    )
    return body.printed


def _unprinted(specimen: Report, printed: tuple[Printed, ...]) -> Iterator[str]:
    said = {each.text.strip() for each in printed}
    for name, text in _texts(specimen, ""):
        if not all(line.strip() in said for line in text.splitlines()):
            yield name


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
