"""What lies around a project: the folder we are in, git's settings, links in circles, other users' caches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forged_reports import RECORD, forge, stream_of
from minimal_record import minimal
from reportgen.base.own_templates import read_own_templates, wish_of
from reportgen.base.paths import cache_folder
from reportgen.base.settings import find_settings
from reportgen.base.trusted_projects import forget, grant, trusted_folders
from reportgen.pipeline.watch.project import Project

CONSOLE_SCRIPT = "from reportgen.cli import main\nif __name__ == '__main__':\n    main()\n"


@pytest.fixture(autouse=True)
def nobody_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "records").mkdir(parents=True)
    (folder / "reportgen.toml").write_text("")
    (folder / "records" / "a.json").write_text(json.dumps(minimal()))
    return folder


def console_script(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as the installed script does: its own folder, not ours, is where Python looks first."""
    script = folder.parent / "reportgen-script.py"
    script.write_text(CONSOLE_SCRIPT)
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("module", ["threading", "random", "socket", "reportgen", "multiprocessing"])
def test_a_module_in_the_folder_we_are_in_is_not_imported_by_workers_0(project, module):
    (project / f"{module}.py").write_text("open('pwned', 'w')\nraise ImportError('not the real one')\n")
    ended = console_script(project, "batch", "records", "--jobs", "2", "-q")
    assert ended.returncode == 0, ended.stderr
    assert not (project / "pwned").exists()


class TestGit:
    @pytest.fixture
    def checkout(self, project):
        self.git(project, "init", "-q")
        self.git(project, "add", ".")
        self.git(project, "commit", "-qm", "first")
        (project / "records" / "a.json").write_text(json.dumps(minimal(title="Another title")))
        program = project / "run.sh"
        program.write_text("#!/bin/sh\ntouch " + str(project / "pwned") + "\ncat\n")
        program.chmod(0o755)
        return project

    @staticmethod
    def git(folder, *arguments):
        user = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", folder, *user, *arguments], check=True, capture_output=True)

    @pytest.mark.parametrize(
        "setting",
        [
            "core.fsmonitor",
            "filter.x.clean",
            "filter.x.process",
            "diff.external",
            "core.pager",
            "alias.ls-tree",
        ],
    )
    def test_programs_that_its_settings_name_do_not_run_0(self, checkout, reportgen, setting):
        (checkout / ".gitattributes").write_text("*.json filter=x diff=x\n")
        self.git(checkout, "config", setting, str(checkout / "run.sh"))
        ended = reportgen("batch", "records", "--changed-since", "HEAD", "--check", folder=checkout)
        assert (ended.code, "a.json" in ended.out + ended.err) == (1, True)
        assert not (checkout / "pwned").exists()

    def test_objects_that_are_missing_are_not_fetched_2(self, checkout, reportgen):
        self.git(checkout, "config", "extensions.partialClone", "origin")
        self.git(checkout, "config", "remote.origin.url", f"ext::{checkout / 'run.sh'}")
        self.git(checkout, "config", "remote.origin.promisor", "true")
        self.git(checkout, "config", "protocol.ext.allow", "always")
        for folder in (checkout / ".git" / "objects").glob("??"):
            shutil.rmtree(folder)
        ended = reportgen("batch", "records", "--changed-since", "HEAD", folder=checkout)
        assert ended.code == 2
        assert not (checkout / "pwned").exists()


class TestPlacesWithoutSettings:
    @pytest.mark.parametrize("name", ["out", "bib", "references.lock.json"])
    @pytest.mark.parametrize("command", ["compile", "batch", "validate"])
    def test_a_default_place_that_is_a_link_out_is_not_used_16(
        self, tmp_path, project, reportgen, name, command
    ):
        (tmp_path / "elsewhere").mkdir()
        (project / "reportgen.toml").unlink()
        (project / name).symlink_to(tmp_path / "elsewhere")
        ended = reportgen(command, "records/a.json", folder=project)
        assert ended.code == 16
        assert "place-untrusted" in ended.err
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_a_new_project_is_not_laid_out_through_links_9(self, tmp_path, reportgen):
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "new").mkdir()
        for name in (".github", "bib", "records"):
            (tmp_path / "new" / name).symlink_to("../elsewhere")
        assert reportgen("init", tmp_path / "new").code == 9
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_a_record_in_a_named_folder_that_is_a_link_out_is_not_built_1(self, tmp_path, project, reportgen):
        (tmp_path / "secret.json").write_text(json.dumps(minimal(title="A secret")))
        (project / "records" / "a.json").unlink()
        (project / "records" / "a.json").symlink_to("../../secret.json")
        ended = reportgen("batch", "records", folder=project)
        assert (ended.code, "outside" in ended.err) == (1, True)
        assert list(project.rglob("*.pdf")) == []
        (event,) = [Project([project / "records"], {}).build(project / "records" / "a.json")]
        assert event.pdf is None

    def test_a_record_that_is_a_link_in_its_project_is_built_0(self, project, reportgen):
        (project / "records" / "a.json").rename(project / "real.json")
        (project / "records" / "a.json").symlink_to("../real.json")
        assert reportgen("batch", "records", "-q", folder=project).code == 0


