"""What a stranger's files, a full disk, a spoilt cache and a signal may do to a run: nothing but a plain message."""

from __future__ import annotations

import errno
import json
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from batch_project import Project
from minimal_record import claim, load, minimal, only, problems_of
from reportgen.base import cache as store
from reportgen.base import paths, programs
from reportgen.base.errors import RecordError, SettingsError, refusal
from reportgen.base.foreign import LARGEST_TOML, parse_foreign_toml
from reportgen.base.paths import cache_folder, hidden_name, write_atomically
from reportgen.base.settings import FILE_NAME, find_settings
from reportgen.pipeline.batch import entries
from reportgen.pipeline.batch.inputs import find_sources
from reportgen.pipeline.batch.outcome import Status
from reportgen.pipeline.batch.state import MADE_WITH, STATE_FOLDER, State, entry_file
from reportgen.pipeline.outputs import LONGEST_NAME, report_name
from reportgen.text.wording import wording_for

LONGEST = 60  # seconds that anything here may take on a machine however loaded


@pytest.fixture
def project(tmp_path):
    return Project.lay_out(tmp_path / "project", records=1)


@pytest.fixture
def built(project, monkeypatch):
    """A project whose report was built, as quickly as a test can."""
    from batch_project import make_quickly

    monkeypatch.setattr("reportgen.pipeline.batch.pool.build_one", make_quickly)
    assert project.statuses() == [Status.BUILT]
    return project


def entry_of(project):
    return json.loads(only(list((project.out / STATE_FOLDER).glob("*.json"))).read_text())


def with_entry(project, **changes):
    entry = entry_of(project)
    changed = entry | changes
    changed["seal"] = entries._seal({name: value for name, value in changed.items() if name != "seal"})
    entry_file(project.out, entry["pdf"]).write_text(json.dumps(changed))


