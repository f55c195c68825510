"""``reportgen compile``."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.cli import commands
from reportgen.cli.console import ProgressBar, counted, end, from_here, print_json
from reportgen.cli.given import STREAM, given_records
from reportgen.cli.reports import result_of
from reportgen.cli.results import ReportingCommand, Results
from reportgen.cli.spinner import spinner
from reportgen.cli.target import Target, TargetType, refuse_together
from reportgen.cli.timings import taken_down, timings_table
from reportgen.cli.viewer import open_file

if TYPE_CHECKING:
    from reportgen.base.settings import Settings
    from reportgen.cli.given import GivenRecord, InputFormat
    from reportgen.cli.run_messages import RunMessages


@click.command("compile", cls=ReportingCommand, short_help="Compile records into dated PDFs.")
@commands.given_argument
@click.option(
    "-o",
    "--output",
    "target",
    type=TargetType(),
    default=Target(),
    metavar="DIR|FILE.pdf|-",
    help="Folder for the PDFs [out]; of one record also its file, or - for the standard output.",
)
@commands.input_format_option
@click.option("--open", "opened", is_flag=True, help="Show the PDF in the program that opens PDFs here.")
@click.option(
    "--watch", "watched", is_flag=True, help="Build again whenever something changes, until Ctrl-C."
)
@commands.poll_option
@click.option("--keep-tex", is_flag=True, help="Write the .tex and its figures into a folder beside the PDF.")
@click.option(
    "--check-reproducible",
    is_flag=True,
    help="Build twice in different folders, locales and time zones; fail if the bytes differ.",
)
@commands.with_option
@click.option("--timings", is_flag=True, help="Tell where the time of each report went, stage by stage.")
@commands.strict_option
@commands.format_option
@commands.engine_option
@commands.paper_option
@commands.quiet_option
@commands.all_option
@commands.report_option
@commands.safety_options
@click.pass_obj
def compile_command(  # noqa: PLR0917 - one parameter an option
    results: Results,
    /,
    records: tuple[Path, ...],
    target: Target,
    input_format: InputFormat | None,
    opened: bool,
    watched: bool,
    poll: bool,
    keep_tex: bool,
    check_reproducible: bool,
    timings: bool,
    strict: bool,
    output_format: Literal["text", "json"],
    quiet: bool,
    **overrides: Any,
) -> None:
    """Compile each RECORD into one dated PDF.

    RECORD is a file in JSON or YAML, a folder of them, or - for the standard input; relative paths in that start from
    the folder you are in. Prints one line a report: the path of the PDF and the number of warnings. A record that
    fails does not stop the others; the exit code is the first failure's.

    With --watch, what depends on a change is built again: on a record, its claims file, tables and figures, the
    bibliography, fetched metadata, templates, reportgen.toml. Own templates that you change meanwhile are trusted for
    this run alone.

    Examples:
      reportgen compile record.json --open
      reportgen compile records -o pdf --strict           all records in a folder
      reportgen compile record.json -o draft.pdf --watch
      cat record.json | reportgen compile - -o - > report.pdf
      reportgen compile record.json --keep-tex --format json
    """
    overrides["output"] = target.folder
    flags = {"--keep-tex": keep_tex, "--check-reproducible": check_reproducible, "--timings": timings}
    flags |= {"--format json": output_format == "json"}
    from_stream = {"a record from the standard input": STREAM in records}
    if watched:
        refuse_together(
            "--watch", {"-o -": target.is_stream, "--report": bool(results.named), **flags, **from_stream}
        )
        from reportgen.cli.watch import watch

        watch(records, overrides, name=target.name, strict=strict, poll=poll, quiet=quiet, opened=opened)
        return
    if target.is_stream:
        refuse_together("-o -", {"--open": opened, "--with": bool(overrides["formats"]), **flags})
    if check_reproducible:
        refuse_together("--check-reproducible", from_stream)
    from reportgen.base.early_process import Function

    Function("reportgen.charts.pdf", "write_pdf").start()
    messages, told = results.messages, list[dict[str, Any]]()
    messages.quiet, messages.silent, messages.is_output_taken = (
        quiet,
        output_format == "json",
        target.is_stream,
    )
    if messages.silent:
        results.print_rest = lambda rest: print_json([*told, *map(result_of, rest)])
    given = given_records(records, input_format)
    results.expected = [str(each.path) for each in given]
    target.require_one(len(given), opened=opened)
    build = _Build(target, overrides, strict, keep_tex, check_reproducible, timings)
    messages.kept = (Level.WARNING,) if len(given) > 1 else ()
    failure = _compile(given, build, messages, told, opened=opened)
    messages.tell_kept()
    messages.annotate()
    messages.tell_failures()
    end(told, output_format, failure)


@dataclass(frozen=True, slots=True)
class _Build:
    """What is asked for each record, which PDFs were written, and how long the last one took, stage by stage."""

    target: Target
    overrides: dict[str, Any]
    strict: bool
    keep_tex: bool
    check_reproducible: bool
    timings: bool
    taken: dict[Path, Path] = field(default_factory=dict)
    spent: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, given: GivenRecord) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
        """Build one report; return its PDF, unless it went to the standard output, with its files, and what to say.

        Raises:
            ReportgenError: it failed.

        """
        from reportgen.base.settings import find_settings
        from reportgen.pipeline.build import build_report, make_report

        path = given.path
        settings = find_settings(path.parent, **self.overrides)
        raw = given.content()
        if self.target.is_stream:
            report = make_report(path, settings, raw=raw, strict=self.strict)
            click.echo(report.pdf, nl=False)
            return (), report.problems
        with taken_down(self.spent) if self.timings else nullcontext():
            built = build_report(
                path,
                settings,
                raw=raw,
                name=self.target.name,
                strict=self.strict,
                keep_tex=self.keep_tex,
                taken=self.taken,
            )
        self.taken[built.pdf] = path
        if self.check_reproducible:
            _check_reproducible(path, settings, built.pdf)
        return (built.pdf, *built.files), built.problems


def _compile(
    records: list[GivenRecord],
    build: _Build,
    messages: RunMessages,
    told: list[dict[str, Any]],
    *,
    opened: bool,
) -> int:
    """Build the reports, tell people and programs what became of each; return the first failure's exit code."""
    from reportgen.cli.stopped_projects import Projects
    from reportgen.pipeline.batch.outcome import PROJECT_STOPPED, Outcome, Status

    projects = Projects()
    failure = 0
    is_text = not messages.silent
    with ProgressBar("compiling", len(records), shown=is_text) as bar:
        for given in records:
            if projects.stopped(given.path):
                outcome = Outcome(str(given.path), Status.SKIPPED, reasons=(PROJECT_STOPPED,))
                told.append(result_of(outcome))
                messages.tell(outcome)
                bar.advance()
                continue
            written, status, started = tuple[Path, ...](), Status.BUILT, time.monotonic()
            try:
                with spinner(shown=is_text and len(records) == 1):
                    written, problems = build(given)
            except ReportgenError as error:
                failure = failure or error.exit_code
                problems = error.problems
                status = Status.FAILED
                projects.remember(given.path, error)
            seconds = time.monotonic() - started
            pdf = written[0] if written else None
            outcome = Outcome(str(given.path), status, pdf, problems, seconds=seconds, files=written[1:])
            spent = {"timings": [*build.spent]} if build.timings and pdf else {}
            told.append(result_of(outcome) | spent)
            with bar.above():
                messages.tell(outcome)
                if pdf and is_text:
                    click.echo(f"{from_here(pdf)}  {counted(problems)}")
                    if spent:
                        click.echo(timings_table(build.spent))
            if pdf and opened:
                open_file(pdf)
            bar.advance()
    return failure


def _check_reproducible(path: Path, settings: Settings, pdf: Path) -> None:
    from reportgen.trust.reproduce import NotReproducibleError, check_reproducible

    if check_reproducible(path, settings) != pdf.read_bytes():
        message = "this build differs from two others that agree"
        raise NotReproducibleError([Problem("not-reproducible", Level.ERROR, Where(str(path)), message)])
