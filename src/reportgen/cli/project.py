"""``reportgen schema``, ``init``, ``doctor``, ``template`` and ``completion``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from reportgen.base.errors import Level
from reportgen.cli.console import print_json, print_problems


@click.command("schema", epilog="\b\nExample:\n  reportgen schema > record.schema.json\n")
def schema_command() -> None:
    """Print the JSON Schema of a record, for editors and other tools."""
    from reportgen.record import json_schema

    print_json(json_schema())


@click.command(
    "init",
    epilog="\b\nExample:\n  reportgen init my-reports && cd my-reports && reportgen compile records/*.json\n",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--policy",
    type=click.Choice(["plain", "assignee"]),
    default="plain",
    help="The house rules to follow [plain].",
)
def init_command(folder: Path, policy: str) -> None:
    """Lay out a small working project in DIR: a record, a bibliography, settings and a CI workflow."""
    from reportgen.cli.new_project import init_project

    for path in init_project(folder, policy):
        click.echo(path)
    click.echo("first: write your name under [publisher] in reportgen.toml", err=True)
    click.echo(f"next: cd {folder} && reportgen compile records/*.json", err=True)


@click.command("doctor", epilog="\b\nExample:\n  reportgen doctor\n")
def doctor_command() -> None:
    """Say what this machine has and lacks, and which command installs what is missing."""
    from reportgen.cli.doctor import examine

    findings = examine()
    for finding in findings:
        state, colour = (
            ("ok", "green")
            if finding.ok
            else (("MISSING", "red") if finding.needed else ("absent", "yellow"))
        )
        click.echo(f"{click.style(f'{state:8}', fg=colour)}{finding.name}: {finding.detail}")
        if not finding.ok and finding.remedy:
            click.echo(f"        -> {finding.remedy}")
    if any(finding.needed and not finding.ok for finding in findings):
        raise click.exceptions.Exit(7)


@click.group("template")
def template_group() -> None:
    """Look at report templates."""


@template_group.command("check", epilog="\b\nExample:\n  reportgen template check my-templates\n")
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="[DIR]"
)
def template_check_command(folder: Path | None) -> None:
    """List the fields that templates use but a report lacks, and the fields that no template prints.

    DIR holds templates that replace packaged ones; without it the settings' folder is looked at,
    else the packaged templates.
    """
    from reportgen.base.own_templates import read_own_templates
    from reportgen.base.settings import find_settings
    from reportgen.content.template_check import check_templates

    settings = find_settings(Path.cwd(), trust_templates=True)  # they are read, not run
    folder = folder or (settings.path(settings.templates) if settings.templates else None)
    problems = check_templates(read_own_templates(folder) if folder else None)
    print_problems(problems)
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    click.echo(f"{len(errors)} unknown fields, {len(problems) - len(errors)} fields not printed")
    if errors:
        raise click.exceptions.Exit(6)


@click.command("completion", epilog='\b\nExample:\n  eval "$(reportgen completion bash)"\n')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print the completion script for a shell."""
    from click.shell_completion import get_completion_class

    from reportgen.cli import cli

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(made(cli, {}, "reportgen", "_REPORTGEN_COMPLETE").source())
