"""What the files of CI servers may hold, and what GitHub's runner takes for commands in what a step prints."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for

RUN = Path(__file__).parents[2] / "run"
# What runs TeX; Python is installed in other ways than by `run`.
PACKAGES = set(
    re.findall(r"^(\S+) +\S+$", RUN.read_text().split("report_needs='")[1].split("'")[0], re.MULTILINE)
) - {"python3-venv"}


COMMITS = {
    "actions/checkout": "df4cb1c069e1874edd31b4311f1884172cec0e10  # v6.0.3",
    "actions/setup-python": "a309ff8b426b58ec0e2a45f0f869d46889d02405  # v6.2.0",
    "actions/cache/restore": "27d5ce7f107fe9357f9df03efb73ab90386fccae  # v5.0.5",
    "actions/cache/save": "27d5ce7f107fe9357f9df03efb73ab90386fccae  # v5.0.5",
    "actions/upload-artifact": "b7c566a772e6b6bfb58ed0dc250532a479d7789f  # v6.0.0",
    "actions/upload-pages-artifact": "fc324d3547104276b827a68afc52ff2a11cc49c9  # v5.0.0",
    "actions/deploy-pages": "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128  # v5.0.0",
    "actions/download-artifact": "37930b1c2abaa49bbe596cd826c3c89aef350131  # v7.0.0",
}
"""The actions of others, each at one commit everywhere: what their repositories' tags named on 2026-11-30."""


def check_schema(value: object, name: str) -> None:
    """Hold a file against the schema of its kind: ``github-actions``, ``github-workflows`` or ``gitlab-ci``."""
    schema = get_builtin_schema(f"vendor.{name}")
    errors = [error.message for error in validator_for(schema)(schema).iter_errors(value)]
    assert errors == []


def check_workflow(text: str) -> None:
    """Hold a workflow against GitHub's schema, and against what those who review one ask for."""
    # YAML 1.1 reads the key `on` as true.
    named = {"on" if key is True else key: value for key, value in yaml.safe_load(text).items()}
    check_schema(named, "github-workflows")
    check_commits(text)
    pushes = any("git push" in script for script in scripts(named))
    assert named["permissions"] == {"contents": "write" if pushes else "read"}
    assert "concurrency" in named
    # A push to the branch of a pull request would run twice.
    assert "push" not in named["on"] or named["on"]["push"]["branches"]
    for script in scripts(named):
        assert "${{" not in script
    for job in named["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert pushes or step["with"]["persist-credentials"] is False


def check_commits(text: str) -> None:
    """See that a file names the actions of others by the commits we know, with their versions."""
    used = re.findall(r"uses: (\S+)@(.+)", text)
    assert used
    for action, commit in used:
        assert commit == COMMITS.get(action, "COMMIT"), action
        assert action in COMMITS or action == "OWNER/reportgen"


def scripts(workflow: dict) -> list[str]:
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


def installed(script: str) -> set[str]:
    """Return the packages that a script installs with apt."""
    (words,) = re.findall(r"apt-get install(.*?)(?:&&|\n\n|\Z)", script.replace("\\\n", " "), re.DOTALL)
    return {word for word in words.split() if not word.startswith("-")}


COMMANDS = {
    "error",
    "warning",
    "notice",
    "set-output",
    "add-mask",
    "stop-commands",
    "debug",
    "group",
    "endgroup",
}


def commands(printed: str) -> list[tuple[str, dict[str, str], str]]:
    """Read what a step printed as GitHub's runner reads it: line by line, the two forms of its commands."""
    found = []
    for line in re.split(r"\r\n|\r|\n", printed):
        text = line.lstrip()
        new = re.match(r"::(?P<name>[^ ]*?)(?: (?P<properties>.*?))?::(?P<data>.*)", text, re.DOTALL)
        if new and new["name"] in COMMANDS:
            pairs = [pair.split("=", 1) for pair in (new["properties"] or "").split(",") if pair]
            values = {pair[0]: unescaped(pair[1], ":", ",") for pair in pairs}
            found.append((new["name"], values, unescaped(new["data"])))
        elif old := re.search(r"##\[(?P<name>[^ \]]*)[^\]]*\]", line):
            found.append((old["name"], {}, ""))
    return found


def unescaped(text: str, *separators: str) -> str:
    for character in ("\r", "\n", *separators, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text
