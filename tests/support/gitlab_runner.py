"""Enough of GitLab's runner to run a job of `.gitlab-ci.yml` here, in a plain shell on an empty machine."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

from ci_machine import Machine, Run, Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def job_of(pipeline: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a job with what it takes from those that it extends."""
    job = pipeline[name]
    above = job_of(pipeline, job["extends"]) if "extends" in job else {}
    variables = {**above.get("variables", {}), **job.get("variables", {})}
    return {**above, **job, "variables": variables}


def run_job(server: Server, job: Mapping[str, Any], commit: Path, **given: str) -> Run:
    """Run a job: restore its cache, run its scripts as one, keep cache and artifacts as the job says."""
    machine = server.machine()
    shutil.copytree(commit, machine.work, dirs_exist_ok=True)
    known = {
        "CI_PROJECT_DIR": str(machine.work),
        "CI_COMMIT_REF_SLUG": "main",
        "CI_DEFAULT_BRANCH": "main",
        "REPORTGEN": "git+https://example.org/reportgen@0123456",
        "GITLAB_CI": "true",
        **given,
    }
    for name, value in job["variables"].items():
        known[name] = _filled(str(value), known)
    run = Run(machine)
    cache = job.get("cache", {"key": "", "paths": ()})
    places = {path: machine.work / path for path in cache["paths"]}
    keys = [_filled(key, known) for key in (cache["key"], *cache.get("fallback_keys", ()))]
    run.matched = next((key for key in keys if key in server.caches), "")
    if run.matched:
        server.restore([run.matched], places)
    _lay_out_artifacts(server, job, machine)
    script = machine.folder / "script"
    script.write_text("\n".join([*job.get("before_script", ()), *job["script"]]))
    done = machine.run(["sh", "-e", str(script)], known)
    run.log = done.stdout
    run.outcomes["script"] = "success" if done.returncode == 0 else "failure"
    if places and (run.ok or cache.get("when") == "always"):
        server.caches.pop(keys[0], None)  # a cache of GitLab's is written over
        server.save(keys[0], places)
        run.saved = keys[0]
    if run.ok or job["artifacts"].get("when") == "always":
        _hand_out(server, job["artifacts"], machine, f"{given.get('CI_JOB_NAME', 'job')}/{server.runs}")
    return run


def _filled(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: known[found[1]], text)


def _lay_out_artifacts(server: Server, job: Mapping[str, Any], machine: Machine) -> None:
    for name in job.get("needs", ()):
        for path, folder in server.artifacts.items():
            if path.startswith(f"{name}/"):
                shutil.copytree(folder, machine.work, dirs_exist_ok=True)


def _hand_out(server: Server, artifacts: Mapping[str, Any], machine: Machine, name: str) -> None:
    handed_out = server.artifacts[name] = server.folder / f"artifact-{server.runs}"
    for pattern in artifacts["paths"]:
        for path in machine.work.glob(pattern.rstrip("/")):
            target = handed_out / path.relative_to(machine.work)
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if path.is_dir() else shutil.copy)(path, target)
