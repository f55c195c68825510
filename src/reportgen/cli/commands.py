"""What commands have in common: how their help is laid out, and arguments and options of several of them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.cli import completing
from reportgen.exports import FORMATS, GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")
_LAST = re.compile(r"\n\n(?=(?:Examples?|Exit codes):\n)")


class Command(click.Command):
    """A command whose help ends, after its options, in the examples and exit codes of its docstring."""

    def __init__(self, name: str, *, help: str = "", **options: Any) -> None:  # noqa: A002 - click's name
        """Lay out the docstring, which click gives as ``help``."""
        text, *last = _LAST.split(inspect.cleandoc(help))
        epilog = "\n\n".join(f"\b\n{part}" for part in last)
        super().__init__(name, help=text, epilog=epilog, **options)


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command


def _without_others(
    _context: click.Context, _parameter: click.Parameter, given: tuple[Path, ...]
) -> tuple[Path, ...]:
    """Leave out lock files and schemas, which `records/*.json` names beside the records."""
    from reportgen.record.other_files import beside_records

    return tuple(path for path in given if not beside_records(path.name)) or given


def _records(metavar: str, *, every: bool = False) -> Callable[[F], F]:
    return click.argument(
        "records",
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path),
        metavar=metavar,
        callback=None if every else _without_others,
        shell_complete=completing.records,
    )


records_argument = _records("RECORD...")
given_argument = _records("RECORD|DIR|-...")
"""The same for commands that take what `given_records` does."""
checked_argument = _records("RECORD|DIR|-...", every=True)
"""The same with all files that are named, also those that are no records."""
folder_argument = click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[DIR]"
)
output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the PDFs [out]."
)
format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print the result.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
input_format_option = click.option(
    "--input-format",
    type=click.Choice(["json", "yaml"]),
    help="What the standard input holds [JSON where it begins with a bracket].",
)
poll_option = click.option(
    "--poll",
    is_flag=True,
    help="Look for changes again and again; for network folders and mounts that tell none.",
)
engine_option = click.option(
    "--engine", type=click.Choice(["auto", "pdftex", "luatex"]), help="TeX engine to use."
)
paper_option = click.option("--paper", type=click.Choice(["a4", "letter"]), help="Paper size.")
with_option = click.option(
    "--with",
    "formats",
    multiple=True,
    type=click.Choice([*FORMATS, *GROUPS]),
    callback=lambda _context, _parameter, given: given or None,
    help="A format, or a group of them, to write beside each PDF; repeat it [`formats` of reportgen.toml].",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors only, not warnings.")


def _print_each(_: click.Context, __: click.Parameter, wanted: bool) -> None:
    from reportgen.cli.messages import print_each

    print_each(wanted)


all_option = click.option(
    "--all",
    is_flag=True,
    expose_value=False,
    callback=_print_each,
    help="Print each problem, also the many of one kind.",
)
report_option = click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the results into FILE: .xml (JUnit), .json, .sarif or .md.",
)
trust_option = click.option(
    "--trust-templates",
    is_flag=True,
    help="For this run, trust the project's own templates, and the places outside it that it names.",
)


def all_of(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Add several options to a command, in the order of its help."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


safety_options = all_of(
    trust_option,
    click.option("--require-sandbox", is_flag=True, help="Refuse to run TeX without a sandbox."),
    click.option(
        "--allow-unsandboxed",
        is_flag=True,
        help="Let the project's own templates run in LuaTeX even where there is no sandbox.",
    ),
)
"""A command takes them as ``**safety`` or with other overrides, and hands them to `find_settings`."""
