"""A project as the pages of the documentation presume one, and a small shell that runs their lines in it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

from minimal_record import minimal
from reportgen.cli.new_project import init_project
from reportgen.pipeline.template_files import copy_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conftest import Ended

WORK = {
    "type": "journal-article",
    "title": "Sleep",
    "author": [{"family": "Yoo", "given": "Seung-Schik"}],
    "issued": {"date-parts": [[2007, 2, 11]]},
}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 9"><rect width="30" height="9" fill="#000"/></svg>'
AI_STATEMENT = '\n[zenodo]\nai_statement = "A language model drafted the text; people checked it."\n'
PROGRAMS = {"diff", "git", "ls", "pandoc", "rm"}
"""What lines of the pages call besides reportgen."""


class Registry(BaseHTTPRequestHandler):
    """doi.org, as far as it answers whatever DOI with one work."""

    def do_GET(self) -> None:
        body = json.dumps({**WORK, "DOI": self.path.removeprefix("/")}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/vnd.citationstyles.csl+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def lay_out_project(folder: Path, report: bytes, registry: str) -> None:
    """Lay out what pages speak of: records of several kinds, reports, templates, a history in git."""
    init_project(folder)
    (folder / "records" / "2026-01.json").write_text(json.dumps(_record(2)))
    (folder / "record.json").write_text(json.dumps(_record(3, "doi:10.1038/nn1851")))
    for name, number in (("records.jsonl", 4), ("more.jsonl", 5), ("record.yaml", 6)):
        (folder / name).write_text(json.dumps(_record(number)) + "\n")
    for name, script in (("my-tool", "cat record.json"), ("xdg-open", "exit 0")):
        program = folder.parent / "programs" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    (folder / "logo.svg").write_text(DRAWING)
    copy_template("missing", folder / "my-templates")
    for name, text in (("figures/flow.svg", DRAWING), ("data/arms.csv", "arm,effect\nA,0.12\nB,0.34\n")):
        path = folder / "records" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    for name in ("report.pdf", "a.pdf", "b.pdf"):
        (folder / name).write_bytes(report)
    settings = (folder / "reportgen.toml").read_text().replace('name = "..."', 'name = "House"')
    write_settings(folder, settings + AI_STATEMENT, registry)
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    subprocess.run([*git, "add", "reportgen.toml", "records"], cwd=folder, check=True)
    subprocess.run([*git, "commit", "--quiet", "--message=Begin"], cwd=folder, check=True)


def _record(number: int, source: str = "example2024calibration") -> dict[str, object]:
    claims = [{"text": "Sleep helps.", "verified": True, "sources": [source]}]
    identity = f"{number:08x}-2222-4333-8444-555555555555"
    return minimal(id=identity, license="CC-BY-4.0", authors=[{"name": "Ada Lovelace"}], claims=claims)


def write_settings(folder: Path, text: str, registry: str) -> None:
    """Write settings, which ask the registry of the test instead of those that pages name or leave out."""
    asked = f'doi_url = "{registry}"\n'
    with_table = text.replace("[fetch]\n", f"[fetch]\n{asked}", 1)
    (folder / "reportgen.toml").write_text(with_table if with_table != text else f"{text}\n[fetch]\n{asked}")


@dataclass
class Shell:
    """Runs lines in a folder, `reportgen` in this process; what else they call is a program or is told to be skipped."""

    folder: Path
    reportgen: Callable[..., Ended]
    replaced: Mapping[str, str]
    presumed: Path
    """The folder whose files a project has that a page lays out and goes into."""
    ends: list[tuple[str, int, str]] = field(default_factory=list)
    """The lines, how each ended, and what it said of problems."""

    def run(self, line: str) -> None:
        """Run a line of simple commands joined by &&, with what each is piped into left out, > and a NAME=value."""
        for text, new in self.replaced.items():
            line = line.replace(text, new)
        is_served = line.startswith("reportgen serve ")
        if not is_served and any(sign in line for sign in ("--open", "| reportgen", "$(")):
            self.ends.append((line, *self._program(["bash", "-c", line])))
            return
        for command in line.split("&&"):
            first = command.partition(" | ")[0]
            words = shlex.split(first, comments=True)
            while words and "=" in words[0]:
                name, _, value = words.pop(0).partition("=")
                os.environ[name] = value
            output = words.index(">") if ">" in words else len(words)
            code, said, problems = self._run(
                [each for word in words[:output] for each in self._expanded(word)]
            )
            for name in words[output + 1 :]:
                (self.folder / name).write_text(said)
            self.ends.append((first.partition(" #")[0].strip(), code, problems))

    def _run(self, words: list[str]) -> tuple[int, str, str]:
        name, *arguments = words
        if name == "cd":
            self.folder /= arguments[0]
            left = shutil.ignore_patterns(".git", "reportgen.toml")
            shutil.copytree(self.presumed, self.folder, dirs_exist_ok=True, ignore=left)
            return 0, "", ""
        if name == "reportgen" and {"serve", "watch", "--watch"} & {*arguments}:
            return self._watched(arguments), "", ""
        if name == "reportgen":
            ended = self.reportgen(*arguments, cwd=self.folder)
            return ended.code, ended.out, ended.err
        assert name in PROGRAMS, name
        return self._program(words)

    def _program(self, words: list[str]) -> tuple[int, str, str]:
        folders = (self.presumed.parent / "programs", Path(sys.executable).parent)
        path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(
            words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def _expanded(self, word: str) -> list[str]:
        found = self.folder.glob(word) if "*" in word else ()
        return sorted(str(path.relative_to(self.folder)) for path in found) or [word]

    def _watched(self, arguments: list[str]) -> int:
        """Start watching, wait for the first report or the address of a preview, and end it as Ctrl-C does."""
        command = [sys.executable, "-m", "reportgen", *arguments]
        given = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen(command, cwd=self.folder, **given) as process:
            first = "http://" if "serve" in arguments else ".pdf"
            assert any(first in line for line in process.stdout)
            process.send_signal(signal.SIGINT)
            process.stdout.read()
        return process.returncode
