"""What people are told where no walls stand: once a run, and by doctor why."""

from __future__ import annotations

import pytest

from batch_project import Project, make_quickly
from reportgen.base import programs
from reportgen.base.errors import Level, Problem, Where
from reportgen.cli import findings
from reportgen.pdf.typeset import walls
from reportgen.pipeline.batch import pool

WARNING = Problem("no-sandbox", Level.WARNING, Where(), "TeX runs without a sandbox: why", "what to do")


def built_without_walls(level: Level):
    def build(task):
        from dataclasses import replace

        result = make_quickly(task)
        return replace(result, problems=(*result.problems, replace(WARNING, level=level)))

    return build


def said(outcomes):
    return [sum(problem.code == "no-sandbox" for problem in outcome.problems) for outcome in outcomes]


@pytest.mark.parametrize("jobs", [1])
def test_a_batch_says_once_that_there_are_no_walls_and_no_report_keeps_it(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "build_one", built_without_walls(Level.WARNING))
    project = Project.lay_out(tmp_path, records=3)
    assert said(project.batch()) == [1, 0, 0]
    assert said(project.batch()) == [0, 0, 0]


@pytest.fixture
def refused(monkeypatch, tmp_path):
    """A machine whose bubblewrap is installed and may not work, with the switches that a test sets."""
    monkeypatch.setattr(findings, "walls_fault", lambda: "bubblewrap says: Permission denied")
    monkeypatch.setattr(programs, "find_program", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(findings, "SYSCTLS", tmp_path)
    return tmp_path


def finding():
    (found,) = [each for each in (findings._sandbox(),) if each.name == "sandbox"]
    assert not found.ok
    assert not found.needed
    assert "Permission denied" in found.detail
    return found


@pytest.mark.parametrize(
    ("switch", "value", "remedy"),
    [
        pytest.param(
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "/etc/apparmor.d/bwrap",
            id="apparmor-names-the-profile",
        ),
        pytest.param(
            "kernel/unprivileged_userns_clone",
            "0",
            "sysctl kernel.unprivileged_userns_clone=1",
            id="a-switch-that-is-off-is-named",
        ),
        pytest.param(
            "user/max_user_namespaces",
            "0",
            "sysctl user.max_user_namespaces=10000",
            id="a-bound-of-0-is-named",
        ),
        pytest.param(
            "kernel/other", "1", "--security-opt seccomp=unconfined", id="else-a-container-is-thought-of"
        ),
    ],
)
def test_doctor_says_what_lets_bubblewrap_work(switch, value, remedy, refused):
    (refused / switch).parent.mkdir()
    (refused / switch).write_text(f"{value}\n")
    assert remedy in finding().remedy


def test_doctor_says_which_walls_stand():
    detail = findings._sandbox().detail
    assert "no network" in detail or "without walls" in detail


def test_doctor_says_that_bubblewrap_is_missing(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(findings, "walls_fault", lambda: "bubblewrap is not installed")
    assert findings._sandbox().things == ("bwrap",)


@pytest.mark.parametrize(("platform", "name"), [("darwin", "macOS"), ("win32", "Windows")])
def test_doctor_says_where_there_can_be_no_walls(platform, name, monkeypatch):
    monkeypatch.setattr("sys.platform", platform)
    walls.walls_fault.cache_clear()
    try:
        found = findings._sandbox()
    finally:
        walls.walls_fault.cache_clear()
    assert (found.ok, found.things) == (False, ())
    assert f"this is {name}" in found.detail
    assert "Linux" in found.remedy
