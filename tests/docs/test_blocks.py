"""Every block of the documentation is run, read as what it is, or told here to be tried elsewhere."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import threading
import tomllib
from contextlib import contextmanager
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import click
import fsspec
import pytest
import yaml

from dask_cluster import started
from minimal_record import minimal
from page_blocks import Block, read_blocks
from page_project import Registry, Shell, lay_out_project, write_settings
from reportgen import Settings, build
from reportgen.cli import cli
from reportgen.cli.new_project import init_project
from zenodo_fake import ZenodoFake
from zenodo_project import remember_reports

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ELSEWHERE = {
    "docs/tutorial.md": "tests/docs/test_tutorial.py",
    "docs/reference/api.md": "tests/test_api.py",
    "docs/reference/markdown.md": "tests/text/test_markdown_page.py",
    "docs/reference/codes.md": "tests/explanations/test_examples.py",
}
"""Pages all of whose blocks another test takes."""
NOT_RUN = {
    "pip install": "it would fetch packages; tests/test_packaging.py installs the wheel and holds names and extras",
    "docker": "there is no daemon here; what it runs is read as a command line",
    "dask": "an address of another machine; a cluster of this one stands in for it",
    "keyring set": "it would ask for a password",
    "read -rs": "it reads from a person",
    "pre-commit": "tests/test_ci_files.py runs the hooks",
    "./run": "tests/test_run_script.py runs the verbs",
}
SHOWN = {"", "text"}
"""What is shown and not typed: what a program prints, a picture of characters."""
ENDS = {
    "docs/how-to/pre-commit.md": {"reportgen batch records --check --explain": 1},
    "docs/how-to/why-rebuilt.md": {
        "reportgen batch records --check": 1,
        "reportgen batch records --check --explain": 1,
        "reportgen batch records --prune": 2,  # nobody is there to answer
    },
}
"""Lines that do not end in 0, by page."""
BEFORE = {
    "docs/how-to/zenodo-when-it-stops.md": ["reportgen zenodo upload records/example.json"],
    "docs/how-to/pre-commit.md": ["rm .gitignore"],  # the page says that out/ must not be ignored
    "reportgen batch --merge s1 s2 s3 -o out": [
        f"reportgen batch records --shard {number}/3 -o s{number}" for number in (1, 2, 3)
    ],
    "reportgen zenodo discard record.json": ["reportgen zenodo reserve record.json"],
    "reportgen zenodo publish record.json": ["reportgen zenodo upload record.json"],
    "reportgen zenodo new-version record.json": [
        "reportgen zenodo upload record.json",
        "reportgen zenodo publish record.json --yes",
    ],
}
"""What was done before a reader comes to a page, or to the example of a command."""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def presumed(tmp_path_factory: pytest.TempPathFactory, registry: str) -> Path:
    """Lay out what all pages presume, once."""
    folder = tmp_path_factory.mktemp("presumed")
    init_project(folder / "first")
    report = build(folder / "first" / "records" / "example.json").pdf
    lay_out_project(folder / "project", report, registry)
    return folder / "project"


@contextmanager
def cluster(page: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Start a cluster for a page that names one, and return what is put in the place of its address."""
    if "--dask" not in page.read_text():
        yield {}
        return
    with started(folder, ("--nworkers", "1")) as running:
        yield {"tcp://10.0.0.5:8786": running.address}


def lines(block: Block) -> list[str]:
    joined = block.text.replace("\\\n", " ").splitlines()
    return [line for line in joined if line.strip() and not line.startswith("#")]


def not_run(line: str) -> str:
    return next((start for start in NOT_RUN if line.startswith(start)), "")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@contextmanager
