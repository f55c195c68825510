"""Files in other formats beside the PDFs of a batch: as fresh, as whole and as much told of as these."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from batch_project import Project, make_quickly
from command_line import reportgen  # noqa: F401
from reportgen import exports
from reportgen.base.errors import OutputError, SettingsError
from reportgen.exports import FORMATS, GROUPS, Format, format_named
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.entries import entry_bytes, read_entry
from reportgen.pipeline.batch.merging import merge_folders
from reportgen.pipeline.batch.outcome import PROJECT_STOPPED, Status
from reportgen.pipeline.batch.state import State
from reportgen.pipeline.batch.worker import build_one
from reportgen.pipeline.publish import Exported

BUILT, _, UNCHANGED, STALE, FAILED, SKIPPED, LEFT_OVER, REMOVED = Status
WITH = {"overrides": {"formats": ("html", "markdown")}}
MARKDOWN = {"overrides": {"formats": ("markdown",)}}


@pytest.fixture
def tasks(monkeypatch):
    """Leave out TeX; collect what the workers are asked for."""
    asked = []

    def make(task):
        asked.append(task)
        return make_quickly(task)

    monkeypatch.setattr(pool, "build_one", make)
    return asked


@pytest.fixture
def project(tmp_path, tasks):
    return Project.lay_out(tmp_path, records=2)


def beside(pdf):
    return pdf.with_suffix(".html"), pdf.with_suffix(".md")


def reasons(outcomes):
    return [outcome.reasons for outcome in outcomes]


def names(project):
    return sorted(path.name for path in project.out.iterdir() if path.is_file())


def test_a_file_lies_beside_each_pdf_and_stays_as_it_is(project, tasks):
    outcomes = project.batch(**WITH)
    for outcome in outcomes:
        page, text = beside(outcome.pdf)
        assert outcome.files == (page, text)
        assert page.read_bytes() == b"html" + outcome.pdf.read_bytes()
        assert text.read_bytes() == b"markdown" + outcome.pdf.read_bytes()
    assert project.statuses(**WITH) == [UNCHANGED] * 2
    assert project.statuses(**WITH, check=True) == [UNCHANGED] * 2
    assert project.left_over(**WITH) == {}
    assert len(tasks) == 2


def test_the_settings_may_ask_for_them_and_the_command_line_for_others(project):
    (project.root / "reportgen.toml").write_text('formats = ["markdown"]\n')
    pdf = project.batch()[0].pdf
    assert [path.exists() for path in beside(pdf)] == [False, True]
    assert project.left_over(overrides={"formats": ("html",)}) == {
        outcome: "other-format" for outcome in names(project) if outcome.endswith(".md")
    }
    assert beside(pdf)[0].exists()


def removed(path):
    path.unlink()
    return f"{path.name} is missing"


def altered(path):
    path.write_text("<p>another</p>")
    return f"{path.name} was altered"


def altered_to_the_same_size(path):
    path.write_bytes(path.read_bytes().replace(b"a", b"b"))
    return f"{path.name} was altered"


def replaced_by_a_folder(path):
    path.unlink()
    path.mkdir()
    return f"{path.name} cannot be read"


@pytest.mark.parametrize("harm", [removed, altered, altered_to_the_same_size])
def test_what_was_harmed_is_written_again_and_no_pdf_is_built(project, tasks, harm):
    pdf = project.batch(**WITH)[0].pdf
    page, text = beside(pdf)
    before, stamp = page.read_bytes(), pdf.stat().st_mtime_ns
    said = harm(page)
    assert reasons(project.batch(**WITH, check=True)) == [(said,), ()]
    assert project.statuses(**WITH, check=True) == [STALE, UNCHANGED]
    del tasks[:]
    outcomes = project.batch(**WITH)
    assert [outcome.status for outcome in outcomes] == [BUILT, UNCHANGED]
    assert [(task.pdf.name, task.pdf.size) for task in tasks] == [(pdf.name, pdf.stat().st_size)]
    assert (page.read_bytes(), pdf.stat().st_mtime_ns) == (before, stamp)
    assert outcomes[0].files == (page, text)
    assert project.statuses(**WITH, check=True) == [UNCHANGED] * 2


def test_what_cannot_be_replaced_is_an_error_of_that_record(project):
    page, _ = beside(project.batch(**WITH)[0].pdf)
    replaced_by_a_folder(page)
    outcomes = project.batch(**WITH)
    assert [outcome.status for outcome in outcomes] == [FAILED, UNCHANGED]
    assert [problem.code for problem in outcomes[0].errors] == ["output"]


def test_a_format_that_is_new_builds_no_pdf(project, tasks):
    project.batch()
    assert reasons(project.batch(**MARKDOWN, check=True)) == [("there is no markdown of it yet",)] * 2
    assert project.statuses(**MARKDOWN) == [BUILT] * 2
    assert [bool(task.pdf) for task in tasks] == [False, False, True, True]


def test_a_record_that_changes_changes_all(project):
    page, text = beside(project.batch(**WITH)[0].pdf)
    project.write("0.json", 0, question="Is it another question?")
    assert reasons(project.batch(**WITH)) == [("the record changed",), ()]
    assert b"another question" in page.read_bytes()
    assert b"another question" in text.read_bytes()


def test_force_builds_the_pdf_too(project, tasks):
    page, _ = beside(project.batch(**WITH)[0].pdf)
    page.unlink()
    project.batch(**WITH, force=True)
    assert not any(task.pdf for task in tasks)


def test_warnings_of_the_report_stay_where_only_its_files_are_made(project):
    project.write("0.json", 0, claims=[{"text": "A claim cites a thing that is nowhere", "verified": True}])
    first = project.batch(**WITH)[0]
    assert first.problems
    beside(first.pdf)[0].unlink()
    again = project.batch(**WITH)[0]
    assert (again.status, again.problems) == (BUILT, first.problems)


def test_a_format_that_is_not_asked_for_any_more_is_told_and_pruned(project):
    pdf = project.batch(**WITH)[0].pdf
    page, text = beside(pdf)
    found = [each for each in project.run(**MARKDOWN, check=True) if each.status is LEFT_OVER]
    assert [each.is_bad for each in found] == [True, True]
    assert found[0].problems[0].message == "this file is in a format that is not asked for any more"
    assert project.statuses(**MARKDOWN) == [UNCHANGED] * 2
    done = project.pruned(**MARKDOWN)
    assert [each.status for each in done] == [REMOVED, REMOVED]
    assert [path.exists() for path in (pdf, page, text)] == [True, False, True]
    assert project.left_over(**MARKDOWN, check=True) == {}
    assert project.statuses(**MARKDOWN, check=True) == [UNCHANGED] * 2


def test_a_file_that_fell_behind_says_so_and_is_written_again_when_asked_for(project):
    pdf = project.batch(**WITH)[0].pdf
    page, _ = beside(pdf)
    project.write("0.json", 0, question="Is it another question?")
    project.batch(**MARKDOWN)
    (left,) = [each for each in project.run(**MARKDOWN) if each.pdf == page]
    assert left.problems[0].message.endswith("is of an earlier build than the PDF beside it")
    assert reasons(project.batch(**WITH, check=True)) == [("its html is of an earlier build",), ()]
    project.batch(**WITH)
    assert b"another question" in page.read_bytes()
    assert project.left_over(**WITH) == {}


def test_a_file_that_somebody_edited_is_never_pruned(project):
    page, _ = beside(project.batch(**WITH)[0].pdf)
    page.write_text("mine")
    done = {each.pdf: each.status for each in project.pruned(**MARKDOWN)}
    assert done[page] is LEFT_OVER
    assert page.read_text() == "mine"
    (left,) = [each for each in project.run(**MARKDOWN) if each.pdf == page]
    assert left.problems[0].hint == "remove it by hand"


def test_what_somebody_removed_is_forgotten(project):
    page, _ = beside(project.batch(**WITH)[0].pdf)
    page.unlink()
    project.run(**MARKDOWN)
    page.write_text("mine")
    assert page.name not in project.left_over(**MARKDOWN)


def test_the_files_of_a_record_that_is_gone_go_with_its_pdf(project):
    pdf = project.batch(**WITH)[0].pdf
    (project.records / "0.json").unlink()
    (left,) = [each for each in project.run(**WITH) if each.status is LEFT_OVER]
    assert "with what was written beside it: " in left.problems[0].message
    (done,) = project.pruned(**WITH)
    assert (done.status, done.files) == (REMOVED, beside(pdf))
    assert not any(path.exists() for path in (pdf, *beside(pdf)))
    assert project.left_over(**WITH, check=True) == {}


def test_they_are_told_and_pruned_even_where_the_pdf_is_gone(project):
    pdf = project.batch(**WITH)[0].pdf
    (project.records / "0.json").unlink()
    pdf.unlink()
    assert project.left_over(**WITH) == {pdf.name: "record-gone"}
    assert [each.status for each in project.pruned(**WITH)] == [REMOVED]
    assert not any(path.exists() for path in beside(pdf))


def test_a_pdf_stays_while_a_file_beside_it_was_edited(project):
    pdf = project.batch(**WITH)[0].pdf
    beside(pdf)[1].write_text("mine")
    (project.records / "0.json").unlink()
    assert [each.status for each in project.pruned(**WITH)] == [LEFT_OVER]
    assert pdf.exists()


@pytest.fixture
def without_benchmark(monkeypatch):
    """A format that no report of these has anything for, and a group with it."""
    form = Format(
        name="gauges",
        title="gauges",
        ending=".gauges",
        media_type="text/plain",
        write=lambda _: pytest.fail("it was written"),
        lacking=lambda _: "a gauge",
    )
    monkeypatch.setattr(exports, "FORMATS", {**FORMATS, "gauges": "a module:NAME"})
    monkeypatch.setattr(exports, "GROUPS", {**GROUPS, "texts": ("markdown", "gauges")})
    monkeypatch.setattr("reportgen.pipeline.publish.GROUPS", exports.GROUPS)
    monkeypatch.setattr(
        exports, "format_named", lambda name: form if name == "gauges" else format_named(name)
    )


def test_what_a_report_lacks_something_for_is_no_reason_to_build_it(project, without_benchmark, monkeypatch):
    def make(task):
        result = make_quickly(task)
        made = (Exported("gauges") if each.format == "gauges" else each for each in result.exports)
        return replace(result, exports=tuple(made))

    monkeypatch.setattr(pool, "build_one", make)
    texts = {"overrides": {"formats": ("texts",)}}
    assert project.statuses(**texts) == [BUILT] * 2
    assert project.statuses(**texts, check=True) == [UNCHANGED] * 2
    assert not list(project.out.glob("*.gauges"))
    assert len(list(project.out.glob("*.md"))) == 2


def test_a_format_that_there_is_not_stops_the_project(project):
    (project.root / "reportgen.toml").write_text('formats = ["markdwon"]\n')
    first, second = project.batch()
    assert (first.status, first.project_code) == (FAILED, SettingsError.exit_code)
    assert [(each.where.pointer, each.hint) for each in first.problems] == [
        ("/formats/0", "did you mean `markdown`?")
    ]
    assert (second.status, second.reasons) == (SKIPPED, (PROJECT_STOPPED,))


def test_merged_folders_hold_the_files_too(project):
    parts = [project.root / name for name in ("one", "two")]
    for folder, record in zip(parts, ("0.json", "1.json"), strict=True):
        project.batch(project.records / record, overrides={"output": folder, "formats": ("html", "markdown")})
    merge_folders(parts, project.out)
    assert project.statuses(**WITH, check=True) == [UNCHANGED] * 2
    assert [Path(name).suffix for name in names(project)] == [".html", ".md", ".pdf"] * 2


def test_a_spoilt_file_and_one_in_the_way_stop_a_merge(project):
    part = project.root / "part"
    pdf = project.batch(overrides={"output": part, "formats": ("markdown",)})[0].pdf
    text = part / f"{pdf.stem}.md"
    project.out.mkdir()
    (project.out / text.name).write_text("mine")
    with pytest.raises(OutputError, match="does not know what it has under the names of reports"):
        merge_folders([part], project.out)
    (project.out / text.name).unlink()
    text.write_text("another")
    with pytest.raises(OutputError, match="altered since it was built"):
        merge_folders([part], project.out)
    assert names(project) == []


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_folders_the_one_with_more_beside_its_reports_is_taken(project, order):
    parts = [project.root / "one", project.root / "two"]
    project.batch(overrides={"output": parts[0], "formats": ("html",)})
    project.batch(overrides={"output": parts[1], "formats": ("html", "markdown")})
    merge_folders(parts[::order], project.out)
    assert project.statuses(**WITH, check=True) == [UNCHANGED] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../record.md"},
        {"name": "another.md"},
        {"name": "{stem}.pdf"},
        {"name": "{stem}-2.pdf"},
        {"format": "Mark down"},
        {"size": -1},
        {"is_current": 1},
    ],
    ids=lambda change: "-".join(map(str, *change.items())),
)
def test_a_state_that_names_other_files_is_not_believed(project, change):
    pdf = project.batch(**MARKDOWN)[0].pdf
    entry = State(project.out, read_only=True).entries[pdf.name]
    assert read_entry(entry_bytes(entry)).files == entry.files
    change = {
        name: value.format(stem=pdf.stem) if name == "name" else value for name, value in change.items()
    }
    forged = replace(entry, files=(replace(entry.files[0], **change),))
    with pytest.raises(ValueError, match="not"):
        read_entry(entry_bytes(forged))


def test_the_state_of_an_earlier_release_is_read(project):
    pdf = project.batch()[0].pdf
    entry = State(project.out, read_only=True).entries[pdf.name]
    values = json.loads(entry_bytes(entry))
    assert values.pop("files") == []
    assert entry.written == ()


def test_no_two_formats_write_the_same_file():
    endings = [format_named(name).ending for name in FORMATS]
    assert len(set(endings)) == len(endings)
    assert not any(ending.endswith(".pdf") for ending in endings)


def test_a_real_batch_writes_what_export_writes(tmp_path, reportgen, monkeypatch):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    project = Project.lay_out(tmp_path, records=1)
    run = ("batch", "records", "--with", "html", "--with", "markdown", "--jobs", "1")
    assert reportgen(*run, "--format", "json").code == 0
    (pdf,) = project.out.glob("*.pdf")
    stamp, page, text = pdf.stat().st_mtime_ns, *beside(pdf)
    written = {path.name: path.read_bytes() for path in (page, text)}
    reportgen("export", "records/0.json", "--to", "html", "--to", "markdown", "-o", "other")
    assert {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()} == written
    text.unlink()
    told = reportgen(*run, "--explain")
    assert f"{text.name} is missing" in told.out
    assert {path.name: path.read_bytes() for path in (page, text)} == written
    assert pdf.stat().st_mtime_ns == stamp
    assert reportgen(*run, "--check").code == 0
    assert reportgen("batch", "records", "--check").code == 1
    assert reportgen("batch", "records", "--prune", "--yes").code == 0
    assert [path.name for path in project.out.iterdir() if path.is_file()] == [pdf.name]


def test_a_worker_makes_only_the_files_where_the_pdf_stays(tmp_path, monkeypatch):
    project = Project.lay_out(tmp_path, records=1, settings='formats = ["markdown"]\n')
    project.batch()
    (pdf,) = project.out.glob("*.pdf")
    text = pdf.with_suffix(".md")
    written = text.read_bytes()
    text.unlink()
    monkeypatch.setattr("reportgen.pipeline.build.make_report", lambda *_, **__: pytest.fail("it was built"))
    assert project.statuses() == [BUILT]
    assert text.read_bytes() == written
    assert build_one.__module__ == "reportgen.pipeline.batch.worker"


def test_a_batch_with_every_format_is_up_to_date_afterwards(tmp_path):
    project = Project.lay_out(tmp_path, records=1)
    asked = {"overrides": {"formats": tuple(sorted(FORMATS.keys() - {"docx", "epub", "odt"}))}}
    assert project.statuses(**asked) == [BUILT]
    assert project.statuses(**asked, check=True) == [UNCHANGED]
    assert project.left_over(**asked, check=True) == {}
