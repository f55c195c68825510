"""The workflows for CI live through weeks here: run step by step, on empty machines, with the real reportgen."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from junitparser import JUnitXml

import gitlab_runner
from ci_machine import Run, Server
from minimal_record import minimal
from reportgen.cli.new_project import WORKFLOWS, init_project
from workflow_runner import run_job
from workflows import PACKAGES, check_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[1]
HOW_TO = ROOT / "docs" / "how-to"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def workflow_of(folder: Path, ci: str) -> dict[str, Any]:
    return yaml.safe_load((folder / WORKFLOWS[ci]).read_text(encoding="utf-8"))


def shown(page: str, name: str) -> dict[str, Any]:
    """Read the workflow of a page that has a job of this name."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    blocks = [
        yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    ]
    (found,) = [block for block in blocks if name in block.get("jobs", block)]
    return found


@dataclass
class Project:
    """A repository of three small records, and the server that builds it."""

    folder: Path
    server: Server
    run: Callable[..., Run]

    def record(self, number: int, **changes: object) -> Path:
        path = self.folder / "records" / f"{number}.json"
        identity = f"{number:08x}-2222-4333-8444-555555555555"
        path.write_text(json.dumps(minimal(**{"id": identity, "title": f"Report number {number}"} | changes)))
        return path

    def ran(self, expected: str, *, ok: bool = True, **given: object) -> Run:
        """Run the workflow, and hold what it says of the reports against what is expected, such as ``built 3``."""
        run = self.run(self, **given)
        assert run.ok is ok, run.log
        (said,) = re.findall(r"^(.*warnings \d+, time) ", run.log, re.MULTILINE)
        counts = dict(re.findall(r"(built|unchanged|failed|skipped|left over|removed) (\d+)", said))
        assert counts == dict(each.rsplit(" ", 1) for each in expected.split(", ")), run.log
        return run


def on_github(project: Project, **contexts: Mapping[str, Any]) -> Run:
    job = workflow_of(project.folder, "github")["jobs"]["build"]
    return run_job(project.server, job, project.folder, **contexts)


def by_the_action(project: Project, **contexts: Mapping[str, Any]) -> Run:
    job = shown("ci-github-action.md", "reports")["jobs"]["reports"]
    return run_job(project.server, job, project.folder, **contexts)


def on_gitlab(project: Project, **given: str) -> Run:
    job = gitlab_runner.job_of(workflow_of(project.folder, "gitlab"), "reports")
    return gitlab_runner.run_job(project.server, job, project.folder, **given)


WAYS = {"github": on_github, "action": by_the_action, "gitlab": on_gitlab}


def new_project(folder: Path, way: str) -> Project:
    init_project(folder / "project", ci="gitlab" if way == "gitlab" else "github")
    settings = folder / "project" / "reportgen.toml"
    settings.write_text(settings.read_text().replace('"..."', '"House"'))
    (folder / "project" / "records" / "example.json").unlink()
    project = Project(folder / "project", Server(folder), WAYS[way])
    for number in (1, 2, 3):
        project.record(number)
    return project


