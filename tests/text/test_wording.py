from __future__ import annotations

import datetime as dt
import re
import shutil
import string
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latex_text import set_text
from reportgen.base.errors import TemplateError
from reportgen.base.paths import packaged_folder
from reportgen.base.settings import Settings
from reportgen.latex.fonts import plan_fonts
from reportgen.pipeline.build import build_report
from reportgen.text.wording import LANGUAGES, Wording, wording_for

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = packaged_folder("templates") / "locale"
FIXTURES = Path(__file__).parents[1] / "fixtures"
NO_BREAK = "\u00a0\u202f"
SPACED = {"charts.alt_join", "format.colon", "format.list_last"}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every text of a table with its path; a list counts as its items."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, f"{path}[{index}]")
    else:
        yield path, value


def texts(name: str) -> dict[str, str]:
    return dict(leaves(tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))))


def wording(language: str) -> Wording:
    return wording_for(language, FOLDER)


def fields(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})


PARTS = ("", "charts.", "mathematics.", "overview.", "site.")
FILES = [f"{part}{language}.toml" for language in LANGUAGES for part in PARTS]


def test_every_language_has_its_files_and_there_are_no_others():
    assert sorted(FILES) == sorted(file.name for file in FOLDER.iterdir())
    assert min(len(texts(file)) for file in FILES) > 50


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_has_the_keys_of_english_in_their_order(language, part):
    assert list(texts(f"{part}{language}.toml")) == list(texts(f"{part}en.toml"))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_text_has_the_placeholders_of_the_english_one(language, part):
    english = texts(f"{part}en.toml")
    different = {
        path: (fields(text), fields(english[path]))
        for path, text in texts(f"{part}{language}.toml").items()
        if fields(text) != fields(english[path])
    }
    assert not different


def test_plural_forms_come_in_pairs():
    for file in (file for file in FILES if not file.startswith("mathematics.")):
        forms = {path for path in texts(file) if path.endswith((".one", ".two", ".other"))}
        assert forms
        assert {path.rsplit(".", 1)[0] + ".one" for path in forms} <= forms
        assert {path.rsplit(".", 1)[0] + ".other" for path in forms} <= forms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", [0, 1, 2])
def test_every_text_can_be_filled(language, n):
    words = wording(language)
    for path, text in texts(f"{language}.toml").items():
        if path.startswith("format."):
            continue
        values = {name: f"<{name}>" for name in fields(text) if name != "n"}
        said = words.say(re.sub(r"\.(?:one|two|other)$", "", path), n, **values)
        assert "{" not in said
        assert "}" not in said


@pytest.mark.parametrize("file", FILES)
def test_no_text_has_straight_quotes_double_spaces_or_loose_ends(file):
    for path, text in texts(file).items():
        assert text, path
        assert not re.search("[\"'`]", text), path
        assert not re.search(r"\s{2,}", text), path
        assert text.strip() == text or path in SPACED, path


