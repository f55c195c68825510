"""A report is built again where something it depends on changed, and only there; the reason is said."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_project import Project, make_quickly, numbered
from minimal_record import claim, only
from reportgen.base.errors import SetupError
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch import freshness, pool
from reportgen.pipeline.batch.entries import Ingredients
from reportgen.pipeline.batch.freshness import Judge
from reportgen.pipeline.batch.inputs import RecordSource
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.state import MADE_WITH, STATE_FOLDER, State


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pool, "build_one", make_quickly)


@pytest.fixture
def project(tmp_path):
    """Two records, of which the first cites an entry; both are built."""
    project = Project.lay_out(tmp_path)
    project.cite(used="Of use", unused="Of no use")
    project.write("0.json", 0, claims=[claim(sources=[{"key": "used"}])])
    project.write("1.json", 1)
    assert project.statuses() == [Status.BUILT] * 2
    return project


def reasons(project, *places, **options):
    """Tell why the records would be built, and see that building them says the same, and settles it."""
    checked = [outcome.reasons for outcome in project.batch(*places, check=True, **options)]
    built = project.batch(*places, **options)
    assert [outcome.reasons for outcome in built] == checked
    assert [bool(outcome.reasons) for outcome in built] == [
        outcome.status is Status.BUILT for outcome in built
    ]
    assert set(project.statuses(*places, **options)) == {Status.UNCHANGED}
    return checked


NEVER = ("never built here",)


def test_what_was_never_built_is_stale(tmp_path):
    project = Project.lay_out(tmp_path, records=2)
    assert reasons(project) == [NEVER, NEVER]


def test_nothing_changed(project):
    assert reasons(project) == [(), ()]


def test_a_record_of_the_same_bytes_is_the_same(project):
    path = project.records / "0.json"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))
    assert reasons(project) == [(), ()]


def test_a_changed_record(project):
    project.write("1.json", 1, question="Does it?")
    assert reasons(project) == [(), ("the record changed",)]


def test_a_changed_claims_file(project):
    (project.records / "claims.csv").write_text("text,verified\nA claim.,true\n")
    project.write("1.json", 1, claims={"file": "claims.csv"})
    project.batch()
    (project.records / "claims.csv").write_text("text,verified\nAnother claim.,true\n")
    assert reasons(project) == [(), ("a file it names changed",)]


def test_a_changed_figure_elsewhere_in_the_project(project):
    (project.root / "figures").mkdir()
    (project.root / "figures/t.csv").write_text("a\n1\n")
    project.write("1.json", 1, sections=[{"title": "T", "text": "![Caption](../figures/t.csv)"}])
    project.batch()
    assert reasons(project) == [(), ()]
    (project.root / "figures/t.csv").write_text("a\n2\n")
    assert reasons(project) == [(), ("a file it names changed",)]


def test_an_artifact_that_appears(project):
    artifacts = [{"type": "log", "path": "run.log", "sha256": "0" * 64}]
    (project.root / "reportgen.toml").write_text(
        'levels = {artifact-missing = "warning", artifact-changed = "warning"}'
    )
    project.write("1.json", 1, gate={"status": "UNVERIFIED", "artifacts": artifacts})
    before = project.batch()
    (project.records / "run.log").write_text("all well")
    assert reasons(project) == [(), ("a file it names changed",)]
    assert "artifact-missing" in {problem.code for problem in before[1].problems}


def test_a_pipe_is_not_waited_for(project):
    os.mkfifo(project.records / "claims.csv")
    project.write("1.json", 1, claims={"file": "claims.csv"})
    assert only(project.batch(check=True)[1].errors).code == "file-unreadable"


def test_an_entry_that_is_cited(project):
    project.cite(used="Of another use", unused="Of no use")
    assert reasons(project) == [("an entry it cites changed",), ()]


def test_an_entry_that_is_not_cited(project, monkeypatch):
    project.cite(used="Of use", unused="Of another use")
    assert reasons(project) == [(), ()]

    # That the record does not use it has been remembered, so nobody needs to look again.
    def read_again(*_):
        raise AssertionError

    monkeypatch.setattr(freshness, "library_of", read_again)
    assert project.statuses(check=True) == [Status.UNCHANGED] * 2


def test_a_bibliography_that_changed_with_the_record(project):
    project.cite(used="Of another use")
    project.write("1.json", 1, question="Does it?")
    changed = ("the record changed", "the bibliography changed")
    assert reasons(project) == [("an entry it cites changed",), changed]


def test_a_second_entry_of_the_cited_key(project):
    (project.root / "bib" / "b.bib").write_text((project.root / "bib" / "a.bib").read_text())
    outcomes = project.batch()
    assert outcomes[0].reasons == ("the bibliography has a problem that concerns it",)
    assert outcomes[0].status is Status.FAILED
    assert outcomes[1].status is Status.UNCHANGED


def test_a_bibliography_that_cannot_be_read(project):
    (project.root / "bib" / "a.bib").write_bytes(b"\xff")
    for options in ({"check": True}, {}):
        outcomes = project.batch(**options)
        assert [outcome.status for outcome in outcomes] == [Status.FAILED] * 2
        assert {outcome.errors[0].code for outcome in outcomes} == {"bib-encoding"}


def test_templates(project):
    (project.root / "templates").mkdir()
    (project.root / "templates" / "mine.tex").write_text("one")
    (project.root / "reportgen.toml").write_text('templates = "templates"')
    assert reasons(project) == [("the templates changed",)] * 2
    (project.root / "templates" / "mine.tex").write_text("two")
    assert reasons(project) == [("the templates changed",)] * 2
    (project.root / "templates" / "notes.txt").write_text("three")
    assert reasons(project) == [(), ()]


def test_files_of_the_house_count(project):
    project.batch()
    (project.root / "locale").mkdir()
    (project.root / "locale" / "en.toml").write_text('[heading]\ngate = "Reproduction"\n')
    ((said,), _) = reasons(project)
    assert said.startswith("locale/en.toml absent -> ")
    project.batch()
    assert reasons(project) == [(), ()]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('paper = "letter"', 'paper "a4" -> "letter"'),
        ('name_pattern = "{id}.pdf"', 'name_pattern "{date}-{id8}-{slug}.pdf" -> "{id}.pdf"'),
        ('levels = {no-license = "ignore"}', 'levels {} -> {"no-license": "ignore"}'),
        ('levels = {no-license = "error"}', 'levels {} -> {"no-license": "error"}'),
    ],
)
def test_settings_that_count(project, setting, said):
    (project.root / "reportgen.toml").write_text(setting)
    assert [outcome.reasons for outcome in project.batch(check=True)] == [(said,)] * 2


def test_settings_that_do_not_show(project):
    (project.root / "reportgen.toml").write_text("[limits]\nseconds = 99")
    assert reasons(project) == [(), ()]


def test_options_of_the_command_line_are_settings(project):
    assert project.batch(check=True, overrides={"paper": "letter"})[0].reasons == ('paper "a4" -> "letter"',)
    # What was a warning may be an error now, and then the record is broken, not out of date.
    assert "source-unresolved" in {each.code for each in project.batch(check=True, strict=True)[1].errors}


def test_tools_that_changed_are_named(project, monkeypatch):
    before = dict(freshness._tools("auto"))
    after = {**before, "pikepdf": "99.1", "newtool": "1"}
    del after["pandas"]
    monkeypatch.setattr(freshness, "_tools", lambda engine: after)
    said = (
        "newtool absent -> 1",
        f"pandas {before['pandas']} -> absent",
        f"pikepdf {before['pikepdf']} -> 99.1",
    )
    assert reasons(project) == [said] * 2


def test_tools_of_a_state_that_lost_its_names(project, monkeypatch):
    shutil.rmtree(project.out / STATE_FOLDER / MADE_WITH)
    monkeypatch.setattr(freshness, "_tools", lambda engine: {"pikepdf": "99.1"})
    assert reasons(project) == [("the tools changed",)] * 2


def test_an_engine_that_is_absent_is_a_tool_that_is_absent(monkeypatch):
    def tools(name):
        if name == "luatex":
            raise SetupError("not installed")
        return {"engine": "pdfTeX 9", "pikepdf": "9"}

    monkeypatch.setattr(freshness, "tools", tools)
    found = freshness._tools.__wrapped__("auto")
    assert (found["pdftex"], found["luatex"], found["pikepdf"]) == ("pdfTeX 9", "absent", "9")
    assert "luatex" not in freshness._tools.__wrapped__("pdftex")


def test_our_own_code_is_a_tool():
    names = [part for part in freshness._own_code() if isinstance(part, str)]
    assert "pipeline/build.py" in names
    assert "pipeline/batch/run.py" not in names
    package = Path(freshness.__file__).parents[2]
    assert [name for name in freshness._SHOWN_NOWHERE if not (package / name).is_dir()] == []


def test_a_pdf_that_is_missing_or_altered(project):
    first, second = (project.out / name for name in project.pdfs)
    first.unlink()
    stamp = second.stat().st_mtime_ns
    second.write_bytes(b"%PDF-")
    os.utime(second, ns=(stamp, stamp))
    assert reasons(project) == [("the PDF is missing",), ("the PDF was altered",)]
    content = bytearray(first.read_bytes())
    content[0] ^= 1
    first.write_bytes(content)
    assert reasons(project) == [("the PDF was altered",), ()]


def test_a_pdf_that_was_copied_is_the_same(project):
    for name in project.pdfs:
        os.utime(project.out / name, ns=(1, 1))
    assert reasons(project) == [(), ()]

    # The new time stamp has been remembered, so the content need not be read again; the state knows no stamps.
    state = State(project.out, read_only=True)
    stamps = [state.stamps.get(entry.pdf, entry.sha256) for entry in state.entries.values()]
    assert [stamp.mtime_ns for stamp in stamps] == [1, 1]


def test_a_pdf_that_cannot_be_read(project):
    name = project.pdfs[0]
    (project.out / name).unlink()
    (project.out / name).symlink_to(name)
    reason = only(project.batch(check=True)[:1]).reasons
    assert reason[0].startswith("the PDF cannot be read: Too many levels")


def test_a_project_that_was_moved_is_the_same(project, tmp_path):
    moved = Project(tmp_path.parent / f"{tmp_path.name}-moved")
    shutil.copytree(project.root, moved.root)
    assert reasons(moved) == [(), ()]


def test_lines_that_moved_are_the_same(tmp_path):
    project = Project.lay_out(tmp_path)
    path = project.write_lines(1, 2, 3)
    assert reasons(project, path) == [NEVER] * 3
    project.write_lines(3, 1, 4, 2)
    assert reasons(project, path) == [(), (), NEVER, ()]
    project.write_lines(2, 1)
    assert reasons(project, path) == [(), ()]
    assert len(project.pdfs) == 4


def test_asked_for(project):
    assert [outcome.reasons for outcome in project.batch(force=True)] == [("asked for with --force",)] * 2


INPUT = st.sampled_from(["record", "claims", "bibliography", "templates", "paper", "strict", "none"])


@given(st.lists(INPUT, max_size=3))
def test_ingredients_differ_where_an_input_does(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("project")
    project = Project.lay_out(folder, settings='templates = "mine"')
    (folder / "mine").mkdir()
    paths = {
        "claims": project.records / "claims.csv",
        "bibliography": folder / "bib" / "a.bib",
        "templates": folder / "mine" / "a.tex",
    }
    for path in paths.values():
        path.write_text("before")
    content = json.dumps(numbered(1, claims={"file": "claims.csv"})).encode()
    source = RecordSource(project.records / "1.json")

    def ingredients(content, **options):
        settings = find_settings(project.records, paper=options.get("paper"))
        return Judge(settings, State(project.out), strict="strict" in options).ingredients(source, content)

    before = ingredients(content)
    assert ingredients(content) == before
    for name in changes:
        if name in paths:
            paths[name].write_text("after, and longer")
    options = {name: "letter" for name in changes if name in ("paper", "strict")}
    after = ingredients(content + b" " * ("record" in changes), **options)
    expected = {"settings" if name in ("paper", "strict") else name for name in changes} - {"none"}
    differing = {
        each.name for each in fields(Ingredients) if getattr(before, each.name) != getattr(after, each.name)
    }
    assert differing == expected
    assert replace(before, **{name: getattr(after, name) for name in expected}) == after
