"""The command line: it reads arguments, prints results and problems, and ends with a code per error class."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from reportgen import __version__
from reportgen.base import stopping
from reportgen.base.collecting import collect_rarely
from reportgen.base.errors import OutputError, ReportgenError, refusal
from reportgen.cli.commands import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

PIPE_CLOSED = 141

_LAZY = {
    "new": "reportgen.cli.beginning:new_command",
    "init": "reportgen.cli.beginning:init_command",
    "compile": "reportgen.cli.compile:compile_command",
    "batch": "reportgen.cli.batch:batch_command",
    "site": "reportgen.cli.site:site_command",
    "serve": "reportgen.cli.serve:serve_command",
    "export": "reportgen.cli.reports:export_command",
    "validate": "reportgen.cli.reports:validate_command",
    "explain": "reportgen.cli.explain:explain_command",
    "extract": "reportgen.cli.verify:extract_command",
    "verify": "reportgen.cli.verify:verify_command",
    "schema": "reportgen.cli.beginning:schema_command",
    "trust": "reportgen.cli.project:trust_command",
    "doctor": "reportgen.cli.doctor:doctor_command",
    "template": "reportgen.cli.project:template_group",
    "bib": "reportgen.cli.bib:bib_group",
    "watch": "reportgen.cli.watch:watch_command",
    "cache": "reportgen.cli.project:cache_group",
    "zenodo": "reportgen.cli.zenodo:zenodo_group",
    "completion": "reportgen.cli.project:completion_command",
}


_REPORTING = ("batch", "compile", "validate", "site")


class LazyGroup(Group):
    """A group whose commands are imported when they are called, so that ``--help`` stays quick."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments, and print the help where they ask for it."""
        with _own_code_for_closed_pipe():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _own_code_for_closed_pipe():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order people meet them."""
        return list(_LAZY)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in _LAZY:
            return None
        from pkgutil import resolve_name

        command: click.Command = resolve_name(_LAZY[cmd_name])
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        if args and args[0] not in _LAZY and not args[0].startswith("-"):
            from reportgen.base.suggestions import suggest

            near = suggest(args[0], _LAZY)
            hint = f" Did you mean {near!r}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@contextmanager
def _own_code_for_closed_pipe() -> Iterator[None]:
    """Keep a closed pipe from click, which would end as after any failure."""
    try:
        yield
    except BrokenPipeError as error:
        raise click.exceptions.Exit(PIPE_CLOSED) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="reportgen")
def cli() -> None:
    """Turn a record of claims into a report worth publishing.

    Examples:
      reportgen new "Does sleep help memory?"    a first record, to be filled in
      reportgen compile record.json --open       one PDF into out/, shown
      reportgen compile records -o pdf           all of a folder, into pdf/
      reportgen batch records                    many: what changed only, on all processors
      reportgen site records                     a static site: a page for every report, lists, search
      reportgen validate records                 all problems, nothing built
      reportgen init my-reports                  a small working project
      reportgen zenodo upload record.json        a draft on Zenodo, with its DOI in the PDF

    Exit codes:
      0 success       4 bibliography   8 typesetting   12 no report        16 not trusted
      1 batch         5 settings       9 output        13 repository       70 internal error
      2 usage         6 template       10 altered      14 outcome unknown
      3 record        7 set-up         11 other tools  15 policy
      129 terminal closed   130 interrupted   141 pipe closed   143 ended
    """


def main() -> None:
    """Run the command line; every error a user can meet ends in a message, never in a traceback."""
    stopping.listen()
    collect_rarely()
    # A console of few characters, such as Windows' cp1252, gets the others by their numbers.
    with suppress(AttributeError):
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _ended()
    except OSError:
        # The problem is with the streams themselves, so there is nowhere to say it.
        code = OutputError.exit_code
    _let_go_of_streams()
    sys.exit(code)


def _ended() -> int:
    try:
        _begin(sys.argv[1:])
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        stopping.hear_no_more()
        click.echo("stopped", err=True)
        return stopping.exit_code()
    except BrokenPipeError:
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last line of defence: our bug, said as such
        from reportgen.cli.messages import internal_error, print_problems, refused_output

        known = error if isinstance(error, ReportgenError) else refused_output(error) or refusal(error)
        if known is None:
            internal_error(error)
            return ReportgenError.exit_code
        print_problems(known.problems)
        return known.exit_code
    return code if isinstance(code, int) else 0


def _show(error: click.ClickException) -> None:
    """Print wrong use; names of files and revisions in it are others'. In help and lists of choices all is ours."""
    if not isinstance(error, click.exceptions.NoArgsIsHelpError | click.MissingParameter):
        from reportgen.cli.console import printable

        words = printable(error.format_message())
        error.format_message = lambda: words  # type: ignore[method-assign]
    error.show()


def _begin(arguments: list[str]) -> None:
    """Hear signals once the results of an earlier run are gone."""
    if any(each.startswith("--report") for each in arguments) and arguments[0] in _REPORTING:
        from pkgutil import resolve_name

        from reportgen.cli.results import begin

        resolve_name(_LAZY[arguments[0]])
        begin(arguments)
    else:
        stopping.let_start_through()


def _let_go_of_streams() -> None:
    """Keep the interpreter from complaining, at its end, of a pipe that was closed or a disk that is full."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
