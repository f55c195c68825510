"""What the command line prints: problems as lines for people, or as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from reportgen.errors import Level, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow"}


def print_problems(problems: Iterable[Problem]) -> None:
    """Print each problem on the error stream: place, level and code, message, next step."""
    for problem in problems:
        place = f"{problem.where}: " if str(problem.where) else ""
        level = click.style(f"{problem.level}[{problem.code}]", fg=_STYLES[problem.level], bold=True)
        hint = click.style(f" ({problem.hint})", dim=True) if problem.hint else ""
        click.echo(f"{place}{level}: {problem.message}{hint}", err=True)


def print_json(value: Any) -> None:
    """Print a value as JSON on the output stream."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def counted(problems: Sequence[Problem]) -> str:
    """Say how many warnings there are: ``3 warnings``."""
    warnings = sum(problem.level is Level.WARNING for problem in problems)
    return f"{warnings} warning{'' if warnings == 1 else 's'}"
