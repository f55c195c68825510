"""Records from, and reports to, places with a URL: here fsspec's file system in memory."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import fsspec
import pytest

from batch_project import Project, make_quickly, numbered
from minimal_record import only
from reportgen.base.errors import OutputError, RecordError, SetupError
from reportgen.pipeline.batch import worker
from reportgen.pipeline.batch.state import MADE_WITH, STATE_FOLDER
from reportgen.pipeline.remote import records, staging
from reportgen.pipeline.remote.location import Location, is_url, without_file_scheme
from reportgen.pipeline.remote.records import fetch_records
from reportgen.pipeline.remote.state_object import STATE_OBJECT
from reportgen.record.registration import Deposit, lock_path, write_deposit

CLAIMS = "text,verified,confidence\nEarly stopping lowers the error.,true,0.8\n"
RECORDS = "memory://bucket/project/records"
REPORTS = "memory://bucket/pdf"


@pytest.fixture
def store():
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    filesystem.pseudo_dirs[:] = [""]
    return filesystem


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def quick(monkeypatch):
    """Leave out TeX: what is built is not what is tested here."""
    monkeypatch.setattr(worker, "build_one", make_quickly)
    monkeypatch.setattr("reportgen.pipeline.batch.pool.build_one", make_quickly)


@pytest.fixture
def project(tmp_path, store):
    """Return a project that lies in the store, too."""
    made = Project.lay_out(tmp_path / "project", records=2, settings='bib = ["bib", "more.bib"]\n')
    made.cite(a="One")
    (made.root / "more.bib").write_text("")
    (made.records / "claims.csv").write_text(CLAIMS)
    made.write("table.json", 7, claims={"file": "claims.csv"})
    upload(store, made)
    return made


def upload(store, project, name=""):
    root = project.root / name
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        if path.is_file():
            store.pipe_file(f"/bucket/project/{path.relative_to(project.root)}", path.read_bytes())


def names(store, folder="/bucket/pdf"):
    return sorted(path.rpartition("/")[2] for path in store.find(folder))


def batch(run, folder, *arguments):
    return run("batch", *arguments, "--jobs", "1", cwd=folder)


def test_reports_from_and_to_a_store_are_those_of_a_local_run(project, store, run, tmp_path):
    local = project.batch()
    ended = batch(run, tmp_path, RECORDS, "-o", REPORTS)
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert len(lines) == 3
    for line, outcome in zip(lines, local, strict=True):
        assert line.startswith(f"{REPORTS}/{outcome.pdf.name}  ")
        assert store.cat_file(f"/bucket/pdf/{outcome.pdf.name}") == outcome.pdf.read_bytes()
    assert f"{RECORDS}/0.json:1:" in ended.err
    assert str(tmp_path) not in ended.out + ended.err
    assert names(store) == sorted([STATE_OBJECT, *project.pdfs])
    before = {path: store.info(path)["created"] for path in store.find("/bucket/pdf")}
    again = batch(run, tmp_path, RECORDS, "-o", REPORTS, "--explain")
    assert [line.split("  ")[1] for line in again.out.splitlines()] == ["unchanged: nothing changed"] * 3
    assert {path: store.info(path)["created"] for path in store.find("/bucket/pdf")} == before


@pytest.fixture
def built(project, store, run, quick, tmp_path):
    """Return a function that runs the command, after one run of it."""

    def again(*options):
        ended = batch(run, tmp_path, RECORDS, "-o", REPORTS, "--explain", *options)
        return [line.split("  ", 1)[1] for line in ended.out.splitlines()], ended

    assert len(again()[0]) == 3
    return again


NOTHING = "unchanged: nothing changed"


def test_a_changed_record_is_built_again(built, project, store):
    project.write("0.json", 0, title="Calibration of small classifiers")
    project.write("0.json", 0, question="Is it?")
    upload(store, project, "records/0.json")
    assert built()[0] == ["2 warnings: the record changed", NOTHING, NOTHING]
    assert built()[0] == [NOTHING] * 3


def test_a_changed_file_that_a_record_names(built, project, store):
    (project.records / "claims.csv").write_text(CLAIMS + "Another.,true,0.5\n")
    upload(store, project, "records/claims.csv")
    said, _ = built()
    assert said[:2] == [NOTHING] * 2
    assert "a file it names changed" in said[2]
    store.rm_file("/bucket/project/records/claims.csv")
    assert "claims.csv cannot be read" in built()[1].err


def test_a_file_elsewhere_in_the_project_there(built, project, store):
    tables = [{"id": "tbl-a", "file": "../figures/t.csv", "caption": "A."}]
    project.write("0.json", 0, tables=tables)
    upload(store, project, "records/0.json")
    assert "../figures/t.csv cannot be read" in built()[1].err
    store.pipe_file("/bucket/project/figures/t.csv", b"a\n1\n")
    assert "a file it names changed" in built()[0][0]
    assert built()[0] == [NOTHING] * 3
    project.write("0.json", 0, tables=[tables[0] | {"file": "../../private/t.csv"}])
    upload(store, project, "records/0.json")
    store.pipe_file("/bucket/private/t.csv", b"a\n1\n")
    assert "leaves the record's project" in built()[1].err
    assert not list(Path(os.environ["REPORTGEN_CACHE"]).rglob("private"))


def test_changed_settings_and_bibliography_there_count(built, project, store):
    store.pipe_file("/bucket/project/reportgen.toml", b'paper = "letter"\nbib = ["bib"]\n')
    assert all('paper "a4" -> "letter"' in said for said in built()[0])
    store.rm_file("/bucket/project/bib/a.bib")
    built()
    mirrored = list(Path(os.environ["REPORTGEN_CACHE"]).rglob("*.bib"))
    assert [path.name for path in mirrored] == ["more.bib"]
    store.pipe_file("/bucket/project/reportgen.toml", b"paper = ")
    ended = built()[1]
    assert (ended.code, "settings-syntax" in ended.err) == (5, True)
    assert ended.err.startswith("memory://bucket/project/reportgen.toml: error")


def test_the_paper_that_is_asked_for_counts_where_no_settings_lie_there(built, store):
    store.rm("/bucket/project/reportgen.toml")
    built()
    told, _ = built("--paper", "letter")
    assert ["paper" in reasons for reasons in told] == [True] * 3


def test_a_doi_that_was_reserved_there_counts(built, project, store):
    lock = lock_path(project.records / "0.json")
    write_deposit(lock, Deposit("https://zenodo.org", numbered(0)["id"], "1", "7", doi="10.5281/zenodo.77"))
    upload(store, project, f"records/{lock.name}")
    changed = ["2 warnings: the reserved DOI changed", NOTHING, NOTHING]
    assert built()[0] == changed
    store.rm_file(f"/bucket/project/records/{lock.name}")
    assert built()[0] == changed


def test_own_templates_come_along(built, project, store):
    store.pipe_file("/bucket/project/reportgen.toml", b'templates = "own"\nlock = "l.json"\n')
    store.pipe_file("/bucket/project/own/some.j2", b"text")
    assert all("the templates changed" in said for said in built()[0])


def test_a_report_that_was_deleted_or_altered_there(built, store):
    pdfs = [name for name in names(store) if name.endswith(".pdf")]
    store.rm_file(f"/bucket/pdf/{pdfs[0]}")
    store.pipe_file(f"/bucket/pdf/{pdfs[1]}", store.cat_file(f"/bucket/pdf/{pdfs[1]}"))
    said, _ = built()
    assert sorted(line.split(": ")[1] for line in said) == [
        "nothing changed",
        "the PDF is missing",
        "the PDF was altered",
    ]
    assert built()[0] == [NOTHING] * 3


def test_a_check_writes_nothing(built, project, store):
    assert built("--check")[1].code == 0
    project.write("0.json", 0, question="Is it?")
    upload(store, project, "records/0.json")
    before = {path: store.info(path)["created"] for path in store.find("/bucket")}
    said, ended = built("--check")
    assert (ended.code, said[0]) == (1, "out of date: the record changed")
    assert {path: store.info(path)["created"] for path in store.find("/bucket")} == before


def test_a_report_that_cannot_be_put_there_failed(project, store, run, quick, tmp_path, monkeypatch):
    def refused(self, path, content):
        if path.endswith(".pdf"):
            raise PermissionError("not yours")
        original(self, path, content)

    original = type(store).pipe_file
    monkeypatch.setattr(type(store), "pipe_file", refused)
    ended = batch(run, tmp_path, RECORDS, "-o", REPORTS)
    assert ended.code == 1
    assert f"cannot write {REPORTS}/" in ended.err
    assert "not yours" in ended.err
    monkeypatch.undo()
    monkeypatch.setattr("reportgen.pipeline.batch.pool.build_one", make_quickly)
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    ended = batch(run, tmp_path, RECORDS, "-o", REPORTS, "--explain")
    assert ended.out.count("the PDF is missing") == 3


def test_what_is_known_is_kept_on_the_way(project, store, run, quick, tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "_KEPT_EVERY", 1)
    order = []
    original = type(store).pipe_file
    monkeypatch.setattr(
        type(store),
        "pipe_file",
        lambda self, path, content: order.append(path) or original(self, path, content),
    )
    batch(run, tmp_path, RECORDS, "-o", REPORTS)
    assert [path.endswith(".pdf") for path in order] == [*[True, False] * 3, False]


def test_records_from_a_store_and_reports_here(project, store, run, quick, tmp_path):
    ended = batch(run, tmp_path, f"{RECORDS}/?.json")
    assert (ended.code, len(list((tmp_path / "out").glob("*.pdf")))) == (0, 2)
    assert [line.split("/")[0] for line in ended.out.splitlines()] == ["out", "out"]
    assert batch(run, tmp_path, f"{RECORDS}/?.json", "-v").out.count("unchanged") == 2


def test_records_here_and_reports_in_a_store(project, store, run, quick):
    for word in ("built 3", "unchanged 3"):
        assert word in batch(run, project.root, "records", "-o", f"{REPORTS}/").err
    assert names(store) == sorted([STATE_OBJECT, *(n for n in names(store) if n.endswith(".pdf"))])


def test_the_settings_here_hold_where_there_are_none_there(store, run, quick, tmp_path):
    made = Project.lay_out(tmp_path / "here", records=1, settings='paper = "letter"\n')
    store.pipe_file("/plain/0.json", (made.records / "0.json").read_bytes())
    assert batch(run, made.root, "memory://plain").code == 0
    assert any("letter" in path.read_text() for path in (made.out / STATE_FOLDER / MADE_WITH).iterdir())


def test_a_file_of_many_records_and_one_of_any_name(store, run, quick, tmp_path):
    made = Project.lay_out(tmp_path / "here")
    store.pipe_file("/many/all.jsonl", made.write_lines(1, 2).read_bytes())
    store.pipe_file("/many/odd.record", made.write("3.json", 3).read_bytes())
    ended = batch(run, made.root, "memory://many/all.jsonl", "memory://many/odd.record", "-v")
    assert (ended.code, len(made.pdfs)) == (0, 3)
    assert "memory://many/all.jsonl:1:" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["memory://nowhere"], "there are no records at memory://nowhere"),
        (["memory://nowhere", "records"], "name either URLs or paths"),
        (["memory://nowhere", "--changed-since", "main"], "git, which knows no URLs"),
    ],
)
def test_wrong_use(store, run, tmp_path, arguments, said):
    ended = run("batch", *arguments, cwd=tmp_path)
    assert (ended.code, said in ended.err) == (2, True)


def test_plain_paths_ask_nothing_of_fsspec(project, run, quick, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert batch(run, project.root, "records", "-o", "pdf").code == 0
    ended = batch(run, project.root, f"file://{project.records}", "-o", f"file://{project.root}/pdf", "-v")
    assert (ended.code, ended.out.count("unchanged")) == (0, 3)
    ended = batch(run, project.root, RECORDS)
    assert (ended.code, "pip install 'reportgen-claims[cluster]'" in ended.err) == (
        SetupError.exit_code,
        True,
    )


def test_a_missing_package_of_a_file_system(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(SetupError, match=r"s3://bucket/x cannot be reached: .*s3fs"):
        Location.of("s3://bucket/x")
    with pytest.raises(SetupError, match="a place of no known kind"):
        Location.of("pigeon://bucket/x")


@pytest.mark.parametrize(
    ("place", "url"),
    [("s3://b/x", True), ("memory://x", True), ("a/b.json", False), ("C:/x", False), ("x//y", False)],
)
def test_what_a_url_is(place, url):
    assert is_url(place) is url
    assert without_file_scheme(f"file:///{place}") == f"/{place}"
    assert without_file_scheme(place) == place


def broken(*arguments, **options):
    raise ConnectionResetError("the line is cut")


@pytest.mark.parametrize("method", ["find", "glob", "cat_ranges"])
def test_a_place_that_cannot_be_read(project, store, tmp_path, monkeypatch, method):
    monkeypatch.setattr(type(store), method, broken)
    with pytest.raises(RecordError, match="cannot be read: the line is cut"):
        fetch_records(RECORDS, tmp_path)


def test_results_for_programs_name_urls(project, store, run, quick, tmp_path):
    batch(run, tmp_path, RECORDS, "-o", REPORTS, "--report", "r.json", "--report", "r.sarif")
    told = json.loads((tmp_path / "r.json").read_text())["records"]
    assert told[0]["record"] == f"{RECORDS}/0.json"
    assert all(record["pdf"].startswith(f"{REPORTS}/") for record in told)
    found = json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"][0]
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": f"{RECORDS}/0.json"}


def test_a_file_that_cannot_be_read(project, store, tmp_path, monkeypatch):
    monkeypatch.setattr(
        type(store), "cat_ranges", lambda self, paths, *_, **__: [OSError("broken")] * len(paths)
    )
    with pytest.raises(RecordError, match="broken"):
        fetch_records(RECORDS, tmp_path)


def test_a_name_that_leads_elsewhere_is_refused(store, tmp_path):
    mirror = records.Mirror(tmp_path, Location.of("memory://bucket"))
    assert mirror.there(mirror.path("/bucket/a.json")) == "/bucket/a.json"
    for name in ("/bucket/../../x.json", "/bucket//x.json", "/bucket/./x", "/bucket/\0"):
        with pytest.raises(RecordError, match="cannot be a path"):
            mirror.path(name)


def test_a_listing_that_fails_as_missing_is_empty(store, monkeypatch):
    monkeypatch.setattr(type(store), "find", lambda *_, **__: (_ for _ in ()).throw(FileNotFoundError))
    assert Location.of("memory://none").found(deep=True) == []


def test_a_write_that_fails_names_the_place(store, monkeypatch):
    monkeypatch.setattr(type(store), "pipe_file", broken)
    with pytest.raises(OutputError) as caught:
        Location.of("memory://b").put("/b/x.pdf", b"")
    assert only(caught.value.problems).message == "cannot write memory://b/x.pdf: the line is cut"


def test_the_shadow_is_gone_in_the_end(project, store, run, quick, tmp_path):
    batch(run, tmp_path, RECORDS, "-o", REPORTS)
    assert list((tmp_path / "cache" / "remote" / "out").iterdir()) == []


def test_a_report_whose_record_is_gone_is_told_and_removed_at_its_url(project, store, run, quick, tmp_path):
    assert batch(run, tmp_path, RECORDS, "-o", REPORTS).code == 0
    before = names(store)
    store.rm_file(f"{RECORDS.removeprefix('memory:/')}/1.json")
    ended = batch(run, tmp_path, RECORDS, "-o", REPORTS)
    assert f"{REPORTS}/" in ended.err
    assert "record-gone" in ended.err
    assert str(tmp_path) not in ended.out + ended.err
    assert names(store) == before
    ended = batch(run, tmp_path, RECORDS, "-o", REPORTS, "--prune", "--yes", "--report", "results.json")
    assert "removed 1" in ended.err
    assert len(names(store)) == len(before) - 1
    assert batch(run, tmp_path, RECORDS, "-o", REPORTS, "--check").code == 0


def test_the_state_at_a_url_names_no_place_of_this_machine(project, store, run, quick, tmp_path):
    store.pipe_file("/plain/more/0.json", (project.records / "0.json").read_bytes())
    (tmp_path / "here").mkdir()
    batch(run, tmp_path / "here", "memory://plain", "-o", REPORTS)
    state = store.cat_file(f"/bucket/pdf/{STATE_OBJECT}").decode()
    assert '"source": "more/0.json"' in state
    assert "remote" not in state


def test_files_in_other_formats_lie_there_too(project, store, quick, run, tmp_path):
    def built(*options, code=0):
        ended = batch(run, tmp_path, RECORDS, "-o", REPORTS, "--explain", *options)
        assert ended.code == code, ended.err
        return [line.split("  ", 1)[1] for line in ended.out.splitlines()]

    built("--with", "markdown")
    (text, *_), pdfs = ([name for name in names(store) if name.endswith(end)] for end in (".md", ".pdf"))
    written = store.cat_file(f"/bucket/pdf/{text}")
    before = {pdf: store.info(f"/bucket/pdf/{pdf}")["created"] for pdf in pdfs}
    assert built("--with", "markdown") == [NOTHING] * 3
    store.pipe_file(f"/bucket/pdf/{text}", b"x" * len(written))
    assert f"out of date: {text} was altered" in built("--with", "markdown", "--check", code=1)
    assert any(f"{text} was altered" in said for said in built("--with", "markdown"))
    assert store.cat_file(f"/bucket/pdf/{text}") == written
    assert {pdf: store.info(f"/bucket/pdf/{pdf}")["created"] for pdf in pdfs} == before
    assert built("--with", "markdown") == [NOTHING] * 3
    store.rm_file(f"/bucket/pdf/{text}")
    assert any(f"{text} is missing" in said for said in built("--with", "markdown"))
    store.rm_file("/bucket/project/records/0.json")
    built("--prune", "--yes")
    assert [name for name in names(store) if not name.startswith("reportgen")] == pdfs[1:]
