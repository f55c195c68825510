"""Proof of reproducibility: one record built twice, in worlds that differ in all that must not matter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, Problem, ReportgenError, Where
from reportgen.base.paths import real_path
from reportgen.trust.verify import differing_objects

if TYPE_CHECKING:
    from reportgen.base.settings import Settings


class NotReproducibleError(ReportgenError):
    """Two builds of one record gave different bytes."""

    exit_code = 10


_WORLDS = {
    "one": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    "another": {"TZ": "America/Anchorage", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
}


def check_reproducible(record: Path, settings: Settings) -> bytes:
    """Build a record twice, in two folders, time zones, locales and empty caches; give the bytes both made.

    Raises:
        NotReproducibleError: they differ; the problems name the objects that do.
        ReportgenError: a build failed.

    """
    with tempfile.TemporaryDirectory(prefix="reportgen-twice-") as name:
        results = [_build(world, real_path(record), settings, Path(name)) for world in _WORLDS]
    if results[0] != results[1]:
        message = f"two builds differ: {'; '.join(differing_objects(*results))}"
        problem = Problem("not-reproducible", Level.ERROR, Where(str(record)), message, "please report it")
        raise NotReproducibleError([problem])
    return results[0]


def _build(world: str, record: Path, settings: Settings, folder: Path) -> bytes:
    place = folder / world
    place.mkdir()
    output = place / "report.pdf"
    environment = {
        **os.environ,
        **_WORLDS[world],
        "TMPDIR": str(place),
        "REPORTGEN_CACHE": str(place / "cache"),
    }
    # Who asked for the first build has trusted the templates.
    values = settings.model_copy(update={"trust_templates": True}).model_dump_json()
    command = [sys.executable, "-m", "reportgen.trust.reproduce", str(record), str(output)]
    done = subprocess.run(
        command, cwd=place, env=environment, input=values, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"the build in {world} world failed: {done.stderr.strip()[-400:]}"
        raise NotReproducibleError([Problem("build-failed", Level.ERROR, Where(str(record)), message)])
    return output.read_bytes()


def main() -> None:
    """Build the record named first to the file named second, with the settings given on standard input."""
    from reportgen.base.settings import Settings
    from reportgen.pipeline.build import make_report

    settings = Settings.model_validate_json(sys.stdin.read())
    Path(sys.argv[2]).write_bytes(make_report(Path(sys.argv[1]), settings).pdf)


if __name__ == "__main__":
    main()
