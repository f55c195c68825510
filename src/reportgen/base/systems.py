"""The system this runs on: Linux, macOS or Windows, asked when it matters, so that tests can say another one."""

from __future__ import annotations

import os
import sys

_NAMES = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


def system_name() -> str:
    """Return the name that people know the system by."""
    return _NAMES.get(sys.platform, sys.platform)


def on_linux() -> bool:
    """Tell whether this is Linux: alone there a process is forked, and TeX runs behind walls."""
    return sys.platform == "linux"


def start_method() -> str:
    """Return how a process is started beside this one: a fork shares what is imported, and is safe on Linux alone."""
    return "fork" if on_linux() else "spawn"


def processors() -> int:
    """Count the processors that this process may use; all, where the system does not say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_windows() -> bool:
    """Tell whether this is Windows, which knows no owners, no forks and fewer names of files."""
    return sys.platform == "win32"
