from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import yaml

from reportgen.analysis.validation import validate_record
from reportgen.base.errors import Level, OutputError
from reportgen.base.policy import Policy
from reportgen.base.settings import find_settings
from reportgen.cli.new_project import init_project
from reportgen.pipeline.build import build_report
from workflows import PACKAGES, check_workflow, installed, scripts


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


@pytest.fixture
def workflow(tmp_path):
    """Lay out a project and give the workflow that it gets."""
    init_project(tmp_path)
    return yaml.safe_load((tmp_path / ".github" / "workflows" / "reports.yml").read_text(encoding="utf-8"))


def test_its_workflow_is_one_that_github_reads(workflow):
    check_workflow(workflow)


def test_its_workflow_installs_what_run_installs(workflow):
    (packages,) = [installed(script) for script in scripts(workflow) if "apt-get" in script]
    assert packages == PACKAGES


def test_the_last_command_of_its_workflow_makes_what_is_uploaded(workflow, tmp_path, run):
    command = scripts(workflow)[-1].split()
    assert command[:2] == ["reportgen", "batch"]
    assert run(*command[1:], "--jobs", "1", cwd=tmp_path).code == 0
    upload = workflow["jobs"]["build"]["steps"][-1]["with"]["path"].split()
    assert [(tmp_path / path).exists() for path in upload] == [True, True]
    cached = next(step for step in workflow["jobs"]["build"]["steps"] if "cache" in step.get("uses", ""))
    assert upload[0] in cached["with"]["path"].split()


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
    assert caught.value.problems[0].level is Level.ERROR
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["example.json", "records"]


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        init_project(Path(tmp_path / "file"))
