"""`reportgen zenodo` over many records: what it prints, what stops it, and what it ends with."""

from __future__ import annotations

import json

import pytest

from reportgen.record.registration import Stage, lock_path
from zenodo_fake import ZenodoFake
from zenodo_project import CORRECTION, Project, deposit_of, remember_reports


@pytest.fixture
def server(monkeypatch):
    with ZenodoFake() as fake:
        monkeypatch.setenv("ZENODO_URL", fake.url)
        monkeypatch.setenv("ZENODO_TOKEN", fake.alice)
        yield fake


@pytest.fixture
def project(tmp_path, monkeypatch, shared_folder):
    remember_reports(shared_folder / "reports", monkeypatch)
    return Project.lay_out(tmp_path / "project")


@pytest.fixture
def three(project):
    return [project.write(f"{number}.json", number) for number in (1, 2, 3)]


def stages(records):
    return [deposit_of(record).stage for record in records if lock_path(record).exists()]


def test_sync_makes_a_draft_for_every_record_and_publishes_none(project, three, server, run):
    ended = run("zenodo", "sync", project.root / "records")
    assert ended.code == 0
    assert stages(three) == [Stage.UPLOADED] * 3
    assert len(server.state.drafts) == 3
    assert server.state.records == {}
    assert [line.split()[0] for line in ended.out.splitlines() if not line.startswith(" ")] == list(
        map(str, three)
    )
    server.requests.clear()
    assert run("zenodo", "sync", project.root / "records").out.count("nothing to do") == 3
    assert {request.split()[0] for request in server.requests} == {"GET"}


def test_sync_publishes_when_told_to_up_to_the_cap(project, three, server, run):
    settings = project.root / "reportgen.toml"
    settings.write_text(settings.read_text() + "daily_cap = 2\n")
    ended = run("zenodo", "sync", project.root / "records", "--publish")
    assert ended.code == 15
    assert "zenodo-daily-cap" in ended.err
    assert stages(three) == [Stage.PUBLISHED, Stage.PUBLISHED, Stage.UPLOADED]


def test_sync_begins_a_new_version_where_the_record_has_one(project, server, run):
    record = project.write()
    assert run("zenodo", "sync", project.root / "records", "--publish").code == 0
    first = deposit_of(record)
    record.write_text(
        json.dumps(json.loads(record.read_text()) | {"version": "2", "corrections": [CORRECTION]})
    )
    ended = run("zenodo", "sync", project.root / "records")
    assert "began version 2" in ended.out
    assert deposit_of(record).previous == (first.doi,)
    assert (deposit_of(record).stage, len(server.state.records)) == (Stage.UPLOADED, 1)


def test_a_record_that_fails_stops_none_of_the_others(three, server, run):
    three[1].write_text("{")
    ended = run("zenodo", "upload", *three)
    assert ended.code == 3
    assert stages(three) == [Stage.UPLOADED] * 2
    assert str(three[1]) in ended.err


def test_two_records_with_one_name_of_their_report_do_not_overwrite_each_other(project, server, run):
    settings = project.root / "reportgen.toml"
    settings.write_text('name_pattern = "report.pdf"\n' + settings.read_text())
    records = [project.write(f"{number}.json", number) for number in (1, 2)]
    ended = run("zenodo", "upload", *records)
    assert ended.code == 9
    assert "name-taken" in ended.err
    assert stages(records) == [Stage.UPLOADED, Stage.RESERVED]


def test_a_wrong_token_stops_all_at_once_and_is_not_shown(three, server, run, monkeypatch):
    monkeypatch.setenv("ZENODO_TOKEN", "a-token-that-is-wrong")
    ended = run("zenodo", "reserve", *three)
    assert ended.code == 13
    assert ended.err.count("token-refused") == 1
    assert "a-token-that-is-wrong" not in ended.err + ended.out
    assert not list(three[0].parent.glob("*zenodo*"))
    monkeypatch.delenv("ZENODO_TOKEN")
    server.requests.clear()
    ended = run("zenodo", "reserve", *three)
    assert (ended.code, ended.err.count("token-missing")) == (13, 1)
    assert server.requests == []


def test_an_unusable_token_stops_the_commands_that_only_look_too(three, server, run, monkeypatch):
    monkeypatch.setenv("ZENODO_TOKEN", "two words")
    ended = run("zenodo", "status", *three)
    assert (ended.code, ended.err.count("token-malformed")) == (13, 1)
    assert "two words" not in ended.err


def test_a_plain_http_address_is_refused(three, server, run):
    ended = run("zenodo", "reserve", three[0], "--url", "http://repository.example.org/api")
    assert ended.code == 5
    assert "not https" in ended.err


def test_json_for_programs(project, three, server, run):
    three[1].write_text("{")
    ended = run("zenodo", "upload", *three, "--format", "json", "-o", project.root / "pdf")
    results = json.loads(ended.out)
    assert ended.err == ""
    assert [result["ok"] for result in results] == [True, False, True]
    deposit = deposit_of(three[0])
    first = results[0]
    assert first["record"] == str(three[0])
    assert (first["stage"], first["doi"], first["sandbox"]) == ("uploaded", deposit.doi, True)
    assert first["url"].endswith(f"/uploads/{deposit.draft}")
    assert first["pdf"].startswith(str(project.root / "pdf"))
    assert f"made the draft {deposit.draft}" in first["done"]
    assert {problem["level"] for problem in first["problems"]} == {"warning"}
    assert results[1]["problems"][0]["level"] == "error"
    assert run("zenodo", "plan", three[0], "--format", "json").code == 0


def test_plan_in_json_holds_the_metadata_and_status_holds_none(three, server, run):
    (plan,) = json.loads(run("zenodo", "plan", three[0], "--format", "json").out)
    assert plan["metadata"]["metadata"]["title"] == "Calibration of small classifiers"
    assert (plan["stage"], plan["doi"]) == (None, "")
    (status,) = json.loads(run("zenodo", "status", three[0], "--format", "json").out)
    assert "metadata" not in status


def test_a_record_cannot_steer_the_terminal(project, server, run):
    record = project.write("\x1b[31mred.json")
    ended = run("zenodo", "reserve", record)
    assert ended.code == 0
    assert "\x1b[31m" not in ended.out


@pytest.mark.parametrize("command", [["publish"], ["discard"]])
def test_what_cannot_be_undone_asks_for_a_yes(three, server, run, command):
    ended = run("zenodo", *command, three[0])
    assert ended.code == 2
    assert "--yes" in ended.err
    assert server.requests == []
