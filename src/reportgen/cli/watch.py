"""``reportgen compile --watch``, which is ``reportgen watch``, too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.base.errors import Level
from reportgen.base.stopping import exit_code
from reportgen.cli.commands import (
    Command,
    output_option,
    poll_option,
    safety_options,
    strict_option,
    with_option,
)
from reportgen.cli.console import counted, from_here, plural
from reportgen.cli.messages import print_problems
from reportgen.cli.target import Target
from reportgen.cli.viewer import open_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.pipeline.watch.project import Event

CTRL_C = 130  # is how watching is meant to end


@click.command("watch", cls=Command, hidden=True)
@click.argument(
    "places", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="RECORD|DIR..."
)
@output_option
@with_option
@strict_option
@poll_option
@safety_options
def watch_command(
    places: tuple[Path, ...], output: Path | None, strict: bool, poll: bool, **overrides: Any
) -> None:
    """Build reports again whenever something they are made of changes: `reportgen compile --watch` in one word.

    Own templates that you change meanwhile are trusted for this run alone; `reportgen trust` keeps that.

    Examples:
      reportgen watch record.json
      reportgen watch records -o pdf
    """
    overrides["output"] = output.absolute() if output else None
    watch(places, overrides, strict=strict, poll=poll)


def watch(
    places: Sequence[Path],
    overrides: dict[str, Any],
    *,
    name: str | None = None,
    strict: bool = False,
    poll: bool = False,
    quiet: bool = False,
    opened: bool = False,
) -> None:
    """Build the reports of files and folders, and again after each change, until Ctrl-C.

    ``name`` is that of the PDF, where there is but one; ``opened`` says that the first one is shown.

    Raises:
        click.UsageError: a place does not exist, or several records are to be one PDF.

    """
    from reportgen.pipeline.watch.changes import FileChanges
    from reportgen.pipeline.watch.project import Project, rebuild

    if missing := next((place for place in places if not place.exists()), None):
        raise click.UsageError(f"there is no {missing} to watch")
    project = Project(places, overrides, strict=strict, name=name)
    Target(name=name).require_one(len(project.records), opened=opened)
    said = "; own templates that you change are trusted until then" if project.has_own_templates else ""
    click.echo(f"watching {plural(len(project.records), 'record')}; Ctrl-C ends{said}", err=True)
    try:
        with FileChanges(poll=poll) as changes:
            for event in rebuild(project, changes, changes.follow):
                _print(event, quiet=quiet)
                if opened and event.pdf is not None:
                    open_file(event.pdf)
                    opened = False
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        if (code := exit_code()) != CTRL_C:
            raise click.exceptions.Exit(code) from None


def _print(event: Event, *, quiet: bool) -> None:
    now = f"{dt.datetime.now().astimezone():%H:%M:%S}"
    print_problems(problem for problem in event.problems if not quiet or problem.level is Level.ERROR)
    if event.deleted:
        click.echo(f"{now}  {event.record}: deleted; its PDF stays where it is")
    elif event.pdf is None:
        click.echo(f"{now}  {event.record}: not built  {event.seconds:.1f} s")
    else:
        click.echo(f"{now}  {from_here(event.pdf)}  {counted(event.problems)}  {event.seconds:.1f} s")
