"""The store: what is kept is given back as it was or made again, whatever happened to the cache."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.base.cache import Stock, bound, clear, key_of, prune, recall, recall_file, stock
from reportgen.base.cache.bounds import IN_USE_SECONDS
from reportgen.base.errors import OutputError, SettingsError

HOUR = IN_USE_SECONDS
CONTENT = b"a format of some length"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("REPORTGEN_CACHE_MB", raising=False)
    return tmp_path / "cache"


def never():
    raise AssertionError("made again")


def age(path, hours):
    """Let a file look as if it was used that many hours ago."""
    time = path.stat().st_mtime - hours * HOUR
    os.utime(path, (time, time))


def keep(key, size, hours=0.0, kind="charts"):
    recall(kind, key, ".pdf", lambda: bytes(size))
    (path,) = cache_files(f"{kind}/{key}.pdf")
    age(path, hours)
    return path


def cache_files(pattern="*/*"):
    return sorted(path for path in Path(os.environ["REPORTGEN_CACHE"]).glob(pattern) if path.is_file())


@contextmanager
def a_full_disk():
    """No file of this process may grow beyond 10 bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# Bytes


@given(*[st.lists(st.binary(max_size=3), max_size=4)] * 2)
def test_different_parts_have_different_keys(one, another):
    assert (key_of(one) == key_of(another)) == (one == another)


@given(st.text())
def test_a_text_and_its_bytes_have_the_same_key(text):
    assert key_of([text]) == key_of([text.encode("utf-8", "surrogatepass")])


@given(st.binary(), st.data())
def test_what_was_cut_or_altered_is_made_again(content, data):
    key = key_of([content])
    assert recall("charts", key, ".pdf", lambda: content) == content
    assert recall("charts", key, ".pdf", never) == content
    (path,) = cache_files(f"charts/{key}.pdf")
    whole = path.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    for broken in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
        path.write_bytes(broken)
        assert recall("charts", key, ".pdf", lambda: content) == content
        assert path.read_bytes() == whole
    path.unlink()


def test_what_lies_under_another_key_is_not_taken():
    keep("a", 5).rename(cache_files()[0].with_name("b.pdf"))
    assert recall("charts", "b", ".pdf", lambda: b"b") == b"b"


def test_what_fails_to_be_made_is_not_kept():
    with pytest.raises(AssertionError, match="made again"):
        recall("charts", "a", ".pdf", never)
    with pytest.raises(AssertionError, match="made again"):
        recall_file("formats", "a.fmt", never)
    assert [path.name for path in cache_files()] == ["a.lock"]


def test_a_full_disk_is_no_reason_to_fail():
    with a_full_disk():
        assert recall("charts", "a", ".pdf", lambda: CONTENT) == CONTENT
    assert cache_files() == []
    assert recall("charts", "a", ".pdf", lambda: CONTENT) == CONTENT
    assert len(cache_files()) == 1


def test_a_cache_that_cannot_be_marked_is_read(monkeypatch):
    keep("a", 5)
    recall_file("formats", "a.fmt", lambda: CONTENT)

    def read_only(*args, **kwargs):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "utime", read_only)
    assert recall("charts", "a", ".pdf", never) == bytes(5)
    assert recall_file("formats", "a.fmt", never).read_bytes() == CONTENT


def test_a_killed_writer_leaves_nothing_that_is_taken_for_whole():
    program = (
        "import os, sys, signal\n"
        "from reportgen.base.cache import recall\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "recall('charts', 'a', '.pdf', lambda: b'half')\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGKILL
    (left,) = cache_files()
    assert left.name.startswith(".a.pdf.")
    assert recall("charts", "a", ".pdf", lambda: b"whole") == b"whole"
    prune()
    assert left.exists()  # its writer may be at work
    age(left, 1)
    assert prune() == 0 + len(b"half") + 32
    assert [path.name for path in cache_files()] == ["a.pdf"]


# Files


def test_a_file_is_made_once():
    path = recall_file("formats", "a.fmt", lambda: CONTENT)
    assert path.read_bytes() == CONTENT
    assert recall_file("formats", "a.fmt", never) == path
    assert path.suffix == ".fmt"


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT.upper(), b""], ids=["cut", "altered", "empty"])
def test_a_file_that_was_cut_or_altered_is_made_again(content):
    path = recall_file("formats", "a.fmt", lambda: CONTENT)
    path.write_bytes(content)
    assert recall_file("formats", "a.fmt", lambda: CONTENT).read_bytes() == CONTENT
    assert recall_file("formats", "a.fmt", never) == path


