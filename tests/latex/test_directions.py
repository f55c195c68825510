from __future__ import annotations

import io
import re

import pikepdf
import pypdfium2
import pytest

from latex_text import read_markdown, set_node, set_text
from reportgen.latex.directions import set_paragraph
from reportgen.latex.render import latex_writer
from reportgen.pdf.text_check import extract_text
from reportgen.text.direction import direction_of, language_direction
from reportgen.text.inline import inlines
from reportgen.text.tree import (
    Cite,
    Code,
    CrossReference,
    Emphasis,
    Formula,
    Isolated,
    Link,
    Strike,
    Strong,
    Subscript,
    Superscript,
)
from typeset_strings import paragraph, set_pages


def flow(*content, default="ltr") -> str:
    """Set the words of one paragraph."""
    return set_paragraph(latex_writer(None, lambda _: True), content, default)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("שלום", "rtl"),
        ("12 (שלום) abc", "rtl"),
        ("abc שלום", "ltr"),
        ("\u0627", "rtl"),
        ("12.5%", "ltr"),
        ("\u200f12", "rtl"),
    ],
)
def test_a_text_runs_as_its_first_letter_does(text, direction):
    assert direction_of(text) == direction
    assert direction_of(inlines(text)) == direction


@pytest.mark.parametrize(
    "apart",
    [Formula("x"), Code("abc"), Cite((CrossReference("1", "r", "1"),)), Link(("a.b/c",), "https://a.b/c")],
)
def test_what_always_runs_from_left_to_right_has_no_say(apart):
    assert direction_of((apart, " שלום")) == "rtl"
    assert direction_of((apart, " "), "rtl") == "rtl"


def test_a_link_with_words_has_a_say():
    assert direction_of((Link(("שלום",), "https://a.b/c"), " abc")) == "rtl"


@pytest.mark.parametrize("language", ["he", "ar", "fa", "ur", "ar-EG", "az-Arab", "yi"])
def test_languages_from_right_to_left(language):
    assert language_direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "de", "ku-Latn", "ar-Latn", "zh-Hans"])
def test_languages_from_left_to_right(language):
    assert language_direction(language) == "ltr"


@pytest.mark.parametrize(
    ("content", "tex"),
    [
        (("abc",), "abc"),
        (("שלום (p < 0.05) אב",), r"\Rtl{שלום )\Run{2}{p < 0.05}( אב}"),
        (("abc שלום 12",), r"\Ltr{abc \Run{1}{שלום }\Run{2}{12}}"),
        (("אב ", Emphasis(("ab",)), " cd"), r"\Rtl{אב \emph{\Run{2}{ab}}\Run{2}{ cd}}"),
        (("אב", Code("x(")), "\\Rtl{אב\\Run{2}{\x01Code\x02\\texttt{x(}\x03}}"),
    ],
)
def test_each_part_of_a_line_has_its_level(content, tex):
    assert flow(*content) == tex


def test_what_stands_apart_does_not_run_together_with_its_neighbour():
    assert flow("אב", Isolated(("12",), "ltr"), Isolated(("גד",), "rtl")) == (
        r"\Rtl{אב\Run{2}{12}\kern0pt \Run{3}{גד}}"
    )


def test_a_mark_of_direction_is_heeded_and_not_printed():
    assert flow("אב C++\u200e גד") == r"\Rtl{אב \Run{2}{C++} גד}"
    assert flow("אב C++ גד") == r"\Rtl{אב \Run{2}{C}++ גד}"


def test_an_override_is_printed_by_its_number_and_turns_nothing_round():
    assert flow("abc\u202edef שלום") == r"\Ltr{abc<U+202E>def \Run{1}{שלום}}"


def test_a_text_without_letters_runs_as_its_report_does():
    assert flow("12 – 3", default="rtl") == r"\Rtl{\Run{2}{12} – \Run{2}{3}}"
    assert flow("12 – 3") == "12 – 3"


