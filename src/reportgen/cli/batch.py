"""``reportgen batch``."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reportgen.base.errors import RecordError
from reportgen.base.stopping import exit_code, held_back
from reportgen.cli import commands, completing
from reportgen.cli.console import ProgressBar
from reportgen.cli.given import sources_at, wrong_use
from reportgen.cli.pruning import Pruning
from reportgen.cli.results import ReportingCommand, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor

    from reportgen.cli.batch_report import Telling
    from reportgen.pipeline.batch.inputs import RecordSource
    from reportgen.pipeline.batch.options import Options
    from reportgen.pipeline.batch.outcome import Outcome
    from reportgen.pipeline.remote.staging import Staging


class _Folder(click.Path):
    """A folder, as a path or as a URL."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from reportgen.pipeline.remote.location import is_url, without_file_scheme

        value = without_file_scheme(value)
        return value if is_url(value) else Path(str(super().convert(value, param, ctx))).absolute()


@click.command("batch", cls=ReportingCommand, short_help="Build many, each only where it changed.")
@click.argument(
    "places",
    nargs=-1,
    required=True,
    metavar="DIR|PATTERN|FILE...",
    shell_complete=completing.records,
)
@click.option("-o", "--output", type=_Folder(file_okay=False), help="Folder or URL for the PDFs [out].")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=None, help="Workers [one for each processor]."
)
@click.option("--dask", "address", help="Build on the dask cluster whose scheduler is at ADDRESS.")
@click.option(
    "--shard",
    "part",
    metavar="I/N",
    shell_complete=completing.shards,
    help="Build the I-th of N parts of the records.",
)
@click.option("--changed-since", "revision", metavar="REV", help="Only records that differ from REV in git.")
@click.option("--force", is_flag=True, help="Build all, also what is up to date.")
@click.option("--check", is_flag=True, help="Build nothing; fail where a report is missing or out of date.")
@click.option("--explain", is_flag=True, help="Say of each record why it is built, or that nothing changed.")
@click.option("--fail-fast", is_flag=True, help="Begin no further record after one has failed.")
@click.option("--prune", is_flag=True, help="Remove reports that no record makes any more; asks first.")
@click.option("-y", "--yes", is_flag=True, help="Remove without asking, as in CI.")
@click.option(
    "--merge", is_flag=True, help="Put the reports of these output folders into one; build nothing."
)
@commands.with_option
@commands.strict_option
@commands.report_option
@commands.engine_option
@commands.paper_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print the results.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print a line for reports that are up to date, too.")
@commands.quiet_option
@commands.all_option
@commands.safety_options
@click.pass_obj
def batch_command(  # noqa: PLR0917 - one parameter an option
    results: Results,
    /,
    places: tuple[str, ...],
    output: Path | str | None,
    jobs: int | None,
    address: str | None,
    part: str | None,
    revision: str | None,
    force: bool,
    check: bool,
    explain: bool,
    fail_fast: bool,
    prune: bool,
    yes: bool,
    merge: bool,
    strict: bool,
    output_format: Literal["text", "json"],
    verbose: bool,
    quiet: bool,
    **overrides: Any,
) -> None:
    """Build the reports of many records, each only where something it depends on has changed.

    A record that fails stops none of the others. Interrupted, the same command goes on where it stopped.

    Examples:
      reportgen batch records                       each record below records/, what changed only
      reportgen batch 'records/2026-*.json' -o pdf  a pattern in quotes
      reportgen batch records.jsonl --jobs 8        one record a line
      reportgen batch records --check --explain     build nothing; say what is out of date, and why
      reportgen batch records --shard 2/5           its part of them, for the second of five machines
      reportgen batch --merge s1 s2 s3 -o out       one folder out of those of three machines
      reportgen batch records --changed-since main --report junit.xml
      reportgen batch s3://bucket/records -o s3://bucket/pdf --dask tcp://10.0.0.5:8786
      reportgen batch records --with html           and a page of HTML beside each PDF

    Exit codes:
      0  every report is built, or was up to date
      1  a record failed; with --check, a report is missing or out of date
      2  wrong use: no such place, shard or revision
      5  the settings are wrong, so no record is begun (16: the project is not trusted)
      9  with --merge, the folders do not go together, or the result cannot be written
    """
    from reportgen.cli.batch_report import Telling

    telling = Telling(output_format, explain, verbose, quiet)
    results.messages = telling.messages
    if output_format == "json":
        results.print_rest = lambda _: telling.print_json()
    if merge:
        from reportgen.cli.batch_merge import merge_places

        merge_places(places, output, telling, overrides)
        return
    Pruning(prune, yes).require_answer(check)
    with held_back():  # what is written in C++ does not bear a signal while it is imported
        from reportgen.pipeline.batch.options import Options
        from reportgen.pipeline.batch.run import Batch  # noqa: F401 - with all that it needs
        from reportgen.pipeline.batch.shards import Shard

    with ExitStack() as stack:
        staging = _staging(places, output, revision, overrides, stack)
        given = {name: value for name, value in {"output": output, **overrides}.items() if value}
        overrides = {**given, **staging.overrides}
        with wrong_use():
            sources = staging.sources or sources_at(staging.places, results.named)
            chosen = None if revision is None else frozenset(_changed(sources, revision, overrides))
        with _blamed_on("--shard"):
            shard = Shard.parse(part) if part is not None else None
        results.expected = [
            staging.told(source.name) for source in sources if chosen is None or source in chosen
        ]
        start, slots = None, 0
        if address is not None and not check:
            start, slots = _cluster(address, stack)
        options = Options(
            jobs or slots, force, check, fail_fast, strict, overrides, start, shard=shard, chosen=chosen
        )
        _run(
            sources,
            options,
            telling,
            staging,
            results=results,
            pruning=Pruning(prune, yes),
            revision=revision,
        )
    if telling.failed:
        raise click.exceptions.Exit(telling.exit_code)


