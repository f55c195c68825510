"""Fields, values, names and identifiers of .bib entries, as entries of the library."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.identifiers import Identifier
from reportgen.sources import Name, load_library
from reportgen.sources.bibfile import RawEntry
from reportgen.sources.bibtex_fields import Fields
from reportgen.sources.bibvalue import Definitions, Value, evaluate


@pytest.fixture
def read(tmp_path):
    """Write a .bib file, give its first entry."""

    def read(text, key=None):
        (tmp_path / "x.bib").write_text(text, encoding="utf-8")
        library = load_library([tmp_path])
        return library.entry(key or library.keys[0])

    return read


def codes(entry):
    return [(problem.code, problem.where.line) for problem in entry.problems]


STRINGS = Definitions(
    {"aps": '"Phys. Rev."', "apsb": "APS # { B}", "loop": "loop", "bad": "{x"}, {"far": "{Far}"}
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{a {b} c}", Value("a {b} c")),
        ('"a {"} b"', Value('a {"} b')),
        (r'"M{\"u}ller"', Value(r"M{\"u}ller")),
        (r"{a \} b}", Value(r"a \} b")),
        ("2020", Value("2020")),
        ('ApsB # ", Suppl."', Value("Phys. Rev. B, Suppl.")),
        ("FAR", Value("Far")),
        ('Jan # "~12"', Value("jan~12")),
        ("nope # { x}", Value("nope x", ("nope",))),
        ("loop", Value("loop", ("loop",))),
        ("", Value("")),
    ],
)
def test_values_are_put_together(source, value):
    assert evaluate(source, STRINGS) == value


@pytest.mark.parametrize("source", ["{a} {b}", "{a}, x", "{a", '"a', "{a} #", "# {a}", '"}a{"', "bad", "}"])
def test_a_malformed_value_stays_as_written_with_its_fault(source):
    value = evaluate(source, STRINGS)
    assert value.fault
    assert value.text == ("{x" if source == "bad" else source)


def test_definitions_that_double_each_other_end():
    doubling = {f"s{n}": f"s{n - 1} # s{n - 1}" for n in range(1, 64)} | {"s0": "{ha}"}
    value = evaluate("s63", Definitions(doubling, {}))
    assert "longer" in value.fault
    assert len(value.text) < 1000


@given(st.lists(st.text(alphabet="ab c-,#", min_size=1), min_size=1, max_size=5))
def test_pieces_join_whatever_their_delimiters(pieces):
    braced = " # ".join(f"{{{piece}}}" for piece in pieces)
    quoted = "#".join(f'"{piece}"' for piece in pieces)
    assert evaluate(braced, STRINGS) == evaluate(quoted, STRINGS) == Value("".join(pieces))


def test_an_article_is_read_whole(read):
    entry = read(
        r"""
