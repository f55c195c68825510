"""The library of .bib files and the lock file: loading, finding, what is wrong with the files as such."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time

import pytest

from reportgen.base.errors import BibliographyError
from reportgen.base.identifiers import Identifier, identify
from reportgen.sources import Library, Name, load_library
from reportgen.sources.lock import item_sha256, lock_item, lock_key, read_lock, write_lock

DAY = dt.date(2026, 11, 20)
PAPER = {"id": "p", "type": "article", "title": "A paper", "number": "arXiv:2402.18571v3"}


@pytest.fixture
def load(tmp_path):
    """Write .bib files, load them all."""

    def load(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.bib").write_text(text, encoding="utf-8")
        return load_library([tmp_path])

    return load


def codes(problems):
    return [(problem.code, problem.where.line) for problem in problems]


def test_importing_the_bibliography_loads_no_parser_and_no_network():
    code = (
        "import sys, reportgen.sources as b, pathlib; b.load_library([]); "
        "print([m for m in ('bibtexparser', 'pylatexenc', 'httpx') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_files_and_folders_are_read_once_and_share_their_strings(tmp_path):
    (tmp_path / "a.bib").write_text("@misc{one, title = nat}", encoding="utf-8")
    (tmp_path / "z.bib").write_text('@string{NAT = "Nature"} @misc{two, title = nat}', encoding="utf-8")
    (tmp_path / "notes.txt").write_text("@misc{three, title = {x}}", encoding="utf-8")
    library = load_library([tmp_path / "z.bib", tmp_path, tmp_path / "missing"])
    assert library.keys == ("two", "one")
    assert [library.entry(key).title for key in library.keys] == ["Nature", "Nature"]
    assert library.problems == ()


def test_a_files_own_string_comes_before_anothers(load):
    library = load(a='@string{j = "A"} @misc{x, title = j}', b='@string{j = "B"} @misc{y, title = j}')
    assert (library.entry("x").title, library.entry("y").title) == ("A", "B")


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    file = tmp_path / "a.bib"
    file.write_bytes("\ufeff@misc{x,\r\n  title = {ü},\r\n  note = nope\r\n}\r\n".encode())
    library = load_library([file])
    entry = library.entry("x")
    assert library.problems == ()
    assert entry.title == "ü"
    assert codes(entry.problems) == [("bib-unknown-string", 3)]


def test_entries_are_decoded_once(load):
    library = load(a="@misc{x, title = {T}} @misc{, title = {No key}}")
    assert library.keys == ("x",)
    assert library.entry("x") is library.entry("x")
    assert library.entry("y") is None
    assert library.entry("") is None


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("k1", "k1"),
        ("doi:10.1000/ABC", "k1"),
        ("https://doi.org/10.1000/abc", "k1"),
        ("arxiv:2402.18571", "k2"),
        ("arxiv:2402.18571v7", "k2"),
        ("https://arxiv.org/abs/2402.18571v3", "k3"),
        ("pmid:123", "k4"),
        ("isbn:0-201-13447-0", "book"),
        ("isbn:9780201134476", "book"),
        ("https://x.org/page", "k4"),
        ("doi:10.1000/none", None),
    ],
)
def test_an_entry_is_found_by_every_identifier(load, asked, key):
    library = load(
        a=r"""