def _staging(
    places: tuple[str, ...],
    output: Path | str | None,
    revision: str | None,
    overrides: dict[str, Any],
    stack: ExitStack,
) -> Staging:
    """Fetch what has a URL; of paths nothing is asked yet."""
    from reportgen.pipeline.remote.location import is_url, without_file_scheme
    from reportgen.pipeline.remote.staging import Staging

    places = tuple(map(without_file_scheme, places))
    remote = [place for place in places if is_url(place)]
    if remote and len(remote) < len(places):
        raise click.UsageError("name either URLs or paths: both at once have no settings in common")
    if remote and revision is not None:
        raise click.UsageError("--changed-since asks git, which knows no URLs")
    with wrong_use(RecordError):
        return stack.enter_context(Staging(places, output if isinstance(output, str) else None, overrides))


def _cluster(address: str, stack: ExitStack) -> tuple[Callable[[], Executor], int]:
    from reportgen.pipeline.cluster.executor import Cluster

    cluster = stack.enter_context(Cluster(address))
    return lambda: cluster, cluster.slots


def _run(
    sources: list[RecordSource],
    options: Options,
    telling: Telling,
    staging: Staging,
    *,
    results: Results,
    pruning: Pruning,
    revision: str | None,
) -> None:
    from reportgen.pipeline.batch.outcome import Status
    from reportgen.pipeline.batch.run import Batch

    started = time.monotonic()
    verb = "checking" if options.check else "building"
    left: list[Outcome] = []
    chosen = len(sources)
    try:
        with Batch(sources, options) as batch:
            chosen = len(batch.chosen)
            results.expected = [staging.told(planned.source.name) for planned in batch.chosen]
            if not chosen:
                telling.nothing_to_do(_nothing(len(sources), options, revision))
            with (
                ProgressBar(verb, chosen, shown=telling.output_format == "text") as bar,
                closing(batch.outcomes()) as outcomes,
            ):
                telling.above = bar.above
                for outcome in outcomes:
                    if outcome.status is Status.LEFT_OVER:
                        left.append(outcome)
                        continue
                    telling.tell(staging.put(outcome))
                    bar.advance()
            results.is_unfinished = True
            left[:] = pruning.apply(left, batch, staging.told)
            while left:
                telling.tell(staging.put(left.pop(0)))
            results.is_unfinished = False
    except (KeyboardInterrupt, click.Abort) as stop:
        for outcome in left:
            telling.tell(staging.put(outcome))
        telling.messages.tell_kept()
        done = f"{telling.done} of {chosen} records are done"
        click.echo(f"stopped: {done}; the same command goes on from there", err=True)
        raise click.exceptions.Exit(exit_code()) from stop
    telling.end(time.monotonic() - started)


def _changed(sources: list[RecordSource], revision: str, overrides: Mapping[str, Any]) -> list[RecordSource]:
    from reportgen.base.settings import find_settings
    from reportgen.pipeline.batch.changes import changed_since
    from reportgen.pipeline.batch.freshness import shared_paths

    folders = {source.path.parent for source in sources}
    shared = {path for folder in folders for path in shared_paths(find_settings(folder, **overrides))}
    with _blamed_on("--changed-since"):
        return changed_since(sources, revision, shared)


def _nothing(records: int, options: Options, revision: str | None) -> str:
    """Say why a run has nothing to do."""
    if options.chosen:
        return f"none of the records that differ from {revision} falls to shard {options.shard}"
    if options.chosen is None:
        return f"no record falls to shard {options.shard}"
    none = "the record does not differ" if records == 1 else f"none of the {records:,} records differs"
    return f"{none} from {revision}"


@contextmanager
def _blamed_on(option: str) -> Iterator[None]:
    """Say of a value that is none which option it was given with."""
    try:
        yield
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error
