"""`reportgen compile` as people use it: from a pipe, to a file, a folder at once, opened, and with a word on waiting."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fixtures import write_record
from minimal_record import minimal
from page_text import read
from reportgen.cli.spinner import PATIENCE
from reportgen.cli.viewer import open_file

CLAIMS = b"text,verified\nThe moon pulls the sea.,true\n"


def program(*arguments, **options):
    """Run the installed program in a process of its own, with bytes for its streams."""
    command = [sys.executable, "-m", "reportgen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, **options)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder of two records with what lies beside records: claims, a lock file, a schema, a hidden file."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "reportgen.toml").write_text('[publisher]\nname = "House"\n')
    (folder / "claims.csv").write_bytes(CLAIMS)
    records = folder / "records"
    records.mkdir()
    write_record(records / "a.json")
    (records / "b.yaml").write_text(json.dumps(minimal(id="22222222-2222-4333-8444-555555555555")))
    (records / "claims.jsonl").write_text("{}\n")
    (records / "references.lock.json").write_text("{}")
    (records / "record.schema.json").write_text("{}")
    (records / ".hidden.json").write_text("{}")
    return folder


def test_a_record_from_a_pipe_goes_to_a_pipe_with_what_lies_here(project, tmp_path):
    before = sorted(project.rglob("*"))
    record = json.dumps(minimal(claims={"file": "claims.csv"})).encode()
    done = program("compile", "-", "-o", "-", cwd=project, input=record)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(rb"%PDF-1\.7\n.*%%EOF\n", done.stdout, re.DOTALL)
    assert done.stderr.count(b"warning[claim-without-source]") == 1
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(done.stdout)
    assert "The moon pulls the sea." in read(pdf)
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ('{"titel": 1}', (), "<stdin>:1:2 titel: error[unknown-field]"),
        ("\ufeff\n {", (), "<stdin>:2:3: error[json-syntax]"),
        ("", (), "<stdin>:1:1: error[json-syntax]: the text is empty"),
        ("titel: 1\n", (), "<stdin>.yaml:1:1 titel: error[unknown-field]"),
        ("{titel: 1}", ("--input-format", "yaml"), "<stdin>.yaml:1:2 titel: error[unknown-field]"),
        ("titel: 1\n", ("--input-format", "json"), "<stdin>:1:1: error[json-syntax]"),
    ],
)
def test_json_and_yaml_from_a_pipe_are_told_apart(run, monkeypatch, tmp_path, text, options, said):
    with (tmp_path / "given").open("w+", encoding="utf-8") as given:
        given.write(text)
        given.seek(0)
        monkeypatch.setattr(sys, "stdin", given)
        ended = run("validate", "-", *options, cwd=tmp_path)
    assert ended.code == 3
    assert said in ended.err


@pytest.mark.parametrize(
    ("given", "said"),
    [("<&-", "the text is empty"), ("0>/dev/null", "the standard input cannot be read: Bad file")],
)
def test_a_standard_input_that_cannot_be_read_is_told(tmp_path, given, said):
    command = ["sh", "-c", f'exec "$0" -m reportgen validate - {given}', sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stderr) == (3, True), done.stderr


def test_a_record_at_the_terminal_is_asked_for(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reportgen", "validate", "-"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stderr=subprocess.PIPE, text=True) as running:
        os.close(theirs)
        assert running.stderr.readline() == "type the record; Ctrl-D ends it\n"
        os.write(ours, b"{\n\x04")
        assert "<stdin>:2:1: error[json-syntax]" in running.stderr.read()
    os.close(ours)


def test_all_records_of_a_folder_are_compiled_each_once(run, project, tmp_path):
    ended = run("compile", "records", "records/a.json", "-q", "-o", tmp_path / "pdf", cwd=project)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.count(".pdf  ") == len(list((tmp_path / "pdf").iterdir())) == 2


def test_all_records_of_a_folder_are_validated(run, project):
    ended = run("validate", "records", "--format", "json", cwd=project)
    assert [result["record"] for result in json.loads(ended.out)] == ["records/a.json", "records/b.yaml"]


def test_each_record_of_a_file_of_many_is_validated_at_its_line(run, tmp_path):
    lines = [json.dumps(minimal()), "", json.dumps(minimal(title=...)), "{"]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    other = json.dumps(minimal(id="00000009-2222-4333-8444-555555555555"))
    table = pa.table({"record": [other, lines[2]]})
    pq.write_table(table, tmp_path / "many.parquet")
    ended = run("validate", "many.jsonl", "many.parquet", "--format", "json", cwd=tmp_path)
    results = json.loads(ended.out)
    assert ended.code == 3
    assert [result["record"] for result in results] == [
        *("many.jsonl:1", "many.jsonl:3", "many.jsonl:4", "many.parquet:1", "many.parquet:2"),
    ]
    codes = [
        [problem["code"] for problem in each["problems"] if problem["level"] == "error"] for each in results
    ]
    assert codes == [[], ["missing-field"], ["json-syntax"], [], ["missing-field"]]
    assert results[1]["problems"][0]["line"] == 3


@pytest.mark.parametrize(
    "command", [("compile", "-q"), ("validate", "-q"), ("batch", "-q"), ("zenodo", "plan")], ids=" ".join
)
def test_a_record_may_have_as_long_a_name_as_files_can_have(run, tmp_path, command):
    for length in (250, 255):
        record = write_record(tmp_path / ("n" * (length - 5) + ".json"))
        ended = run(*command, record.name, cwd=tmp_path)
        assert (ended.code, "zenodo-lock-unreadable" in ended.err) == (0, False), ended.err
        record.unlink()


OTHER_FILES = {
    "other.zenodo.json": "the lock file of a deposit",
    "references.lock.json": "a lock file",
    "record.schema.json": "a JSON Schema, for editors",
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_a_file_beside_records_that_is_none_is_said_and_left_out(run, tmp_path, name):
    project = tmp_path
    (project / "records").mkdir()
    write_record(project / "records" / "a.json")
    (project / "records" / name).write_text("{}")
    for others, good in ((["records/a.json"], "1 of 1 record"), ([], "0 of 0 records")):
        ended = run("validate", f"records/{name}", *others, "-q", cwd=project)
        assert ended.code == 0
        assert ended.err == f"records/{name} is no record but {OTHER_FILES[name]}: left out\n"
        assert ended.out.startswith(f"{good} can be compiled")
    ended = run("validate", f"records/{name}", "records/a.json", "--format", "json", cwd=project)
    assert [result["record"] for result in json.loads(ended.out)] == ["records/a.json"]
    ended = run("compile", f"records/{name}", "records/a.json", "-q", cwd=project)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("command", ["compile", "validate"])
def test_a_folder_without_records_is_told(run, tmp_path, command):
    (tmp_path / "empty").mkdir()
    ended = run(command, "empty", cwd=tmp_path)
    assert ended.code == 3
    assert "error[no-records]: there are no records at empty" in ended.err


def test_a_record_of_a_folder_that_leads_out_of_its_project_is_refused(run, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "reportgen.toml").touch()
    write_record(tmp_path / "secret.json")
    (inside / "link.json").symlink_to(tmp_path / "secret.json")
    ended = run("compile", inside)
    assert ended.code == 3
    assert "it lies outside" in ended.err


def test_one_record_is_written_to_the_file_that_is_named(run, project, tmp_path):
    name = tmp_path / "drafts" / "mine.PDF"
    ended = run("compile", "records/a.json", "-q", "-o", name, cwd=project)
    assert ended.code == 0, ended.err
    assert ended.out.startswith(f"{name}  ")
    assert name.read_bytes().startswith(b"%PDF-1.7")
    assert [path.name for path in name.parent.iterdir()] == ["mine.PDF"]


def test_a_folder_whose_name_ends_in_pdf_is_a_folder(run, project, tmp_path):
    (tmp_path / "all.pdf").mkdir()
    assert run("compile", "records/a.json", "-q", "-o", tmp_path / "all.pdf", cwd=project).code == 0
    assert len(list((tmp_path / "all.pdf").iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("records", "-o", "a.pdf"), "-o a.pdf takes one record, and these are 2; name a folder"),
        (("records", "-o", "-"), "-o - takes one record, and these are 2; name a folder"),
        (("records", "--open"), "--open shows one report, and these are 2"),
        (("records", "--watch", "--open"), "--open shows one report, and these are 2"),
        (("records", "--watch", "-o", "a.pdf"), "-o a.pdf takes one record, and these are 2"),
        (("records/a.json", "-o", "claims.csv"), "claims.csv is a file, and neither a folder nor a .pdf"),
        (
            ("records/a.json", "-o", "out.docx"),
            "out.docx ends as another kind of file, and this writes PDFs; name a",
        ),
        (("records/a.json", "-o", "a.html"), "`reportgen export RECORD --to html -o FILE` writes that kind"),
        (
            ("records/a.json", "-o", "a.MD"),
            "`reportgen export RECORD --to markdown -o FILE` writes that kind",
        ),
        (("records/a.json", "-o", "-", "--keep-tex"), "-o - does not go with --keep-tex"),
        (("records/a.json", "-o", "-", "--open"), "-o - does not go with --open"),
        (("records/a.json", "--watch", "--format", "json"), "--watch does not go with --format json"),
        (("-", "--watch"), "--watch does not go with a record from the standard input"),
        (("-", "--check-reproducible"), "--check-reproducible does not go with a record from the standard"),
        (("nowhere.json", "--watch"), "there is no nowhere.json to watch"),
    ],
    ids=" ".join,
)
def test_what_does_not_go_together_is_refused(run, project, arguments, said):
    before = sorted(project.rglob("*"))
    ended = run("compile", *arguments, cwd=project)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert sorted(project.rglob("*")) == before


def test_no_pdf_is_written_to_a_terminal(project):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reportgen", "compile", "records/a.json", "-o", "-"]
    done = subprocess.run(command, cwd=project, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert "a PDF is nothing for a terminal" in done.stderr


def test_the_pdf_is_opened(project, tmp_path):
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    viewer = tmp_path / "bin" / "xdg-open"
    viewer.parent.mkdir()
    viewer.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n')
    viewer.chmod(0o755)
    environment = {**os.environ, "PATH": f"{viewer.parent}{os.pathsep}{os.environ['PATH']}"}
    name = tmp_path / "r.pdf"
    command = [sys.executable, "-m", "reportgen", "compile", "records/a.json", "-q", "--open", "-o", name]
    reading = os.open(opened, os.O_RDONLY | os.O_NONBLOCK)
    told = select.poll()
    told.register(reading, select.POLLIN)
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, env=environment) as running:
        assert told.poll(120_000), "nothing was opened"
        assert os.read(reading, 4096).decode() == str(name)
    os.close(reading)
    assert running.returncode == 0


def test_a_machine_that_opens_no_pdf_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    open_file(tmp_path / "r.pdf")
    assert capsys.readouterr().err == "nothing on this machine opens r.pdf; it is there all the same\n"


_WAITING = """
import sys, threading
from reportgen.base.timings import stage
from reportgen.cli.spinner import spinner
@stage("tex")
def wait():
    sys.stdin.read(1)
