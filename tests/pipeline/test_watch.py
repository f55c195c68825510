"""Watching: a change builds what depends on it, and nothing else."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from minimal_record import claim, minimal, only
from reportgen.base.errors import SetupError
from reportgen.base.paths import packaged_folder
from reportgen.pipeline.watch import project
from reportgen.pipeline.watch.changes import FileChanges
from reportgen.pipeline.watch.project import Project, rebuild
from trusted import trust

BIB = "@misc{one2024, author = {One, Ann}, title = {%s}, year = {2024}}\n"


@pytest.fixture
def folder(tmp_path):
    """Two records, each with its own settings and sources."""
    for name in ("a", "b"):
        (tmp_path / name / "bib").mkdir(parents=True)
        (tmp_path / name / "bib/all.bib").write_text(BIB % "First")
        (tmp_path / name / "reportgen.toml").touch()
        write(tmp_path / name / "record.json", title=f"Record {name}")
    return tmp_path


def write(path, **changes):
    """Put a record into its place as an editor does, through another file; give the paths that changed."""
    beside = path.with_name(f"{path.name}~")
    beside.write_text(json.dumps(minimal(**changes)))
    beside.replace(path)
    return {beside, path}


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return {path}


def remove(path):
    path.unlink()
    return {path}


def play(places, *steps, **options):
    """Build all, then take each step, a function that changes files and gives their paths; give what was built."""
    followed = []
    groups = [[]]

    def changes():
        for step in steps:
            groups.append([])
            changed = frozenset(step())
            assert any(path.parent in followed[-1] for path in changed), "nobody would have been told"
            yield changed

    overrides = {"output": options.pop("output", None)}
    watched = Project([places] if isinstance(places, Path) else places, overrides, **options)
    for event in rebuild(watched, changes(), followed.append):
        groups[-1].append(event)
    return groups


def names(events):
    return [event.record.parent.name for event in events]


def test_all_is_built_at_the_start_and_the_changed_record_after_that(folder):
    start, first, second, third = play(
        folder,
        lambda: write(folder / "a/record.json", title="Another"),
        lambda: (
            write(folder / "b/record.json", title="Another") | write(folder / "a/record.json", title="Third")
        ),
        lambda: put(folder / "a/notes.txt", "x"),
    )
    assert [names(events) for events in (start, first, second, third)] == [["a", "b"], ["a"], ["a", "b"], []]
    assert only(first).pdf.name.endswith("another.pdf")
    assert all(event.pdf.is_file() and event.seconds > 0 for event in (*start, *first, *second))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bib/all.bib", BIB % "Second"),
        ("bib/new.bib", "@misc{two2024, title = {Two}, year = {2024}}\n"),
        ("references.lock.json", '{"schema": "reportgen-lock-v1", "references": {}}'),
        ("reportgen.toml", 'paper = "letter"\n'),
        ("record.zenodo.json", "{}"),
    ],
)
def test_what_shares_the_changed_file_is_built(folder, name, text):
    _, built = play(folder, lambda: put(folder / "a" / name, text))
    assert names(built) == ["a"]


def test_a_record_in_yaml_is_built_again_when_it_or_a_file_it_names_changes(folder):
    record = folder / "a/record.yaml"

    def words(title):
        text = json.dumps(minimal(title=title, claims={"file": "c.csv"}), indent=2)
        return put(record, f"# YAML holds JSON\n{text}\n")

    (folder / "a/record.json").unlink()
    put(folder / "a/c.csv", "text,verified\nA claim.,true\n")
    words("First")
    start, changed, named, broken = play(
        folder / "a",
        lambda: words("Second"),
        lambda: put(folder / "a/c.csv", "text,verified\nB claim.,true\n"),
        lambda: put(record, "title: *a\n"),
    )
    assert [only(events).record.name for events in (start, changed, named, broken)] == ["record.yaml"] * 4
    assert only(changed).pdf.name.endswith("second.pdf")
    assert only(named).pdf == only(changed).pdf
    assert only(only(broken).problems).code == "yaml-alias"


def test_a_figure_elsewhere_in_the_project_is_watched(folder):
    (folder / "reportgen.toml").touch()
    (folder / "a/reportgen.toml").unlink()
    put(folder / "figures/t.csv", "a\n1\n")
    write(folder / "a/record.json", sections=[{"title": "T", "text": "![Caption](../figures/t.csv)"}])
    start, built = play(folder / "a", lambda: put(folder / "figures/t.csv", "a\n2\n"))
    said = {problem.code for event in (*start, *built) for problem in event.problems}
    assert names(built) == ["a"]
    assert "image-missing" not in said


def test_words_of_a_house_are_watched_before_there_are_any(folder):
    words = folder / "a/locale/en.toml"
    _, made, changed = play(
        folder,
        lambda: put(words, '[heading]\ngate = "Reproduction"\n') and {words.parent},
        lambda: put(words, '[heading]\ngate = "Replication"\n'),
    )
    assert names(made) == names(changed) == ["a"]


def test_the_records_below_one_settings_file_share_it(folder):
    shutil.rmtree(folder / "b/bib")
    for name in ("a/reportgen.toml", "b/reportgen.toml"):
        (folder / name).unlink()
    (folder / "reportgen.toml").write_text('bib = ["a/bib"]\n')
    _, by_settings, by_bib = play(
        [folder / "a/record.json", folder / "b/record.json"],
        lambda: put(folder / "reportgen.toml", 'bib = ["a/bib/all.bib"]\n'),
        lambda: put(folder / "a/bib/all.bib", BIB % "Second"),
    )
    assert names(by_settings) == names(by_bib) == ["a", "b"]


def test_a_claims_file_is_watched_from_when_it_is_named(folder):
    record, claims = folder / "a/record.json", folder / "a/data/claims.csv"
    _, named, made, changed, unnamed, ignored = play(
        record,
        lambda: write(record, claims={"file": "data/claims.csv"}),
        lambda: put(claims, "text,verified\nOne.,true\n") and {claims.parent},
        lambda: put(claims, "text,verified\nTwo.,false\n"),
        lambda: write(record),
        lambda: put(claims, "") | put(folder / "a/notes.txt", ""),
    )
    assert only(named).pdf is None
    assert only(only(named).problems).code == "file-unreadable"
    assert [only(events).pdf is not None for events in (made, changed, unnamed)] == [True] * 3
    assert ignored == []


def test_a_changed_template_shows_in_the_next_report(folder):
    (folder / "a/reportgen.toml").write_text('templates = "mine"\n')
    preamble = (packaged_folder("templates") / "latex/preamble.tex.j2").read_text()
    report = (packaged_folder("templates") / "latex/report.tex.j2").read_text()
    (folder / "a/mine/deep").mkdir(parents=True)
    (folder / "a/mine/latex").mkdir()
    (folder / "a/mine/latex/preamble.tex.j2").write_text(preamble)
    (folder / "a/mine/deep/note.tex").touch()
    trust(folder / "a")
    start, head, body, removed, deep = play(
        folder / "a/record.json",
        lambda: put(folder / "a/mine/latex/preamble.tex.j2", preamble + "\\undefined\n"),
        lambda: (
            put(folder / "a/mine/latex/preamble.tex.j2", preamble)
            | put(folder / "a/mine/latex/report.tex.j2", report + "((( nothing )))")
        ),
        lambda: remove(folder / "a/mine/latex/report.tex.j2"),
        lambda: put(folder / "a/mine/deep/note.tex", "x"),
    )
    assert only(start).pdf is not None
    assert "Undefined control sequence" in only(only(head).problems).message
    assert only(body).problems[0].code.startswith("template")
    assert only(removed).pdf is not None
    assert names(deep) == ["a"]


def test_a_broken_record_is_told_and_watched_on(folder):
    record = folder / "a/record.json"
    start, broken, mended = play(record, lambda: put(record, "{"), lambda: write(record))
    assert only(broken).pdf is None
    assert only(only(broken).problems).code == "json-syntax"
    assert only(mended).pdf == only(start).pdf.with_name(only(mended).pdf.name)


def test_a_record_that_cannot_be_read_is_told_and_watched_on(folder):
    record = folder / "a/record.json"

    def enlarge():
        os.truncate(record, 101_000_000)
        return {record}

    _, large, mended = play(record, enlarge, lambda: write(record))
    assert only(only(large).problems).code == "file-too-large"
    assert only(mended).pdf is not None


def test_broken_settings_are_told_and_watched_on(folder):
    toml = folder / "a/reportgen.toml"
    start, broken, missing, made, bib = play(
        folder / "a/record.json",
        lambda: put(toml, "bib = 7"),
        lambda: put(toml, 'bib = ["more"]'),
        lambda: put(folder / "a/more/x.bib", "") and {folder / "a/more"},
        lambda: put(folder / "a/more/x.bib", BIB % "X"),
    )
    codes = [only(only(events).problems).code for events in (broken, missing)]
    assert codes == ["settings-value", "settings-path"]
    assert [only(events).pdf is not None for events in (start, made, bib)] == [True] * 3


def test_settings_that_are_broken_from_the_start_are_watched(folder):
    toml = folder / "a/reportgen.toml"
    toml.write_text("bib = 7")
    start, mended = play(folder / "a/record.json", lambda: put(toml, ""))
    assert (only(start).pdf, only(mended).pdf is None) == (None, False)


def test_a_deleted_record_is_told_once_and_built_when_it_comes_back(folder):
    record = folder / "a/record.json"
    for places in (record, folder):
        _, gone, quiet, back = play(
            places,
            lambda: remove(record),
            lambda: put(folder / "a/notes.txt", ""),
            lambda: write(record),
        )
        assert (only(gone).deleted, only(gone).pdf, names(gone)) == (True, None, ["a"])
        assert quiet == []
        assert (names(back), only(back).deleted) == (["a"], False)


def test_new_records_of_a_folder_are_found_and_other_files_are_not(folder):
    _, new, other, deep = play(
        folder,
        lambda: write(folder / "a/second.json", id="21111111-2222-4333-8444-555555555555"),
        lambda: put(folder / "a/.hidden.json", "{}") | put(folder / "a/x.lock.json", "{}"),
        lambda: write_new(folder / "c/deep/record.json"),
    )
    assert [event.record.name for event in new] == ["second.json"]
    assert other == []
    assert names(deep) == ["deep"]


def write_new(path):
    path.parent.mkdir(parents=True)
    write(path, id="31111111-2222-4333-8444-555555555555")
    return {path.parent.parent}


def test_a_record_that_comes_while_the_folders_are_being_followed_is_not_lost(folder):
    found = []
    project_of_folder = Project([folder], {})

    def follow(_):
        if not found:
            write(folder / "a/late.json", id="21111111-2222-4333-8444-555555555555")
            found.append(1)

    events = list(rebuild(project_of_folder, [], follow))
    assert sorted(event.record.name for event in events) == ["late.json", "record.json", "record.json"]


def test_a_linked_record_is_built_when_the_file_behind_it_changes(folder):
    (folder / "real").mkdir()
    target = (folder / "a/record.json").rename(folder / "real/record.json")
    (folder / "a/record.json").symlink_to(target)
    _, built = play(folder / "a/record.json", lambda: write(target, title="Another"))
    assert names(built) == ["a"]


def test_two_records_never_write_one_file(folder):
    for name in ("a", "b"):
        write(folder / name / "record.json")
    start, renamed, freed = play(
        folder,
        lambda: write(folder / "a/record.json", title="Another"),
        lambda: {folder / "b/reportgen.toml"},
        output=folder / "out",
    )
    assert [event.pdf is not None for event in start] == [True, False]
    assert only(start[1].problems).code == "name-taken"
    assert only(renamed).pdf is not None
    assert only(freed).pdf == start[0].pdf


def test_a_build_that_stops_by_surprise_is_told_and_watched_on(folder, monkeypatch):
    def surprising(*args, **options):
        raise ValueError("no such luck")

    monkeypatch.setattr(project, "build_report", surprising)
    ((event,),) = play(folder / "a/record.json")
    assert event.pdf is None
    assert only(event.problems).message == "the build stopped: ValueError: no such luck"


def test_strict_turns_warnings_into_errors(folder):
    write(folder / "a/record.json", claims=[claim()])
    ((lenient,),) = play(folder / "a/record.json")
    ((strict,),) = play(folder / "a/record.json", strict=True)
    assert lenient.problems
    assert (lenient.pdf is not None, strict.pdf) == (True, None)


# The system's word


def step(changes, paths):
    """Take steps until all the paths have been told of."""
    signal.alarm(60)
    missing = set(paths)
    try:
        while missing:
            missing -= next(iter(changes))
    except KeyboardInterrupt:  # what the watcher makes of the alarm
        pytest.fail(f"nobody told of {missing}")
    signal.alarm(0)


@pytest.fixture
def alarm():
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("poll", [False, True])
def test_changes_are_told_also_while_nobody_waits_and_when_the_folders_change(alarm, tmp_path, poll):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    with FileChanges(poll=poll) as changes:
        changes.follow(frozenset({one}))
        put(one / "file", "x")
        step(changes, [one / "file"])
        changes.follow(frozenset({one}))
        changes.follow(frozenset({one, other}))
        put(other / "file", "x")
        step(changes, [other / "file"])


def test_what_was_told_before_other_folders_are_followed_is_kept(alarm, tmp_path):
    class Told:
        def watch(self, *_):
            return {(1, str(tmp_path / "file"))}

        def close(self):
            pass

    changes = FileChanges()
    changes._watcher = Told()
    with changes:
        changes.follow(frozenset({tmp_path}))
        step(changes, [tmp_path / "file"])


def test_a_folder_that_is_made_anew_is_watched_anew(alarm, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    folders = frozenset({tmp_path, inner})
    with FileChanges() as changes:
        changes.follow(folders)
        inner.rmdir()
        step(changes, [inner])
        changes.follow(folders)
        inner.mkdir()
        step(changes, [inner])
        changes.follow(folders)
        put(inner / "file", "x")
        step(changes, [inner / "file"])


@pytest.mark.parametrize("times", [1, 2])
def test_a_folder_that_goes_at_the_moment_it_is_watched_is_left_out(tmp_path, monkeypatch, times):
    from watchfiles import _rust_notify

    tries = []

    def notify(paths, **options):
        tries.append(paths)
        if len(tries) <= times:
            raise FileNotFoundError
        return

    monkeypatch.setattr(_rust_notify, "RustNotify", notify)
    FileChanges().follow(frozenset({tmp_path, tmp_path / "gone"}))
    assert tries == [[str(tmp_path)]] * (times + 1)


def test_too_many_folders_are_a_matter_of_set_up(tmp_path, monkeypatch):
    from watchfiles import _rust_notify

    def notify(paths, **options):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(_rust_notify, "RustNotify", notify)
    with pytest.raises(SetupError) as caught:
        FileChanges().follow(frozenset({tmp_path}))
    assert "max_user_watches" in only(caught.value.problems).hint


def test_an_interrupt_while_waiting_is_passed_on(tmp_path):
    class Interrupted:
        def watch(self, *_):
            return "signal"

    changes = FileChanges()
    changes._watcher = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        next(iter(changes))


# The command


class Running:
    """`reportgen compile --watch` in a process of its own."""

    def __init__(self, *arguments, cwd):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reportgen", *map(str, arguments)],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.ready = select.poll()
        self.ready.register(self.process.stdout, select.POLLIN)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def line(self, wanted):
        """Read up to the first line that holds the words: a change may be told twice."""
        seen = [self._next_line()]
        while wanted not in seen[-1]:
            assert seen[-1], f"it ended after {seen}"
            seen.append(self._next_line())
        return seen[-1]

    def _next_line(self):
        line = b""
        while not line.endswith(b"\n"):
            assert self.ready.poll(120_000), f"nothing came after {line!r}"
            if not (byte := os.read(self.process.stdout.fileno(), 1)):
                break
            line += byte
        return line.decode()


def test_the_command_builds_at_each_change_until_it_is_interrupted(folder):
    record = folder / "a/record.json"
    with Running("compile", "a", "--watch", "-o", "pdf", cwd=folder) as watch:
        assert watch.line("watching") == "watching 1 record; Ctrl-C ends\n"
        built = watch.line("record-a.pdf")
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d  pdf/2026-05-30-11111111-record-a.pdf  \d+ warnings?  \d+\.\d s\n", built
        )
        write(record, title="Another")
        watch.line("pdf/2026-05-30-11111111-another.pdf")
        put(record, "{")
        watch.line("json-syntax")
        watch.line("a/record.json: not built")
        record.unlink()
        watch.line("a/record.json: deleted")
        watch.process.send_signal(signal.SIGINT)
        assert watch.line("stopped") == "stopped\n"
        assert watch.process.wait(120) == 0
    assert len(list((folder / "pdf").glob("*.pdf"))) == 2


def test_one_pdf_is_built_under_its_name_and_watch_is_the_same_command(folder):
    with Running("watch", "a/record.json", cwd=folder) as watch:
        watch.line("out/2026-05-30-11111111-record-a.pdf")
    with Running("compile", "--watch", "a/record.json", "-q", "-o", "draft.pdf", cwd=folder) as watch:
        assert watch.line("watching") == "watching 1 record; Ctrl-C ends\n"
        assert "  draft.pdf  " in watch.line("")


def test_the_command_explains_itself(run):
    assert "reportgen watch records -o pdf" in run("watch", "--help").out
    assert run("watch", "nowhere").code == 2
