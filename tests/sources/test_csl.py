from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import Level, Where
from reportgen.base.identifiers import Identifier
from reportgen.sources import Name
from reportgen.sources.csl import printed_part, read_item

SCIPY = {
    "id": "scipy",
    "type": "article-journal",
    "title": "SciPy 1.0: <i>Fundamental</i> Algorithms &amp; H<sub>2</sub>O",
    "author": [
        {"family": "Virtanen", "given": "Pauli", "sequence": "first", "affiliation": []},
        {"family": "Waals", "non-dropping-particle": "van der", "given": "J.", "suffix": "Jr."},
        {"literal": "SciPy 1.0 Contributors"},
        {"name": "Consortium"},
        {},
    ],
    "editor": [{"family": "E", "given": None}],
    "container-title": ["Nature Methods"],
    "collection-title": "Series",
    "volume": 17,
    "issue": "3",
    "page": "261-272",
    "issued": {"date-parts": [[2020, 2, 3]]},
    "accessed": {"date-parts": [["2021", "5"]]},
    "DOI": "10.1038/s41592-019-0686-2",
    "PMID": "32015543",
    "ISBN": ["978-0-201-13447-6"],
    "URL": "https://doi.org/10.1038/s41592-019-0686-2",
    "publisher": "Springer",
    "language": "en",
    "abstract": "long",
}


def entry_of(item):
    entry, problems = read_item(item, item.get("id", "x"))
    assert entry is not None, problems
    return entry


def test_an_article_is_read_whole():
    entry = entry_of(SCIPY)
    assert (entry.key, entry.type) == ("scipy", "article-journal")
    assert entry.title == "SciPy 1.0: Fundamental Algorithms & H₂O"
    assert entry.names["author"] == (
        Name("Virtanen", "Pauli"),
        Name("Waals", "J.", "van der", "Jr."),
        Name(literal="SciPy 1.0 Contributors"),
        Name(literal="Consortium"),
    )
    assert entry.names["editor"] == (Name("E"),)
    assert entry.texts == {
        "title": "SciPy 1.0: \ufdd4Fundamental\ufdd5 Algorithms & H₂O",
        "container-title": "Nature Methods",
        "collection-title": "Series",
        "volume": "17",
        "issue": "3",
        "page": "261–272",
        "publisher": "Springer",
    }
    assert {name: date.edtf for name, date in entry.dates.items()} == {
        "issued": "2020-02-03",
        "accessed": "2021-05",
    }
    assert entry.language == "en"
    assert entry.identifiers == (
        Identifier("doi", "10.1038/s41592-019-0686-2"),
        Identifier("pmid", "32015543"),
        Identifier("isbn", "9780201134476"),
    )
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [[2020]]}, "2020", "2020"),
        ({"date-parts": [[2020, 13]]}, "2020", "2020-13"),
        ({"date-parts": [[2020, 1, 1], [2021, 2, 2]]}, "2020–2021", "2020-01-01/2021-02-02"),
        ({"date-parts": [[2020], []]}, "2020–", "2020/.."),
        ({"literal": "in press"}, "in press", ""),
        ({"raw": "2020-02-03"}, "2020", "2020-02-03"),
        ({"raw": "July 3, 2011"}, "2011", "2011-07-03"),
        ({"edtf": "2019-05"}, "2019", "2019-05"),
        ("2020-07", "2020", "2020-07"),
        (2020, "2020", "2020"),
        ({"date-parts": [[1950]], "season": "2"}, "1950", "1950-22"),
        ({"date-parts": [[1950]], "season": "Trinity"}, "Trinity 1950", ""),
        ({"date-parts": [[1999]], "circa": True}, "c. 1999", "1999~"),
        ({"date-parts": [[-44]]}, "-44", "-0043"),
    ],
)
def test_dates_are_edtf_where_they_can_be_and_text_otherwise(issued, year, date):
    entry = entry_of({"id": "x", "type": "book", "title": "T", "issued": issued})
    assert (entry.year, entry.dates["issued"].edtf) == (year, date)


def test_a_date_without_anything_in_it_is_none():
    assert entry_of({"id": "x", "type": "book", "title": "T", "issued": {"date-parts": [[None]]}}).dates == {}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("<i>a <b>b</b></i> <span class='x'>c</span>", "a b c"),
        ("x<sup>2</sup> + y<SUP>n+1</SUP> + z<sub>i</sub>", "x² + yⁿ⁺¹ + zi"),
        ("x<sup>a b</sup>", "xa b"),
        ("CO$_2$ and Cu$_2O$", "CO$_2$ and Cu$_2O$"),
        ("if a<b and p<i>q </b>", "if a<b and p<i>q </b>"),
        ("&lt;i&gt;no tag&lt;/i&gt;", "<i>no tag</i>"),
        ("<i>" * 101, "<i>" * 101),
        (3.5, "3.5"),
    ],
)
def test_typographic_tags_are_read_in_pairs_only(title, text):
    assert entry_of({"id": "x", "type": "book", "title": title}).title == text