class TestStateOfABatch:
    @pytest.mark.parametrize("target", ["../precious", "/etc/hostname", "nothing-there"])
    def test_a_state_that_is_a_link_is_a_placed_problem_and_its_target_stays(self, built, target):
        (built.root / "precious").write_text("precious")
        shutil.rmtree(built.out / STATE_FOLDER)
        (built.out / STATE_FOLDER).symlink_to(target)
        before = (built.root / "precious").read_bytes()
        outcome = only(built.batch())
        problem = outcome.problems[0]
        assert (outcome.status, problem.code) == (Status.FAILED, "state")
        assert problem.where.file == str(built.out / STATE_FOLDER)
        assert "link" in problem.message
        assert (built.root / "precious").read_bytes() == before
        assert not (built.out / "nothing-there").exists()

    @pytest.mark.parametrize("kind", ["pipe", "file", "device"])
    def test_a_state_that_is_no_folder_is_a_placed_problem_and_not_waited_for(self, built, kind):
        folder = built.out / STATE_FOLDER
        shutil.rmtree(folder)
        {"pipe": os.mkfifo, "file": Path.touch, "device": lambda path: path.symlink_to("/dev/zero")}[kind](
            folder
        )
        for options in ({}, {"check": True}):
            assert only(built.batch(**options)).problems[0].code == "state"

    @pytest.mark.parametrize("kind", ["pipe", "folder", "device", "endless"])
    def test_an_entry_that_is_no_file_of_ours_is_passed_over_and_not_waited_for(self, built, kind):
        file = entry_file(built.out, entry_of(built)["pdf"])
        file.unlink()
        {
            "pipe": os.mkfifo,
            "folder": Path.mkdir,
            "device": lambda path: path.symlink_to("/dev/zero"),
            "endless": lambda path: (path.touch(), os.truncate(path, 400_000_000_000)),
        }[kind](file)
        assert only(built.batch(check=True)).status is Status.STALE

    def test_a_state_of_more_files_than_the_bound_is_a_placed_problem(self, built, monkeypatch):
        monkeypatch.setattr("reportgen.pipeline.batch.state.MOST_FILES", 1)
        for number in range(2):
            (built.out / STATE_FOLDER / f"{number}.state.json").touch()
        assert "larger than" in only(built.batch()).problems[0].message

    @pytest.mark.parametrize(
        "line",
        [
            "[" * 200_000,
            '{"pdf":' * 100_000,
            '{"pdf": ' + '{"b":' * 150 + "1" + "}" * 151,
            "9" * 5000,
            '{"a": 1}',
            "1",
            '"' + "x" * 2_000_000 + '"',
            '{"source": null}',
        ],
        ids=[
            "deep-list",
            "deep-object",
            "deep-values",
            "long-number",
            "no-text",
            "no-object",
            "long",
            "no-entry",
        ],
    )
    def test_a_file_of_any_content_is_passed_over(self, built, line):
        for name in ("a.state.json", f"{MADE_WITH}/{'a' * 64}.state.json"):
            (built.out / STATE_FOLDER / name).write_text(line)
        assert built.statuses() == [Status.UNCHANGED]

    @pytest.mark.parametrize(
        "changes",
        [
            {"pdf": ".."},
            {"pdf": ""},
            {"pdf": "."},
            {"pdf": "../records/0.json"},
            {"pdf": "/etc/passwd"},
            {"pdf": "a\0.pdf"},
            {"pdf": "\ud800.pdf"},
            {"pdf": "a\x1b[2J.pdf"},
            {"pdf": "x" * 300 + ".pdf"},
            {"pdf": STATE_FOLDER},
            {"pdf": "other.pdf"},
            {"id": "../x"},
            {"id": 1},
            {"version": []},
            {"size": "3"},
            {"size": -1},
            {"size": 10**30},
            {"size": True},
            {"size": 1.5},
            {"sha256": {}},
            {"ingredients": {"record": []}},
            {"ingredients": {"settings": {"a": 1}}},
            {"ingredients": []},
            {"problems": [{"code": "a"}]},
            {"problems": "all"},
        ],
        ids=str,
    )
    def test_an_entry_that_reportgen_could_not_have_written_is_none(self, built, changes):
        assert State(built.out, read_only=True).entries
        with_entry(built, **changes)
        assert State(built.out, read_only=True).entries == {}
        assert built.statuses() == [Status.BUILT]

    @pytest.mark.parametrize(
        "changes",
        [
            {"code": "a\x1b[2J"},
            {"code": 1},
            {"message": 7},
            {"hint": None},
            {"file": "a\0"},
            {"file": "\ud800"},
            {"line": "1"},
            {"line": -1},
            {"line": 10**20},
            {"column": []},
            {"level": "fatal"},
            {"pointer": 3},
        ],
        ids=str,
    )
    def test_a_problem_that_reportgen_could_not_have_said_is_not_repeated(self, built, changes):
        problem = {
            "code": "a",
            "level": "warning",
            "file": "",
            "line": 1,
            "column": 1,
            "pointer": "",
            "message": "",
            "hint": "",
        }
        before = set(only(built.batch()).problems)
        with_entry(built, problems=[problem | changes])
        assert set(only(built.batch()).problems) == before
        assert entry_of(built)["problems"] != [problem | changes]

    @pytest.mark.parametrize(
        "source",
        ["a\0", "\ud800", "x" * 5000, "/" + "y" * 300, "../" * 1000],
        ids=["nul", "surrogate", "long", "long-part", "folder"],
    )
    def test_an_owner_that_no_file_can_be_owns_nothing(self, built, source):
        pdf = entry_of(built)["pdf"]
        with_entry(built, source=source, id="00000009-2222-4333-8444-555555555555")
        built.write("0.json", 0, question="Is it another one?")
        assert built.statuses() == [Status.BUILT]
        assert (built.out / pdf).is_file()

    @pytest.mark.parametrize("kind", ["pipe", "device", "outside"])
    def test_a_report_that_is_no_file_of_the_folder_is_built_anew_and_not_read(self, built, kind, tmp_path):
        pdf = built.out / entry_of(built)["pdf"]
        size = pdf.stat().st_size
        pdf.unlink()
        secret = tmp_path / "secret"
        secret.write_bytes(bytes(size))
        if kind == "pipe":
            os.mkfifo(pdf)
        else:
            pdf.symlink_to("/dev/zero" if kind == "device" else secret)
        with_entry(built, size=0 if kind != "outside" else size)
        assert built.statuses() == [Status.BUILT]
        assert pdf.is_file()
        assert not pdf.is_symlink()
        assert secret.read_bytes() == bytes(size)

    def test_a_link_among_what_a_killed_run_left_is_removed_and_its_target_stays(self, built, tmp_path):
        (tmp_path / "target").write_text("stays")
        for name, target in (("x.pdf", tmp_path / "target"), ("y.pdf", "nowhere")):
            hidden_name(built.out / name).symlink_to(target)
        assert built.statuses() == [Status.UNCHANGED]
        assert not list(built.out.glob(".*"))
        assert (tmp_path / "target").read_text() == "stays"


def settings_problems(folder, text):
    (folder / FILE_NAME).write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError) as caught:
        find_settings(folder)
    assert caught.value.exit_code == 5
    assert {problem.where.file for problem in caught.value.problems} == {str(folder / FILE_NAME)}
    return caught.value.problems


