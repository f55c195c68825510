from __future__ import annotations

import json
import time
from threading import Thread

import pytest

from minimal_record import minimal
from reportgen.base import timings
from reportgen.base.timings import Span, process_start, stage, timed
from reportgen.cli.timings import _covered, timings_table


@stage("inner")
def inner():
    return 1


@stage("outer")
def outer():
    return inner() + inner()


@stage("failing")
def failing():
    raise KeyError


def test_nobody_listens_and_nothing_is_taken_down():
    assert outer() == 2
    assert timings._Log.spans is None


def test_each_call_is_taken_down_inside_the_stage_that_made_it():
    with timed() as spans:
        assert outer() == 2
    assert [(span.stage, span.depth) for span in spans] == [("inner", 1), ("inner", 1), ("outer", 0)]
    first, second, whole = spans
    assert whole.start <= first.start <= second.start
    assert first.seconds + second.seconds <= whole.seconds


def test_a_stage_that_fails_took_time_too():
    with timed() as spans, pytest.raises(KeyError):
        failing()
    with timed() as more:
        inner()
    assert [(span.stage, span.depth) for span in (*spans, *more)] == [("failing", 0), ("inner", 0)]


def test_stages_of_two_threads_are_not_inside_one_another():
    @stage("waiting")
    def waiting():
        thread = Thread(target=inner)
        thread.start()
        thread.join()

    with timed() as spans:
        waiting()
    assert {(span.stage, span.depth) for span in spans} == {("inner", 0), ("waiting", 0)}


def test_the_process_began_before_now():
    began = process_start()
    assert began is None or began < time.monotonic()


def test_a_system_that_does_not_say_when_a_process_began(monkeypatch):
    monkeypatch.setattr(
        "reportgen.base.timings.Path.read_text", lambda *_, **__: (_ for _ in ()).throw(OSError)
    )
    assert process_start() is None


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(minimal()))
    return path


def test_compile_tells_where_the_time_went(run, record, tmp_path):
    ended = run("compile", record, "-o", tmp_path / "out", "--timings", "--format", "json")
    (result,) = json.loads(ended.out)
    rows = {row["stage"]: row for row in result["timings"]}
    assert {"read", "check", "compose", "render", "typeset", "tex", "finish", "prove", "place"} <= rows.keys()
    assert rows["tex"]["depth"] == rows["typeset"]["depth"] + 1
    rest = rows["start, imports and the rest"]["ms"]
    assert 0 < rest < rows["in all"]["ms"] - rows["typeset"]["ms"]


def test_time_that_two_stages_share_is_counted_once():
    spans = [Span("a", 1.0, 2.0, 0), Span("b", 2.0, 2.0, 0), Span("c", 2.5, 0.5, 1), Span("d", 6.0, 1.0, 0)]
    assert _covered(spans) == pytest.approx(4.0)


def test_the_table_for_people_indents_what_is_part_of_a_stage(run, record, tmp_path):
    ended = run("compile", record, "-o", tmp_path / "out", "--timings")
    lines = ended.out.splitlines()
    assert lines[1].split() == ["stage", "from", "takes"]
    assert any(line.startswith("typeset ") for line in lines)
    assert any(line.startswith("  tex ") for line in lines)
    assert lines[-1].startswith("in all")
    row = {"stage": "read", "depth": 1, "start_ms": 1.25, "ms": 1234.5}
    assert timings_table([row]).splitlines()[1] == "  read     1.2 ms  1234.5 ms"
