"""TeX: formats, engines, limits, and its log turned into problems."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import TypesetError
from reportgen.places import require_room
from reportgen.store import still_whole
from reportgen.timings import stage
from reportgen.typeset.engines import ENGINES, engine_version
from reportgen.typeset.formats import dumped_format
from reportgen.typeset.log import log_problems, raise_on_error, tail, tex_problem
from reportgen.typeset.sandbox import (
    FLAGS,
    limited,
    private_environment,
    read_bytes,
    run,
    sandbox_works,
    sandboxed,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from reportgen.errors import Problem
    from reportgen.fonts import Face
    from reportgen.settings import Limits
    from reportgen.typeset.log import Origin

__all__ = ["ENGINES", "Typeset", "engine_version", "sandbox_works", "typeset"]


@dataclass(frozen=True, slots=True)
class Typeset:
    """What one run of TeX gave: the raw PDF and what its log complains of."""

    pdf: bytes
    problems: tuple[Problem, ...]


@stage("typeset")
def typeset(
    body: str,
    preamble: str,
    *,
    engine: str,
    faces: Iterable[Face] = (),
    figures: Mapping[str, bytes],
    date: dt.date,
    limits: Limits,
    origin: Origin,
) -> Typeset:
    """Run TeX once over a document in a private folder and read back its PDF.

    ``figures`` are PDF files by name. The folder is gone afterwards, whatever happened.

    Raises:
        SetupError: the engine or one of its packages is not installed.
        TypesetError: TeX stopped on an error or ran into a limit.

    """
    program = ENGINES[engine]
    environment = private_environment(date)
    format_file = dumped_format(program, preamble, environment)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name)
        (folder / "report.tex").write_text(body, encoding="utf-8")
        for figure, content in figures.items():
            (folder / f"{figure}.pdf").write_bytes(content)
        for face in faces:
            (folder / face.file).symlink_to(face.path)
        command = [program.program, f"-fmt={format_file}", *FLAGS, "report.tex"]
        readable = [format_file.parent, *(face.path.resolve().parent for face in faces)]
        walled = sandboxed(limited(command, limits), program.program, folder, readable)
        outcome = run(walled, folder, environment, limits)
        if outcome.returncode:
            require_room(folder)
        if outcome.returncode and not still_whole(format_file):
            # The cache was cleared between the lookup and the start of TeX, or the file altered before it.
            dumped_format(program, preamble, environment)
            outcome = run(walled, folder, environment, limits)
        log = read_bytes(folder / "report.log").decode("utf-8", "replace")
        raise_on_error(outcome, log, limits, origin)
        # TeX leaves an empty file where it opened one and shipped no page.
        pdf = read_bytes(folder / "report.pdf")
        if not pdf:
            message = "TeX ended without a page and without an error"
            raise TypesetError([tex_problem("no-pdf", message, tail(outcome.output))])
        return Typeset(pdf, tuple(log_problems(log, origin)))
