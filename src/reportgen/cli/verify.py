"""``reportgen extract`` and ``reportgen verify``."""

from __future__ import annotations

from pathlib import Path

import click

from reportgen.cli.commands import Command, safety_options
from reportgen.cli.console import printable

_REPORT = click.argument("report", type=click.Path(path_type=Path, dir_okay=False), metavar="REPORT.pdf")


@click.command("extract", cls=Command, short_help="Write the files that a report carries.")
@_REPORT
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files [REPORT's name].",
)
def extract_command(report: Path, output: Path | None) -> None:
    """Write the files that REPORT carries: record, claims, bibliography, LaTeX source, manifest.

    No file that is there already is replaced by another one.

    Example:
      reportgen extract report.pdf -o inside
    """
    from reportgen.trust.verify import extract_to

    if output is None and not report.suffix:
        raise click.UsageError(f"{report} has no suffix to leave off: name a folder for the files with -o")
    for path in extract_to(report, output or report.with_suffix("")):
        click.echo(path)


@click.command("verify", cls=Command, short_help="Build a report again and compare.")
@_REPORT
@safety_options
def verify_command(report: Path, **safety: bool) -> None:
    """Build REPORT again from the files it carries and compare.

    REPORT may come from anybody: nothing in it runs unless you say so.

    Examples:
      reportgen verify report.pdf
      reportgen verify report.pdf --trust-templates    after `extract`, and a look at its templates

    Exit codes:
      0   identical: built again from what it carries, the same bytes came out
      10  altered: a file inside or the PDF itself is not what was built
      11  cannot be told: the tools here are other versions than those that built it
      12  no report of reportgen's
      16  cannot be told: made with templates of its own, which run only with --trust-templates
    """
    from reportgen.trust.verify import Comparison, verify

    verdict = verify(report, **safety)
    words = {
        Comparison.IDENTICAL: "identical",
        Comparison.DIFFERENT: "different: the same inputs and tools make another PDF",
        Comparison.OTHER_TOOLS: "cannot be told: built with other tools",
        Comparison.OWN_TEMPLATES: "cannot be told: made with templates of its own, which are code; its files are whole",
    }
    click.echo(f"{report}: {words[verdict.outcome]}")
    for difference in verdict.differences:
        click.echo(f"  {printable(difference)}")
    if verdict.outcome is Comparison.OWN_TEMPLATES:
        click.echo("look at them with `reportgen extract`; then add --trust-templates", err=True)
    if not verdict.identical:
        raise click.exceptions.Exit(verdict.outcome.value)
