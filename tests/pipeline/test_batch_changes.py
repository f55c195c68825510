"""Which records have changed since a revision, as a real git tells."""

from __future__ import annotations

import re
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
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder):
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "more")


@pytest.fixture
def project(tmp_path):
    project = Project.lay_out(tmp_path / "project", records=3)
    (project.records / "claims.csv").write_text("text,verified\nA claim.,true\n")
    project.write("named.json", 9, claims={"file": "claims.csv"})
    project.write_lines(7, 8)
    git(project.root, "init", "-q", "-b", "main")
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


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=stolen", "HEAD:records", "HEAD~9"])
def test_an_unknown_revision_is_said(project, revision, monkeypatch):
    monkeypatch.chdir(project.root)
    with pytest.raises(ValueError, match=f"^`{revision}` names no commit of this clone$"):
        changed(project, revision)
    assert not (project.root / "stolen").exists()


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("", "name a revision"),
        ("mian", "`mian` names no commit of this clone: did you mean `main`?"),
        ("origin/mian", "`origin/mian` names no commit of this clone: did you mean `origin/main`?"),
        ("next", "`next` names no commit of this clone: did you mean `origin/next`?"),
        ("0" * 40, "zeros stand for a branch that is new: name the one that it began from"),
        (
            "12345678ab",
            "`12345678ab` names no commit of this clone: if it was pushed, `git fetch origin 12345678ab`",
        ),
    ],
)
def test_what_was_meant_by_a_revision_is_said(project, tmp_path, revision, said):
    git(project.root, "branch", "next")
    cloned = clone(project, tmp_path)
    git(project.root, "branch", "--delete", "next")
    with pytest.raises(ValueError, match=re.escape(said)):
        changed(cloned, revision)


def test_what_the_other_branch_changed_meanwhile_does_not_count(project):
    git(project.root, "checkout", "-qb", "work")
    project.write("1.json", 1, title="Changed on the branch")
    commit(project.root)
    git(project.root, "checkout", "-q", "main")
    project.write("0.json", 0, title="Changed on main")
    (project.root / "bib" / "new.bib").write_text("% main has another bibliography\n")
    commit(project.root)
    git(project.root, "checkout", "-q", "work")
    assert changed(project, "main") == (["1.json"], 6)


def clone(project, tmp_path, *options):
    """Clone a project's repository as a service of CI does."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "-q", *options, f"file://{project.root}", str(folder))
    return Project(folder)


class TestShallowClones:
    """A clone of one commit of a branch, as CI makes it, and main, which the clone does not have."""

    @pytest.fixture
    def cloned(self, project, tmp_path):
        git(project.root, "checkout", "-qb", "work")
        project.write("1.json", 1, title="Changed on the branch")
        commit(project.root)
        return clone(project, tmp_path, "--depth", "1")

    @staticmethod
    def cure(cloned, said):
        """Do what the message says, in the words in which it says it."""
        git(cloned.root, *re.search("`git (fetch [^`]+)`", str(said))[1].split())

    @pytest.mark.parametrize("revision", ["main", "origin/main"])
    def test_a_branch_that_is_not_there_is_named_with_the_cure(self, cloned, revision):
        with pytest.raises(ValueError, match="which is shallow") as caught:
            changed(cloned, revision)
        said = str(caught.value)
        assert said.startswith(
            f"`{revision}` is not in this clone, which is shallow: fetch it, `git fetch --unshallow"
        )
        assert "in GitHub Actions `fetch-depth: 0` of actions/checkout, in GitLab CI `GIT_DEPTH: 0`" in said
        self.cure(cloned, said)
        assert changed(cloned, "origin/main")[0] == ["1.json"]

    def test_a_commit_that_is_not_there_is_named_with_the_cure(self, cloned, project):
        first = git(project.root, "rev-parse", "main").strip()
        with pytest.raises(ValueError, match=f"`{first}` is not in this clone, which is shallow") as caught:
            changed(cloned, first)
        self.cure(cloned, caught.value)
        assert changed(cloned, first)[0] == ["1.json"]

    def test_a_history_that_is_cut_off_is_named_with_the_cure(self, cloned):
        git(cloned.root, "fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main")
        git(cloned.root, "commit", "-q", "--allow-empty", "--message", "on the branch")
        with pytest.raises(
            ValueError, match="`origin/main` and HEAD have no common ancestor in this clone"
        ) as caught:
            changed(cloned, "origin/main")
        assert "which is shallow" in str(caught.value)
        self.cure(cloned, caught.value)
        assert changed(cloned, "origin/main")[0] == ["1.json"]


def test_histories_without_a_common_ancestor_are_said(project):
    git(project.root, "checkout", "-q", "--orphan", "other")
    with pytest.raises(ValueError, match=r"^HEAD is no commit yet"):
        changed(project, "main")
    commit(project.root)
    with pytest.raises(ValueError, match=r"^`main` and HEAD have no common ancestor: name a revision that"):
        changed(project, "main")


def test_a_checkout_of_another_user_is_said_with_the_cure(project, monkeypatch):
    # As in a container, whose user is another one than the checkout's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    cure = f"git config --global --add safe.directory {project.root}"
    with pytest.raises(ValueError, match=re.escape(f"another user's: if you trust it, `{cure}`")):
        changed(project)


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