class TestSettings:
    @pytest.mark.parametrize(
        ("text", "pointer"),
        [
            ("[limits]\nseconds = 99999999999999\n", "/limits/seconds"),
            ("[limits]\nseconds = true\n", "/limits/seconds"),
            ("[limits]\nseconds = inf\n", "/limits/seconds"),
            ("[limits]\nmemory_mb = 99999999999999999999\n", "/limits/memory_mb"),
            ("[limits]\noutput_mb = 99999999999999999999\n", "/limits/output_mb"),
            ("[limits]\nseconds = 1979-05-27\n", "/limits/seconds"),
            ("[zenodo]\ndaily_cap = 99999999999999999999\n", "/zenodo/daily_cap"),
            (f'[zenodo]\nai_statement = "{"x" * 100_000}"\n', "/zenodo/ai_statement"),
            ('[zenodo]\nurl = "https://a\\u001b"\n', "/zenodo/url"),
            ('[fetch]\nmailto = "a@example.org\\r\\nHost: b"\n', "/fetch/mailto"),
            ('[publisher]\nname = "a\\u202eb"\n', "/publisher/name"),
            (f'[publisher]\nname = "{"x" * 5000}"\n', "/publisher/name"),
            ('output = "a\\u0000b"\n', "/output"),
            (f'output = "{"x" * 256}"\n', "/output"),
            (f'output = "{"é" * 200}"\n', "/output"),
            (f'templates = "{"x/" * 3000}"\n', "/templates"),
            (f'lock = "{"x/" * 3000}"\n', "/lock"),
            ('bib = ["a\\u0000"]\n', "/bib/0"),
            ("bib = [" + '"x", ' * 1000 + "]\n", "/bib"),
            ("[levels]\n" + "".join(f'a{n} = "error"\n' for n in range(2000)), "/levels"),
            (f'license = "{"x" * 5000}"\n', "/license"),
        ],
        ids=lambda value: value.replace("\n", " ")[:40] if isinstance(value, str) else None,
    )
    def test_a_value_out_of_all_bounds_gives_exit_5_with_its_place(self, tmp_path, text, pointer):
        (problem,) = settings_problems(tmp_path, text)
        assert (problem.code, problem.where.pointer) == ("settings-value", pointer)

    @pytest.mark.parametrize(
        "pattern",
        [
            "{date:>3000000000}",
            "{date!r}",
            "{date!s:>10}",
            "{date.__class__}",
            "{date.__class__.__mro__[1].__subclasses__}",
            "{date[0]}",
            "{date:{id}}",
            "{}",
            "{0}",
            "{nope}",
            "{date",
            "date}",
            "../{date}",
            "a/{date}",
            "/{date}",
            ".{date}",
            ".pdf",
            "-rf{date}",
            "",
            "a\\\\{date}",
            "\\u001b[2J{date}",
            "a\\nb",
            "a\\u0000",
            "a\\u202e{date}",
            "a\\u2066{date}",
            "x" * 300,
            "é" * 150,
        ],
    )
    def test_a_name_pattern_of_more_than_plain_fields_and_words_gives_exit_5(self, tmp_path, pattern):
        (problem,) = settings_problems(tmp_path, f'name_pattern = "{pattern}"\n')
        assert (problem.code, problem.where.pointer) == ("settings-value", "/name_pattern")

    def test_a_name_is_cut_to_bytes_that_every_file_system_takes(self):
        name = report_name(load(title="many words " * 30).record, "é" * 100 + "{slug}" * 10)
        assert len(name.encode()) <= LONGEST_NAME
        assert name.endswith(".pdf")

    @pytest.mark.parametrize(
        "text",
        [
            "a = " + "[" * 100_000,
            "a = " + "{a=" * 50_000,
            "[" * 100_000,
            ".".join("a" * 60_000) + " = 1",
            '"a".' * 30_000 + "a = 1",
            f"[{'.'.join('a' * 60_000)}]",
            ("a." * 100 + "a = 1\n") * 500,
            "a = " + "9" * 5000,
            "a = " + "[" * 250 + "]" * 250,
        ],
        ids=[
            "list",
            "table",
            "header",
            "key",
            "quoted-key",
            "long-header",
            "many-keys",
            "number",
            "just-too-deep",
        ],
    )
    def test_toml_that_is_deep_or_much_work_gives_exit_5_at_once(self, tmp_path, text):
        started = time.process_time()
        (problem,) = settings_problems(tmp_path, text)
        assert problem.code == "settings-syntax"
        assert time.process_time() - started < 20  # parsing the longest key took hours

    @pytest.mark.parametrize("content", [b"#" * (LARGEST_TOML + 1), b"a = 1\xff"], ids=["large", "not-utf-8"])
    def test_a_file_that_is_too_large_or_no_text_gives_exit_5(self, tmp_path, content):
        assert settings_problems(tmp_path, content)[0].code == "settings-unreadable"

    @pytest.mark.parametrize("kind", ["pipe", "device", "outside", "folder", "nowhere", "itself"])
    def test_settings_that_are_no_file_of_their_folder_give_exit_5_and_are_not_waited_for(
        self, tmp_path, kind
    ):
        (tmp_path / "outside.toml").write_text('id_prefix = "SECRET"')
        folder = tmp_path / "project"
        folder.mkdir()
        file = folder / FILE_NAME
        targets = {
            "device": "/dev/zero",
            "outside": "../outside.toml",
            "nowhere": "none",
            "itself": FILE_NAME,
        }
        if kind in targets:
            file.symlink_to(targets[kind])
        else:
            {"pipe": os.mkfifo, "folder": Path.mkdir}[kind](file)
        with pytest.raises(SettingsError) as caught:
            find_settings(folder)
        assert only(caught.value.problems).code == "settings-unreadable"

    def test_thousands_of_unknown_settings_are_told_in_part(self, tmp_path):
        assert len(settings_problems(tmp_path, "".join(f"a{n} = 1\n" for n in range(5000)))) == 100

    def test_a_locale_file_that_is_deep_is_the_templates_fault(self, tmp_path):
        from reportgen.base.errors import TemplateError

        for name in ("en.toml", "charts.en.toml"):
            (tmp_path / name).write_text("a = " + "[" * 100_000)
        with pytest.raises(TemplateError, match="nested"):
            wording_for("en", tmp_path)

    def test_a_locale_file_that_is_a_pipe_is_the_templates_fault(self, tmp_path):
        from reportgen.base.errors import TemplateError

        os.mkfifo(tmp_path / "en.toml")
        with pytest.raises(TemplateError, match="regular file"):
            wording_for("en", tmp_path)

    def test_what_people_write_is_parsed(self):
        text = '# a\nname_pattern = "x"\n[zenodo]\nai_statement = """One. Two.\nThree... Four."""\n'
        assert parse_foreign_toml(text.encode())["zenodo"]["ai_statement"].startswith("One. Two.")


