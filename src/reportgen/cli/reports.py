"""``reportgen export`` and ``validate``, and what a command that takes records prints of each."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import Level, RecordError, ReportgenError
from reportgen.cli import commands, completing
from reportgen.cli.console import counted, end, from_here, plural, print_json, printable
from reportgen.cli.given import given_records
from reportgen.cli.messages import print_problems
from reportgen.cli.results import ReportingCommand, Results
from reportgen.cli.target import refuse_together
from reportgen.exports import FORMATS, GROUPS

if TYPE_CHECKING:
    from reportgen.cli.given import InputFormat
    from reportgen.pipeline.batch.outcome import Outcome


@click.command("export", cls=commands.Command, short_help="Write a report in other formats.")
@click.argument(
    "record", type=click.Path(path_type=Path), metavar="RECORD", shell_complete=completing.records
)
@click.option(
    "--to",
    "names",
    required=True,
    multiple=True,
    type=click.Choice([*FORMATS, *GROUPS]),
    help="A format, or a group of them; repeat it.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE|DIR|-",
    help="Folder [beside the PDF]; of one format also its file, or - for the standard output.",
)
@commands.strict_option
@commands.quiet_option
@commands.all_option
@commands.trust_option
def export_command(  # noqa: PLR0917 - one parameter an option
    record: Path,
    names: tuple[str, ...],
    output: Path | None,
    strict: bool,
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Write the report of RECORD in other formats: from the same content and values as its PDF.

    Examples:
      reportgen export record.json --to html
      reportgen export record.json --to markdown -o - | less
      reportgen export record.json --to html --to markdown -o site
      reportgen export record.json --to contracts              every public contract that applies
      reportgen export record.json --to bibtex -o -
    """
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.compose import compose_report
    from reportgen.pipeline.outputs import place
    from reportgen.pipeline.publish import publication_of, require_formats, write_formats

    settings = find_settings(record.parent, trust_templates=trust_templates)
    made = compose_report(record, settings, strict=strict)
    publication = publication_of(made, settings)
    require_formats(publication, names)
    written = write_formats(publication, names)
    print_problems(problem for problem in made.problems if not quiet or problem.level is Level.ERROR)
    if output == Path("-"):
        refuse_together("-o -", {"a second format": len(written) > 1})
        click.echo(next(iter(written.values())), nl=False)
        return
    folder = output or settings.output
    if output and len(written) == 1 and not output.is_dir():
        folder, written = output.parent, {output.name: next(iter(written.values()))}
    place(folder, written)
    for name in written:
        click.echo(f"{from_here(folder / name)}  {counted(made.problems)}")


@click.command("validate", cls=ReportingCommand, short_help="Print every problem; build nothing.")
@commands.checked_argument
@commands.input_format_option
@commands.strict_option
@commands.format_option
@commands.quiet_option
@commands.all_option
@commands.report_option
@commands.trust_option
@click.pass_obj
def validate_command(  # noqa: PLR0917 - one parameter an option
    results: Results,
    /,
    records: tuple[Path, ...],
    input_format: InputFormat | None,
    strict: bool,
    output_format: Literal["text", "json"],
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Print every problem of every RECORD; build nothing.

    RECORD is a file in JSON or YAML, one of many records in JSON Lines or Parquet, a folder of records, or - for the
    standard input; relative paths in that start from the folder you are in. Lock files and schemas beside records are
    left out. The exit code is 0 where every record could be compiled, else that of the first failure: 3 for a record,
    5 for the settings, 16 for a project that is not trusted.

    Examples:
      reportgen validate record.json
      reportgen validate records.jsonl                     one record a line
      reportgen validate records --strict --format json    all records in a folder
      cat record.json | reportgen validate -
    """
    from reportgen.analysis.validation import validate_record
    from reportgen.base.settings import find_settings
    from reportgen.cli.run_messages import RunMessages
    from reportgen.cli.stopped_projects import Projects
    from reportgen.content import require_sections
    from reportgen.pdf.record_pictures import unprintable_pictures
    from reportgen.pipeline.batch.duplicates import duplicates_among
    from reportgen.pipeline.batch.outcome import PROJECT_STOPPED, Outcome, Status
    from reportgen.pipeline.publish import require_known_formats

    messages = results.messages = RunMessages(tuple(Level), quiet=quiet, silent=output_format == "json")
    if messages.silent:
        results.print_rest = lambda _: print_json([result_of(outcome) for outcome in messages.outcomes])
    projects, failure = Projects(), 0
    kept = _told_without_others(records, silent=messages.silent)
    records_given = given_records(kept, input_format, of_many=True)
    results.expected = [each.name for each in records_given]
    twice = duplicates_among([each.source for each in records_given if each.source])
    for given in records_given:
        path = given.path
        if projects.stopped(path):
            messages.tell(Outcome(given.name, Status.SKIPPED, reasons=(PROJECT_STOPPED,)))
            continue
        started, code = time.monotonic(), RecordError.exit_code
        try:
            settings = find_settings(path.parent, trust_templates=trust_templates)
            require_sections(settings)
            require_known_formats(settings)
            look = unprintable_pictures
            problems = tuple(
                validate_record(path, settings, raw=given.content(), strict=strict, look_at=look)
            )
        except ReportgenError as error:
            problems, code = error.problems, error.exit_code
            projects.remember(path, error)
        problems += (twice[given.source],) if given.source in twice else ()
        status = Status.FAILED if any(problem.level is Level.ERROR for problem in problems) else Status.VALID
        failure = failure or (code if status is Status.FAILED else 0)
        seconds = time.monotonic() - started
        messages.tell(Outcome(given.name, status, problems=given.at_line(problems), seconds=seconds))
    good = sum(outcome.status is Status.VALID for outcome in messages.outcomes)
    messages.tell_kept()
    if output_format == "text":
        found = counted([problem for outcome in messages.outcomes for problem in outcome.problems])
        click.echo(f"{good:,} of {plural(len(messages.outcomes), 'record')} can be compiled; {found}")
    messages.annotate()
    messages.tell_failures()
    end([result_of(outcome) for outcome in messages.outcomes], output_format, failure)


def _told_without_others(places: tuple[Path, ...], *, silent: bool) -> list[Path]:
    """Leave out what lies beside records and is none; say of each what it is."""
    from reportgen.record.other_files import beside_records

    kept = []
    for place in places:
        what = beside_records(place.name)
        if what is None or place.is_dir():
            kept.append(place)
        elif not silent:
            click.echo(f"{printable(str(place))} is no record but {what}: left out", err=True)
    return kept


def result_of(outcome: Outcome) -> dict[str, Any]:
    """Return what became of a record, as `--format json` prints it."""
    from reportgen.pipeline.batch.outcome import Status

    return {
        "record": outcome.name,
        "pdf": str(outcome.pdf) if outcome.pdf else None,
        "ok": not outcome.errors and outcome.status is not Status.SKIPPED,
        "problems": [problem.as_dict() for problem in outcome.problems],
        **({"files": [str(file) for file in outcome.files]} if outcome.files else {}),
    }