with spinner(shown=True):
    wait()
    threads = threading.active_count()
print("done by", threads, file=sys.stderr)
"""


def waited(stop_at, **environment):
    """Run a stage that lasts until the terminal shows some words, or at once; return what the terminal was sent."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _WAITING]
    said = b""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm", **environment}
    ) as running:
        os.close(theirs)
        while stop_at not in said:
            said += os.read(ours, 4096)
        running.stdin.close()
        while not re.search(rb"done by \d\r\n$", said):
            said += os.read(ours, 4096)
    os.close(ours)
    return said.decode()


def test_who_waits_is_told_the_stage_and_the_line_is_taken_away():
    started = time.monotonic()
    said = waited(b"typesetting")
    assert time.monotonic() - started > PATIENCE
    assert re.fullmatch(r"(\r\x1b\[2K[-|/\\] typesetting)+\r\x1b\[2Kdone by 2\r\n", said)


@pytest.mark.parametrize(("terminal", "threads"), [("dumb", 1), ("xterm", 2)])
def test_who_cannot_see_it_or_does_not_wait_is_told_nothing(terminal, threads):
    assert waited(b"", TERM=terminal) == f"done by {threads}\r\n"


def test_a_pipe_gets_no_word_on_waiting():
    done = subprocess.run(
        [sys.executable, "-c", _WAITING], input="", capture_output=True, text=True, check=True
    )
    assert done.stderr == "done by 1\n"


def test_validate_tells_records_of_one_id_in_one_message(tmp_path, run):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(minimal(title=name)))
    (tmp_path / "c.json").write_text(json.dumps(minimal(version="2")))
    ended = run("validate", tmp_path)
    assert ended.code == 3
    assert (
        ended.err.count("are records of one id") == 1 + 2
    )  # once in full, and as the reason of each failure
    assert "1 of 3 records can be compiled" in ended.out


def test_other_formats_lie_beside_each_pdf(run, project):
    ended = run(
        "compile", "records/a.json", "-o", "draft.pdf", "--with", "html", "--format", "json", cwd=project
    )
    assert ended.code == 0, ended.err
    (told,) = json.loads(ended.out)
    assert [Path(each).name for each in (told["pdf"], *told["files"])] == ["draft.pdf", "draft.html"]
    exported = run("export", "records/a.json", "--to", "html", "-o", "-", cwd=project)
    assert (project / "draft.html").read_text() == exported.out
    refused = run("compile", "records/a.json", "-o", "-", "--with", "html", cwd=project)
    assert (refused.code, "-o - does not go with --with" in refused.err) == (2, True)
