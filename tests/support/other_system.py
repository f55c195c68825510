"""Run commands of reportgen as if this were another system: `python other_system.py win32 '[["doctor"]]'`.

What the other system lacks is taken away: modules, functions, signals and flags. The standard library and the
packages are imported before that, as they are here: what is tried is reportgen's own code. Processes that it
starts are of this system again.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LACKING = {
    "win32": {
        "modules": ["fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline"],
        os: [
            *(
                "O_NOFOLLOW",
                "O_NONBLOCK",
                "O_CLOEXEC",
                "O_NOCTTY",
                "O_DIRECTORY",
                "getuid",
                "geteuid",
                "getgid",
            ),
            *("fork", "forkpty", "killpg", "getpgid", "setsid", "pread", "pwrite", "sched_getaffinity"),
            *("memfd_create", "mkfifo", "fchmod", "chown", "sysconf", "getloadavg", "uname", "pidfd_open"),
        ],
        signal: [
            "SIGHUP",
            "SIGKILL",
            "SIGXCPU",
            "SIGPIPE",
            "SIGCHLD",
            "SIGALRM",
            "pthread_sigmask",
            "alarm",
            "setitimer",
        ],
        select: ["poll"],
    },
    "darwin": {
        "modules": [],
        os: ["sched_getaffinity", "memfd_create", "pidfd_open"],
        signal: ["pidfd_send_signal"],
        select: ["epoll"],
    },
}


def all_modules() -> list[str]:
    import reportgen

    found = pkgutil.walk_packages(reportgen.__path__, "reportgen.")
    return sorted(each.name for each in found if not each.name.endswith("__main__"))


def become(platform: str) -> None:
    """Import all that reportgen imports, then let this be the other system, and forget reportgen."""
    for name in all_modules():
        importlib.import_module(name)
    for name in (
        "portalocker",
        "platformdirs",
        "pypdfium2",
        "pylatex",
        "markdown_it",
        "slugify",
        "pandas",
        "rich.console",
    ):
        importlib.import_module(name)
    import multiprocessing.popen_spawn_posix
    import multiprocessing.resource_tracker  # noqa: F401

    import matplotlib.figure  # noqa: F401 - its backends look at the system

    mask = signal.pthread_sigmask
    for name in [name for name in sys.modules if name.partition(".")[0] == "reportgen"]:
        del sys.modules[name]
    for owner, names in LACKING[platform].items():
        if owner == "modules":
            sys.modules |= dict.fromkeys(names)
            continue
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    importlib.import_module("reportgen.base.stopping")  # which signals it has is settled now
    signal.pthread_sigmask = mask  # with which the standard library starts processes on this system
    shutil.which = as_here(shutil.which, platform)  # Windows' programs have other names
    sys.platform = platform


def as_here(function: Callable[..., Any], platform: str) -> Callable[..., Any]:
    """Let a function of the standard library see the system as it is."""
    really = sys.platform

    def call(*arguments: Any, **options: Any) -> Any:
        sys.platform = really
        try:
            return function(*arguments, **options)
        finally:
            sys.platform = platform

    return call


def run(*arguments: str) -> None:
    """Run a command, and print the code it ends with."""
    from reportgen.cli import main

    sys.argv = ["reportgen", *arguments]
    try:
        main()
    except SystemExit as ended:
        sys.stdout.write(f"{arguments[0]} ended with {ended.code or 0}\n")


if __name__ == "__main__":
    become(sys.argv[1])
    for name in all_modules():
        importlib.import_module(name)
    for command in json.loads(sys.argv[2]):
        run(*command)
