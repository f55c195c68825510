"""What programs call: the names and signatures that stay, every form of a source, and a process left as it was."""

from __future__ import annotations

import ast
import contextlib
import datetime as dt
import doctest
import hashlib
import inspect
import json
import re
import subprocess
import sys
import textwrap
import uuid
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

import reportgen
from fixtures import FOLDER, SAMPLES
from minimal_record import claim, minimal
from page_text import read
from reportgen import (
    Problem,
    Record,
    ReportgenError,
    Settings,
    build,
    build_batch,
    load,
    validate,
    verify,
)
from reportgen.base.errors import Level, RecordError, SettingsError, Where
from reportgen.cli.new_project import init_project
from reportgen.record import json_schema

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "records" / "fbca8ee9.json"
SIGNATURES = {
    "load": "(source: Source, *, base: Place = '.') -> Record",
    "validate": (
        "(source: Source, settings: Settings | None = None, *, strict: bool = False, base: Place = '.') "
        "-> tuple[Problem, ...]"
    ),
    "build": (
        "(source: Source, settings: Settings | None = None, *, strict: bool = False, "
        "output: Place | None = None, base: Place = '.') -> Report"
    ),
    "build_batch": (
        "(sources: Place | Iterable[Place], settings: Settings | None = None, *, output: Place | None = None, "
        "jobs: int = 0, strict: bool = False, force: bool = False, check: bool = False, fail_fast: bool = False) "
        "-> Generator[Outcome, None, None]"
    ),
    "verify": (
        "(report: Place | bytes, *, trust_templates: bool = False, require_sandbox: bool = False, "
        "allow_unsandboxed: bool = False) -> Verification"
    ),
}


