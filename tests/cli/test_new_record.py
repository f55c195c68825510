"""`reportgen new`: a first record that can be read at once, says nothing unasked, and explains what to fill in."""

from __future__ import annotations

import datetime as dt
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest

from reportgen.analysis.validation import validate_record
from reportgen.base.errors import RecordError
from reportgen.base.settings import Settings, find_settings
from reportgen.cli.beginning import KINDS
from reportgen.cli.editor import SCHEMA_NAME, schema_text
from reportgen.cli.new_record import new_record
from reportgen.record import json_schema, read_record
from reportgen.record.model import Kind

ID = UUID("7a1f0c52-3f0e-4c39-9c55-0e2c9d8d5b11")
DATE = dt.date(2026, 11, 30)
QUESTION = "Does sleep help memory?"
EXPECTED = Path(__file__).with_name("new_records")
HOUSE = '[publisher]\nname = "House"\n'
COMMENTED = re.compile(r"^# ( *(- )?[a-z_]+:.*| *-)$", re.MULTILINE)


def written(folder, name, kind="synthesis", question=QUESTION):
    """Write a record with a fixed id and date; give its path."""
    return new_record(folder / name, question, Kind(kind), ID, DATE)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", [".json", ".yaml"])
def test_what_is_written_is_as_expected(tmp_path, request, kind, ending):
    made = written(tmp_path, f"record{ending}", kind).read_text(encoding="utf-8")
    expected = EXPECTED / f"{kind}{ending}"
    if request.config.getoption("--update-golden"):
        expected.write_text(made, encoding="utf-8")
    assert made == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", [".json", ".yaml"])
def test_it_can_be_compiled_and_only_its_title_is_asked_for(tmp_path, ending):
    (tmp_path / "reportgen.toml").write_text(HOUSE)
    path = written(tmp_path, f"record{ending}")
    problems = validate_record(path, find_settings(tmp_path))
    assert [problem.code for problem in problems] == ["title-not-own"]
    said = read_record(path).record.model_dump(exclude_defaults=True, exclude_none=True, by_alias=True)
    assert said.keys() - {"$schema"} == {"schema", "id", "title", "date", "question"}


@pytest.mark.parametrize(
    ("kind", "part"), [("meta-analysis", "`outcomes` or `benchmark`"), ("math-result", "`math`")]
)
def test_another_kind_asks_for_its_part(tmp_path, kind, part):
    (tmp_path / "reportgen.toml").write_text(HOUSE)
    problems = validate_record(written(tmp_path, "record.json", kind), find_settings(tmp_path))
    assert [problem.code for problem in problems] == ["kind-without-part", "title-not-own"]
    assert part in problems[0].message


def test_an_editor_takes_it(tmp_path):
    path = written(tmp_path, "record.json")
    record = json.loads(path.read_text())
    assert (tmp_path / record["$schema"]).read_text() == schema_text()
    assert json.loads(schema_text()) == json_schema()
    jsonschema.Draft202012Validator(json_schema()).validate(record)


@pytest.mark.parametrize("kind", KINDS)
def test_each_commented_field_is_one_of_the_format_without_a_word_in_it(tmp_path, kind):
    text = written(tmp_path, "record.yaml", kind).read_text()
    assert len(COMMENTED.findall(text)) > 20
    with pytest.raises(RecordError) as caught:
        read_record(tmp_path / "record.yaml", raw=COMMENTED.sub(r"\1", text).encode())
    assert {problem.code for problem in caught.value.problems} == {"missing-field", "wrong-value"}
    values = [line.partition(":")[2].strip() for line, _ in COMMENTED.findall(text)]
    assert set(values) <= {"", "|", "[]"}


def test_its_claims_are_filled_in_by_taking_away_the_signs(tmp_path):
    text = written(tmp_path, "record.yaml").read_text()
    before, claims, after = re.split(r"(?<=\n)(?=# claims:)|(?<=\n)\n(?=## The synthesis)", text)
    filled = claims.replace("text:", "text: Sleep helps.").replace("verdict:", "verdict: supported")
    filled = filled.replace("sources: []", "sources: [doi:10.1038/nn1851]")
    record = read_record(
        tmp_path / "r.yaml", raw=(before + re.sub("^# ?", "", filled, flags=re.MULTILINE) + after).encode()
    ).record
    assert [(claim.text, claim.verified, len(claim.sources)) for claim in record.claims] == [
        ("Sleep helps.", True, 1)
    ]


