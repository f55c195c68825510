"""A hundred lines that run both ways, in every field, read from their places on the page.

The order is another implementation's of Unicode's algorithm (UAX 9); the places are those of the glyphs, from left to
right, so nothing that a reader of PDFs believes about the text has a say.
"""

from __future__ import annotations

import ctypes
import json
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pytest
from bidi import get_base_level, get_display
from pypdfium2 import raw

from minimal_record import claim, minimal
from reportgen.base.settings import Settings
from reportgen.pdf.text_check import extract_text
from reportgen.pipeline.build import make_report

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parents[1] / "data" / "mixed_directions.txt"
LINES = [line.split("\t") for line in CORPUS.read_text(encoding="utf-8").splitlines()]
PLAIN = [text for _, text in LINES if "$x" not in text and "$R" not in text]
FORMULA = re.compile(r"\$[^$ ][^$]*\$")
PLACEHOLDER = "\ufffc"
# A reader of PDFs mirrors brackets where it believes a line to run from right to left.
MIRRORED = str.maketrans("([{<«”", ")]}>»“")


class Line(NamedTuple):
    """A line on the page: its characters from left to right without blanks, and where it begins and ends."""

    text: str
    left: float
    right: float


def printed(text: str) -> str:
    """Return the characters that can be compared: no blanks, no marks, brackets as either of their mirror images."""
    kept = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return re.sub(r"[\s\u200c\ufffd\ufffe\u00ad]+", "", "".join(kept)).translate(MIRRORED)


def expected(text: str) -> re.Pattern[str]:
    """Return what a line must look like; a formula is whatever stands in its place."""
    shown = get_display(FORMULA.sub(PLACEHOLDER, text))
    return re.compile(r"[\w=.]{1,8}?".join(re.escape(printed(part)) for part in shown.split(PLACEHOLDER)))


def lines_of(pdf: bytes) -> Iterator[Line]:
    """Yield the lines of all pages; columns that stand beside one another share a line."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            placed = defaultdict(list)
            text_page = page.get_textpage()
            handle = text_page.raw
            x, y = ctypes.c_double(), ctypes.c_double()
            for index in range(raw.FPDFText_CountChars(handle)):
                raw.FPDFText_GetCharOrigin(handle, index, x, y)
                placed[round(y.value)].append((x.value, chr(raw.FPDFText_GetUnicode(handle, index))))
            for characters in placed.values():
                characters.sort()
                text = printed("".join(character for _, character in characters))
                yield Line(text, characters[0][0], characters[-1][0])


def in_all_fields() -> dict:
    """Return a record with each line in a claim, and a part of them in each other field."""
    table = "\n".join(f"| {text} | 1 |" for text in PLAIN[3:40:4])
    body = "\n\n".join(
        [
            *(text for _, text in LINES[0::3]),
            *(f"- {text}" for _, text in LINES[1::6]),
            *(f"> {text}" for _, text in LINES[2::12]),
            f"| {PLAIN[0]} | b |\n|---|---|\n{table}",
            f"הערה[^1]\n\n[^1]: {LINES[5][1]}",
        ]
    )
    references = [
        {"id": f"s{index}", "type": "book", "title": text.rstrip("."), "DOI": f"10.1000/{index}"}
        for index, text in enumerate(PLAIN[2::12])
    ]
    return minimal(
        title=PLAIN[1],
        subtitle=PLAIN[26],
        question=PLAIN[50],
        summary=PLAIN[70],
        language="he",
        claims=[claim(text, confidence=0.5) for _, text in LINES],
        sources=references,
        sections=[
            {"title": PLAIN[7], "text": body},
            *({"title": text, "text": text} for text in PLAIN[8:90:9]),
        ],
        limitations=PLAIN[12:80:20],
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("directions")
    record = json.dumps(in_all_fields(), ensure_ascii=False)
    return make_report(folder / "record.json", Settings(root=folder), raw=record.encode()).pdf


@pytest.fixture(scope="module")
def lines(report) -> list[Line]:
    return list(lines_of(report))


def test_there_are_a_hundred_lines_of_four_languages():
    assert len(LINES) == len({text for _, text in LINES}) == 100
    assert {language: sum(each == language for each, _ in LINES) for language, _ in LINES} == dict.fromkeys(
        ("he", "ar", "fa", "ur"), 25
    )


def test_every_line_stands_in_the_order_of_the_algorithm_wherever_it_is_printed(lines):
    wanted = in_all_fields()
    times = defaultdict(int)
    for text in re.findall(r'"((?:[^"\\]|\\.)*)"', json.dumps(wanted, ensure_ascii=False)):
        for _, line in LINES:
            times[line] += text.replace('\\"', '"').count(line)
    assert min(times.values()) >= 1
    page = "\n".join(line.text for line in lines)
    missing = [text for text in times if len(expected(text).findall(page)) < times[text]]
    assert missing == []


def test_a_paragraph_from_right_to_left_ends_at_the_right_margin(lines):
    text_right = max(line.right for line in lines)
    titles = [line for line in lines if expected(PLAIN[1]).search(line.text)]
    assert titles
    assert get_base_level(PLAIN[1]) == 1
    assert min(text_right - line.right for line in titles) < 12


def test_the_text_layer_holds_every_line_in_the_order_of_reading(report):
    text = printed(extract_text(report))
    lost = [line for _, line in LINES if not all(printed(part) in text for part in FORMULA.split(line))]
    assert lost == []
