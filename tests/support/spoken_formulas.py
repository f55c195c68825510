"""Formulas and how each is read aloud, by language: ``spoken_formulas.txt`` beside this."""

from __future__ import annotations

from pathlib import Path

_LINES = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
EXAMPLES = [
    (line, [words.strip() for words in _LINES[number + 1 : number + 4]])
    for number, line in enumerate(_LINES)
    if not line.startswith("  ")
]
"""The source of each, and its words in the languages of `SPOKEN`."""
