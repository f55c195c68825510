from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latex_text import set_node, set_text
from reportgen.base.characters import normalise
from reportgen.latex.escaping import Latex, escape, escape_breakable
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.mathml import mathml
from reportgen.text.structure import number, tag


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("e\u0301", "é"),
        ("a\tb\nc\r\nd\u2028e\x85f", "a b c d e f"),
        ("a\u2060b\ufeffc\ufe0f", "abc\ufe0f"),
        ("soft\u00adhyphen a\u200bb", "soft\u00adhyphen a\u200bb"),
        ("\x00\x1b\x7f", "<U+0000><U+001B><U+007F>"),
        ("\u202eabc\u2066", "<U+202E>abc<U+2066>"),
        ("\ud800\ue000\ufffe\u0378", "<U+D800>\ue000<U+FFFE>\u0378"),
        ("\u06ddأ", "\u06ddأ"),
    ],
)
def test_a_text_is_normalised_to_what_is_printed(text, printed):
    assert normalise(text) == printed


@given(st.text())
def test_what_is_printed_is_printed_the_same_again(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"])))
@example("a\ufe0f\U000e0100")
def test_no_character_with_a_form_is_lost(text):
    assert normalise(text) == unicodedata.normalize("NFC", text).replace("\u034f", "")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"\{}$&#%_", r"\textbackslash{}\{\}\$\&\#\%\_"),
        ("^~\"`'", r"\textasciicircum{}\textasciitilde{}\textquotedbl{}\textasciigrave{}\textquotesingle{}"),
        ("a--b <<c>> ,,d", "a\\Hyphen{}\\Hyphen{}b <{}<c>{}> ,{},d"),
        ("‘‘a’’ !‘ ?‘ –-", "‘{}‘a’{}’ !{}‘ ?{}‘ –{}\\Hyphen{}"),
        ("a-b <c> e, f", "a\\Hyphen{}b <c> e, f"),
        ("it's the authors' '90s", r"it’s the authors\textquotesingle{} \textquotesingle{}90s"),
        ("5'a a'5", r"5\textquotesingle{}a a\textquotesingle{}5"),
        ("a\u00a0b\u202fc\u3000", r"a~b\,c\quad{}"),
        ("a\u00adb\u200bc", r"a\-b\allowbreak{}c"),
        ("-\u200d- ‘\u200c‘", "\\Hyphen{}\\Hyphen{} ‘{}‘"),
        ("ب\u200dب क\u200cक", "ب\u200dب क\u200cक"),
        ("\\input{x}", r"\textbackslash{}input\{x\}"),
        ("a\n\nb", "a b"),
    ],
)
def test_each_character_is_escaped_for_what_stands_behind_it(text, tex):
    assert escape(text) == tex


# What TeX gives a meaning to; only our own commands may bring it into the text.
ACTIVE = set("\\{}$&#%_^~\"`'")


@given(st.text())
@example("''''")
@example("\U0001f1e6\U0001f1e6")
@example("\\" * 30)
def test_nothing_in_a_text_has_a_meaning_for_tex(text):
    for tex in (escape(text), escape_breakable(text)):
        rest = JOINED.sub(r"\1", tex)
        for command in COMMANDS:
            rest = rest.replace(command, "")
        assert not ACTIVE & set(rest)
        assert not any(ord(character) < 0x20 for character in rest)


JOINED = re.compile(r"\\(?:Together|ScriptWord|WordBreak)\{([^{}]*)\}")
COMMANDS = [
    *(f"\\text{name}{{}}" for name in ("backslash", "asciicircum", "asciitilde", "quotedbl", "asciigrave")),
    *("\\textquotesingle{}", "\\allowbreak{}", "\\BreakHere{}", "\\Hyphen{}", "\\enspace{}", "\\quad{}"),
    *("\\,", "\\-", "\\ ", "\\{", "\\}", "\\$", "\\&", "\\#", "\\%", "\\_", "{}", "~"),
]


@given(st.text())
def test_places_to_break_change_nothing_else(text):
    assert escape_breakable(text).replace("\\BreakHere{}", "").replace("{}", "") == escape(text).replace(
        "{}", ""
    )


