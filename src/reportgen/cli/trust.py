"""``reportgen trust``."""

from __future__ import annotations

from pathlib import Path

import click

from reportgen.cli.console import printable
from reportgen.cli.options import folder_argument


@click.command(
    "trust",
    epilog="""\b
Examples:
  reportgen trust my-reports              trust its templates as they are now
  reportgen trust --list                  the projects that are trusted
  reportgen trust --forget my-reports     trust it no more
""",
)
@folder_argument
@click.option("--list", "list_them", is_flag=True, help="Print the projects that are trusted.")
@click.option("--forget", is_flag=True, help="Take back what DIR was allowed.")
def trust_command(folder: Path | None, list_them: bool, forget: bool) -> None:
    """Trust the project in DIR [.]: its own templates, which run as code, and the places outside it that it names.

    Trust ends when a template changes or another place is named; then look, and run this again. It is kept in
    your own data folder, never in the project. Projects without own templates need none.
    """
    from reportgen.base import trusted_projects
    from reportgen.base.own_templates import own_templates_of, wish_of
    from reportgen.base.settings import find_settings

    if list_them:
        for trusted in trusted_projects.trusted_folders():
            click.echo(printable(str(trusted)))
        return
    settings = find_settings(folder or Path(), trust_templates=True)
    root = printable(str(settings.root))
    if forget:
        was = trusted_projects.forget(settings.root)
        click.echo(f"{root}: {'trusted no more' if was else 'was not trusted'}")
        return
    wish = wish_of(settings)
    if not wish:
        click.echo(f"{root}: needs no trust: no templates of its own, no place outside it")
        return
    trusted_projects.grant(wish)
    click.echo(f"{root}: trusted as it is now")
    if own := own_templates_of(settings):
        for name in own.names:
            click.echo(printable(f"  {own.folder / name}"))
    for place in wish.places:
        click.echo(f"  {printable(place)}")
