from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from reportgen.analysis.validation import validate_record
from reportgen.base.errors import Level, OutputError
from reportgen.base.policy import Policy
from reportgen.base.settings import find_settings
from reportgen.cli.editor import SCHEMA_NAME
from reportgen.cli.new_project import init_project
from reportgen.pipeline.build import build_report
from reportgen.record import json_schema, read_record
from reportgen.record.model import Stance, Verdict
from workflows import check_schema, check_workflow


def test_a_new_project_compiles_and_asks_for_the_publisher_alone(tmp_path):
    files = init_project(tmp_path / "mine")
    record = tmp_path / "mine" / "records" / "example.json"
    assert record in files
    settings = find_settings(record.parent)
    assert settings.root == tmp_path / "mine"
    assert settings.policy.name == "plain"
    assert [problem.code for problem in validate_record(record, settings)] == ["publisher-unset"]
    text = (tmp_path / "mine" / "reportgen.toml").read_text()
    (tmp_path / "mine" / "reportgen.toml").write_text(text.replace('"..."', '"Example Group"'))
    settings = find_settings(record.parent)
    assert validate_record(record, settings, strict=True) == []
    built = build_report(record, settings)
    assert built.pdf.parent == tmp_path / "mine" / "out"
    assert built.pdf.name.startswith("2026-01-15-0d2c5a8e-")
    assert built.problems == ()


def test_an_editor_can_complete_and_explain_its_records(tmp_path):
    files = {path.relative_to(tmp_path).as_posix(): path for path in init_project(tmp_path)}
    record = files["records/example.json"]
    example = json.loads(record.read_text(encoding="utf-8"))
    assert (record.parent / example["$schema"]).samefile(files[SCHEMA_NAME])
    schema = json.loads(files[SCHEMA_NAME].read_text(encoding="utf-8"))
    assert schema == json_schema()
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    checker.validate(example)
    settings = json.loads(files[".vscode/settings.json"].read_text(encoding="utf-8"))
    (of_json,) = settings["json.schemas"]
    assert (tmp_path / of_json["url"]).samefile(files[SCHEMA_NAME])
    assert [(tmp_path / url).samefile(files[SCHEMA_NAME]) for url in settings["yaml.schemas"]] == [True]
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob(of_json["fileMatch"][0][1:])} == {
        "records/example.json"
    }


def test_its_record_shows_the_main_abilities(tmp_path):
    init_project(tmp_path)
    loaded = read_record(tmp_path / "records" / "example.json")
    record = loaded.record
    assert all([record.summary, record.abstract, record.limitations, record.search, record.figures])
    text = "".join(section.text for section in record.sections)
    assert all(part in text for part in ("$$", "|---", "{#tbl-", "[@example2024", "@fig-", "[@claim-"))
    assert {claim.verdict for claim in record.claims} == set(Verdict) - {Verdict.NOT_CHECKED}
    assert {each.stance for claim in record.claims for each in claim.evidence} >= {
        Stance.SUPPORTS,
        Stance.CONTRADICTS,
    }
    assert any(author.roles for author in record.authors)
    assert len(loaded.source.raw) < 5000


def test_an_existing_project_gets_what_its_editor_lacks(run, tmp_path):
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode" / "settings.json").write_text("{}")
    ended = run("init", ".", "--editor", cwd=tmp_path)
    assert ended.code == 0
    assert ended.out.splitlines() == [SCHEMA_NAME, ".vscode/extensions.json"]
    assert ended.err == ".vscode/settings.json is there already and was left as it is\n"
    assert (tmp_path / ".vscode" / "settings.json").read_text() == "{}"
    again = run("init", ".", "--editor", cwd=tmp_path)
    assert (again.code, again.out, again.err.count("left as it is")) == (0, "", 3)


def test_no_file_is_written_through_a_link_that_leads_out(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".vscode").symlink_to(tmp_path / "outside")
    with pytest.raises(OutputError, match="outside"):
        init_project(tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_its_workflow_is_one_that_github_reads(tmp_path):
    init_project(tmp_path)
    text = (tmp_path / ".github" / "workflows" / "reports.yml").read_text(encoding="utf-8")
    check_workflow(text)
    steps = yaml.safe_load(text)["jobs"]["build"]["steps"]
    restore, keep = (
        [step for step in steps if f"cache/{what}" in step.get("uses", "")] for what in ("restore", "save")
    )
    assert restore[0]["with"]["path"] == keep[0]["with"]["path"]


def test_its_pipeline_is_one_that_gitlab_reads(run, tmp_path):
    ended = run("init", ".", "--ci", "gitlab", cwd=tmp_path)
    assert ".gitlab-ci.yml" in ended.out.splitlines()
    assert not (tmp_path / ".github").exists()
    pipeline = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    check_schema(pipeline, "gitlab-ci")
    assert {"out/", "results.xml"} == set(pipeline["reports"]["artifacts"]["paths"])


def test_it_needs_no_server(run, tmp_path):
    assert run("init", ".", "--ci", "none", cwd=tmp_path).code == 0
    assert not {".github", ".gitlab-ci.yml"} & {path.name for path in tmp_path.iterdir()}


def test_its_policy_is_chosen(tmp_path):
    init_project(tmp_path, "assignee")
    assert find_settings(tmp_path).policy == Policy()


def test_its_settings_can_be_read(tmp_path):
    init_project(tmp_path)
    tomllib.loads((tmp_path / "reportgen.toml").read_text(encoding="utf-8"))


def test_nothing_that_exists_is_touched(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "example.json").write_text(json.dumps({"mine": 1}))
    with pytest.raises(OutputError, match="exist already") as caught:
        init_project(tmp_path)
    (problem,) = caught.value.problems
    assert problem.level is Level.ERROR
    assert (
        "nothing was written, neither records/figures/reliability.svg, bib/references.bib" in problem.message
    )
    assert f"`reportgen init {tmp_path} --editor`" in problem.hint
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["example.json", "records"]


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        init_project(Path(tmp_path / "file"))
