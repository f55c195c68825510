"""The paths that a record names: inside its project, and inside its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures import write_record
from minimal_record import only
from reportgen.base.errors import RecordError
from reportgen.base.foreign import DEEPEST_FOLDER, check_name
from reportgen.base.paths import cache_folder
from reportgen.record import read_record
from reportgen.record.named_paths import (
    name_inside,
    name_outside,
    path_inside,
    places_in_project,
    project_of,
)

PARTS = st.sampled_from(["a", "b", "record", "record-", "above-0", "above-1", "above-16", "above-17"])
NAMES = st.builds(
    lambda climbs, parts: "/".join([".."] * climbs + parts),
    st.integers(0, DEEPEST_FOLDER),
    st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: [*parts, "x.csv"]),
)


@pytest.fixture
def records(tmp_path):
    """The folder of the records in a project, which is not alone in its folder."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/t.csv").write_text("a\n1\n")
    for name in ("records", "figures"):
        (tmp_path / "project" / name).mkdir(parents=True)
    (tmp_path / "project/reportgen.toml").touch()
    (tmp_path / "project/figures/t.csv").write_text("a\n2\n")
    return tmp_path / "project/records"


@given(NAMES)
@example("../figures/x.png")
def test_a_name_inside_a_report_never_climbs_and_leads_back(name):
    inside = name_inside(name)
    assert ".." not in inside
    assert name_outside(inside) == name
    if inside.count("/") < DEEPEST_FOLDER:
        assert check_name(inside) == inside


@given(st.sets(NAMES, min_size=1))
@example({"x.csv", "../record/x.csv", "../x.csv"})
def test_files_laid_out_anew_keep_apart_and_stand_to_the_record_as_before(names):
    folder, places = places_in_project(names)
    assert len(set(places.values())) == len(names)
    for name, place in places.items():
        assert ".." not in place
        assert (Path("/p", folder) / name).resolve() == Path("/p", place)


def test_a_file_may_lie_anywhere_in_the_project(records):
    tables = [{"id": "tbl-a", "file": "../figures/t.csv", "caption": "A."}]
    loaded = read_record(write_record(records / "a.json", tables=tables))
    assert loaded.exhibits.tables["../figures/t.csv"].rows == (("2",),)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../other/t.csv", "leaves the record's project"),
        ("link.csv", "leaves the record's project, .*project through a link"),
        ("folder/t.csv", "through a link"),
        ("../figures/../../other/t.csv", "climbs with `..` behind the name of a folder"),
        ("..\\figures\\t.csv", "climbs with"),
        ("/etc/t.csv", "not a path relative"),
        ("C:/t.csv", "not a path relative"),
        ("../" * 40 + "t.csv", "leaves the record's project"),
    ],
)
def test_what_leads_out_of_the_project_is_an_error(records, name, said):
    (records / "link.csv").symlink_to("../../other/t.csv")
    (records / "folder").symlink_to("../../other")
    for field in ("tables", "claims"):
        given = {"file": name} if field == "claims" else [{"id": "tbl-a", "file": name, "caption": "A."}]
        with pytest.raises(RecordError, match=said):
            read_record(write_record(records / "a.json", **{field: given}))


def test_a_link_within_the_project_is_followed(records):
    (records / "link.csv").symlink_to("../figures/t.csv")
    tables = [{"id": "tbl-a", "file": "link.csv", "caption": "A."}]
    assert read_record(write_record(records / "a.json", tables=tables)).exhibits.tables["link.csv"].rows


def test_without_a_project_the_records_own_folder_bounds_it(records):
    (records.parent / "reportgen.toml").unlink()
    tables = [{"id": "tbl-a", "file": "../figures/t.csv", "caption": "A."}]
    with pytest.raises(RecordError, match="leaves the record's project") as caught:
        read_record(write_record(records / "a.json", tables=tables))
    assert "reportgen.toml" in only(caught.value.problems).hint


def test_the_nearest_settings_bound_it(records):
    (records / "reportgen.toml").touch()
    with pytest.raises(ValueError, match="leaves the record's project"):
        path_inside(records, "../figures/t.csv")


def test_a_copy_in_the_cache_belongs_to_no_project_above_the_cache(tmp_path, monkeypatch):
    (tmp_path / "reportgen.toml").touch()
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    copies = cache_folder("remote") / "in/s3/bucket/records"
    copies.mkdir(parents=True)
    assert project_of(copies) == copies
    (copies.parent / "reportgen.toml").touch()
    assert project_of(copies) == copies.parent


@pytest.mark.parametrize("name", [".hidden/t.csv", "a/" * 20 + "t.csv"])
def test_what_no_report_can_carry_is_an_error(records, name):
    (records / name).parent.mkdir(parents=True)
    (records / name).write_text("text,verified\nA claim.,true\n")
    for field in ("tables", "claims"):
        given = {"file": name} if field == "claims" else [{"id": "tbl-a", "file": name, "caption": "A."}]
        with pytest.raises(RecordError, match="no name below a folder"):
            read_record(write_record(records / "a.json", **{field: given}))