def test_a_file_that_was_cut_under_the_same_time_is_made_again():
    path = recall_file("formats", "a.fmt", lambda: CONTENT)
    time = path.stat().st_mtime_ns
    os.truncate(path, 5)
    os.utime(path, ns=(time, time))
    assert recall_file("formats", "a.fmt", lambda: CONTENT).read_bytes() == CONTENT


@pytest.mark.parametrize("stamp", [None, b"", b"23 4", b"\xff \xff \xff"])
def test_a_file_without_a_whole_stamp_is_made_again(stamp):
    path = recall_file("formats", "a.fmt", lambda: CONTENT)
    beside = path.with_suffix(".stamp")
    beside.unlink() if stamp is None else beside.write_bytes(stamp)
    made = []
    recall_file("formats", "a.fmt", lambda: made.append(1) or CONTENT)
    assert made == [1]
    assert recall_file("formats", "a.fmt", never) == path


def test_a_file_whose_time_alone_has_changed_is_kept_and_hashed_once(monkeypatch):
    path = recall_file("formats", "a.fmt", lambda: CONTENT)
    age(path, 1)  # as in a cache that was copied
    assert recall_file("formats", "a.fmt", never) == path
    monkeypatch.setattr(Path, "read_bytes", never)
    assert recall_file("formats", "a.fmt", never) == path