@pytest.fixture(params=WAYS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    return new_project(tmp_path, request.param)


def handed_out(project: Project) -> set[str]:
    """Name the files of the newest artifact."""
    *_, folder = project.server.artifacts.values()
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def titles(project: Project) -> set[str]:
    return {match[1] for name in handed_out(project) if (match := re.search(r"-(\w+)\.pdf$", name))}


def test_a_project_lives_in_ci(project):
    first = project.ran("built 3")
    assert first.saved
    assert titles(project) == {"1", "2", "3"}
    second = project.ran("unchanged 3")
    assert second.matched == first.saved
    # One record is broken, another changed: what could be built is kept, and all is told.
    project.record(1, title=...)
    project.record(2, question="Does it hold in the second year?")
    failed = project.ran("built 1, unchanged 1, failed 1", ok=False)
    assert failed.saved
    assert {"results.xml", "reportgen-results.xml"} & handed_out(project)
    assert {name for name in handed_out(project) if "reportgen-state/" in name}
    results = next(failed.machine.work.glob("*results.xml"))
    assert (JUnitXml.fromfile(str(results)).failures, JUnitXml.fromfile(str(results)).tests) == (1, 3)
    # It is mended: nothing else is built again.
    project.record(1)
    project.ran("unchanged 3")
    # A tool is upgraded: all is built once, and the next run finds that.
    project.server.upgraded = ("pikepdf", "99.0")
    upgraded = project.ran("built 3")
    again = project.ran("unchanged 3")
    assert upgraded.saved
    assert again.matched == upgraded.saved


def test_the_report_of_a_deleted_record_is_handed_out_no_more(project):
    project.ran("built 3")
    (project.folder / "records" / "2.json").unlink()
    project.ran("unchanged 2, removed 1")
    assert titles(project) == {"1", "3"}
    project.ran("unchanged 2")


@pytest.fixture(params=["github", "action"])
def on_actions(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    return new_project(tmp_path, request.param)


def test_on_github_a_cache_is_saved_where_it_holds_something_new(on_actions):
    project = on_actions
    project.ran("built 3")
    assert project.ran("unchanged 3").saved == ""
    project.record(2, question="Does it hold in the second year?")
    project.ran("built 1, unchanged 2")
    # Back to what was there: GitHub finds the newest cache of a key's beginning, which is the one in between.
    project.record(2)
    project.ran("built 1, unchanged 2" if project.run is by_the_action else "unchanged 3")
    project.ran("unchanged 3")


def test_on_github_the_summary_is_shown_also_after_a_failure(on_actions):
    on_actions.record(1, title=...)
    run = on_actions.ran("built 2, failed 1", ok=False)
    assert "| built | failed |" in run.summary
    assert "1\\.json" in run.summary


def script_with(words: str, way: str, folder: Path) -> tuple[str, list[str]]:
    """Return the script of a way that has these words, and the shell that runs it."""
    init_project(folder, ci="gitlab" if way == "gitlab" else "github")
    if way == "gitlab":
        scripts = workflow_of(folder, way)[".reportgen"]["before_script"]
    elif way == "action":
        scripts = [step.get("run", "") for step in ACTION["runs"]["steps"]]
    else:
        scripts = [step.get("run", "") for step in workflow_of(folder, way)["jobs"]["build"]["steps"]]
    (script,) = [script for script in scripts if words in script]
    return script, ["sh", "-ec"] if way == "gitlab" else [
        "bash",
        "--noprofile",
        "--norc",
        "-eo",
        "pipefail",
        "-c",
    ]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("user", "lacks", "there", "expected"),
    [
        ("0", {"sudo"}, False, "apt-get"),
        ("1000", set(), False, "sudo"),
        ("1000", {"sudo"}, False, ""),
        ("0", {"apt-get"}, False, ""),
        ("0", {"dpkg-query"}, False, "apt-get"),
        ("0", set(), True, ""),
    ],
    ids=["in a container", "a runner", "nobody without sudo", "no apt", "no dpkg-query", "all is there"],
)
def test_tex_is_installed_where_it_can_be_and_must_be(user, lacks, there, expected, way, tmp_path):
    machine = Server(tmp_path).machine()
    if there:
        machine.program("dpkg-query", "printf installed\n")
    for name in lacks:
        (machine.programs / name).unlink()
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "env", "sh"):
        (tools / name).symlink_to(shutil.which(name))
    script, shell = script_with("dpkg-query", way, tmp_path / "project")
    path = f"{machine.programs}:{tools}"
    done = machine.run([tools / shell[0], *shell[1:], script], {"PATH": path, "AS_USER": user})
    assert done.returncode == 0, done.stdout
    calls = machine.calls()
    installs = [call for call in calls if call[0] == "apt-get" and "install" in call]
    assert [call[0] for call in calls[:1]] == ([expected] if expected else [])
    assert len(installs) == bool(expected)
    for call in installs:
        assert {word for word in call[2:] if not word.startswith("-")} == PACKAGES
    said = "" if expected else "TeX and fonts are there." if there else "Nothing can be installed here"
    assert said in done.stdout


