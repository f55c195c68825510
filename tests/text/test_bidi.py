"""Unicode's bidirectional algorithm, with python-bidi (the Rust crate unicode-bidi) as the one that knows."""

from __future__ import annotations

import unicodedata

import pytest
from bidi import get_display
from bidi.mirror import MIRRORED
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import assert_linear
from reportgen.text.bidi import bracket_partner, levels, mirror_image, mirrored
from reportgen.text.direction import OBJECT

_LETTERS = (
    "אבגשם" + "بتدم" + "abcZ" + "0123456789٣۴۵" + "%-+,./:$€#–−" + "()[]{}<>«»\"'=&؛،" + " \u05b0\u064b\u0301"
)
TEXTS = st.text(st.sampled_from([*_LETTERS, OBJECT, "\u200e", "\u200f", "\u061c"]), max_size=24) | st.text(
    st.sampled_from("אبa1([)]<, "), max_size=12
)


def visual_order(text: str, base: int) -> str:
    """Put the characters of one line from left to right (rules L1 and L2)."""
    level = levels(text, base)
    end = len(text)
    while end and unicodedata.bidirectional(text[end - 1]) == "WS":
        end -= 1
        level[end] = base
    order = list(range(len(text)))
    for least in range(max(level, default=0), 0, -1):
        start = 0
        while start < len(order):
            stop = start
            while stop < len(order) and level[order[stop]] >= least:
                stop += 1
            order[start:stop] = reversed(order[start:stop])
            start = max(stop, start + 1)
    return "".join(text[place] for place in order)


@settings(max_examples=2000)
@given(TEXTS, st.sampled_from([0, 1]))
def test_every_line_is_in_the_order_of_another_implementation(text, base):
    assert visual_order(text, base) == get_display(text, base_dir="LR"[base])


@given(TEXTS, st.integers(0, 3))
def test_a_level_is_that_of_the_text_or_one_or_two_above(text, base):
    assert set(levels(text, base)) <= {base, base + 1, base + 2}


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("אב (p < 0.05) גד", 1, "דג (p < 0.05) בא"),
        ("אב 12.5% גד", 1, "דג 12.5% בא"),
        ("אב (גד) ה", 1, "ה (דג) בא"),
        ("ab (אב) c", 0, "ab (בא) c"),
        ("בג 2010–2020", 1, "2020–2010 גב"),
    ],
)
def test_a_line_is_read_as_people_write_it(text, base, expected):
    level = levels(text, base)
    turned = "".join(mirrored(each) if odd % 2 else each for each, odd in zip(text, level, strict=True))
    assert get_display(turned, base_dir="LR"[base]) == expected


COMMON = "()[]{}<>«»‹›≤≥≪≫⟨⟩⟦⟧⌈⌉⌊⌋∈∋⊂⊃⊆⊇≺≻（）［］｛｝「」『』【】《》〈〉"


@pytest.mark.parametrize("character", COMMON)
def test_what_is_mirrored_has_the_image_that_unicode_names(character):
    assert mirror_image(character) == MIRRORED[character]
    assert mirror_image(mirror_image(character)) == character


def test_what_looks_the_same_in_a_mirror_or_has_no_image_stays():
    assert mirrored("a1|+-=√∑\"'") == "a1|+-=√∑\"'"


def test_brackets_make_pairs_and_signs_do_not():
    assert [bracket_partner(each) for each in "()[<«a"] == [")", "(", "]", "", "", ""]


@pytest.mark.parametrize(
    "piece", ["(", "(א)", "([a])", "א" + "(" * 60 + "1" + ")" * 60, "א\u05b0", "1%", "אa "]
)
def test_the_time_grows_as_the_text_does(piece):
    assert_linear(lambda text: levels(text, 0), piece, 20_000)
