"""Which of a project's own templates stops a report: the one without which it is not stopped, or not there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, TemplateError, Where

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.base.own_templates import OwnTemplates

_MOST_TRIALS = 12
_COMMAND = re.compile(r"\\[A-Za-z@]+")
_NUMBER = re.compile(r"\d+")
_CODES = frozenset(["tex-error", "tex-stopped", "typeset", "text-lost"])
_TEMPLATE = "mend this template: with the packaged one in its place, the report is made"
_FOLDER = "mend the templates in this folder: with the packaged ones in their places, the report is made"


def blamed(
    error: ReportgenError, own: OwnTemplates | None, again: Callable[[OwnTemplates], object]
) -> ReportgenError:
    """Return an error that names the project's template behind it, and the error itself where none is.

    ``again`` does what failed with fewer of the templates, the packaged ones in their places.
    """
    if not own or not (said := _said(error)):
        return error
    names = _suspects(said, own)
    for name in names:
        if said != _outcome(again, _without(own, {name})):
            return _laid_to(error, str(own.folder / name), _TEMPLATE)
    if len(names) > 1 and said != _outcome(again, _without(own, set(own.names))):
        return _laid_to(error, str(own.folder), _FOLDER)
    return error


def _suspects(said: tuple[str, ...], own: OwnTemplates) -> list[str]:
    """Return the templates that may be at fault, first those that hold a command which TeX names."""
    commands = {command for message in said for command in _COMMAND.findall(message)}
    texts = {name: text for name, text in own.texts if name.startswith("latex/")}
    rarity = {command: sum(command in text for text in texts.values()) for command in commands}

    def likeness(name: str) -> float:
        return sum(1 / rarity[command] for command in commands if command in texts[name])

    return sorted(texts, key=likeness, reverse=True)[:_MOST_TRIALS]


def _without(own: OwnTemplates, names: set[str]) -> OwnTemplates:
    return replace(own, texts=tuple((name, text) for name, text in own.texts if name not in names))


def _outcome(again: Callable[[OwnTemplates], object], own: OwnTemplates) -> tuple[str, ...]:
    try:
        again(own)
    except ReportgenError as error:
        return _said(error)
    return ()


def _said(error: ReportgenError) -> tuple[str, ...]:
    """Return what an error says, but for the numbers of lines and pages, which another template shifts."""
    return tuple(
        f"{each.code} {_NUMBER.sub('', each.message)}" for each in error.problems if _is_of_template(each)
    )


def _is_of_template(problem: Problem) -> bool:
    """Tell whether a template can be behind an error; where TeX took too long, each trial would, too."""
    if problem.level is not Level.ERROR or problem.where.file.endswith(".j2"):
        return False
    return problem.code in _CODES or problem.code.startswith("tag-")


def _laid_to(error: ReportgenError, place: str, hint: str) -> TemplateError:
    """Lay what stops the report at the door of a template."""
    return TemplateError(
        [_placed(each, Where(place), hint) if _is_of_template(each) else each for each in error.problems]
    )


def _placed(problem: Problem, where: Where, hint: str) -> Problem:
    if not problem.code.startswith("tex-"):
        return replace(problem, where=where, hint=problem.hint if problem.code.startswith("tag-") else hint)
    message = problem.message.replace("TeX stopped", "the project's own template stops TeX", 1)
    return replace(problem, code="template-tex", where=where, message=message, hint=hint)
