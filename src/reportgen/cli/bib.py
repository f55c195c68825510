"""``reportgen bib check`` and ``reportgen bib fetch``."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reportgen.base.errors import Level
from reportgen.cli import completing
from reportgen.cli.commands import (
    Group,
    all_option,
    format_option,
    given_argument,
    quiet_option,
    strict_option,
    trust_option,
)
from reportgen.cli.console import counted, print_json, printable
from reportgen.cli.messages import print_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.sources.lint import Checked


@click.group("bib", cls=Group, short_help="Check and fetch the bibliography.")
def bib_group() -> None:
    """Look after the bibliography that records cite."""


@bib_group.command("check", short_help="Find faults and gaps in .bib files.")
@click.argument(
    "records",
    nargs=-1,
    type=click.Path(path_type=Path),
    metavar="[RECORD|BIB]...",
    shell_complete=completing.records,
)
@click.option(
    "--bib", multiple=True, type=click.Path(path_type=Path, exists=True), help="File or folder to check."
)
@strict_option
@format_option
@click.option("-v", "--verbose", is_flag=True, help="List entries of which each field is used, too.")
@quiet_option
@all_option
@trust_option
def check_command(  # noqa: PLR0917  # one parameter an option
    records: tuple[Path, ...],
    bib: tuple[Path, ...],
    strict: bool,
    output_format: Literal["text", "json"],
    verbose: bool,
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Find duplicates, clashes of case, missing fields, broken blocks and unused entries in .bib files.

    Of each entry that has a field which is not printed, or unknown, it says what becomes of each field, and why;
    --verbose says so of all, --quiet of none.

    Examples:
      reportgen bib check                   the settings' bib folders
      reportgen bib check records/*.json    also entries that no record uses
      reportgen bib check bib               a folder of .bib files, or one of them
    """
    from reportgen.analysis.checks import apply_levels
    from reportgen.analysis.validation import cite_record, library_of
    from reportgen.base.settings import find_settings
    from reportgen.record import read_record
    from reportgen.sources.lint import check_library

    given, records = _parted(records)
    bib += given
    settings = find_settings(records[0].parent if records else Path.cwd(), trust_templates=trust_templates)
    paths = bib or tuple(path for path in settings.bib if path.exists())
    used = None
    if records:
        library = library_of(settings)
        used = {key for path in records for key in cite_record(read_record(path).record, library).keys}
    checked = check_library(paths, used)
    problems = apply_levels(checked.problems, settings.levels, strict=strict)
    errors = sum(problem.level is Level.ERROR for problem in problems)
    if output_format == "json":
        entries = [each.as_dict() for each in checked.entries]
        print_json({"problems": [problem.as_dict() for problem in problems], "entries": entries})
    else:
        print_problems(p for p in problems if not quiet or p.level is Level.ERROR)
        if not quiet:
            _tell_entries(checked.entries, verbose=verbose)
        click.echo(f"{counted(problems)} in {', '.join(map(str, paths)) or 'no files'}")
    if errors:
        raise click.exceptions.Exit(4)


def _tell_entries(entries: Sequence[Checked], *, verbose: bool) -> None:
    """Say what becomes of the fields of entries; those of which each is used are counted, unless all are asked for."""
    shown = [each for each in entries if verbose or not each.is_used_whole]
    for each in shown:
        click.echo(printable(str(each)))
    if rest := len(entries) - len(shown):
        click.echo(f"{rest:,} of {len(entries):,} entries: each field is used (-v lists them)")


def _parted(places: tuple[Path, ...]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Tell .bib files and folders of them from records, and list the records of other folders."""
    from reportgen.cli.given import given_records
    from reportgen.sources.library import bib_paths

    bib = [
        place for place in places if place.suffix.lower() == ".bib" or (place.is_dir() and bib_paths([place]))
    ]
    records = given_records(place for place in places if place not in bib)
    return tuple(bib), tuple(record.path for record in records)


@bib_group.command("fetch", short_help="Ask doi.org and arXiv for metadata.")
@given_argument
@click.option("--refresh", is_flag=True, help="Ask again for what is in the lock file already.")
@trust_option
def fetch_command(records: tuple[Path, ...], refresh: bool, trust_templates: bool) -> None:
    """Ask doi.org and arXiv for the sources of RECORDs that have no entry; keep what they answer.

    RECORD is a file, a folder of them, or - for the standard input.

    Examples:
      reportgen bib fetch records
      reportgen bib fetch record.json --refresh
    """
    from reportgen.analysis.checks import apply_levels
    from reportgen.analysis.validation import cite_record, library_of
    from reportgen.base.settings import find_settings
    from reportgen.cli.given import given_records
    from reportgen.record import read_record
    from reportgen.sources.fetch import ClientOptions, fetch

    given = given_records(records)
    settings = find_settings(given[0].path.parent, trust_templates=trust_templates)
    library = library_of(settings)
    cited = [cite_record(read_record(each.path, raw=each.content()).record, library) for each in given]
    references = [reference for bibliography in cited for reference in bibliography.references]
    wanted = dict.fromkeys(each.identifier for each in references if each.entry is None or refresh)
    asked = [identifier for identifier in wanted if identifier.kind != "key"]
    options = ClientOptions(
        mailto=settings.fetch.mailto, doi_url=settings.fetch.doi_url, arxiv_url=settings.fetch.arxiv_url
    )
    # The date stands in the lock file, never in a report.
    today = dt.datetime.now(dt.UTC).date()
    outcome = fetch(asked, settings.lock, today, options, refresh=refresh)
    outcome = replace(outcome, problems=tuple(apply_levels(outcome.problems, settings.levels)))
    missing = [identifier for identifier in outcome.unresolved if identifier not in outcome.not_asked]
    for said, identifiers in (
        ("found", outcome.fetched),
        ("missing", missing),
        ("not asked", outcome.not_asked),
    ):
        for identifier in identifiers:
            click.echo(f"{said:9} {identifier}")
    counts = f"{len(outcome.fetched)} found, {len(missing)} missing"
    counts += f", {len(outcome.not_asked)} not asked" if outcome.not_asked else ""
    click.echo(counts + (f", written to {settings.lock}" if outcome.written else ""))
    outcome.raise_errors()
    print_problems(outcome.problems)
