from __future__ import annotations

import subprocess

from click.testing import CliRunner

from reportgen.cli import cli, doctor
from reportgen.latex import fonts
from reportgen.pdf import typeset


def named(findings, name):
    (found,) = [finding for finding in findings if finding.name == name]
    return found


def test_a_machine_that_runs_these_tests_is_well():
    findings = doctor.examine()
    assert [finding.name for finding in findings if finding.needed and not finding.ok] == []
    assert named(findings, "TeX engine pdftex").detail.startswith("pdfTeX")


def test_missing_engines_and_files_name_their_packages(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    typeset.engine_version.cache_clear()
    try:
        findings = doctor.examine()
    finally:
        typeset.engine_version.cache_clear()
    for name, package in (("pdftex", "texlive-latex-base"), ("luatex", "texlive-luatex")):
        finding = named(findings, f"TeX engine {name}")
        assert not finding.ok
        assert package in finding.remedy
    assert not named(findings, "TeX files").ok


def test_a_missing_style_names_its_package(monkeypatch):
    real = subprocess.run

    def without(command, **options):
        done = real(command, **options)
        if command[0] == "kpsewhich":
            kept = [line for line in done.stdout.splitlines() if "booktabs" not in line]
            return subprocess.CompletedProcess(command, 1, "\n".join(kept), "")
        return done

    monkeypatch.setattr(doctor.subprocess, "run", without)
    finding = named(doctor.examine(), "TeX files")
    assert (finding.detail, finding.remedy) == (
        "missing: booktabs.sty",
        "apt-get install texlive-latex-recommended",
    )


def test_missing_fonts_are_named(monkeypatch):
    known = fonts.installed_faces()
    kept = {file: face for file, face in known.items() if file not in ("FreeSerif.otf", fonts.TEXT_FACES[0])}
    monkeypatch.setattr(doctor, "installed_faces", lambda: kept)
    findings = doctor.examine()
    assert not named(findings, "text fonts").ok
    fallback = named(findings, "font FreeSerif.otf")
    assert (fallback.ok, fallback.needed, fallback.remedy) == (
        False,
        False,
        "apt-get install fonts-freefont-otf",
    )


def test_the_command_ends_with_the_set_up_code(monkeypatch):
    assert CliRunner().invoke(cli, ["doctor"]).exit_code == 0
    missing = doctor.Finding("TeX engine pdftex", False, "gone", "apt-get install it")
    optional = doctor.Finding("sandbox", False, "none", "apt-get install it", needed=False)
    monkeypatch.setattr(doctor, "examine", lambda: [missing, optional])
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 7
    assert "MISSING TeX engine pdftex: gone" in result.output
    assert "-> apt-get install it" in result.output
    assert "absent  sandbox" in result.output
