"""The reference of the commands, from the commands themselves."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import click

from reportgen.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """# Commands

This page is made from the program, by `./run reference`; each command says the same under `-h` or `--help`. Results
go to the output stream, problems and progress to the error stream. What a command ends with:
[exit codes](exit-codes.md).
"""
_WIDE = {"terminal_width": 10_000, "max_content_width": 10_000}


def page() -> str:
    """Return the whole page."""
    commands = list(_commands(click.Context(cli, info_name="reportgen", **_WIDE)))
    return "\n".join([INTRODUCTION, _contents(commands), *map(_section, commands)])


def _commands(context: click.Context) -> Iterator[click.Context]:
    """Yield each command, after its group, with the name under which it is called."""
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        each = click.Context(command, info_name=name, parent=context, **_WIDE)
        yield each
        if isinstance(command, click.Group):
            yield from _commands(each)


def _contents(commands: list[click.Context]) -> str:
    rows = [
        f"| [`{each.command_path}`](#{each.command_path.replace(' ', '-')}) | {_summary(each.command)} |"
        for each in commands
        if not isinstance(each.command, click.Group)
    ]
    return "\n".join(["| command | does |", "|---|---|", *rows]) + "\n"


def _summary(command: click.Command) -> str:
    return _escaped(" ".join((command.help or "").partition("\n\n")[0].split()))


def _section(context: click.Context) -> str:
    command = context.command
    depth = "##" if context.parent and context.parent.parent is None else "###"
    lines = [
        f"{depth} {context.command_path}",
        "",
        *(f"{_escaped(each)}\n" for each in _paragraphs(command.help)),
    ]
    if not isinstance(command, click.Group):
        lines += ["```text", " ".join(context.command.get_usage(context).split()[1:]), "```", ""]
        options = [_option(each) for each in _options(context)]
        lines += ["| option | meaning |", "|---|---|", *options, ""] if options else []
    return "\n".join(lines) + _last(command.epilog or "")


def _paragraphs(text: str | None) -> list[str]:
    return [" ".join(part.split()) for part in inspect.cleandoc(text or "").split("\n\n") if part]


def _options(context: click.Context) -> Iterator[tuple[str, str]]:
    options = (each for each in context.command.params if isinstance(each, click.Option))
    return (record for each in options if (record := each.get_help_record(context)))


def _option(record: tuple[str, str]) -> str:
    name, meaning = record
    shown = name.replace("|", "\\|")
    return f"| `{shown}` | {_escaped(meaning)} |"


def _last(epilog: str) -> str:
    """Return examples as a block of the shell, and exit codes as a list of their lines."""
    parts = []
    for part in filter(None, epilog.split("\b\n")):
        title, _, lines = part.strip().partition("\n")
        text = inspect.cleandoc(lines)
        block = f"```sh\n{_commented(text)}\n```" if title.startswith("Example") else f"```text\n{text}\n```"
        parts.append(f"{title.removesuffix(':')}:\n\n{block}\n")
    return "\n" * bool(parts) + "\n".join(parts)


def _commented(lines: str) -> str:
    """Put a # before what stands beside a command."""
    return re.sub(r"^(\S.*?\S)( {2,})(?=\S)", r"\1\2# ", lines, flags=re.MULTILINE)


def _escaped(text: str) -> str:
    if "`" in text:
        return text.replace("|", "\\|")
    return re.sub(r"([|\[\]>*_])", r"\\\1", text).replace("<", "&lt;")  # MkDocs keeps a backslash before <
