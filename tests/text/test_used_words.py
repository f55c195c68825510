"""Every packaged word is printed somewhere: a house that changes one sees the change."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

import reportgen
from reportgen.record.model.record import BACK_MATTER
from reportgen.text.wording import LANGUAGES
from used_words import LOCALES, used_words, words_of

SOURCE = Path(reportgen.__file__).parent
HEADINGS_ASKED_FOR_BY_NAME = {f"heading.{name}" for name in (*BACK_MATTER, "contents")}
LABELS = {"figure.label", "table.label"}


@pytest.fixture(scope="module")
def used():
    found = used_words(SOURCE) - {"heading.*"}
    assert "heading.gate" in found
    assert "column.reviewer" in found
    return found | HEADINGS_ASKED_FOR_BY_NAME | LABELS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_packaged_word_is_dead(used, language):
    dead = [
        f"{table}.{key}"
        for table, words in words_of(language).items()
        for key in words
        if not any(fnmatchcase(f"{table}.{key}", each) for each in used)
    ]
    assert dead == []


def test_every_word_of_the_charts_is_named_in_the_code():
    code = "\n".join(file.read_text("utf-8") for file in (SOURCE / "charts").rglob("*.py"))
    words = tomllib.loads((LOCALES / "charts.en.toml").read_text("utf-8"))["charts"]
    built = ("flow_", "stage_", "box_")  # put together from the names of the stages
    assert [key for key in words if key not in code and not key.startswith(built)] == []
