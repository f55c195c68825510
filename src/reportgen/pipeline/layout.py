"""From a rendered report to pages: `lay_out` runs TeX, and again only for a reason that it names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base.early_import import importing
from reportgen.base.timings import stage
from reportgen.content.contents import with_contents
from reportgen.latex import fonts
from reportgen.latex.fit import USUAL, better_fit
from reportgen.latex.render import render_body, render_preamble
from reportgen.pdf.typeset import Demands, Typeset, typeset

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from reportgen.base.errors import Where
    from reportgen.base.own_templates import OwnTemplates
    from reportgen.base.settings import Settings
    from reportgen.charts import Chart
    from reportgen.latex.escaping import Latex
    from reportgen.latex.render import Body
    from reportgen.pdf.pictures import Picture
    from reportgen.pipeline.compose import Composed
    from reportgen.text.families import Family
    from reportgen.text.report import Report
    from reportgen.text.structure import Numbered

FEWEST_PAGES = 10
"""So many pages have a contents list on paper."""
SURELY_LONG = 200
"""Of so many claims a report has as many pages: its list stands there from the first run."""
_MOST_RUNS = 5
"""Of TeX: a list that has not come to rest by then is left out."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A typeset document: its body, its whole LaTeX source, what TeX made of it, its fonts, the drawings to put in."""

    body: Body
    source: str
    raw: Typeset
    plan: fonts.FontPlan
    drawings: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The tree to be set, and how closely; a list of contents is part of it."""

    tree: Report
    fit: Latex = USUAL


def lay_out(
    body: Body, made: Composed, settings: Settings, plan: fonts.FontPlan, families: tuple[Family, ...]
) -> LaidOut:
    """Typeset a report, and draw what is put into it meanwhile.

    TeX runs again where the report is long, until its contents list has the pages of all headings, and where the last
    page is all but empty, once. ``body`` is the report without a list. The same report takes the same runs.

    Raises:
        TypesetError: TeX stopped.

    """
    drawings: list[Chart | Picture] = [*made.inputs.figures.printed, *made.pictures]

    def run(body: Body, fit: Latex) -> tuple[str, Typeset]:
        return set_body(
            body.numbered,
            plan,
            families,
            made.own,
            settings,
            figures={part.name: part.place for part in drawings},
            date=made.loaded.record.date,
            where=made.loaded.where,
            fit=fit,
        )

    # TeX is another process, and the import of matplotlib another one's: neither waits for the other.
    with (
        ThreadPoolExecutor(1) as pencil,
        importing("reportgen.pdf.finish", "reportgen.pdf.attachments", "pypdfium2"),
    ):
        drawn = pencil.submit(_draw, drawings)
        layout = _Layout(made.tree)
        if len(made.inputs.record.claims) >= SURELY_LONG:
            layout = _Layout(with_contents(made.tree, {}, made.inputs))
            body = _rendered(layout, made)
        source, raw = run(body, layout.fit)
        for number in range(2, _MOST_RUNS + 1):
            if (better := _better(layout, raw, made)) == layout:
                break
            layout = better if number < _MOST_RUNS else replace(better, tree=made.tree)
            body = _rendered(layout, made)
            source, raw = run(body, layout.fit)
    return LaidOut(body, source, raw, plan, drawn.result())


def _rendered(layout: _Layout, made: Composed) -> Body:
    return render_body(layout.tree, tuple(made.inputs.wording.texts()), made.own)


def _better(layout: _Layout, raw: Typeset, made: Composed) -> _Layout:
    """Return the layout that what TeX made of this one calls for; this one where nothing is amiss."""
    is_listed = layout.tree is not made.tree
    if is_listed or raw.pages >= FEWEST_PAGES:
        from reportgen.pdf.anchors import pages_of_anchors  # with pikepdf, imported beside TeX

        listed = replace(layout, tree=with_contents(made.tree, pages_of_anchors(raw.pdf), made.inputs))
        if listed != layout:
            return listed
    return replace(layout, fit=layout.fit or better_fit(raw.pages, raw.last_fill))


def set_body(
    body: Numbered,
    plan: fonts.FontPlan,
    families: tuple[Family, ...],
    own: OwnTemplates | None,
    settings: Settings,
    *,
    figures: Mapping[str, bytes],
    date: dt.date,
    where: Callable[[str], Where],
    fit: Latex = USUAL,
) -> tuple[str, Typeset]:
    """Typeset a body in its fonts; return the whole LaTeX source and what TeX made of it.

    ``where`` gives the place of a JSON pointer.

    Raises:
        TypesetError: TeX stopped.

    """
    preamble = render_preamble(engine=plan.engine, style=settings.look, families=families, own=own)
    head = fonts.declare_faces(plan) + fit
    tex = head + fonts.mark_font_runs(body.tex, plan)
    raw = typeset(
        tex,
        preamble,
        engine=plan.engine,
        faces=(*plan.own, *plan.faces),
        figures=figures,
        date=date,
        limits=settings.limits,
        demands=Demands(bool(own and own.texts), settings.require_sandbox, settings.allow_unsandboxed),
        origin=lambda line: where(body.pointer_at(line - head.count("\n"))),
    )
    return preamble + tex, raw


@stage("draw")
def _draw(parts: Sequence[Chart | Picture]) -> dict[str, bytes]:
    return {part.name: part.pdf for part in parts}
