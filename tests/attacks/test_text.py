"""Texts that cost too much, hide, stop TeX or fool the proof: each is read in linear time, or refused by place."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from growth import assert_linear
from latex_text import set_prose, set_text
from minimal_record import claim, load, only, problems_of
from reportgen.analysis.checks import check
from reportgen.analysis.validation import cite_record, judge, unprintable_in
from reportgen.base.characters import MOST_MARKS, is_blank, normal
from reportgen.base.errors import BibliographyError, Level
from reportgen.base.settings import Settings
from reportgen.pdf.text_check import _Reordered, _skeleton, prove_text
from reportgen.record.document import JsonDocument
from reportgen.sources import cite, load_library
from reportgen.sources.bibfile import read_bib_files
from reportgen.text.markdown_parser import tokens_of
from reportgen.text.markup import printed_as_they_stand
from reportgen.text.mathematics import formula_problem
from reportgen.text.structure import LONGEST_LINE, broken, number, tag
from reportgen.text.templates import Printed
from typeset_strings import paragraph, set_pages
from unprintable import unprintable_character

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = Settings()


def prose(text: str) -> object:
    tokens_of.cache_clear()
    return number(tag("Document", set_prose(text)))


def checked(text: str) -> object:
    return check(load(title=f"x{text}x", sections=[{"title": "x", "text": f"x{text}x"}]), {})


def printed(text: str) -> object:
    tokens_of.cache_clear()
    return list(printed_as_they_stand(text))


BOMBS = ["<!--", "[", "[[", "[@", "[@a;", "![", "[^", "*", "*a ", "**a", "*a**", "_a ", "`", "`a", "$", "$a ", "$a\\",
         "> ", "- ", "1. ", "[a](", "[a](<b", "<a ", "\\aa ", "\\", "{", "(", "'", "--", "\n", "\t", "a", "\u0301\u0323"]  # fmt: skip


@pytest.mark.parametrize("piece", BOMBS)
@pytest.mark.parametrize("read", [printed, prose, set_text, formula_problem, checked])
def test_a_text_of_one_mark_again_and_again_is_read_in_linear_time(read, piece):
    assert_linear(read, piece)


def test_runs_of_backticks_of_every_length_are_read_in_linear_time():
    assert_linear(lambda text: printed("a".join("`" * n for n in range(len(text) // 8))), "x", 2_000)


def test_what_stands_in_code_or_a_formula_is_no_markup_without_meaning():
    text = "`<b>` ``<i> ` <u>`` $\\text{<b}$ <s> `<p>"
    assert [found for _, found in printed_as_they_stand(text)] == ["<s>", "<p>"]


BRACKETS = [("^[", "]"), ("![", "](x)"), ("[", "](x)"), ("[", "]"), ("**a ", "**"), ("~~", "~~"), ("![[", "](a)](b)"), ("x^[", "](y)")]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), BRACKETS, ids=lambda each: each)
def test_what_is_nested_within_itself_without_end_is_read_in_linear_time(opening, closing):
    assert_linear(lambda text: prose(opening * len(text) + "x" + closing * len(text)), "x", 1_000)


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_marks_by_the_hundred_thousand_are_normalised_and_none_is_lost(form):
    text = "a" + "\u0301\u0323" * 100_000
    found = normal(form, text)
    assert len(normal("NFKD", found).replace("\u034f", "")) == len(text)


@given(st.text(st.sampled_from("aé\u0301\u0323\u0308 x"), max_size=MOST_MARKS))
def test_a_text_of_few_marks_has_its_plain_normal_form(text):
    import unicodedata

    assert normal("NFC", text) == unicodedata.normalize("NFC", text)


def test_more_marks_than_a_language_has_are_a_placed_error():
    found = judge_of(title="a" + "\u0301" * (MOST_MARKS + 1))
    assert [(problem.code, problem.where.pointer) for problem in found if problem.level is Level.ERROR] == [
        ("too-many-marks", "/title")
    ]


def judge_of(**changes):
    loaded = load(**changes)
    return judge(loaded, cite(loaded.record, load_library([])), DEFAULT, strict=False)


def test_the_places_of_very_many_problems_in_one_line_are_found_in_linear_time():
    def places(text: str) -> None:
        document = JsonDocument("r.json", json.dumps({"claims": [{"text": "x"}] * len(text)}))
        for index in range(len(text)):
            document.where(f"/claims/{index}/text")

    assert_linear(places, "x", 6_000)


@pytest.mark.parametrize(
    "texts", [lambda n: f"Claim {n}.", lambda _: "The same."], ids=["different", "equal"]
)
def test_many_claims_are_judged_in_linear_time(texts):
    assert_linear(lambda text: judge_of(claims=[claim(texts(n)) for n in range(len(text))]), "x", 1_000)


@pytest.mark.parametrize(
    "sources",
    [
        lambda n: f"arxiv:2402.18571v{n + 1}",
        lambda n: f"key{n}",
        lambda n: {"id": f"a{n}", "type": "book", "title": {"wrong": 1}},
    ],
    ids=["versions-of-one-work", "unknown-keys", "items-of-wrong-types"],
)
def test_many_sources_are_judged_in_linear_time(sources):
    assert_linear(lambda text: judge_of(sources=[sources(n) for n in range(len(text))]), "x", 500)


def test_many_sections_that_cite_unknown_keys_are_judged_in_linear_time():
    def judged(text: str) -> object:
        return judge_of(sections=[{"title": "T", "text": f"Text [@key{n}]."} for n in range(len(text))])

    assert_linear(judged, "x", 500)


INVISIBLE = [
    "\ufeff",
    "\u200b",
    "\u00ad",
    "\ufe0f",
    "\U000e0041",
    "\u3164",
    "\u2800",
    "\u2060 \u200e",
    "\U000e0100",
]


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("field", ["title", "question", "keywords", "limitations", "authors", "claims"])
def test_a_text_that_cannot_be_seen_is_a_wrong_value_at_its_place(field, text):
    lists = {"keywords": [text], "limitations": [text], "authors": [{"name": text}], "claims": [claim(text)]}
    problem = only(problems_of(**{field: lists.get(field, text)}))
    assert problem.code == "wrong-value"
    assert problem.where.pointer.startswith(f"/{field}")


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_a_source_that_cannot_be_seen_is_a_wrong_value(text):
    assert only(problems_of(sources=[text])).where.pointer == "/sources/0"
    assert only(problems_of(sources=[{"id": text, "type": "book"}])).where.pointer == "/sources/0"


@pytest.mark.parametrize("text", ["a", "\ufeffa", "\u0301", "\ue000", "-", "\u0600"], ids=ascii)
def test_a_text_with_something_to_see_is_no_blank(text):
    assert not is_blank(text)


@pytest.mark.parametrize(
    "text",
    ["word " * 60_000, "a" * 300_000, '"' * 60_000, "\\" * 60_000, "a  " * 90_000, "$" * 90_000, "é" * 200_000, "% " * 90_000],
    ids=["words", "one-word", "quotes", "backslashes", "two-spaces", "dollars", "accents", "percents"],
)  # fmt: skip
def test_no_line_of_tex_is_longer_than_tex_reads(text):
    tex = number(tag("P", set_text(text))).tex
    assert max(len(line.encode()) for line in tex.split("\n")) < 100_000
    assert "\n\n" not in tex


def test_many_short_pieces_side_by_side_are_broken_too():
    tex = number(tag("P", "".join(tag("Span", f"[{n}]") + " " for n in range(30_000)))).tex
    assert max(map(len, tex.split("\n"))) < 3 * LONGEST_LINE


@given(
    st.lists(
        st.sampled_from(
            ["\\emph{", "}", "\\textbackslash{}", "\\\\", "\\%", "\\ ", " ", "  ", "ab", "é", "\n", "$x$"]
        )
    )
)
def test_breaking_a_line_changes_nothing_that_tex_sees(parts):
    tex = "".join(parts) * (1 + 9 * LONGEST_LINE // (1 + len("".join(parts))))
    again = re.sub(r"(\\(?:[A-Za-z@]+|.))|%\n", r"\1", broken(tex), flags=re.DOTALL)
    assert " ".join(again.split()) == " ".join(tex.split())
    assert again.count("\n\n") == tex.count("\n\n")


def test_a_line_behind_a_comment_is_left_alone():
    tex = "% " + "not printed " * 1_000
    assert broken(tex) == tex


def test_an_ordinary_line_is_left_alone():
    tex = "A line of some words, \\emph{set} as it is.\n" * 1_000
    assert broken(tex) == tex


@pytest.mark.parametrize("source", ["https://example.org/{}", "doi:10.1000/{}"])
def test_a_source_printed_as_its_identifier_with_a_character_no_font_has_is_a_placed_warning(source):
    found = [
        each
        for each in judge_of(sources=[source.format(unprintable_character())])
        if each.code == "missing-glyph"
    ]
    assert only(found).where.pointer == "/sources/0"


def test_a_source_that_only_a_section_cites_is_looked_at_too(tmp_path):
    character = unprintable_character()
    (tmp_path / "a.bib").write_text(f"@misc{{k, title = {{T {character}}}}}\n", encoding="utf-8")
    loaded = load(sections=[{"title": "S", "text": "No."}, {"title": "S", "text": "See [@k]."}])
    bibliography = cite_record(loaded.record, load_library([tmp_path]))
    found = judge(loaded, bibliography, Settings(), strict=False)
    assert [each.where.pointer for each in found if each.code == "missing-glyph"] == ["/sections/1/text"]
    traced = unprintable_in(number(tag("P", character)), [character], loaded, bibliography)
    assert only(traced).where.pointer == "/sections/1/text"


def test_a_character_no_font_has_that_is_only_seen_in_the_latex_is_traced_to_its_field():
    loaded = load(keywords=["x\u1397"], claims=[claim(quote="Words.")])
    # A value that is kept once it was read is no field.
    assert loaded.record.claims[0].all_evidence
    bibliography = cite(loaded.record, load_library([]))
    body = number(tag("P", "one\ntwo\u1397", at="/question") + tag("P", "three\u1396"))
    found = unprintable_in(body, ["\u1397", "\u1396"], loaded, bibliography)
    assert [each.where.pointer for each in found] == ["/question", ""]
    assert [each.where.file for each in found] == [loaded.document.file] * 2
    elsewhere = unprintable_in(number(tag("P", "\u1397")), ["\u1397"], loaded, bibliography)
    assert only(elsewhere).where.pointer == "/keywords/0"


MIXED = [
    "x שלום} y", "שלום)5 text", "a ש】 b", "ש5M", "i\u0306\u030a", "משפט (בסוגריים) ועוד 25% מהם", "العدد (12) في GPT-4 هو 3.5",
    "ד'ز ו", "بְּ $5 72645 ! בְּ", "مُحَمَّد 5M", "“שלום”", "pת⟉ K", "ש ∈ x ⊂ y", "⅑0العربية", "हिन्दी ڱ}―", "通܀ 𐍈 🌍", "العربية𝂲",
    "}【\U0001ee84\u03235",
]  # fmt: skip


def test_no_text_that_bidirectional_lines_reorder_and_mirror_counts_as_lost():
    pdf, _ = set_pages([paragraph(set_text(text)) for text in MIXED], "luatex")
    found = prove_text(pdf, [Printed(text, f"/{n}") for n, text in enumerate(MIXED)], "r.json")
    assert [problem.message for problem in found] == []
    altered = [Printed(text + "ק", f"/{n}") for n, text in enumerate(MIXED)]
    altered += [Printed(text.replace("5", "6"), "/digit") for text in MIXED if "5" in text]
    assert len(prove_text(pdf, altered, "r.json")) == len(altered)


LETTERS = st.text(st.sampled_from("אבגשםابتمه()[]5"), min_size=4, max_size=30)


@given(LETTERS, st.integers(0, 30))
def test_a_text_with_two_letters_in_each_others_place_is_not_held(text, place):
    place %= len(text) - 1
    first, second = text[place], text[place + 1]
    swapped = f"{text[:place]}{second}{first}{text[place + 2 :]}"
    page = _Reordered(_skeleton(f"before ש{text} after"))
    assert page.holds(f"ש{text}")
    alike = {*"()"}.issuperset((first, second)) or {*"[]"}.issuperset((first, second))
    assert page.holds(f"ש{swapped}") == (first == second or alike)


@given(LETTERS, st.integers(0, 30), st.sampled_from("קزZ7"))
def test_a_text_with_another_character_in_it_is_not_held(text, place, other):
    page = _skeleton(f"before ש{text} after")
    place %= len(text)
    assert not _Reordered(page).holds(f"ש{text[:place]}{other}{text[place:]}")


DEEP = 5_000
BIB_BOMBS = {
    "nested-emph": "\\emph{" * DEEP + "x" + "}" * DEEP,
    "braces-in-a-formula": "$" + "{" * DEEP + "x" + "}" * DEEP + "$",
    "nested-accents": "\\'{" * DEEP + "x" + "}" * DEEP,
    "nested-links": "\\href{x}{" * DEEP + "x" + "}" * DEEP,
    "nested-environments": "\\begin{a}" * DEEP + "x" + "\\end{a}" * DEEP,
    "commands-as-arguments": "\\emph" * DEEP + " x",
}


@pytest.mark.parametrize("field", ["title", "author", "note"])
@pytest.mark.parametrize("bomb", BIB_BOMBS)
def test_latex_nested_without_end_is_a_bib_problem_with_its_line(tmp_path, bomb, field):
    file = tmp_path / "a.bib"
    file.write_text(f"\n@misc{{a,\n {field} = {{{BIB_BOMBS[bomb]}}}}}", encoding="utf-8")
    entry = load_library([file]).entry("a")
    assert entry is not None
    assert {(each.code, each.where.line) for each in entry.problems} <= {
        ("bib-value", 3),
        ("bib-latex", 3),
        ("bib-name", 3),
    }
    if bomb == "braces-in-a-formula":
        # What is no formula is printed as it stands.
        assert field == "author" or BIB_BOMBS[bomb] in "".join(entry.texts.values())
    elif bomb != "commands-as-arguments":
        assert ("bib-value", Level.ERROR) in {(each.code, each.level) for each in entry.problems}


@pytest.mark.parametrize("step", ["a{0}", "a{0} # a{0}"], ids=["chain", "doubling"])
def test_strings_made_of_strings_without_end_are_a_bib_problem(tmp_path, step):
    strings = "\n".join(f"@string{{a{n + 1} = {step.format(n)}}}" for n in range(3_000))
    file = tmp_path / "a.bib"
    file.write_text(f'@string{{a0 = "x"}}\n{strings}\n@misc{{a, title = a3000}}', encoding="utf-8")
    entry = load_library([file]).entry("a")
    assert [(each.code, each.level) for each in entry.problems] == [("bib-value", Level.ERROR)]


def test_entries_that_name_each_other_as_their_whole_are_read(tmp_path):
    file = tmp_path / "a.bib"
    file.write_text("@misc{a, title={A}, crossref={b}}\n@misc{b, title={B}, crossref={a}}", encoding="utf-8")
    assert load_library([file]).entry("a").title == "A"


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    "make",
    [
        pipe,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.symlink_to("/etc/passwd"),
        lambda path: path.mkdir(),
    ],
    ids=["a-pipe", "a-link-to-a-device", "a-link-out-of-the-folder", "a-folder"],
)
def test_what_is_no_bib_file_of_the_folder_is_a_placed_problem(tmp_path, make):
    make(tmp_path / "a.bib")
    with pytest.raises(BibliographyError) as caught:
        read_bib_files([tmp_path / "a.bib"])
    assert (caught.value.exit_code, only(caught.value.problems).code) == (4, "bib-unreadable")
    assert only(caught.value.problems).where.file == str(tmp_path / "a.bib")


def test_an_item_of_wrong_types_is_named_by_its_field_and_not_by_its_key():
    item = {"id": "a", "type": "book", "title": {"x": 1}, "author": [{"family": ["a", "b"]}]}
    found = [each for each in judge_of(sources=[item], lead_source="a") if each.level is Level.ERROR]
    assert [(each.code, each.where.pointer) for each in found] == [
        ("csl-field", "/sources/0/title"),
        ("csl-field", "/sources/0/author/0/family"),
    ]


@pytest.mark.parametrize(
    "formula",
    [
        "{" * 10_000 + "}" * 10_000,
        "\\frac{" * 5_000,
        "x" * 1_000_000,
        "\\sqrt[" * 5_000,
        "\\left(" * 5_000,
        "{" * 150,
    ],
    ids=["groups", "fractions", "a-megabyte", "roots", "fences", "groups-within-the-length"],
)
def test_a_formula_without_end_is_printed_as_it_stands_with_a_warning(formula):
    found = judge_of(claims=[claim(f"We have ${formula}$ here.")])
    assert "math-literal" in {each.code for each in found}
    assert not [each for each in found if each.level is Level.ERROR]


@pytest.mark.parametrize("opening", [">", "- ", "1. ", "**", "*_", "[", "> - "])
def test_markdown_nested_without_end_is_set_and_no_character_of_it_lost(opening):
    tex = number(tag("Document", set_prose(opening * 10_000 + "x"))).tex
    for sign in set(opening) & set(">[-"):
        assert tex.count("\\Hyphen{}" if sign == "-" else sign) >= 9_900
