"""The check of a project's own templates: specimens are set with them, in every output."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from reportgen.analysis.checks import apply_levels
from reportgen.base.errors import Level, Problem, ReportgenError, TypesetError, Where
from reportgen.charts.place import empty_page
from reportgen.content import SECTIONS
from reportgen.exports.markdown import render_markdown
from reportgen.html.render import render_page
from reportgen.latex import fonts
from reportgen.latex.render import LATEX, render_body
from reportgen.pdf.text_check import prove_text
from reportgen.pipeline.blame import blamed
from reportgen.pipeline.build import untagged
from reportgen.pipeline.compose import stop_on_errors
from reportgen.pipeline.layout import set_body
from reportgen.text.families import chosen_families
from reportgen.text.specimen import FIGURE, specimens
from reportgen.text.templates import template_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.latex.render import Body
    from reportgen.pdf.finish import FinishReport
    from reportgen.text.report import Report
    from reportgen.text.templates import Printed

_LOST = "what a record says there would be lost from the page"
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

    What stops is an error; a text of a node that is not printed, or not tagged, is a warning, or what the settings
    make of it.
    """
    full, bare = specimens(SECTIONS)
    try:
        body, found = _tried(full, own, settings)
        found += _tried(bare, own, settings)[1]
    except ReportgenError as error:
        return [
            *blamed(
                error, own, lambda fewer: [_tried(each, fewer, settings) for each in (full, bare)]
            ).problems
        ]
    found += _unprinted(full, body.printed, own)
    return apply_levels(dict.fromkeys(found), settings.levels)


def _tried(specimen: Report, own: OwnTemplates | None, settings: Settings) -> tuple[Body, list[Problem]]:
    """Write a specimen in every format; return its body, and the pages with words without a tag.

    Raises:
        ReportgenError: a template stops it.

    """
    body = render_body(specimen, (), own)
    render_page(specimen, own, settings.style)
    render_markdown(specimen, own)
    finished = _finished(body, own, settings)
    stop_on_errors(prove_text(finished.pdf, body.printed, ""), TypesetError)
    return body, [untagged(page) for page in finished.loose_text]


def _finished(body: Body, own: OwnTemplates | None, settings: Settings) -> FinishReport:
    from reportgen.pdf.finish import Metadata, finish

    families = chosen_families(settings.style.faces, settings.engine, settings.root)
    plan = fonts.plan_fonts(body.numbered.tex, engine=settings.engine, families=families)
    figure, day = empty_page(FIGURE, 400, 100), dt.date(2026, 1, 1)
    _, raw = set_body(
        body.numbered,
        plan,
        families,
        own,
        settings,
        figures={FIGURE: figure},
        date=day,
        where=lambda pointer: Where(pointer=pointer),
    )
    described = Metadata("A specimen", ("An Author",), day, "urn:specimen", "reportgen")
    return finish(raw.pdf, body.numbered.root, described, ())


def _unprinted(specimen: Report, printed: tuple[Printed, ...], own: OwnTemplates | None) -> Iterator[Problem]:
    """Yield the fields that are printed nowhere, and those that are printed of some nodes and not of others."""
    said = {each.text.strip() for each in printed}
    lines: dict[str, dict[str, bool]] = defaultdict(dict)
    for name, text in _texts(specimen, ""):
        lines[name].update((line.strip(), line.strip() in said) for line in text.splitlines())
    for name, found in sorted(lines.items()):
        if lost := [line for line, is_said in found.items() if not is_said]:
            message = f"no template prints {name}"
            if any(found.values()):
                message = f"{name} is not printed everywhere: {lost[0]!r} is lost"
            yield Problem("field-unprinted", Level.WARNING, _template_of(name, own), message, _LOST)


def _template_of(name: str, own: OwnTemplates | None) -> Where:
    """Name the project's own template of the class that holds a field, where it has one."""
    template = template_name(name.partition(".")[0], LATEX)
    return Where(str(own.folder / template)) if own and template in own.names else Where()


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
