"""The files for users of continuous integration: each is read, and where it can be run, run, by what will read it."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
import yaml
from junitparser import JUnitXml
from pre_commit.clientlib import load_manifest

from minimal_record import minimal
from workflows import PACKAGES, check_commits, check_schema, check_workflow, commands, installed

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
SCRIPTS = [step for step in STEPS.values() if "run" in step]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
BIN = Path(sys.executable).parent


class Runner:
    """The part of GitHub's runner that a step of shell sees: its folders, its files and its environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "workspace"
        self.temp = folder / "temp"
        self.bin = folder / "bin"
        for each in (self.folder, self.temp / "reportgen" / "bin", self.bin):
            each.mkdir(parents=True)
        self.output = folder / "output"
        self.summary = folder / "summary"
        self.calls = folder / "calls"

    def program(self, path: Path, then: str = "") -> None:
        """Make a program that writes down its arguments, one a line and each in brackets."""
        path.write_text(
            f'#!/bin/sh\nprintf "[%s]\\n" "${{0##*/}}" "$@" >>"{self.calls}"\n{then}\n', encoding="utf-8"
        )
        path.chmod(0o755)

    def real(self) -> None:
        """Put the reportgen of this environment where the action installs its own."""
        tool = self.temp / "reportgen" / "bin" / "reportgen"
        tool.unlink()
        tool.symlink_to(BIN / "reportgen")

    def called(self) -> list[str]:
        text = self.calls.read_text()
        self.calls.unlink()
        return re.findall(r"\[((?:.|\n)*?)\]\n", text)

    def run(self, name: str, code: int = 0, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the script of a step as the runner does, with values for what it takes from expressions."""
        step = STEPS[name]
        assert step["shell"] == "bash"
        assert inputs.keys() <= step.get("env", {}).keys()
        defaults = {
            key: str(ACTION["inputs"].get(_input(value), {}).get("default", ""))
            for key, value in step.get("env", {}).items()
        }
        script = self.folder.parent / "step.sh"
        script.write_text(step["run"])
        environment = {
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_PATH": str(self.temp / "path"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.folder),
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            **defaults,
            "REPORTGEN_CACHE": os.environ["REPORTGEN_CACHE"],
            "MPLCONFIGDIR": mpl.get_configdir(),
            **inputs,
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done


def _input(expression: str) -> str:
    found = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", expression)
    return found[1] if found else ""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    runner = Runner(tmp_path)
    runner.program(runner.temp / "reportgen" / "bin" / "reportgen")
    return runner


def test_the_action_is_one_that_github_reads():
    check_schema(ACTION, "github-actions")
    check_commits((ROOT / "action.yml").read_text())
    assert SCRIPTS
    for step in STEPS.values():
        assert ("uses" in step) != ("shell" in step)


def test_no_input_is_pasted_into_a_script():
    for step in SCRIPTS:
        assert "${{" not in step["run"], step["name"]


def test_every_input_is_used_and_described():
    text = (ROOT / "action.yml").read_text()
    used = set(re.findall(r"\binputs\.([\w-]+)", text))
    assert used == ACTION["inputs"].keys()
    page = (ROOT / "docs" / "how-to" / "ci-github-action.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)
    assert rows == list(ACTION["inputs"])


MAKE_VENV = """
[ "${0##*/}" = python ] || exit 0
for folder; do :; done
mkdir -p "$folder/bin"
cp "$0" "$folder/bin/pip"
cp "$0" "$folder/bin/uv"
"""


@pytest.mark.parametrize(
    ("inputs", "package", "locked"),
    [
        ({}, str(ROOT), True),
        ({"EXTRAS": "parquet"}, f"{ROOT}[parquet]", True),
        ({"PACKAGE": "$(touch pwned); x y.whl"}, "$(touch pwned); x y.whl", False),
    ],
)
def test_the_action_installs_itself_or_what_is_asked(inputs, package, locked, runner):
    runner.program(runner.bin / "python", MAKE_VENV)
    runner.run("Install reportgen", PYTHON=str(runner.bin / "python"), **inputs)
    calls = runner.called()
    uv = calls[calls.index("uv") :]
    assert uv[:3] == ["uv", "pip", "install"]
    assert uv[-2:] == ["--", package]
    assert ("--constraints" in uv) is locked
    assert not list(runner.folder.iterdir())
    assert (runner.temp / "path").read_text() == f"{runner.temp}/reportgen/bin\n"


def test_the_cache_is_named_by_what_a_job_builds(runner):
    for shard in ("1/2", "2/2", "1/2\nprefix=evil", "1/2"):
        runner.run("Name the cache", SHARD=shard)
    lines = runner.output.read_text().splitlines()
    assert all(re.fullmatch(r"prefix=reportgen-Linux-X64-[0-9a-f]{16}-", line) for line in lines)
    assert len(lines) == 4
    assert len(set(lines)) == 3


def test_inputs_become_options(runner):
    summary = str(runner.temp / "reportgen-summary.md")
    runner.run("Build reports")
    assert runner.called() == [
        *("reportgen", "batch", "--output", "out", "--report", summary),
        *("--report", "reportgen-results.xml", "--prune", "--yes", "--", "records"),
    ]
    runner.run("Build reports", PRUNE="false")
    assert "--prune" not in runner.called()
    runner.run(
        "Build reports",
        RECORDS="a b\n\n--help\n$(touch pwned)*.json",
        OUTPUT="my out",
        JOBS="3 *",
        SHARD="1/2 3",
        CHANGED_SINCE="main; touch pwned",
        CHECK="true",
        STRICT="true",
        TRUST_TEMPLATES="true",
        REQUIRE_SANDBOX="true",
        REPORT="",
    )
    assert runner.called() == [
        *("reportgen", "batch", "--output", "my out", "--report", summary),
        *("--jobs", "3 *", "--shard", "1/2 3", "--changed-since", "main; touch pwned", "--check", "--strict"),
        *("--trust-templates", "--require-sandbox"),
        *("--", "a b", "--help", "$(touch pwned)*.json"),
    ]
    assert not list(runner.folder.iterdir())


def test_a_failed_batch_fails_the_step_and_its_state_is_named(runner):
    tool = runner.temp / "reportgen" / "bin" / "reportgen"
    runner.program(tool, "mkdir -p out/reportgen-state; echo '{}' >out/reportgen-state/a.json; exit 1")
    runner.run("Build reports", code=1)
    assert re.fullmatch(r"state=[0-9a-f]{16}-\n", runner.output.read_text())


def test_a_job_builds_reports_once_and_sums_them_up(runner):
    runner.real()
    (runner.folder / "records").mkdir()
    (runner.folder / "records" / "a.json").write_text(json.dumps(minimal()))
    for status in ("built", "unchanged"):
        runner.run("Build reports", JOBS="1")
        runner.run("Summarise")
        assert f"\n| {status} | warnings |\n| ---: | ---: |\n| 1 | " in runner.summary.read_text()
        runner.summary.unlink()
    (pdf,) = (runner.folder / "out").glob("*.pdf")
    assert JUnitXml.fromstring((runner.folder / "reportgen-results.xml").read_bytes()).tests == 1
    first, second = runner.output.read_text().splitlines()
    assert first == second
    pdf.unlink()
    runner.run("Build reports", code=1, CHECK="true")
    assert not pdf.exists()


def test_a_record_gives_the_runner_no_command(runner):
    runner.real()
    (runner.folder / "records").mkdir()
    fields = {"##[set-output name=report;]x": 1, "\n::add-mask::x": 2, "\r##[add-mask]y": 3}
    (runner.folder / "records" / "a.json").write_text(json.dumps(minimal(**fields), indent=1))
    done = runner.run("Build reports", code=1, JOBS="1")
    found = commands(f"{done.stdout}\n{done.stderr}")
    assert {name for name, _, _ in found} == {"error"}
    assert {values["file"] for _, values, _ in found} == {"records/a.json"}
    assert len(found) == len(fields)
    runner.run("Summarise")
    assert "records\\/a\\.json" in runner.summary.read_text()


def test_without_a_summary_the_step_is_content(runner):
    runner.run("Summarise")
    assert not runner.summary.exists()
    (runner.temp / "reportgen-summary.md").write_text("### Reports\n")
    runner.run("Summarise")
    assert runner.summary.read_text() == "### Reports\n"


def test_what_is_restored_is_what_is_kept():
    restore, keep = STEPS["Restore reports and cache"], STEPS["Keep reports and cache"]
    assert restore["with"]["path"] == keep["with"]["path"]
    assert keep["with"]["key"].startswith(restore["with"]["restore-keys"])
    assert STEPS["Build reports"]["env"]["REPORTGEN_CACHE"] in restore["with"]["path"]
    # A check looks at the PDFs of the repository, so none may come from elsewhere.
    for step in (restore, keep, STEPS["Name the cache"]):
        assert "inputs.check != 'true'" in step["if"]


HOOKS = {hook["id"]: hook for hook in load_manifest(ROOT / ".pre-commit-hooks.yaml")}


class Clone:
    """A repository with records, and beside it one that offers our hooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.environment = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": os.environ["HOME"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PRE_COMMIT_HOME": str(folder / "cache"),
            "REPORTGEN_CACHE": os.environ["REPORTGEN_CACHE"],
            **{f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        hooks = folder / "hooks"
        hooks.mkdir()
        text = (ROOT / ".pre-commit-hooks.yaml").read_text()
        # An environment for Python would be fetched; the one that runs this test has the same reportgen.
        (hooks / ".pre-commit-hooks.yaml").write_text(text.replace("language: python", "language: system"))
        for file, value in (("records/a.json", minimal()), ("other/b.json", {"not": "a record"})):
            (self.folder / file).parent.mkdir(parents=True)
            (self.folder / file).write_text(json.dumps(value))
        revision = self.commit(hooks)
        config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": name} for name in HOOKS]}]}
        (self.folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
        self.commit(self.folder)

    def call(self, *command: str, cwd: Path | None = None, code: int | None = 0) -> str:
        done = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def commit(self, folder: Path) -> str:
        for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
            self.call("git", *command, cwd=folder)
        return self.call("git", "rev-parse", "HEAD", cwd=folder).strip()

    def hook(self, name: str, *, code: int = 0) -> str:
        return self.call("pre-commit", "run", name, "--all-files", "--verbose", code=code)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_the_hook_validates_records_and_nothing_else(clone):
    assert "1 of 1 record can be compiled" in clone.hook("reportgen-validate")
    (clone.folder / "records" / "a.json").write_text(json.dumps(minimal(title=...)))
    said = clone.hook("reportgen-validate", code=1)
    assert "records/a.json" in said
    assert "error[missing-field]" in said


CLAIM = "text,verified\nA claim.,true\n"
ENTRY = "@misc{a, title={A}, url={https://example.org/}}\n"
BROKEN = [
    ("records/claims.csv", CLAIM, "text\nA claim.,true,1\n"),
    ("records/b.yaml", "", "id: [\n"),
    ("figures/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "no picture"),
    ("reportgen.toml", "", "no_such_setting = 1\n"),
    ("references.lock.json", '{"schema": "reportgen-references-v1", "references": {}}', "{"),
    ("bib/a.bib", ENTRY, ENTRY.replace("@misc", "@misc{b, title={", 1)),
]


@pytest.mark.parametrize(("name", "good", "broken"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_the_hook_runs_where_only_a_file_that_records_are_built_from_is_staged(clone, name, good, broken):
    exhibits = {
        "tables": [],
        "figures": [{"id": "fig-a", "file": "../figures/a.svg", "caption": "A.", "alt": "A."}],
    }
    files = {file: text for file, text, _ in BROKEN if file != "records/b.yaml"}
    for file, text in files.items():
        (clone.folder / file).parent.mkdir(exist_ok=True)
        (clone.folder / file).write_text(text)
    record = minimal(
        claims={"file": "claims.csv"}, sections=[{"title": "A", "text": "See @fig-a, [@a]."}], **exhibits
    )
    (clone.folder / "records" / "a.json").write_text(json.dumps(record))
    clone.commit(clone.folder)
    clone.hook("reportgen-validate")
    (clone.folder / name).write_text(broken)
    clone.call("git", "add", name)
    said = clone.call("pre-commit", "run", "reportgen-validate", "--verbose", code=1)
    assert "no files to check" not in said
    assert "error[" in said


def test_the_hook_leaves_what_lies_beside_records_alone(clone):
    for name in ("b.zenodo.json", "references.lock.json", "record.schema.json"):
        (clone.folder / "records" / name).write_text("{}")
    clone.call("git", "add", "records")
    said = clone.call("pre-commit", "run", "reportgen-validate", "--verbose")
    assert "1 of 1 record can be compiled" in said


def test_the_hook_for_bibliographies_checks_all_of_the_project(clone):
    (clone.folder / "bib").mkdir()
    (clone.folder / "bib" / "a.bib").write_text(ENTRY)
    clone.commit(clone.folder)
    assert "0 warnings in" in clone.hook("reportgen-bib")
    (clone.folder / "bib" / "b.bib").write_text(ENTRY)
    clone.call("git", "add", "bib")
    said = clone.call("pre-commit", "run", "reportgen-bib", code=1)
    assert "bib/b.bib:1: error[bib-duplicate-key]" in said
    clone.commit(clone.folder)
    (clone.folder / "records" / "a.json").write_text(json.dumps(minimal(title="Another title of the report")))
    clone.call("git", "add", "records")
    assert "no files to check" in clone.call("pre-commit", "run", "reportgen-bib")


def test_the_hook_tells_what_is_out_of_date(clone):
    assert "records/a.json" in clone.hook("reportgen-check", code=1)
    clone.call("reportgen", "batch", "records", "--jobs", "1")
    clone.hook("reportgen-check")
    (clone.folder / "records" / "a.json").write_text(json.dumps(minimal(title="Another title of the report")))
    assert "the record changed" in clone.hook("reportgen-check", code=1)


def test_the_hook_for_reports_passes_in_a_clone_of_what_was_committed(clone, tmp_path):
    clone.call("reportgen", "batch", "records", "--jobs", "1")
    clone.call("git", "add", "out")
    assert "no files to check" not in clone.call("pre-commit", "run", "reportgen-check")
    clone.commit(clone.folder)
    clone.call("git", "clone", "--quiet", str(clone.folder), str(tmp_path / "elsewhere"))
    clone.folder = tmp_path / "elsewhere"
    clone.hook("reportgen-check")


def test_the_hooks_look_at_what_a_report_is_made_from():
    made_from = [
        "records/a.json",
        "records/b.yaml",
        "records/claims.csv",
        "records/a.zenodo.json",
        "bib/a.bib",
    ]
    made_from += ["figures/a.png", "tables/a.csv", "data/a.parquet", "locale/en.toml", "reportgen.toml"]
    made_from += ["references.lock.json", "sub/reportgen.toml"]
    assert HOOKS.keys() == {"reportgen-validate", "reportgen-bib", "reportgen-check"}
    for name, more in (
        ("reportgen-validate", []),
        ("reportgen-check", ["templates/latex/claim.tex.j2", "out/a.pdf"]),
    ):
        files = re.compile(HOOKS[name]["files"])
        assert [file for file in [*made_from, *more] if not files.search(file)] == ["sub/reportgen.toml"]
        assert not files.search("src/records/a.json")
    for hook in HOOKS.values():
        assert hook["pass_filenames"] is False
        assert hook["require_serial"] is True


DOCKERFILE = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
STAGES = [
    [line.split(None, 1) for line in re.sub(r"\\\n\s*", "", stage).splitlines() if line]
    for stage in re.split(r"^(?=FROM )", DOCKERFILE, flags=re.MULTILINE)
    if stage
]


def test_the_image_installs_what_run_installs():
    first, last = ([rest for word, rest in stage if word == "RUN" and "apt-get" in rest] for stage in STAGES)
    assert installed(first[0]) == {"python3-venv"}
    assert installed(last[0]) == PACKAGES | {"python3"}
    assert {rest.split()[0] for stage in STAGES for word, rest in stage if word == "FROM"} == {
        "debian:bookworm-slim"
    }


def test_the_image_runs_reportgen_as_nobody_special():
    last = dict(STAGES[-1])
    words = [word for word, _ in STAGES[-1]]
    assert json.loads(last["ENTRYPOINT"]) == ["reportgen"]
    assert last["USER"] == "reportgen"
    assert "RUN" not in words[words.index("USER") :]
    (made,) = [rest for word, rest in STAGES[-1] if word == "RUN" and "useradd" in rest]
    environment = dict(pair.split("=", 1) for pair in last["ENV"].split())
    assert f"--mode=1777 {environment['REPORTGEN_CACHE']}" in made


def test_the_image_gets_all_that_the_package_is_made_from(tmp_path):
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    kept = {pattern[1:] for pattern in patterns if pattern.startswith("!")}
    copied = {source for word, rest in STAGES[0] if word == "COPY" for source in rest.split()[:-1]}
    assert patterns[patterns.index("*") - 1].startswith("#")
    assert copied == kept
    for source in copied:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, tmp_path)
    subprocess.run(
        [BIN / "hatchling", "build", "--target", "wheel"], cwd=tmp_path, check=True, capture_output=True
    )
    (wheel,) = (tmp_path / "dist").iterdir()
    assert fnmatch.fnmatch(wheel.name, "reportgen_claims-*.whl")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def test_every_option_of_batch_is_explained():
    from reportgen.cli.batch import batch_command

    page = (ROOT / "docs" / "how-to" / "batch.md").read_text()
    options = {
        option for parameter in batch_command.params[1:] for option in parameter.opts if "--" in option
    }
    assert {option for option in options if f"`{option}" not in page} == set()


def test_the_pages_show_workflows_that_github_reads():
    texts = [block for page in DOCS for block in blocks(page, "yaml")]
    shown = [yaml.safe_load(block) for block in texts]
    workflows = [value for value in shown if "jobs" in value]
    hooks = [hook for value in shown if "repos" in value for repo in value["repos"] for hook in repo["hooks"]]
    assert len(workflows) >= 2
    for text, value in zip(texts, shown, strict=True):
        if "jobs" in value:
            check_workflow(text)
    used = [
        step["with"]
        for workflow in workflows
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "/reportgen@" in step.get("uses", "")
    ]
    assert used
    assert {name for inputs in used for name in inputs} <= ACTION["inputs"].keys()
    assert {hook["id"] for hook in hooks} == HOOKS.keys()


@pytest.mark.parametrize("page", [*DOCS, ROOT / "README.md"], ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / target).exists(), target
