"""What is printed is what was written: generated strings are typeset and read back from the page."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pytest
from hypothesis import strategies as st
from typeset_strings import CONTEXTS, as_printed, as_read, cell, examples, fenced, read_back, read_pages, set_pages

from reportgen.fonts import PDFTEX_CHARACTERS, face_for
from reportgen.latex import RIGHT_TO_LEFT, escape, escape_breakable, to_latex

LONE_GREEK = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"

PUNCTUATION = [chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum()]
LIGATURE_MAKERS = [
    *("--", "---", "-", "``", "''", "'", '"', "<<", ">>", ",,", "?`", "!`", "...", "ff", "fi", "fl", "ffi", "ffl"),
    *("fj", "ij", "IJ", "st", "ct", "Th", "tt", "a", " ", "\\", "\\\\", "{", "}", "^^", "^^5c", "%", "&", "[", "]", "*"),
]
SPACES = [
    *("\t", "\n", "\r", "\u00a0", *map(chr, range(0x2000, 0x200B)), "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"),
    *("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0f", "\ufeff", "a", "b", "-", "fi", "."),
]
WITHOUT_INK = "\u2800\u3164\U0001d159"


def is_read_alone(character: str) -> bool:
    """Tell whether a reader of PDFs gives the character back in its place: marks and jamo are moved or joined."""
    return (
        unicodedata.category(character)[0] not in "CMZ"
        and not RIGHT_TO_LEFT.match(character)
        and not "\u1100" <= character <= "\u11ff"
        and character not in WITHOUT_INK
        and face_for(character) is not None
    )


def strings(characters: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(characters), min_size=1, max_size=30).map("".join)


ALPHABETS = {
    "punctuation": strings([*PUNCTUATION, "a", "Z", "9"]),
    "ligatures": strings(LIGATURE_MAKERS),
    "spaces": strings(SPACES),
    "pdftex": strings(sorted(PDFTEX_CHARACTERS - {"\n"})),
    "unicode": st.text(
        st.characters(min_codepoint=0xA0, max_codepoint=0x1FAFF).filter(is_read_alone), min_size=1, max_size=20
    ),
}
SHARED = ["punctuation", "ligatures", "spaces", "pdftex"]
OF_ENGINE = {"pdftex": SHARED, "luatex": [*SHARED, "unicode"]}
COUNT = {"pdftex": 2000, "luatex": 1500}
ENGINES = list(OF_ENGINE)


@cache
def generated(engine: str) -> list[tuple[str, str]]:
    texts = st.one_of(*(ALPHABETS[name] for name in OF_ENGINE[engine]))
    return examples(st.tuples(st.sampled_from(list(CONTEXTS)), texts), COUNT[engine])


def differences(cases, pages, expected=as_printed):
    pairs = [(case, expected(case[1]), as_read(page)) for case, page in zip(cases, pages, strict=True)]
    return [pair for pair in pairs if pair[1] != pair[2]]


@pytest.mark.parametrize("engine", ENGINES)
def test_generated_strings_read_back_as_they_were_written(engine):
    cases = generated(engine)
    pages = read_back([(context, escape_breakable(text)) for context, text in cases], engine)
    assert differences(cases, pages) == []


def test_thousands_of_different_strings_are_generated_in_every_context():
    cases = [case for engine in ENGINES for case in generated(engine)]
    assert len({text for _, text in cases}) >= 3000
    assert {context for context, _ in cases} == set(CONTEXTS)
