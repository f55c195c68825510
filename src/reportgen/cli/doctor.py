"""``reportgen doctor``."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Literal

import click

from reportgen.cli.commands import Command, format_option
from reportgen.cli.console import print_json, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.cli.findings import Finding

_COLOURS = {"ok": "green", "MISSING": "red", "absent": "yellow"}
_MORE = "The page “Installing it on your system” of the documentation tells more."


@click.command("doctor", cls=Command, short_help="Look for all that reports need here.")
@click.option(
    "--all", "everything", is_flag=True, help="List all families of fonts, and all that is missing."
)
@format_option
def doctor_command(everything: bool, output_format: Literal["text", "json"]) -> None:
    """Look for everything that reports need, and name the command that installs what is missing.

    Knows apt, dnf, pacman, zypper, Homebrew, winget and TeX Live's own installer. What is "absent" is needed by
    some reports only.

    Examples:
      reportgen doctor
      reportgen doctor --format json

    Exit codes:
      0  reports can be built
      7  something that is needed is missing
    """
    from reportgen.cli.findings import examine

    findings = examine()
    commands = {"needed": _ways(findings, needed=True), "helpful": _ways(findings, needed=False)}
    if output_format == "json":
        print_json({"findings": [asdict(finding) for finding in findings], "commands": commands})
    else:
        _print(findings)
        if everything:
            _print_lists(findings)
        _print_commands(commands)
    if any(finding.needed and not finding.ok for finding in findings):
        raise click.exceptions.Exit(7)


def _ways(findings: Sequence[Finding], *, needed: bool) -> list[str]:
    from reportgen.base.packages import ways_to_install

    lacking = [finding for finding in findings if not finding.ok and finding.needed is needed]
    return ways_to_install((thing for finding in lacking for thing in finding.things), ready=True)


def _print(findings: Sequence[Finding]) -> None:
    width = max(len(finding.name) for finding in findings)
    for group, members in groupby(findings, key=lambda finding: finding.group):
        click.secho(group, bold=True)
        for finding in members:
            state = "ok" if finding.ok else "MISSING" if finding.needed else "absent"
            label = click.style(f"{state:7}", fg=_COLOURS[state])
            click.echo(f"  {label}  {finding.name:{width}}  {printable(finding.detail)}")
            if finding.remedy and not finding.ok:
                click.echo(f"  {'':7}  {'':{width}}  {printable(finding.remedy)}")


def _print_lists(findings: Sequence[Finding]) -> None:
    for finding in findings:
        if finding.listed:
            click.secho(f"\n{finding.name}:", bold=True)
            for name in finding.listed:
                click.echo(f"  {printable(name)}")


def _print_commands(commands: dict[str, list[str]]) -> None:
    click.echo()
    if not any(commands.values()):
        click.echo("Nothing is missing that can be installed here.")
    for kind, ways in commands.items():
        if ways:
            click.secho(f"To install what is {kind}:", bold=True)
            for way in ways:
                click.echo(f"  {way}")
    if any(commands.values()):
        click.echo(_MORE)
