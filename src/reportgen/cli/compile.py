"""``reportgen compile``."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.cli import commands
from reportgen.cli.console import ProgressBar, counted, end, from_here
from reportgen.cli.reports import print_found, result_of
from reportgen.cli.timings import taken_down, timings_table

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.base.settings import Settings


@click.command("compile", cls=commands.Command)
@commands.records_argument
@commands.output_option
@click.option("--keep-tex", is_flag=True, help="Write the .tex and its figures into a folder beside the PDF.")
@click.option(
    "--check-reproducible",
    is_flag=True,
    help="Build twice in different folders, locales and time zones; fail if the bytes differ.",
)
@click.option("--timings", is_flag=True, help="Tell where the time of each report went, stage by stage.")
@commands.strict_option
@commands.format_option
@commands.engine_option
@commands.paper_option
@commands.quiet_option
@commands.safety_options
def compile_command(  # noqa: PLR0917 - one parameter an option
    records: tuple[Path, ...],
    output: Path | None,
    keep_tex: bool,
    check_reproducible: bool,
    timings: bool,
    strict: bool,
    output_format: Literal["text", "json"],
    quiet: bool,
    **overrides: str | bool | None,
) -> None:
    """Compile each RECORD into one dated PDF.

    Prints one line a report: the path of the PDF and the number of warnings. A record that fails does not
    stop the others; the exit code is the first failure's.

    Examples:
      reportgen compile record.json
      reportgen compile records/*.json -o pdf --strict
      reportgen compile record.json --keep-tex --format json
    """
    from reportgen.base.early_process import Function

    Function("reportgen.charts.pdf", "write_pdf").start()
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.build import build_report

    spent: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    failure = 0
    taken: dict[Path, Path] = {}
    output = output.absolute() if output else None
    with ProgressBar("compiling", len(records), shown=output_format == "text") as bar:
        for path in records:
            pdf = None
            try:
                settings = find_settings(path.parent, output=output, **overrides)
                with taken_down(spent) if timings else nullcontext():
                    built = build_report(path, settings, strict=strict, keep_tex=keep_tex, taken=taken)
                taken[built.pdf] = path
                if check_reproducible:
                    _check_reproducible(path, settings, built.pdf)
                pdf, problems = built.pdf, built.problems
            except ReportgenError as error:
                failure = failure or error.exit_code
                problems = error.problems
            results.append(
                result_of(path, pdf, problems) | ({"timings": [*spent]} if timings and pdf else {})
            )
            with bar.above():
                print_found(problems, output_format, quiet)
                if pdf and output_format == "text":
                    click.echo(f"{from_here(pdf)}  {counted(problems)}")
                    if timings:
                        click.echo(timings_table(spent))
            bar.advance()
    end(results, output_format, failure)


def _check_reproducible(path: Path, settings: Settings, pdf: Path) -> None:
    from reportgen.trust.reproduce import NotReproducibleError, check_reproducible

    if check_reproducible(path, settings) != pdf.read_bytes():
        message = "this build differs from two others that agree"
        raise NotReproducibleError([Problem("not-reproducible", Level.ERROR, Where(str(path)), message)])
