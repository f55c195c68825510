"""``reportgen new``, ``init`` and ``schema``: what a report begins with."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reportgen.cli.commands import Command
from reportgen.cli.console import from_here, print_json
from reportgen.exports.contracts import CONTRACTS

KINDS = ("synthesis", "meta-analysis", "math-result")
"""The kinds of a record, named here so that help need not load its model."""


@click.command("new", cls=Command, short_help="Write a first record, to be filled in.")
@click.argument("question", required=False)
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], help="The kind of report [synthesis].")
@click.option("--yaml", "as_yaml", is_flag=True, help="Write YAML, in which comments explain each field.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file to write [named after the question, in the project's records/, or here].",
)
def new_command(question: str | None, kind: str, as_yaml: bool, output: Path | None) -> None:
    """Write a first record that asks QUESTION, with an id of its own, today's date, and the fields to fill first.

    They are empty: nothing stands in a report that you have not written. In JSON your editor explains them, by a schema
    that is written, too, where the project has none; in YAML comments do.

    Examples:
      reportgen new "Does sleep help memory?"
      reportgen new "Does sleep help memory?" --yaml -o records/sleep.yaml
      reportgen new "Is the drug safe?" --kind meta-analysis
    """
    import datetime as dt
    from uuid import uuid4

    from reportgen.base.characters import is_blank
    from reportgen.cli.editor import is_outdated, schema_near
    from reportgen.cli.new_record import new_record, place_for
    from reportgen.record import is_yaml
    from reportgen.record.model import Kind

    if question is None and sys.stdin is not None and sys.stdin.isatty():
        question = click.prompt("Which question does the report answer?", prompt_suffix="\n", err=True)
    if question is None or is_blank(question):
        raise click.UsageError('name the question: reportgen new "Does sleep help memory?"')
    if output and as_yaml and not is_yaml(output):
        raise click.UsageError(f"{output} is no name of a file in YAML; end it in .yaml")
    today = dt.datetime.now().astimezone().date()
    identity = uuid4()
    path = output or place_for(question, identity, ".yaml" if as_yaml else ".json")
    for written in new_record(path, question, Kind(kind), identity, today):
        click.echo(from_here(written))
    if is_outdated(schema := schema_near(path)):
        shown = from_here(schema)
        click.echo(f"{shown} is of another version; `reportgen schema -o {shown}` renews it", err=True)
    click.echo(f"next: fill it in, then `reportgen compile {from_here(path)} --open`", err=True)


@click.command("init", cls=Command, short_help="Lay out a small working project.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--policy",
    type=click.Choice(["plain", "assignee"]),
    default="plain",
    help="The house rules to follow [plain].",
)
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "none"]),
    default="github",
    help="The server whose workflow is to build the reports [github].",
)
@click.option(
    "--editor",
    "for_editor",
    is_flag=True,
    help="Write only what lets an editor explain records, and of that what is missing; for a project that is there.",
)
def init_command(folder: Path, policy: str, ci: str, for_editor: bool) -> None:
    """Lay out a small working project in DIR: a record, a bibliography, settings, help for editors and a CI workflow.

    The workflow is for GitHub Actions, or for GitLab CI with --ci gitlab. No file that exists is touched. VS Code, and
    editors that read its settings, complete and explain the fields of records by record.schema.json.

    Examples:
      reportgen init my-reports && cd my-reports && reportgen compile records
      reportgen init on-gitlab --ci gitlab
      reportgen init . --editor
    """
    from reportgen.cli.new_project import add_editor_files, init_project

    if for_editor:
        written, kept = add_editor_files(folder)
        for path in written:
            click.echo(from_here(path))
        for path in kept:
            click.echo(f"{from_here(path)} is there already and was left as it is", err=True)
        return
    for path in init_project(folder, policy, ci):
        click.echo(from_here(path))
    click.echo("first: write your name under [publisher] in reportgen.toml", err=True)
    click.echo(f"next: cd {folder} && reportgen compile records --open", err=True)


@click.command("schema", cls=Command, short_help="Print the JSON Schema of a record or a contract.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it into FILE, over an older one.",
)
@click.option(
    "--contract",
    type=click.Choice(list(CONTRACTS)),
    help="The schema of a public contract that `reportgen export` writes, not that of a record.",
)
def schema_command(output: Path | None, contract: str | None) -> None:
    """Print the JSON Schema of a record, or of a contract, for editors and other tools.

    Examples:
      reportgen schema -o record.schema.json
      reportgen schema --contract quality-tiers
    """
    from reportgen.base.paths import write_atomically
    from reportgen.cli.editor import schema_text
    from reportgen.exports.contracts import contract_named
    from reportgen.record import json_schema

    schema = contract_named(contract).json_schema() if contract else json_schema()
    if output is None:
        print_json(schema)
        return
    write_atomically(output, schema_text(schema).encode())
    click.echo(from_here(output))
