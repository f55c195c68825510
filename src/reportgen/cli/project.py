"""``reportgen schema``, ``init``, ``doctor``, ``template`` and ``completion``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from reportgen.base.errors import Level
from reportgen.cli.console import from_here, print_json, print_problems
from reportgen.cli.options import folder_argument, safety_options


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


@template_group.command("list", epilog="\b\nExample:\n  reportgen template list\n")
def template_list_command() -> None:
    """List the templates: each writes one block, inline or section, and is given its fields as `it`."""
    from reportgen.base.own_templates import own_templates_of
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.template_files import packaged_templates

    own = own_templates_of(find_settings(Path.cwd(), trust_templates=True))  # they are read, not run
    for name, fields in packaged_templates().items():
        mark = "own" if own and name in own.names else ""
        click.echo(f"{mark:4}{name:36}{', '.join(fields)}".rstrip())


@template_group.command(
    "copy",
    epilog="""\b
Examples:
  reportgen template copy latex/claim.tex.j2
  reportgen template copy claim_list --to my-templates
""",
)
@click.argument("block", metavar="BLOCK")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder [templates].")
def template_copy_command(block: str, folder: Path | None) -> None:
    """Copy the packaged template of BLOCK into the project, to be changed there.

    BLOCK is a name of `template list`; a name without a folder means the one for LaTeX.
    """
    from reportgen.base.own_templates import wish_of
    from reportgen.base.settings import find_settings
    from reportgen.base.trusted_projects import renew
    from reportgen.pipeline.template_files import copy_template

    settings = find_settings(Path.cwd(), trust_templates=True)
    before = wish_of(settings).templates
    folder = folder or settings.templates or settings.root / "templates"
    click.echo(from_here(copy_template(block, folder)))
    if settings.templates is None:
        click.echo(
            f'add `templates = "{from_here(folder)}"` to reportgen.toml, above its first table', err=True
        )
    # The copy is ours: whoever trusted the project's templates loses nothing by it.
    elif renew(settings.root, before, wish_of(settings).templates):
        return
    click.echo("templates run where they are trusted: `reportgen trust`, again after every change", err=True)


@template_group.command("check", epilog="\b\nExample:\n  reportgen template check my-templates\n")
@folder_argument
@safety_options
def template_check_command(folder: Path | None, **safety: bool) -> None:
    """Set a small report that holds every block with the templates in DIR, in every format.

    Names what stops, and the fields that no template prints. Without DIR the settings' templates are tried, else
    the packaged ones; own ones must be trusted.
    """
    from reportgen.base.own_templates import trusted_templates
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.template_check import check_templates

    settings = find_settings(Path.cwd(), **safety)
    if folder:
        settings = settings.model_copy(update={"templates": folder.absolute()})
    own = trusted_templates(settings)
    problems = check_templates(own, settings)
    print_problems(problems)
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    click.echo(
        f"{len(own.names) if own else 0} own templates, {len(errors)} errors, {len(problems) - len(errors)} warnings"
    )
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
