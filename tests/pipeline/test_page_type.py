"""Type as printed: the measure, the smallest sizes, contrast, and what grey printing keeps."""

from __future__ import annotations

import statistics
from functools import cache

import pdfplumber
import pytest

from page_type import contrast, glyphs, lines, luminance
from reportgen.base.style import Style
from reportgen.latex.gauges import draw_gauge, tone_numbers
from reportgen.text.gauge import Box, Dot, Gauge

TEXT_SIZES = (10.0, 8.8)
"""The second is that of very many claims."""
LEAST_POINTS = 7.5
AAA, GRAPHICS = 7.0, 3.0
RECORDS = ("sample_spacing", "sample_5eed0003", "sample_fbca8ee9", "whole_report", "two_hundred_claims")
PAPER = (255, 255, 255)


@pytest.mark.parametrize("name", RECORDS)
def test_a_line_of_running_text_has_62_to_78_characters(compiled, name):
    full = [
        said
        for paragraph in paragraphs(compiled(name).pdf)
        for said in paragraph[:-1]  # the last line of a paragraph ends where its words end
    ]
    assert len(full) >= 7
    assert 62 <= statistics.median(map(len, full)) <= 78


def paragraphs(pdf):
    """Return the lines of text in the size and face of the text that follow one another."""
    together = []
    before = None
    for page, said, face, size in lines(pdf):
        is_text = size in TEXT_SIZES and face.endswith("Pagella-Regular")
        if is_text and before == page:
            together[-1].append(said)
        elif is_text:
            together.append([said])
        before = page if is_text else None
    return together


@pytest.mark.parametrize("name", [*RECORDS, "rich_sections", "mathematics", "meta_analysis", "corrected"])
def test_nothing_is_smaller_than_seven_and_a_half_points(compiled, name):
    # What formulas raise and lower, and the letters of raised and lowered words, are smaller on purpose.
    printed = glyphs_of(compiled(name).pdf)
    assert len(printed) > 500
    small = [each for each in printed if each.size < LEAST_POINTS and not is_script(each)]
    assert {(each.page, each.text, each.face, round(each.size, 1)) for each in small} == set()


def is_script(glyph):
    return not glyph.face.startswith("TeXGyreHeros") and glyph.size >= 5


@pytest.mark.parametrize("name", [*RECORDS, "corrected", "superseded", "falsified", "meta_analysis"])
def test_each_letter_stands_out_from_its_ground(compiled, name):
    faint = {
        (each.page, each.text, each.colour, each.ground)
        for each in glyphs_of(compiled(name).pdf)
        if each.contrast < AAA
    }
    assert faint == set()


@cache
def glyphs_of(pdf):
    return tuple(glyphs(pdf))


def test_the_colours_of_text_are_of_level_aaa():
    assert [tone for tone in ("ink", "accent", "dim", "warn") if contrast(rgb(tone), PAPER) < AAA] == []


def test_what_gauges_say_stands_out_from_the_paper_and_from_what_is_open():
    meant = ("ink", "accent", "dim", "warn")
    assert [tone for tone in meant if contrast(rgb(tone), PAPER) < GRAPHICS] == []
    # Panels and hairlines guide the eye; tints say something, and are drawn with an edge in the accent.
    tinted = str(draw_gauge(Gauge(9, 9, (Box(0, 0, 9, 9, "band"),))))
    assert "\\Tonepaper" not in tinted
    assert "\\Toneaccent RG" in tinted


@pytest.mark.parametrize(
    ("filled", "open_one"),
    [
        (Box(0, 0, 9, 9, "accent"), Box(0, 0, 9, 9, "accent", outlined=True)),
        (Dot(4, 4, 3, "accent"), Dot(4, 4, 3, "accent", is_open=True)),
    ],
)
def test_filled_and_open_differ_in_grey(filled, open_one):
    painted, left_open = (str(draw_gauge(Gauge(9, 9, (shape,)))) for shape in (filled, open_one))
    assert "\\Toneaccent rg" in painted
    assert "\\Tonepaper rg" in left_open
    assert luminance(PAPER) - luminance(rgb("accent")) > 0.5


def test_verdicts_and_the_status_are_said_in_words_beside_their_marks(compiled):
    text = compiled("whole_report").text
    for word in ("supported", "refuted", "mixed", "not checked"):
        assert word in text
    assert "Verification gate" in text


def rgb(tone):
    return tuple(round(float(part) * 255) for part in tone_numbers(tone, Style()).split())


def test_no_page_takes_the_colour_of_its_head(compiled):
    with pdfplumber.open(compiled("sample_5eed0003").pdf) as document:
        pages = [
            {tuple(char["non_stroking_color"]) for char in page.chars if abs(char["size"] - 9.96) < 0.1}
            for page in document.pages[:2]
        ]
    first, second = pages
    ink = min(first, key=sum)
    assert ink in second
