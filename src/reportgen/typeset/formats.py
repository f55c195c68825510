"""The preamble, dumped once into a format that the engine loads at once."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import SetupError, TypesetError
from reportgen.places import cache_folder, write_atomically
from reportgen.settings import Limits
from reportgen.typeset.engines import engine_version
from reportgen.typeset.log import first_error, tail, tex_problem
from reportgen.typeset.sandbox import FLAGS, read_bytes, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.typeset.engines import Engine


def dumped_format(engine: Engine, preamble: str, environment: Mapping[str, str]) -> Path:
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
            *FLAGS,
            "-jobname=preamble",
            f"&{engine.base_format}",
            "preamble.tex",
        ]
        outcome = run(command, folder, environment, Limits())
        dumped = folder / "preamble.fmt"
        if outcome.returncode or not dumped.is_file():
            log = read_bytes(folder / "preamble.log").decode("utf-8", "replace")
            raise _preamble_error(engine, log or outcome.output)
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
        return SetupError([tex_problem("tex-file-missing", f"TeX cannot find {name}", hint)])
    found = first_error(log)
    message = found[1] if found else tail(log)
    return TypesetError([tex_problem("preamble", f"TeX cannot compile the template's preamble: {message}")])
