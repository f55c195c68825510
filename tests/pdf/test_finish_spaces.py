from __future__ import annotations

import re

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from reportgen.pdf.finish.spaces import WordSpaces, without_joints

SPACE = b"/F9 10 Tf[( )500]TJ"


@pytest.fixture(scope="module")
def spaces():
    """Fonts in which every character is half as wide as it is high."""
    return WordSpaces(document(F1="Text", F2="Other", F9="ABCDEF+DummySpace"))


def document(**fonts: str) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    entries = {
        f"/{name}": Dictionary(Type=Name.Font, BaseFont=Name("/" + base), FirstChar=32, Widths=[500] * 96)
        for name, base in fonts.items()
    }
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(entries))
    pdf.add_blank_page()
    pdf.pages[1].Resources = Dictionary(Font=Dictionary({"/F8": Dictionary(Type=Name.Font)}))
    return pdf


def shown(stream: bytes) -> bytes:
    """Return the characters of a stream in order, a space for each of the space font."""
    pdf = pikepdf.new()
    text, font = b"", ""
    for instruction in pikepdf.parse_content_stream(pdf.make_stream(stream)):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "Tf":
            font = str(operands[0])
        elif operator in {"Tj", "TJ"}:
            pieces = operands[0] if operator == "TJ" else [operands[0]]
            strings = [bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String)]
            text += b" " if font == "/F9" else b"".join(strings)
    return text


@pytest.mark.parametrize(
    ("stream", "text"),
    [
        # Another font after a gap, and after none: "ab" in size 10 is 10 wide.
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf 12.5 0 Td [(cd)]TJ\nET", b"ab cd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf 10 0 Td [(cd)]TJ\nET", b"abcd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf 11 0 Td [(cd)]TJ\nET", b"abcd"),
        # Kerns and escapes count in the width.
        (b"BT\n/F1 10 Tf 0 0 Td [(a)-250(b)]TJ/F2 10 Tf 12.5 0 Td [(cd)]TJ\nET", b"abcd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(\\050\\))]TJ/F2 10 Tf 12.5 0 Td [(cd)]TJ\nET", b"() cd"),
        # An index below, a word on the next line.
        (b"BT\n/F1 10 Tf 0 0 Td [(x)]TJ/F2 7 Tf 5 -2 Td [(i)]TJ\nET", b"xi"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf -90 -12 Td [(cd)]TJ\nET", b"ab cd"),
        # A change of colour: the gap is a kern, or a new text object.
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ\n1 0 0 rg\n [-250(cd)]TJ\nET", b"ab cd"),
        (b"BT\n/F1 10 Tf 5 5 Td [(ab)]TJ\nET\n1 0 0 rg\nBT\n/F1 10 Tf 17.5 5 Td [(cd)]TJ\nET", b"ab cd"),
        (b"BT\n/F1 10 Tf 5 5 Td [(ab)]TJ\nET\n1 0 0 rg\nBT\n/F1 10 Tf 1 0 0 1 15 5 Tm [(cd)]TJ\nET", b"abcd"),
        # A space that is there stays the only one.
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F9 1 Tf( )Tj/F2 10 Tf 12.5 0 Td [(cd)]TJ\nET", b"ab cd"),
        # The hyphen of a divided word is code 127; one of the text, and a dash by itself, stay as they are.
        (b"BT\n/F1 10 Tf 0 0 Td [(ab-)]TJ/F9 1 Tf( )Tj/F1 10 Tf -90 -12 Td [(cd)]TJ\nET", b"ab\x7fcd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab)20(-)]TJ/F9 1 Tf( )Tj/F1 10 Tf -90 -12 Td [(cd)]TJ\nET", b"ab\x7fcd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab-)]TJ\n/RG MP\n -90 -12 Td [(cd)]TJ\nET", b"ab-cd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(ab-)]TJ\n/RH MP\n -90 -12 Td [(cd)]TJ\nET", b"ab- cd"),
        (b"BT\n/F1 10 Tf 0 0 Td [(-)]TJ/F9 1 Tf( )Tj/F1 10 Tf -90 -12 Td [(cd)]TJ\nET", b"- cd"),
        # A word that goes on in the next line without a hyphen.
        (b"BT\n/F1 10 Tf 0 0 Td [(ab/)]TJ\n/RG MP\n -90 -12 Td [(cd)]TJ\nET", b"ab/cd"),
    ],
)
def test_a_space_is_shown_where_a_reader_sees_one(spaces, stream, text):
    mended = without_joints(spaces.complete(stream))
    assert shown(mended) == text
    assert b" MP" not in mended


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (b"[(ab)]TJ", b"ab "),
        (b"[(ab)]TJ/F9 1 Tf( )Tj", b"ab "),
        (b"[(a/)]TJ\n/RG MP\n", b"a/"),
    ],
)
def test_a_leaf_that_runs_on_ends_with_a_space(spaces, end, text):
    stream = b"BT\n/F1 10 Tf 0 0 Td " + end + b"\nET"
    assert shown(spaces.complete(stream, runs_on=True)) == text


@pytest.mark.parametrize(
    ("stream", "sizes"),
    [
        (b"BT\n/F1 10 Tf 0 0 Td [(a)]TJ/F9 1 Tf( )Tj/F2 8 Tf 12.5 0 Td [(b)]TJ\nET", [b"8"]),
        (b"BT\n/F1 10 Tf 0 0 Td [(a)]TJ/F9 1 Tf 37.667 0 Td [( )]TJ\nET", [b"10"]),
        (
            b"BT\n/F1 7.5 Tf 0 0 Td [(a)]TJ/F9 1 Tf( )Tj\nET\nEMC\nBT\n/F9 1 Tf 9 0 Td [( )]TJ\nET",
            [b"7.5", b"7.5"],
        ),
    ],
)
def test_a_space_is_as_large_as_the_text_beside_it(spaces, stream, sizes):
    assert re.findall(rb"/F9 (\S+) Tf", spaces.sized(stream)) == sizes
    assert shown(spaces.sized(stream)) == shown(stream)


def test_nothing_moves_on_the_page(spaces):
    mended = spaces.complete(b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ\n1 g\n [-250(cd)]TJ\nET")
    assert SPACE + b"/F1 10 Tf" in mended  # the character's own width is taken back, and the font restored


def test_a_leaf_without_text_is_left_alone(spaces):
    assert spaces.complete(b"0 0 9 9 re f", runs_on=True) == b"0 0 9 9 re f"


def test_without_the_space_font_nothing_is_touched():
    stream = b"BT\n/F1 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf 12.5 0 Td [(cd)]TJ\nET"
    assert WordSpaces(document(F1="Text", F2="Other")).complete(stream, runs_on=True) == stream


def test_an_unknown_font_has_no_width(spaces):
    assert shown(spaces.complete(b"BT\n/F8 10 Tf 0 0 Td [(ab)]TJ/F2 10 Tf 1 0 Td [(cd)]TJ\nET")) == b"abcd"
