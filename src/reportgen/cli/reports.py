"""``reportgen export`` and ``validate``, and what a command that takes records prints of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import Level, Problem, ReportgenError
from reportgen.cli import commands
from reportgen.cli.console import counted, end, from_here, plural, print_problems
from reportgen.cli.given import given_records

if TYPE_CHECKING:
    from reportgen.cli.given import InputFormat


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
    print_found(made.problems, "text", quiet)
    if output == Path("-"):
        click.echo(written, nl=False)
        return
    stem = report_name(made.loaded.record, settings.name_pattern).removesuffix(".pdf")
    target = output or settings.output / f"{stem}{ending}"
    write_atomically(target, written.encode())
    click.echo(f"{from_here(target)}  {counted(made.problems)}")


@click.command("validate", cls=commands.Command)
@commands.records_argument
@commands.input_format_option
@commands.strict_option
@commands.format_option
@commands.quiet_option
@commands.trust_option
def validate_command(  # noqa: PLR0917 - one parameter an option
    records: tuple[Path, ...],
    input_format: InputFormat | None,
    strict: bool,
    output_format: Literal["text", "json"],
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Print every problem of every RECORD; build nothing.

    RECORD is a file in JSON or YAML, a folder of them, or - for the standard input; relative paths in that start from
    the folder you are in. The exit code is 0 where every record could be compiled, else 3.

    Examples:
      reportgen validate record.json
      reportgen validate records --strict --format json    all records in a folder
      my-tool | reportgen validate -
    """
    from reportgen.analysis.validation import validate_record
    from reportgen.base.settings import find_settings
    from reportgen.content import require_sections

    results: list[dict[str, Any]] = []
    for path, content in given_records(records, input_format):
        try:
            settings = find_settings(path.parent, trust_templates=trust_templates)
            require_sections(settings)
            problems = tuple(validate_record(path, settings, raw=content(), strict=strict))
        except ReportgenError as error:
            problems = error.problems
        results.append(result_of(path, None, problems))
        print_found(problems, output_format, quiet)
    good = sum(result["ok"] for result in results)
    if output_format == "text":
        total = sum(len(result["problems"]) for result in results)
        of_them = plural(len(results), "record")
        click.echo(f"{good} of {of_them} can be compiled; {plural(total, 'problem')} in all")
    end(results, output_format, 0 if good == len(results) else 3)


def print_found(problems: tuple[Problem, ...], output_format: str, quiet: bool) -> None:
    """Print the problems of a record, unless the output is for programs; with ``quiet`` the errors alone."""
    if output_format == "text":
        print_problems(p for p in problems if not quiet or p.level is Level.ERROR)


def result_of(path: Path, pdf: Path | None, problems: Any) -> dict[str, Any]:
    """Return what became of a record, as `--format json` prints it."""
    return {
        "record": str(path),
        "pdf": str(pdf) if pdf else None,
        "ok": not any(problem.level is Level.ERROR for problem in problems),
        "problems": [problem.as_dict() for problem in problems],
    }
