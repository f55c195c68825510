"""The coded checks: what is wrong with a record that could be read, or what its reader should know.

Each check has a stable code, a level that a project can set in ``reportgen.toml``, and a hint. `CHECKS` is
the table of them; the documentation is made from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.analysis.checks import claims, sources, texts, verdicts
from reportgen.analysis.checks.subject import Check, Knowledge, Subject
from reportgen.base.errors import Level, Problem
from reportgen.record import place_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.base.settings import Settings
    from reportgen.record import Loaded

__all__ = ["CHECKS", "Check", "Knowledge", "Subject", "apply_levels", "check", "check_subject"]

_NOTHING = Knowledge()

CHECKS = {each.code: each for module in (texts, claims, sources, verdicts) for each in module.CHECKS}
"""Every check by its code, in the order of the documentation."""


def check(
    loaded: Loaded,
    settings: Settings,
    bibliography_problems: Iterable[Problem] = (),
    knowledge: Knowledge = _NOTHING,
) -> list[Problem]:
    """Run every check that the settings do not ignore; give the problems in the order of their places.

    ``bibliography_problems`` are found elsewhere and ordered with these. The levels are those of the
    settings; strictness is `apply_levels`' to add.
    """
    return check_subject(Subject(loaded, knowledge), settings, bibliography_problems)


def check_subject(subject: Subject, settings: Settings, found: Iterable[Problem]) -> list[Problem]:
    """Run the checks as `check` does, over a record that is under examination already."""
    loaded, problems = subject.loaded, list(found)
    for each in CHECKS.values():
        if settings.levels.get(each.code) != "ignore":
            problems += [
                Problem(each.code, each.level, loaded.where(pointer), message, each.hint)
                for pointer, message in each.find(subject)
            ]
    first = loaded.document.file
    return sorted(apply_levels(problems, settings), key=lambda problem: place_order(problem, first))


def apply_levels(problems: Iterable[Problem], settings: Settings, *, strict: bool = False) -> list[Problem]:
    """Give problems the levels that the settings set for their codes; with ``strict`` warnings are errors.

    Ignored problems are left out, also under ``strict``. Applying it again changes nothing.
    """
    result = []
    for problem in problems:
        level = settings.levels.get(problem.code, problem.level)
        if level == "ignore":
            continue
        level = Level.ERROR if strict else Level(level)
        result.append(problem if level is problem.level else replace(problem, level=level))
    return result