def zenodo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a repository on this machine stand for Zenodo and for its sandbox."""
    with ZenodoFake() as fake:
        monkeypatch.setenv("ZENODO_URL", fake.url)
        monkeypatch.setenv("ZENODO_TOKEN", fake.alice)
        monkeypatch.setattr("reportgen.delivery.zenodo.access.SANDBOX", fake.url)
        yield


@pytest.fixture
def world(monkeypatch, shared_folder, presumed):
    """Put a store on this machine in the place of those elsewhere, and make each report that differs once."""
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "1000")
    remember_reports(shared_folder / "reports", monkeypatch)
    store = fsspec.filesystem("memory")
    for bucket in ("bucket", "my-bucket"):
        store.pipe_file(
            f"/{bucket}/records/2026-01.json", (presumed / "records" / "2026-01.json").read_bytes()
        )
    yield
    store.store.clear()


@pytest.mark.xdist_group("pages")
@pytest.mark.parametrize("page", [page for page in PAGES if named(page) not in ELSEWHERE], ids=named)
def test_the_commands_and_files_of_a_page_do_what_it_says(
    page, presumed, registry, world, tmp_path, run, monkeypatch
):
    blocks = read_blocks(page)
    # The examples of one command have nothing to do with those of another.
    parts = [[block] for block in blocks] if page.stem == "commands" else [blocks]
    ends = []
    with cluster(page, tmp_path / "cluster") as replaced:
        for number, part in enumerate(parts):
            folder = shutil.copytree(presumed, tmp_path / str(number))
            shell = Shell(
                folder, run, {**replaced, "s3://": "memory://", "gs://": "memory://other-"}, presumed
            )
            with zenodo(monkeypatch):
                follow(part, shell, BEFORE.get(named(page), ()), registry)
            ends += shell.ends
    expected = ENDS.get(named(page), {})
    failed = [end for end in ends if end[1] != expected.get(end[0], 0)]
    assert not failed, "\n".join(map(str, failed))
    assert {line for line, *_ in ends} >= expected.keys()


def follow(blocks: Sequence[Block], shell: Shell, before: Sequence[str], registry: str) -> None:
    text = "".join(block.text for block in blocks)
    if "init my-reports" not in text:
        init_project(shell.folder / "my-reports")
    for line in (*before, *(line for start in BEFORE if start in text for line in BEFORE[start])):
        shell.run(line)
    for block in blocks:
        _TRIED[block.language](block, shell, registry)


def try_shell(block: Block, shell: Shell, _: str) -> None:
    if "\nif " in block.text:  # its commands are on pages of their own
        subprocess.run(["sh", "-n", "-c", block.text], check=True)
        return
    for line in lines(block):
        if not not_run(line):
            shell.run(line)
        elif " batch " in line or " validate " in line:
            _read_arguments(shlex.split(line))


def _read_arguments(words: list[str]) -> None:
    """Read what a container is started with as a command line of reportgen."""
    image = next(number for number, word in enumerate(words) if word.partition(":")[0] == "reportgen")
    name, *arguments = words[image + 1 :]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.parse_args(click.Context(command), arguments)


def try_settings(block: Block, shell: Shell, registry: str) -> None:
    first = block.text.partition("\n")[0]
    file = block.file or (first.removeprefix("# ") if first.endswith(".toml") else "reportgen.toml")
    if file != "reportgen.toml":
        try_file(
            replace(block, file=file), shell, registry
        )  # words of a house, which every command after it checks
        return
    Settings.model_validate({"root": shell.folder, **tomllib.loads(block.text)})
    write_settings(shell.folder, block.text, registry)


def try_python(block: Block, shell: Shell, _: str) -> None:
    exec(compile(block.text, block.file or "page", "exec"), {})


def try_yaml(block: Block, shell: Shell, _: str) -> None:
    values = yaml.safe_load(block.text)
    # Those are read by tests/test_ci_files.py and run by tests/test_workflows.py.
    assert block.file or values.keys() & {"jobs", "repos", "stages"}
    if block.file:
        try_file(block, shell, _)


def try_file(block: Block, shell: Shell, _: str) -> None:
    path = shell.folder / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, encoding="utf-8")


def try_template(block: Block, shell: Shell, _: str) -> None:
    try_file(block, shell, _)
    shell.run(f"reportgen template check {block.file.partition('/')[0]} --trust-templates")


def try_text(block: Block, shell: Shell, _: str) -> None:
    _validate(shell, sections=[{"title": "Results", "text": block.text}])


def try_fields(block: Block, shell: Shell, registry: str) -> None:
    if block.file:
        try_file(block, shell, registry)
        return
    _validate(shell, **json.loads(f"{{{block.text}}}"))


def _validate(shell: Shell, **fields: object) -> None:
    """Let a record hold what a page shows of one."""
    (shell.folder / "records" / "shown.json").write_text(json.dumps(minimal(**fields)))
    shell.run("reportgen validate records/shown.json")


def shown(block: Block, shell: Shell, _: str) -> None:
    """Do nothing with what nobody types."""


_TRIED = {
    "sh": try_shell,
    "toml": try_settings,
    "python": try_python,
    "yaml": try_yaml,
    "jinja": try_template,
    "markdown": try_text,
    "json": try_fields,
    "bibtex": try_file,
    "csv": try_file,
    "jsonl": try_file,
    "text": shown,
    "": shown,
}


def test_what_is_not_run_here_is_there():
    told = {
        not_run(line)
        for page in PAGES
        for block in read_blocks(page)
        if block.language == "sh"
        for line in lines(block)
    }
    assert told - {""} == NOT_RUN.keys()
    assert all((ROOT / path).is_file() for pair in ELSEWHERE.items() for path in pair)
