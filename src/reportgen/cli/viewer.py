"""Showing a file with the program that this system opens it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reportgen.cli.console import from_here

if TYPE_CHECKING:
    from pathlib import Path


def open_file(path: Path) -> None:
    """Open a file, or say that nothing here opens it: the file itself is as good as without."""
    if click.launch(str(path.absolute())):
        click.echo(f"nothing on this machine opens {from_here(path)}; it is there all the same", err=True)
