"""Locks between processes; a second opening of a file is as strange to its lock as another process is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reportgen.base import locks
from reportgen.base.locks import hold_alone, hold_together, open_folder


@pytest.fixture(params=["linux", "win32"])
def system(request, monkeypatch):
    """Hold folders as this system does, or as Windows must."""
    if request.param == "win32":
        monkeypatch.setattr(locks, "fcntl", None)
    return request.param


@pytest.fixture
def opened(tmp_path):
    handles = []

    def opened():
        handles.append(open_folder(tmp_path))
        return handles[-1]

    yield opened
    for handle in handles:
        os.close(handle)


def test_one_holds_a_folder_alone(system, opened):
    hold_alone(opened(), wait=False)
    with pytest.raises(BlockingIOError):
        hold_alone(opened(), wait=False)


def test_who_was_alone_lets_others_in_but_none_that_would_be_alone(system, opened):
    first = opened()
    hold_alone(first, wait=False)
    hold_together(first)
    hold_together(opened())
    with pytest.raises(BlockingIOError):
        hold_alone(opened(), wait=False)


def test_the_folder_itself_is_held_where_that_can_be_and_a_file_in_it_elsewhere(system, opened, tmp_path):
    opened()
    assert [path.name for path in tmp_path.iterdir()] == ([".reportgen.lock"] if system == "win32" else [])


def test_what_is_no_folder_cannot_be_held(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        open_folder(tmp_path / "file")


def test_a_lock_goes_with_the_process_that_is_killed(opened, tmp_path):
    code = (
        "import sys, pathlib\n"
        "from reportgen.base.locks import hold_alone, open_folder\n"
        "hold_alone(open_folder(pathlib.Path(sys.argv[1])), wait=True)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        handle = opened()
        with pytest.raises(BlockingIOError):
            hold_alone(handle, wait=False)
        holder.kill()
        hold_alone(handle, wait=True)


def test_windows_gives_one_lock_up_before_it_takes_the_other(opened, monkeypatch):
    """Linux changes the kind of a lock in one step, so here it can only be seen what is asked for."""
    monkeypatch.setattr(locks, "fcntl", None)
    asked = []
    monkeypatch.setattr("portalocker.unlock", lambda handle: asked.append("unlock"))
    monkeypatch.setattr("portalocker.lock", lambda handle, flags: asked.append(flags.name))
    hold_together(opened())
    assert asked == ["unlock", "SHARED"]
