"""The code as other systems would run it: what they lack is taken away. Neither macOS nor Windows runs these tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from other_system import LACKING

ROOT = Path(__file__).parents[1]
SUPPORT = ROOT / "tests/support/other_system.py"
RECORD = ROOT / "records/fbca8ee9.json"


def write_record(folder):
    """Write a record as YAML, which is read by a process of its own, and as which JSON may stand."""
    path = folder / "record.yaml"
    path.write_text(json.dumps(json.loads(RECORD.read_text(encoding="utf-8"))), encoding="utf-8")
    return path


def run_as(platform, folder, *commands):
    """Run commands in a world that lacks what a platform lacks; give what was printed on both streams."""
    environment = {**os.environ, "COVERAGE_PROCESS_START": "", "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, SUPPORT, platform, json.dumps(commands)],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("cp1252"), done.stderr.decode("cp1252")


@pytest.fixture(scope="module", params=LACKING)
def story(request, tmp_path_factory):
    """What a day of work prints on another system, and the folder in which it was done."""
    folder = tmp_path_factory.mktemp(request.param)
    write_record(folder)
    commands = [
        ["--help"],
        ["validate", "record.yaml"],
        ["doctor"],
        ["doctor", "--format", "json"],
        ["compile", "record.yaml", "-o", "報告"],
        ["compile", "record.yaml", "-o", "none", "--require-sandbox"],
        ["batch", "record.yaml", "-o", "pdf", "--jobs", "1"],
    ]
    return request.param, folder, *run_as(request.param, folder, *commands)


def ends(printed):
    return [int(line.rpartition(" ")[2]) for line in printed.splitlines() if " ended with " in line]


def test_every_module_is_imported_and_every_command_runs(story):
    _, _, out, err = story
    assert ends(out) == [0, 0, 0, 0, 0, 7, 0]
    assert "internal" not in err


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The record of the story, built as this system builds it."""
    folder = tmp_path_factory.mktemp("here")
    write_record(folder)
    command = [Path(sys.executable).with_name("reportgen"), "compile", "record.yaml", "-o", "pdf"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    (pdf,) = (folder / "pdf").glob("*.pdf")
    return pdf


def test_the_report_has_the_name_and_the_bytes_that_it_has_here(story, here):
    _, folder, *_ = story
    (built,) = (folder / "報告").glob("*.pdf")
    assert here.name == built.name
    assert here.read_bytes() == built.read_bytes()


def test_what_it_lacks_is_said_by_name(story):
    platform, folder, out, err = story
    name = {"darwin": "macOS", "win32": "Windows"}[platform]
    told = f"bubblewrap is for Linux alone, and this is {name}"
    assert f"TeX runs without a sandbox: {told}" in err
    assert f"TeX cannot run in a sandbox, which is required: {told}" in err
    assert f"{name} bounds no program's memory" in out
    assert not (folder / "none").exists()


def test_a_console_of_few_characters_gets_the_others_by_their_numbers(story):
    """Its streams are cp1252's, as those of Windows may be."""
    _, _, out, _ = story
    assert "\\u5831\\u544a" in out
