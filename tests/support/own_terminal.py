"""A terminal of a fixed width: what a command prints there, with its colours, and how that looks in the end."""

from __future__ import annotations

import difflib
import os
import pty
import re
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = 100
GOLDEN = Path(__file__).parents[1] / "golden" / "terminal"
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


def read_terminal(handle: int) -> str:
    """Read what is printed on a terminal until its other end is closed."""
    said = b""
    while True:
        try:
            part = os.read(handle, 65536)
        except OSError:  # the other end is closed
            return said.decode()
        if not part:
            return said.decode()
        said += part


def seen(said: str) -> list[str]:
    """Return the lines that remain on a terminal: a line that is cleared and written anew shows its last state."""
    return [re.split(r"\x1b\[2K|\r", line.removesuffix("\r"))[-1] for line in said.split("\n")]


def plain(said: str) -> list[str]:
    """Return the lines without their colours."""
    return [_COLOUR.sub("", line) for line in seen(said) if line]


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run the command line in this process with both streams on one terminal; return all that it printed there."""

    def run(*arguments: str, folder: Path, wanted: tuple[str, ...] = ()) -> str:
        from reportgen.cli import main

        monkeypatch.chdir(folder)
        monkeypatch.setattr("sys.argv", ["reportgen", *arguments])
        for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS"):
            if name not in wanted:
                monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setenv("COLUMNS", str(COLUMNS))
        # This process has threads, and pipes to others: it is not forked.
        monkeypatch.setattr("reportgen.base.early_process.Function.start", lambda _: None)
        ours, theirs = pty.openpty()
        said: list[str] = []
        reader = Thread(target=lambda: said.append(read_terminal(ours)))
        reader.start()
        with open(theirs, "w", encoding="utf-8") as stream, monkeypatch.context() as patch:  # noqa: PTH123
            patch.setattr(sys, "stdout", stream)
            patch.setattr(sys, "stderr", stream)
            # At its end the command lets go of its streams, which are the tests' own.
            patch.setattr("reportgen.cli._let_go_of_streams", stream.flush)
            with pytest.raises(SystemExit):
                main()
        reader.join()
        os.close(ours)
        return said[0].replace("\r\n", "\n")

    return run


@pytest.fixture
def like_golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare what was printed with a file of tests/golden/terminal; its escapes stand there as ``\\e``."""

    def compare(name: str, said: str) -> None:
        shown = "\n".join(line.replace("\x1b", "\\e") for line in seen(said))
        golden = GOLDEN / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(shown, encoding="utf-8")
        assert golden.exists(), f"there is no {golden}: run with --update-golden and read what it writes"
        expected = golden.read_text(encoding="utf-8")
        rows = difflib.unified_diff(expected.split("\n"), shown.split("\n"), "golden", "now", lineterm="")
        difference = "\n".join(rows)
        assert shown == expected, f"{difference}\n\nif this is meant, run with --update-golden"

    return compare