@string{jour = "Nature "}
@ARTICLE{virtanen,
  Author = {Virtanen, Pauli and van der Waals, Jr., J. D. and {CERN Collaboration} and others},
  title = {{SciPy} 1.0}, subtitle = "Algorithms",
  journal = jour # {Methods}, volume = 17, number = {3}, pages = {261--272}, month = feb, year = 2020,
  doi = {https://doi.org/10.1038/s41592-019-0686-2}, eprint = {1907.10121v1}, archivePrefix = {arXiv},
  primaryClass = {cs.MS}, pmid = 32015543, url = {https://scipy.org/a\_b}, language = {english},
  note = {Cited often.}, urldate = {2021-05-04},
}"""
    )
    assert entry.problems == ()
    assert entry.type == "article-journal"
    assert entry.names["author"] == (
        Name("Virtanen", "Pauli"),
        Name("Waals", "J. D.", "van der", "Jr."),
        Name(literal="CERN Collaboration"),
    )
    assert entry.and_others == {"author"}
    assert entry.texts == {
        "title": "SciPy 1.0: Algorithms",
        "container-title": "Nature Methods",
        "volume": "17",
        "issue": "3",
        "page": "261–272",
        "note": "Cited often.",
        "archive_collection": "cs.MS",
    }
    assert {name: date.edtf for name, date in entry.dates.items()} == {
        "issued": "2020-02",
        "accessed": "2021-05-04",
    }
    assert (entry.year, entry.language) == ("2020", "en")
    assert entry.identifiers == (
        Identifier("doi", "10.1038/s41592-019-0686-2"),
        Identifier("arxiv", "1907.10121", 1),
        Identifier("pmid", "32015543"),
        Identifier("url", "https://scipy.org/a_b"),
    )
    assert entry.link == "https://doi.org/10.1038/s41592-019-0686-2"
    assert tuple(map(entry.identifier, ("doi", "arxiv", "pmid", "url"))) == entry.identifiers
    assert entry.identifier("isbn") is None
    assert [str(name) for name in entry.names["author"]] == [
        "Pauli Virtanen",
        "J. D. van der Waals, Jr.",
        "CERN Collaboration",
    ]


def test_a_part_takes_the_whole_from_its_crossref_but_not_its_identity(read):
    entry = read(
        """
@inproceedings{paper, title = {A Paper}, author = {A, B}, publisher = {Own}, crossref = {proc}}
@proceedings{proc, title = {Proceedings}, subtitle = {of X}, editor = {E, D}, year = 2001, publisher = {P},
  address = {Rome}, doi = {10.1000/whole}}"""
    )
    assert (entry.title, entry.text("container-title"), entry.year) == (
        "A Paper",
        "Proceedings: of X",
        "2001",
    )
    assert (entry.text("publisher"), entry.text("publisher-place")) == ("Own", "Rome")
    assert entry.names["editor"] == (Name("E", "D"),)
    assert entry.identifiers == ()


@pytest.mark.parametrize(
    ("fields", "year", "date"),
    [
        ("date = {2020-02-03}", "2020", "2020-02-03"),
        ("date = {2020}", "2020", "2020"),
        ("date = {2020/2021}", "2020–2021", "2020/2021"),
        ("date = {2020-02/2020-03}", "2020", "2020-02/2020-03"),
        ("date = {2020/}", "2020–", "2020/.."),
        ("date = {1723~}", "c. 1723", "1723~"),
        ("date = {1723?}", "1723?", "1723?"),
        ("date = {199X}", "1990–1999", "1990/1999"),
        ("date = {2020-21}", "2020", "2020-21"),
        ("date = {-0043}", "-44", "-0043"),
        ("date = {2020-02-03T10:00:00}", "2020", "2020-02-03"),
        ("date = {forthcoming}", "forthcoming", ""),
        ("year = 2020, month = {March}, day = 4", "2020", "2020-03-04"),
        ("year = 2020, month = March", "2020", "2020-03"),
        ("year = 2020, month = September", "2020", "2020-09"),
        ("year = 2020, month = {März}", "2020", "2020-03"),
        ("year = 2020, month = 3", "2020", "2020-03"),
        ('year = 2020, month = mar # "~4"', "2020", "2020-03-04"),
        ('year = 2020, month = "4~" # mar', "2020", "2020-03-04"),
        ('year = 2020, month = mar # "/" # apr', "2020", "2020-03/2020-04"),
        ("year = 2020, month = {July 3--5}", "2020", "2020-07-03/2020-07-05"),
        ("year = 2020, month = {Spring}", "2020", "2020-21"),
        ("year = {in press}, month = mar", "mar in press", ""),
        ("year = 2020, month = 13", "13 2020", ""),
        ("year = {[2021] \\copyright 2021}", "[2021] ©2021", ""),
    ],
)
def test_dates_are_edtf_where_they_can_be_and_text_otherwise(read, fields, year, date):
    entry = read(f"@misc{{x, title = {{T}}, {fields}}}")
    assert (entry.year, entry.dates["issued"].edtf, entry.problems) == (year, date, ())


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ("eprint = {2402.18571v3}", Identifier("arxiv", "2402.18571", 3)),
        ("eprint = {arXiv:2402.18571 [cs.LG]}, eprinttype = {arXiv}", Identifier("arxiv", "2402.18571")),
        ("eprint = {hep-th/9711200}, archiveprefix = {arXiv}", Identifier("arxiv", "hep-th/9711200")),
        ("doi = {10.48550/arXiv.2402.18571}", Identifier("arxiv", "2402.18571")),
        ("url = {http://arxiv.org/abs/2402.18571v3}", Identifier("arxiv", "2402.18571", 3)),
        ("journal = {arXiv preprint arXiv:2402.18571}", Identifier("arxiv", "2402.18571")),
        ("journal = {CoRR}, volume = {abs/2402.18571}", Identifier("arxiv", "2402.18571")),
        ("eprint = {123}, eprinttype = {pubmed}", Identifier("pmid", "123")),
        ("doi = {doi: 10.1000/x}", Identifier("doi", "10.1000/x")),
        ("isbn = {978-0-201-13447-6}", Identifier("isbn", "9780201134476")),
        (r"howpublished = {\url{https://x.org/~me}}", Identifier("url", "https://x.org/~me")),
    ],
)
def test_identifiers_are_found_where_people_write_them(read, fields, identifier):
    entry = read(f"@misc{{x, title = {{T}}, {fields}}}")
    assert entry.identifiers == (identifier,)
    assert entry.problems == ()
    assert "note" not in entry.texts


def test_the_version_of_an_arxiv_paper_named_twice_is_kept(read):
    entry = read("@misc{x, eprint = {2402.18571}, url = {https://arxiv.org/abs/2402.18571v3}}")
    assert entry.identifier("arxiv") == Identifier("arxiv", "2402.18571", 3)


def test_arxiv_class_may_stand_in_brackets(read):
    assert read("@misc{x, eprint = {2402.18571 [cs.LG]}}").texts["archive_collection"] == "cs.LG"


@pytest.mark.parametrize(
    ("fields", "note", "problems"),
    [
        ("isbn = {12345}", "ISBN 12345", [("bib-identifier", 1)]),
        ("doi = {10.1/x}", "DOI 10.1/x", [("bib-identifier", 1)]),
        ("url = {www.x.org}", "www.x.org", [("bib-identifier", 1)]),
        ("eprint = {nonsense}", "EPRINT nonsense", [("bib-identifier", 1)]),
        ("eprint = {hal-01}, eprinttype = {hal}", "hal:hal-01", []),
        ("language = {Klingon}", "Klingon", []),
        ("howpublished = {Talk}, note = {Slides.}, addendum = {More}", "Talk. Slides. More", []),
    ],
)
def test_what_has_no_field_of_its_own_is_printed_as_a_note(read, fields, note, problems):
    entry = read(f"@misc{{x, title = {{T}}, {fields}}}")
    assert (entry.text("note"), codes(entry)) == (note, problems)


@pytest.mark.parametrize(
    ("type_", "fields", "expected"),
    [
        ("phdthesis", "school = {ETH}", ("thesis", "PhD thesis", "ETH")),
        ("thesis", "type = {mathesis}, institution = {ETH}", ("thesis", "Master’s thesis", "ETH")),
        ("techreport", "institution = {NASA}, type = {White paper}", ("report", "White paper", "NASA")),
        ("conference", "publisher = {ACM}, organization = {SIGIR}", ("paper-conference", "", "ACM, SIGIR")),
    ],
)
def test_older_types_become_their_newer_names(read, type_, fields, expected):
    entry = read(f"@{type_}{{x, title = {{T}}, {fields}}}")
    assert (entry.type, entry.text("genre"), entry.text("publisher")) == expected


def test_numbers_of_reports_are_not_issues(read):
    entry = read(
        "@report{x, title = {What?}, subtitle = {So}, number = {7}, articleno = {053}, pages = {1-9}}"
    )
    assert entry.texts == {"title": "What? So", "number": "7", "article-number": "053", "page": "1–9"}


def test_what_is_wrong_has_a_code_and_a_line_and_stays_visible(read):
    entry = read(
        r"""@misc{x,
  title = {A \nosuch{b}},
  author = {One, Two, Three, Four and Fine, A \odd B},
  note = missing,
  series = {a} {b},
  title = {Again},
}"""
    )
    assert sorted(codes(entry)) == [
        ("bib-latex", 2),
        ("bib-latex", 3),
        ("bib-name", 3),
        ("bib-repeated-field", 6),
        ("bib-unknown-string", 4),
        ("bib-value", 5),
    ]
    assert entry.title == r"A \nosuch{b}"
    assert entry.names["author"][0] == Name(literal="One, Two, Three, Four")
    assert entry.text("note") == "missing"
    assert entry.text("collection-title") == "a b"
    assert all(problem.where.file.endswith("x.bib") and problem.hint for problem in entry.problems)


def people_of(source):
    written = [("author", source, 1)]
    fields = Fields(RawEntry(Path("x.bib"), 1, "misc", "k", written, Definitions({}, {})), lambda _: None)
    fields._latex = lambda _: source
    read = fields.names("author")
    return list(read.people), read.and_others, [problem.code for problem in fields.problems]


@pytest.mark.parametrize(
    ("source", "names", "et_al"),
    [
        (r"Erd{\H o}s, P{\'a}l", [Name("Erdős", "Pál")], False),
        ("Ludwig van Beethoven", [Name("Beethoven", "Ludwig", "van")], False),
        ("{Barnes and Noble} and Plato", [Name(literal="Barnes and Noble"), Name("Plato")], False),
        ("{A} {B}", [Name("B", "A")], False),
        ("A, B and et al.", [Name("A", "B")], True),
        ("{A}", [Name(literal="A")], False),
        (r"{A} {\{}", [Name(r"{", "A")], False),
        ("", [], False),
    ],
)
def test_names_are_split_before_they_are_decoded(source, names, et_al):
    assert people_of(source) == (names, et_al, [])


def test_a_name_of_unbalanced_braces_stands_as_written():
    assert people_of("{{A}") == ([Name(literal="{{A}")], False, ["bib-latex", "bib-name"])


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,6}, [A-Z][a-z]{1,6}", fullmatch=True), min_size=1, max_size=6))
def test_every_name_of_a_list_is_kept_in_order(people):
    names = people_of(" and ".join(people))[0]
    assert [f"{name.family}, {name.given}" for name in names] == people
