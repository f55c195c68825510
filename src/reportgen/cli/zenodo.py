"""``reportgen zenodo``: plan, reserve, upload, publish, new-version, status, discard and sync."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.cli.deposits import Options, Work, run_step
from reportgen.cli.safety import safety_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.delivery.zenodo.deposit import StepOutcome

F = TypeVar("F", bound="Callable[..., Any]")

_RECORDS = click.argument(
    "records", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RECORD..."
)
_OUTPUT = click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), help="Folder for the PDFs [out]."
)


def _common(command: F) -> F:
    """Add the options that every command has."""
    for option in (
        click.option(
            "--format",
            "output_format",
            type=click.Choice(["text", "json"]),
            default="text",
            help="How to print the result.",
        ),
        click.option(
            "--url", help="Base URL of the repository's interface [ZENODO_URL, else reportgen.toml]."
        ),
        click.option("--sandbox", is_flag=True, help="Use Zenodo's sandbox, whose DOIs cannot be cited."),
    ):
        command = option(command)
    return safety_options(command)


@click.group("zenodo")
def zenodo_group() -> None:
    """Deposit reports on Zenodo, or on another InvenioRDM: drafts by default, published only when told to.

    The token is read from ZENODO_TOKEN or from the keyring, never from the command line. What is deposited where
    stands in a lock file beside each record: record.zenodo.json. Every command can be stopped at any point and
    run again.
    """


@zenodo_group.command(
    "plan",
    epilog="""\b
Examples:
  reportgen zenodo plan record.json --sandbox
  reportgen zenodo plan records/*.json --format json
""",
)
@_RECORDS
@_OUTPUT
@_common
def plan_command(records: tuple[Path, ...], output: Path | None, **options: Any) -> None:
    """Say what would happen to each RECORD, and print the metadata as it would be sent; change nothing.

    Without a token it goes by the lock file alone, and says so.
    """

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import status

        return status.plan(work.looked_at(), work.repository)

    run_step(records, step, Options(output=output, offline=True, **options))


@zenodo_group.command(
    "reserve",
    epilog="""\b
Examples:
  reportgen zenodo reserve record.json --sandbox
  reportgen compile record.json                      prints the reserved DOI
""",
)
@_RECORDS
@_common
def reserve_command(records: tuple[Path, ...], **options: Any) -> None:
    """Make a draft for each RECORD and reserve its DOI, which the next compile prints."""

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import steps

        with work.opened() as case:
            return steps.reserve(case, work.asked, work.moment)

    run_step(records, step, Options(**options))


@zenodo_group.command(
    "upload",
    epilog="""\b
Examples:
  reportgen zenodo upload record.json --sandbox
  reportgen zenodo upload records/*.json -o pdf
""",
)
@_RECORDS
@_OUTPUT
@_common
def upload_command(records: tuple[Path, ...], output: Path | None, **options: Any) -> None:
    """Compile each RECORD with its reserved DOI; bring PDF, sources and metadata into the draft.

    A DOI is reserved where none is. What is there already is not sent again.
    """

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import steps

        with work.opened() as case:
            return steps.upload(case, work.asked, work.moment, work.taken)

    run_step(records, step, Options(output=output, **options))


@zenodo_group.command(
    "publish",
    epilog="""\b
Example:
  reportgen zenodo publish record.json --sandbox --yes
""",
)
@_RECORDS
@click.option("--yes", is_flag=True, help="Publish for good: it cannot be taken back.")
@_OUTPUT
@_common
def publish_command(records: tuple[Path, ...], yes: bool, output: Path | None, **options: Any) -> None:
    """Publish what was uploaded of each RECORD, for good.

    Nothing is published where the check before publication finds something to settle, or where the record, the
    PDF or the draft has changed since the upload.
    """
    if not yes:
        raise click.UsageError("what is published stays published; say --yes to publish")

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import publication

        with work.opened() as case:
            return publication.publish(case, work.asked, work.moment)

    run_step(records, step, Options(output=output, **options))


@zenodo_group.command(
    "new-version",
    epilog="""\b
Examples:
  reportgen zenodo new-version record.json           after `version` was raised in the record
  reportgen zenodo upload record.json
""",
)
@_RECORDS
@_common
def new_version_command(records: tuple[Path, ...], **options: Any) -> None:
    """Begin the draft of a new version of each RECORD that is published, with a DOI of its own."""

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import steps

        with work.opened() as case:
            return steps.new_version(case, work.asked, work.moment)

    run_step(records, step, Options(**options))


@zenodo_group.command("status", epilog="\b\nExample:\n  reportgen zenodo status records/*.json --sandbox\n")
@_RECORDS
@_common
def status_command(records: tuple[Path, ...], **options: Any) -> None:
    """Say where the deposit of each RECORD stands, and how the repository differs from the lock file."""

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import status

        return status.status(work.looked_at(), work.repository)

    run_step(records, step, Options(offline=True, **options))


@zenodo_group.command(
    "discard", epilog="\b\nExample:\n  reportgen zenodo discard record.json --sandbox --yes\n"
)
@_RECORDS
@click.option("--yes", is_flag=True, help="Delete the draft; its DOI is never registered.")
@_common
def discard_command(records: tuple[Path, ...], yes: bool, **options: Any) -> None:
    """Delete the draft of each RECORD, then its lock file; what is published stays."""
    if not yes:
        raise click.UsageError("a discarded draft is gone, and its DOI with it; say --yes to discard")

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import steps

        with work.opened() as case:
            return steps.discard(case, work.asked)

    run_step(records, step, Options(**options))


@zenodo_group.command(
    "sync",
    epilog="""\b
Examples:
  reportgen zenodo sync records --sandbox            drafts, complete and compared
  reportgen zenodo sync records --publish            and published, up to the daily cap
""",
)
@click.argument("places", nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--publish", "publishing", is_flag=True, help="Publish, too, for good: it cannot be taken back."
)
@_OUTPUT
@_common
def sync_command(places: tuple[str, ...], publishing: bool, output: Path | None, **options: Any) -> None:
    """Reserve, compile and upload every record below DIR; a raised `version` begins a new version."""
    from reportgen.pipeline.batch import find_sources

    records = tuple(dict.fromkeys(source.path for source in find_sources(places)))

    def step(work: Work) -> StepOutcome:
        from reportgen.delivery.zenodo import steps

        with work.opened() as case:
            return steps.sync(case, work.asked, work.moment, work.taken, publishing=publishing)

    run_step(records, step, Options(output=output, **options))
