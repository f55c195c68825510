"""Records in YAML: the same values as in JSON, with their places, within bounds."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from fixtures import FOLDER
from growth import assert_linear
from minimal_record import READING_CODES, claim, minimal, only, place
from reportgen.base.errors import RecordError
from reportgen.base.settings import Settings
from reportgen.pdf.carried import read_carried
from reportgen.pipeline.batch.inputs import find_sources, named_files
from reportgen.pipeline.build import build_report
from reportgen.record import read_record, yaml_syntax
from reportgen.record.yaml_syntax import LARGEST_YAML, SHORT_YAML, parse_yaml
from reportgen.trust.verify import Comparison, verify

WHOLE = json.loads((FOLDER / "whole_report.json").read_text(encoding="utf-8"))
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff")
)
# The library that writes the examples sets no key and no member of a list in quotes that begins with the sign of one.
TEXT = TEXT.filter(lambda text: not text.startswith(("?", ":")))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def as_yaml(value, *, flow=False):
    out = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = flow
    writer.allow_unicode = True
    writer.dump(value, out)
    return out.getvalue()


def read(text, path=Path("record.yaml")):
    return read_record(path, raw=text.encode())


def refused(text):
    with pytest.raises(RecordError) as caught:
        read(text)
    assert {problem.code for problem in caught.value.problems} <= READING_CODES
    return caught.value.problems


@pytest.mark.parametrize("flow", [False, True])
def test_a_record_says_the_same_in_both(flow, tmp_path):
    in_json = read_record(tmp_path / "record.json", raw=json.dumps(WHOLE).encode())
    assert read(as_yaml(WHOLE, flow=flow), tmp_path / "record.yml").record == in_json.record


@given(st.dictionaries(TEXT, VALUES, max_size=4), st.booleans())
@example({"a": "no", "b": "1e3", "c": "2026-05-30", "d": "~", "e": "0x1F", "f": "<<", "g": "01"}, False)
def test_values_come_back_as_they_were(value, flow):
    _, found, problems = parse_yaml("x.yaml", as_yaml(value, flow=flow))
    assert (found, problems) == (value, [])
    assert json.dumps(found, sort_keys=True) == json.dumps(value, sort_keys=True)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("2026-05-30", "2026-05-30"), ("2026-06-10T06:30:49Z", "2026-06-10T06:30:49Z"), ("no", "no")),
        *(("yes", "yes"), ("12:30", "12:30"), ("1_000", "1_000"), ("Null", None), ("", None), ("TRUE", True)),
        *(
            ("0o17", 15),
            ("0x1F", 31),
            ("+1", 1),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("!!str 1", "1"),
            ("! 1", "1"),
        ),
        *(("'1'", "1"), ("!!float 1.5", 1.5), ("|\n  a\n  b\n", "a\nb\n"), (">\n  a\n  b\n", "a b\n")),
    ],
)
def test_a_word_is_what_the_core_schema_says(written, value):
    _, found, problems = parse_yaml("x.yaml", f"a: {written}\n")
    assert (found, problems) == ({"a": value}, [])
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("title: b\nclaims: &c [1]\nsources: *c\n", "yaml-alias", 3, 10),
        ("a: !!python/object:os.system x\n", "yaml-tag", 1, 4),
        ("a: !own x\n", "yaml-tag", 1, 4),
        ("a: !!int x\n", "yaml-tag", 1, 4),
        ("a: 1\n---\nb: 2\n", "yaml-syntax", 2, 1),
        ("? [1]\n: 2\n", "yaml-syntax", 1, 3),
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("a: @key\n", "yaml-syntax", 1, 4),
        ("\ta: 1\n", "yaml-syntax", 1, 1),
        ("", "yaml-syntax", 1, 1),
        ("# nothing\n", "yaml-syntax", 1, 1),
        ("[" * 300, "yaml-too-deep", 1, 201),
        ("a: " + "9" * 5000, "yaml-number", 1, 4),
        ("%A\n" * 200 + "---\na: 1\n", "yaml-syntax", 1, 1),
        ("- a\n", "not-a-record", 1, 1),
    ],
)
def test_what_a_record_cannot_be_is_told_with_its_place(text, code, line, column):
    problem = only(refused(text))
    assert (problem.code, *place(problem)[:2]) == (code, line, column)
    assert problem.hint


def test_a_text_that_takes_too_long_is_not_parsed():
    problem = only(refused("a: " + "x" * LARGEST_YAML))
    assert problem.code == "yaml-too-long"
    assert "claims" in problem.hint


LONG = "a:\n" + "- b\n" * (SHORT_YAML // 4 + 1)


def test_a_long_text_reads_the_same_in_its_own_process():
    document, value, problems = parse_yaml("x.yaml", LONG)
    assert (value, problems) == ({"a": ["b"] * (LONG.count("\n") - 1)}, [])
    assert document.where(f"/a/{len(value['a']) - 1}").line == LONG.count("\n")
    with pytest.raises(RecordError) as caught:
        parse_yaml("x.yaml", LONG + "- *c\n")
    assert only(caught.value.problems).code == "yaml-alias"


def test_a_long_text_ends_when_it_has_computed_long_enough(monkeypatch):
    monkeypatch.setattr(yaml_syntax, "SECONDS", 0)
    with pytest.raises(RecordError, match="more than 0 s") as caught:
        parse_yaml("x.yaml", LONG)
    assert only(caught.value.problems).code == "yaml-too-long"


def test_a_long_text_ends_at_the_memory_of_its_process():
    # In a process of its own: this one may have room left that the bound does not count.
    code = (
        "import sys; from reportgen.record import yaml_syntax as y; y.MEGABYTES = 1\n"
        "try: y.parse_yaml('x.yaml', sys.stdin.read())\n"
        "except Exception as error: print(error.problems[0].code, error)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], input=LONG, text=True, capture_output=True, check=True
    )
    assert re.match("yaml-too-long .*(?:memory|status)", ended.stdout, re.DOTALL)


PIECES = ["- 1\n", "k: v\n", "x ", "'a' ", "[1,", "[],", "{},", "- - ", "&a ", "*a ", "!!str ", "<<: ", "? ", "# c\n", "|\n", "\n", "--- ", "%A\n"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("opening", ["", "["])
def test_the_work_grows_with_the_length_alone(opening, piece):
    def attempt(text):
        with suppress(RecordError):
            parse_yaml("x.yaml", opening + text)

    assert_linear(attempt, piece, SHORT_YAML // 25)


def test_what_stands_for_more_than_it_holds_is_never_worked_out():
    laughs = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n" for before, name in pairwise("abcdefghijklmnopqrstuvwxyz")
    )
    assert only(refused(laughs)).code == "yaml-alias"
    assert only(refused("a: &a [*a]\n")).code == "yaml-alias"
    assert only(refused("a: &a {b: 1}\nc: {<<: *a}\n")).code == "yaml-alias"
    assert parse_yaml("x.yaml", "a: {<<: {b: 1}}\n")[1] == {"a": {"<<": {"b": 1}}}


def test_a_huge_scalar_is_one_text_and_a_deep_nest_one_error():
    scalar = "x" * (LARGEST_YAML - 10)
    assert parse_yaml("x.yaml", f"a: {scalar}")[1] == {"a": scalar}
    for opening in ("[", "{a: ", "- "):
        assert only(refused(opening * (SHORT_YAML // 5))).code == "yaml-too-deep"


def test_problems_have_the_places_of_their_values():
    text = as_yaml(minimal(claims=[claim(), claim("b", confidence=7, nope=1)], title=5)).replace(
        "title: 5\n", ""
    )
    text = f"title: 5\n{text}version: 2\nversion: '3'\nscore: .nan\n"
    found = {problem.where.pointer: problem for problem in refused(text)}
    assert found.keys() == {"/title", "/claims/1/confidence", "/claims/1/nope", "/version", "/score"}
    lines = text.splitlines()
    for pointer, problem in found.items():
        line = lines[problem.where.line - 1][problem.where.column - 1 :]
        name = pointer.rpartition("/")[2]
        assert line.startswith({"confidence": "7", "title": "5", "score": ".nan"}.get(name, name)), pointer
    assert found["/version"].code == "yaml-duplicate-key"
    assert place(found["/version"])[:2] == (len(lines) - 1, 1)


def test_a_missing_field_is_placed_at_what_it_is_missing_from():
    problem = only(refused(as_yaml(minimal(claims=[claim(), {"text": "b"}]))))
    assert problem.where.pointer == "/claims/1/verified"
    assert problem.where.line > 1


def test_batches_find_them_and_the_files_they_name(tmp_path):
    for name in ("a.yaml", "b.yml", "c.json", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("claims:\n  file: claims.csv\ngate:\n  artifacts:\n  - path: run.log\n")
    found = find_sources([tmp_path])
    assert [source.path.name for source in found] == ["a.yaml", "b.yml", "c.json"]
    assert [source.path.name for source in find_sources([str(tmp_path / "*.y*ml")])] == ["a.yaml", "b.yml"]
    named = named_files(found[0], found[0].content())
    assert [path.name for path in named] == ["claims.csv", "run.log"]
    assert named_files(found[2], found[2].content()) == []


def test_it_travels_inside_its_report_and_builds_it_again(tmp_path):
    path = tmp_path / "record.yml"
    path.write_text(as_yaml(minimal(claims={"file": "claims.csv"})))
    (tmp_path / "claims.csv").write_text("text,verdict,theme\nA claim.,mixed,one\nAnother.,supported,two\n")
    built = build_report(path, Settings(root=tmp_path, output=tmp_path))
    inside = read_carried(built.pdf).files
    assert inside["record.yaml"] == path.read_bytes()
    assert "record.json" not in inside
    assert verify(built.pdf).outcome is Comparison.IDENTICAL
