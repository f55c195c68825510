"""How many formulas of a file are set: `./run bench formulas FILE`, one formula a line, without its dollars.

Each is read, and what can be read is set in both engines with a report's preamble. The rest is listed with reasons.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from reportgen.base.errors import ReportgenError, Where
from reportgen.base.settings import Limits
from reportgen.base.style import Style
from reportgen.latex.fonts import declare_faces, mark_font_runs, plan_fonts
from reportgen.latex.mathematics import set_formula
from reportgen.latex.render import render_preamble
from reportgen.pdf.typeset import typeset
from reportgen.text.mathematics import NotMathematics, parse_formula
from reportgen.text.structure import number, tag

ENGINES = ("pdftex", "luatex")
TOGETHER = 200
"""Formulas in one run of TeX; where it fails, the run is halved until the culprit stands alone."""


def main(arguments: list[str]) -> int:
    """Read the file that is named, and print what is set of it."""
    (path,) = arguments
    sources = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    reasons = faults_of(sources)
    for source, reason in reasons.items():
        print(f"{source}\n    {reason}")
    count = sum(source not in reasons for source in sources)
    print(f"{count} of {len(sources)} formulas are set: {100 * count / max(1, len(sources)):.1f} %")
    return 0


def faults_of(sources: list[str]) -> dict[str, str]:
    """Return why each formula that is not set is not."""
    reasons: dict[str, str] = {}
    written: dict[str, str] = {}
    for source in sources:
        try:
            written[source] = set_formula(parse_formula(source))
        except NotMathematics as error:
            reasons[source] = str(error)
    for engine in ENGINES:
        items = list(written.items())
        for start in range(0, len(items), TOGETHER):
            reasons |= _faults(items[start : start + TOGETHER], engine)
    return reasons


def _faults(items: list[tuple[str, str]], engine: str) -> dict[str, str]:
    try:
        _set([tex for _, tex in items], engine)
    except ReportgenError as error:
        if len(items) == 1:
            return {items[0][0]: f"{engine}: {error}"}
        middle = len(items) // 2
        return _faults(items[:middle], engine) | _faults(items[middle:], engine)
    return {}


def _set(formulas: list[str], engine: str) -> None:
    """Set each formula as a paragraph.

    Raises:
        ReportgenError: TeX stops, or a font lacks a character.

    """
    body = "\n".join(tag("P", tag("Formula", f"${tex}$", alt="formula")) + "\\par" for tex in formulas)
    numbered = number(f"\\begin{{document}}\n{body}\n\\end{{document}}\n")
    plan = plan_fonts(numbered.tex, engine="auto" if engine == "pdftex" else engine)
    result = typeset(
        declare_faces(plan) + mark_font_runs(numbered.tex, plan),
        render_preamble(engine=plan.engine, style=Style()),
        engine=plan.engine,
        faces=plan.faces,
        figures={},
        date=dt.date(2026, 5, 30),
        limits=Limits(),
        origin=lambda _: Where(),
    )
    if missing := [problem for problem in result.problems if problem.code == "missing-glyph"]:
        raise ReportgenError(missing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
