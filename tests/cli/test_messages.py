"""Problems as people read them: grouped, with a remedy, and beside the line that is meant."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from batch_project import Project, make_quickly
from fixtures import write_record
from minimal_record import claim, minimal
from own_terminal import GOLDEN, plain, seen
from reportgen.base.errors import Level, Problem, Where
from reportgen.cli import messages, source_lines
from reportgen.cli.messages import MOST_GROUPS, SHOWN_OF_A_GROUP, group_problems, print_problems
from reportgen.cli.run_messages import FAILURES_NAMED, RunMessages
from reportgen.cli.source_lines import pointed_at, source_rows
from reportgen.pipeline.batch import pool
from reportgen.pipeline.batch.outcome import Outcome, Status

HOUSE = '[publisher]\nname = "House"\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "reportgen.toml").write_text(HOUSE)
    return tmp_path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Lay out a project of 13 records, in whose batch no TeX runs."""
    monkeypatch.setattr(pool, "build_one", make_quickly)
    return Project.lay_out(tmp_path / "project", records=13, settings=HOUSE)


def timeless(said: str) -> str:
    """Leave out what each run says anew: its bar, its times, and the widths that follow from them."""
    rows = (row for row in seen(re.sub(r"\x1b\[\?25[hl]|\x1b\[1A", "", said)) if not re.search("[━─]", row))
    kept = (re.sub(" +", " ", row) if row.startswith("│") else row for row in rows)
    return re.sub(r"\d+\.\d (s|built/s) │", r"0.0 \1 │", "\n".join(kept))


