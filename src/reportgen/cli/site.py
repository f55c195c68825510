"""``reportgen site``."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.stopping import exit_code, held_back
from reportgen.cli import commands, completing
from reportgen.cli.console import ProgressBar, from_here
from reportgen.cli.given import sources_at, wrong_use
from reportgen.cli.results import ReportingCommand, Results
from reportgen.exports import FORMATS, GROUPS

if TYPE_CHECKING:
    from reportgen.cli.batch_report import Telling
    from reportgen.site.build import SiteBuild


class _Address(click.ParamType[str]):
    """The address that a site is published at, which ends in a slash."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(value)
            is_address = (
                parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
            )
        except ValueError:
            is_address = False
        if not is_address or not value.isascii() or any(sign in value for sign in "<>\"' "):
            self.fail(f"{value!r} is not an address such as https://example.org/reports/", param, ctx)
        return value if value.endswith("/") else f"{value}/"


@click.command("site", cls=ReportingCommand, short_help="Make a static site of many reports.")
@click.argument(
    "places", nargs=-1, required=True, metavar="DIR|PATTERN|FILE...", shell_complete=completing.records
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("site"),
    help="Folder for the site [site].",
)
@click.option("--base-url", type=_Address(), help="The address that the site is published at.")
@click.option(
    "--with",
    "formats",
    multiple=True,
    type=click.Choice([*FORMATS, *GROUPS]),
    help="A further format beside each page; repeat it.",
)
@click.option(
    "--pdfs",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the PDFs that `batch` built [as in the settings].",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=None, help="Workers [one for each processor]."
)
@commands.strict_option
@commands.report_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print the results.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print a line for pages that are up to date, too.")
@commands.quiet_option
@commands.all_option
@commands.trust_option
@click.pass_obj
def site_command(  # noqa: PLR0917 - one parameter an option
    results: Results,
    /,
    places: tuple[str, ...],
    output: Path,
    base_url: str | None,
    formats: tuple[str, ...],
    pdfs: Path | None,
    jobs: int | None,
    strict: bool,
    output_format: Literal["text", "json"],
    verbose: bool,
    quiet: bool,
    trust_templates: bool,
) -> None:
    """Make a static site of the reports that `reportgen batch` built: pages, PDFs, lists, sources, search.

    Each version of a report has a page of its own, whose address never moves, with its PDF and other formats beside it.
    What has not changed is not written again; the page of a record that is gone is removed. Any web server can serve
    the folder. Without --base-url the site does not know its address, and has no feed and no list of pages for search
    engines.

    Examples:
      reportgen batch records && reportgen site records    PDFs into out, the site into site
      reportgen site records -o public --base-url https://example.org/reports/
      reportgen site records --with html --jobs 4

    Exit codes:
      0  every record has its page
      1  a record failed: its page is left out
      2  wrong use: no such place
      5  the settings are wrong, so no record is begun (16: the project is not trusted)
      9  the site cannot be written
    """
    from reportgen.cli.batch_report import Telling

    telling = Telling(output_format, verbose=verbose, quiet=quiet)
    results.messages = telling.messages
    if output_format == "json":
        results.print_rest = lambda _: telling.print_json()
    with held_back():  # what is written in C++ does not bear a signal while it is imported
        from reportgen.site.build import SiteBuild, SiteOptions
    with wrong_use():
        sources = sources_at(places, results.named)
    results.expected = [source.name for source in sources]
    given = {"output": pdfs and pdfs.absolute(), "trust_templates": trust_templates}
    options = SiteOptions(
        folder=output.absolute(),
        base_url=base_url or "",
        formats=formats,
        jobs=jobs or 0,
        strict=strict,
        overrides={name: value for name, value in given.items() if value},
    )
    with SiteBuild(sources, options) as build:
        _run(build, len(sources), telling, results)
    if not base_url and output_format == "text" and not quiet:
        click.echo("no feed and no sitemap, which need --base-url", err=True)
    if output_format == "text":
        click.echo(f"the site is in {from_here(options.folder)}")
    if telling.failed:
        raise click.exceptions.Exit(telling.exit_code)


def _run(build: SiteBuild, records: int, telling: Telling, results: Results) -> None:
    from reportgen.pipeline.batch.outcome import THE_RUN, Outcome, Status

    started = time.monotonic()
    try:
        with (
            ProgressBar("writing pages", records, shown=telling.output_format == "text") as bar,
            closing(build.outcomes()) as outcomes,
        ):
            telling.above = bar.above
            for outcome in outcomes:
                telling.tell(outcome)
                bar.advance()
        results.is_unfinished = True
        if problems := build.finish():
            telling.tell(Outcome(THE_RUN, Status.VALID, problems=problems))
        results.is_unfinished = False
    except (KeyboardInterrupt, click.Abort) as stop:
        telling.messages.tell_kept()
        click.echo(
            f"stopped: {telling.done} of {records} pages are done; the same command goes on from there",
            err=True,
        )
        raise click.exceptions.Exit(exit_code()) from stop
    telling.end(time.monotonic() - started)
