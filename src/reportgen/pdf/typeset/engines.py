"""The TeX engines: their programs and formats."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.errors import SetupError
from reportgen.base.packages import how_to_install
from reportgen.base.programs import PROGRAMS
from reportgen.pdf.typeset.log import tex_problem


@dataclass(frozen=True, slots=True)
class Engine:
    """One TeX engine: its program and the LaTeX format our preamble is dumped on top of."""

    name: str
    program: str
    base_format: str


ENGINES = {
    "pdftex": Engine("pdftex", "pdftex", "pdflatex"),
    "luatex": Engine("luatex", "luahbtex", "lualatex"),
}


def engine_version(name: str) -> str:
    """Return the first line of the engine's ``--version``.

    Raises:
        SetupError: the engine is not installed.

    """
    program = PROGRAMS[ENGINES[name].program]
    if program.path is None:
        hint = f"install it: {how_to_install(program.name)}; `reportgen doctor` checks everything"
        message = f"the TeX engine {program.name} is not installed"
        raise SetupError([tex_problem("engine-missing", message, hint)])
    return program.version()
