"""A process beside this one, for a function whose import takes longer than all else.

Drawing a chart takes a twentieth of a second, importing matplotlib ten times as long. A command that builds
one report starts the process first of all, and goes on while the other core imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from reportgen.base.stopping import held_back, leave_to_parent
from reportgen.base.systems import on_linux, start_method

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


@dataclass(frozen=True, slots=True)
class Function:
    """A function by its place; it is called beside where it was `start`-ed, and here elsewhere."""

    module: str
    name: str

    def start(self) -> None:
        """Start a process that imports the function; it ends with this process.

        Without a second core, and beside threads, which a fork would stop at any point, nothing is started.
        """
        import multiprocessing
        import threading

        if self in _connections() or multiprocessing.cpu_count() == 1 or threading.active_count() > 1:
            return
        context: Any = multiprocessing.get_context(start_method())
        ours, theirs = context.Pipe()
        with held_back():
            context.Process(target=_serve, args=(self, theirs, ours), daemon=True).start()
        theirs.close()
        _connections()[self] = ours

    def __call__(self, argument: Any) -> Any:
        """Call the function; what it raises is raised here."""
        connection = _connections().get(self)
        if connection is None:
            return getattr(import_module(self.module), self.name)(argument)
        try:
            connection.send(argument)
            answer = connection.recv()
        except (EOFError, OSError):
            # The process was killed; what it would have said is found out here.
            del _connections()[self]
            return self(argument)
        if isinstance(answer, Exception):
            raise answer
        return answer


@cache
def _connections() -> dict[Function, Connection]:
    """Return the connections of this process: one for each function with a process of its own."""
    return {}


def _serve(function: Function, connection: Connection, other_end: Connection) -> None:
    import signal

    # The end of the parent, however it came, must be the end of its pipes: this one's, and those to others.
    other_end.close()
    if on_linux():
        _close_all_but(connection)
    leave_to_parent(signal.SIG_DFL)
    _connections().clear()
    import_module(function.module)
    while True:
        try:
            argument = connection.recv()
        except EOFError:
            return
        try:
            connection.send(function(argument))
        except Exception as error:  # noqa: BLE001 - it is raised where the call was made
            connection.send(error)


def _close_all_but(connection: Connection) -> None:
    """Close what a fork has of its parent's files; a process started in another way has none."""
    import gc
    import os

    gc.freeze()  # no file of the parent's is closed again when its number is another file's
    os.closerange(3, connection.fileno())
    os.closerange(connection.fileno() + 1, 65536)
