"""The state of an output folder: it outlives kills, cuts, full disks and other runs beside it, and git merges it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.errors import Level, OutputError, Problem, Where
from reportgen.base.paths import hidden_name
from reportgen.pipeline.batch import entries
from reportgen.pipeline.batch.entries import Ingredients, StateEntry, entry_bytes, read_entry, values_key
from reportgen.pipeline.batch.state import MADE_WITH, STATE_FOLDER, State, entry_file, value_file

WARNING = Problem("a-code", Level.WARNING, Where("a.json", 1, 2, "/claims/0"), "said \ud800 \u2028", "do it")
MADE_OF = {"pikepdf": "9.1"}
TOOLS = values_key(MADE_OF)
HASHES = Ingredients("record", "claims", "", "cited", "templates", "settings", TOOLS)
ID = "00000000-2222-4333-8444-555555555555"


def entry(number, **changes):
    made = StateEntry(
        f"{number}.pdf",
        f"0000000{number}-2222-4333-8444-555555555555",
        "1",
        "a.json",
        3,
        "abc",
        HASHES,
        (WARNING,),
    )
    return replace(made, **changes)


def written(folder, *entries, **options):
    state = State(folder, **options)
    for each in entries:
        state.add(each, {TOOLS: MADE_OF})
    state.close()
    return state


def read(folder):
    return State(folder, read_only=True)


def bytes_of(folder):
    files = sorted(path for path in (folder / STATE_FOLDER).rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def test_what_was_added_is_read_again(tmp_path):
    entries = {f"{number}.pdf": entry(number) for number in range(3)}
    written(tmp_path / "out", *entries.values())
    state = read(tmp_path / "out")
    assert state.entries == entries
    assert state.values == {TOOLS: MADE_OF}


def test_a_report_is_a_file_of_its_own_and_the_order_of_building_leaves_no_trace(tmp_path):
    written(tmp_path / "a", entry(1), entry(2))
    written(tmp_path / "b", entry(2), entry(1))
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert [path.name for path in bytes_of(tmp_path / "a")] == [
        "1.state.json",
        "2.state.json",
        "README",
        f"{TOOLS}.state.json",
    ]


def test_the_bibliography_as_a_whole_is_not_kept_for_git(tmp_path):
    written(tmp_path / "a", entry(1))
    written(tmp_path / "b", entry(1, ingredients=replace(HASHES, bibliography="other")))
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")


def test_the_last_entry_of_a_report_counts(tmp_path):
    written(tmp_path, entry(1), entry(1, version="2"))
    assert read(tmp_path).entries["1.pdf"].version == "2"


def test_what_is_known_of_a_record_is_found_by_its_bytes_and_by_its_id(tmp_path):
    state = written(tmp_path, entry(1), entry(2, id=ID, ingredients=replace(HASHES, record="two")))
    state = read(tmp_path)
    assert state.of_record("two", HASHES).pdf == "2.pdf"
    assert state.of_record("two", replace(HASHES, settings="other")) is None
    assert state.of_record("two", replace(HASHES, tools="other")) is None
    assert state.newest_of(ID, "7").pdf == "2.pdf"
    assert state.newest_of("unknown", "1") is None


def test_the_entry_of_the_same_version_is_preferred(tmp_path):
    written(tmp_path, entry(1, id=ID, version="1"), entry(2, id=ID, version="2"))
    assert read(tmp_path).newest_of(ID, "1").pdf == "1.pdf"


def test_what_is_dropped_is_gone(tmp_path):
    state = written(tmp_path, entry(1), entry(2))
    state.drop("1.pdf")
    state.close()
    assert list(read(tmp_path).entries) == ["2.pdf"]


def test_values_that_no_report_names_are_removed(tmp_path):
    written(tmp_path, entry(1))
    other = values_key({"pikepdf": "10"})
    state = State(tmp_path)
    state.add(entry(1, ingredients=replace(HASHES, tools=other)), {other: {"pikepdf": "10"}})
    state.close()
    assert read(tmp_path).values == {other: {"pikepdf": "10"}}


def test_the_state_as_it_was_kept_before_is_removed(tmp_path):
    (tmp_path / ".reportgen-state.jsonl").touch()
    State(tmp_path).close()
    assert (tmp_path / ".reportgen-state.jsonl").exists()
    written(tmp_path, entry(1))
    assert not (tmp_path / ".reportgen-state.jsonl").exists()


@given(st.data())
def test_a_file_cut_anywhere_is_no_entry_and_harms_no_other(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("out")
    written(folder, entry(1), entry(2))
    file = entry_file(folder, "1.pdf")
    content = file.read_bytes()
    cut = data.draw(st.integers(0, len(content) - 2))
    file.write_bytes(content[:cut])
    assert list(read(folder).entries) == ["2.pdf"]
    written(folder, entry(1))
    assert read(folder).entries["1.pdf"] == entry(1)


@given(
    st.binary(max_size=60), st.sampled_from(["1.state.json", "9.state.json", "made-with/1.state.json", "x"])
)
def test_a_file_of_anything_is_read(tmp_path_factory, noise, name):
    folder = tmp_path_factory.mktemp("out")
    written(folder, entry(2))
    (folder / STATE_FOLDER / name).write_bytes(noise)
    assert read(folder).entries == {"2.pdf": entry(2)}


WRONG = [
    {"pdf": "../1.pdf"},
    {"pdf": "2.pdf"},  # not the name of its file
    {"pdf": "1.txt"},
    {"id": "7"},
    {"id": 7},
    {"source": "a\0b"},
    {"size": -1},
    {"size": True},
    {"ingredients": 3},
    {"ingredients": {"x": "1"}},
    {"ingredients": {"record": 1}},
    {"problems": [{"level": "x"}]},
    {"problems": 7},
    {"problems": [replace(WARNING, level=Level.ERROR).as_dict()]},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_an_entry_that_we_would_not_write_is_none(tmp_path, change):
    written(tmp_path, entry(1))
    assert read(tmp_path).entries
    value = json.loads(entry_bytes(entry(1))) | change
    del value["seal"]
    value["seal"] = entries._seal(value)
    entry_file(tmp_path, "1.pdf").write_text(json.dumps(value))
    state = read(tmp_path)
    assert (state.entries, state.spoilt) == ({}, {"1.pdf"})


def test_an_entry_is_sealed(tmp_path):
    value = json.loads(entry_bytes(entry(1)))
    for change in ({"size": 4}, {"seal": "0" * 64}, {"sha256": "abd"}):
        with pytest.raises(ValueError, match="as a whole"):
            read_entry(json.dumps(value | change).encode())


def test_values_that_do_not_fit_their_hash_are_not_believed(tmp_path):
    written(tmp_path, entry(1))
    value_file(tmp_path, TOOLS).write_text('{"pikepdf": "10"}')
    assert read(tmp_path).values == {}


@pytest.mark.parametrize("key", ["../x", "x", "", "A" * 64])
def test_values_lie_under_a_hash(tmp_path, key):
    with pytest.raises(ValueError, match="not a hash"):
        value_file(tmp_path, key)


def test_a_conflict_that_git_left_is_no_entry(tmp_path):
    written(tmp_path, entry(1), entry(2))
    file = entry_file(tmp_path, "1.pdf")
    file.write_bytes(b"<<<<<<< HEAD\n" + file.read_bytes() + b"=======\n>>>>>>> other\n")
    assert list(read(tmp_path).entries) == ["2.pdf"]


@pytest.mark.parametrize("name", [STATE_FOLDER, f"{STATE_FOLDER}/{MADE_WITH}"])
def test_a_link_in_place_of_the_state_is_not_followed(tmp_path, name):
    written(tmp_path / "elsewhere", entry(1))
    (tmp_path / "out" / name).parent.mkdir(parents=True)
    (tmp_path / "out" / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError) as caught:
        read(tmp_path / "out")
    assert [problem.code for problem in caught.value.problems] == ["state"]


def test_reading_only_writes_nothing(tmp_path):
    State(tmp_path / "out", read_only=True).close()
    assert not (tmp_path / "out").exists()
    left = hidden_name(tmp_path / "1.pdf")
    left.touch()
    State(tmp_path, read_only=True).close()
    assert left.exists()


def test_what_a_killed_run_left_is_removed(tmp_path):
    (tmp_path / STATE_FOLDER).mkdir()
    left = [hidden_name(tmp_path / "1.pdf"), hidden_name(tmp_path / STATE_FOLDER / "1.state.json")]
    names = (".1.pdf", "1.pdf", ".notes.pdf.20260101", ".eslintrc.json.disabled", ".x.json.original")
    kept = [tmp_path / name for name in names]
    for path in (*left, *kept):
        path.touch()
    state = State(tmp_path)
    # Another program may be about to finish one of them.
    os.utime(left[1], ns=(1, 1))
    state.close()
    assert [path.exists() for path in left] == [False, True]
    assert all(path.exists() for path in kept)


def test_a_run_beside_another_one_tidies_nothing(tmp_path):
    left = hidden_name(tmp_path / "1.pdf")
    left.touch()
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_SH)
    written(tmp_path, entry(2))
    assert left.exists()
    os.close(first)
    State(tmp_path).close()
    assert not left.exists()


WRITER = """
import sys
from pathlib import Path
from reportgen.pipeline.batch.entries import StateEntry, Ingredients
from reportgen.pipeline.batch.state import State
state = State(Path(sys.argv[1]))
for number in range(200):
    name = f"{sys.argv[2]}-{number}"
    state.add(StateEntry(f"{name}.pdf", "00000000-2222-4333-8444-555555555555", "1", name, 1, "x" * 64, Ingredients()))
state.close()
"""


def test_two_runs_may_write_at_once(tmp_path):
    running = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, name]) for name in "ab"]
    assert [process.wait() for process in running] == [0, 0]
    assert len(read(tmp_path).entries) == 400


def test_a_full_disk_cuts_no_file(tmp_path, monkeypatch):
    state = State(tmp_path)
    state.add(entry(1))

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        for number in (1, 2):
            with pytest.raises(OSError, match="No space left"):
                state.add(entry(number, version="2"))
    state.add(entry(3))
    state.close()
    assert read(tmp_path).entries == {"1.pdf": entry(1), "3.pdf": entry(3)}


def test_a_folder_without_locks_is_used_all_the_same(tmp_path, monkeypatch):
    def no_locks(handle, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    written(tmp_path, entry(1))
    assert list(read(tmp_path).entries) == ["1.pdf"]
