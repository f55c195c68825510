"""The rule for running TeX without walls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, SetupError, Where
from reportgen.pdf.typeset.walls import walls_fault

if TYPE_CHECKING:
    from reportgen.pdf.typeset.engines import Engine

NO_SANDBOX = "no-sandbox"
_HINT = "`reportgen doctor` says what to do"


@dataclass(frozen=True, slots=True)
class Demands:
    """The inputs of that rule: whether templates are a project's own, and what the user asked for."""

    own_templates: bool = False
    require_sandbox: bool = False
    allow_unsandboxed: bool = False


def permit(engine: Engine, demands: Demands) -> tuple[Problem, ...]:
    """Let an engine run, or refuse it; give what a reader of the log should know.

    Without walls the packaged templates run: of a record they print text only. So do a project's own, trusted
    ones in pdfTeX, which reads and writes nothing outside its folder. LuaTeX gives templates a programming
    language that does, so there they run only where the user allowed that.

    Raises:
        SetupError: there are no walls, and the user asked for them or did not allow this run without.

    """
    fault = walls_fault()
    if not fault:
        return ()
    if demands.require_sandbox:
        raise SetupError([_problem(Level.ERROR, f"TeX cannot run in a sandbox, which is required: {fault}")])
    if demands.own_templates and engine.name == "luatex" and not demands.allow_unsandboxed:
        message = f"own templates may not run in LuaTeX without a sandbox: {fault}"
        hint = f"{_HINT}; --allow-unsandboxed lets their Lua code read and write all that you can"
        raise SetupError([_problem(Level.ERROR, message, hint)])
    return (_problem(Level.WARNING, f"TeX runs without a sandbox: {fault}"),)


def _problem(level: Level, message: str, hint: str = _HINT) -> Problem:
    return Problem(NO_SANDBOX, level, Where(), message, hint)