class TestOnATerminal:
    def test_two_thousand_claims_without_sources(self, folder, on_terminal, like_golden):
        claims = [claim(f"Finding {number} holds.") for number in range(2000)]
        write_record(folder / "record.json", claims=claims, lead_source=...)
        said = on_terminal("validate", "record.json", folder=folder)
        assert len(plain(said)) < 20
        assert "(2,000 times)" in said
        like_golden("two_thousand_claims", said)

    def test_eight_unknown_fields(self, folder, on_terminal, like_golden):
        names = ["tilte", "references", "abstract_text", "xyzzy", "plugh", "frob", "zork", "excluded"]
        write_record(folder / "record.json", **dict.fromkeys(names, "x"))
        said = on_terminal("validate", "record.json", folder=folder)
        assert sum("explain record` lists the" in line for line in plain(said)) == 1
        assert "included" not in said
        like_golden("eight_unknown_fields", said)

    def test_thirteen_records_end_with_the_one_that_failed(self, project, on_terminal, like_golden):
        project.write("7.json", 7, tilte="x")
        said = timeless(on_terminal("batch", "records", "--jobs", "1", folder=project.root))
        assert plain(said)[-1].startswith("failed: records/7.json: error[unknown-field] line ")
        assert "12 times" in said
        like_golden("thirteen_records_one_failure", said)

    def test_the_warnings_of_a_batch_are_grouped_over_its_records(self, project, on_terminal, like_golden):
        for number in range(6):
            project.write(f"{number}.json", number, claims=[claim("Early stopping lowers the")])
        said = timeless(on_terminal("batch", "records", "--jobs", "1", folder=project.root))
        assert sum(line.startswith("warning[") for line in plain(said)) <= 4
        like_golden("warnings_of_a_batch", said)

    def test_a_caret_stands_below_wide_characters(self, folder, on_terminal, like_golden):
        text = json.dumps(minimal(question="較正は e\u0301 変わる 👍 か", tilte=1), ensure_ascii=False)
        (folder / "record.json").write_text(text, encoding="utf-8")
        said = on_terminal("validate", "record.json", folder=folder)
        lines = plain(said)
        row = next(index for index, line in enumerate(lines) if "^" in line)
        before, _, _ = lines[row - 1].partition('"tilte"')
        assert lines[row].index("^") == cell_len(before)
        assert lines[row].count("^") == len('"tilte"')
        like_golden("caret_with_wide_characters", said)

    def test_all_prints_each(self, folder, on_terminal):
        write_record(
            folder / "record.json", claims=[claim(f"Finding {n} holds.") for n in range(200)], lead_source=...
        )
        lines = plain(on_terminal("validate", "--all", "record.json", folder=folder))
        assert sum("warning[claim-without-source]: " in line for line in lines) == 200
        assert not any("--all" in line for line in lines)

    def test_the_last_row_names_what_tells_more(self, folder, on_terminal, run):
        write_record(folder / "record.json", claims=[claim()], lead_source=..., tilte=1)
        said = on_terminal("validate", "record.json", folder=folder)
        assert plain(said)[-1] == "reportgen explain unknown-field tells more"
        assert "tells more" not in run("validate", "record.json", cwd=folder).err

    @pytest.mark.parametrize(
        ("name", "is_coloured"), [("NO_COLOR", False), ("FORCE_COLOR", True), ("UNRELATED", False)]
    )
    def test_colours_are_for_terminals_unless_asked_for(self, folder, run, monkeypatch, name, is_coloured):
        monkeypatch.setenv(name, "1")
        write_record(folder / "record.json", tilte=1)
        said = run("validate", "record.json", cwd=folder).err
        assert ("\x1b[" in said) == is_coloured
        assert "^" not in said  # the line of the file is for people at a terminal

    def test_no_colour_on_a_terminal_where_none_is_wanted(self, folder, on_terminal, monkeypatch):
        write_record(folder / "record.json", tilte=1)
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[" not in on_terminal("validate", "record.json", folder=folder, wanted=("NO_COLOR",))


def test_a_place_is_named_from_the_folder_that_one_is_in(run, tmp_path):
    (tmp_path / "record.json").write_text(json.dumps(minimal()))
    (tmp_path / "reportgen.toml").write_text('[policy]\nname = "plain"\n')
    said = run("validate", "record.json", cwd=tmp_path).err
    assert re.search(r"^reportgen\.toml publisher\.name: ", said, re.MULTILINE), said


def test_every_snapshot_belongs_to_a_test():
    names = {path.stem for path in GOLDEN.glob("*.txt")}
    source = (GOLDEN.parents[1] / "cli" / "test_messages.py").read_text(encoding="utf-8")
    assert names == set(re.findall(r'like_golden\("(\w+)"', source))


problems = st.builds(
    Problem,
    st.sampled_from(["text-cut", "tex-error"]),
    st.sampled_from(Level),
    st.builds(Where, st.sampled_from(["", "a.json", "b.json"]), st.none() | st.integers(1, 99)),
    st.sampled_from(["", "one", "two", "three", "four"]),
    st.sampled_from(["", "do this", "do that"]),
)


@given(st.lists(problems))
def test_each_problem_is_in_exactly_one_group(found):
    groups = group_problems(found)
    assert sorted(map(str, found)) == sorted(str(problem) for group in groups for problem in group.problems)
    assert len({(group.first.level, group.first.code, group.first.hint) for group in groups}) == len(groups)
    for group in groups:
        assert {(each.level, each.code, each.hint) for each in group.problems} == {
            (group.first.level, group.first.code, group.first.hint)
        }
    levels = [group.first.level for group in groups]
    assert levels == sorted(levels, key=lambda level: level is not Level.ERROR)
    for level in Level:
        firsts = [found.index(group.first) for group in groups if group.first.level is level]
        assert firsts == sorted(firsts)


@given(st.lists(problems, min_size=1))
def test_the_first_three_of_a_group_are_those_that_differ(found):
    for group in group_problems(found):
        said = [problem.message for problem in group.problems]
        shown = [problem.message for problem in group.shown]
        if len(set(said)) == 1:
            assert group.shown == group.problems[:SHOWN_OF_A_GROUP]
            assert group.message == said[0]
        else:
            assert shown == list(dict.fromkeys(said))[:SHOWN_OF_A_GROUP]
            assert group.message is None


@given(st.lists(problems, min_size=1, max_size=40))
def test_the_counts_that_are_printed_add_up(found):
    rows = []
    original, messages._echo = messages._echo, rows.append
    try:
        print_problems(found)
    finally:
        messages._echo = original
    told = 0
    for row in plain("\n".join(rows)):
        if times := re.search(r"(\d+) times", row):
            told += int(times[1])
        elif re.search(r"(error|warning)\[", row):
            told += 1
    assert told == len(found)


def test_a_group_says_how_many_more_and_its_remedy_once(capsys):
    many = [
        Problem("text-cut", Level.WARNING, Where("a.json", line), "cut", "finish it") for line in range(1, 9)
    ]
    print_problems([*many, Problem("title", Level.ERROR, Where("a.json", 3, 2, "/title"), "no title")])
    assert capsys.readouterr().err.splitlines() == [
        "a.json:3:2 title: error[title]: no title",
        "warning[text-cut]: cut (8 times)",
        "  a.json:1",
        "  a.json:2",
        "  a.json:3",
        "  and 5 more",
        "  help: finish it",
    ]


def test_problems_of_very_many_kinds_are_counted(capsys):
    print_problems(
        Problem("title", Level.ERROR, Where(), "x", str(number)) for number in range(MOST_GROUPS + 7)
    )
    rows = capsys.readouterr().err.splitlines()
    assert len(rows) == 2 * MOST_GROUPS + 1
    assert rows[-1] == "and 7 more of other kinds"


def test_a_hundred_thousand_problems_are_printed_in_little_time(capsys):
    many = [
        Problem("text-cut", Level.WARNING, Where("a.json", line), f"cut {line}", f"finish {line % 3}")
        for line in range(100_000)
    ]
    began = time.process_time()
    print_problems(many)
    assert time.process_time() - began < 2
    assert len(capsys.readouterr().err.splitlines()) == 3 * 6


class TestSourceLines:
    letters = st.sampled_from(
        ["a", "日", "é", "\u0301", "\t", "\x1b", "\u202e", "👍", '"', "\\", " ", "::", "#["]
    )
    lines = st.lists(letters, max_size=60).map("".join)

    @given(lines, st.data(), st.integers(20, 80))
    def test_the_caret_points_at_the_column_that_is_meant(self, line, data, room):
        column = data.draw(st.integers(1, len(line) + 1))
        shown, before, below = pointed_at(line, column, room)
        assert below >= 1
        whole, offset, _ = pointed_at(line, column, 10_000)
        # What stands from the caret on is what the whole line has there, to where it is cut.
        tail = shown[_index_of(shown, before) :].removesuffix("…")
        assert whole[_index_of(whole, offset) :].startswith(tail)
        assert cell_len(shown) <= room
        assert offset == sum(cell_len(_as_printed(line, index)) for index in range(column - 1))

    def test_what_steers_a_terminal_is_a_number(self):
        shown, before, _ = pointed_at("a\x1b[31m\u202eb\tc", 9, 80)
        assert shown == "a\\u001b[31m\\u202eb    c"
        assert before == shown.index("    c")

    def test_a_long_line_is_cut_around_the_caret(self):
        shown, before, below = pointed_at("x " * 500_000 + "here" + " y" * 500_000, 1_000_001, 40)
        assert (shown[0], shown[-1]) == ("…", "…")
        assert shown[before : before + below] == "here"

    @pytest.mark.parametrize(
        "where",
        [
            Where("https://example.org/a.json", 1, 1),
            Where("<stdin>", 1, 1),
            Where("missing.json", 1, 1),
            Where("latin.json", 1, 1),
            Where("pipe", 1, 1),
            Where("a.json", 9, 1),
            Where("a.json", 1, 99),
            Where("a.json", 1),
            Where("a.json"),
            Where(),
        ],
        ids=str,
    )
    def test_nothing_is_shown_of_what_cannot_be_read_again(self, tmp_path, monkeypatch, where):
        import os

        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.json").write_text("{}")
        (tmp_path / "latin.json").write_bytes(b"\xff")
        (tmp_path / "<stdin>").write_text("{}")
        os.mkfifo(tmp_path / "pipe")
        assert source_rows(where) == []
        assert len(source_rows(Where("a.json", 1, 1))) == 2

    def test_a_large_file_is_left_alone(self, tmp_path, monkeypatch):
        (tmp_path / "a.json").write_text("{}")
        monkeypatch.setattr(source_lines, "LARGEST_BYTES", 1)
        assert source_rows(Where(str(tmp_path / "a.json"), 1, 1)) == []


def _as_printed(line: str, index: int) -> str:
    return source_lines._printed(line)[index]


def _index_of(shown: str, cells: int) -> int:
    """Return the index of the character that begins at a cell; letters that join on a screen count one by one."""
    found = (index for index in range(len(shown) + 1) if sum(map(cell_len, shown[:index])) >= cells)
    index = next(found, None)
    assert index is not None, (shown, cells)
    return index


class TestRuns:
    def failed(self, number: int) -> Outcome:
        where = Where(f"{number}.json", 3, 2, "/title")
        return Outcome(
            f"{number}.json", Status.FAILED, None, (Problem("title", Level.ERROR, where, "no title"),)
        )

    def test_each_failure_is_named_with_its_first_error_and_no_more_than_twenty(self, capsys):
        run = RunMessages()
        for number in range(FAILURES_NAMED + 5):
            run.tell(self.failed(number))
        capsys.readouterr()
        run.tell_failures()
        rows = capsys.readouterr().err.splitlines()
        assert rows[0] == "failed: 0.json: error[title] line 3 title: no title"
        assert rows[-1] == "and 5 more failed"
        assert len(rows) == FAILURES_NAMED + 1

    def test_one_record_alone_is_not_named_again(self, capsys):
        run = RunMessages()
        run.tell(self.failed(0))
        capsys.readouterr()
        run.tell_failures()
        assert capsys.readouterr().err == ""

    def test_a_problem_of_a_shared_file_is_said_once(self, capsys):
        shared = Problem("bib-syntax", Level.ERROR, Where("bib/a.bib", 3), "no brace")
        run = RunMessages()
        for number in range(5):
            run.tell(Outcome(f"{number}.json", Status.FAILED, None, (shared,)))
        assert capsys.readouterr().err.count("bib-syntax") == 1

    @pytest.mark.parametrize("command", ["validate", "compile"])
    def test_results_are_written_in_the_format_of_the_suffix(self, folder, run, command):
        write_record(folder / "a.json", tilte=1)
        ended = run(
            command, "a.json", "--report", "r.sarif", "--report", "r.md", "--report", "r.json", cwd=folder
        )
        assert ended.code == 3
        assert json.loads((folder / "r.sarif").read_text())["runs"][0]["results"]
        assert "failed" in (folder / "r.md").read_text()
        (record,) = json.loads((folder / "r.json").read_text())["records"]
        assert (record["record"], record["status"]) == ("a.json", "failed")
        assert run(command, "a.json", "--report", "r.txt", cwd=folder).code == 2

    def test_a_record_that_is_right_is_valid(self, folder, run):
        write_record(folder / "a.json")
        assert run("validate", "a.json", "--report", "r.json", cwd=folder).code == 0
        assert json.loads((folder / "r.json").read_text())["records"][0]["status"] == "valid"

    def test_quiet_leaves_warnings_out(self, folder, run):
        write_record(folder / "a.json", claims=[claim()], lead_source=...)
        assert "warning[" in run("validate", "a.json", cwd=folder).err
        assert run("validate", "-q", "a.json", cwd=folder).err == ""
        assert "error[" in run("validate", "-q", "--strict", "a.json", cwd=folder).err