def test_what_the_settings_say_for_all_records_is_not_asked_again(tmp_path):
    (tmp_path / "reportgen.toml").write_text(f'license = "CC0-1.0"\n{HOUSE}[[authors]]\nname = "Ada"\n')
    assert json.loads(written(tmp_path, "record.json").read_text()).keys().isdisjoint({"license", "authors"})
    assert not re.search("^# (license|authors):", written(tmp_path, "record.yaml").read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "question",
    [
        "Größe & Maß?",
        "a: #b [x] - 'y' \\ \"z\"",
        "- no",
        "{{ it }} %d $x$",
        "null",
        "هل؟",
        "two\nlines",
        "🙂",
    ],
)
@pytest.mark.parametrize("ending", [".json", ".yaml"])
def test_any_question_is_written_as_it_was_asked(tmp_path, question, ending):
    record = read_record(written(tmp_path, f"record{ending}", question=question)).record
    assert (record.question, record.title, record.id, record.date) == (question, question, ID, DATE)


def test_it_is_named_after_its_question_and_the_next_command_is_told(run, tmp_path):
    ended = run("new", QUESTION, cwd=tmp_path)
    assert ended.code == 0
    assert ended.out == f"does-sleep-help-memory.json\n{SCHEMA_NAME}\n"
    assert "next: fill it in, then `reportgen compile does-sleep-help-memory.json --open`" in ended.err
    record = read_record(tmp_path / "does-sleep-help-memory.json").record
    assert record.id.version == 4
    assert abs(record.date - dt.datetime.now().astimezone().date()) <= dt.timedelta(days=1)
    run("new", "Another one?", "--yaml", cwd=tmp_path)
    assert read_record(tmp_path / "another-one.yaml").record.id != record.id


def test_a_question_without_letters_has_the_name_of_its_id(run, tmp_path):
    ended = run("new", "∃?", cwd=tmp_path)
    assert re.fullmatch(r"[0-9a-f]{8}\.json", ended.out.splitlines()[0])


def test_in_a_project_it_lies_among_the_records_wherever_one_is(run, tmp_path):
    for folder in ("records", "deep/er"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "reportgen.toml").touch()
    ended = run("new", "Which?", cwd=tmp_path / "deep" / "er")
    assert ended.code == 0, ended.err
    record = json.loads((tmp_path / "records" / "which.json").read_text())
    assert record["$schema"] == f"../{SCHEMA_NAME}"
    assert (tmp_path / SCHEMA_NAME).exists()


def test_nothing_is_overwritten(run, tmp_path):
    (tmp_path / "which.json").symlink_to("nowhere")
    ended = run("new", "Which?", cwd=tmp_path)
    assert (ended.code, ended.out) == (9, "")
    assert re.search(r"which\.json is there already; nothing was written.*-o", ended.err, re.DOTALL)
    assert [path.name for path in tmp_path.iterdir()] == ["which.json"]


def test_a_schema_of_another_version_is_told_and_left(run, tmp_path):
    (tmp_path / SCHEMA_NAME).write_text("{}")
    ended = run("new", "Which?", cwd=tmp_path)
    assert ended.out == "which.json\n"
    assert f"`reportgen schema -o {SCHEMA_NAME}` renews it" in ended.err
    assert run("schema", "-o", SCHEMA_NAME, cwd=tmp_path).out == f"{SCHEMA_NAME}\n"
    assert (tmp_path / SCHEMA_NAME).read_text() == schema_text()
    assert SCHEMA_NAME not in run("new", "What?", cwd=tmp_path).err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "name the question"),
        ((" \u200b",), 2, "name the question"),
        (("A?", "-o", "a.json", "--yaml"), 2, "a.json is no name of a file in YAML"),
        (("A?", "--kind", "essay"), 2, "'essay' is not one of"),
        (("A \udcff?",), 3, "error[not-utf-8]"),
        (("A?", "-o", "file/a.json"), 9, "cannot write"),
    ],
    ids=repr,
)
def test_what_cannot_be_written_is_told(run, tmp_path, arguments, code, said):
    (tmp_path / "file").touch()
    ended = run("new", *arguments, cwd=tmp_path)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_at_a_terminal_the_question_is_asked(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reportgen", "new", "--yaml"]
    streams = {"stdin": theirs, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, **streams) as running:
        os.close(theirs)
        os.write(ours, b"Which one is it?\n")
        assert running.stdout.read() == f"which-one-is-it.yaml\n{SCHEMA_NAME}\n"
        assert running.stderr.read().startswith("Which question does the report answer?\n")
    os.close(ours)


def test_the_kinds_are_those_of_the_format():
    assert list(KINDS) == [kind.value for kind in Kind]
    assert Settings().license is None
