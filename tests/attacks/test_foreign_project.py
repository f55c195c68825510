"""Projects of strangers: compiling one runs nothing of theirs, writes nowhere else, and reads nothing beyond it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from minimal_record import minimal
from reportgen.base.paths import packaged_folder
from reportgen.trust.verify import extract

BAD_SETTINGS, BAD_TEMPLATE, NOT_TRUSTED, BAD_RECORD, BAD_BIBLIOGRAPHY = 5, 6, 16, 3, 4
PACKAGED = packaged_folder("templates")


@pytest.fixture(autouse=True)
def nobody_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def home(tmp_path):
    """A user's folder with a secret in it, and a project cloned beside it."""
    (tmp_path / "secret.bib").write_text(
        "@book{secret, title = {The token is 12345}, author = {X}, year = 2020}"
    )
    (tmp_path / "secret.csv").write_text("text,verified\nThe token is 12345.,true\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "record.json").write_text(json.dumps(minimal()))
    (project / "reportgen.toml").write_text("")
    return tmp_path


@pytest.fixture
def project(home):
    return home / "project"


def own_template(project: Path, text: str, name: str = "latex/preamble.tex.j2") -> None:
    (project / "t" / name).parent.mkdir(parents=True, exist_ok=True)
    (project / "t" / name).write_text(text)
    (project / "reportgen.toml").write_text('templates = "t"\n')


RUNS_PYTHON = "((( tag.__globals__['__builtins__']['open']('pwned', 'w') )))"
COMMANDS = {
    "compile": ["compile", "record.json"],
    "compile-twice": ["compile", "record.json", "--check-reproducible"],
    "batch": ["batch", ".", "--jobs", "1"],
    "batch-by-workers": ["batch", ".", "--jobs", "2"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("text", [RUNS_PYTHON, "\\directlua{io.open('pwned', 'w')}", "\\relax"])
def test_own_templates_do_not_run_unasked_16(project, reportgen, command, text):
    own_template(project, text)
    ended = reportgen(*COMMANDS[command], folder=project)
    assert ended.code == (1 if command.startswith("batch") else NOT_TRUSTED)
    assert "templates-untrusted" in ended.err
    assert "preamble.tex.j2" in ended.err
    assert f"reportgen trust {project}" in ended.err
    assert list(project.rglob("pwned")) == []
    assert list(project.rglob("*.pdf")) == []


def test_what_is_not_run_needs_no_trust_0(project, reportgen):
    own_template(project, RUNS_PYTHON)
    assert reportgen("validate", "record.json", folder=project).code == 0
    assert reportgen("template", "list", folder=project).code == 0
    assert reportgen("template", "copy", "quote", folder=project).code == 0
    assert reportgen("template", "check", folder=project).code == NOT_TRUSTED
    assert reportgen("schema", folder=project).code == 0
    assert list(project.rglob("pwned")) == []


class TestTrust:
    @pytest.fixture
    def trusted(self, project, reportgen):
        own_template(
            project, (PACKAGED / "latex/section.tex.j2").read_text(), "latex/sections/disclosure.tex.j2"
        )
        ended = reportgen("trust", ".", folder=project)
        assert (ended.code, "t/latex/sections/disclosure.tex.j2" in ended.out) == (0, True)
        return project

    def test_what_is_trusted_runs_0(self, trusted, reportgen):
        assert reportgen("compile", "record.json", "-q", folder=trusted).code == 0

    @pytest.mark.parametrize("change", ["changed", "added", "renamed", "removed"])
    def test_trust_ends_with_the_content_16(self, trusted, reportgen, change):
        there = trusted / "t" / "latex" / "sections" / "disclosure.tex.j2"
        if change == "changed":
            there.write_text(there.read_text() + " ")
        elif change == "added":
            (trusted / "t" / "latex" / "x.tex").write_text("")
        elif change == "renamed":
            there.rename(there.with_name("claims.tex.j2"))
        else:
            there.with_name("other.j2").write_text(there.read_text())
            there.unlink()
        ended = reportgen("compile", "record.json", "-q", folder=trusted)
        assert (ended.code, "changed since" in ended.err) == (NOT_TRUSTED, True)

    def test_trust_does_not_travel_with_a_copy_16(self, trusted, reportgen, home):
        shutil.copytree(trusted, home / "copy")
        assert reportgen("compile", "record.json", "-q", folder=home / "copy").code == NOT_TRUSTED

    def test_trust_is_taken_back_16(self, trusted, reportgen):
        assert str(trusted) in reportgen("trust", "--list", folder=trusted).out
        assert reportgen("trust", "--forget", folder=trusted).code == 0
        assert reportgen("trust", "--list", folder=trusted).out == ""
        assert reportgen("compile", "record.json", "-q", folder=trusted).code == NOT_TRUSTED

    def test_an_option_trusts_for_one_run_16(self, project, reportgen):
        own_template(project, "", "note.tex")
        assert reportgen("compile", "record.json", "-q", "--trust-templates", folder=project).code == 0
        assert reportgen("compile", "record.json", "-q", folder=project).code == NOT_TRUSTED

    @pytest.mark.parametrize(
        "content", ["", "[]", "{", '{"folders": 3}', '{"schema": "reportgen-trust-v1", "folders": []}']
    )
    def test_a_broken_list_trusts_nothing_16(self, trusted, reportgen, home, content):
        (home / "data" / "reportgen" / "trusted.json").write_text(content)
        assert reportgen("compile", "record.json", "-q", folder=trusted).code == NOT_TRUSTED

    def test_a_project_without_wishes_is_told_so_0(self, project, reportgen):
        ended = reportgen("trust", folder=project)
        assert (ended.code, "needs no trust" in ended.out) == (0, True)
        assert reportgen("trust", "--list", folder=project).out == ""


@pytest.mark.parametrize("setting", ["trust_templates", "require_sandbox", "allow_unsandboxed", "root"])
@pytest.mark.parametrize("value", ["true", '"x"', "{}"])
def test_a_project_cannot_allow_itself_anything_5(project, reportgen, setting, value):
    (project / "reportgen.toml").write_text(f"{setting} = {value}\n")
    for command in ("compile", "validate"):
        assert reportgen(command, "record.json", folder=project).code in (BAD_SETTINGS, BAD_RECORD)
    assert not (project / "out").exists()


OUTSIDE = {
    "output-absolute": 'output = "{home}/elsewhere"',
    "output-climbing": 'output = "../elsewhere"',
    "output-through-a-link": 'output = "link/elsewhere"',
    "bib-absolute": 'bib = ["{home}"]',
    "bib-climbing": 'bib = [".."]',
    "bib-file": 'bib = ["../secret.bib"]',
    "bib-through-a-link": 'bib = ["link"]',
    "lock-climbing": 'lock = "../references.lock.json"',
    "lock-through-a-link": 'lock = "link/references.lock.json"',
}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("command", ["compile", "batch", "validate"])
def test_a_place_outside_the_project_is_not_touched_16(home, project, reportgen, name, command):
    (project / "link").symlink_to("..")
    (project / "reportgen.toml").write_text(OUTSIDE[name].format(home=home) + "\n")
    before = sorted(home.rglob("*"))
    ended = reportgen(command, "record.json", folder=project)
    assert ended.code == NOT_TRUSTED
    assert "place-untrusted" in ended.err
    assert sorted(home.rglob("*")) == before


def test_a_place_outside_is_used_where_the_user_names_it_0(home, project, reportgen):
    (project / "reportgen.toml").write_text('output = "../elsewhere"\n')
    assert reportgen("compile", "record.json", "-q", "-o", home / "mine", folder=project).code == 0
    assert len(list((home / "mine").glob("*.pdf"))) == 1
    assert reportgen("trust", folder=project).code == 0
    assert reportgen("compile", "record.json", "-q", folder=project).code == 0
    assert len(list((home / "elsewhere").glob("*.pdf"))) == 1


@pytest.mark.parametrize("templates", ["/", "..", "../t", "/etc", "link"])
def test_templates_lie_in_the_project_5(home, project, reportgen, templates):
    (home / "t").mkdir()
    (project / "link").symlink_to("/etc")
    (project / "reportgen.toml").write_text(f'templates = "{templates}"\n')
    ended = reportgen("compile", "record.json", "--trust-templates", folder=project)
    assert (ended.code, "outside the project" in ended.err) == (BAD_SETTINGS, True)


class TestLinks:
    @pytest.mark.parametrize("target", ["/etc/passwd", "../../secret.csv", "/dev/zero"])
    def test_a_template_that_is_a_link_is_not_carried_inside_6(self, project, reportgen, target):
        own_template(project, "", "empty.tex")
        (project / "t" / "notes.tex").symlink_to(target)
        assert reportgen("compile", "record.json", "--trust-templates", folder=project).code == BAD_TEMPLATE

    def test_a_folder_of_templates_that_is_a_link_is_not_followed_6(self, project, reportgen):
        own_template(project, "", "empty.tex")
        (project / "t" / "sections").symlink_to("/usr/share")
        assert reportgen("compile", "record.json", "--trust-templates", folder=project).code == BAD_TEMPLATE

    def test_a_pipe_among_the_templates_is_not_waited_for_6(self, project, reportgen):
        own_template(project, "", "empty.tex")
        os.mkfifo(project / "t" / "pipe.tex")
        assert reportgen("compile", "record.json", "--trust-templates", folder=project).code == BAD_TEMPLATE

    def test_other_files_in_the_folder_are_not_carried_inside_0(self, project, reportgen):
        own_template(project, "", "empty.tex")
        (project / "t" / "secret.txt").symlink_to("/etc/passwd")
        assert reportgen("compile", "record.json", "-q", "--trust-templates", folder=project).code == 0
        (pdf,) = (project / "out").glob("*.pdf")
        assert {name for name in extract(pdf) if name.startswith("templates/")} == {"templates/empty.tex"}

    def test_claims_that_are_a_link_out_are_not_read_3(self, project, reportgen):
        (project / "record.json").write_text(json.dumps(minimal(claims={"file": "claims.csv"})))
        (project / "claims.csv").symlink_to("../secret.csv")
        ended = reportgen("compile", "record.json", folder=project)
        assert (ended.code, "12345" in ended.err) == (BAD_RECORD, False)

    def test_a_bibliography_that_is_a_link_out_is_not_read_4(self, project, reportgen):
        (project / "bib").mkdir()
        (project / "bib" / "x.bib").symlink_to("../../secret.bib")
        (project / "record.json").write_text(json.dumps(minimal(sources=["secret"])))
        ended = reportgen("compile", "record.json", folder=project)
        assert (ended.code, "12345" in ended.err) == (BAD_BIBLIOGRAPHY, False)
        assert list(project.rglob("*.pdf")) == []

    def test_kept_tex_is_not_written_through_a_link_9(self, home, project, reportgen):
        (home / "elsewhere").mkdir()
        assert reportgen("compile", "record.json", "-q", "--keep-tex", folder=project).code == 0
        (pdf,) = (project / "out").glob("*.pdf")
        shutil.rmtree(pdf.with_suffix(""))
        pdf.with_suffix("").symlink_to(home / "elsewhere")
        assert reportgen("compile", "record.json", "-q", "--keep-tex", folder=project).code == 9
        assert list((home / "elsewhere").iterdir()) == []

    def test_a_report_replaces_a_link_in_its_place_0(self, home, project, reportgen):
        assert reportgen("compile", "record.json", "-q", folder=project).code == 0
        (pdf,) = (project / "out").glob("*.pdf")
        pdf.unlink()
        pdf.symlink_to(home / "secret.csv")
        assert reportgen("compile", "record.json", "-q", folder=project).code == 0
        assert "12345" in (home / "secret.csv").read_text()
        assert not pdf.is_symlink()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


NO_FILES = {"pipe": pipe, "endless": endless, "folder": folder}
READ = {
    "record.json": BAD_RECORD,
    "claims.csv": BAD_RECORD,
    "claims.jsonl": BAD_RECORD,
    "bib/x.bib": BAD_BIBLIOGRAPHY,
    "references.lock.json": BAD_BIBLIOGRAPHY,
    "record.zenodo.json": BAD_RECORD,
    "artifact": BAD_RECORD,
}


@pytest.mark.parametrize("kind", NO_FILES)
@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("command", ["compile", "validate", "batch"])
def test_what_is_no_file_is_not_waited_for(project, reportgen, name, kind, command):
    record = minimal()
    if name.startswith("claims"):
        record["claims"] = {"file": name}
    if name == "artifact":
        listed = {"type": "log", "path": "artifact", "sha256": "0" * 64}
        record["gate"] = {"status": "VERIFIED", "artifacts": [listed]}
    (project / "record.json").write_text(json.dumps(record))
    (project / "bib").mkdir()
    place = project / name
    place.unlink(missing_ok=True)
    NO_FILES[kind](place)
    ended = reportgen(command, "record.json", folder=project)
    outside = kind == "endless" and name == "references.lock.json"
    code = NOT_TRUSTED if outside else READ[name]
    assert ended.code == {"batch": NOT_TRUSTED if outside else 1}.get(command, code) or (
        (command, name, kind, ended.code) == ("batch", "record.json", "folder", 2)  # a folder without records
    )
    assert "Traceback" not in ended.err
    assert outside or Path(name).name in ended.err


def test_settings_that_are_a_pipe_are_refused_5(project, reportgen):
    (project / "reportgen.toml").unlink()
    pipe(project / "reportgen.toml")
    assert reportgen("compile", "record.json", folder=project).code == BAD_SETTINGS


def test_an_artifact_of_fifty_gigabytes_is_not_hashed_3(project, reportgen):
    with (project / "artifact").open("wb") as file:
        file.truncate(50_000_000_000)
    listed = {"type": "log", "path": "artifact", "sha256": "0" * 64}
    (project / "record.json").write_text(
        json.dumps(minimal(gate={"status": "VERIFIED", "artifacts": [listed]}))
    )
    ended = reportgen("validate", "record.json", folder=project)
    assert (ended.code, "larger than" in ended.err) == (BAD_RECORD, True)
