"""What only the user of a command may allow: options that the commands which build reports have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

trust_option = click.option(
    "--trust-templates",
    is_flag=True,
    help="For this run, trust the project's own templates, and the places outside it that it names.",
)
_OPTIONS = (
    trust_option,
    click.option("--require-sandbox", is_flag=True, help="Refuse to run TeX without a sandbox."),
    click.option(
        "--allow-unsandboxed",
        is_flag=True,
        help="Let the project's own templates run in LuaTeX even where there is no sandbox.",
    ),
)


def safety_options(command: F) -> F:
    """Add the options; the command takes them as ``**safety`` and hands them to `find_settings`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
