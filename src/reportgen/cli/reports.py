"""``reportgen compile``, ``export`` and ``validate``."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.cli import commands
from reportgen.cli.console import ProgressBar, counted, end, from_here, plural, print_problems
from reportgen.cli.timings import taken_down, timings_table

if TYPE_CHECKING:
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
            results.append(_result(path, pdf, problems) | ({"timings": [*spent]} if timings and pdf else {}))
            with bar.above():
                _report(problems, output_format, quiet)
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


@click.command("export", cls=commands.Command)
@click.argument("record", type=click.Path(path_type=Path), metavar="RECORD")
@click.option("--to", "name", required=True, type=click.Choice(["html", "markdown"]), help="The format.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File, or - [beside the PDF].",
)
@commands.strict_option
@commands.quiet_option
@commands.trust_option
def export_command(  # noqa: PLR0917 - one parameter an option
    record: Path, name: str, output: Path | None, strict: bool, quiet: bool, trust_templates: bool
) -> None:
    """Write the report of RECORD in another format: the same words as in its PDF, in the same order.

    Examples:
      reportgen export record.json --to html
      reportgen export record.json --to markdown -o - | less
    """
    from reportgen.base.paths import write_atomically
    from reportgen.base.settings import find_settings
    from reportgen.exports import FORMATS
    from reportgen.pipeline.compose import compose_report
    from reportgen.pipeline.outputs import report_name

    settings = find_settings(record.parent, trust_templates=trust_templates)
    made = compose_report(record, settings, strict=strict)
    ending, write = FORMATS[name]
    written = write(made.tree, made.own, settings.style)
    _report(made.problems, "text", quiet)
    if output == Path("-"):
        click.echo(written, nl=False)
        return
    stem = report_name(made.loaded.record, settings.name_pattern).removesuffix(".pdf")
    target = output or settings.output / f"{stem}{ending}"
    write_atomically(target, written.encode())
    click.echo(f"{from_here(target)}  {counted(made.problems)}")


@click.command("validate", cls=commands.Command)
@commands.records_argument
@commands.strict_option
@commands.format_option
@commands.quiet_option
@commands.trust_option
def validate_command(
    records: tuple[Path, ...],
    strict: bool,
    output_format: Literal["text", "json"],
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Print every problem of every RECORD; build nothing.

    The exit code is 0 where every record could be compiled, else 3.

    Examples:
      reportgen validate record.json
      reportgen validate records/*.json --strict --format json
    """
    from reportgen.api import validate
    from reportgen.base.settings import find_settings

    results: list[dict[str, Any]] = []
    for path in records:
        try:
            settings = find_settings(path.parent, trust_templates=trust_templates)
            problems = validate(path, settings, strict=strict)
        except ReportgenError as error:
            problems = error.problems
        results.append(_result(path, None, problems))
        _report(problems, output_format, quiet)
    good = sum(result["ok"] for result in results)
    if output_format == "text":
        total = sum(len(result["problems"]) for result in results)
        of_them = plural(len(records), "record")
        click.echo(f"{good} of {of_them} can be compiled; {plural(total, 'problem')} in all")
    end(results, output_format, 0 if good == len(records) else 3)


def _report(problems: tuple[Problem, ...], output_format: str, quiet: bool) -> None:
    if output_format == "text":
        print_problems(p for p in problems if not quiet or p.level is Level.ERROR)


def _result(path: Path, pdf: Path | None, problems: Any) -> dict[str, Any]:
    return {
        "record": str(path),
        "pdf": str(pdf) if pdf else None,
        "ok": not any(problem.level is Level.ERROR for problem in problems),
        "problems": [problem.as_dict() for problem in problems],
    }
