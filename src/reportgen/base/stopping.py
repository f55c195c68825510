"""The signals that ask a run to end: heard as Ctrl-C is, and by no process that is only just starting."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from types import FrameType

TO_UNWIND = 10  # seconds that a process has for stopping TeX and removing its temporary files
_ASKING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What asks a run to end; Windows knows no end of a terminal."""
KILLED = -int(getattr(signal, "SIGKILL", 9))
OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 24))
"""The status of a process that was killed, and of one that computed for longer than it may."""
_MASKS = hasattr(signal, "pthread_sigmask")
_heard: list[int] = []
_before_start: list[set[int]] = []


def listen() -> None:
    """Let SIGTERM and SIGHUP unwind this process as Ctrl-C does: temporary folders go, and TeX is stopped."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _ASKING:
        # One that is ignored stays so: nohup has asked for it.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _unwind)


def _unwind(number: int, _: FrameType | None) -> None:
    # Another one must not break off the unwinding.
    for each in _ASKING:
        signal.signal(each, signal.SIG_IGN)
    _heard.append(number)
    raise KeyboardInterrupt


def exit_code() -> int:
    """Return the status of a process that was stopped: 128 and the signal's number, as shells have it."""
    return 128 + (_heard[-1] if _heard else signal.SIGINT)


def hold_back_start() -> None:
    """Hold back the signals that end a run, as the first thing that a program does, until `let_start_through`."""
    if _MASKS:
        _before_start.append(signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *_ASKING}))


def let_start_through() -> None:
    """Hear the signals that came since `hold_back_start`."""
    if _before_start:
        signal.pthread_sigmask(signal.SIG_SETMASK, _before_start.pop())


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back the signals that end a run; a process that is started meanwhile holds them back, too."""
    heard: list[int] = []
    with _handled_by(lambda number, _: heard.append(number)), _blocked():
        yield
    for number in heard[:1]:
        signal.raise_signal(number)


@contextmanager
def _blocked() -> Iterator[None]:
    if not _MASKS:  # Windows has none, and no process inherits one there
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, *_ASKING})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    # Blocked or not, another thread may hear a signal, and this one then handles it.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, *_ASKING)}
    try:
        yield
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)


def leave_to_parent(on_term: Callable[[int, FrameType | None], Any] | signal.Handlers) -> None:
    """In a process that was started while they were `held_back`: let the parent say what the signals mean.

    A terminal sends Ctrl-C, and its own end, to every process; ``on_term`` is for what the parent sends.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ASKING:
        signal.signal(number, on_term if number == signal.SIGTERM else signal.SIG_IGN)
    if _MASKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, *_ASKING})


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and all of its process group, which Windows does not have: there the program alone."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def hear_no_more() -> None:
    """Ignore Ctrl-C from now on: the run has unwound, and only ends."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
