"""The explanations say what the program does: its words, its levels, its tiers, its steps."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.checks import CHECKS
from reportgen.analysis.derive.levels import _KEYS
from reportgen.base.policy import GATE_INTRODUCED, PUBLISHED_TIERS
from reportgen.record.model import EvidenceCounts, Verdict

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "explanation"
WORDS = tomllib.loads((ROOT / "templates" / "locale" / "en.toml").read_text(encoding="utf-8"))


def rows(page: str, heading: str) -> list[list[str]]:
    """Read the rows of a section's table."""
    text = (PAGES / page).read_text(encoding="utf-8")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (table,) = re.findall(r"^\|[-|]+\n((?:\|.*\n)+)", part, re.MULTILINE)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in table.splitlines()]


def texts(words: Any) -> list[str]:
    """List all fixed words of a report."""
    if isinstance(words, dict):
        return [text for each in words.values() for text in texts(each)]
    return [words] if isinstance(words, str) else []


@pytest.mark.parametrize("heading", ["Claim and verdict", "What is not said"])
def test_what_a_report_is_said_to_print_are_its_words(heading):
    printed = " | ".join(texts(WORDS)).replace("“", '"').replace("”", '"').replace("’", "'")
    quoted = [row[1] for row in rows("what-the-words-mean.md", heading)]
    words = [each.partition(", and ")[2] or each for each in quoted]
    words = [re.sub('^"|"$|" beside that source$| …$', "", each) for each in words]
    assert len(words) >= 3
    assert [each for each in words if each != "the identifier" and each not in printed] == []


def test_the_levels_are_those_of_the_ladder():
    listed = rows("what-the-words-mean.md", "Verification level")
    assert [row[:2] for row in listed] == [[str(n), WORDS["level"][str(n)]] for n in range(1, len(_KEYS))]
    counters = re.findall(r"evidence_counts\.(\w+)", " ".join(row[2] for row in listed))
    assert counters == list(EvidenceCounts.model_fields)


def test_the_tiers_are_the_published_ones():
    asked = {row[0]: re.findall(r"[\d.]+", row[1]) for row in rows("what-the-words-mean.md", "Quality tier")}
    assert asked == {
        WORDS["tier"][tier.name]: [f"{edge:g}" for edge in tier.edges]
        for tier in PUBLISHED_TIERS
        if not tier.printed_only
    }


def test_the_verdicts_and_the_day_of_the_gate_are_named():
    text = (PAGES / "what-the-words-mean.md").read_text(encoding="utf-8")
    assert all(f"`{verdict}`" in text for verdict in Verdict)
    assert f"{GATE_INTRODUCED.day} June {GATE_INTRODUCED.year}" in text
    codes = set(re.findall(r"codes\.md#([a-z-]+)", text))
    assert len(codes) >= 4
    assert codes <= CHECKS.keys()


def test_the_steps_are_those_of_the_architecture():
    line = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("`read -> ")[2].partition("`")[0]
    text = (PAGES / "how-a-report-is-made.md").read_text(encoding="utf-8")
    table = text.partition("|---|---|---|\n")[2].partition("\n\n")[0]
    assert [row.split("|")[1].strip() for row in table.splitlines()] == ["read", *line.split(" -> ")]