def claims_problem(folder, name, content):
    (folder / name).write_bytes(content)
    return problems_of(folder, claims={"file": name})[0]


class TestFilesOfClaimsAndRecords:
    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("c.jsonl", b"\n" * 10_000_000, "more than 1000000 lines"),
            ("c.csv", b"text,verified\n" + b"\n" * 10_000_000, "more than 1000000 lines"),
            ("c.csv", b"text,verified," + b"a," * 1_000_000 + b"a\n", "columns; a claim has"),
            ("c.csv", b"," * 5_000_000, "columns; a claim has"),
            ("c.jsonl", b"[" + b"[]," * 4_000_000 + b"[]]\n", "more than 10 million characters"),
            ("c.jsonl", b"[" * 1_000_000, "nested more than 200 deep"),
        ],
        ids=["empty-lines", "empty-rows", "million-columns", "commas", "one-long-line", "deep-line"],
    )
    def test_a_file_of_claims_that_is_more_than_any_report_prints_gives_exit_3(
        self, tmp_path, name, content, said
    ):
        problem = claims_problem(tmp_path, name, content)
        assert said in problem.message
        assert problem.where.file == str(tmp_path / name)

    def test_more_claims_than_a_record_may_have_are_counted_and_not_read_3(self, tmp_path):
        parquet(tmp_path / "c.parquet", text=["A claim."] * 100_001, verified=[True] * 100_001)
        (in_file,) = problems_of(tmp_path, claims={"file": "c.parquet"})
        assert "100001 rows, and 100000 are the most claims" in in_file.message
        (in_record,) = problems_of(tmp_path, claims=[claim("A.")] * 100_001)
        assert (in_record.where.pointer, "100000 is the most" in in_record.message) == ("/claims", True)

    def test_a_lower_bound_of_the_shell_holds_for_what_runs_within_bounds_0(self, tmp_path):
        parquet(tmp_path / "c.parquet", text=["A claim."], verified=[True])
        (tmp_path / "r.json").write_text(json.dumps(minimal(claims={"file": "c.parquet"})))
        ended = subprocess.run(
            ["sh", "-c", f"ulimit -t 60; exec {sys.executable} -m reportgen validate r.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, "error" in ended.stderr) == (0, False)

    @pytest.mark.parametrize(
        "kind", ["rows", "one-value", "values-in-a-dictionary", "columns", "nested", "deep"]
    )
    def test_a_parquet_file_that_would_take_gigabytes_gives_exit_3(self, tmp_path, kind):
        assert "claims-file" in {
            problem.code for problem in problems_of(tmp_path, claims=parquet_bomb(tmp_path, kind))
        }
        (folder := tmp_path / "out").mkdir()
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("place", [-1, -4, -6, -8, -20, -200])
    @pytest.mark.parametrize("byte", [0, 0x45, 0xFF])
    def test_a_parquet_file_with_a_spoilt_footer_gives_exit_3_or_its_claims(self, tmp_path, place, byte):
        parquet(tmp_path / "c.parquet", text=["a"], verified=[True])
        content = bytearray((tmp_path / "c.parquet").read_bytes())
        content[place] = byte
        (tmp_path / "c.parquet").write_bytes(content)
        try:
            assert len(load(tmp_path, claims={"file": "c.parquet"}).record.claims) == 1
        except RecordError as error:
            assert error.problems[0].code == "claims-file"

    @pytest.mark.parametrize("cut", [0, 4, 100, -1, -8])
    def test_a_parquet_file_that_is_cut_gives_exit_3(self, tmp_path, cut):
        parquet(tmp_path / "c.parquet", text=["a"], verified=[True])
        content = (tmp_path / "c.parquet").read_bytes()
        assert claims_problem(tmp_path, "c.parquet", content[:cut]).code == "claims-file"

    def test_claims_in_parquet_take_no_library_into_this_process(self, tmp_path):
        parquet(tmp_path / "c.parquet", text=["a"], verified=[True])
        (tmp_path / "record.json").write_text(json.dumps(minimal(claims={"file": "c.parquet"})))
        program = "import sys; from pathlib import Path; from reportgen.record import read_record\n"
        program += f"read_record(Path({str(tmp_path / 'record.json')!r})); print('pyarrow' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout == "False\n"

    @pytest.mark.parametrize("kind", ["rows", "one-value", "values-in-a-dictionary", "columns"])
    def test_records_in_a_parquet_file_that_would_take_gigabytes_are_a_placed_problem(self, tmp_path, kind):
        path = tmp_path / parquet_bomb(tmp_path, kind, "record")["file"]
        with pytest.raises(RecordError) as caught:
            find_sources([path])[0].content()
        problem = only(caught.value.problems)
        assert (problem.code, problem.where.file) == ("records-file", str(path))

    @pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
    def test_a_file_of_records_that_is_a_pipe_is_not_waited_for(self, tmp_path, suffix):
        path = tmp_path / f"records{suffix}"
        os.mkfifo(path)
        with pytest.raises(RecordError, match="regular file"):
            find_sources([path])[0].content()

    def test_a_line_of_records_longer_than_a_record_may_be_is_a_placed_problem(self, tmp_path):
        path = tmp_path / "records.jsonl"
        path.write_text("{}\n")
        os.truncate(path, 5_000_000_000)  # one line without an end
        with pytest.raises(RecordError) as caught:
            find_sources([path])
        problem = only(caught.value.problems)
        assert (problem.code, problem.where.line) == ("records-file", 2)


def parquet(path, **columns):
    import pyarrow as pa
    import pyarrow.parquet as pq

    compressed = {"compression": "zstd", "use_dictionary": True}
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path, **compressed)


def parquet_bomb(folder, kind, column="text"):
    """Write a Parquet file that is small, and large when it is read; in a process that then gives its memory back."""
    program = f"""
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
def same(count, text):
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([text]))
def nested(depth):
    value = pa.array([1])
    for _ in range(depth):
        value = pa.StructArray.from_arrays([value], ["a"])
    return value
columns = {{
    "rows": lambda: {{{column!r}: same(1_200_000, "a")}},
    "one-value": lambda: {{{column!r}: pa.array(["x" * 150_000_000])}},
    "values-in-a-dictionary": lambda: {{{column!r}: same(60, "x" * 20_000_000)}},
    "columns": lambda: {{{column!r}: ["a"], **{{f"c{{n}}": [1] for n in range(500)}}}},
    "nested": lambda: {{{column!r}: ["a"], "nested": nested(90)}},
    "deep": lambda: {{{column!r}: ["a"], "note": nested(600)}},
}}[{kind!r}]()
pq.write_table(pa.table(columns), {str(folder / "c.parquet")!r}, compression="zstd")
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=LONGEST)
    return {"file": "c.parquet"}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    paths._own_folder.cache_clear()
    yield tmp_path / "cache"
    paths._own_folder.cache_clear()


class TestCache:
    def test_the_cache_is_made_for_its_user_alone(self, cache):
        assert stat.S_IMODE(cache_folder("templates").stat().st_mode) == 0o700
        assert stat.S_IMODE(cache.stat().st_mode) == 0o700

    @pytest.mark.parametrize("mode", [0o777, 0o1777, 0o775, 0o770, 0o702])
    @pytest.mark.parametrize("kind", ["templates", "formats"])
    def test_a_cache_that_others_can_write_is_not_used(self, cache, mode, kind):
        (cache / kind).mkdir(parents=True)
        (cache / kind).chmod(mode)
        assert not cache_folder(kind).is_relative_to(cache)
        assert stat.S_IMODE(cache_folder(kind).stat().st_mode) == 0o700

    def test_a_cache_of_another_user_is_not_used(self, cache, monkeypatch):
        (cache / "templates").mkdir(parents=True)
        monkeypatch.setattr("os.getuid", lambda: 12345)
        assert not cache_folder("templates").is_relative_to(cache)

    @pytest.mark.parametrize("cut", [0, 1, 20, 100, None], ids=str)
    def test_a_compiled_template_that_was_cut_or_spoilt_is_compiled_again(self, cache, cut):
        from reportgen.base.style import Style
        from reportgen.latex.render import render_preamble
        from reportgen.text.templates import environment

        def rendered():
            environment.cache_clear()
            render_preamble.cache_clear()
            return render_preamble(engine="pdftex", style=Style())

        first = rendered()
        kept = {path: path.read_bytes() for path in (cache / "templates").iterdir()}
        for path, whole in kept.items():
            path.write_bytes(whole[:cut] if cut is not None else bytes(len(whole)))
        assert rendered() == first
        assert {path: path.read_bytes() for path in kept} == kept
        environment.cache_clear()
        render_preamble.cache_clear()

    def test_a_compiled_template_under_the_name_of_another_is_not_run(self, cache):
        store.keep("templates", "a", ".jinja", b"code")
        (cache / "templates" / "a.jinja").rename(cache / "templates" / "b.jinja")
        assert store.find("templates", "b", ".jinja") is None

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
    def test_a_spoilt_list_of_what_fonts_cover_is_made_again(self, cache, content):
        from reportgen.text.faces import installed_faces

        installed_faces.cache_clear()
        first = installed_faces()
        (cache / "fonts" / "coverage.json").write_bytes(content)
        installed_faces.cache_clear()
        assert installed_faces() == first
        installed_faces.cache_clear()

    @pytest.mark.parametrize("content", [b"", b"pdfTeX 0.0", b"\xff\xfe"])
    def test_a_spoilt_version_of_an_engine_is_asked_for_again(self, cache, content):
        def version():
            programs._version.cache_clear()
            return programs.PROGRAMS["pdftex"].version()

        first = version()
        (kept,) = (cache / "formats").glob("*.version")
        kept.write_bytes(content)
        assert version() == first

    @pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"x"])
    def test_a_spoilt_chart_is_drawn_again(self, cache, content):
        assert store.recall("charts", "a", ".pdf", lambda: b"chart") == b"chart"
        (cache / "charts" / "a.pdf").write_bytes(content)
        assert store.recall("charts", "a", ".pdf", lambda: b"chart") == b"chart"

    def test_a_pipe_in_place_of_a_chart_or_a_lock_is_not_waited_for(self, cache):
        os.mkfifo(cache_folder("charts") / "a.pdf")
        os.mkfifo(cache_folder("formats") / "a.lock")
        assert store.recall("charts", "a", ".pdf", lambda: b"chart") == b"chart"
        assert store.recall_file("formats", "a.fmt", lambda: b"format").read_bytes() == b"format"

    def test_a_link_in_place_of_a_lock_is_not_followed(self, cache, tmp_path):
        (tmp_path / "precious").write_text("precious")
        (cache_folder("formats") / "a.lock").symlink_to(tmp_path / "precious")
        store.recall_file("formats", "a.fmt", lambda: b"format")
        assert (tmp_path / "precious").read_text() == "precious"

    @pytest.mark.parametrize(
        "spoil",
        [lambda old: b"\0" * len(old), lambda old: old[::-1], lambda old: old[:99] + b"!" * (len(old) - 99)],
        ids=["zeros", "reversed", "after-its-head"],
    )
    def test_a_format_spoilt_under_its_size_and_time_is_dumped_again_at_once(self, tmp_path, spoil):
        import datetime as dt

        from reportgen.base.errors import Where
        from reportgen.base.settings import Limits
        from reportgen.pdf.typeset import ENGINES, typeset
        from reportgen.pdf.typeset.formats import dumped_format

        date = dt.date(2026, 5, 30)
        # Other tests spoil theirs at the same time.
        preamble = f"\\documentclass{{article}}% a format of this test's own, {tmp_path}\n"
        path = dumped_format(ENGINES["pdftex"], preamble)
        whole, status = path.read_bytes(), path.stat()
        path.write_bytes(spoil(whole))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        made = typeset(
            "\\begin{document}a\\end{document}", preamble, engine="pdftex", figures={}, date=date, limits=Limits(),
            origin=lambda _: Where(),
        )  # fmt: skip
        assert made.pdf.startswith(b"%PDF-")
        assert path.read_bytes()[:200] == whole[:200]


class TestUmask:
    @pytest.mark.parametrize(
        ("umask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o027, 0o640), (0o002, 0o664)]
    )
    def test_every_file_that_is_written_has_the_mode_that_the_umask_leaves(self, built, umask, mode):
        before = os.umask(umask)
        try:
            shutil.rmtree(built.out / STATE_FOLDER)
            built.batch(force=True)
            write_atomically(built.root / "lock.json", b"")
        finally:
            os.umask(before)
        files = [*(path for path in built.out.rglob("*") if path.is_file()), built.root / "lock.json"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {mode}

    @pytest.mark.parametrize("name", ["x" * 255, "é" * 127, "x" * 251 + ".pdf"])
    def test_a_name_of_the_full_length_is_written_too(self, tmp_path, name):
        write_atomically(tmp_path / name, b"a")
        assert [path.name for path in tmp_path.iterdir()] == [name]


def reportgen(*arguments, **options):
    command = [sys.executable, "-m", "reportgen", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.fixture
def small_disk(tmp_path):
    """Yield a file system of 64 kB that is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        with (folder / "fill").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def a_full_disk(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device", "/full/file")


class TestFullDisk:
    def test_a_full_cache_is_no_reason_to_fail(self, small_disk, project):
        environment = {**os.environ, "REPORTGEN_CACHE": str(small_disk)}
        running = reportgen("compile", project.records / "0.json", env=environment)
        _, said = running.communicate(timeout=LONGEST)
        assert running.returncode == 0, said
        assert len(project.pdfs) == 1

    def test_no_room_for_temporary_files_gives_exit_9_and_names_tmpdir(self, small_disk, project):
        # Where TMPDIR cannot be written Python looks further, so it has room for an empty file but for no more.
        (small_disk / "fill").write_bytes(bytes(40_000))
        environment = {**os.environ, "TMPDIR": str(small_disk)}
        running = reportgen("compile", project.records / "0.json", env=environment)
        _, said = running.communicate(timeout=LONGEST)
        assert running.returncode == 9, said
        assert "No space left" in said
        assert "TMPDIR" in said
        assert "Traceback" not in said
        assert project.pdfs == []

    def test_a_full_output_folder_gives_exit_9(self, small_disk, project):
        running = reportgen("compile", project.records / "0.json", "-o", small_disk / "out")
        _, said = running.communicate(timeout=LONGEST)
        assert running.returncode == 9, said
        assert "No space left" in said

    def test_an_error_of_our_own_is_said_even_where_its_log_cannot_be_kept(self, monkeypatch, capsys):
        from reportgen.cli.messages import internal_error

        monkeypatch.setattr("reportgen.base.paths.write_atomically", a_full_disk)
        internal_error(ZeroDivisionError("by zero"))
        said = capsys.readouterr().err
        assert "ZeroDivisionError: by zero" in said
        assert "could not be kept: No space left" in said

    @pytest.mark.parametrize(
        ("error", "code", "said"),
        [
            (
                OSError(errno.ENOSPC, "No space left on device", "/a"),
                9,
                "the system refused /a: No space left",
            ),
            (OSError(errno.EDQUOT, "Disk quota exceeded"), 9, "a temporary file: Disk quota exceeded"),
            (OSError(errno.EROFS, "Read-only file system", "/a"), 9, "Read-only"),
            (OSError(errno.EMFILE, "Too many open files"), 7, "Too many open files"),
            (OSError(errno.ENOMEM, "Cannot allocate memory"), 7, "Cannot allocate"),
            (MemoryError(), 7, "the memory ran out"),
            (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/a']"), 7, "TMPDIR"),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
    )
    def test_what_the_system_refuses_ends_with_a_message_and_no_traceback(
        self, run, monkeypatch, error, code, said
    ):
        def refuse(*_, **__):
            raise error

        monkeypatch.setattr("reportgen.cli.cli.main", refuse)
        ended = run("validate", "record.json")
        assert ended.code == code
        assert said in ended.err
        assert "error[system]" in ended.err

    def test_another_error_is_no_refusal_of_the_system(self):
        assert refusal(FileNotFoundError(errno.ENOENT, "No such file", "x")) is None
        assert refusal(ValueError("No space left on device")) is None

    @pytest.mark.parametrize("streams", ["stdout", "both"])
    def test_a_full_disk_behind_the_streams_gives_exit_9_and_no_traceback(self, streams, tmp_path):
        with Path("/dev/full").open("w") as full, (tmp_path / "said").open("w+") as said:
            errors = full if streams == "both" else said
            command = [sys.executable, "-m", "reportgen", "schema"]
            code = subprocess.run(
                command, stdout=full, stderr=errors, check=False, timeout=LONGEST
            ).returncode
            said.seek(0)
            text = said.read()
        assert code == 9
        assert ("No space left" in text) == (streams == "stdout")
        assert "Traceback" not in text
        assert "Exception ignored" not in text


class SlowTeX:
    """A machine whose pdfTeX, once it has a report to set, never comes to an end."""

    def __init__(self, folder):
        self.reached = folder / "reached"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        os.mkfifo(self.reached)
        tools = folder / "tools"
        tools.mkdir()
        for name in ("kpsewhich", "prlimit", "git", "env"):
            (tools / name).symlink_to(shutil.which(name))
        (tools / "pdftex").write_text(
            "#!/bin/sh\n"
            f'case "$*" in *--version*) exec {shutil.which("pdftex")} --version;;\n'
            "*-ini*) : > preamble.log; echo format > preamble.fmt; exit 0;; esac\n"
            # More than a pipe holds: what follows is done when somebody reads, and so can stop it.
            f"{shutil.which('head')} -c 2000000 /dev/zero\n"
            f'echo $$ > "{self.reached}"\nexec {shutil.which("sleep")} 1000\n'
        )
        (tools / "pdftex").chmod(0o755)
        self.environment = {
            **os.environ,
            "PATH": str(tools),
            "TMPDIR": str(self.temporary),
            "REPORTGEN_CACHE": str(folder / "cache"),
        }
        self._pipe = os.open(self.reached, os.O_RDONLY | os.O_NONBLOCK)

    def started(self):
        """Wait for TeX; give its process."""
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        assert poll.poll(LONGEST * 1000), "TeX was never started"
        return os.pidfd_open(int(os.read(self._pipe, 100)))


def has_ended(process):
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(LONGEST * 1000))


@pytest.fixture
def slow():
    import tempfile

    # The name of a socket is short.
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        yield SlowTeX(Path(name))


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda n: n.name)
    @pytest.mark.parametrize("command", ["compile", "batch --jobs 1", "batch --jobs 2", "watch"])
    def test_a_run_that_is_stopped_leaves_no_folder_and_no_tex(self, slow, project, command, number):
        running = reportgen(
            *command.split(), project.records / "0.json", env=slow.environment, start_new_session=True
        )
        tex = slow.started()
        running.send_signal(number)
        _, said = running.communicate(timeout=LONGEST)
        assert has_ended(tex)
        watching_ends_so = command == "watch" and number == signal.SIGINT
        assert running.returncode == (0 if watching_ends_so else 128 + number), said
        assert "stopped" in said
        assert "Traceback" not in said
        assert list(slow.temporary.glob("reportgen-*")) == []
        assert project.pdfs == []

    def test_verify_that_is_stopped_leaves_no_folder_and_no_tex(self, slow, compiled):
        running = reportgen("verify", compiled("claims_in_csv").pdf, env=slow.environment)
        tex = slow.started()
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=LONGEST)
        assert has_ended(tex)
        assert (running.returncode, said.splitlines()[-1]) == (143, "stopped")
        assert list(slow.temporary.glob("reportgen-*")) == []

    def test_a_second_signal_does_not_break_off_the_tidying(self, slow, project):
        running = reportgen("compile", project.records / "0.json", env=slow.environment)
        slow.started()
        for _ in range(20):
            running.send_signal(signal.SIGTERM)
        running.communicate(timeout=LONGEST)
        assert running.returncode == 143
        assert list(slow.temporary.glob("reportgen-*")) == []

    def test_a_run_under_nohup_goes_on(self, slow, project):
        running = reportgen(
            "compile", project.records / "0.json", env=slow.environment,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        slow.started()
        running.send_signal(signal.SIGHUP)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=LONGEST)
        assert running.returncode == 143

    @pytest.mark.parametrize("group", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
    def test_a_signal_to_the_whole_group_while_workers_start_makes_none_of_them_speak(
        self, slow, project, group
    ):
        # The signals come while the server imports, while workers are forked, and after that.
        for number in range(1, 4):
            project.write(f"{number}.json", number)
        running = reportgen(
            "batch", "--jobs", "2", project.records, env=slow.environment, start_new_session=True
        )
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        deadline = time.monotonic() + LONGEST
        while len(children.read_text().split()) < 2 and running.poll() is None:
            assert time.monotonic() < deadline
        os.killpg(running.pid, group)
        _, said = running.communicate(timeout=LONGEST)
        assert running.returncode == 128 + group
        assert "Traceback" not in said
        assert said.splitlines()[-1].startswith("stopped")

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
    def test_a_signal_that_is_held_back_is_heard_afterwards_and_by_no_process_started_meanwhile(self, number):
        program = f"""
import os, signal, subprocess, sys
from reportgen.base import stopping
stopping.listen()
said = []
try:
    with stopping.held_back():
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        os.kill(os.getpid(), {int(number)})
        child.send_signal({int(number)})
        child.communicate(b"\\n")
        said.append(child.returncode)
    said.append("not heard")
except KeyboardInterrupt:
    said.append(stopping.exit_code())
print(said)
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.stdout, done.stderr) == (f"[0, {128 + number}]\n", "")
