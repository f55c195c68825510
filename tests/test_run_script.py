"""The script `run`, on machines made for it: folders of programs that write down how they were called."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reportgen.base.packages import packages
from reportgen.cli.findings import TEX_FILES
from reportgen.text.missing_fonts import FALLBACKS, NOTO

ROOT = Path(__file__).parents[1]
COPIED = (
    "run",
    "pyproject.toml",
    "requirements.lock",
    "requirements-bench.lock",
    "requirements-crate.lock",
    "requirements-invenio.lock",
    "requirements-standards.lock",
    "requirements-uv.lock",
    "requirements-verapdf.lock",
    "requirements-vnu.lock",
)
PLAIN_TOOLS = ("sh", "cat", "cksum", "cp", "dirname", "env", "mkdir", "rm", "sed")
VERBS = {
    "report",
    "test",
    "setup",
    "check",
    "format",
    "golden",
    "bench",
    "fuzz",
    "pictures",
    "reference",
    "docs",
    "lock",
}
REPORT_PACKAGES = {
    "python3-venv",
    "texlive-latex-base",
    "texlive-latex-recommended",
    "texlive-luatex",
    "texlive-fonts-recommended",
    "tex-gyre",
    "fonts-texgyre",
    "fonts-freefont-otf",
    "fonts-wqy-microhei",
    "fonts-symbola",
    "fonts-hosny-amiri",
    "fonts-noto-core",
    "bubblewrap",
}

# Each stands in for a program that installs: it makes what the next step of `run` looks for, no more.
FILES = ("jaxb-runtime.jar", "libsmlo.so")
PYTHON = """
case "$*" in
    *"-m venv"*) mkdir -p .tools/uv/bin; cp "$0" .tools/uv/bin/python ;;
    *"pip install"*) cp {bin}/uv-from-the-index .tools/uv/bin/uv ;;
esac
"""
UV = """
echo "the programs that install talk"
case "$*" in
    venv*) mkdir -p .venv/bin; cp {bin}/python3 .venv/bin/python ;;
    *--editable*) for tool in reportgen ruff mypy lint-imports pytest; do cp {bin}/tool .venv/bin/$tool; done ;;
esac
"""


@dataclass
class Machine:
    clone: Path
    bin: Path
    path: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.bin / "calls"

    def program(self, name: str, body: str = "") -> None:
        file = self.bin / name
        file.write_text(
            f'#!/bin/sh\necho "${{0##*/}} $*" >>{self.log}\n{body.replace("{bin}", str(self.bin))}'
        )
        file.chmod(0o755)

    def user(self, number: int) -> None:
        self.program("id", f"echo {number}")

    def lacks(self, *files: str) -> None:
        fonts = '[ "$OSFONTDIR" = /usr/share/fonts ] || exit 1\n'
        self.program("kpsewhich", fonts + "".join(f'[ "$1" != {file} ] || exit 1\n' for file in files))

    def run(
        self, *arguments: str, code: int = 0, script: str = "run", typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": self.path or str(self.bin), **self.environment}
        command = [self.clone / script, *arguments]
        done = subprocess.run(
            command, env=environment, cwd="/", input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done

    def calls(self) -> list[str]:
        """Return the calls since the last time that installed something, or would have, and forget them."""
        if not self.log.exists():
            return []
        lines = self.log.read_text().splitlines()
        self.log.unlink()
        return [line for line in lines if not line.startswith(("id ", "kpsewhich ", "python3 -c"))]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Make a machine without apt on which every file of TeX and every module is found."""
    machine = Machine(tmp_path / "clone", tmp_path / "bin")
    machine.bin.mkdir()
    machine.clone.mkdir()
    for name in COPIED:
        shutil.copy(ROOT / name, machine.clone)
    for tool in PLAIN_TOOLS:
        (machine.bin / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool} here"))
    machine.program("python3", PYTHON)
    machine.program("uv-from-the-index", UV)
    machine.program("tool", 'printf "%s: " "${0##*/}"; printf "[%s]" "$@"\n')
    for command in (*("bwrap", "pdftotext", "faketime", "pandoc", "java", "chromium", "soffice"), *FILES):
        machine.program(command)
    script = machine.clone / "run"
    text = script.read_text()
    for folder in ("/usr/share/java/", "/usr/lib/libreoffice/program/"):
        text = text.replace(folder, f"{machine.bin}/")
    script.write_text(text)
    machine.lacks()
    machine.user(0)
    return machine


def test_without_a_verb_it_lists_the_verbs_and_touches_nothing(machine: Machine) -> None:
    for arguments in ((), ("publish",)):
        listed = machine.run(*arguments, code=2).stderr
        assert {line.split()[1].rstrip(":") for line in listed.splitlines()} == VERBS
    assert machine.calls() == []
    assert sorted(path.name for path in machine.clone.iterdir()) == sorted(COPIED)


