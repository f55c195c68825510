"""GitHub's side: what its files may hold, and what its runner takes for commands in what a step prints."""

from __future__ import annotations

import re
from pathlib import Path

from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema.validators import validator_for

RUN = Path(__file__).parents[2] / "run"
# What runs TeX; Python is installed in other ways than by `run`.
PACKAGES = set(
    re.findall(r"^(\S+) +\S+$", RUN.read_text().split("report_needs='")[1].split("'")[0], re.MULTILINE)
) - {"python3-venv"}


def check_schema(value: object, name: str) -> None:
    """Hold a file against the schema of its kind: ``github-actions`` or ``github-workflows``."""
    schema = get_builtin_schema(f"vendor.{name}")
    errors = [error.message for error in validator_for(schema)(schema).iter_errors(value)]
    assert errors == []


def check_workflow(workflow: dict) -> None:
    # YAML 1.1 reads the key `on` as true.
    named = {"on" if key is True else key: value for key, value in workflow.items()}
    check_schema(named, "github-workflows")
    pushes = any("git push" in script for script in scripts(workflow))
    assert named["permissions"] == {"contents": "write" if pushes else "read"}
    for script in scripts(workflow):
        assert "${{" not in script


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
