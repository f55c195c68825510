"""The preamble, dumped once into a format that the engine loads at once."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from reportgen.base.cache import key_of, recall_file
from reportgen.base.errors import SetupError, TypesetError
from reportgen.base.programs import find_tex_files
from reportgen.base.settings import Limits
from reportgen.base.timings import stage
from reportgen.pdf.typeset.engines import engine_version
from reportgen.pdf.typeset.log import first_error, tail, tex_error, tex_problem
from reportgen.pdf.typeset.sandbox import FLAGS, Job, run_tex

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.pdf.typeset.engines import Engine


@stage("format")
def dumped_format(engine: Engine, preamble: str) -> Path:
    """Find the preamble dumped as a format, or dump it.

    The key is the preamble, the engine and its version, and the state of the TeX installation: nothing else is
    there for the run that dumps it, so no format can hold what another preamble put in. Another process may clear
    the cache at any time: where TeX then lacks the file, ask again.

    Raises:
        SetupError: the engine or one of the preamble's packages is not installed.
        TypesetError: TeX cannot compile the preamble.

    """
    key = key_of([engine_version(engine.name), *installation(engine), preamble])[:24]
    return recall_file("formats", f"{engine.name}-{key}.fmt", lambda: _dump(engine, preamble))


def installation(engine: Engine) -> list[str]:
    """Return the time stamps of TeX's lists of files and of the engine's own format.

    An upgraded package leaves the engine's version as it is, but its installer renews these. They are looked
    at for every report, so that a process that runs for days notices, too.
    """
    found = find_tex_files(f"-engine={engine.program}", "--all", f"{engine.base_format}.fmt", "ls-R")
    return [f"{path}:{_changed(path)}" for path in found]


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _dump(engine: Engine, preamble: str) -> bytes:
    job = Job(
        engine,
        ("-ini", *FLAGS, "-jobname=preamble", f"&{engine.base_format}", "preamble.tex"),
        {"preamble.tex": f"{preamble}\n\\dump\n".encode()},
        ("preamble.log", "preamble.fmt"),
        # A format serves records of all dates.
        dt.date(1970, 1, 1),
        Limits(),
    )
    done = run_tex(job)
    if done.outcome.returncode or not done.results["preamble.fmt"]:
        raise _preamble_error(engine, done.text("preamble.log") or done.outcome.output)
    return _uncompressed(done.results["preamble.fmt"])


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
        return SetupError([tex_problem("tex-file-missing", f"TeX cannot find {name}", hint)])
    found = first_error(log)
    message = found[1] if found else tail(log)
    return TypesetError([tex_error(f"in the preamble, {message}", log)])
