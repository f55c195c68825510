"""``reportgen explain``: what a code, a field, a setting or an exit code means, and what to do."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from reportgen.cli.commands import Command, format_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from click.shell_completion import CompletionItem

    from reportgen.explanations import ExitCode, Explanation
    from reportgen.record.field_reference import Field

    Topic: TypeAlias = "Explanation | Field | ExitCode"

WHOLES = {"field": "record", "setting": "settings"}
"""What the whole is called of which there are fields or settings."""
MOST_PROPOSED = 5
_PLACES = re.compile(r"\[\d*\]")


def _complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:  # noqa: ARG001
    """Offer every topic that begins as what was typed, with what it means; places as ``[3]`` stay as typed."""
    from click.shell_completion import CompletionItem

    plain = _PLACES.sub("", begun)
    found = [item for items in _topics().values() for item in items.items() if item[0].startswith(plain)]
    return [
        CompletionItem(begun + name.removeprefix(plain), help=topic.means)
        for name, topic in dict(found).items()
    ]


@click.command("explain", cls=Command, short_help="Explain a code, field or setting.")
@click.argument("what", required=False, metavar="[WHAT]", shell_complete=_complete)
@format_option
def explain_command(what: str | None, output_format: Literal["text", "json"]) -> None:
    """Explain WHAT a message names: a code, a field, a setting or an exit code.

    Says what it means, why, and what to do, with a wrong and a right example of each code. Without WHAT, lists the
    codes by the question that they answer.

    Examples:
      reportgen explain unknown-field         a code, as messages have it in brackets
      reportgen explain claims[3].confidence  a field of a record, as messages name it
      reportgen explain record                all fields of a record
      reportgen explain style.accent          a setting of reportgen.toml
      reportgen explain 3                     an exit code
    """
    from reportgen.cli import explained
    from reportgen.cli.console import print_json
    from reportgen.explanations import explanations

    if what is None:
        if output_format == "json":
            print_json([_as_json("code", topic) for topic in explanations().values()])
        else:
            explained.print_codes(explanations().values())
        return
    found = find_topics(what)
    if not found and (page := explained.page_of(what)):
        raise click.UsageError(f"{what!r} is no code, field or setting: {page} tells of it")
    if not found:
        raise click.UsageError(_unknown(what))
    if output_format == "json":
        print_json([_as_json(kind, topic) for kind, topic in found.items()])
    else:
        explained.print_topics(found)


def find_topics(what: str) -> dict[str, Topic]:
    """Find what bears a name, by its kind: ``output`` is both a code and a setting."""
    name = _PLACES.sub("", what.strip())
    if (code := name.removeprefix("levels.")) in _topics()["code"]:
        name = code
    return {kind: topics[name] for kind, topics in _topics().items() if name in topics}


@cache
def _topics() -> Mapping[str, Mapping[str, Topic]]:
    """Return all that can be explained, by kind and name."""
    from reportgen.base.settings import _NOT_IN_FILE, Settings
    from reportgen.explanations import exit_codes, explanations
    from reportgen.record import json_schema
    from reportgen.record.field_reference import fields_of
    from reportgen.record.schema import schema_of

    fields = fields_of(json_schema(), WHOLES["field"])
    schema = schema_of(Settings)
    for name in _NOT_IN_FILE:
        del schema["properties"][name]
    return {
        "code": explanations(),
        "field": {each.path: each for each in fields},
        "setting": {each.path: each for each in fields_of(schema, WHOLES["setting"])},
        "exit code": {str(number): each for number, each in exit_codes().items()},
    }


def _as_json(kind: str, topic: Topic) -> dict[str, Any]:
    return {"kind": kind, **asdict(topic)}


def _unknown(what: str) -> str:
    if command := _command(what):
        return f"`{command}` is a command: `reportgen {command} --help` explains it."
    proposed = list(dict.fromkeys(_near(what)))[:MOST_PROPOSED]
    if proposed:
        return f"nothing is called {what!r}. Did you mean {' or '.join(map(repr, proposed))}?"
    return (
        f"nothing is called {what!r}. `reportgen explain` lists the codes, `reportgen explain record` the fields of "
        f"a record, `reportgen explain {WHOLES['setting']}` the settings."
    )


def _command(what: str) -> str:
    """Return the command that words name, such as ``bib fetch``; '' where they name none."""
    from reportgen.cli import cli

    group: click.Command | None = cli
    words = what.split()
    for word in words:
        found = group.get_command(click.Context(group), word) if isinstance(group, click.Group) else None
        if found is None:
            return ""
        group = found
    return " ".join(words)


def _near(what: str) -> Iterator[str]:
    """Yield names that may have been meant: of a field further down, or almost the same."""
    from reportgen.base.suggestions import suggest

    name = _PLACES.sub("", what.strip())
    names = list(dict.fromkeys(each for topics in _topics().values() for each in topics))
    yield from (each for each in names if each.endswith(f".{name}"))
    if near := suggest(name, names):
        yield near
