"""Which records have changed since a revision, as a real git tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from batch_project import Project, numbered
from reportgen.base.settings import find_settings
from reportgen.pipeline.batch.changes import changed_since
from reportgen.pipeline.batch.freshness import shared_paths
from reportgen.pipeline.batch.inputs import RecordSource, find_sources
from reportgen.pipeline.batch.links import MOST_LINKS, places


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


class TestLinks:
    """Of a link both count: where it leads, and what is there."""

    @pytest.fixture
    def linked(self, project):
        """Lay records, one claims file and the bibliography behind links: to a folder, to files."""
        root = project.root
        for number, name in enumerate(("old", "new")):
            (root / name).mkdir()
            (root / name / "a.json").write_text(json.dumps(numbered(20 + number)))
            (root / f"{name}-bib").mkdir()
            (root / f"{name}-bib" / "a.bib").write_text("")
        (project.records / "link.json").symlink_to("../old/a.json")
        (project.records / "claims.csv").rename(root / "old" / "claims.csv")
        shutil.copy(root / "old" / "claims.csv", root / "new" / "claims.csv")
        (project.records / "claims.csv").symlink_to("../old/claims.csv")
        shutil.rmtree(root / "bib")
        (root / "bib").symlink_to("old-bib")
        (root / "through").symlink_to("old")
        commit(root)
        return project

    @staticmethod
    def retarget(link, target):
        link.unlink()
        link.symlink_to(target)

    def test_a_record_that_is_a_link_counts_when_it_leads_elsewhere(self, linked):
        assert changed(linked)[0] == []
        self.retarget(linked.records / "link.json", "../new/a.json")
        assert changed(linked)[0] == ["link.json"]

    def test_a_record_that_is_a_link_counts_with_what_it_leads_to(self, linked):
        (linked.root / "old" / "a.json").write_text(json.dumps(numbered(20, title="Another title")))
        assert changed(linked)[0] == ["link.json"]

    def test_a_link_in_place_of_an_equal_file_counts(self, linked):
        shutil.copy(linked.records / "1.json", linked.root / "old" / "1.json")
        commit(linked.root)
        self.retarget(linked.records / "1.json", "../old/1.json")
        assert changed(linked)[0] == ["1.json"]

    def test_a_file_in_place_of_a_link_counts(self, linked):
        (linked.records / "link.json").unlink()
        shutil.copy(linked.root / "old" / "a.json", linked.records / "link.json")
        assert changed(linked)[0] == ["link.json"]

    def test_a_named_file_that_is_a_link_counts_when_it_leads_elsewhere(self, linked):
        self.retarget(linked.records / "claims.csv", "../new/claims.csv")
        assert changed(linked)[0] == ["named.json"]

    def test_a_named_file_that_became_a_link_out_of_the_project_counts(self, linked, tmp_path):
        # Its build refuses it.
        shutil.copy(linked.root / "old" / "claims.csv", tmp_path / "claims.csv")
        self.retarget(linked.records / "claims.csv", tmp_path / "claims.csv")
        assert changed(linked)[0] == ["named.json"]

    def test_a_bibliography_that_is_a_link_counts_when_it_leads_elsewhere(self, linked):
        self.retarget(linked.root / "bib", "new-bib")
        kept, every = changed(linked)
        assert len(kept) == every

    def test_a_folder_of_records_that_is_a_link_counts_when_it_leads_elsewhere(self, linked):
        sources = find_sources([linked.root / "through"])
        assert changed_since(sources, "HEAD", []) == []
        self.retarget(linked.root / "through", "new")
        sources = find_sources([linked.root / "through"])
        assert changed_since(sources, "HEAD", []) == sources

    def test_a_link_above_the_checkout_does_not_count(self, linked, tmp_path):
        (tmp_path / "above").symlink_to("project")
        assert changed(Project(tmp_path / "above"))[0] == []

    def test_a_link_that_leads_round_in_a_circle_is_left_to_the_build(self, linked):
        (linked.records / "round.json").symlink_to("nowhere/../round.json")
        assert changed(linked)[0] == ["round.json"]
        commit(linked.root)
        assert changed(linked)[0] == ["round.json"]

    def test_a_folder_of_records_out_of_the_checkout_is_said(self, linked, tmp_path):
        other = Project.lay_out(tmp_path / "other", records=1)
        git(other.root, "init", "-q")
        commit(other.root)
        self.retarget(linked.root / "through", "../other/records")
        sources = find_sources([linked.root / "through"])
        said = f"0.json leads to {other.records}/0.json, which is not in the checkout {linked.root}"
        with pytest.raises(ValueError, match=re.escape(said)):
            changed_since(sources, "HEAD", [])


def test_the_lock_file_of_a_deposit_counts(project):
    # Its DOI is printed.
    (project.records / "1.zenodo.json").write_text("{}")
    assert changed(project)[0] == ["1.json"]


def test_settings_that_are_no_longer_nearest_count(project):
    (project.records / "reportgen.toml").touch()
    commit(project.root)
    (project.records / "reportgen.toml").unlink()
    kept, every = changed(project)
    assert len(kept) == every


def test_settings_above_the_checkout_that_do_not_hold_do_not_count(project, tmp_path):
    (tmp_path / "reportgen.toml").touch()
    assert changed(project)[0] == []


NAMES = [f"{folder}/{name}" for folder in ("d0", "d1") for name in ("a.json", "b.json", "t.csv")]
"""The files and links of a random tree; its records are also named through the link `records`."""
NAMED = b'{"claims": {"file": "t.csv"}, "version": %d}'


@st.composite
def trees(draw):
    """Draw what lies at each name: nothing, a file of one of two contents, or a link to another name."""
    kinds = st.one_of(st.none(), st.integers(0, 1), st.sampled_from(NAMES))
    tree = {name: draw(kinds) for name in NAMES}
    return {**tree, "records": draw(st.sampled_from(["d0", "d1", "d0/../d1"]))}


def lay(root, tree):
    for name, what in tree.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(what, int):
            path.write_bytes(NAMED % what)
        elif what is not None:
            path.symlink_to(what if name == "records" else f"../{what}")


def trail(tree, name, seen=()):
    """Return what there is on the way of a name, link by link, up to its end: the plain reference."""
    if name.startswith("records/"):
        return [("records", tree["records"]), *trail(tree, f"{tree['records'][-2:]}/{name[8:]}", seen)]
    what = tree[name]
    further = trail(tree, what, (*seen, name)) if isinstance(what, str) and what not in (*seen, name) else []
    return [(name, what), *further]


def is_readable(steps):
    return isinstance(steps[-1][1], int)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees(), trees())
@example({**dict.fromkeys(NAMES, 0), "records": "d0"}, {**dict.fromkeys(NAMES, 0), "records": "d1"})
@example({**dict.fromkeys(NAMES, 0), "records": "d0"}, {**dict.fromkeys(NAMES, 0), "records": "d0"})
def test_a_record_has_changed_where_anything_on_its_way_has(tmp_path_factory, before, after):
    root = tmp_path_factory.mktemp("tree")
    lay(root, before)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "before")
    for name in before:
        (root / name).unlink(missing_ok=True)
    lay(root, after)
    names = [name for name in (*NAMES, "records/a.json", "records/b.json") if name.endswith(".json")]
    names = [name for name in names if trail(after, name)[-1][1] is not None]
    expected = []
    for name in names:
        ways = [
            (trail(before, each), trail(after, each)) for each in (name, f"{name.partition('/')[0]}/t.csv")
        ]
        if not is_readable(ways[0][1]) or any(old != new for old, new in ways):
            expected.append(name)
    kept = changed_since([RecordSource(root / name) for name in names], "HEAD", [])
    assert [source.path.relative_to(root).as_posix() for source in kept] == expected


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


def test_links_on_the_way_are_followed_once_each_and_forty_in_all(tmp_path):
    for number in range(60):
        (tmp_path / f"x{number}").symlink_to(f"x{number + 1}/../x{number + 1}")
    (tmp_path / "x60").mkdir()
    assert len(places(tmp_path / "x50" / "a")) <= MOST_LINKS + 1
    assert places(tmp_path / "x59")[-1] == tmp_path / "x60"


def test_a_path_of_many_parts_is_followed(tmp_path):
    assert places(tmp_path.joinpath(*["a"] * 3_000))[-1] == tmp_path.joinpath(*["a"] * 3_000)


def test_a_named_file_that_cannot_be_is_left_to_the_build(project):
    project.write("named.json", 9, claims={"file": "\ud800.csv"})
    commit(project.root)
    assert changed(project)[0] == []


def test_a_remote_of_an_odd_name_is_in_no_advice(project):
    git(project.root, "config", "remote.a;id.url", "/nowhere")
    with pytest.raises(ValueError, match=r"^`12345678ab` names no commit of this clone$"):
        changed(project, "12345678ab")


def test_a_range_is_said(project):
    with pytest.raises(ValueError, match=r"^`HEAD\.\.HEAD` is a range: name one revision"):
        changed(project, "HEAD..HEAD")


def test_a_partial_clone_is_said(project, tmp_path):
    git(project.root, "config", "uploadpack.allowFilter", "true")
    project.write("1.json", 1, title="Another title")
    commit(project.root)
    cloned = clone(project, tmp_path, "--filter=tree:0")
    with pytest.raises(ValueError, match=r"^git: fatal: .*; this is a partial clone"):
        changed(cloned, "HEAD~1")
