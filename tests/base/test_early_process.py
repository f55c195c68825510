from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap

import pytest

from reportgen.base import early_process
from reportgen.base.early_process import Function
from reportgen.base.errors import Level, Problem, SetupError, Where


@pytest.fixture(autouse=True)
def connections_of_this_test_only(monkeypatch):
    connections: dict = {}
    monkeypatch.setattr("multiprocessing.cpu_count", lambda: 2)
    monkeypatch.setattr("threading.active_count", lambda: 1)  # the workers of pytest-xdist have idle ones
    monkeypatch.setattr(early_process, "_connections", lambda: connections)
    yield
    for connection in connections.values():
        connection.close()


def test_a_function_that_was_not_started_is_called_here():
    assert Function("os", "getpgid")(0) == os.getpgid(0)
    assert Function("early_example", "where")(None) == os.getpid()


def test_a_started_function_is_called_in_another_process_each_time_the_same():
    where = Function("early_example", "where")
    where.start()
    where.start()
    first = where(None)
    assert first != os.getpid()
    assert where(None) == first


@pytest.mark.parametrize(("what", "count"), [("multiprocessing.cpu_count", 1), ("threading.active_count", 2)])
def test_where_it_would_not_help_or_is_not_safe_no_process_is_started(what, count, monkeypatch):
    monkeypatch.setattr(what, lambda: count)
    where = Function("early_example", "where")
    where.start()
    assert where(None) == os.getpid()


def test_what_it_raises_is_raised_here_with_all_its_problems():
    function = Function("early_example", "refuse")
    function.start()
    with pytest.raises(SetupError) as caught:
        function("no font")
    assert caught.value.problems == (Problem("chart-font", Level.ERROR, Where("x.ttf"), "no font"),)
    with pytest.raises(SetupError, match="again"):
        function("again")


def test_an_error_keeps_its_problems_on_the_way_between_processes():
    error = SetupError([Problem("a", Level.WARNING, Where("b", 1, 2, "/c"), "d", "e")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_when_the_process_is_killed_the_function_is_called_here():
    where = Function("early_example", "where")
    where.start()
    os.kill(where(None), signal.SIGKILL)
    assert where(None) == os.getpid()


def test_the_process_holds_no_file_of_the_one_that_started_it():
    reading, writing = os.pipe()
    where = Function("early_example", "where")
    where.start()
    assert where(None) != os.getpid()
    os.close(writing)
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_the_process_ends_with_the_one_that_started_it_however_that_ended():
    # Both hold the pipe open: its end is read when the last of them has ended.
    script = """
        import os, signal
        from reportgen.base.early_process import Function
        where = Function("early_example", "where")
        where.start()
        print(where(None) != os.getpid(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "True\n")
