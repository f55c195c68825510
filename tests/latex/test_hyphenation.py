from __future__ import annotations

import datetime as dt
import re
import unicodedata
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import Where
from reportgen.base.settings import Limits
from reportgen.base.style import Style
from reportgen.latex.escaping import Latex, escape, escape_breakable
from reportgen.latex.fonts import declare_faces, mark_font_runs, plan_fonts
from reportgen.latex.hyphenation import MOST_WORDS, divided_words
from reportgen.latex.render import LATEX, render_preamble
from reportgen.pdf.typeset import typeset
from reportgen.text.faces import PDFTEX_CHARACTERS
from reportgen.text.templates import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

# How PDFium reads a hyphen at the end of a line.
HYPHEN = "\ufffe"
ENGINES = ("pdftex", "luatex")
GERMAN = (
    "Die Wahrscheinlichkeitsverteilung größerer Aufmerksamkeitsmechanismen überrascht; „Prüfungsverfahren“"
    " außerhalb der Straßenverkehrsbeobachtung verändern (gelegentlich) Größenabhängigkeiten wonderful."
)
FRENCH = (
    "L’hétérogénéité de l'échantillonnage, dit-on, influence « l’entraînement » quelquefois ; aujourd’hui"
    " les mécanismes désintéressés n’améliorent guère la reproductibilité expérimentale, œuvres comprises."
)


def divided(text: str, language: str) -> list[str]:
    return divided_words(text, language).split()


def cuts(word: str, mark: str) -> set[int]:
    """Return the places at which a word is cut, as numbers of the letters before them."""
    return {len(word[: found.start()].replace(mark, "")) for found in re.finditer(mark, word)}


def pages(columns: Sequence[str], text: str, language: str, engine: str = "auto") -> list[str]:
    """Set each column of LaTeX on a page, with the words of the text divided as a report divides them."""
    report = SimpleNamespace(language=language)
    divided = Latex(divided_words(text, language))
    head = Writer(LATEX).document(
        "hyphenation.tex.j2", report=report, divided=divided, language=report.language
    )
    body = "".join(f"{column}\\newpage\n" for column in columns)
    tex = f"\\begin{{document}}\\pagestyle{{empty}}\n{head}\n{body}\\end{{document}}\n"
    plan = plan_fonts(tex, engine=engine)
    made = typeset(
        declare_faces(plan) + mark_font_runs(tex, plan),
        render_preamble(engine=plan.engine, style=Style()),
        engine=plan.engine,
        faces=plan.faces,
        figures={},
        date=dt.date(2026, 5, 30),
        limits=Limits(),
        origin=lambda line: Where(pointer=f"line {line}"),
    )
    with pypdfium2.PdfDocument(made.pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def everywhere(word: str) -> str:
    """Set a word in a column without width, which breaks it wherever it may be broken."""
    return f"\\parbox{{0pt}}{{\\hspace{{0pt}}{escape(word)}}}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de-DE"), (FRENCH, "fr")])
def test_each_word_breaks_at_its_own_places_and_at_no_other(text, language, engine):
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text)
    found = pages([everywhere(word) for word in words], text, language, engine)
    assert len(found) == len(words)
    listed = {entry.replace("-", ""): entry for entry in divided(text, language)}
    expected = [listed.get(word.lower().replace("'", "’"), word.lower()) for word in words]
    assert [page.strip().replace(HYPHEN, "-").lower() for page in found] == [
        entry.replace("'", "’") for entry in expected
    ]
    assert sum("-" in entry for entry in expected) > 8


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("text", "language", "width"), [(GERMAN, "de", 28), (FRENCH, "fr", 18)])
def test_a_narrow_column_breaks_words_where_their_language_allows(text, language, width, engine):
    [page] = pages([f"\\parbox{{{width}mm}}{{{escape(text)}}}"], text, language, engine)
    allowed = {entry.replace("-", ""): cuts(entry, "-") for entry in divided(text, language)}
    broken = [word.lower() for word in re.findall(rf"[\w’{HYPHEN}]+", page) if HYPHEN in word]
    assert len(broken) >= 3
    for word in broken:
        assert cuts(word, HYPHEN) <= allowed[word.replace(HYPHEN, "")], word