def test_an_arxiv_paper_is_recognised_by_its_number():
    item = {"id": "x", "type": "article", "number": "arXiv:2402.18571v3", "archive": "arXiv"}
    entry = entry_of({**item, "archive_collection": "cs.LG", "DOI": "10.48550/arXiv.2402.18571"})
    assert entry.identifiers == (Identifier("arxiv", "2402.18571", 3),)
    assert (entry.texts, entry.type) == ({"archive_collection": "cs.LG"}, "article")
    assert entry_of({**item, "number": "arXiv:nonsense"}).text("number") == "arXiv:nonsense"


@pytest.mark.parametrize(
    ("given_", "identities"),
    [
        ("978-0-201-13447-6 978-3-16-148410-0", ["9780201134476", "9783161484100"]),
        ("978 0 201 13447 6, 9783161484100", ["9780201134476", "9783161484100"]),
    ],
)
def test_several_isbns_are_told_apart(given_, identities):
    entry = entry_of({"id": "x", "type": "book", "ISBN": given_})
    assert [found.value for found in entry.identifiers] == identities


def test_an_identifier_that_is_none_is_printed_as_a_note_and_reported():
    entry = entry_of(
        {"id": "x", "type": "book", "DOI": "10.1/x", "note": "Given.", "language": "Klingon (spoken)"}
    )
    assert entry.text("note") == "Given. DOI 10.1/x. Klingon (spoken)"
    assert [problem.code for problem in entry.problems] == ["csl-identifier"]


def test_mathml_stays_as_written_and_is_reported():
    entry = entry_of({"id": "x", "type": "book", "title": "On <mml:math><mml:mi>x</mml:mi></mml:math>"})
    assert "<mml:mi>x" in entry.title
    assert [problem.code for problem in entry.problems] == ["csl-markup"]


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("title", {"a": 1}, "title"),
        ("title", ["a", "b"], "title"),
        ("title", True, "title"),
        ("author", "Wang", "author"),
        ("author", [{"family": ["A", "B"]}], "author.0.family"),
        ("issued", {"date-parts": 2020}, "issued.date-parts"),
    ],
)
def test_an_ill_typed_field_gives_no_entry_but_an_error_that_names_it(field, value, place):
    entry, problems = read_item({"id": "x", "type": "book", field: value}, "x", Where(pointer="/sources/0"))
    assert entry is None
    assert [problem.code for problem in problems] == ["csl-field"]
    assert f"'x': {place}:" in problems[0].message
    assert problems[0].level is Level.ERROR
    assert problems[0].where.pointer == "/sources/0/" + place.replace(".", "/")


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"updated-by": [{"type": "retraction", "DOI": "10.1000/notice"}]}, "10.1000/notice"),
        ({"updated-by": [{"type": "Withdrawal"}]}, "10.1000/own"),
        ({"update-to": [{"type": "retraction", "DOI": "10.1000/OWN"}]}, "10.1000/OWN"),
        ({"update-to": [{"type": "retraction", "DOI": "10.1000/another"}]}, ""),
        ({"updated-by": [{"type": "correction", "DOI": "10.1000/notice"}]}, ""),
        ({}, ""),
    ],
)
def test_a_retraction_is_seen_in_either_field(fields, notice):
    item = {"id": "x", "type": "journal-article", "DOI": "10.1000/own", **fields}
    assert entry_of(item).retraction == notice


def test_the_printed_part_reads_the_same_and_leaves_the_rest():
    kept = printed_part(SCIPY)
    assert "abstract" not in kept
    assert kept["author"][0] == {"family": "Virtanen", "given": "Pauli"}
    assert entry_of(kept) == entry_of(SCIPY)


def test_the_printed_part_leaves_ill_typed_people_to_be_reported():
    assert printed_part({"author": ["Wang"], "editor": "X"}) == {"author": ["Wang"], "editor": "X"}


@given(st.text(alphabet="ab12<>&;/ ip", max_size=30).filter(str.strip))
def test_escaped_text_reads_as_itself(text):
    title = " ".join(text.split())
    assert entry_of({"id": "x", "type": "book", "title": html.escape(title)}).title == title


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(SCIPY)), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(SCIPY)), JSON, max_size=6))
def test_any_json_is_an_entry_or_an_error_never_an_exception(item):
    entry, problems = read_item(item, "x")
    assert (entry is not None) != any(problem.level is Level.ERROR for problem in problems)
    json.dumps(item)
