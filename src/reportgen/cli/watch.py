"""``reportgen watch``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.base.stopping import exit_code
from reportgen.cli.commands import Command, output_option, safety_options, strict_option
from reportgen.cli.console import counted, from_here, plural, print_problems

if TYPE_CHECKING:
    from reportgen.pipeline.watch.project import Event

CTRL_C = 130  # is how watching is meant to end


@click.command("watch", cls=Command)
@click.argument(
    "places", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="RECORD|DIR..."
)
@output_option
@strict_option
@click.option(
    "--poll",
    is_flag=True,
    help="Look for changes again and again; for network folders and mounts that tell none.",
)
@safety_options
def watch_command(
    places: tuple[Path, ...], output: Path | None, strict: bool, poll: bool, **safety: bool
) -> None:
    """Build the reports of RECORD, or of all records in DIR, and again whenever something they are made of changes.

    That is the record, its claims file, the bibliography, fetched metadata, templates and reportgen.toml. Only
    what depends on the changed file is built. Ctrl-C ends it.

    Examples:
      reportgen watch record.json
      reportgen watch records -o pdf
    """
    from reportgen.pipeline.watch.changes import FileChanges
    from reportgen.pipeline.watch.project import Project, rebuild

    project = Project(places, {"output": output.absolute() if output else None, **safety}, strict=strict)
    click.echo(f"watching {plural(len(project.records), 'record')}; Ctrl-C ends", err=True)
    try:
        with FileChanges(poll=poll) as changes:
            for event in rebuild(project, changes, changes.follow):
                _print(event)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        if (code := exit_code()) != CTRL_C:
            raise click.exceptions.Exit(code) from None


def _print(event: Event) -> None:
    now = f"{dt.datetime.now().astimezone():%H:%M:%S}"
    print_problems(event.problems)
    if event.deleted:
        click.echo(f"{now}  {event.record}: deleted; its PDF stays where it is")
    elif event.pdf is None:
        click.echo(f"{now}  {event.record}: not built  {event.seconds:.1f} s")
    else:
        click.echo(f"{now}  {from_here(event.pdf)}  {counted(event.problems)}  {event.seconds:.1f} s")
