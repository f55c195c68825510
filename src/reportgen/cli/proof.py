"""``reportgen extract`` and ``reportgen verify``."""

from __future__ import annotations

from pathlib import Path

import click

_REPORT = click.argument("report", type=click.Path(path_type=Path, dir_okay=False), metavar="REPORT.pdf")


@click.command("extract", epilog="\b\nExample:\n  reportgen extract report.pdf -o inside\n")
@_REPORT
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files [REPORT's name].",
)
def extract_command(report: Path, output: Path | None) -> None:
    """Write the files that REPORT carries: record, claims, bibliography, LaTeX source, manifest."""
    from reportgen.verify import extract_to

    for path in extract_to(report, output or report.with_suffix("")):
        click.echo(path)


@click.command(
    "verify",
    epilog="""\b
Example:
  reportgen verify report.pdf

\b
Exit codes:
  0   identical: built again from what it carries, the same bytes came out
  10  altered: a file inside or the PDF itself is not what was built
  11  cannot be told: the tools here are other versions than those that built it
  12  no report of reportgen's
""",
)
@_REPORT
def verify_command(report: Path) -> None:
    """Build REPORT again from the files it carries and compare."""
    from reportgen.verify import Outcome, verify

    verdict = verify(report)
    words = {
        Outcome.IDENTICAL: "identical",
        Outcome.DIFFERENT: "different: the same inputs and tools make another PDF",
        Outcome.OTHER_TOOLS: "cannot be told: built with other tools",
    }
    click.echo(f"{report}: {words[verdict.outcome]}")
    for difference in verdict.differences:
        click.echo(f"  {difference}")
    if verdict.outcome is not Outcome.IDENTICAL:
        raise click.exceptions.Exit(verdict.outcome.value)
