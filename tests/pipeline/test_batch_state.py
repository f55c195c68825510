"""The state of an output folder: it outlives kills, cuts, full disks and other runs beside it."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import Level, Problem, Where
from reportgen.pipeline.batch.inputs import RecordSource
from reportgen.pipeline.batch.state import STATE_FILE, Ingredients, State, StateEntry

WARNING = Problem("a-code", Level.WARNING, Where("a.json", 1, 2, "/claims/0"), "said \ud800 \u2028", "do it")
HASHES = Ingredients("record", "claims", "bibliography", "cited", "templates", "settings", "tools")


def entry(number, **changes):
    made = StateEntry(
        f"../records/{number}.json", f"{number}.pdf", 3, 17, "abc", HASHES, (WARNING,), ("old.pdf",)
    )
    return replace(made, **changes)


def written(folder, *entries, **options):
    state = State(folder, **options)
    for each in entries:
        state.add(each, {"tools": {"pikepdf": "9.1"}})
    state.close()
    return state


def read(folder):
    return State(folder, read_only=True)


def test_what_was_added_is_read_again(tmp_path):
    entries = [entry(number) for number in range(3)]
    written(tmp_path / "out", *entries)
    state = read(tmp_path / "out")
    assert list(state.entries.values()) == entries
    assert state.values == {"tools": {"pikepdf": "9.1"}}
    assert (tmp_path / "out" / STATE_FILE).read_bytes().count(b'"values"') == 1


def test_the_last_entry_of_a_record_counts(tmp_path):
    written(tmp_path, entry(1), entry(1, pdf="new.pdf"))
    state = read(tmp_path)
    assert state.entries["../records/1.json"].pdf == "new.pdf"
    assert state.owner("new.pdf") == "../records/1.json"
    assert state.owner("1.pdf") is None


def test_a_record_is_named_from_the_output_folder(tmp_path, monkeypatch):
    (tmp_path / "records").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "records")
    monkeypatch.chdir(tmp_path)
    state = State(tmp_path / "out")
    for path in ("records/1.json", "./records/1.json", "link/1.json", str(tmp_path / "records" / "1.json")):
        assert state.key(RecordSource(type(tmp_path)(path))) == "../records/1.json"
    assert state.key(RecordSource(tmp_path / "r.jsonl", 4)) == "../r.jsonl:4"


def test_a_line_that_moved_is_found_by_its_content(tmp_path):
    path = tmp_path / "r.jsonl"
    state = State(tmp_path / "out")
    state.add(entry(1, source="../r.jsonl:1", ingredients=replace(HASHES, record="one")))
    state.add(entry(2, source="../r.jsonl:2", ingredients=replace(HASHES, record="two")))
    assert state.find(RecordSource(path, 1), "one").pdf == "1.pdf"
    assert state.find(RecordSource(path, 1), "two").pdf == "2.pdf"
    assert state.find(RecordSource(path, 3), "two").pdf == "2.pdf"
    assert state.find(RecordSource(path, 1), "new").pdf == "1.pdf"
    assert state.find(RecordSource(path, 3), "new") is None
    # A file of its own is known by its path alone: a copy of a record is another record.
    assert state.find(RecordSource(tmp_path / "copy.json"), "one") is None


@given(st.data())
def test_a_file_cut_anywhere_holds_the_entries_before_the_cut(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("out")
    entries = [entry(number) for number in range(4)]
    written(folder, *entries)
    content = (folder / STATE_FILE).read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    (folder / STATE_FILE).write_bytes(content[:cut])
    # The newline itself may be what is missing.
    whole = content[: cut + 1].count(b"\n") - 1 if cut else 0
    assert list(read(folder).entries.values()) == entries[: max(whole, 0)]
    # What is added after a cut does not grow into the piece that is left.
    written(folder, entry(9))
    assert list(read(folder).entries.values()) == [*entries[: max(whole, 0)], entry(9)]


@given(st.binary(max_size=60), st.integers(0, 3))
def test_a_file_of_anything_is_read(tmp_path_factory, noise, place):
    folder = tmp_path_factory.mktemp("out")
    written(folder, entry(1), entry(2))
    lines = (folder / STATE_FILE).read_bytes().splitlines()
    lines.insert(place, noise.replace(b"\n", b"").replace(b"\r", b""))
    (folder / STATE_FILE).write_bytes(b"\n".join(lines) + b"\n")
    assert list(read(folder).entries.values()) == [entry(1), entry(2)]


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "7",
        '{"values": 3}',
        '{"values": {"a": 3}}',
        "{}",
        '{"source": 1, "pdf": "a", "older": []}',
        '{"source": "a", "pdf": "../a.pdf", "older": []}',
        '{"source": "a", "pdf": "a.pdf", "older": [], "ingredients": 3, "problems": []}',
        '{"source": "a", "pdf": "a.pdf", "older": [], "ingredients": {"x": 1}, "problems": []}',
        '{"source": "a", "pdf": "a.pdf", "older": 3, "ingredients": {}, "problems": [{"level": "x"}]}',
    ],
)
def test_a_line_of_another_kind_is_no_entry(tmp_path, line):
    (tmp_path / STATE_FILE).write_text(f"{line}\n")
    state = read(tmp_path)
    assert (state.entries, state.values) == ({}, {})


def test_reading_only_writes_nothing(tmp_path):
    State(tmp_path / "out", read_only=True).close()
    assert not (tmp_path / "out").exists()
    (tmp_path / ".1.pdf.abcdefgh").touch()
    State(tmp_path, read_only=True).close()
    assert (tmp_path / ".1.pdf.abcdefgh").exists()


def test_a_state_that_has_grown_is_written_anew(tmp_path):
    many = [entry(1, size=size) for size in range(200)]
    written(tmp_path, *many, entry(2))
    before = (tmp_path / STATE_FILE).stat().st_size
    State(tmp_path).close()
    assert (tmp_path / STATE_FILE).stat().st_size < before / 50
    state = read(tmp_path)
    assert list(state.entries.values()) == [many[-1], entry(2)]
    assert state.values == {"tools": {"pikepdf": "9.1"}}


def test_what_a_killed_run_left_is_removed(tmp_path):
    left = [tmp_path / ".1.pdf.ab1_efgh", tmp_path / f".{STATE_FILE}.abcdefgh"]
    kept = [tmp_path / name for name in (".1.pdf", "1.pdf", ".notes.txt.abcdefgh", ".1.pdf.longer-name")]
    for path in (*left, *kept):
        path.touch()
    state = State(tmp_path)
    # Another program may be about to finish one of them.
    os.utime(left[1], ns=(1, 1))
    state.close()
    assert [path.exists() for path in left] == [False, True]
    assert all(path.exists() for path in kept)


def test_a_run_beside_another_one_tidies_nothing(tmp_path):
    written(tmp_path, *(entry(1, size=size) for size in range(200)))
    (tmp_path / ".1.pdf.abcdefgh").touch()
    size = (tmp_path / STATE_FILE).stat().st_size
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_SH)
    written(tmp_path, entry(2))
    assert (tmp_path / ".1.pdf.abcdefgh").exists()
    assert (tmp_path / STATE_FILE).stat().st_size > size
    os.close(first)
    State(tmp_path).close()
    assert not (tmp_path / ".1.pdf.abcdefgh").exists()
    assert (tmp_path / STATE_FILE).stat().st_size < size


WRITER = """
import sys
from pathlib import Path
from reportgen.pipeline.batch.state import StateEntry, Ingredients, State
state = State(Path(sys.argv[1]))
for number in range(200):
    state.add(StateEntry(f"{sys.argv[2]}-{number}", f"{sys.argv[2]}-{number}.pdf", 1, 1, "x" * 64, Ingredients()))
state.close()
"""


def test_two_runs_may_write_at_once(tmp_path):
    running = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, name]) for name in "ab"]
    assert [process.wait() for process in running] == [0, 0]
    assert len(read(tmp_path).entries) == 400


def test_a_full_disk_cuts_no_other_line(tmp_path, monkeypatch):
    state = State(tmp_path)
    state.add(entry(1))
    write = os.write
    room = [40]

    def with_little_room(handle, content):
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = write(handle, content[: room[0]])
        room[0] -= written
        return written

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", with_little_room)
        with pytest.raises(OSError, match="No space left"):
            state.add(entry(2))
    state.add(entry(3))
    state.close()
    assert list(read(tmp_path).entries.values()) == [entry(1), entry(3)]


def test_a_folder_without_locks_is_used_all_the_same(tmp_path, monkeypatch):
    def no_locks(handle, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    written(tmp_path, entry(1))
    assert list(read(tmp_path).entries.values()) == [entry(1)]
