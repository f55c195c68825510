"""Formulas read aloud: sixty and more in three languages, and what holds for all."""

from __future__ import annotations

import tomllib
import unicodedata

import pytest
from hypothesis import given

from formula_trees import CONSTRUCTS, FORMULAS, leaves, row
from reportgen.base.paths import packaged_folder
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.signs import ACCENTS, COMMAND_LETTERS, FUNCTIONS, SIGNS
from reportgen.text.mathematics.speech import spoken
from reportgen.text.mathematics.spoken_words import SPOKEN, language_of, spoken_words
from reportgen.text.mathematics.tree import Identifier, Number, Space
from reportgen.text.wording import LANGUAGES
from spoken_formulas import EXAMPLES

TABLES = {
    language: tomllib.loads(
        (packaged_folder("templates") / "locale" / f"mathematics.{language}.toml").read_text(encoding="utf-8")
    )
    for language in SPOKEN
}


@pytest.mark.parametrize(("source", "words"), EXAMPLES, ids=[source for source, _ in EXAMPLES])
def test_a_formula_is_read_as_a_person_reads_it(source, words):
    formula = parse_formula(source)
    assert [spoken(formula, language) for language in SPOKEN] == words


def test_the_examples_are_many():
    assert len(EXAMPLES) > 60


def test_every_language_of_the_words_is_spoken_and_has_the_same_keys():
    assert SPOKEN == LANGUAGES
    keys = [{name: [*table] for name, table in tables.items()} for tables in TABLES.values()]
    assert keys[0]
    assert all(each == keys[0] for each in keys)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_sign_letter_function_and_accent_has_a_word(language):
    words = spoken_words(language)
    named = {*words.tables["signs"], *words.tables["large"], ",", ";"}
    characters = {unicodedata.normalize("NFD", entry.character)[0] for entry in SIGNS.values()}
    assert characters <= named
    assert all(words.letter(letter).isascii() or language != "en" for letter in COMMAND_LETTERS.values())
    assert all(words.named("functions", name) for name in FUNCTIONS.values())
    assert all(words.named("accents", name) for name in ACCENTS)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_every_construct_is_said_in_every_language(name, language):
    said = spoken(CONSTRUCTS[name], language)
    assert said
    assert "  " not in said
    assert "{" not in said
    assert ",," not in said


@given(FORMULAS)
def test_every_letter_and_number_is_said(formula):
    for language in SPOKEN:
        said, words = spoken(formula, language), spoken_words(language)
        for leaf in leaves(formula):
            if isinstance(leaf, Identifier):
                assert all(words.letter(letter) in said for letter in leaf.letters)
            if isinstance(leaf, Number):
                assert leaf.digits in said or leaf.digits in {"1", "2", "3", "4"}


def test_what_says_nothing_is_said_to_be_blank():
    assert [spoken(row(Space(3)), language) for language in SPOKEN] == ["blank", "leer", "vide"]


def test_a_language_without_words_is_read_in_english():
    assert [language_of(tag) for tag in ("de-AT", "fr", "EN-gb", "ja", "pt-BR")] == [
        "de",
        "fr",
        "en",
        "en",
        "en",
    ]


def test_a_sign_that_no_table_has_is_said_by_its_unicode_name():
    assert spoken_words("fr").sign("\N{SNOWMAN}") == "snowman"
