"""A project whose folder of records is a link out of it: its settings hold, whichever command asks."""

from __future__ import annotations

import json

import pytest

from minimal_record import minimal
from reportgen.base.settings import find_settings, project_root
from reportgen.pdf.text_check import extract_text
from reportgen.pipeline.watch.needs import needs_of
from reportgen.pipeline.watch.project import Project


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Lay out ``site/records``, a link to ``data/records``; the settings are in ``site``."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "trusted"))
    data, site = tmp_path / "data", tmp_path / "site"
    (data / "records").mkdir(parents=True)
    (data / "records" / "a.json").write_text(json.dumps(minimal(claims={"file": "claims.csv"})))
    (data / "records" / "claims.csv").write_text("text,verified\nA claim.,true\n")
    (site / "bib").mkdir(parents=True)
    (site / "reportgen.toml").write_text('id_prefix = "SITE"\n')
    (site / "records").symlink_to("../data/records")
    return site


@pytest.mark.parametrize("command", ["compile", "batch"])
@pytest.mark.parametrize("place", ["records", "records/a.json"])
def test_reports_are_made_by_the_settings_of_the_project_that_the_path_lies_in(
    site, reportgen, command, place
):
    assert reportgen(command, place, "-q", folder=site).code == 0
    (pdf,) = (site / "out").glob("*.pdf")
    assert "SITE:" in extract_text(pdf.read_bytes())
    assert [path.name for path in (site.parent / "data").iterdir()] == ["records"]


COMMANDS = [
    ("validate", "records"),
    ("compile", "records"),
    ("batch", "records"),
    ("batch", "--check", "records"),
    ("export", "records/a.json", "--to", "html"),
    ("bib", "check", "records/a.json"),
    ("bib", "fetch", "records/a.json"),
    ("zenodo", "plan", "records/a.json"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_asks_the_same_settings_and_stops_the_project_once(site, reportgen, command):
    (site / "reportgen.toml").write_text('no_such_setting = "x"\n')
    (site.parent / "data" / "records" / "b.json").write_text(json.dumps(minimal()))
    ended = reportgen(*command, folder=site)
    assert ended.code == (2 if command[-1] == "--since" else 5)
    assert ended.err.count("there is no setting no_such_setting") == 1 + ("records" in command)


def test_a_project_on_the_written_path_wins_over_one_that_the_link_leads_to(site):
    data = site.parent / "data"
    assert project_root(site / "records") == site
    assert project_root(data / "records") is None
    (data / "reportgen.toml").write_text('id_prefix = "DATA"\n')
    assert find_settings(site / "records").id_prefix == "SITE"
    assert find_settings(data / "records").id_prefix == "DATA"


def test_a_written_path_without_settings_gets_those_that_the_link_leads_to(site):
    (site / "reportgen.toml").rename(site.parent / "data" / "reportgen.toml")
    assert find_settings(site / "records").root == site.parent / "data"


def test_what_climbs_behind_a_link_is_where_the_system_finds_it(site, monkeypatch):
    assert project_root(site / "records" / ".." / "records") is None
    assert project_root(site / "bib" / ".." / "records") == site
    monkeypatch.chdir(site / "bib")
    assert find_settings(site / ".." / "site" / "records").id_prefix == "SITE"


def test_a_record_is_watched_with_the_settings_of_the_path_that_it_was_found_by(site):
    record = site / "records" / "a.json"
    watching = Project([site / "records"], {})
    watching.update(frozenset())
    event = watching.build(record)
    assert event.problems == () or event.pdf is not None, event.problems
    assert event.pdf.parent == site / "out"
    nearer = site.parent / "data" / "records" / "reportgen.toml"
    for file in (site / "reportgen.toml", nearer):
        assert needs_of(record, {}, None).touched_by({file})
    assert not needs_of(record, {}, None).touched_by({site.parent / "data" / "reportgen.toml"})
    (site / "reportgen.toml").write_text("=")
    assert needs_of(record, {}, None).touched_by({site / "reportgen.toml"})


def test_a_record_reads_no_file_of_another_folder_through_the_link(site, reportgen):
    # The files that a record names stay in the folder that it really lies in: the link gives it no more.
    secret = site / "secret.csv"
    secret.write_text("text,verified\nA secret claim.,true\n")
    record = site / "records" / "a.json"
    for name in ("../secret.csv", "../../site/secret.csv"):
        record.write_text(json.dumps(minimal(claims={"file": name})))
        ended = reportgen("validate", "records", folder=site)
        assert (ended.code, "A secret claim" in ended.err) == (3, False)
        assert "leaves the record's project" in ended.err


def test_a_record_that_is_a_link_out_of_the_linked_folder_is_refused(site, reportgen):
    (site.parent / "secret.json").write_text(json.dumps(minimal(title="A secret")))
    (site / "records" / "b.json").symlink_to("../../secret.json")
    ended = reportgen("batch", "records", "-q", folder=site)
    assert (ended.code, "it lies outside" in ended.err) == (1, True)
