"""Enough of GitHub's runner to run a workflow here: steps, caches, artifacts, and the expressions of its language."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ci_machine import Run, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parents[2]

_TOKEN = re.compile(r"\s*(?:(&&|\|\||==|!=|!|\(|\)|,)|'((?:[^']|'')*)'|([\w.*-]+))")
_PYTHON = {"&&": " and ", "||": " or ", "!": " not "}


def evaluate(expression: str, values: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Evaluate an expression of GitHub's by writing it as one of Python's."""
    text, written, at = expression.strip(), "", 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token, text[at:]
        at = token.end()
        sign, string, name = token.groups()
        if sign:
            written += _PYTHON.get(sign, sign)
        elif name and text[at : at + 1] == "(":
            written += f"functions[{name!r}]"
        elif name:
            written += f"look({name!r})"
        else:
            written += repr(string.replace("''", "'"))

    def look(name: str) -> Any:
        value: Any = values
        for part in name.split("."):
            value = value.get(part, "") if isinstance(value, dict) else ""
        return value

    return eval(written, {"functions": functions, "look": look})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


@dataclass
class Steps:
    """The steps of a job, or of an action that one of them uses, run one after the other."""

    run: Run
    inputs: Mapping[str, str]
    context: Mapping[str, Any]
    environment: dict[str, str]
    states: dict[str, Any] = field(default_factory=dict)
    failed: bool = False

    def follow(self, steps: list[dict[str, Any]]) -> None:
        for number, step in enumerate(steps):
            name = step.get("name") or step.get("uses") or step["run"]
            state = self.states.setdefault(step.get("id", f"step-{number}"), {"outputs": {}})
            if self._wanted(step.get("if", "success()")):
                ended = self._run_script(step, state) if "run" in step else self._use(step, state)
                state["outcome"] = "success" if ended else "failure"
                self.failed |= not ended
            else:
                state["outcome"] = "skipped"
            self.run.outcomes[name] = state["outcome"]

    def _wanted(self, condition: str) -> bool:
        inner = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition.strip(), flags=re.DOTALL)
        if not re.search(r"\b(success|failure|cancelled|always)\(", inner):
            inner = f"success() && ({inner})"
        return bool(self._evaluate(inner))

    def _evaluate(self, expression: str) -> Any:
        values = {**self.context, "inputs": dict(self.inputs), "steps": self.states}
        functions = {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "cancelled": lambda: False,
            "always": lambda: True,
            "startsWith": lambda text, start: str(text).startswith(str(start)),
            "format": lambda text, *given: text.format(*given),
            "hashFiles": self._hash_files,
        }
        return evaluate(expression, values, functions)

    def _hash_files(self, *patterns: str) -> str:
        work = self.run.machine.work
        files = sorted(
            path
            for pattern in patterns
            for path in work.glob(f"{pattern}/*" if pattern.endswith("**") else pattern)
            if path.is_file()
        )
        hashes = "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
        return hashlib.sha256(hashes.encode()).hexdigest() if files else ""

    def _filled(self, text: object) -> str:
        return re.sub(
            r"\$\{\{(.*?)\}\}",
            lambda found: _text(self._evaluate(found[1])),
            _text(text),
            flags=re.DOTALL,
        )

    def _run_script(self, step: Mapping[str, Any], state: dict[str, Any]) -> bool:
        folder = self.run.machine.folder
        (folder / "script").write_text(self._filled(step["run"]))
        files = {"GITHUB_OUTPUT": folder / "output", "GITHUB_PATH": folder / "path"}
        for file in files.values():
            file.write_text("")
        own = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        given = {**self.environment, **{name: str(path) for name, path in files.items()}, **own}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(folder / "script")]
        done = self.run.machine.run(command, given)
        self.run.log += done.stdout
        for line in files["GITHUB_OUTPUT"].read_text().splitlines():
            name, _, value = line.partition("=")
            state["outputs"][name] = value
        for line in files["GITHUB_PATH"].read_text().splitlines():
            before = self.environment.get("PATH", self.run.machine.environment()["PATH"])
            self.environment["PATH"] = f"{line}:{before}"
        return done.returncode == 0

    def _use(self, step: Mapping[str, Any], state: dict[str, Any]) -> bool:
        action = step["uses"].partition("@")[0]
        given = {name: self._filled(value) for name, value in step.get("with", {}).items()}
        if action.endswith("/reportgen"):
            return self._use_ours(given)
        _USED[action](self, given, state)
        return True

    def _use_ours(self, given: Mapping[str, str]) -> bool:
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        inputs = {name: str(each.get("default", "")) for name, each in action["inputs"].items()} | given
        environment = {**self.environment, "GITHUB_ACTION_PATH": str(ROOT)}
        inner = Steps(self.run, inputs, self.context, environment)
        inner.follow(action["runs"]["steps"])
        return not inner.failed

    def paths(self, text: str) -> dict[str, Path]:
        """Name the places that a step lists, a line each."""
        machine = self.run.machine
        home = str(machine.folder / "home")
        return {
            line: machine.work / re.sub("^~", home, line)
            for line in map(str.strip, text.splitlines())
            if line
        }


