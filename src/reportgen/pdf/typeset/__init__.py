"""TeX: formats, engines, limits, and its log turned into problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.cache import still_whole
from reportgen.base.errors import TypesetError
from reportgen.base.timings import stage
from reportgen.pdf.typeset.calls import refused_calls
from reportgen.pdf.typeset.engines import ENGINES, engine_version
from reportgen.pdf.typeset.faces import load_faces
from reportgen.pdf.typeset.formats import dumped_format
from reportgen.pdf.typeset.log import log_problems, pages_in, raise_on_error, tail, tex_problem
from reportgen.pdf.typeset.permission import NO_SANDBOX, Demands, permit
from reportgen.pdf.typeset.sandbox import FLAGS, Job, run_tex
from reportgen.pdf.typeset.walls import walls_fault

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from reportgen.base.errors import Problem
    from reportgen.base.settings import Limits
    from reportgen.pdf.typeset.log import Origin
    from reportgen.text.faces import Face, ScriptFaces

__all__ = [
    "ENGINES",
    "NO_SANDBOX",
    "Demands",
    "Typeset",
    "engine_version",
    "refused_calls",
    "typeset",
    "walls_fault",
]

_NO_DEMANDS = Demands()


@dataclass(frozen=True, slots=True)
class Typeset:
    """The result of one run of TeX: the raw PDF, the complaints of its log, and whether walls were lacking.

    ``last_fill`` is how much of the text area of the last of its ``pages`` is taken, from 0 to 1.
    """

    pdf: bytes
    problems: tuple[Problem, ...]
    pages: int = 0
    last_fill: float = 1.0


@stage("typeset")
def typeset(
    body: str,
    preamble: str,
    *,
    engine: str,
    faces: Iterable[Face | ScriptFaces] = (),
    figures: Mapping[str, bytes],
    date: dt.date,
    limits: Limits,
    origin: Origin,
    demands: Demands = _NO_DEMANDS,
) -> Typeset:
    """Run TeX once over a document in a private folder and read back its PDF.

    ``figures`` are PDF files by name. The folder is gone afterwards, whatever happened.

    Raises:
        SetupError: the engine or one of its packages is not installed, or it may not run where no walls stand.
        TypesetError: TeX stopped on an error or ran into a limit.

    """
    program = ENGINES[engine]
    warnings = permit(program, demands)
    format_file = dumped_format(program, preamble)
    faces = tuple(faces)
    if engine == "luatex":
        load_faces(faces)
    job = Job(
        program,
        ("-fmt=./report.fmt", *FLAGS, "report.tex"),
        {"report.tex": body.encode(), **{f"{name}.pdf": content for name, content in figures.items()}},
        ("report.log", "report.pdf"),
        date,
        limits,
        links={"report.fmt": format_file, **{file.file: file.path for face in faces for file in face.files}},
    )
    done = run_tex(job)
    if done.outcome.returncode and not still_whole(format_file):
        # The cache was cleared between the lookup and the start of TeX, or the file altered before it.
        dumped_format(program, preamble)
        done = run_tex(job)
    log = done.text("report.log")
    raise_on_error(done.outcome, log, limits, origin)
    # TeX leaves an empty file where it opened one and shipped no page.
    if not done.results["report.pdf"]:
        message = "TeX ended without a page and without an error"
        raise TypesetError([tex_problem("no-pdf", message, tail(done.outcome.output))])
    pages, last_fill = pages_in(log)
    problems = (*warnings, *log_problems(log, origin))
    return Typeset(done.results["report.pdf"], problems, pages, last_fill)
