"""The coded checks: what is wrong with a record that could be read, or what its reader should know.

Each check has a stable code, a level that a project can set in ``reportgen.toml``, and a hint. `CHECKS` is
the table of them; `reportgen.explanations` says what each means.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.analysis.checks import (
    claims,
    corrections,
    exhibits,
    mathematics,
    places,
    report,
    sources,
    texts,
    verdicts,
)
from reportgen.analysis.checks.subject import Check, Knowledge, Subject
from reportgen.base.errors import Level, Problem
from reportgen.record import place_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reportgen.record import Loaded

__all__ = ["CHECKS", "Check", "Knowledge", "Subject", "apply_levels", "check", "check_subject"]

_NOTHING = Knowledge()

CHECKS = {
    each.code: each
    for module in (texts, places, exhibits, mathematics, claims, sources, verdicts, corrections, report)
    for each in module.CHECKS
}
"""Every check by its code, in the order of the documentation."""


def check(
    loaded: Loaded,
    levels: Mapping[str, str],
    bibliography_problems: Iterable[Problem] = (),
    knowledge: Knowledge = _NOTHING,
) -> list[Problem]:
    """Run every check that no level ignores; return the problems in the order of their places.

    ``levels`` are those of the settings; strictness is `apply_levels`' to add. ``bibliography_problems`` are found
    elsewhere and ordered with these.
    """
    return check_subject(Subject(loaded, knowledge), levels, bibliography_problems)


def check_subject(subject: Subject, levels: Mapping[str, str], found: Iterable[Problem]) -> list[Problem]:
    """Run the checks as `check` does, over a record that is under examination already."""
    loaded, problems = subject.loaded, list(found)
    for each in CHECKS.values():
        if levels.get(each.code) != "ignore":
            problems += [
                Problem(each.code, each.level, loaded.where(pointer), message, "".join(hint) or each.hint)
                for pointer, message, *hint in each.find(subject)
            ]
    first = loaded.document.file
    return sorted(apply_levels(problems, levels), key=lambda problem: place_order(problem, first))


def apply_levels(
    problems: Iterable[Problem], levels: Mapping[str, str], *, strict: bool = False
) -> list[Problem]:
    """Return problems with the levels that are set for their codes; with ``strict`` warnings are errors.

    Ignored problems are left out, also under ``strict``. Applying it again changes nothing.
    """
    result = []
    for problem in problems:
        level = levels.get(problem.code, problem.level)
        if level == "ignore":
            continue
        level = Level.ERROR if strict else Level(level)
        result.append(problem if level is problem.level else replace(problem, level=level))
    return result