LOOPS = ["references.lock.json", "out", "bib", "bib/a.bib", "records/loop.json", "records/a.zenodo.json"]


@pytest.mark.parametrize("name", LOOPS)
@pytest.mark.parametrize("command", ["compile", "batch", "validate"])
def test_a_link_to_itself_is_a_placed_problem_or_nothing(project, reportgen, name, command):
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).symlink_to(Path(name).name)
    ended = reportgen(command, "records" if command == "batch" else "records/a.json", folder=project)
    assert ended.code in (0, 1, 3, 4, 9), ended.err


@pytest.mark.parametrize(
    "setting", ['output = "loop"', 'bib = ["loop"]', 'lock = "loop"', 'templates = "loop"']
)
def test_a_setting_that_names_a_link_to_itself_is_a_placed_problem(project, reportgen, setting):
    (project / "loop").symlink_to("loop")
    (project / "reportgen.toml").write_text(setting)
    assert reportgen("compile", "records/a.json", folder=project).code in (4, 5, 9)


class TestTrust:
    @pytest.fixture
    def watched(self, project):
        (project / "t").mkdir()
        (project / "t" / "note.tex").write_text("one")
        (project / "reportgen.toml").write_text('templates = "t"\n')
        grant(wish_of(find_settings(project, trust_templates=True)))
        watching = Project([project / "records"], {})
        watching.update(frozenset())
        assert watching.build(project / "records" / "a.json").pdf is not None
        return watching

    def change(self, watched, project):
        (project / "t" / "note.tex").write_text("two")
        watched.update(frozenset({(project / "t" / "note.tex").resolve()}))
        return watched.build(project / "records" / "a.json")

    def test_watching_trusts_what_the_user_changes_for_its_own_run_alone(self, watched, project, reportgen):
        assert watched.has_own_templates
        assert self.change(watched, project).pdf is not None
        assert self.change(watched, project).pdf is not None
        assert reportgen("compile", "records/a.json", folder=project).code == 16
        (project / "t" / "note.tex").write_text("one")
        assert reportgen("compile", "records/a.json", folder=project).code == 0

    def test_watching_goes_on_from_what_is_trusted_meanwhile(self, watched, project):
        assert self.change(watched, project).pdf is not None
        grant(wish_of(find_settings(project, trust_templates=True)))
        assert self.change(watched, project).pdf is not None

    def test_watching_does_not_trust_what_was_taken_back(self, watched, project):
        forget(project)
        event = self.change(watched, project)
        assert [problem.code for problem in event.problems] == ["templates-untrusted"]
        assert trusted_folders() == []

    def test_what_changed_is_named_and_nothing_else(self, project, reportgen):
        for name in ("a", "b", "c"):
            (project / f"{name}.tex").write_text("one")
        (project / "t").mkdir()
        for name in ("a", "b", "c"):
            (project / f"{name}.tex").rename(project / "t" / f"{name}.tex")
        (project / "reportgen.toml").write_text('templates = "t"\n')
        grant(wish_of(find_settings(project, trust_templates=True)))
        (project / "t" / "b.tex").write_text("two")
        (project / "t" / "c.tex").unlink()
        said = reportgen("compile", "records/a.json", folder=project).err
        assert "some of this project have changed since they were trusted: b.tex, c.tex (removed)\n" in said

    def test_a_list_of_an_older_version_still_trusts(self, watched, project, reportgen, tmp_path):
        kept = tmp_path / "data" / "reportgen" / "trusted.json"
        value = json.loads(kept.read_text())
        assert value["folders"][str(project)].pop("files")
        kept.write_text(json.dumps(value))
        assert reportgen("compile", "records/a.json", folder=project).code == 0
        (project / "t" / "note.tex").write_text("two")
        assert "trusted: note.tex\n" in reportgen("compile", "records/a.json", folder=project).err

    def test_a_folder_without_settings_is_named_and_has_nothing_to_trust(self, tmp_path, reportgen, project):
        (tmp_path / "empty").mkdir()
        ended = reportgen("trust", str(tmp_path / "empty"), folder=project)
        assert (
            ended.out
            == f"{tmp_path / 'empty'}: there is no reportgen.toml there, so there is nothing to trust\n"
        )
        assert (
            "was not trusted" in reportgen("trust", "--forget", str(tmp_path / "empty"), folder=project).out
        )

    def test_watching_allows_no_place(self, watched, project, reportgen):
        self.change(watched, project)
        (project / "reportgen.toml").write_text('templates = "t"\noutput = "../elsewhere"\n')
        assert reportgen("compile", "records/a.json", folder=project).code == 16

    @pytest.mark.parametrize("mode", [0o666, 0o620])
    def test_a_list_that_others_can_write_trusts_nothing(self, watched, project, tmp_path, mode):
        (tmp_path / "data" / "reportgen" / "trusted.json").chmod(mode)
        assert trusted_folders() == []

    @pytest.mark.parametrize(
        "name", [b"\xff.j2", b"a\x1b[2K.j2", b"a\n::set-output name=x::y.j2", "a\u202eb.tex".encode()]
    )
    def test_a_template_whose_name_steers_a_terminal_is_refused_6(self, project, reportgen, name):
        (project / "t").mkdir()
        (project / "reportgen.toml").write_text('templates = "t"\n')
        Path(os.fsdecode(os.fsencode(project / "t") + b"/" + name)).write_text("")
        for command in (["trust", "."], ["compile", "records/a.json"]):
            ended = reportgen(*command, folder=project)
            assert ended.code == 6
            assert not {"\x1b", "\u202e"} & {*ended.out, *ended.err}

    def test_hidden_files_are_no_templates_0(self, project):
        (project / "t").mkdir()
        (project / "t" / ".#note.tex").symlink_to("somebody@host.1234")
        assert read_own_templates(project / "t").texts == ()

    @pytest.mark.parametrize("text", ["(" * 3000 + "1" + ")" * 3000, "[" * 3000])
    def test_a_template_that_nests_without_end_is_a_placed_problem_6(self, project, reportgen, text):
        (project / "t" / "latex").mkdir(parents=True)
        (project / "t" / "latex" / "report.tex.j2").write_text(f"((( {text} )))")
        for arguments in (
            ["template", "check", "t", "--trust-templates"],
            ["compile", "records/a.json", "--trust-templates"],
        ):
            (project / "reportgen.toml").write_text('templates = "t"\n')
            assert reportgen(*arguments, folder=project).code == 6