def high_marks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each of the marks that French sets off with what stands beside it; ``doi:`` is a prefix, not a mark."""
    text = text.replace("doi:", "")
    for match in re.finditer("[;:?!%»]|«(.)", text):
        yield match[0][0], match[1] or text[match.start() - 1]


@pytest.mark.parametrize(("part", "marks"), [("", ":;%«»"), ("charts.", ":;%«»"), ("site.", ":;")])
def test_french_sets_high_punctuation_off_by_a_space_that_does_not_break_a_full_one_before_a_colon(
    part, marks
):
    found = [pair for text in texts(f"{part}fr.toml").values() for pair in high_marks(text)]
    assert {mark for mark, _ in found} >= set(marks)
    assert {beside for mark, beside in found if mark == ":"} == {"\u00a0"}
    assert {beside for mark, beside in found if mark != ":"} <= {"\u202f", "("}


@pytest.mark.parametrize(("language", "marks"), [("en", "“”"), ("de", "„“"), ("fr", "«»")])
def test_quotation_marks_are_the_language_s_own_and_come_in_pairs(language, marks):
    opening, closing = marks
    foreign = set("„“”«»") - set(marks)
    quoting = 0
    for part in ("", "charts."):
        for text in texts(f"{part}{language}.toml").values():
            assert text.count(opening) == text.count(closing)
            assert not foreign & set(text)
            quoting += opening in text
    assert quoting > 3


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_percent_sign_stays_with_its_number(language):
    found = 0
    for part in ("", "charts."):
        for text in texts(f"{part}{language}.toml").values():
            for match in re.finditer("%", text):
                found += 1
                assert text[match.start() - 1] in NO_BREAK + "("
    assert found > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_use_the_words_of_the_report(language):
    report, charts = texts(f"{language}.toml"), texts(f"charts.{language}.toml")
    assert charts["charts.verified"].startswith(report["verdict.verified"])
    assert charts["charts.unverified"].startswith(report["verdict.unverified"])
    assert report["column.score"].lower() == charts["charts.score"].lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fixed_words_alone_never_need_luatex(language):
    tex = "\n".join(map(set_text, wording(language).texts()))
    assert plan_fonts(tex).engine == "pdftex"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_are_all_those_of_both_files(language):
    both = texts(f"{language}.toml") | texts(f"charts.{language}.toml")
    assert sorted(wording(language).texts()) == sorted(both.values())


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 1, "The search found one paper."),
        ("en", 2, "The search found two papers."),
        ("en", 12, "The search found twelve papers."),
        ("en", 13, "The search found 13 papers."),
        ("en", 12345, "The search found 12\u202f345 papers."),
        ("de", 1, "Die Suche ergab eine Arbeit."),
        ("de", 12, "Die Suche ergab zwölf Arbeiten."),
        ("fr", 0, "La recherche a donné un article."),
        ("fr", 1, "La recherche a donné un article."),
        ("fr", 2, "La recherche a donné deux articles."),
    ],
)
def test_the_plural_is_the_language_s(language, n, said):
    assert wording(language).say("brief.found", n) == said


def test_two_are_both_where_the_language_says_so():
    assert wording("en").say("brief.verified_all", 2) == "both are marked verified"
    assert wording("en").say("brief.found", 2) == "The search found two papers."


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_are_written_in_words_up_to_twelve_and_alike_within_a_sentence(language):
    words = wording(language)
    assert len(words.t.format.numbers) == 13
    assert [words.in_words(count) for count in (12, 13, 1234, 54321)][1:] == ["13", "1234", "54\u202f321"]
    assert not words.in_words(12).isdigit()
    assert words.in_words(3, 48) == "3"
    assert words.in_words(3, 12) == words.t.format.numbers[3]


def test_a_sentence_begins_with_a_capital_and_behind_a_colon_in_german_alone():
    assert wording("fr").sentence("brief.level_some", 2, total="neuf").startswith("Deux")
    assert [wording(language).after_colon("élan") for language in LANGUAGES] == ["élan", "Élan", "élan"]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "1 March 2026", "31 December 2026"),
        ("de", "1.\u00a0März 2026", "31.\u00a0Dezember 2026"),
        ("fr", "1er\u00a0mars 2026", "31\u00a0décembre 2026"),
    ],
)
def test_dates_are_written_in_full(language, first, last):
    words = wording(language)
    assert words.date(dt.date(2026, 3, 1)) == first
    assert words.date(dt.date(2026, 12, 31)) == last
    assert len(words.t.format.months) == 12


@pytest.mark.parametrize(("language", "number"), [("en", "0.50"), ("de", "0,50"), ("fr", "0,50")])
def test_numbers_have_the_decimal_sign_of_the_language(language, number):
    words = wording(language)
    assert words.decimal(0.5) == number
    assert words.decimal(0.4, 0) == "0"
    assert words.localise("0.50") == number
    assert words.localise("12345.67") == f"12\u202f345{number[1]}67"


def test_a_listing_is_joined_as_prose_does():
    assert wording("en").listing([]) == ""
    assert wording("en").listing(["a"]) == "a"
    assert wording("en").listing(["a", "b"]) == "a and b"
    assert wording("de").listing(["a", "b", "c"]) == "a, b und c"
    assert wording("fr").listing(["a", "b", "c"]) == "a, b et c"


def test_clauses_are_set_apart_as_the_language_does():
    assert [wording(language).clauses(["a, b", "c"]) for language in LANGUAGES] == [
        "a, b; c",
        "a, b; c",
        "a, b\u202f; c",
    ]


@given(st.text())
def test_what_is_filled_in_is_never_read_as_a_placeholder(text):
    words = wording("fr")
    assert words.say("strip.score", score=text) == f"{text} sur 10"
    assert words.quoted(text) == f"«\u202f{text}\u202f»"


def test_quotation_marks():
    assert wording("en").quoted("a {text}") == "“a {text}”"
    assert wording("de").quoted("a") == "„a“"


@pytest.mark.parametrize(
    ("language", "inside"), [("en", "papers screened"), ("de", "Kriterien"), ("fr", "articles")]
)
def test_a_label_inside_a_sentence_keeps_its_capital_only_in_german(language, inside):
    label = inside.capitalize()
    assert wording(language).within(label) == inside
    assert wording(language).within("") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_abbreviation_inside_a_sentence_keeps_its_capitals(language):
    assert wording(language).within("DOI grade") == "DOI grade"


@pytest.mark.parametrize("label", ["databases", "queries", "searched_on", "screened", "included", "criteria"])
def test_german_labels_of_the_search_begin_with_a_noun_so_they_can_stand_in_a_sentence(label):
    noun = wording("de").t.search[label].split()[0]
    assert noun in {"Datenbanken", "Suchanfragen", "Datum", "Zahl", "Kriterien"}


@pytest.mark.parametrize(
    ("tag", "language"), [("de-AT", "de"), ("FR", "fr"), ("en-GB", "en"), ("sw", "en"), ("zh-Hans", "en")]
)
def test_a_language_without_words_of_its_own_gets_english(tag, language):
    assert wording(tag).language == language


def test_a_text_is_found_by_attribute_or_key():
    t = wording("de").t
    assert t.heading.sources == t["heading"]["sources"] == "Quellen"


def test_a_missing_text_is_an_error_that_names_it():
    words = wording("de")
    with pytest.raises(AttributeError, match=r"no t\.heading\.nothing"):
        _ = words.t.heading.nothing
    with pytest.raises(AttributeError, match=r"no t\.nothing"):
        _ = words.t["nothing"]
    with pytest.raises(AttributeError, match=r"no t\.brief\.nothing_such"):
        words.say("brief.nothing_such")


@pytest.mark.parametrize("broken", ["de.toml", "charts.de.toml"])
@pytest.mark.parametrize("content", [b"[heading", b'a = "\xff"', None])
def test_a_broken_or_missing_file_says_which_and_what_to_do(tmp_path, broken, content):
    folder = shutil.copytree(FOLDER, tmp_path / "locale")
    assert wording_for("fr", folder).language == "fr"
    if content is None:
        (folder / broken).unlink()
    else:
        (folder / broken).write_bytes(content)
    with pytest.raises(TemplateError) as caught:
        wording_for("de", folder)
    [problem] = caught.value.problems
    assert problem.where.file == str(folder / broken)
    assert "en.toml" in problem.hint


@pytest.mark.parametrize(
    ("fixture", "sentences"),
    [
        (
            "german",
            [
                "Drei Aussagen wurden extrahiert",
                "7,0 von 10",
                "Unter Beobachtung",
                "Korrekturen: zwei, die letzte am 30. September 2026.",
                "Reproduzierbarkeit",
            ],
        ),
        (
            "french",
            [
                "Trois affirmations ont été extraites",
                "1er juillet 2026",
                "Corrections : deux, la dernière le 30 septembre 2026.",
                "reproductibilité",
            ],
        ),
    ],
)
def test_a_whole_report_in_another_language(tmp_path, fixture, sentences):
    built = build_report(FIXTURES / f"{fixture}.json", Settings(root=tmp_path))
    assert [problem.code for problem in built.problems] == ["publisher-unset"]
    with pypdfium2.PdfDocument(built.pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    text = re.sub(r"\s+", " ", " ".join(pages).replace("\ufffe", ""))
    assert [sentence for sentence in sentences if sentence not in text] == []
    assert "claims" not in text
