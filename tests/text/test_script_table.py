"""The table of scripts, the places where lines may break, and the fonts that are missing."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from reportgen.text import missing_fonts, syllables
from reportgen.text.faces import faces_of, script_faces
from reportgen.text.missing_fonts import face_for_missing, scripts_without_faces
from reportgen.text.scripts import SCRIPTS, script_of
from reportgen.text.syllables import break_places
from script_lines import LINES


def test_no_code_point_is_of_two_scripts():
    ranges = sorted(each for script in SCRIPTS for each in script.ranges)
    assert all(first <= last for first, last in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@pytest.mark.parametrize("name", [name for name in LINES if name not in {"Arabic", "Hebrew"}])
def test_a_line_is_of_its_script_and_its_faces_have_all_of_it(name):
    letters = re.sub(r"[\s?,\u200c\u200d]", "", LINES[name])
    assert {script.name for letter in letters if (script := script_of(letter))} == {name}
    assert all(script_faces(name).has(letter) for letter in letters)


@pytest.mark.parametrize("character", ["a", "é", "Ж", "א", "ع", "中", "฿", "😀", "\ue000"])
def test_what_worked_before_is_of_no_script_here(character):
    assert script_of(character) is None


def test_a_word_keeps_marks_joiners_and_shared_signs():
    faces = script_faces("Bengali")
    assert faces_of("ক্\u200dষ।") == (("ক্\u200dষ।", faces),)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("การศึกษานี้พบว่า", "การ|ศึกษา|นี้|พบ|ว่า"),
        ("ការសិក្សាបានរក", "ការសិក្សា|បាន|រក"),
        ("အိပ်စက်ခြင်းသည်", "အိပ်စက်|ခြင်း|သည်"),
        ("གཉིད་ཀྱིས་དྲན་པ།", "གཉིད་|ཀྱིས་|དྲན་|པ།"),
    ],
)
def test_lines_break_between_words_by_the_dictionary(word, parts):
    assert parted(word) == parts


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("น้ำเปล่า", "น้ำ|เป|ล่า"),
        ("ស្ត្រីខ្មែរ", "ស្ត្រី|ខ្មែ|រ"),
        ("သင်္ချာ", "သင်္ချာ"),
        ("အိပ်စက်ခြင်း", "အိပ်|စက်|ခြင်း"),
        ("ນ້ຳທີ່", "ນ້ຳ|ທີ່"),
        ("๑๒๓", "๑๒๓"),
    ],
)
def test_without_a_dictionary_they_break_between_syllables(word, parts, monkeypatch):
    monkeypatch.setattr(syllables, "dictionary_places", lambda _: None)
    assert parted(word) == parts


def parted(word):
    return "|".join(word[start:end] for start, end in pairwise([0, *break_places(word), len(word)]))


def test_the_font_for_what_is_missing_is_named(monkeypatch):
    assert scripts_without_faces() == []
    assert face_for_missing("ក") == ""
    monkeypatch.setattr(missing_fonts, "script_paths", dict)
    monkeypatch.setattr(missing_fonts, "installed_faces", dict)
    assert "Khmer" in scripts_without_faces()
    assert "Tai Tham" in scripts_without_faces()
    named = {character: face_for_missing(character) for character in "កع中😀Ж"}
    assert list(named.values()) == [
        "scripts",
        "Amiri-Regular.ttf",
        "wqy-microhei.ttc",
        "Symbola_hint.ttf",
        "FreeSerif.otf",
    ]
    assert face_for_missing("\ue000") == face_for_missing("\u0378") == ""


def test_a_font_under_its_name_of_another_system_is_that_font(monkeypatch):
    monkeypatch.setattr(missing_fonts, "installed_faces", lambda: {"Symbola.ttf": None})
    assert (face_for_missing("😀"), face_for_missing("Ж")) == ("", "FreeSerif.otf")