class TestPrinting:
    def test_a_path_is_no_command_to_a_machine_of_ci_0(self, project, reportgen):
        (project / "reportgen.toml").write_text('output = "::set-output name=p::x"\n')
        ended = reportgen("compile", "records/a.json", "-q", folder=project)
        assert (ended.code, ended.out.startswith("\\u003a:set-output")) == (0, True)

    def test_json_steers_no_terminal_3(self, project, reportgen):
        (project / "records" / "a.json").write_text(json.dumps(minimal(nonsense="x", **{"##[a]\x9b": 1})))
        ended = reportgen("validate", "records/a.json", "--format", "json", folder=project)
        assert ended.code == 3
        assert not {"\x9b"} & set(ended.out)
        assert "##[" not in ended.out
        assert any("##[a]\x9b" in problem["message"] for problem in json.loads(ended.out)[0]["problems"])


def test_a_link_in_the_cache_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "cache" / "formats").symlink_to(tmp_path / "mine")
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert cache_folder("formats").resolve() != tmp_path / "mine"


class TestPdf:
    def test_claims_below_the_record_are_an_alteration_10(self, tmp_path, reportgen):
        record = json.dumps({**minimal(), "claims": {"file": "record.json/a.csv"}}).encode()
        forge(tmp_path / "x.pdf", {"record.json": record, "a.csv": b"text,verified\nA claim.,true\n"})
        assert reportgen("verify", tmp_path / "x.pdf").code == 10

    def test_what_is_stopped_leaves_nothing_behind_12(self, tmp_path, reportgen, monkeypatch):
        (tmp_path / "temporary").mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
        monkeypatch.setattr("reportgen.trust.verify.SECONDS", 3)
        monkeypatch.setattr("reportgen.trust.verify.make_report", lambda *_, **__: [0 for _ in iter(int, 1)])
        assert reportgen("verify", forge(tmp_path / "x.pdf")).code == 12
        assert list((tmp_path / "temporary").iterdir()) == []

    def test_a_file_without_content_is_an_alteration_10(self, tmp_path, reportgen):
        def emptied(pdf):
            assert stream_of(pdf, "record.json")
            del pdf.attachments["record.json"].obj["/EF"]

        ended = reportgen("verify", forge(tmp_path / "x.pdf", {"record.json": RECORD}, change=emptied))
        assert (ended.code, "NoneType" in ended.err) == (10, False)

    def test_a_damaged_pdf_is_named_as_the_user_names_it_12(self, tmp_path, reportgen):
        (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(2000))
        ended = reportgen("verify", tmp_path / "x.pdf")
        assert (ended.code, "BytesIO" in ended.err) == (12, False)


def test_a_batch_leaves_this_process_as_it_was(project, reportgen):
    before = dict(os.environ)
    assert reportgen("batch", "records", "--jobs", "2", "-q", folder=project).code == 0
    assert dict(os.environ) == before
