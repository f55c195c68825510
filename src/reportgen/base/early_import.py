"""Importing what comes next while another program runs."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def importing(*modules: str) -> Iterator[None]:
    """Import modules in a thread while the block waits for another program; the block ends when both are done."""
    missing = [name for name in modules if name not in sys.modules]
    if not missing:
        yield
        return
    thread = Thread(target=_import, args=(missing,))
    thread.start()
    try:
        yield
    finally:
        # An import that is still running when the interpreter ends would fail.
        thread.join()


def _import(modules: list[str]) -> None:
    for name in modules:
        with suppress(Exception):  # raised where the module is needed
            import_module(name)