def python(program: str, folder: Path, *arguments: str | Path) -> str:
    """Run a program of its own and give what it prints."""
    (folder / "program.py").write_text(textwrap.dedent(program))
    command = [sys.executable, folder / "program.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def run_examples(text: str, name: str) -> doctest.TestResults:
    told: list[str] = []
    examples = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    results = doctest.DocTestRunner().run(examples, out=told.append)
    assert results.failed == 0, "".join(told)
    return results


def codes(problems: tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


class TestNames:
    def test_they_stay(self):
        functions = set(SIGNATURES)
        values = {"Record", "Settings", "Problem", "ReportgenError"}
        assert set(reportgen.__all__) == functions | values | {"__version__"}
        assert set(reportgen.__all__) <= set(dir(reportgen))

    @pytest.mark.parametrize("name", SIGNATURES)
    def test_signatures_stay(self, name):
        assert str(inspect.signature(getattr(reportgen, name))).replace("'", "") == SIGNATURES[name].replace(
            "'", ""
        )

    def test_a_name_that_is_none_is_refused(self):
        with pytest.raises(AttributeError, match="has no attribute 'biuld'"):
            _ = import_module("reportgen").biuld

    def test_type_checkers_are_told_of_the_same_objects(self):
        tree = ast.parse(Path(reportgen.__file__).read_text())
        told = {
            alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module.startswith("reportgen.")
            for alias in node.names
        }
        assert told.keys() == set(reportgen.__all__) - {"__version__"}
        for name, module in told.items():
            assert getattr(reportgen, name) is getattr(import_module(module), name)
        assert Path(reportgen.__file__).with_name("py.typed").is_file()

    def test_importing_the_package_imports_nothing_else(self, tmp_path):
        program = """
            import sys
            before = set(sys.modules)
            import reportgen
            print(*sorted(set(sys.modules) - before))
        """
        modules = python(program, tmp_path).split()
        assert [name for name in modules if name.split(".")[0] not in sys.stdlib_module_names] == [
            "reportgen"
        ]
        assert len(modules) < 30


class TestExamples:
    def test_of_the_package(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert run_examples(reportgen.__doc__, "reportgen").attempted >= 6

    def test_of_the_documentation(self, tmp_path, monkeypatch):
        init_project(tmp_path)
        settings = tmp_path / "reportgen.toml"
        settings.write_text(settings.read_text().replace('name = "..."', 'name = "Example Group"'))
        monkeypatch.chdir(tmp_path)
        text = (ROOT / "docs" / "reference" / "api.md").read_text()
        examples = "\n".join(re.findall(r"^```pycon\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
        assert run_examples(examples, "api.md").attempted >= 18
        for name, signature in SIGNATURES.items():
            told = (
                re.sub(r": [\w|\[\], ]+?(?= =|,|\))| ->.*", "", signature)
                .replace(" = ", "=")
                .replace("'", '"')
            )
            assert f"## `{name}{told}`" in text


HOUSE = '[publisher]\nname = "House"\n'


class TestSources:
    def test_every_form_is_the_same_record(self, monkeypatch):
        record = load(RECORD)
        content = RECORD.read_bytes()
        assert isinstance(record, Record)
        for source in (str(RECORD), content, json.loads(content), record):
            assert load(source) == record

    def test_values_may_be_python_s_own(self):
        values = minimal(date=dt.date(2026, 5, 30), id=uuid.uuid4(), claims=(claim(),))
        assert load(values).date == dt.date(2026, 5, 30)
        assert load({**values, "claims": load(values).claims}) == load(values)

    @pytest.mark.parametrize(
        "path", [*sorted(FOLDER.glob("*.json")), *sorted(SAMPLES.glob("*.json"))], ids=lambda path: path.stem
    )
    def test_a_record_is_written_as_its_format_says(self, path):
        record = load(path)
        content = json.loads(build_json(record))
        jsonschema.validate(content, json_schema())
        assert load(content, base=path.parent) == record

    def test_a_file_and_its_bytes_make_the_same_report(self, tmp_path):
        path = tmp_path / "record.json"
        path.write_text(json.dumps(minimal(claims=[claim()])))
        report = build(path)
        assert build(path.read_bytes(), base=tmp_path).pdf == report.pdf
        assert verify(build(load(path)).pdf).identical

    def test_files_and_settings_of_values_are_those_of_a_folder(self, tmp_path, monkeypatch):
        (tmp_path / "reportgen.toml").write_text(f'id_prefix = "HERE"\n{HOUSE}')
        (tmp_path / "claims.csv").write_text("text,verified\nA claim.,true\n")
        (tmp_path / "run.log").write_text("done")
        digest = hashlib.sha256(b"done").hexdigest()
        gate = {"status": "VERIFIED", "artifacts": [{"type": "log", "path": "run.log", "sha256": digest}]}
        values = minimal(claims={"file": "claims.csv"}, gate=gate)
        assert [each.text for each in load(values, base=tmp_path).claims] == ["A claim."]
        assert codes(validate(values, base=tmp_path)) == {"claim-without-source"}
        report = build(values, base=str(tmp_path), output=tmp_path / "out")
        assert "HERE" in read(report.path)
        monkeypatch.chdir(tmp_path)
        assert codes(validate(values)) == {"claim-without-source"}
        (tmp_path / "run.log").write_text("something else")
        assert codes(validate(values)) == {"claim-without-source", "artifact-changed"}

    def test_no_reserved_doi_is_taken_for_that_of_values(self, tmp_path, monkeypatch):
        (tmp_path / "record.zenodo.json").write_text("broken")
        (tmp_path / "record.json").write_text(json.dumps(minimal()))
        (tmp_path / "reportgen.toml").write_text(HOUSE)
        monkeypatch.chdir(tmp_path)
        assert {problem.where.file for problem in validate("record.json")} == {"record.zenodo.json"}
        assert validate(minimal()) == ()


class TestProblems:
    def test_of_a_file_have_its_name_and_lines(self, tmp_path):
        path = tmp_path / "record.json"
        path.write_text(json.dumps(minimal(title=""), indent=1))
        assert [problem.where for problem in validate(path)] == [Where(str(path), 4, 11, "/title")]

    def test_of_bytes_have_lines(self):
        content = json.dumps(minimal(title=""), indent=1).encode()
        assert [problem.where for problem in validate(content)] == [Where("", 4, 11, "/title")]

    def test_of_values_have_the_field(self):
        assert [problem.where for problem in validate(minimal(title=""))] == [Where(pointer="/title")]
        with pytest.raises(RecordError) as caught:
            load(minimal(title=""))
        assert [problem.where for problem in caught.value.problems] == [Where(pointer="/title")]
        with pytest.raises(RecordError) as caught:
            build(minimal(title=""))
        assert str(caught.value).startswith("title: error[wrong-value]")

    def test_of_a_report_have_the_field(self):
        values = minimal(claims=[claim()])
        (problem,) = build(values).problems
        assert (problem.code, problem.level) == ("claim-without-source", Level.WARNING)
        assert problem.where == Where(pointer="/claims/0")
        assert [problem.level for problem in validate(values, strict=True)] == [Level.ERROR]
        with pytest.raises(RecordError, match="claim-without-source"):
            build(values, strict=True)

    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("nowhere.json", "file-unreadable"),
            (b"{", "json-syntax"),
            (b"\xff", "not-utf-8"),
            ([1], "not-a-record"),
            (minimal(title="\ud83d"), "json-surrogate"),
            (minimal(confidence_threshold=float("nan")), "json-number"),
            (minimal(title=object()), "wrong-value"),
        ],
        ids=["missing", "syntax", "bytes", "list", "surrogate", "nan", "object"],
    )
    def test_of_reading_are_returned(self, source, code):
        problems = validate(source)
        assert all(isinstance(problem, Problem) for problem in problems)
        assert codes(problems) == {code}

    def test_of_values_in_a_circle_are_returned(self):
        values = minimal()
        values["keywords"] = values
        assert [problem.code for problem in validate(values)] == ["wrong-value"]

    def test_of_settings_are_raised(self, tmp_path):
        (tmp_path / "reportgen.toml").write_text("paper = 3")
        for call in (validate, build):
            with pytest.raises(SettingsError):
                call(minimal(), base=tmp_path)
        assert validate(minimal(), Settings(publisher={"name": "House"})) == ()


class TestBuild:
    def test_it_writes_nothing_unless_told_to(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        report = build(minimal())
        assert (report.pdf[:5], report.path) == (b"%PDF-", None)
        assert list(tmp_path.iterdir()) == []
        placed = build(minimal(), output="some/folder")
        assert placed.path == Path("some/folder", report.name)
        assert placed.path.read_bytes() == report.pdf
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / placed.path]

    def test_a_setting_changes_it(self, tmp_path):
        settings = Settings.find(tmp_path, name_pattern="{id8}.pdf")
        assert build(minimal(), settings).name == "11111111.pdf"

    def test_it_works_in_several_threads_at_once(self):
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(build, [minimal(), minimal()])
            assert threads.submit(verify, first.pdf).result().identical
        assert first.pdf == second.pdf == build(minimal()).pdf


class TestBatch:
    @pytest.fixture
    def project(self, tmp_path):
        (tmp_path / "records").mkdir()
        for number in (1, 2):
            values = minimal(id=str(uuid.UUID(int=number)), title=f"Report {number}")
            (tmp_path / "records" / f"{number}.json").write_text(json.dumps(values))
        (tmp_path / "records" / "3.json").write_text("{")
        return tmp_path

    def test_each_record_has_an_outcome(self, project):
        settings = Settings(root=project, name_pattern="{slug}.pdf")
        outcomes = list(build_batch(project / "records", settings, jobs=1))
        assert [outcome.status for outcome in outcomes] == ["built", "built", "failed"]
        assert [outcome.pdf and outcome.pdf.relative_to(project) for outcome in outcomes] == [
            Path("out/report-1.pdf"),
            Path("out/report-2.pdf"),
            None,
        ]
        again = build_batch([f"{project}/records/1.json"], settings, output=project / "out", check=True)
        assert [outcome.status for outcome in again] == ["unchanged"]

    def test_it_begins_with_what_it_was_given(self, tmp_path):
        with pytest.raises(RecordError, match="no-records"):
            build_batch(tmp_path)

    def test_a_program_need_not_ask_whether_it_is_the_main_one(self, project):
        program = """
            from reportgen import build_batch
            for outcome in build_batch("records", jobs=2):
                print(outcome.status)
        """
        assert python(program, project).split() == ["built", "built", "failed"]

    def test_it_works_in_a_thread(self, project):
        with (
            ThreadPoolExecutor(1) as threads,
            contextlib.closing(build_batch(project / "records", output=project, jobs=2)) as outcomes,
        ):
            assert [outcome.status for outcome in threads.submit(list, outcomes).result()] == [
                "built",
                "built",
                "failed",
            ]


class TestVerify:
    def test_a_path_and_its_bytes_are_one(self, tmp_path):
        report = build(minimal(), output=tmp_path)
        assert verify(report.path) == verify(str(report.path)) == verify(report.pdf)
        assert verify(report.pdf).identical

    def test_what_is_wrong_has_no_place_where_the_report_has_none(self, tmp_path):
        path = tmp_path / "x.pdf"
        path.write_bytes(b"nothing")
        with pytest.raises(ReportgenError) as of_bytes:
            verify(b"nothing")
        with pytest.raises(ReportgenError) as of_file:
            verify(path)
        assert [problem.where for problem in of_bytes.value.problems] == [Where()]
        assert [problem.where for problem in of_file.value.problems] == [Where(str(path))]
        assert type(of_bytes.value) is type(of_file.value)


STATE = """
    import json, os, signal, sys, threading
    from pathlib import Path
    from reportgen import build, build_batch, verify

    touched = []
    WATCHED = {"os.chdir", "os.putenv", "os.unsetenv"}
    sys.addaudithook(lambda event, given: event in WATCHED and touched.append((event, *map(str, given))))

    def state():
        handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        return dict(os.environ), os.getcwd(), os.umask(0o22), handlers, blocked, sys.modules["__main__"], list(sys.path)

    os.umask(0o22)
    signal.signal(signal.SIGTERM, lambda *_: None)
    values = json.loads(Path("record.json").read_bytes())
    before, threads = state(), threading.enumerate()
"""


class TestProcess:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "record.json").write_text(json.dumps(minimal(claims=[claim(confidence=0.8)])))
        return tmp_path

    def test_building_leaves_environment_folder_and_signals_alone(self, folder):
        program = """
            changed, set_handler = [], signal.signal
            signal.signal = lambda *given: changed.append(given) or set_handler(*given)
            build(values)
            print(state() == before, threading.enumerate() == threads, touched, changed)
        """
        assert python(textwrap.dedent(STATE) + textwrap.dedent(program), folder).strip() == "True True [] []"

    @pytest.mark.parametrize(
        "call",
        [
            "verify(build(values).pdf)",
            'list(build_batch("record.json", jobs=2))',
            'list(build_batch("record.json", jobs=1))',
        ],
    )
    def test_all_is_afterwards_as_it_was(self, folder, call):
        program = f"{call}\nprint(state() == before, [each for each in touched if each[0] == 'os.chdir'])"
        assert python(textwrap.dedent(STATE) + program, folder).strip() == "True []"

    def test_a_failure_leaves_it_as_it_was(self, folder):
        program = """
            from reportgen import ReportgenError, Settings
            try:
                build(values, Settings(limits={"memory_mb": 10}))
            except ReportgenError as error:
                print(type(error).__name__, state() == before, threading.enumerate() == threads, touched)
        """
        printed = python(textwrap.dedent(STATE) + textwrap.dedent(program), folder)
        assert printed.strip() == "TypesetError True True []"


def build_json(record: Record) -> str:
    from reportgen.api import _as_json

    return _as_json(record)
