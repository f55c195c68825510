from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from reportgen.build import build_report
from reportgen.errors import Level, OutputError
from reportgen.examine import validate_record
from reportgen.project import init_project
from reportgen.settings import find_settings


def test_a_new_project_compiles_without_a_warning(tmp_path):
    files = init_project(tmp_path / "mine")
    record = tmp_path / "mine" / "records" / "example.json"
    assert record in files
    settings = find_settings(record.parent)
    assert settings.root == tmp_path / "mine"
    assert validate_record(record, settings, strict=True) == []
    built = build_report(record, settings)
    assert built.pdf.parent == tmp_path / "mine" / "out"
    assert built.pdf.name.startswith("2026-01-15-0d2c5a8e-")
    assert built.problems == ()


def test_its_workflow_installs_what_the_doctor_asks_for(tmp_path):
    from reportgen.doctor import FACE_PACKAGES, TEX_FILES

    init_project(tmp_path)
    workflow = (tmp_path / ".github" / "workflows" / "reports.yml").read_text(encoding="utf-8")
    # What these two pull in by themselves need not be named.
    implied = {"texlive-latex-base", "texlive-base"}
    for package in {*FACE_PACKAGES.values(), *TEX_FILES.values()} - implied:
        assert package in workflow
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
