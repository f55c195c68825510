"""TeX: formats, engines, limits, and its log turned into problems."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import Level, Problem, SetupError, TypesetError, Where
from reportgen.places import cache_folder, write_atomically
from reportgen.settings import Limits

if TYPE_CHECKING:
    from reportgen.fonts import Face

OVERFULL_LIMIT_PT = 4.0


@dataclass(frozen=True, slots=True)
class Engine:
    """One TeX engine: its program and the LaTeX format our preamble is dumped on top of."""

    name: str
    program: str
    base_format: str
    package: str


ENGINES = {
    "pdftex": Engine("pdftex", "pdftex", "pdflatex", "texlive-latex-base"),
    "luatex": Engine("luatex", "luahbtex", "lualatex", "texlive-luatex"),
}


@dataclass(frozen=True, slots=True)
class Typeset:
    """What one run of TeX gave: the raw PDF and what its log complains of."""

    pdf: bytes
    problems: tuple[Problem, ...]


Origin = Callable[[int], Where]
"""Tell which record field a line of the document body was made from."""


def typeset(
    body: str,
    preamble: str,
    *,
    engine: str,
    faces: Iterable[Face] = (),
    figures: Mapping[str, bytes],
    date: dt.date,
    limits: Limits,
    origin: Origin,
) -> Typeset:
    """Run TeX once over a document in a private folder and read back its PDF.

    ``figures`` are PDF files by name. The folder is gone afterwards, whatever happened.

    Raises:
        SetupError: the engine or one of its packages is not installed.
        TypesetError: TeX stopped on an error or ran into a limit.

    """
    program = ENGINES[engine]
    environment = _environment(date)
    format_file = _format(program, preamble, environment)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as name:
        folder = Path(name)
        (folder / "report.tex").write_text(body, encoding="utf-8")
        for figure, content in figures.items():
            (folder / f"{figure}.pdf").write_bytes(content)
        for face in faces:
            (folder / face.file).symlink_to(face.path)
        command = [program.program, f"-fmt={format_file}", *_FLAGS, "report.tex"]
        outcome = _run(_sandboxed(_limited(command, limits), folder, faces), folder, environment, limits)
        log = _read(folder / "report.log")
        _raise_on_error(outcome, log, limits, origin)
        pdf = folder / "report.pdf"
        if not pdf.is_file():
            raise TypesetError(
                [_problem("no-pdf", "TeX ended without a PDF and without an error", _tail(log))]
            )
        return Typeset(pdf.read_bytes(), tuple(_log_problems(log, origin)))


_FLAGS = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")


def _environment(date: dt.date) -> dict[str, str]:
    """Give TeX a private, fixed world: no user trees, no clock, no time zone, no file outside its folder."""
    epoch = int(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC).timestamp())
    cache_root = cache_folder("texmf")
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(cache_root),
        "TEXMFHOME": str(cache_root / "home"),
        "TEXMFVAR": str(cache_root / "var"),
        "TEXMFCONFIG": str(cache_root / "config"),
        "TEXMFCACHE": str(cache_root / "var"),
        "SOURCE_DATE_EPOCH": str(max(epoch, 0)),
        "FORCE_SOURCE_DATE": "1",
        "TZ": "UTC",
        "LC_ALL": "C",
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "100000",
        "error_line": "254",
        "half_error_line": "238",
    }


def _format(engine: Engine, preamble: str, environment: Mapping[str, str]) -> Path:
    """Find the preamble dumped as a format, or dump it; the key is the preamble, the engine and its version."""
    key = hashlib.sha256(f"{engine_version(engine.name)}\0{preamble}".encode()).hexdigest()[:24]
    target = cache_folder("formats") / f"{engine.name}-{key}.fmt"
    if target.is_file():
        return target
    with tempfile.TemporaryDirectory(prefix="reportgen-format-") as name:
        folder = Path(name)
        (folder / "preamble.tex").write_text(preamble + "\n\\dump\n", encoding="utf-8")
        command = [
            engine.program,
            "-ini",
            *_FLAGS,
            "-jobname=preamble",
            f"&{engine.base_format}",
            "preamble.tex",
        ]
        outcome = _run(command, folder, environment, Limits())
        dumped = folder / "preamble.fmt"
        if outcome.returncode or not dumped.is_file():
            raise _preamble_error(engine, _read(folder / "preamble.log") or outcome.output)
        write_atomically(target, _uncompressed(dumped.read_bytes()))
    return target


def _uncompressed(content: bytes) -> bytes:
    # The engine reads an uncompressed format as it is, a third faster.
    import gzip

    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def _preamble_error(engine: Engine, log: str) -> SetupError | TypesetError:
    if missing := re.search(
        r"File `([^']+)' not found|Can't find the format file|I can't find file `([^']+)'", log
    ):
        name = missing[1] or missing[2] or f"{engine.base_format}.fmt"
        hint = "run `reportgen doctor`: it names the package to install"
        return SetupError([_problem("tex-file-missing", f"TeX cannot find {name}", hint)])
    found = _first_error(log)
    message = found[1] if found else _tail(log)
    return TypesetError([_problem("preamble", f"TeX cannot compile the template's preamble: {message}")])


@cache
def engine_version(name: str) -> str:
    """Give the first line of the engine's ``--version``.

    Raises:
        SetupError: the engine is not installed.

    """
    engine = ENGINES[name]
    path = shutil.which(engine.program)
    if path is None:
        hint = f"install it, on Debian with: apt-get install {engine.package}; `reportgen doctor` checks everything"
        raise SetupError(
            [_problem("engine-missing", f"the TeX engine {engine.program} is not installed", hint)]
        )
    status = Path(path).resolve().stat()
    return _version_line(path, status.st_mtime_ns)


@cache
def _version_line(path: str, stamp: int) -> str:
    """Ask the engine once a machine: the answer is kept by the program's time stamp."""
    store = cache_folder("formats") / f"{Path(path).name}-{stamp}.version"
    if store.is_file():
        return store.read_text(encoding="utf-8")
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=True)
    line = done.stdout.splitlines()[0]
    write_atomically(store, line.encode())
    return line


