"""Every field of every type of entry is printed or told about: the manuals' types, each with the fields they name.

The types and fields are those of BibTeX's manual, of biblatex's (sections 2.1 and 2.2) and of CSL 1.0.2 (appendices III
and IV); the values are made here, one word that no other field has for each, so that it can be found in the reference.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manual_fields import BIBLATEX, BIBTEX, GENERIC
from references import entry_of_item, library_of, printed
from reportgen.sources.bibtex_table import PRINTED, TYPES, USED, withheld
from reportgen.sources.entry import Fate
from reportgen.sources.variables import DATES, NAMES, REGISTRY, TEXTS, WITHHELD

_PEOPLE = [
    "author",
    "editor",
    "editora",
    "editorb",
    "editorc",
    "annotator",
    "commentator",
    "translator",
    "afterword",
    "foreword",
    "introduction",
    "bookauthor",
    "holder",
    "director",
    "composer",
    "recipient",
]
_FIXED = {
    "doi": "10.5555/Zdoi", "url": "https://example.org/Zurl", "urldate": "2019-03-17", "date": "1987-05-23",
    "eventdate": "1986-11-29", "year": "1987", "month": "may", "eprint": "Zeprint", "eprinttype": "zarchive",
    "isbn": "978-0-306-40615-7", "language": "Zlanguage", "pages": "3201--3278", "volume": "4301", "number": "4402",
    "eid": "4503", "edition": "4604", "chapter": "4705", "part": "4806", "volumes": "4907", "pagetotal": "5008", "issue": "5109",
    "issn": "1234-5678", "version": "5210", "type": "Ztype", "pubstate": "Zpubstate", "series": "Zseries",
}  # fmt: skip
_SAID = {
    "urldate": ["17", "March", "2019"], "date": ["23", "May", "1987"], "eventdate": ["29", "November", "1986"],
    "month": ["May"], "isbn": ["9780306406157"], "pages": ["3201", "3278"], "edition": ["4604th"],
}  # fmt: skip
"""The words by which a field is found, where it is not as it was written."""


def value(name: str) -> str:
    return f"{{Family{name}, Given}}" if name in _PEOPLE else f"{{{_FIXED.get(name, f'Z{name}')}}}"


def words_of(name: str) -> list[str]:
    return (
        [f"Family{name}"]
        if name in _PEOPLE
        else _SAID.get(name, re.findall(r"[\w.:/-]+", _FIXED.get(name, f"Z{name}")))
    )


def bib_of(type_: str, fields: list[str]) -> str:
    return f"@{type_}{{x,\n" + ",\n".join(f"  {name} = {value(name)}" for name in fields) + "\n}"


TABLE = [("biblatex", type_, f"{fields} {GENERIC}") for type_, fields in BIBLATEX.items()]
TABLE += [("BibTeX", type_, fields) for type_, fields in BIBTEX.items()]


def test_the_table_has_every_type_of_both_manuals():
    assert len(TABLE) >= 40
    assert {type_ for _, type_, _ in TABLE} <= TYPES.keys()


@pytest.mark.parametrize(
    ("manual", "type_", "listed"), TABLE, ids=[f"{manual}-{type_}" for manual, type_, _ in TABLE]
)
def test_each_field_that_a_manual_names_is_printed_or_told_about(manual, type_, listed):
    fields = list(dict.fromkeys(listed.split()))
    entry = library_of(bib_of(type_, fields)).entry("x")
    fates = {fate.name: fate for fate in entry.fates}
    assert fates.keys() == set(fields)
    assert [name for name, fate in fates.items() if fate.fate is Fate.UNKNOWN] == []
    assert all(fate.reason for fate in fates.values() if fate.fate is Fate.WITHHELD)
    reference = printed(entry)
    kept = [
        name
        for name, fate in fates.items()
        if fate.fate is Fate.PRINTED and not ("date" in fields and name in {"year", "month"})
    ]
    lost = {name: words_of(name) for name in kept if not all(word in reference for word in words_of(name))}
    assert lost == {}, reference


PRINTED_ALONE = sorted(PRINTED - {"subtitle", "booksubtitle", "mainsubtitle", "issuesubtitle", "journalsubtitle", "eprinttype",
    "archiveprefix", "eprintclass", "primaryclass", "day", "month", "year", "date", "urldate", "eventdate", "origdate", "accessed", "access-date",
    "lastaccessed", "lastchecked", "lastvisited", "urlaccessdate", "submitted", "doi", "pmid", "isbn", "url", "edition", "eprint",
    "language", "langid", "hyphenation", "pages", "page", "editora", "editorb", "editorc"})  # fmt: skip
_WORD = st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True)


@given(
    st.sampled_from(sorted(TYPES.keys() - {"set", "xdata"})),
    st.dictionaries(st.sampled_from(PRINTED_ALONE), _WORD, min_size=1),
)
def test_every_word_of_every_printed_field_is_in_the_reference(type_, fields):
    text = ", ".join(f"{name} = {{{word}}}" for name, word in fields.items())
    entry = library_of(f"@{type_}{{x, {text}}}").entry("x")
    reference = printed(entry)
    # One text in two fields is printed once, an initial stands for a given name; a journal has one title.
    names = {"journal"} if "journaltitle" in fields else set()
    assert [
        (name, word) for name, word in fields.items() if name not in names and word not in reference
    ] == [], reference


@given(
    st.sampled_from(sorted(TYPES)),
    st.sampled_from(["en", "de", "fr"]),
    st.sets(st.sampled_from(TEXTS), min_size=1),
)
def test_every_text_of_an_item_is_in_its_reference_in_every_language(kind, language, names):
    item = {name: f"Z{place}z" for place, name in enumerate(sorted(names))}
    reference = printed(entry_of_item(type=TYPES[kind][0], **item), language)
    assert [name for name, word in item.items() if word not in reference] == []


# The types of CSL 1.0.2, appendix III.
CSL_TYPES = [
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
]
_ITEM_DATES = {"issued": (1987, 5, 23), "accessed": (2019, 3, 17), "event-date": (1986, 11, 29), "original-date": (1851, 2, 7),
    "submitted": (1985, 1, 9), "available-date": (1988, 8, 8)}  # fmt: skip


def item_of(type_: str) -> dict[str, object]:
    """Make an item with every variable that CSL has."""
    texts = {name: f"Z{place}z" for place, name in enumerate(TEXTS)}
    names = {role: [{"family": f"Q{place}q", "given": "Given"}] for place, role in enumerate(NAMES)}
    dates = {name: {"date-parts": [list(day)]} for name, day in _ITEM_DATES.items()}
    identifiers = {
        "DOI": "10.5555/zdoi",
        "PMID": "1234567",
        "ISBN": "978-0-306-40615-7",
        "URL": "https://example.org/zurl",
    }
    return {"type": type_, **texts, **names, **dates, **identifiers, "language": "en"}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("type_", CSL_TYPES)
def test_each_variable_of_csl_is_printed_for_each_of_its_types(type_, language):
    item = item_of(type_)
    entry = entry_of_item(**item)
    assert entry.problems == ()
    assert {fate.name for fate in entry.fates} == {*item, "id"}
    assert {fate.fate for fate in entry.fates} == {Fate.PRINTED, Fate.USED}
    reference = printed(entry, language)
    wanted = [str(item[name]) for name in TEXTS] + [f"Q{place}q" for place in range(len(NAMES))]
    wanted += [str(part) for year, _, day in _ITEM_DATES.values() for part in (year, day)]
    wanted += ["10.5555/zdoi", "1234567", "9780306406157", "https://example.org/zurl"]
    assert [word for word in wanted if word not in reference] == []


def test_the_table_has_every_type_of_csl():
    assert len(CSL_TYPES) == 45
    assert {kind for kind, _ in TYPES.values()} <= {*CSL_TYPES}


@pytest.mark.parametrize("name", [*WITHHELD, "reference", "indexed", "_own"])
def test_a_variable_that_is_not_printed_has_a_reason(name):
    entry = entry_of_item(type="book", title="T", **{name: "Word"})
    (fate,) = [each for each in entry.fates if each.name == name]
    assert (fate.fate, bool(fate.reason), entry.problems) == (Fate.WITHHELD, True, ())
    assert "Word" not in printed(entry)


def test_a_variable_that_csl_does_not_have_is_told():
    (problem,) = entry_of_item(type="book", title="T", publsher="P").problems
    assert (problem.code, problem.where.pointer) == ("csl-unknown-field", "/publsher")


def test_no_field_has_two_fates():
    assert not (PRINTED & USED.keys())
    assert [name for name in (*PRINTED, *USED) if withheld(name)] == []
    assert not ({*TEXTS, *NAMES, *DATES} & ({*WITHHELD} | REGISTRY))