def shown(*fragments: str) -> bytes:
    return set_pages([paragraph(fragment) for fragment in fragments], "luatex")[0]


def places(pdf: bytes, page: int) -> str:
    """Return the characters of a page as they stand from left to right."""
    with pypdfium2.PdfDocument(pdf) as document:
        text_page = document[page].get_textpage()
        boxes = [
            (text_page.get_charbox(n)[0], text_page.get_text_range(n, 1))
            for n in range(text_page.count_chars())
        ]
    return "".join(character for _, character in sorted(boxes)).replace(" ", "")


def test_words_struck_through_and_boxes_stand_in_their_place():
    page = shown(flow("אב ", Strike(("גד הו",)), " זח"), r"\Rtl{\Run{2}{abc} \mbox{\Run{1}{אב}\Run{2}{12}}}")
    assert places(page, 0) == "חזוהדגבא"
    assert places(page, 1) == "12באabc"


def test_faces_raised_and_lowered_letters_do_not_part_a_run():
    page = shown(
        flow("אב ", Strong(("ab H", Subscript(("2",)), "O")), " ", Emphasis(("cd",)), Superscript(("3",))),
        flow("ab ", Strong(("גד",)), " ", Emphasis(("הו",)), " cd"),
    )
    assert "".join(places(page, 0).split()) == "abH2Ocd3בא"
    assert "".join(places(page, 1).split()) == "abוהדגcd"


def test_a_blank_between_two_faces_stands_between_their_words():
    page = shown(flow("ab ", Strong(("גד",)), " ", Emphasis(("הו",)), " cd"))
    with pypdfium2.PdfDocument(page) as document:
        text = document[0].get_textpage()
        boxes = {text.get_text_range(n, 1): text.get_charbox(n) for n in range(text.count_chars())}
    assert boxes["ד"][0] - boxes["ה"][2] > 2


@pytest.mark.parametrize(
    ("formula", "shown_as"),
    [(r"\text{אב גד}=5", "דגבא=5"), (r"v_{\text{אב}}", "vבא"), (r"\mathrm{אב}+x", "בא+x"), ("אב=5", "בא=5")],
)
@pytest.mark.parametrize("before", ["הו ", "ab "])
def test_words_in_a_formula_run_their_own_way(formula, shown_as, before):
    page = places(shown(flow(before, Formula(formula))), 0)
    assert "".join(page.split()) in (f"ab{shown_as}", f"{shown_as}וה")


def test_the_text_layer_gives_each_run_in_the_order_of_reading():
    text = "אב 5-ג דה 2010–2020 (12) GPT-4"
    assert "".join(extract_text(shown(flow(text))).split()).translate(str.maketrans("()", "))")) == (
        "".join(text.split()).translate(str.maketrans("()", "))"))
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "ראו [אתר GPT-4 שלנו](https://example.org/a) סוף.",
        "See [עברית and English](https://example.org/a) here.",
    ],
)
def test_a_link_with_words_both_ways_covers_them(markdown):
    pdf = shown(set_node(read_markdown(markdown)))
    with pikepdf.open(io.BytesIO(pdf)) as document, pypdfium2.PdfDocument(pdf) as pages:
        (link,) = document.pages[0].Annots
        covered = pages[0].get_textpage().get_text_bounded(*map(float, link.Rect))
    words = re.search(r"\[(.*)\]", markdown)[1]
    assert sorted(covered.replace(" ", "").strip()) == sorted(words.replace(" ", ""))


def test_a_word_of_thousands_of_letters_is_whole():
    letters = "אבגדהוזחטיכ" * 1100
    assert letters in "".join(extract_text(shown(flow(letters))).split())


@pytest.mark.parametrize("text", ["שלום (abc)", "مرحبا"])
def test_a_text_in_a_place_that_knows_nothing_of_directions_is_isolated(text):
    assert set_text(text).startswith(r"\Run{1}{")
