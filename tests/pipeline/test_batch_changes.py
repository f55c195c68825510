"""Which records have changed since a revision, as a real git tells."""

from __future__ import annotations

import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch_project import Project
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch.changes import changed_since
from reportgen.pipeline.batch.freshness import shared_paths
from reportgen.pipeline.batch.inputs import find_sources


def git(folder, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path):
    project = Project.lay_out(tmp_path / "project", records=3)
    (project.records / "claims.csv").write_text("text,verified\nA claim.,true\n")
    project.write("named.json", 9, claims={"file": "claims.csv"})
    project.write_lines(7, 8)
    git(project.root, "init", "-q")
    git(project.root, "add", ".")
    git(project.root, "commit", "-qm", "first")
    return project


def changed(project, revision="HEAD"):
    sources = find_sources([project.records, project.records / "records.jsonl"])
    shared = shared_paths(find_settings(project.records))
    kept = changed_since(sources, revision, shared)
    return [source.path.name for source in kept], len(sources)


def test_nothing_changed(project):
    assert changed(project) == ([], 6)
    assert changed_since([], "no-such-revision", []) == []


def test_changed_and_new_records_are_kept(project):
    project.write("1.json", 1, title="Another title")
    project.write("new é.json", 5)
    git(project.root, "add", "records/1.json")
    assert changed(project)[0] == ["1.json", "new é.json"]
    git(project.root, "add", ".")
    git(project.root, "commit", "-qm", "second")
    assert changed(project)[0] == []
    assert changed(project, "HEAD~1")[0] == ["1.json", "new é.json"]


def test_a_record_that_was_moved_has_changed(project):
    (project.records / "0.json").rename(project.records / "z.json")
    assert changed(project)[0] == ["z.json"]


def test_a_file_that_a_record_names_counts(project):
    (project.records / "claims.csv").write_text("text,verified\nAnother claim.,true\n")
    assert changed(project)[0] == ["named.json"]


def test_every_line_of_a_changed_file_counts(project):
    project.write_lines(7)
    assert changed(project)[0] == ["records.jsonl"]


def test_a_record_that_cannot_be_read_counts(project):
    # Its build says what is wrong with it.
    table = project.records / "records.parquet"
    pq.write_table(pa.table({"record": [1]}), table)
    git(project.root, "add", ".")
    git(project.root, "commit", "-qm", "a table")
    sources = find_sources([project.records / "0.json", table])
    assert changed_since(sources, "HEAD", []) == sources[1:]


@pytest.mark.parametrize(
    "shared", ["reportgen.toml", "references.lock.json", "bib/new.bib", "templates/claims.tex.j2"]
)
def test_what_all_depend_on_changes_all(project, shared):
    if shared.startswith("templates"):
        (project.root / "templates").mkdir()
        (project.root / "reportgen.toml").write_text('templates = "templates"')
        git(project.root, "add", ".")
        git(project.root, "commit", "-qm", "templates")
    (project.root / shared).write_text("# changed\n" if shared != "reportgen.toml" else 'paper = "letter"')
    kept, every = changed(project)
    assert len(kept) == every == 6


def test_a_hook_of_git_may_call(project, monkeypatch):
    # Git sets these for its hooks, and they count from where the hook runs.
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "somewhere/index")
    monkeypatch.chdir(project.root.parent)
    project.write("0.json", 0, title="Changed")
    assert changed(project)[0] == ["0.json"]


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=stolen", ""])
def test_an_unknown_revision_is_said(project, revision, monkeypatch):
    monkeypatch.chdir(project.root)
    with pytest.raises(ValueError, match=r"^git: .*(single revision|not a valid|ambiguous)"):
        changed(project, revision)
    assert not (project.root / "stolen").exists()


def test_records_outside_a_checkout_are_said(project, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    other = Project.lay_out(tmp_path / "other", records=1)
    with pytest.raises(ValueError, match="not a git repository"):
        changed_since(find_sources([other.records]), "HEAD", [])
    sources = find_sources([project.records, other.records])
    with pytest.raises(ValueError, match=r"0\.json is not in the checkout"):
        changed_since(sources, "HEAD", [])


def test_a_machine_without_git_is_said(project, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match="git cannot be run"):
        changed(project)