@dataclass(frozen=True, slots=True)
class _Outcome:
    returncode: int
    output: str
    timed_out: bool = False


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limits: Limits) -> _Outcome:
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limits.seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            return _Outcome(-signal.SIGKILL, "", timed_out=True)
        raise
    return _Outcome(process.returncode, output.decode("utf-8", "replace"))


def _limited(command: Sequence[str], limits: Limits) -> list[str]:
    if shutil.which("prlimit") is None:
        return list(command)
    megabyte = 1024 * 1024
    return [
        "prlimit",
        f"--as={limits.memory_mb * megabyte}",
        f"--fsize={limits.output_mb * megabyte}",
        "--core=0",
        "--",
        *command,
    ]


def _sandboxed(command: list[str], folder: Path, faces: Iterable[Face]) -> list[str]:
    """Put the command into a bubblewrap sandbox where that works: no network, nothing else to write to."""
    if not sandbox_works():
        return command
    shared = [str(cache_folder("texmf")), str(cache_folder("formats"))]
    fonts = sorted({str(face.path.resolve().parent) for face in faces})
    writable = ["--bind", str(folder), str(folder), "--bind", shared[0], shared[0]]
    readable = [part for path in [shared[1], *fonts] for part in ("--ro-bind", path, path)]
    return [*_SANDBOX, *readable, *writable, "--chdir", str(folder), "--", *command]


_SANDBOX = [
    "bwrap",
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    *(
        part
        for path in ("/usr", "/bin", "/lib", "/lib64", "/etc/texmf", "/var/lib/texmf", "/etc/alternatives")
        for part in ("--ro-bind-try", path, path)
    ),
    "--dev",
    "/dev",
    "--proc",
    "/proc",
]


