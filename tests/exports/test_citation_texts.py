"""Works whose every field holds a hostile text: each citation format gives it back as it is printed."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace

import bibtexparser
import pytest
import rispy
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hostile import TEXTS
from reportgen.base.characters import normalise
from reportgen.base.identifiers import Identifier
from reportgen.base.licences import is_spdx
from reportgen.exports.bibtex import bibtex_bytes
from reportgen.exports.bibtex_text import bibtex_text
from reportgen.exports.cff import OTHERS, as_yaml, reference_of
from reportgen.exports.cited import CitedWork, printed
from reportgen.exports.csl_json import csl_bytes
from reportgen.exports.ris import ris_bytes
from reportgen.sources.dates import Date
from reportgen.sources.entry import Entry, Name, language_name
from reportgen.sources.library import load_library
from reportgen.sources.marked import unmarked

PLACES = ("title", "container-title", "publisher", "note", "volume", "edition")


def work_of(text: str, key: str = "k") -> CitedWork:
    """Return a work that holds a text wherever one may stand."""
    text = unmarked(text)  # as all readers of works have it
    entry = Entry(
        key=key,
        type="article-journal",
        texts={place: text if place == "title" else f"{place} {text}" for place in PLACES},
        names={"author": (Name(literal=text), Name(f"A{text}", "Ada")), "editor": (Name("Ito", "Jiro"),)},
        dates={"issued": Date((2024, 5, 3))},
    )
    return CitedWork(key=key, entry=printed(entry), keywords=("a", "b"))


def same(text: str) -> str:
    """Return a text as readers of all formats agree on it: white space is all one there."""
    return " ".join(normalise(text).split())


def assert_read_back(text, folder):
    work = work_of(text)
    title, notes = same(work.entry.text("title")), same(work.entry.text("note"))
    bib = folder / "read.bib"
    bib.write_bytes(bibtex_bytes([work]))
    entry = load_library([bib]).find(Identifier("key", "k"))
    assert entry is not None
    assert [same(entry.text(place)) for place in PLACES] == [same(work.entry.text(name)) for name in PLACES]
    literal, person = entry.names["author"]
    assert same(literal.literal) == title
    assert (same(person.family), person.given) == (same(f"A{unmarked(text)}"), "Ada")
    (ris,) = rispy.loads(ris_bytes([work]).decode())
    assert (same(ris["title"]), same(ris["notes"][0])) == (title, notes)
    (item,) = json.loads(csl_bytes([work]))
    assert (item["title"], item["author"][0]) == (
        work.entry.text("title"),
        {"literal": normalise(unmarked(text))},
    )
    read = yaml.safe_load(as_yaml(reference_of(work)))
    assert (same(read["title"]), same(read["authors"][0]["name"])) == (title, title)
    assert notes.rstrip(".!?") in same(read["notes"])


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_read_back(name, tmp_path):
    assert_read_back(TEXTS[name], tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(same))
@example("} and {")
@example("Grace and Ada, Jr., of \\{x")
@example("a$b$c_{d}")
@example("NO")
@example("1.0")
def test_any_text_is_read_back(tmp_path, text):
    assert_read_back(text, tmp_path)


def test_bibtexparser_finds_every_work_whole():
    works = [work_of(text, f"k{number}") for number, text in enumerate(TEXTS.values())]
    read = bibtexparser.parse_string(
        bibtex_bytes(works).decode(), append_middleware=[LatexDecodingMiddleware()]
    )
    assert not read.failed_blocks
    assert [entry.key for entry in read.entries] == [work.key for work in works]
    # The reader knows no command for a brace without a partner, and has an accent of its own for a hat.
    plain = [
        (entry["title"], title)
        for entry, work in zip(read.entries, works, strict=True)
        if "^" not in (title := work.entry.text("title")) and title.count("{") == title.count("}")
    ]
    assert len(plain) > 75
    assert [title for found, title in plain if same(found) != same(title) and "}{" not in title] == []


def test_bibtex_itself_takes_every_work(tmp_path):
    if shutil.which("bibtex") is None:
        pytest.skip("BIBTEX WAS NOT ASKED: it is not installed")
    works = [work_of(text, f"k{number}") for number, text in enumerate(TEXTS.values())]
    (tmp_path / "all.bib").write_bytes(bibtex_bytes(works))
    (tmp_path / "all.aux").write_text("\\citation{*}\n\\bibdata{all}\n\\bibstyle{plain}\n")
    done = subprocess.run(
        ["bibtex", "all"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "all.bbl").read_text().count("\\bibitem") == len(works)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Name("Gogh", "Vincent", "van"), "van Gogh, Vincent"),
        (Name("King", "Martin Luther", suffix="Jr."), "King, Jr., Martin Luther"),
        (Name(literal="CERN and others"), "{CERN and others}"),
        (Name("de la Cruz", "Ana"), "{de la Cruz}, Ana"),
        (Name("Smith, Jones", "A."), "{Smith, Jones}, A."),
        (Name("王", "小明"), "{王}, 小明"),
    ],
    ids=["particle", "suffix", "organisation", "small-letter", "comma", "chinese"],
)
def test_a_name_is_written_so_that_it_is_divided_where_it_was(name, expected, tmp_path):
    entry = Entry("k", "book", texts={"title": "T"}, names={"author": (name,)})
    content = bibtex_bytes([CitedWork(key="k", entry=entry)])
    assert f"author = {{{expected}}}".encode() in content
    bib = tmp_path / "read.bib"
    bib.write_bytes(content)
    read = load_library([bib]).find(Identifier("key", "k"))
    assert read.names["author"] == (name,)


@pytest.mark.parametrize(
    ("date", "bibtex", "ris", "cff"),
    [
        (Date((2024,)), "year = {2024}", "DA  - 2024///", {"year": 2024}),
        (Date((2024, 5)), "month = {5}", "DA  - 2024/05//", {"year": 2024, "month": 5}),
        (Date((2024, 5, 3)), "day = {3}", "DA  - 2024/05/03/", {"date-published": "2024-05-03"}),
        (Date((2020,), (2021,)), "date = {2020/2021}", "DA  - 2020///2020/2021", {"year": "2020/2021"}),
        (Date((2020, 21)), "date = {2020-21}", "DA  - 2020///2020-21", {"year": "2020-21"}),
        (Date((1650,), circa=True), "date = {1650~}", "DA  - 1650///1650~", {"year": "1650~"}),
        (Date(literal="in press"), "year = {in press}", "DA  - ///in press", {"year": "in press"}),
    ],
    ids=["year", "month", "day", "range", "season", "circa", "words"],
)
def test_a_date_says_what_is_known_and_no_more(date, bibtex, ris, cff, tmp_path):
    work = CitedWork(key="k", entry=Entry("k", "book", texts={"title": "T"}, dates={"issued": date}))
    bib = tmp_path / "read.bib"
    bib.write_bytes(bibtex_bytes([work]))
    assert bibtex in bib.read_text()
    assert load_library([bib]).find(Identifier("key", "k")).dates["issued"] == date
    assert f"{ris}\r\n" in ris_bytes([work]).decode()
    found = reference_of(work)
    assert {name: found[name] for name in ("year", "month", "date-published") if name in found} == cff


def test_what_tex_would_take_for_its_own_is_escaped():
    assert bibtex_text(r"100% & #1 a_b {x} ~ ^ ` \ @y") == (
        r"100\% \& \#1 a\_b \{x\} \textasciitilde{} \textasciicircum{} \textasciigrave{} \textbackslash{} {@}y"
    )
    assert bibtex_text("} {") == r"\textbraceright{} \textbraceleft{}"
    assert bibtex_text(r"of $\{x\}$ and 5$") == r"of $\lbrace x\rbrace $ and 5\$"
    assert bibtex_text("a--b ''c'' ,,d <<e>>") == r"a-{}-b '{}'c'{}' ,{},d <{}<e>{}>"


def test_what_a_format_has_no_field_for_stands_in_its_notes(tmp_path):
    entry = Entry(
        "k",
        "chapter",
        texts={"title": "T", "archive-place": "Rome"},
        names={
            "author": (Name("Ito", "A."),),
            "guest": (Name("Roy", "B."),),
            "founder": (Name("Lee", "C."),),
        },
        dates={"issued": Date((2024,)), "available-date": Date((2025, 1))},
        and_others=frozenset(["author"]),
    )
    work = CitedWork(key="k", entry=entry, license="CC0-1.0")
    bib = tmp_path / "read.bib"
    bib.write_bytes(bibtex_bytes([work]))
    read = load_library([bib]).find(Identifier("key", "k"))
    assert read.names["founder"] == (Name("Lee", "C."),)
    assert read.and_others == {"author"}
    note = "archive-place: Rome. guest: B. Roy. available-date: 2025-01"
    assert read.text("note") == note
    (ris,) = rispy.loads(ris_bytes([work]).decode())
    assert ris["authors"] == ["Ito, A.", "others"]
    assert ris["notes"] == [
        *("archive-place: Rome", "guest: B. Roy", "founder: C. Lee", "available-date: 2025-01"),
        "license: CC0-1.0",
    ]
    cff = reference_of(work)
    assert cff["authors"] == [{"family-names": "Ito", "given-names": "A."}, {"name": OTHERS}]
    assert cff["license"] == "CC0-1.0"
    assert "guest: B. Roy. founder: C. Lee" in cff["notes"]
    assert "license: LicenseRef-House" in reference_of(replace(work, license="LicenseRef-House"))["notes"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC-BY-4.0", True),
        ("EUPL-1.2", True),
        ("MIT OR Apache-2.0", False),
        ("LicenseRef-x", False),
        ("ask", False),
    ],
)
def test_a_licence_has_a_page_of_spdx_only_under_its_identifier(text, expected):
    assert is_spdx(text) == expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("en", "english"), ("en-GB", "british"), ("de-CH", "german"), ("tlh", "")]
)
def test_latex_knows_a_language_by_its_name(tag, expected):
    assert language_name(tag) == expected