@misc{k1, title = {1}, doi = {10.1000/aBc}}
@misc{k2, title = {2}, eprint = {2402.18571}, archiveprefix = {arXiv}}
@misc{k3, title = {3}, eprint = {2402.18571v3}, archiveprefix = {arXiv}}
@misc{k4, title = {4}, pmid = 123, url = {https://x.org/page}}
@inbook{part, title = {5}, isbn = {9780201134476}}
@book{book, title = {6}, isbn = {0201134470}}
"""
    )
    entry = library.find(identify(asked))
    assert (entry.key if entry else None) == key


def test_broken_blocks_are_problems_with_their_line_and_the_key_they_hide(load):
    library = load(
        a="""% a comment
some stray text
@misc{fine, title = {T}}
@misc{broken title = {x}}
@article{open, title = {abc,
  year = 1}
@misc{after, title = {ok}}
@string{s = {1}}
@string{S = {2}}
@misc{fine, title = {Again}}
@comment{ignored on purpose}
"""
    )
    assert codes(library.problems) == [
        ("bib-stray-text", 2),
        ("bib-syntax", 4),
        ("bib-stray-text", 4),
        ("bib-syntax", 5),
        ("bib-duplicate-string", 9),
        ("bib-duplicate-key", 10),
    ]
    assert library.keys == ("fine", "after")
    assert library.entry("fine").title == "T"
    assert codes(library.problems_of("open")) == [("bib-syntax", 5)]
    assert codes(library.problems_of("fine")) == [("bib-duplicate-key", 10)]
    assert library.problems_of("after") == ()
    assert "Expected comma" in library.problems[1].message


def test_long_stray_text_is_shown_shortened_and_said_so(load):
    problem = load(a="x" * 100).problems[0]
    assert f"{'x' * 60}…" in problem.message


def test_failures_are_problems_and_not_log_lines(load, caplog):
    assert load(a="@misc{broken title = {x}}").problems
    assert caplog.records == []


def test_files_that_cannot_be_read_are_named_together(tmp_path):
    (tmp_path / "latin.bib").write_bytes(b"@misc{x,\n title = {M\xfcller}}")
    (tmp_path / "other.bib").write_bytes(b"\xff")
    with pytest.raises(BibliographyError) as raised:
        load_library([tmp_path])
    assert codes(raised.value.problems) == [("bib-encoding", 2), ("bib-encoding", 1)]
    assert "0xfc" in raised.value.problems[0].message
    assert raised.value.exit_code == 4


def test_a_file_without_permission_is_an_error(tmp_path, monkeypatch):
    file = tmp_path / "a.bib"
    file.write_text("", encoding="utf-8")

    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    monkeypatch.setattr("reportgen.sources.bibfile.read_foreign", refuse)
    with pytest.raises(BibliographyError, match="Permission denied"):
        load_library([file])
    monkeypatch.setattr("reportgen.sources.lock.read_foreign", lambda *_, **__: refuse(file))
    with pytest.raises(BibliographyError, match="Permission denied"):
        read_lock(file)


def test_twenty_thousand_entries_load_in_seconds(tmp_path):
    entry = """@article{{key{0},
  author = {{Last{0}, First and Other, Second}}, title = {{A {{T}}itle of M{{\\"u}}ller {0}}},
  journal = {{J}}, year = 2020, doi = {{10.1000/x.{0}}}, abstract = {{{1}}},
}}
"""
    text = "".join(entry.format(number, "word " * 40) for number in range(20_000))
    (tmp_path / "large.bib").write_text(text, encoding="utf-8")
    started = time.process_time()
    library = load_library([tmp_path])
    assert library.find(identify("10.1000/x.19999")).title == "A Title of Müller 19999"
    assert time.process_time() - started < 20
    assert len(library.keys) == 20_000


@pytest.fixture
def lock(tmp_path):
    """Write a lock file of items by name."""

    def lock(**items):
        path = tmp_path / "references.lock.json"
        write_lock(path, {name: lock_item(item, DAY, "https://x.org") for name, item in items.items()})
        return path

    return lock


def test_the_lock_file_reads_back_and_has_the_same_bytes_in_any_order(tmp_path):
    one, two = lock_item(PAPER, DAY, "u"), lock_item({**PAPER, "title": "Ü"}, DAY, "u")
    path = tmp_path / "new" / "a.json"
    write_lock(path, {"x": one, "a": two})
    first = path.read_bytes()
    write_lock(path, {"a": two, "x": one})
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert "Ü".encode() in first
    assert read_lock(path) == {"a": two, "x": one}
    assert [file.name for file in path.parent.iterdir()] == ["a.json"]


def test_the_lock_file_that_is_not_there_is_empty(tmp_path):
    assert read_lock(tmp_path / "none.json") == {}
    assert load_library([], tmp_path / "none.json").find(identify("10.1000/x")) is None


def test_a_lock_file_that_cannot_be_replaced_leaves_no_trace(tmp_path):
    (tmp_path / "a.json").mkdir()
    with pytest.raises(BibliographyError) as raised:
        write_lock(tmp_path / "a.json", {})
    assert raised.value.problems[0].code == "lock-unwritable"
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_checksums_do_not_depend_on_the_order_of_fields():
    assert item_sha256({"a": 1, "b": 2}) == item_sha256({"b": 2, "a": 1}) != item_sha256({"a": 2, "b": 1})


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        (Identifier("doi", "10.1000/AbC"), "doi:10.1000/abc"),
        (Identifier("arxiv", "2402.18571", 3), "arxiv:2402.18571v3"),
    ],
)
def test_identifiers_have_one_name_in_the_lock_file(identifier, key):
    assert lock_key(identifier) == key


def _changed(content):
    content["references"]["x"]["item"]["title"] = "Another"


def _ill_typed(content):
    content["references"]["x"]["item"]["title"] = {}
    content["references"]["x"]["sha256"] = item_sha256(content["references"]["x"]["item"])


def _of_another_version(content):
    content["schema"] = "reportgen-references-v9"


def _with_unknown_field(content):
    content["references"]["x"]["more"] = 1


@pytest.mark.parametrize(
    ("damage", "code", "pointer"),
    [
        (_changed, "lock-changed", "/references/x"),
        (_ill_typed, "lock-item", "/references/x"),
        (_of_another_version, "lock-invalid", "/schema"),
        (_with_unknown_field, "lock-invalid", "/references/x/more"),
    ],
)
def test_a_damaged_lock_file_is_refused(lock, damage, code, pointer):
    path = lock(x=PAPER)
    content = json.loads(path.read_text(encoding="utf-8"))
    damage(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BibliographyError) as raised:
        load_library([], path)
    problem = raised.value.problems[0]
    assert (problem.code, problem.where.pointer, problem.where.file) == (code, pointer, str(path))


def test_a_lock_file_that_is_not_json_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(BibliographyError) as raised:
        read_lock(tmp_path / "a.json")
    assert raised.value.problems[0].code == "lock-invalid"


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("arxiv:2402.18571v3", "third"),
        ("arxiv:2402.18571v12", "twelfth"),
        ("arxiv:2402.18571v4", None),
        ("arxiv:2402.18571", "twelfth"),
        ("arxiv:2301.00001v1", "any"),
        ("doi:10.1000/ABC", "by doi"),
        ("pmid:1", None),
    ],
)
def test_a_pinned_version_is_answered_by_itself_or_by_the_paper_as_such(lock, asked, title):
    path = lock(
        **{
            "arxiv:2402.18571v3": {**PAPER, "title": "third"},
            "arxiv:2402.18571v12": {**PAPER, "title": "twelfth"},
            "arxiv:2301.00001": {**PAPER, "title": "any"},
            "doi:10.1000/abc": {**PAPER, "title": "by doi"},
        }
    )
    entry = load_library([], path).find(identify(asked))
    assert (entry.title if entry else None) == title


def test_an_item_that_was_never_checked_is_not_passed_over():
    library = Library((), {"doi:10.1000/a": lock_item({"title": {}}, DAY, "u")})
    with pytest.raises(ValueError, match="invalid item"):
        library.find(identify("10.1000/a"))


def test_the_bib_files_come_before_the_lock_file(tmp_path, lock):
    path = lock(**{"doi:10.1000/a": {**PAPER, "title": "locked"}})
    (tmp_path / "a.bib").write_text("@misc{x, title = {own}, doi = {10.1000/a}}", encoding="utf-8")
    assert load_library([tmp_path], path).find(identify("10.1000/a")).title == "own"


def test_an_empty_library_finds_nothing():
    library = Library()
    assert (library.keys, library.problems, library.find(identify("key:x"))) == ((), (), None)


def test_the_shipped_bibliography_is_whole(request):
    library = load_library([request.config.rootpath / "bib"])
    assert len(library.keys) == 31
    assert library.problems == ()
    entries = [library.entry(key) for key in library.keys]
    assert all(entry.problems == () and entry.names["author"] and entry.year for entry in entries)
    assert library.find(identify("http://arxiv.org/abs/2402.18571v3")).names["author"][0] == Name(
        "Wang", "Haoxiang"
    )