def test_while_a_file_is_made_others_are_locked_out():
    def make():
        with (path.with_suffix(".lock")).open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return CONTENT

    path = Path(os.environ["REPORTGEN_CACHE"]) / "formats/a.fmt"
    assert recall_file("formats", "a.fmt", make) == path
    with (path.with_suffix(".lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_who_waits_for_a_file_does_not_make_it_again():
    found = []
    waiting = threading.Thread(target=lambda: found.append(recall_file("formats", "a.fmt", never)))

    def make():
        waiting.start()
        return CONTENT

    path = recall_file("formats", "a.fmt", make)
    waiting.join()
    assert found == [path]


def test_a_killed_maker_frees_its_lock():
    program = (
        "import os, signal\n"
        "from reportgen.base.cache import recall_file\n"
        "recall_file('formats', 'a.fmt', lambda: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -signal.SIGKILL
    assert recall_file("formats", "a.fmt", lambda: CONTENT).read_bytes() == CONTENT


def test_a_file_that_cannot_be_kept_lies_in_a_folder_of_this_process(cache):
    (cache / "formats/a.fmt").mkdir(parents=True)  # in its way
    program = (
        "from reportgen.base.cache import recall_file\n"
        "first = recall_file('formats', 'a.fmt', lambda: b'content')\n"
        "assert recall_file('formats', 'a.fmt', None) == first\n"
        "assert first.read_bytes() == b'content'\n"
        "print(first)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    own = Path(done.stdout.strip())
    assert own.name == "a.fmt"
    assert cache not in own.parents
    assert not own.parent.exists()


def test_a_disk_that_is_full_everywhere_is_said(monkeypatch):
    with a_full_disk(), pytest.raises(OutputError) as caught:
        recall_file("formats", "a.fmt", lambda: CONTENT)
    (problem,) = caught.value.problems
    assert "can be written: File too large" in problem.message
    assert "TMPDIR" in problem.hint


# The bound


@pytest.mark.parametrize(("text", "size"), [("", 500_000_000), ("0", 0), ("12", 12_000_000)])
def test_the_bound_is_given_in_megabytes(text, size, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", text)
    assert bound() == size


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "1e3", "٣"])
def test_a_bound_that_is_no_number_is_said_at_once(text, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", text)
    for ask in (
        bound,
        lambda: recall("charts", "a", ".pdf", never),
        lambda: recall_file("formats", "a.fmt", never),
    ):
        with pytest.raises(SettingsError, match="REPORTGEN_CACHE_MB is"):
            ask()


def test_what_was_used_longest_ago_goes_first(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "1")
    old, middle, young = (keep(f"k{hours}", 400_000, hours) for hours in (9, 6, 3))
    assert recall("charts", "k9", ".pdf", never)  # used now
    size = middle.stat().st_size
    assert prune() == size
    assert cache_files() == sorted([old, young])
    assert prune() == 0


def test_what_was_used_within_the_hour_stays_above_the_bound(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "0")
    used, unused = keep("used", 5, 0.5), keep("unused", 5, 1.5)
    prune()
    assert (used.exists(), unused.exists()) == (True, False)


def test_a_format_goes_with_its_stamp_and_lock_and_stays_while_it_is_used(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "0")
    for name in ("used.fmt", "unused.fmt"):
        recall_file("formats", name, lambda: CONTENT)
        for path in cache_files("formats/*"):
            age(path, 2)
    recall_file("formats", "used.fmt", never)
    prune()
    assert [path.name for path in cache_files()] == ["used.fmt", "used.lock", "used.stamp"]
    assert recall_file("formats", "used.fmt", never)


def test_fonts_and_logs_do_not_count(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "1")
    for kind in ("fonts", "logs", "texmf"):
        keep("a", 600_000, 2, kind)
    keep("a", 600_000, 2)
    assert prune() == 0
    assert len(cache_files()) == 4


def test_a_full_store_is_pruned_when_something_is_added_but_not_each_time(monkeypatch, cache):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "0")
    old = keep("old", 5, 2)
    monkeypatch.setattr("reportgen.base.cache.bounds.PRUNED_EVERY_SECONDS", HOUR * 24)
    keep("new", 5)
    assert old.exists()  # the mark of the first is fresh
    recall_file("formats", "new.fmt", lambda: CONTENT)
    assert old.exists()
    age(cache / "pruned", 25)
    keep("newer", 5)
    assert not old.exists()
    old = keep("old", 5, 2)
    age(cache / "pruned", -25)  # a clock that was put back
    recall_file("formats", "newer.fmt", lambda: CONTENT)
    assert not old.exists()


def test_a_store_that_cannot_be_written_is_not_pruned(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "0")
    old = keep("old", 5, 2)

    def read_only(**options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", read_only)
    assert prune() == 0
    assert old.exists()


def test_a_file_that_another_process_removes_is_passed_over(monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE_MB", "0")
    unlink = Path.unlink

    def unlink_all(path, **options):
        for file in cache_files("charts/*"):
            unlink(file)
        unlink(path, **options)

    for remove in (prune, clear):
        keep("one", 5, 3)
        keep("other", 5, 2)
        with monkeypatch.context() as other:
            other.setattr(Path, "unlink", unlink_all)
            remove()
        assert cache_files("charts/*") == []


# Looking and clearing


def test_the_stock_is_counted_by_kind(cache):
    keep("a", 5)
    recall_file("formats", "a.fmt", lambda: CONTENT)
    deep = cache / "texmf/var/luatex-cache/names.luc"
    deep.parent.mkdir(parents=True)
    deep.write_bytes(b"four")
    found = {each.kind: each for each in stock()}
    assert found["charts"] == Stock("charts", cache / "charts", 1, 5 + 32)
    assert found["texmf"] == Stock("texmf", cache / "texmf", 1, 4)
    stamp = (cache / "formats/a.stamp").stat().st_size
    assert found["formats"] == Stock("formats", cache / "formats", 1, len(CONTENT) + stamp)
    assert found["logs"] == Stock("logs", cache / "logs", 0, 0)


def test_clearing_frees_all_but_what_is_being_written(cache):
    keep("a", 5)
    recall_file("formats", "a.fmt", lambda: CONTENT)
    held = sum(each.size for each in stock())
    being_written = cache / "charts/.b.pdf.x1"
    being_written.write_bytes(b"half")
    left_behind = cache / "charts/.c.pdf.x2"
    left_behind.write_bytes(b"half")
    age(left_behind, 2)
    assert clear() == held + 4
    assert cache_files() == [being_written]
    assert (cache / "formats").is_dir()
    assert recall_file("formats", "a.fmt", lambda: CONTENT).read_bytes() == CONTENT


def test_a_file_that_cannot_be_removed_is_named(monkeypatch):
    path = keep("a", 5)

    def refused(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(OutputError, match=f"cannot remove {path}: Permission denied"):
        clear()


def test_the_command_shows_the_stock_and_clears_it(run, cache):
    recall("charts", "a", ".pdf", lambda: bytes(2_000_000 - 32))
    shown = run("cache", "stats")
    assert shown.code == 0
    lines = [line.split() for line in shown.out.splitlines()]
    assert lines[0] == ["kind", "files", "size"]
    assert ["charts", "1", "2.0", "MB"] in lines
    assert ["all", "1", "2.0", "MB"] in lines
    assert lines[-2:] == [
        ["bound", "of", "charts", "and", "formats:", "500.0", "MB"],
        ["place:", str(cache)],
    ]
    cleared = run("cache", "clear")
    assert (cleared.code, cleared.out) == (0, f"freed 2.0 MB in {cache}\n")
    assert cache_files("charts/*") == []


@pytest.mark.parametrize("command", [["cache"], ["cache", "stats"], ["cache", "clear"]])
def test_the_commands_explain_themselves(run, command):
    assert "reportgen cache" in run(*command, "--help").out
