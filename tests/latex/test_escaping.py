"""What is printed is what was written: generated strings are typeset and read back from the page."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from urllib.parse import quote

import pikepdf
import pytest
from hypothesis import strategies as st

from latex_text import set_text
from reportgen.base.characters import JOINERS, WITHOUT_GLYPH
from reportgen.latex import escaping
from reportgen.latex.escaping import escape, escape_breakable
from reportgen.latex.fonts import plan_fonts
from reportgen.text.direction import RIGHT_TO_LEFT
from reportgen.text.faces import PDFTEX_CHARACTERS, face_for, unprintable
from reportgen.text.mathematics import Formula, split_formulas
from reportgen.text.structure import tag
from typeset_strings import (
    CONTEXTS,
    FENCE,
    as_printed,
    as_read,
    cell,
    examples,
    fenced,
    paragraph,
    read_back,
    read_pages,
    set_pages,
)

ENGINES = ["pdftex", "luatex"]
LONE_GREEK = "αβγδεζηθικλμνξπρστυφχψωΓΘΛΞΠΣΦΨΩ"
REPERTOIRE = sorted(PDFTEX_CHARACTERS - {"\n", " "})

PUNCTUATION = [chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum()]
DASHES = ["-", "--", "---", "–"]
QUOTES = ["``", "''", "'", '"', "‘", "’", "<<", ">>", ",,", "?`", "!`", "?", "!"]
LETTERS = ["ff", "fi", "fl", "ffi", "ffl", "fj", "ij", "IJ", "st", "ct", "Th", "tt", "a", "...", "…"]
MARKUP = ["\\", "\\\\", "{", "}", "^^", "^^5c", "%", "&", "[", "]", "*", " ", "\u00ad", "\u200b", "\u200d"]
LIGATURE_MAKERS = [*DASHES, *QUOTES, *LETTERS, *MARKUP]
SPACES = ["fi", *"\t\n\r\u00a0\u2028\u2029\u202f\u205f\u3000 ab-.", *map(chr, range(0x2000, 0x200B))]
INVISIBLE = list("\u00ad\u061c\u200b\u200c\u200d\u2060\ufe0f\ufeff")
WITHOUT_INK = "\u2800\u3164\U0001d159"


def is_read_alone(character: str) -> bool:
    """Tell whether readers of PDFs give the character back in its place: marks are moved, and jamo joined."""
    return (
        unicodedata.category(character)[0] not in "CMZ"
        and not RIGHT_TO_LEFT.match(character)
        and not "\u1100" <= character <= "\u11ff"
        and character not in WITHOUT_INK
        and face_for(character) is not None
    )


def strings(parts: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), min_size=3, max_size=30).map("".join)


BESIDE_GREEK = st.tuples(st.sampled_from(LONE_GREEK), st.sampled_from("xX1-,. ()'"))
PDFTEX_STRINGS = st.one_of(
    st.lists(BESIDE_GREEK.map("".join), min_size=1, max_size=10).map("".join),
    strings([*PUNCTUATION, "a", "Z", "9", " "]),
    strings(LIGATURE_MAKERS),
    strings([*SPACES, *INVISIBLE]),
    *2 * [strings(REPERTOIRE)],
)
UNICODE = st.characters(min_codepoint=0xA0, max_codepoint=0x1FAFF).filter(is_read_alone)
LUATEX_STRINGS = st.one_of(
    strings([*PUNCTUATION, "a", "Z", "9", " "]),
    strings([*LIGATURE_MAKERS, *SPACES, *INVISIBLE]),
    strings([*REPERTOIRE, *LONE_GREEK]),
    *2 * [st.text(UNICODE, min_size=3, max_size=20)],
)
GENERATED = {"pdftex": (PDFTEX_STRINGS, 2200), "luatex": (LUATEX_STRINGS, 1600)}


@cache
def generated(engine: str) -> list[tuple[str, str]]:
    texts, count = GENERATED[engine]
    return list(examples(st.tuples(st.sampled_from(list(CONTEXTS)), texts), count))


def differences(cases, pages):
    pairs = [(case, as_printed(case[1]), as_read(page)) for case, page in zip(cases, pages, strict=True)]
    return [pair for pair in pairs if pair[1] != pair[2]]


@pytest.mark.parametrize("engine", ENGINES)
def test_generated_strings_are_read_back_as_they_were_written(engine):
    cases = generated(engine)
    assert {context for context, _ in cases} == set(CONTEXTS)
    pages = read_back([(context, escape_breakable(text)) for context, text in cases], engine)
    assert differences(cases, pages) == []


def test_thousands_of_different_strings_are_generated():
    assert len({text for engine in ENGINES for _, text in generated(engine)}) >= 3000


@cache
def pages_of_single_characters(engine: str) -> dict[tuple[str, str], str]:
    contexts = list(CONTEXTS) if engine == "pdftex" else ["paragraph", "bold", "italic", "sans", "code"]
    cases = [(context, character) for context in contexts for character in [*REPERTOIRE, *LONE_GREEK]]
    pages = read_back([(context, escape(character)) for context, character in cases], engine)
    return dict(zip(cases, pages, strict=True))


@pytest.mark.parametrize("character", [*REPERTOIRE, *LONE_GREEK])
def test_each_character_for_pdftex_is_read_back_in_every_context(character):
    pages = pages_of_single_characters("pdftex")
    read = {context: as_read(pages[context, character]) for context in CONTEXTS}
    assert read == dict.fromkeys(CONTEXTS, as_printed(character))


def test_characters_that_pdftex_would_give_back_as_others_are_left_to_luatex():
    assert not set("²³¹Δ") & {*PDFTEX_CHARACTERS, *LONE_GREEK}
    cases = ["10² m³ a¹", "a Δ b"]
    assert [plan_fonts(text).engine for text in cases] == ["luatex", "luatex"]
    assert list(map(as_read, read_back([("paragraph", set_text(text)) for text in cases], "luatex"))) == cases


def test_luatex_sets_the_characters_of_pdftex_as_well():
    pages = pages_of_single_characters("luatex")
    assert differences(list(pages), list(pages.values())) == []


@pytest.mark.parametrize("context", ["paragraph", "code", "sans"])
def test_no_two_characters_of_pdftex_become_a_third(context):
    characters = REPERTOIRE
    # For each character a row in which it stands before and behind itself and every later one.
    rows = ["".join(c + d for d in characters[index:]) + c for index, c in enumerate(characters)]
    assert sum(map(len, rows)) > len(characters) ** 2
    pages = read_back([(context, escape(row)) for row in rows], "pdftex")
    assert [
        (written[index - 1 : index + 2], read[index - 1 : index + 2])
        for written, read in zip(map(as_printed, rows), map(as_read, pages), strict=True)
        for index in [next((i for i, (a, b) in enumerate(zip(written, read, strict=False)) if a != b), None)]
        if index is not None or len(written) != len(read)
    ] == []


READING = {"$x$": "x", "$2+3=5$": "2+3=5", r"$\alpha$": "α", "$a<b$": "a<b", r"$\sum k$": "∑k"}
MIXED = strings(
    [*READING, "$", " $", "$ ", "$5", "\\$", "$$", " and ", "word", "%", "^", "_", "{", "}", "'", "--"]
)


def reading(text: str) -> str | None:
    """Return what is read of a text with formulas, without spaces; None where a formula is not in the list."""
    parts = split_formulas(text)
    if any(isinstance(part, Formula) and f"${part.source}$" not in READING for part in parts):
        return None
    read = [READING[f"${part.source}$"] if isinstance(part, Formula) else as_printed(part) for part in parts]
    return "".join("".join(read).split())


READABLE = MIXED.filter(lambda text: reading(text) is not None)


@pytest.mark.parametrize("engine", ENGINES)
def test_text_with_formulas_keeps_every_sign_that_is_not_a_formula(engine):
    cases = examples(READABLE, 250)
    assert sum("$" in reading(text) for text in cases) > 50
    assert sum(any(isinstance(part, Formula) for part in split_formulas(text)) for text in cases) > 50
    pages = read_back([("paragraph", set_text(text)) for text in cases], engine)
    read = ["".join(as_read(page).split()) for page in pages]
    assert [(c, g) for c, g in zip(cases, read, strict=True) if reading(c) != g] == []


WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["experimental", "Donaudampfschifffahrt", "well-known", "self-\u00adsupervised", "and/or"]
        ),
        st.text(st.sampled_from("abcdefXYZ0123456789/_.:=-"), min_size=1, max_size=90),
        st.text(st.sampled_from("éüßœ<>,‘’–"), min_size=1, max_size=60),
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_broken_over_narrow_lines_loses_and_gains_nothing_but_hyphens_and_spaces(engine):
    cases = examples(WORDS, 150)
    pages = [cell(f"{FENCE} {escape_breakable(text)} {FENCE}", 25) for text in cases]
    read = [fenced(page) for page in read_pages(set_pages(pages, engine)[0])]
    assert sum(page.count("\n") for page in read) > 2 * len(cases)
    assert [
        (c, g) for c, g in zip(cases, read, strict=True) if unbroken(as_printed(c)) != unbroken(as_read(g))
    ] == []


def unbroken(text: str) -> str:
    return re.sub(r"[\s\x02\xad-]", "", text)


HEBREW = "".join(map(chr, range(0x5D0, 0x5EB)))
ARABIC = "".join(map(chr, [*range(0x621, 0x63B), *range(0x641, 0x64B)]))


@pytest.mark.parametrize("letters", [HEBREW, ARABIC], ids=["Hebrew", "Arabic"])
def test_no_letter_written_from_right_to_left_is_lost(letters):
    words = st.text(st.sampled_from(letters), min_size=1, max_size=12)
    cases = examples(st.tuples(st.sampled_from(list(CONTEXTS)), words), 120)
    pages = read_back([(context, set_text(text)) for context, text in cases], "luatex")
    # Readers put the parts of a line in an order of their own where a gap parts the letters.
    assert [
        (case, page)
        for case, page in zip(cases, pages, strict=True)
        if sorted(as_printed(case[1])) != sorted("".join(as_read(page).split()))
    ] == []


def some(first: int, last: int) -> st.SearchStrategy[str]:
    characters = st.characters(min_codepoint=first, max_codepoint=last, exclude_categories=["Cs"])
    return characters.filter(lambda character: not unprintable(character))


# Scripts that run both ways, marks without letters, joiners, controls, what is not assigned, emoji of many parts.
ANY_TEXT = st.lists(
    st.one_of(
        *(
            some(*block)
            for block in [(0, 0x7F), (0x300, 0x36F), (0x590, 0x8FF), (0x900, 0xE7F), (0x200B, 0x206F)]
        ),
        *(some(*block) for block in [(0xA0, 0xFFFF), (0x10000, 0x1FBFF), (0xE0000, 0xE01EF)]),
        st.sampled_from(["👩\u200d🔬", "🏳️\u200d🌈", "🇩🇪", "1️⃣", "$x^2$", "$", "-", "+", "--"]),
    ),
    min_size=5,
    max_size=20,
).map("".join)


def test_any_text_at_all_compiles_and_each_character_has_a_glyph():
    cases = examples(st.tuples(st.sampled_from(list(CONTEXTS)), ANY_TEXT), 400)
    pages = [CONTEXTS[context](set_text(text)) for context, text in cases]
    assert len(read_pages(set_pages(pages, "luatex")[0])) == len(pages)


def test_signs_and_figures_before_words_written_from_right_to_left_are_kept():
    cases = ["+1 שלום", "-5 שלום", "*2 مرحبا", "/2 abc שלום", "12 שלום", "(3) שלום", "-\u0618", "5-3 مرحبا"]
    pages = [paragraph(set_text(text)) for text in cases]
    read = read_pages(set_pages(pages, "luatex")[0])
    assert [set("".join(as_read(page).split())) for page in read] == [set(text) - {" "} for text in cases]


@pytest.mark.parametrize("engine", ENGINES)
def test_characters_without_a_form_are_printed_by_number(engine):
    cases = {
        "a\u0000b\u001bc": "a<U+0000>b<U+001B>c",
        "safe\u202edesrever\u202c": "safe<U+202E>desrever<U+202C>",
        "\ufdd0\U0010ffff": "<U+FDD0><U+10FFFF>",
        "lone\ud800": "lone<U+D800>",
        "\U000e0067": "<U+E0067>",
    }
    pages = read_back([("paragraph", set_text(text)) for text in cases], engine)
    assert list(map(as_read, pages)) == list(cases.values())


ADDRESSES = st.builds(
    "{}{}".format,
    st.sampled_from(["https://example.org/", "http://a.b/?q=", "mailto:"]),
    st.one_of(
        st.text(st.sampled_from("".join(map(chr, range(0x20, 0x7F))) * 2 + "éя中🙂"), max_size=30),
        st.text(max_size=15),
        st.sampled_from(["%", "%%", "%zz", "\\", "((", "))(", "#a#b", "~~", "$$", "&amp;", "^^M", "a\n\nb"]),
    ),
)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_address_of_a_link_is_in_the_pdf_as_it_was_given(engine):
    addresses = examples(ADDRESSES, 400)
    pages = [tag("P", tag("Link", "here", uri=address)) for address in addresses]
    with pikepdf.open(io.BytesIO(set_pages(pages, engine)[0])) as pdf:
        written = [bytes(page.Annots[0].A.URI).decode("ascii") for page in pdf.pages]
    assert [(a, w) for a, w in zip(addresses, written, strict=True) if percent_encoded(a) != w] == []


def percent_encoded(address: str) -> str:
    """Write an address in ASCII; percent signs and what has a meaning in addresses stay as they are."""
    unchanged = set(map(chr, range(0x21, 0x7F))) - set('\\(){}<>^`|"')
    control_as_space = re.sub(r"[\x00-\x08\x0b-\x1f]", " ", address)
    return quote(control_as_space, safe="".join(unchanged), errors="replace")


def test_what_needs_no_glyph_is_what_becomes_a_command_or_nothing():
    written = {character for character in escaping._COMMANDS if ord(character) > 0x7E or character == "\t"}
    assert written | set(JOINERS) == WITHOUT_GLYPH
