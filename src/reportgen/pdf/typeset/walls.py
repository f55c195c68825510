"""The walls around a run of TeX: a bubblewrap sandbox, what it shows, and why it may not stand here."""

from __future__ import annotations

import contextlib
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.programs import PROGRAMS, find_program
from reportgen.base.systems import on_linux, system_name
from reportgen.pdf.typeset.calls import refused_calls
from reportgen.pdf.typeset.process import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reportgen.pdf.typeset.sandbox import Job

FOLDER = "/tmp/report"  # noqa: S108 - inside the walls all of /tmp is the run's own
SCRATCH = "/tmp/texmf"  # noqa: S108
FACES = "/faces"
_INPUT = "/input"
_NOBODY = "65534"

# Of /etc only what TeX reads. The folder below /sys tells the C library how large the machine's pages are.
_SYSTEM = (
    "/etc/ld.so.cache",
    "/etc/texmf",
    "/var/lib/texmf",
    "/sys/kernel/mm/transparent_hugepage",
)
_MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")


def walled(
    command: Sequence[str],
    job: Job,
    folder: Path,
    *,
    faces: Path,
    known: Sequence[str],
    filters: Sequence[int],
) -> list[str]:
    """Put a command that runs a job's program behind walls.

    Inside there is no network, no other process, no user of this machine and no variable of its environment. The
    command starts in a folder that holds the files of ``folder`` and the job's links. Those of ``faces`` that are
    ``known`` lie where its own would. It may write as many bytes as the job's limits say, which are gone at the
    end, and as many into each of the job's results, which are left in ``folder``.
    """
    inputs = sorted(path.name for path in folder.iterdir() if path.name not in job.results)
    return [
        *_closed(job.limits.output_mb),
        *_tex_tree(job.engine.program),
        *("--ro-bind", str(faces), FACES),
        *("--ro-bind", str(folder), _INPUT),
        *(("--bind", str(job.scratch), SCRATCH) if job.scratch else ("--dir", SCRATCH)),
        *(part for name in known for part in ("--symlink", f"{FACES}/{name}", f"{SCRATCH}/{name}")),
        *(part for name in inputs for part in ("--symlink", f"{_INPUT}/{name}", f"{FOLDER}/{name}")),
        *(part for name in job.results for part in ("--bind", str(folder / name), f"{FOLDER}/{name}")),
        *(
            part
            for name, path in job.links.items()
            for part in ("--ro-bind", str(path.resolve()), f"{FOLDER}/{name}")
        ),
        *_shut(filters),
        *command,
    ]


def _closed(megabytes: int) -> list[str]:
    return [
        PROGRAMS["bwrap"].path or "bwrap",
        "--unshare-all",
        # Also where root runs it: with a user namespace of its own, root inside is nobody outside.
        *("--unshare-user", "--uid", _NOBODY, "--gid", _NOBODY, "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", "--hostname", "tex"),
        *_system(),
        *("--dev-bind", "/dev/null", "/dev/null"),
        *("--size", str(megabytes * MEGABYTE), "--tmpfs", "/tmp", "--dir", FOLDER),  # noqa: S108
    ]


def _shut(filters: Sequence[int]) -> list[str]:
    refused = [part for handle in filters for part in ("--seccomp", str(handle))]
    return [*refused, "--remount-ro", "/", "--chdir", FOLDER, "--"]


@contextlib.contextmanager
def call_filters() -> Iterator[tuple[int, ...]]:
    """Open the filter of system calls for one run, which reads it to its end; none where there is none."""
    content = refused_calls()
    if not content:
        yield ()
        return
    handle = os.memfd_create("calls")
    try:
        os.write(handle, content)
        os.lseek(handle, 0, os.SEEK_SET)
        yield (handle,)
    finally:
        os.close(handle)


@cache
def _system() -> tuple[str, ...]:
    """Show the programs, the libraries and the TeX of the system, with the links that lead to them."""
    shown = ["--ro-bind", "/usr", "/usr"]
    for name in _MERGED:
        path = Path(name)
        if path.is_symlink():
            shown += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            shown += ["--ro-bind", name, name]
    return (*shown, *(part for path in _SYSTEM if Path(path).exists() for part in ("--ro-bind", path, path)))


def program_path(program: str) -> Path:
    """Find a program, past all links."""
    return Path(find_program(program) or program).resolve()


def _tex_tree(program: str) -> list[str]:
    """Show a TeX installation of its own, ``~/texlive/2026`` for its ``bin/x86_64-linux/pdftex``, or the program."""
    path = program_path(program)
    if path.is_relative_to("/usr") or not path.exists():
        return []
    tree = path.parents[2] if len(path.parts) > 4 and (path.parents[2] / "texmf-dist").is_dir() else path
    return ["--ro-bind", str(tree), str(tree)]


@cache
def walls_fault() -> str:
    """Tell why no walls can be put up here; nothing where they stand."""
    if not on_linux():
        return f"bubblewrap is for Linux alone, and this is {system_name()}"
    if PROGRAMS["bwrap"].path is None:
        return "bubblewrap is not installed"
    with call_filters() as filters:
        probe = [*_closed(1), *_shut(filters), "true"]
        try:
            done = subprocess.run(
                probe,
                env={"PATH": os.defpath},
                pass_fds=filters,
                capture_output=True,
                timeout=20,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return f"bubblewrap does not run: {error}"
    said = done.stderr.decode("utf-8", "replace").strip()
    return "" if done.returncode == 0 else f"bubblewrap says: {said or f'status {done.returncode}'}"