@cache
def sandbox_works() -> bool:
    """Tell whether bubblewrap is installed and this system lets it make a sandbox."""
    if shutil.which("bwrap") is None:
        return False
    probe = [*_SANDBOX, "--", "true"]
    return subprocess.run(probe, capture_output=True, timeout=20, check=False).returncode == 0


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


_ERROR = re.compile(r"^(?:\./)?report\.tex:(\d+): (.*)(?:\n(?!l\.\d).*){0,6}(?:\n(l\.\d+ .*))?", re.MULTILINE)
_ANY_ERROR = re.compile(r"^(?:! |(?:\./)?[\w.-]+\.tex:(\d+): )(.+)", re.MULTILINE)


def _first_error(log: str) -> tuple[int | None, str] | None:
    if found := _ERROR.search(log):
        return int(found[1]), " ".join(f"{found[2]} {found[3] or ''}".split())
    if found := _ANY_ERROR.search(log):
        return (int(found[1]) if found[1] else None), found[2]
    return None


def _raise_on_error(outcome: _Outcome, log: str, limits: Limits, origin: Origin) -> None:
    if outcome.timed_out:
        hint = "raise limits.seconds in reportgen.toml, or split the record"
        raise TypesetError([_problem("tex-time", f"TeX was stopped after {limits.seconds} s", hint)])
    if outcome.returncode == 0:
        return
    if found := _first_error(log):
        line, message = found
        where = origin(line) if line else Where()
        hint = f"no record should be able to stop TeX: please report this with {_kept(log)}"
        raise TypesetError([Problem("tex-error", Level.ERROR, where, f"TeX stopped: {message}", hint)])
    bounds = f"{limits.memory_mb} MB of memory, {limits.output_mb} MB of output"
    message = f"TeX ended with status {outcome.returncode} ({bounds} are the limits)"
    raise TypesetError(
        [_problem("tex-stopped", message, f"{_tail(log or outcome.output)}; see {_kept(log)}")]
    )


def _kept(log: str) -> Path:
    """Keep the log of a failed run where its reader finds it."""
    path = cache_folder("logs") / "last-failure.log"
    write_atomically(path, log.encode())
    return path


_MISSING = re.compile(r"Missing character: There is no (\S+)(?: \(U\+([0-9A-F]+)\))? in font")
_UNDEFINED = re.compile(r"^LaTeX Warning: ((?:Reference|Citation) .* undefined)", re.MULTILINE)
_OVERFULL_PAGE = re.compile(
    r"^Overfull \\vbox \(([\d.]+)pt too high\) has occurred while \\output", re.MULTILINE
)
_OVERFULL = re.compile(
    r"^Overfull \\hbox \(([\d.]+)pt too wide\).*?(?:at|in alignment at) lines? (\d+)", re.MULTILINE
)


def _log_problems(log: str, origin: Origin) -> Iterable[Problem]:
    for character in sorted({m[0] for m in _MISSING.finditer(log)}):
        yield Problem("missing-glyph", Level.ERROR, Where(), character, "no installed font prints it")
    for reference in sorted({match[1] for match in _UNDEFINED.finditer(log)}):
        hint = "number it in the template: TeX runs once, so it cannot know what comes later"
        yield Problem("undefined-reference", Level.ERROR, Where(), reference, hint)
    for match in _OVERFULL.finditer(log):
        if (width := float(match[1])) > OVERFULL_LIMIT_PT:
            message = f"a line is {width:.1f} pt wider than its column"
            yield Problem(
                "overfull", Level.WARNING, origin(int(match[2])), message, "shorten the unbroken word"
            )
    for match in _OVERFULL_PAGE.finditer(log):
        if (height := float(match[1])) > OVERFULL_LIMIT_PT:
            message = f"what cannot be divided is {height:.1f} pt taller than a page"
            yield Problem(
                "overfull-page", Level.WARNING, Where(), message, "shorten the longest text of a table"
            )


def _problem(code: str, message: str, hint: str = "") -> Problem:
    return Problem(code, Level.ERROR, Where(), message, hint)


def _tail(log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    return " | ".join(lines[-3:])