def test_english_keeps_the_patterns_of_tex():
    words = ["documentation", "wonderful"]
    assert divided_words(" ".join(words), "en-GB") == ""
    found = pages([everywhere(word) for word in words], " ".join(words), "en-GB")
    assert [page.replace(HYPHEN, "-") for page in found] == ["doc-u-men-ta-tion", "won-der-ful"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_language_without_a_dictionary_is_not_divided_by_the_rules_of_english(engine):
    assert divided_words("documentation wonderful", "sw") == ""
    assert pages([everywhere("documentation")], "documentation", "sw", engine) == ["documentation"]


@pytest.mark.parametrize(
    ("word", "language", "entry"),
    [("документация", "ru", "до-ку-мен-та-ция"), ("εκπαίδευση", "el", "εκ-παί-δευση")],
)
def test_a_word_in_a_further_face_is_divided_too(word, language, entry):
    assert divided(word, language) == [entry]
    assert pages([everywhere(word)], word, language) == [entry.replace("-", HYPHEN)]


@pytest.mark.parametrize(
    ("letter", "language"),
    [("क", "en"), ("ก", "th"), ("ຮ", "lo"), ("က", "my"), ("ក", "km"), ("క", "te"), ("\U00012000", "en")],
)
def test_a_long_word_of_a_script_without_hyphens_breaks_without_one(letter, language):
    word = letter * 30
    assert divided(word, language) == []
    [page] = pages([f"\\parbox{{2cm}}{{{escape_breakable(word)}}}"], word, language)
    assert "".join(page.split()) == word
    assert len(page.split()) > 1


def test_what_is_a_letter_to_unicode_but_a_symbol_to_tex_does_not_stop_it():
    letters = [character for character in sorted(PDFTEX_CHARACTERS) if character.isalpha()]
    assert {"ª", "º", "µ", "ß", "ÿ", "İ"} <= set(letters)
    text = " ".join(f"Wahrscheinlich{letter}keit αSynuklein {letter * 3}schätzungen" for letter in letters)
    assert len(divided(text, "de")) > 100
    [page] = pages(["Größenabhängigkeit"], text, "de", "pdftex")
    assert page == "Größenabhängigkeit"


def test_more_words_than_tex_can_hold_leave_the_shortest_undivided():
    syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve"]
    text = " ".join(
        a + b + c + d + "keit" for a in syllables for b in syllables for c in syllables for d in syllables[:6]
    )
    entries = divided(f"Wahrscheinlichkeitsverteilung {text} Berichte", "de")
    assert len(entries) == MOST_WORDS
    assert "wahr-schein-lich-keits-ver-tei-lung" in entries
    assert "be-richte" not in entries
    [page] = pages(["Bericht"], text, "de", "pdftex")
    assert page == "Bericht"


@pytest.mark.parametrize(
    ("text", "language", "entries"),
    [
        ("Überprüfung, ÜBERPRÜFUNG; überprüfung", "de-AT", ["über-prü-fung"]),
        ("U\u0308berpru\u0308fung", "de", ["über-prü-fung"]),
        ("Straße Größe aber", "de", []),
        ("l'apprentissage l’apprentissage", "fr-CA", ["l’ap-pren-tis-sage"]),
        ("Datensatz-Format Daten_satz2", "de", ["da-ten-satz", "for-mat"]),
        ("Wahrscheinlichkeits" * 4, "de", []),
    ],
)
def test_words_are_found_in_the_text(text, language, entries):
    assert divided(text, language) == entries


@pytest.mark.parametrize(
    ("word", "entry"),
    [
        ("Qualitätsstufe", "qua-li-tätsstufe"),
        ("Erstautorin", "erstau-to-rin"),
        ("Textverarbeitung", "text-verarbei-tung"),
    ],
)
def test_a_rest_that_is_no_syllable_stays_with_its_neighbours(word, entry):
    assert divided(word, "de") == [entry]


def test_a_division_that_changes_letters_is_left_out():
    assert divided("asszonnyal", "hu") == []
    assert divided("számítógép", "hu") == ["szá-mí-tó-gép"]


@pytest.mark.parametrize("language", ["de", "fr", "nl", "pl"])
@given(text=st.text(st.characters(codec="latin-1") | st.sampled_from("'’\u0308ŁœŸİ")))
def test_no_letter_is_changed_added_or_lost(language, text):
    text = f"{text} Wahrscheinlichkeit {text}schätzung"
    plain = unicodedata.normalize("NFC", text).lower().replace("'", "’")
    for entry in divided(text, language):
        assert entry.replace("-", "") in plain
        assert all(len(piece) > 1 for piece in entry.split("-"))
        assert len(entry.split("-")[-1]) >= 3
