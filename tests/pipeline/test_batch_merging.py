"""Output folders of several machines put together: the whole, or a refusal that changes nothing."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch_project import Project, make_quickly
from command_line import reportgen  # noqa: F401
from reportgen.base.errors import OutputError
from reportgen.pipeline.batch import linking, merging, pool
from reportgen.pipeline.batch.entries import Ingredients, StateEntry
from reportgen.pipeline.batch.merging import merge_folders
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.shards import Shard
from reportgen.pipeline.batch.state import STATE_FOLDER, State, entry_file

PARTS = 3


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of eight records, of which each shard was built into a folder of its own."""
    monkeypatch.setattr(pool, "build_one", make_quickly)
    monkeypatch.chdir(tmp_path)
    project = Project.lay_out(tmp_path, records=8)
    run_shards(project)
    return project


def run_shards(project):
    for number, folder in enumerate(parts(project), 1):
        project.batch(shard=Shard(number, PARTS), overrides={"output": folder})


def parts(project):
    return [project.root / f"s{number}" for number in range(1, PARTS + 1)]


def files(folder):
    """Return what a folder holds, by the names of its files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def refusal(folders, output):
    """Return code and words of each problem of a merge that is refused; it must change nothing."""
    before = [files(folder) for folder in (*folders, output)]
    with pytest.raises(OutputError) as refused:
        merge_folders(folders, output)
    assert [files(folder) for folder in (*folders, output)] == before
    return [(problem.code, problem.message) for problem in refused.value.problems]


def holder(project, number):
    """Return the folder that holds the report of a record, and its name."""
    (path,) = project.root.glob(f"s?/2026-05-30-{number:08x}-*.pdf")
    return path.parent, path.name


def test_merged_shards_are_the_whole_and_nothing_is_built_again(project):
    merged = merge_folders(parts(project), project.out)
    assert (merged.folders, len(merged.reports), merged.others) == (PARTS, 8, ())
    assert project.pdfs == sorted(outcome.pdf.name for outcome in merged.reports)
    assert project.left_over() == {}
    assert project.statuses(check=True) == [Status.UNCHANGED] * 8


def test_the_state_is_that_of_one_run_that_built_all(project):
    merge_folders(parts(project), project.out)
    merged = files(project.out)
    shutil.rmtree(project.out)
    project.batch()
    assert merged == files(project.out)


def test_merged_twice_or_in_another_order_the_bytes_are_the_same(project):
    merge_folders(parts(project), project.out)
    once = files(project.out)
    stamps = [path.stat().st_mtime_ns for path in sorted(project.out.glob("*.pdf"))]
    merge_folders(parts(project), project.out)
    assert files(project.out) == once
    assert [path.stat().st_mtime_ns for path in sorted(project.out.glob("*.pdf"))] == stamps
    merge_folders(parts(project)[::-1], project.root / "other")
    assert files(project.root / "other") == once


def test_a_later_build_of_a_shard_leaves_the_merged_report_as_it_was(project):
    folder, pdf = holder(project, 0)
    merge_folders(parts(project), project.out)
    before = (project.out / pdf).read_bytes()
    project.write("0.json", 0, question="Another?")
    run_shards(project)
    assert (folder / pdf).read_bytes() != before
    assert (project.out / pdf).read_bytes() == before
    assert project.statuses(check=True).count(Status.STALE) == 1


def test_the_same_report_in_two_folders_is_one(project):
    folder, pdf = holder(project, 0)
    shutil.copytree(folder, project.root / "copy")
    merged = merge_folders([*parts(project), project.root / "copy", folder], project.out)
    assert (merged.folders, len(merged.reports)) == (PARTS + 1, 8)
    assert pdf in project.pdfs


def test_of_two_entries_of_one_report_the_order_of_the_folders_chooses_none(project):
    folder, pdf = holder(project, 0)
    shutil.copytree(folder, project.root / "copy")
    (project.records / "0.json").rename(project.records / "renamed.json")
    run_shards(project)
    places = [*parts(project), project.root / "copy"]
    assert entry_file(folder, pdf).read_bytes() != entry_file(places[-1], pdf).read_bytes()
    merge_folders(places, project.out)
    merge_folders(places[::-1], project.root / "other")
    assert files(project.out) == files(project.root / "other")


def test_two_versions_of_one_report_are_refused(project):
    # Another shard's folder kept the report of a time when the record was its own.
    folder, pdf = holder(project, 5)
    other = next(each for each in parts(project) if each != folder)
    project.batch(overrides={"output": other})
    project.write("5.json", 5, question="Another?")
    project.batch(overrides={"output": folder}, shard=Shard(parts(project).index(folder) + 1, PARTS))
    ((code, message),) = refusal(parts(project), project.out)
    assert code == "two-versions"
    assert f"{folder.name}/{pdf}" in message
    assert f"{other.name}/{pdf}" in message


def test_an_old_report_of_a_record_beside_its_new_one_is_refused(project):
    folder, pdf = holder(project, 5)
    project.write("5.json", 5, title="Another title")
    run_shards(project)
    ((code, message),) = refusal(parts(project), project.out)
    assert code == "two-versions"
    assert f"{folder.name}/{pdf}" in message
    assert f"{folder.name}/2026-05-30-00000005-another-title.pdf" in message


def test_versions_that_keep_their_own_pdfs_are_merged(project):
    entry = StateEntry("v.pdf", "5eed0001-0000-4000-8000-000000000001", "1", "r.json", 1, "", Ingredients())
    for folder, version in zip(parts(project), "123", strict=True):
        add(folder, replace(entry, pdf=f"v{version}.pdf", version=version), b"x")
    assert len(merge_folders(parts(project), project.out).reports) == 11


def add(folder, entry, content):
    (folder / entry.pdf).write_bytes(content)
    state = State(folder)
    state.add(replace(entry, size=len(content), sha256=sha256(content).hexdigest()))
    state.close()


def test_pdfs_that_are_missing_or_altered_are_refused(project):
    (first, gone), (second, longer), (third, other) = (holder(project, number) for number in (0, 1, 2))
    (first / gone).unlink()
    (second / longer).write_bytes((second / longer).read_bytes() + b"x")
    (third / other).write_bytes(bytes((third / other).stat().st_size))
    found = refusal(parts(project), project.out)
    assert [code for code, _ in found] == ["spoilt-report"] * 2
    said = {message.partition(":")[0]: message for _, message in found}
    assert f"{first.name}/{gone}" in said["missing"]
    assert all(
        f"{folder.name}/{pdf}" in said["altered since it was built"]
        for folder, pdf in [(second, longer), (third, other)]
    )


def test_a_pdf_that_leads_out_of_its_folder_is_refused(project):
    folder, pdf = holder(project, 0)
    (folder / pdf).rename(project.root / "elsewhere.pdf")
    (folder / pdf).symlink_to("../elsewhere.pdf")
    ((code, message),) = refusal(parts(project), project.out)
    assert code == "spoilt-report"
    assert "lies outside" in message


def test_a_lost_state_is_refused(project):
    first, second, _ = parts(project)
    shutil.rmtree(first / STATE_FOLDER)
    pdf = next(second.glob("*.pdf")).name
    entry_file(second, pdf).write_text("<<<<<<< HEAD")
    found = refusal(parts(project), project.out)
    assert [code for code, _ in found] == ["lost-state"] * 2
    assert f"there is no {STATE_FOLDER}/ in {first.name}" in found[0][1]
    assert f"{second.name}/{pdf}" in found[1][1]


def test_an_empty_shard_is_no_lost_one(project):
    for number in range(1, 8):
        (project.records / f"{number}.json").unlink()
    for folder in parts(project):
        shutil.rmtree(folder)
    run_shards(project)
    assert len(merge_folders(parts(project), project.out).reports) == 1


def test_reports_that_the_output_knows_are_replaced(project):
    project.batch()
    project.write("0.json", 0, question="Another?")
    run_shards(project)
    assert merge_folders(parts(project), project.out).others == ()
    assert project.statuses(check=True) == [Status.UNCHANGED] * 8


def test_a_pdf_in_the_way_that_nobody_knows_is_refused(project):
    folder, pdf = holder(project, 0)
    project.out.mkdir()
    (project.out / pdf).write_bytes(b"mine")
    ((code, message),) = refusal(parts(project), project.out)
    assert code == "unknown-in-the-way"
    assert f"out/{pdf}" in message
    # The very same file is what a merge leaves that was killed before it wrote the state.
    (project.out / pdf).write_bytes((folder / pdf).read_bytes())
    assert len(merge_folders(parts(project), project.out).reports) == 8


def test_other_pdfs_of_the_output_are_told_and_stay(project):
    project.write("8.json", 8)
    project.batch()
    (project.out / "mine.pdf").write_bytes(b"mine")
    others = merge_folders(parts(project), project.out).others
    assert [(outcome.status, outcome.problems[0].code) for outcome in others] == [
        (Status.LEFT_OVER, "not-merged")
    ] * 2
    assert {outcome.pdf.name for outcome in others} < set(project.pdfs)
    assert not any(outcome.is_bad for outcome in others)


def test_the_output_may_be_one_of_the_folders(project):
    first = parts(project)[0]
    before = files(first)
    assert len(merge_folders(parts(project), first).reports) == 8
    assert files(first).items() > before.items()
    assert project.statuses(check=True, overrides={"output": first}) == [Status.UNCHANGED] * 8


@pytest.mark.parametrize("killed", range(1, 17))
def test_a_merge_that_is_killed_is_completed_by_the_next(project, monkeypatch, killed):
    """Each report takes two steps, its PDF and its entry, and a step is done or not begun."""
    steps = iter(range(1, killed + 1))

    def step(source, target):
        if next(steps, None) is None:
            raise KeyboardInterrupt
        linking.link_or_copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(merging, "link_or_copy", step)
        patch.setattr("reportgen.pipeline.batch.state.link_or_copy", step)
        with pytest.raises(KeyboardInterrupt):
            merge_folders(parts(project), project.out)
    state = State(project.out, read_only=True)
    assert all((project.out / pdf).exists() for pdf in state.entries)
    merge_folders(parts(project), project.out)
    assert project.statuses(check=True) == [Status.UNCHANGED] * 8


def test_on_another_disk_reports_are_copied(project, monkeypatch):
    def refused(*_, **__):
        raise OSError(18, os.strerror(18))

    monkeypatch.setattr(os, "link", refused)
    merge_folders(parts(project), project.out)
    assert project.statuses(check=True) == [Status.UNCHANGED] * 8
    assert all(path.stat().st_nlink == 1 for path in project.out.glob("*.pdf"))


def test_a_state_that_is_a_link_is_not_written_through(project):
    (project.root / "elsewhere").mkdir()
    project.out.mkdir()
    (project.out / STATE_FOLDER).symlink_to("../elsewhere")
    ((code, _),) = refusal(parts(project), project.out)
    assert code == "state"


REPORTS = st.tuples(st.sampled_from("abc"), st.sampled_from([1, 2, 3]), st.sampled_from("xy"))


@given(folders=st.lists(st.dictionaries(st.sampled_from("pqr"), REPORTS, max_size=3), min_size=1, max_size=3))
def test_a_merge_is_refused_exactly_where_two_reports_do_not_go_together(folders, tmp_path_factory):
    """Against the rule in words: one name has one report, and one version of a record has one name and one text."""
    root = tmp_path_factory.mktemp("merge")
    reports = []
    for number, folder in enumerate(folders):
        with_state = State(root / str(number))
        with_state.begin()
        with_state.close()
        for name, (identity, version, text) in folder.items():
            digest = f"{identity}{version}{text}"
            entry = StateEntry(
                f"{name}.pdf",
                f"5eed0001-0000-4000-8000-00000000000{identity}",
                str(version),
                "r.json",
                0,
                "",
                Ingredients(digest),
            )
            add(root / str(number), entry, digest.encode())
            reports.append((name, identity, version, text))
    agree = all(
        one == other for one in reports for other in reports if one[0] == other[0] or one[1:3] == other[1:3]
    )
    places = [root / str(number) for number in range(len(folders))]
    if not agree:
        with pytest.raises(OutputError):
            merge_folders(places, root / "out")
        assert not (root / "out").exists()
        return
    merge_folders(places, root / "out")
    assert {path.stem: path.read_text() for path in (root / "out").glob("*.pdf")} == {
        name: f"{identity}{version}{text}" for name, identity, version, text in reports
    }


def test_the_command_says_what_was_merged(project, reportgen):  # noqa: F811
    ended = reportgen("batch", "--merge", "s1", "s2", "s3", "--report", "merged.xml", "--report", "m.json")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.splitlines()[-1] == "merged 8 reports of 3 folders into out"
    assert (project.root / "merged.xml").read_text().count("<testcase") == 8
    assert json.loads((project.root / "m.json").read_bytes())["counts"]["unchanged"] == 8
    shown = reportgen("batch", "--merge", "s1", "s2", "s3", "-o", "other", "--format", "json")
    assert len(json.loads(shown.out)["records"]) == 8
    assert reportgen("batch", "records", "-o", "other", "--check").code == 0


def test_the_command_refuses_with_what_to_do(project, reportgen):  # noqa: F811
    folder, pdf = holder(project, 0)
    (folder / pdf).write_bytes(b"")
    ended = reportgen("batch", "--merge", "s1", "s2", "s3")
    assert ended.code == 9
    assert f"error[spoilt-report]: altered since it was built: {folder.name}/{pdf}" in ended.err
    assert "help: build the folder again" in ended.err
    assert not project.out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["s1", "--shard", "1/3"], "goes without --shard"),
        (["s1", "--jobs", "2"], "goes without --jobs"),
        (["s1", "--prune"], "goes without --prune"),
        (["s1", "--check"], "goes without --check"),
        (["s1", "--dask", "tcp://127.0.0.1:1"], "goes without --dask"),
        (["s9"], "there is no folder s9"),
        (["s1", "reportgen.toml"], "there is no folder reportgen.toml"),
        (["s3://bucket/s1"], "s3://bucket/s1 is a URL"),
        (["s1", "-o", "s3://bucket/out"], "s3://bucket/out is a URL"),
        ([], "Missing argument"),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_makes_no_sense_with_a_merge_is_wrong_use(reportgen, arguments, said):  # noqa: F811
    ended = reportgen("batch", "--merge", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert not Path("out").exists()
