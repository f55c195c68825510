"""The records that a command line names: files, all of a folder, and one on the standard input."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from reportgen.base.errors import Level, Problem, RecordError, ReportgenError, Where
from reportgen.base.paths import real_path
from reportgen.cli.messages import print_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reportgen.pipeline.batch.inputs import RecordSource

InputFormat = Literal["json", "yaml"]
STREAM = Path("-")
WRONG_USE = 2
# Names that no file has: nothing that lies in the folder, such as a lock file, is taken for this record's.
_NAMES: dict[InputFormat, Path] = {"json": Path("<stdin>"), "yaml": Path("<stdin>.yaml")}


class GivenRecord(NamedTuple):
    """A record by its path, which problems name, and a function that reads its bytes.

    ``source`` is where it stands; that of the standard input stands nowhere.
    """

    path: Path
    content: Callable[[], bytes]
    source: RecordSource | None = None

    @property
    def name(self) -> str:
        """Return the name that results are listed under: ``records.jsonl:3``."""
        return self.source.name if self.source else str(self.path)

    def at_line(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Count the lines of one of many records from the start of their file."""
        from reportgen.pipeline.batch.locating import at_line

        return at_line(problems, self.source) if self.source else problems


def given_records(
    places: Iterable[Path], input_format: InputFormat | None = None, *, of_many: bool = False
) -> list[GivenRecord]:
    """List the records that are named, each once: files, those in folders, and ``-`` for the standard input.

    A file need not exist: reading it says what is wrong. The standard input is read here. With ``of_many`` each record
    of a file in JSON Lines or Parquet is one.

    Raises:
        RecordError: a folder holds no record; the standard input cannot be read, or holds more than a record may.

    """
    from reportgen.pipeline.watch.needs import real

    given = (each for place in places for each in _given(place, input_format, of_many))
    return list({(real(each.path), each.source and each.source.line): each for each in given}.values())


def _given(place: Path, input_format: InputFormat | None, of_many: bool) -> Iterator[GivenRecord]:
    from reportgen.pipeline.batch.inputs import RecordSource, find_sources
    from reportgen.record.other_files import OF_MANY

    if place == STREAM:
        raw = _standard_input()
        yield GivenRecord(_NAMES[input_format or _format_of(raw)], lambda: raw)
        return
    is_of_many = of_many and place.suffix.lower() in OF_MANY and place.is_file()
    for source in find_sources([place]) if place.is_dir() or is_of_many else [RecordSource(place)]:
        yield GivenRecord(source.path, source.content, source)


def _standard_input() -> bytes:
    from reportgen.base.foreign import LARGEST_BYTES

    if sys.stdin is None:  # it was closed by whoever started this
        return b""
    if sys.stdin.isatty():
        click.echo("type the record; Ctrl-D ends it", err=True)
    try:
        raw = sys.stdin.buffer.read(LARGEST_BYTES + 1)
    except OSError as error:
        message = f"the standard input cannot be read: {error.strerror or error}"
        raise _refused(
            "file-unreadable", message, "send it a record through a pipe, or name a file"
        ) from error
    if len(raw) > LARGEST_BYTES:
        message = f"the standard input holds more than {LARGEST_BYTES // 1_000_000} MB"
        hint = "split the report, or publish the claim counts instead of the claims"
        raise _refused("file-too-large", message, hint)
    return raw


def _refused(code: str, message: str, hint: str) -> RecordError:
    return RecordError([Problem(code, Level.ERROR, Where(str(_NAMES["json"])), message, hint)])


def _format_of(raw: bytes) -> InputFormat:
    """Tell JSON, which begins with a bracket, from YAML; what is empty is no YAML either."""
    begun = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "json" if begun[:1] in (b"{", b"[", b"") else "yaml"


def sources_at(places: Iterable[str], reports: Iterable[Path]) -> list[RecordSource]:
    """Find the records of folders, patterns and files; the results of an earlier run are none.

    Raises:
        RecordError: a place does not exist or holds no record.

    """
    from reportgen.pipeline.batch.inputs import find_sources

    results = {real_path(path) for path in reports}
    return [source for source in find_sources(places) if real_path(source.path) not in results]


@contextmanager
def wrong_use(kind: type[ReportgenError] = ReportgenError) -> Iterator[None]:
    """Print the problems of what was asked for, and end as after any wrong use."""
    try:
        yield
    except kind as error:
        print_problems(error.problems)
        raise click.exceptions.Exit(WRONG_USE) from error
