from __future__ import annotations

import pytest
from click.testing import CliRunner

from reportgen.base.programs import PROGRAMS
from reportgen.cli import cli, doctor
from reportgen.text import faces


def named(findings, name):
    (found,) = [finding for finding in findings if finding.name == name]
    return found


def test_a_machine_that_runs_these_tests_is_well():
    findings = doctor.examine()
    assert [finding.name for finding in findings if finding.needed and not finding.ok] == []
    assert named(findings, "program pdftex").detail.startswith("pdfTeX")


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_is_looked_at(name, monkeypatch, tmp_path):
    found = named(doctor.examine(), f"program {name}")
    assert (found.ok, found.detail) == (True, PROGRAMS[name].version())
    program = tmp_path / name
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    broken = named(doctor.examine(), f"program {name}")
    assert (broken.ok, broken.needed) == (False, PROGRAMS[name].needed)
    assert broken.detail.startswith("does not run: ")


def test_missing_engines_and_files_name_their_packages(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    findings = doctor.examine()
    for program in PROGRAMS.values():
        finding = named(findings, f"program {program.name}")
        assert (finding.ok, finding.needed) == (False, program.needed)
        assert finding.detail == f"is not installed; it {program.purpose}"
        assert finding.remedy == f"apt-get install {program.package}"
    assert not named(findings, "TeX files").ok


def test_a_missing_style_names_its_package(monkeypatch):
    real = doctor.find_tex_files
    monkeypatch.setattr(
        doctor,
        "find_tex_files",
        lambda *asked: [path for path in real(*asked) if "booktabs" not in path.name],
    )
    finding = named(doctor.examine(), "TeX files")
    assert (finding.detail, finding.remedy) == (
        "missing: booktabs.sty",
        "apt-get install texlive-latex-recommended",
    )


def test_missing_fonts_are_named(monkeypatch):
    known = faces.installed_faces()
    kept = {file: face for file, face in known.items() if file not in ("FreeSerif.otf", faces.TEXT_FACES[0])}
    monkeypatch.setattr(doctor, "installed_faces", lambda: kept)
    findings = doctor.examine()
    assert not named(findings, "text fonts").ok
    fallback = named(findings, "font FreeSerif.otf")
    assert (fallback.ok, fallback.needed, fallback.remedy) == (
        False,
        False,
        "apt-get install fonts-freefont-otf",
    )


def test_scripts_without_faces_are_named_with_their_package(monkeypatch):
    assert named(doctor.examine(), "scripts").ok
    monkeypatch.setattr(doctor, "scripts_without_faces", lambda: ["Khmer", "Tai Tham"])
    finding = named(doctor.examine(), "scripts")
    assert (finding.ok, finding.needed) == (False, False)
    assert (finding.detail, finding.remedy) == (
        "no faces for Khmer, Tai Tham",
        "apt-get install fonts-noto-core",
    )


def test_the_command_ends_with_the_set_up_code(monkeypatch):
    assert CliRunner().invoke(cli, ["doctor"]).exit_code == 0
    missing = doctor.Finding("program pdftex", False, "gone", "apt-get install it")
    optional = doctor.Finding("sandbox", False, "none", "apt-get install it", needed=False)
    monkeypatch.setattr(doctor, "examine", lambda: [missing, optional])
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 7
    assert "MISSING program pdftex: gone" in result.output
    assert "-> apt-get install it" in result.output
    assert "absent  sandbox" in result.output