def _python(steps: Steps, _: Mapping[str, str], state: dict[str, Any]) -> None:
    state["outputs"]["python-path"] = str(steps.run.machine.programs / "python")


def _restore(steps: Steps, given: Mapping[str, str], state: dict[str, Any]) -> None:
    keys = [given["key"], *(line.strip() for line in given["restore-keys"].splitlines())]
    found = steps.run.machine.server.restore(keys, steps.paths(given["path"]))
    state["outputs"]["cache-matched-key"] = steps.run.matched = found


def _save(steps: Steps, given: Mapping[str, str], _: dict[str, Any]) -> None:
    steps.run.machine.server.save(given["key"], steps.paths(given["path"]))
    steps.run.saved = given["key"]


def _upload(steps: Steps, given: Mapping[str, str], _: dict[str, Any]) -> None:
    """Hand files out below the nearest folder that holds all of them; hidden ones are left behind."""
    paths = [path for path in steps.paths(given["path"]).values() if path.exists()]
    if not paths:
        return  # GitHub warns of that, no more
    machine = steps.run.machine
    above = paths[0] if len(paths) == 1 else Path(os.path.commonpath(paths))
    handed_out = machine.server.folder / f"artifact-{machine.server.runs}-{given['name']}"
    for path in (found for each in paths for found in ([each] if each.is_file() else each.rglob("*"))):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(above).parts):
            target = handed_out / path.relative_to(above)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    machine.server.artifacts[given["name"]] = handed_out


def _download(steps: Steps, given: Mapping[str, str], _: dict[str, Any]) -> None:
    target = steps.run.machine.work / given["path"]
    for name, folder in steps.run.machine.server.artifacts.items():
        if re.fullmatch(given["pattern"].replace("*", ".*"), name):
            shutil.copytree(folder, target / name)


_USED: Mapping[str, Callable[[Steps, Mapping[str, str], dict[str, Any]], None]] = {
    "actions/checkout": lambda *_: None,  # the caller lays out the files of the commit
    "actions/setup-python": _python,
    "actions/cache/restore": _restore,
    "actions/cache/save": _save,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
}


def run_job(server: Server, job: Mapping[str, Any], commit: Path, **contexts: Mapping[str, Any]) -> Run:
    """Run a job of a workflow on a new machine, for the files of a commit."""
    machine = server.machine()
    shutil.copytree(commit, machine.work, dirs_exist_ok=True)
    temp = machine.folder / "temp"
    context = {
        "runner": {"os": "Linux", "arch": "X64", "temp": str(temp)},
        "github": {"run_id": str(1000 + server.runs), "run_attempt": "1"},
        "vars": {"REPORTGEN": "git+https://example.org/reportgen@0123456"},
        **contexts,
    }
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(machine.work),
        "GITHUB_STEP_SUMMARY": str(machine.folder / "summary"),
        "RUNNER_TEMP": str(temp),
        "RUNNER_OS": "Linux",
        "RUNNER_ARCH": "X64",
    }
    run = Run(machine)
    Steps(run, {}, context, environment).follow(job["steps"])
    return run
