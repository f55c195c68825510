"""What the documentation measures and shows: dated figures, and pictures of the reports as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import draw_pictures

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MEASURED = re.compile(r"\b\d+(?:\.\d+)? (?:ms|s)\b|reports a second|\| measured")
DATE = re.compile(
    r"\b[1-3]?\d (?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d"
)
MACHINE = re.compile(r"machine|processor|bare system")


def measuring() -> list[Path]:
    return [
        page for page in PAGES if MEASURED.search(re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL))
    ]


@pytest.mark.parametrize("page", measuring(), ids=lambda page: page.stem)
def test_what_was_measured_has_its_day_and_its_machine(page):
    text = page.read_text()
    first = MEASURED.search(text)
    section = text[: text.find("\n## ", first.end())]
    assert DATE.search(section)
    assert MACHINE.search(section)


def test_pages_that_measure_are_found():
    assert {page.name for page in measuring()} >= {"README.md", "performance.md"}


def test_the_pictures_show_the_reports_as_they_are():
    assert json.loads(draw_pictures.MADE_FROM.read_text()) == draw_pictures.made_from(), "./run pictures"