def test_it_prints_what_reportgen_prints_and_nothing_of_the_set_up(machine: Machine) -> None:
    assert machine.run("report").stdout == "reportgen: [compile][records/fbca8ee9.json]"
    assert machine.run("report", "a b.json", "--strict").stdout == "reportgen: [compile][a b.json][--strict]"


def test_without_apt_it_names_the_packages_and_stops(machine: Machine) -> None:
    (machine.bin / "kpsewhich").unlink()
    (machine.bin / "bwrap").unlink()
    machine.program("python3", "exit 1")
    message = machine.run("report", code=1).stderr
    assert "no apt-get" in message
    assert set(message.split(":")[-1].split()) == REPORT_PACKAGES
    assert not (machine.clone / ".venv").exists()


def test_with_apt_only_what_is_missing_is_installed(machine: Machine) -> None:
    machine.program("apt-get")
    machine.lacks("booktabs.sty", "FreeSerif.otf")
    machine.run("report")
    update, install, *_ = machine.calls()
    assert update.startswith("apt-get update")
    assert install.startswith("apt-get install")
    assert "--no-install-recommends" in install
    assert install.split()[-2:] == ["texlive-latex-recommended", "fonts-freefont-otf"]


def test_tests_need_more_packages_than_a_report(machine: Machine) -> None:
    machine.program("apt-get")
    (machine.bin / "pdftotext").unlink()
    (machine.bin / "java").unlink()
    machine.run("report")
    assert not any(call.startswith("apt-get") for call in machine.calls())
    machine.run("setup")
    install = machine.calls()[1].split()
    assert {"poppler-utils", "default-jre-headless"} <= set(install)


def test_who_is_not_root_installs_through_sudo(machine: Machine) -> None:
    machine.program("apt-get")
    machine.program("sudo", 'exec "$@"\n')
    machine.user(1000)
    machine.lacks("booktabs.sty")
    machine.run("report")
    calls = machine.calls()
    assert calls[0].startswith("sudo apt-get update")
    assert calls[2].startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install")
    assert not any(call.startswith("sudo") for call in calls[4:])


def test_without_sudo_it_says_what_root_has_to_run(machine: Machine) -> None:
    machine.program("apt-get")
    machine.user(1000)
    machine.lacks("booktabs.sty")
    message = machine.run("report", code=1).stderr
    assert message.endswith("apt-get install --no-install-recommends texlive-latex-recommended\n")
    assert machine.calls() == []


def test_a_python_too_old_is_named(machine: Machine) -> None:
    machine.program(
        "python3", 'case "$*" in *version_info*) exit 1 ;; --version) echo Python 3.10.12 ;; esac\n'
    )
    message = machine.run("report", code=1).stderr
    assert "3.11" in message
    assert "Python 3.10.12" in message
    assert "PYTHON=" in message
    assert not (machine.clone / ".tools").exists()


def test_another_python_can_be_named(machine: Machine) -> None:
    machine.program("python3.12", PYTHON)
    machine.program("python3", PYTHON + "exit 1\n")
    machine.environment["PYTHON"] = "python3.12"
    machine.run("report")
    calls = machine.calls()
    assert any(call.startswith("python3.12 -m venv") for call in calls)
    assert any(call.startswith("uv venv") and "--python python3.12" in call for call in calls)


def test_every_installation_asks_for_the_locked_hashes(machine: Machine) -> None:
    machine.run("setup")
    installs = [call for call in machine.calls() if " install " in call or " sync " in call]
    assert len(installs) == 8
    own = [call for call in installs if call.endswith("--editable .")]
    assert len(own) == 1
    assert "--no-deps" in own[0]
    assert "--no-build-isolation" in own[0]
    assert all("--require-hashes" in call for call in installs if call not in own)


def test_a_second_run_installs_nothing(machine: Machine) -> None:
    machine.run("report")
    assert machine.calls()
    machine.run("report")
    assert machine.calls() == ["reportgen compile records/fbca8ee9.json"]


def test_the_set_up_for_tests_is_enough_for_reports(machine: Machine) -> None:
    machine.run("report")
    machine.calls()
    machine.run("test", "-k", "x")
    assert any("--target .tools/verapdf" in call for call in machine.calls())
    machine.run("report")
    assert machine.calls() == ["reportgen compile records/fbca8ee9.json"]


def test_setup_looks_again_where_all_else_trusts_the_last_time(machine: Machine) -> None:
    machine.run("setup")
    machine.calls()
    machine.program("apt-get")
    machine.lacks("mathpazo.sty")
    machine.run("report")
    assert machine.calls() == ["reportgen compile records/fbca8ee9.json"]
    machine.run("setup")
    assert machine.calls()[1].endswith(" texlive-latex-base")


