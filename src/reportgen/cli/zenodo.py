"""``reportgen zenodo``: plan, reserve, upload, publish, new-version, status, discard and sync."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.commands import (
    Group,
    all_of,
    format_option,
    output_option,
    records_argument,
    safety_options,
)
from reportgen.cli.deposits import run_step
from reportgen.exports import FORMATS, GROUPS

if TYPE_CHECKING:
    from pathlib import Path


_options = all_of(
    safety_options,
    click.option("--sandbox", is_flag=True, help="Use Zenodo's sandbox, whose DOIs cannot be cited."),
    click.option("--url", help="Base URL of the repository's interface [ZENODO_URL, else reportgen.toml]."),
    format_option,
)
_with_option = click.option(
    "--with",
    "formats",
    multiple=True,
    type=click.Choice([*FORMATS, *GROUPS]),
    callback=lambda _context, _parameter, given: given or None,
    help="A format, or a group of them, to deposit beside the PDF; repeat it [`zenodo.formats` of reportgen.toml].",
)
_record_options = all_of(records_argument, _options)


@click.group("zenodo", cls=Group, short_help="Deposit reports on Zenodo.")
def zenodo_group() -> None:
    """Deposit reports on Zenodo, or on another InvenioRDM: drafts by default, published only when told to.

    The token is read from ZENODO_TOKEN or from the keyring, never from the command line. What is deposited where
    stands in a lock file beside each record: record.zenodo.json. Every command can be stopped at any point and
    run again.
    """


@zenodo_group.command("plan", short_help="Say what would happen; change nothing.")
@_with_option
@output_option
@_record_options
def plan_command(records: tuple[Path, ...], **options: Any) -> None:
    """Say what would happen to each RECORD, and print the metadata as it would be sent; change nothing.

    Without a token it goes by the lock file alone, and says so.

    Examples:
      reportgen zenodo plan record.json --sandbox
      reportgen zenodo plan records/*.json --format json
    """
    from reportgen.delivery.zenodo.status import plan

    run_step(records, lambda work: plan(work.case, work.repository), offline=True, **options)


@zenodo_group.command("reserve", short_help="Make drafts and reserve their DOIs.")
@_record_options
def reserve_command(records: tuple[Path, ...], **options: Any) -> None:
    """Make a draft for each RECORD and reserve its DOI, which the next compile prints.

    Examples:
      reportgen zenodo reserve record.json --sandbox
      reportgen compile record.json                      prints the reserved DOI
    """
    from reportgen.delivery.zenodo.steps import reserve

    run_step(records, lambda work: reserve(work.case, work.asked, work.moment), **options)


@zenodo_group.command("upload", short_help="Compile with the DOI, and upload.")
@_with_option
@output_option
@_record_options
def upload_command(records: tuple[Path, ...], **options: Any) -> None:
    """Compile each RECORD with its reserved DOI; bring PDF, sources and metadata into the draft.

    A DOI is reserved where none is. What is there already is not sent again.

    Examples:
      reportgen zenodo upload record.json --sandbox
      reportgen zenodo upload records/*.json -o pdf
      reportgen zenodo upload record.json --with html    and a page of HTML
    """
    from reportgen.delivery.zenodo.steps import upload

    run_step(records, lambda work: upload(work.case, work.asked, work.moment, work.taken), **options)


@zenodo_group.command("publish", short_help="Publish what was uploaded, for good.")
@click.option("--yes", is_flag=True, help="Publish for good: it cannot be taken back.")
@output_option
@_record_options
def publish_command(records: tuple[Path, ...], yes: bool, **options: Any) -> None:
    """Publish what was uploaded of each RECORD, for good.

    Nothing is published where the check before publication finds something to settle, or where the record, the
    PDF or the draft has changed since the upload.

    Example:
      reportgen zenodo publish record.json --sandbox --yes
    """
    if not yes:
        raise click.UsageError("what is published stays published; say --yes to publish")
    from reportgen.delivery.zenodo.publication import publish

    run_step(records, lambda work: publish(work.case, work.asked, work.moment), **options)


@zenodo_group.command("new-version", short_help="Begin drafts of new versions.")
@_record_options
def new_version_command(records: tuple[Path, ...], **options: Any) -> None:
    """Begin the draft of a new version of each RECORD that is published, with a DOI of its own.

    Examples:
      reportgen zenodo new-version record.json           after `version` was raised in the record
      reportgen zenodo upload record.json
    """
    from reportgen.delivery.zenodo.steps import new_version

    run_step(records, lambda work: new_version(work.case, work.asked, work.moment), **options)


@zenodo_group.command("status", short_help="Say where deposits stand.")
@_record_options
def status_command(records: tuple[Path, ...], **options: Any) -> None:
    """Say where the deposit of each RECORD stands, and how the repository differs from the lock file.

    Example:
      reportgen zenodo status records/*.json --sandbox
    """
    from reportgen.delivery.zenodo.status import status

    run_step(records, lambda work: status(work.case, work.repository), offline=True, **options)


@zenodo_group.command("discard", short_help="Delete drafts.")
@click.option("--yes", is_flag=True, help="Delete the draft; its DOI is never registered.")
@_record_options
def discard_command(records: tuple[Path, ...], yes: bool, **options: Any) -> None:
    """Delete the draft of each RECORD, then its lock file; what is published stays.

    Example:
      reportgen zenodo discard record.json --sandbox --yes
    """
    if not yes:
        raise click.UsageError("a discarded draft is gone, and its DOI with it; say --yes to discard")
    from reportgen.delivery.zenodo.steps import discard

    run_step(records, lambda work: discard(work.case, work.asked), **options)


@zenodo_group.command("sync", short_help="Reserve, compile and upload a folder.")
@click.argument("places", nargs=-1, required=True, metavar="DIR...")
@click.option(
    "--publish", "publishing", is_flag=True, help="Publish, too, for good: it cannot be taken back."
)
@_with_option
@output_option
@_options
def sync_command(places: tuple[str, ...], publishing: bool, **options: Any) -> None:
    """Reserve, compile and upload every record below DIR; a raised `version` begins a new version.

    Examples:
      reportgen zenodo sync records --sandbox            drafts, complete and compared
      reportgen zenodo sync records --publish            and published, up to the daily cap
    """
    from reportgen.delivery.zenodo.steps import sync
    from reportgen.pipeline.batch.inputs import find_sources

    records = tuple(dict.fromkeys(source.path for source in find_sources(places)))
    run_step(
        records,
        lambda work: sync(work.case, work.asked, work.moment, work.taken, publishing=publishing),
        **options,
    )
