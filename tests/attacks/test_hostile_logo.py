"""Logos of strangers: each ends in a problem with its place, within bounds, and nothing is written."""

from __future__ import annotations

import os

import pytest

from fixtures import write_record
from logos import GOOD, HOSTILE
from reportgen.base.errors import SettingsError
from reportgen.base.settings import FILE_NAME, find_settings
from reportgen.pipeline.build import build_report


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    write_record(folder / "record.json")
    return folder


def refused(folder, name):
    (folder / FILE_NAME).write_text(f'[style]\nlogo = "{name}"\n')
    with pytest.raises(SettingsError) as caught:
        build_report(folder / "record.json", find_settings(folder))
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.pointer) == ("logo", "/style/logo")
    assert problem.where.file == str(folder / FILE_NAME)
    assert problem.hint
    assert list(folder.rglob("*.pdf")) == [folder / name] * name.endswith(".pdf")
    return problem.message


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_logo_is_a_problem_with_its_place(project, name):
    content, said = HOSTILE[name]
    (project / name).write_bytes(content)
    message = refused(project, name)
    assert said in message
    assert name in message


def test_a_pipe_is_not_waited_for(project):
    os.mkfifo(project / "logo.png")
    assert "not a regular file" in refused(project, "logo.png")


def test_a_link_out_of_the_project_is_not_followed(project):
    (project.parent / "secret.png").write_bytes(GOOD["grey.png"])
    (project / "logo.png").symlink_to(project.parent / "secret.png")
    assert "outside" in refused(project, "logo.png")


def test_a_path_out_of_the_project_is_not_followed(project):
    (project.parent / "secret.png").write_bytes(GOOD["grey.png"])
    assert "outside" in refused(project, "../secret.png")


def test_a_gigabyte_is_not_read(project):
    with (project / "logo.svg").open("wb") as file:
        file.truncate(1_000_000_000)
    assert "larger than 5 MB" in refused(project, "logo.svg")


def test_a_logo_that_is_not_there_is_named(project):
    assert "logo.svg cannot be read" in refused(project, "logo.svg")
