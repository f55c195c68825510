"""The tutorial, followed as it stands: from an empty folder by its own commands and files to a PDF of its data."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from page_blocks import Block, read_blocks
from page_text import count, read

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
NOT_RUN = {"pip install .": "it is installed already, in the environment that the tests run in"}
VIEWER = """#!/bin/sh
echo "$1" > "$VIEWED"
"""


@dataclass(frozen=True)
class Followed:
    """The folder that a reader ends with, a note of what was opened, and what each block of commands printed beside what the page shows."""

    folder: Path
    viewed: Path
    printed: tuple[tuple[Block, str, str | None], ...]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """Follow the page once."""
    folder = tmp_path_factory.mktemp("home") / "sleep"
    folder.mkdir()
    environment = _environment(tmp_path_factory.mktemp("programs"))
    blocks = read_blocks(PAGE)
    printed = []
    for block, below in zip(blocks, (*blocks[1:], None), strict=True):
        if block.file:
            path = folder / block.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "sh":
            shown = below.text if below and below.language == "text" else None
            printed.append((block, _run(block, folder, environment), shown))
    return Followed(folder, Path(environment["VIEWED"]), tuple(printed))


def _environment(programs: Path) -> dict[str, str]:
    """Put the program under test on the path, and a viewer that only notes what it was asked to show."""
    viewer = programs / "xdg-open"
    viewer.write_text(VIEWER)
    viewer.chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "VIEWED": str(programs / "viewed"), "COLUMNS": "120"}


def _run(block: Block, folder: Path, environment: dict[str, str]) -> str:
    lines = [line for line in block.text.splitlines() if line.partition("  #")[0].strip() not in NOT_RUN]
    ended = subprocess.run(
        ["sh", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,  # the record with a mistake ends in an error, as the page says
    )
    return ended.stdout


def test_the_commands_print_what_the_page_shows(followed):
    shown = [(block, printed, shown) for block, printed, shown in followed.printed if shown is not None]
    assert len(shown) >= 5
    for block, printed, expected in shown:
        assert printed == expected, f"line {block.line} of the tutorial"


def test_every_file_and_command_is_followed():
    blocks = read_blocks(PAGE)
    assert {block.file for block in blocks} >= {"reportgen.toml", "bib/references.bib"}
    assert {block.language for block in blocks if not block.file} == {"sh", "text"}
    lines = [line for block in blocks if block.language == "sh" for line in block.text.splitlines()]
    others = {line.partition("  #")[0].strip() for line in lines if not line.startswith("reportgen ")}
    assert others == set(NOT_RUN)


def test_the_report_holds_what_the_reader_wrote(followed):
    (pdf,) = (followed.folder / "out").glob("*.pdf")
    page = read(pdf)
    record = next(block.text for block in reversed(read_blocks(PAGE)) if block.language == "yaml")
    claims = re.findall(r"^  - text: (.+)$", record, re.MULTILINE)
    assert len(claims) == 3
    for said in (*claims, "Published by Sleep Reading Group", "Ada Lovelace", "Psychological Bulletin"):
        assert count(said, page), said


def test_the_report_was_opened_and_is_identical(followed):
    (pdf,) = (followed.folder / "out").glob("*.pdf")
    assert Path(followed.viewed.read_text().strip()).resolve() == pdf
    said = [printed for block, printed, _ in followed.printed if "reportgen verify" in block.text]
    assert [each.rstrip().rpartition(": ")[2] for each in said] == ["identical"]
