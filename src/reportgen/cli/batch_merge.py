"""``reportgen batch --merge``: the output folders of several machines put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reportgen.cli.console import from_here, plural, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.cli.batch_report import Telling

_OF_A_MERGE = {
    *("places", "output", "merge", "trust_templates"),
    *("reports", "output_format", "verbose", "quiet", "all"),
}


def _require_options_of_a_merge() -> None:
    """Refuse options that say how reports are built: a merge builds none."""
    context = click.get_current_context()
    for parameter in context.command.params:
        name = parameter.name or ""
        if name not in _OF_A_MERGE and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--merge builds nothing, so it goes without {parameter.opts[-1]}")


def merge_places(
    places: Sequence[str], output: Path | str | None, telling: Telling, overrides: Mapping[str, Any]
) -> None:
    """Merge folders into one, and tell what was merged; ``overrides`` are for the settings that name that folder.

    Raises:
        click.UsageError: a place is no folder of this machine, or an option is given that has no meaning here.
        SettingsError, TrustError: the output folder is to be that of the settings, which are wrong or not trusted.
        OutputError: the folders do not go together, or the output folder cannot be written.

    """
    from reportgen.pipeline.batch.merging import merge_folders

    _require_options_of_a_merge()
    folders = [_folder(place) for place in places]
    target = _output_of_settings(overrides) if output is None else _on_this_machine(str(output))
    merged = merge_folders(folders, target)
    for outcome in (*merged.reports, *merged.others):
        telling.tell(outcome)
    if telling.output_format == "json":
        telling.print_json()
    telling.messages.tell_kept()
    reports, parts = plural(len(merged.reports), "report"), plural(merged.folders, "folder")
    click.echo(f"merged {reports} of {parts} into {from_here(target)}", err=True)


def _output_of_settings(overrides: Mapping[str, Any]) -> Path:
    from reportgen.base.settings import find_settings

    return find_settings(Path.cwd(), **overrides).output


def _folder(place: str) -> Path:
    folder = _on_this_machine(place)
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder {from_here(folder)} to merge")
    return folder


def _on_this_machine(place: str) -> Path:
    from reportgen.pipeline.remote.location import is_url, without_file_scheme

    place = without_file_scheme(place)
    if is_url(place):
        raise click.UsageError(f"--merge takes folders of this machine, and {printable(place)} is a URL")
    return Path(place).absolute()
