"""Whether workers have the client's tools: with others the reports would not be the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, SetupError, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = 5  # differences that a message names; fonts alone may be fifty


def differences(worker: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    """Say in what a worker's tools are not ours, one sentence a tool; nothing where they are the same."""
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    told = [
        f"the worker {worker} has {name} {theirs.get(name, 'absent')}, this machine has {ours.get(name, 'absent')}"
        for name in names[:_NAMED]
    ]
    more = len(names) - _NAMED
    return told + ([f"{more} more tools of the worker {worker} differ"] if more > 0 else [])


def require_same_tools(client: Any, engine: str, ours: Mapping[str, str]) -> None:
    """Ask every worker there is for its tools.

    Raises:
        SetupError: a worker has others, or cannot say; each difference is named.

    """

    def asked() -> Mapping[str, str]:
        # Travels as code: a worker without reportgen could not even read the name of a function of ours.
        from reportgen.pipeline.batch.freshness import tools_here

        return tools_here(engine)

    problems = []
    for worker, theirs in sorted(client.run(asked, on_error="return").items()):
        if isinstance(theirs, Exception):
            message = f"the worker {worker} cannot say which tools it has: {type(theirs).__name__}: {theirs}"
            hint = "install the same reportgen there as here, with TeX"
            problems.append(Problem("worker-tools", Level.ERROR, Where(), message, hint))
            continue
        hint = "give every worker this machine's tools: the same image, or the same lock file"
        problems += [
            Problem("other-tools", Level.ERROR, Where(), text, hint)
            for text in differences(worker, ours, theirs)
        ]
    if problems:
        raise SetupError(problems)