@given(st.text("abcdef0123456789", min_size=25, max_size=200))
def test_a_long_run_may_break_at_least_every_24_characters(text):
    pieces = escape_breakable(text).split("\\BreakHere{}")
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 24


def test_a_long_run_is_cut_into_even_pieces():
    digits = "0123456789" * 3
    pieces = escape_breakable(digits).split("\\BreakHere{}")
    assert [piece for piece in pieces if piece] == [digits[at : at + 4] for at in range(0, 30, 4)]
    assert "\\BreakHere" not in escape_breakable(digits[:23])


def test_a_word_among_very_many_signs_breaks_like_what_is_no_word():
    assert "\\BreakHere" in escape_breakable("[" * 100 + "word" + "]" * 100)
    assert "\\BreakHere" not in escape_breakable("((«" + "word" * 10 + "»))")


def test_a_long_run_breaks_behind_its_signs_and_not_in_a_short_word():
    address = "https://example.org/a_long/path?query=value"
    assert "org/\\BreakHere{}a" in escape_breakable(address)
    assert "\\BreakHere" not in escape_breakable("a/short/path and words")


@given(
    st.lists(st.sampled_from(["a\u0304", "क्ष", "क्\u200dष", "x\u0323\u0302", "e5"]), min_size=20, max_size=60)
)
def test_a_long_run_never_breaks_between_a_letter_and_its_marks(clusters):
    pieces = escape_breakable("".join(clusters)).split("\\BreakHere{}")
    assert not [piece for piece in pieces if piece and unicodedata.category(piece[0])[0] == "M"]
    assert not [piece for piece in pieces if "\u200d" in piece[:1] + piece[-1:]]


def test_an_apostrophe_in_a_long_run_stays_typographic():
    word = "Rindfleischetikettierungs'überwachungs'aufgaben'übertragungs'gesetz"
    assert escape_breakable(word).replace("\\BreakHere{}", "") == word.replace("'", "’")


def test_formulas_are_set_and_everything_else_escaped():
    said = mathml(parse_formula("x^2"), is_display=False, spoken="")
    formula = tag("Formula", "$x^{2}$", alt="x squared", lang="en", mathml=said)
    assert set_text("50% of $x^2$ & $5") == rf"50\% of {formula} \& \$5"


@pytest.mark.parametrize(
    ("value", "tex"),
    [
        (None, ""),
        (Latex(r"\emph{x}"), r"\emph{x}"),
        (r"\emph{x}", r"\textbackslash{}emph\{x\}"),
        (5, "5"),
        (0.5, "0.5"),
    ],
)
def test_any_value_becomes_safe_latex(value, tex):
    assert set_node(value) == tex


def test_a_lost_marker_is_escaped_again():
    safe = Latex(r"\emph{x}")
    assert set_node(safe + Latex("~")) == r"\emph{x}~"
    assert set_node(safe + "_") == r"\textbackslash{}emph\{x\}\_"
    assert set_node("_" + safe) == r"\_\textbackslash{}emph\{x\}"
    assert set_node(safe.upper()) == r"\textbackslash{}EMPH\{X\}"


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("שלום", r"\Run{1}{שלום}"),
        ("12 שלום", r"\Run{1}{\Run{2}{12} שלום}"),
        ("مرحبا abc", r"\Run{1}{مرحبا \Run{2}{abc}}"),
        ("abc שלום", r"\Run{2}{abc \Run{3}{שלום}}"),
        ("(שלום)", r"\Run{1}{)שלום(}"),
        ("ב\u200f12%", r"\Run{1}{ב\Run{2}{12\%}}"),
    ],
)
def test_text_with_letters_from_right_to_left_is_isolated_in_the_direction_of_its_first(text, tex):
    assert set_text(text) == tex


@pytest.mark.parametrize("text", ["abc", "a\u061cb"])
def test_text_that_prints_no_such_letter_is_not_isolated(text):
    assert set_text(text) == escape(text)


@given(st.text())
def test_no_text_can_hold_a_mark_of_the_structure(text):
    (paragraph,) = number(tag("P", "x" + set_text(text))).root.children
    assert {element.role for element in paragraph.walk()} <= {"P", "Formula"}