@pytest.mark.parametrize("name", COPIED)
def test_a_change_of_what_the_set_up_is_made_from_sets_up_again(machine: Machine, name: str) -> None:
    machine.run("report")
    machine.calls()
    with (machine.clone / name).open("a") as file:
        file.write("\n")
    machine.run("report")
    assert any(call.startswith("uv pip sync") for call in machine.calls())


def test_a_moved_clone_is_set_up_again(machine: Machine) -> None:
    machine.run("report")
    machine.calls()
    machine.clone = machine.clone.rename(machine.clone.with_name("elsewhere"))
    machine.run("report")
    assert any(call.startswith("uv pip install") and "--editable" in call for call in machine.calls())


def test_a_failed_set_up_is_not_taken_for_a_done_one(machine: Machine) -> None:
    machine.program("uv-from-the-index", UV + 'case "$*" in *verapdf*) exit 7 ;; esac\n')
    machine.run("setup", code=7)
    machine.calls()
    machine.run("test", code=7)
    assert "pytest --numprocesses auto --dist loadgroup" not in machine.calls()


def test_checks_come_before_tests_and_stop_them(machine: Machine) -> None:
    machine.run("setup")
    machine.calls()
    machine.run("test")
    checks = ["ruff check", "ruff format --check", "mypy ", "lint-imports --no-cache --no-logo"]
    assert machine.calls() == [*checks, "pytest --numprocesses auto --dist loadgroup"]
    machine.run("test", "--all")
    assert machine.calls()[-1] == "pytest --numprocesses auto --dist loadgroup --all --cov"
    machine.run("test", "-k", "x")
    assert machine.calls()[-1] == "pytest --numprocesses auto --dist loadgroup -k x"
    (machine.clone / ".venv/bin/mypy").write_text("#!/bin/sh\nexit 3\n")
    machine.run("test", code=3)
    assert machine.calls() == checks[:2]


def test_golden_and_pictures_pass_their_arguments_on(machine: Machine) -> None:
    machine.run("setup")
    machine.calls()
    assert machine.run("golden", "-x").stdout == "pytest: [--update-golden][-x]"
    shutil.copy(machine.bin / "tool", machine.clone / ".venv/bin/python")
    assert machine.run("pictures", "one").stdout == "python: [docs/tools/draw_pictures.py][one]"


def test_docs_builds_the_site_or_shows_it(machine: Machine) -> None:
    machine.run("setup")
    shutil.copy(machine.bin / "tool", machine.clone / ".venv/bin/mkdocs")
    assert machine.run("docs").stdout == "mkdocs: [build]"
    assert machine.run("docs", "--serve", "--open").stdout == "mkdocs: [serve][--no-strict][--open]"


def test_the_lock_is_made_for_every_python_and_renewed_on_request(machine: Machine) -> None:
    machine.run("setup")
    machine.calls()
    machine.run("lock", "--upgrade")
    calls = machine.calls()
    written = [call.split("--output-file ")[1].split()[0] for call in calls]
    assert sorted(written) == sorted(name for name in COPIED if name.endswith(".lock"))
    assert all(
        call.endswith("--upgrade") and "--universal" in call and "--generate-hashes" in call for call in calls
    )


def test_everything_a_set_up_looks_for_is_found_on_this_machine(machine: Machine) -> None:
    machine.program("apt-get", "exit 9")
    for real in ("kpsewhich", "bwrap", "pdftotext", "faketime", "pandoc", "java"):
        (machine.bin / real).unlink()
    shutil.copy(ROOT / "run", machine.clone)
    machine.path = f"{machine.bin}{os.pathsep}{os.environ['PATH']}"
    machine.run("setup")


def test_it_installs_every_package_that_the_doctor_can_ask_for() -> None:
    brought_by_others = {"texlive-base"}
    asked = {
        packages()["apt"][thing] for thing in (*FALLBACKS, NOTO, *TEX_FILES.values(), "text-fonts", "bwrap")
    }
    assert asked - brought_by_others <= REPORT_PACKAGES


def test_continuous_integration_runs_the_tests_from_anywhere_without_a_terminal(machine: Machine) -> None:
    (machine.clone / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", machine.clone / ".ci")
    (machine.bin / "bash").symlink_to(shutil.which("bash") or pytest.fail("no bash here"))
    (machine.clone / "run").write_text('#!/bin/sh\necho "$(pwd) $* CI=$CI stdin=$(cat)"\n')
    assert machine.run(script=".ci/run", typed="yes").stdout == f"{machine.clone} test CI=true stdin=\n"
