from __future__ import annotations

import pikepdf
import pytest

from latex_text import set_text
from reportgen.pdf.text_check import extract_text, prove_text
from reportgen.text.templates import Printed
from typeset_strings import paragraph, set_pages


def page(*lines: str, furniture: str = "", left: int = 20) -> bytes:
    """A PDF with lines of Latin-1 text in a standard font, in one mark, and a line outside it."""
    import io

    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(600, 400))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        pdf.pages[0].Contents = pdf.make_stream(
            f"/P <</MCID 0>> BDC BT /F1 12 Tf {left} 350 Td {shown}ET EMC BT /F1 12 Tf 20 20 Td ({furniture}) Tj ET".encode(
                "latin-1"
            )
        )
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def lost(pdf: bytes, *texts: str) -> list[str]:
    found = prove_text(pdf, [Printed(text, f"/claims/{i}/text") for i, text in enumerate(texts)], "r.json")
    return [problem.where.pointer for problem in found if problem.code == "text-lost"]


def test_the_text_layer_is_read():
    assert extract_text(page("Some words here")).split() == ["Some", "words", "here"]


def test_a_whole_claim_over_several_lines_is_found():
    assert (
        lost(
            page("A claim that goes on over", "two lines, and ends."),
            "A claim that goes on over two lines, and ends.",
        )
        == []
    )


def test_a_word_divided_at_a_line_end_is_found():
    assert lost(page("A hyphen-", "ated claim."), "A hyphenated claim.") == []


@pytest.mark.parametrize("claim", ["A claim that goes on and on.", "A claim thet ends.", "Another claim."])
def test_a_claim_that_is_cut_changed_or_missing_is_lost(claim):
    assert lost(page("A claim that goes on"), claim) == ["/claims/0/text"]


def test_the_problem_names_the_record_and_what_is_missing():
    (problem,) = prove_text(page("nothing"), [Printed("The whole claim.", "/claims/0/text")], "r.json")
    assert (problem.where.file, problem.where.pointer) == ("r.json", "/claims/0/text")
    assert "Thewholeclaim" in problem.message


def test_formulas_are_left_out_but_not_what_stands_around_them():
    pdf = page("We have 0.5 x in all.")
    assert lost(pdf, "We have $\\frac{1}{2} x$ in all.") == []
    assert lost(pdf, "We had $\\frac{1}{2} x$ in all.") == ["/claims/0/text"]


def test_furniture_is_not_the_text():
    assert lost(page("The claim.", furniture="Page 3"), "Page 3") == ["/claims/0/text"]


def test_what_lies_beyond_the_paper_is_lost():
    assert lost(page("A claim far out.", left=590), "A claim far out.") == ["/claims/0/text"]


def test_scripts_that_are_reordered_are_compared_by_their_letters_and_the_words_between_whole():
    claim = "The word שלום עולם and مرحبا stand in 42 lines"
    pdf, _ = set_pages([paragraph(set_text(claim))], "luatex")
    assert lost(pdf, claim) == []
    for changed in ("שלוםק", "שלום خ", "The wordy שלום", "שלום and 43", "The word שלום אחת"):
        assert lost(pdf, changed) == ["/claims/0/text"]
