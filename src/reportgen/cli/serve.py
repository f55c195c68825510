"""``reportgen serve``."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

import click

from reportgen.base.stopping import exit_code
from reportgen.cli.commands import Command, output_option, poll_option, trust_option
from reportgen.cli.console import plural
from reportgen.cli.watch import CTRL_C

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.site.preview import PreviewServer


@click.command("serve", cls=Command, short_help="Preview pages and PDFs while you write.")
@click.argument("place", required=False, type=click.Path(path_type=Path, exists=True), metavar="[DIR|RECORD]")
@output_option
@click.option("-p", "--port", type=click.IntRange(1, 65535), help="Port to listen on [a free one].")
@click.option("--open", "opened", is_flag=True, help="Show the preview in the browser.")
@poll_option
@trust_option
def serve_command(  # noqa: PLR0917 - one parameter an option
    place: Path | None, output: Path | None, port: int | None, opened: bool, poll: bool, trust_templates: bool
) -> None:
    """Show the site of the records in DIR, by default those of this folder, with the PDF of each beside its page.

    Whenever a record changes, or something else that its report is made of, the page is written again, then the PDF,
    and the browser shows both anew. PDFs go into the output folder, as with `batch`; pages into a temporary one. Only
    this machine can see the preview. Ctrl-C ends it.

    Examples:
      reportgen serve records --open
      reportgen serve record.json --port 8000
    """
    from reportgen.pipeline.watch.changes import FileChanges
    from reportgen.pipeline.watch.project import Project
    from reportgen.site.preview import PreviewServer

    place = place or Path.cwd()
    project = Project([place], {"trust_templates": trust_templates})
    if not project.records:
        raise click.UsageError(f"there is no record in {place}: name a folder of records")
    given = [*(["-o", str(output)] if output else []), *(["--trust-templates"] if trust_templates else [])]
    try:
        with (
            TemporaryDirectory(prefix="reportgen-") as folder,
            PreviewServer(Path(folder), port or 0) as server,
            _Builds(place, given, Path(folder), server) as builds,
            FileChanges(poll=poll) as changes,
        ):
            click.echo(
                f"previewing {plural(len(project.records), 'record')} at {server.url}; Ctrl-C ends", err=True
            )
            if opened:
                click.launch(server.url)
            for changed in chain([frozenset[Path]()], changes):
                due, gone = project.update(changed)
                changes.follow(project.folders)
                if due or gone:
                    builds.ask()
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        if (code := exit_code()) != CTRL_C:
            raise click.exceptions.Exit(code) from None


class _Builds:
    """The two builds of a preview, each a command of its own: pages at once, PDFs after them, then pages with these."""

    def __init__(self, place: Path, given: Sequence[str], folder: Path, server: PreviewServer) -> None:
        pdfs = ["--pdfs" if each == "-o" else each for each in given]
        self._site = ["site", str(place), "-o", str(folder), "--quiet", *pdfs]
        self._batch = ["batch", str(place), *given]
        self._server = server
        self._build = 0
        self._running: set[subprocess.Popen[str]] = set()
        self._pages = _Worker("pages", self._write_pages)
        self._pdfs = _Worker("PDFs", self._build_pdfs, then=self._pages.ask)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pages.end()
        self._pdfs.end()
        for process in list(self._running):
            process.terminate()

    def ask(self) -> None:
        """Ask for both builds; one that is under way is followed by another."""
        self._pages.ask()
        self._pdfs.ask()

    def _write_pages(self) -> None:
        code, said = self._run(self._site)
        self._build += 1
        self._show(said if code else "")

    def _build_pdfs(self) -> None:
        self._pages.rest.wait()  # two builds at once would each take twice as long, and pages are seen first
        _, said = self._run(self._batch)
        click.echo(said, err=True, nl=False)

    def _show(self, problems: str) -> None:
        from reportgen.site.preview import State

        self._server.show(State(self._build, "ready" if self._pdfs.rest.is_set() else "pdfs", problems))

    def _run(self, command: Sequence[str]) -> tuple[int, str]:
        """Run a command of ours to its end; return its code and what it says of problems."""
        started = [sys.executable, "-m", "reportgen", *command]
        with subprocess.Popen(
            started, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            self._running.add(process)
            _, said = process.communicate()
            self._running.discard(process)
        return process.returncode, said


class _Worker:
    """A thread that does one thing whenever it was asked to since it last began, and then another.

    ``rest`` is set while there is nothing to do.
    """

    def __init__(self, name: str, work: Callable[[], None], then: Callable[[], None] = lambda: None) -> None:
        self._work = work
        self._then = then
        self._asked = Event()
        self._lock = Lock()
        self._ended = False
        self.rest = Event()
        self.rest.set()
        Thread(target=self._go_on, name=name, daemon=True).start()

    def ask(self) -> None:
        """Ask for the work to be done, once more if it is under way."""
        with self._lock:
            self.rest.clear()
            self._asked.set()

    def end(self) -> None:
        """Begin no more work."""
        self._ended = True
        self._asked.set()
        self.rest.set()

    def _go_on(self) -> None:
        while not self._ended:
            self._asked.wait()
            self._asked.clear()
            if not self._ended:
                self._work()
                with self._lock:
                    if not self._asked.is_set():
                        self.rest.set()
                self._then()
