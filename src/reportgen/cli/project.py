"""``reportgen template``, ``trust``, ``cache`` and ``completion``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from reportgen.base.errors import Level
from reportgen.cli import completing
from reportgen.cli.commands import Command, Group, folder_argument, safety_options
from reportgen.cli.console import counted, from_here, plural, printable
from reportgen.cli.messages import print_problems


@click.group("template", cls=Group, short_help="List, copy and check templates.")
def template_group() -> None:
    """Look at report templates."""


@template_group.command("list", short_help="List the templates and their fields.")
def template_list_command() -> None:
    """List the templates: each writes one block, inline or section, and is given its fields as `it`.

    Last come the files of words, which `template copy` lays into the folder `locale/` of the project.

    Example:
      reportgen template list
    """
    from reportgen.base.own_templates import own_templates_of
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.template_files import packaged_templates
    from reportgen.pipeline.word_files import packaged_words

    settings = find_settings(Path.cwd(), trust_templates=True)
    own = own_templates_of(settings)  # they are read, not run
    for name, fields in packaged_templates().items():
        mark = "own" if own and name in own.names else ""
        click.echo(f"{mark:4}{name:36}{', '.join(fields)}".rstrip())
    for name in packaged_words():
        mark = "own" if (settings.root / name).is_file() else ""
        click.echo(f"{mark:4}{name:36}words of reports")


@template_group.command("copy", short_help="Copy a packaged template, to change it.")
@click.argument("block", metavar="BLOCK", shell_complete=completing.templates)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder [templates].")
def template_copy_command(block: str, folder: Path | None) -> None:
    """Copy the packaged template of BLOCK into the project, to be changed there.

    BLOCK is a name of `template list`; a name without a folder means the one for LaTeX. A file of words comes into
    `locale/`, each text as a comment: what you change counts. One of a language that is not packaged, such as
    `locale/es.toml`, begins with the English texts.

    Examples:
      reportgen template copy latex/claim.tex.j2
      reportgen template copy claim_list --to my-templates
      reportgen template copy locale/en.toml
    """
    from reportgen.base.own_templates import wish_of
    from reportgen.base.settings import find_settings
    from reportgen.base.trusted_projects import renew
    from reportgen.pipeline.template_files import copy_template
    from reportgen.pipeline.word_files import copy_words, is_words

    settings = find_settings(Path.cwd(), trust_templates=True)
    if is_words(block):
        click.echo(from_here(copy_words(block, settings.root)))
        return
    before = wish_of(settings).templates
    folder = folder or settings.templates or settings.root / "templates"
    click.echo(from_here(copy_template(block, folder)))
    if settings.templates is None:
        click.echo(
            f'add `templates = "{from_here(folder)}"` to reportgen.toml, above its first table', err=True
        )
    # The copy is ours: whoever trusted the project's templates loses nothing by it.
    elif renew(wish_of(settings), before):
        return
    click.echo("templates run where they are trusted: `reportgen trust`, again after every change", err=True)


@template_group.command("check", short_help="Try your own templates on every block.")
@folder_argument
@safety_options
def template_check_command(folder: Path | None, **safety: bool) -> None:
    """Set a small report that holds every block with the templates in DIR, in every format.

    Names what stops, and the fields that no template prints. Without DIR the settings' templates are tried, else
    the packaged ones; own ones must be trusted.

    Example:
      reportgen template check my-templates --trust-templates
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
    click.echo(f"{plural(len(own.names) if own else 0, 'own template')}: {counted(problems)}")
    if errors:
        raise click.exceptions.Exit(6)


@click.command("trust", cls=Command, short_help="Let a project's own templates run.")
@folder_argument
@click.option("--list", "list_them", is_flag=True, help="Print the projects that are trusted.")
@click.option("--forget", is_flag=True, help="Take back what DIR was allowed.")
def trust_command(folder: Path | None, list_them: bool, forget: bool) -> None:
    """Trust the project in DIR [.]: its own templates, which run as code, and the places outside it that it names.

    Trust ends when a template changes or another place is named; then look, and run this again. A running
    `compile --watch` goes on with what you change meanwhile, for itself alone. Trust is kept in your own data
    folder, never in the project. Projects without own templates need none.

    Examples:
      reportgen trust my-reports              trust its templates as they are now
      reportgen trust --list                  the projects that are trusted
      reportgen trust --forget my-reports     trust it no more
    """
    from reportgen.base import trusted_projects
    from reportgen.base.own_templates import own_templates_of, wish_of
    from reportgen.base.paths import real_path
    from reportgen.base.settings import find_settings, project_root

    if list_them:
        for trusted in trusted_projects.trusted_folders():
            click.echo(printable(str(trusted)))
        return
    place = project_root(folder or Path())
    shown = printable(str(place or real_path(folder or Path())))
    if forget:
        was = trusted_projects.forget(place or real_path(folder or Path()))
        click.echo(f"{shown}: {'trusted no more' if was else 'was not trusted'}")
        return
    if place is None:
        click.echo(f"{shown}: there is no reportgen.toml there, so there is nothing to trust")
        return
    settings = find_settings(place, trust_templates=True)
    root = printable(str(settings.root))
    wish = wish_of(settings)
    if not wish:
        click.echo(f"{root}: needs no trust: no templates of its own, no place outside it")
        return
    trusted_projects.grant(wish)
    click.echo(f"{root}: trusted as it is now")
    if own := own_templates_of(settings):
        for name in own.names:
            click.echo(printable(f"  {own.folder / name}"))
    for outside in wish.places:
        click.echo(f"  {printable(outside)}")


@click.group("cache", cls=Group, short_help="Look at the cache, or empty it.")
def cache_group() -> None:
    """Look at the cache of charts and TeX formats, or empty it.

    Everything in it can be made again. REPORTGEN_CACHE moves it; REPORTGEN_CACHE_MB bounds what charts and
    formats take together. What was used longest ago goes first, and nothing that was used within the last hour.
    """


@cache_group.command("stats", short_help="Count the files in the cache.")
def cache_stats_command() -> None:
    """Print how many files of each kind there are, their size, the bound and the place.

    Examples:
      reportgen cache stats
      REPORTGEN_CACHE_MB=200 reportgen cache stats
    """
    from reportgen.base.cache import bound, stock

    limit = bound()
    kinds = stock()
    click.echo(f"{'kind':<10}{'files':>8}{'size':>12}")
    for each in kinds:
        click.echo(f"{each.kind:<10}{each.files:>8}{_megabytes(each.size):>12}")
    total = sum(each.size for each in kinds)
    click.echo(f"{'all':<10}{sum(each.files for each in kinds):>8}{_megabytes(total):>12}")
    click.echo(f"bound of charts and formats: {_megabytes(limit)}")
    click.echo(f"place: {kinds[0].folder.parent}")


@cache_group.command("clear", short_help="Empty the cache.")
def cache_clear_command() -> None:
    """Remove all that is in the cache; reports that are just being built are not disturbed.

    Example:
      reportgen cache clear
    """
    from reportgen.base.cache import clear, stock

    freed = clear()
    click.echo(f"freed {_megabytes(freed)} in {stock()[0].folder.parent}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


@click.command("completion", cls=Command, short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print the completion script for a shell.

    Example:
      eval "$(reportgen completion bash)"
    """
    from click.shell_completion import get_completion_class

    from reportgen.cli import cli

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(made(cli, {}, "reportgen", "_REPORTGEN_COMPLETE").source())
