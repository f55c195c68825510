"""Functions that a process beside can be asked to call."""

from __future__ import annotations

import os

from reportgen.base.errors import Level, Problem, SetupError, Where


def where(_: object) -> int:
    return os.getpid()


def refuse(message: str) -> None:
    raise SetupError([Problem("chart-font", Level.ERROR, Where("x.ttf"), message)])