@pytest.mark.parametrize("way", ["github", "gitlab"])
def test_which_reportgen_is_installed_is_said_or_asked_for(way, tmp_path):
    script, shell = script_with("requirements-reports.txt", way, tmp_path / "project")

    def installed(variable: str, code: int = 0) -> tuple[list[list[str]], str]:
        machine = Server(Path(tempfile.mkdtemp(dir=tmp_path))).machine()
        if (tmp_path / "requirements-reports.txt").exists():
            shutil.copy(tmp_path / "requirements-reports.txt", machine.work)
        given = {
            "REPORTGEN": variable,
            "RUNNER_TEMP": str(machine.folder / "temp"),
            "GITHUB_PATH": str(machine.folder / "path"),
            "CI_PROJECT_DIR": str(machine.work),
        }
        done = machine.run([*shell, script], given)
        assert done.returncode == code, done.stdout
        return [call for call in machine.calls() if call[0] == "pip"], done.stdout

    calls, said = installed("", code=1)
    assert calls == []
    assert re.search(r"requirements-reports\.txt.* REPORTGEN .*git\+https://", said)
    assert said.count("\n") == 1
    assert said.startswith("::error::") is (way == "github")
    assert installed("a wheel.whl; touch x")[0] == [["pip", "install", "a wheel.whl; touch x"]]
    (tmp_path / "requirements-reports.txt").write_text("reportgen-claims==1 --hash=sha256:00\n")
    assert installed("")[0] == [["pip", "install", "--requirement", "requirements-reports.txt"]]


def test_shards_on_gitlab_are_merged(tmp_path):
    project = new_project(tmp_path, "gitlab")
    pipeline = workflow_of(project.folder, "gitlab") | shown("ci-gitlab.md", "merge")
    shard, merge = (gitlab_runner.job_of(pipeline, name) for name in ("shard", "merge"))
    for index in range(1, shard["parallel"] + 1):
        given = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(shard["parallel"]), "CI_JOB_NAME": "shard"}
        run = gitlab_runner.run_job(project.server, shard, project.folder, **given)
        assert run.ok, run.log
    run = gitlab_runner.run_job(project.server, merge, project.folder, CI_JOB_NAME="merge")
    assert run.ok, run.log
    assert titles(project) == {"1", "2", "3"}
    check_schema(pipeline, "gitlab-ci")


def test_shards_on_github_are_merged(tmp_path):
    project = new_project(tmp_path, "action")
    jobs = shown("ci-github-action.md", "merge")["jobs"]
    matrix = jobs["shard"]["strategy"]["matrix"]["shard"]
    for index, shard in enumerate(matrix):
        contexts = {"matrix": {"shard": shard}, "strategy": {"job-index": index}}
        run = run_job(project.server, jobs["shard"], project.folder, **contexts)
        assert run.ok, run.log
    run = run_job(project.server, jobs["merge"], project.folder)
    assert run.ok, run.log
    assert titles(project) == {"1", "2", "3"}


@pytest.mark.long
def test_shards_in_a_plain_loop_are_merged(tmp_path):
    project = new_project(tmp_path, "gitlab")
    text = (HOW_TO / "a-year-in-ci.md").read_text(encoding="utf-8")
    (loop,) = re.findall(r"^```sh\n(for i in .*?)^```", text, re.DOTALL | re.MULTILINE)
    machine = project.server.machine()
    shutil.copytree(project.folder, machine.work, dirs_exist_ok=True)
    done = machine.run(
        ["sh", "-ec", loop], {"PATH": f"{machine.programs}/in-venv:{machine.environment()['PATH']}"}
    )
    assert done.returncode == 0, done.stdout
    assert len(list((machine.work / "out").glob("*.pdf"))) == 3
