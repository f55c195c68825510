from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportgen.base import packages, systems
from reportgen.base.programs import PROGRAMS
from reportgen.cli import cli, findings
from reportgen.cli.findings import TEX_FILES, Finding, examine
from reportgen.text import faces
from reportgen.text.missing_fonts import FALLBACKS, NOTO

TEMPLATES = Path(__file__).parents[2] / "templates/latex"


def named(found, name):
    (one,) = [finding for finding in found if finding.name == name]
    return one


@pytest.fixture(scope="module")
def here():
    """What doctor finds on the machine that runs these tests."""
    return examine()


def test_a_machine_that_runs_these_tests_is_well(here):
    assert [finding.name for finding in here if finding.needed and not finding.ok] == []
    assert named(here, "pdftex").detail.startswith("pdfTeX")
    assert [finding.group for finding in here] == sorted(
        (finding.group for finding in here), key=["Needed", "Helpful", "Fonts", "Here"].index
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_is_looked_at(name, here, monkeypatch, tmp_path):
    found = named(here, name)
    assert (found.ok, found.detail) == (True, PROGRAMS[name].version())
    program = tmp_path / name
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    broken = findings._program(PROGRAMS[name])
    assert (broken.ok, broken.needed, broken.things) == (False, PROGRAMS[name].needed, (name,))
    assert broken.detail.startswith("does not run: ")


def test_missing_engines_and_files_name_their_packages(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    found = examine()
    for program in PROGRAMS.values():
        finding = named(found, program.name)
        assert (finding.ok, finding.needed, finding.things) == (False, program.needed, (program.name,))
        package = packages.packages()["apt"][program.name]
        assert finding.detail == f"is not installed; it {program.purpose} ({package})"
    assert set(named(found, "files of TeX").things) == set(TEX_FILES.values())
    assert named(found, "lualatex.fmt").things == ("lualatex",)


def test_a_missing_style_names_its_package(monkeypatch):
    real = findings.find_tex_files
    monkeypatch.setattr(
        findings,
        "find_tex_files",
        lambda *asked: [path for path in real(*asked) if "booktabs" not in path.name],
    )
    finding = named(examine(), "files of TeX")
    assert (finding.detail, finding.things) == (
        "missing: booktabs.sty (texlive-latex-recommended)",
        ("booktabs",),
    )


def test_missing_fonts_are_named(monkeypatch):
    known = faces.installed_faces()
    kept = {file: face for file, face in known.items() if file not in ("FreeSerif.otf", faces.TEXT_FACES[0])}
    monkeypatch.setattr(findings, "installed_faces", lambda: kept)
    monkeypatch.setattr("reportgen.text.missing_fonts.installed_faces", lambda: kept)
    found = examine()
    assert named(found, "fonts of the text").things == ("text-fonts",)
    fallback = named(found, "FreeSerif.otf")
    assert (fallback.ok, fallback.needed, fallback.things) == (False, False, ("FreeSerif.otf",))
    assert "(fonts-freefont-otf)" in fallback.detail


def test_scripts_without_faces_are_named_with_their_package(here, monkeypatch):
    assert named(here, "Noto").ok
    monkeypatch.setattr(findings, "scripts_without_faces", lambda: ["Khmer", "Tai Tham"])
    finding = findings._scripts()
    assert (finding.ok, finding.needed, finding.things) == (False, False, (NOTO,))
    assert finding.detail == "no faces for Khmer, Tai Tham (fonts-noto-core)"


@pytest.mark.parametrize(("platform", "name"), [("darwin", "macOS"), ("win32", "Windows")])
def test_other_systems_are_told_what_they_do_not_have(platform, name, monkeypatch):
    monkeypatch.setattr("sys.platform", platform)
    assert named([findings._bounds()], "bounds").detail.startswith(f"{name} bounds no program's memory")
    assert named(findings._here(), "system").detail.startswith(name)


@pytest.fixture
def lacking(monkeypatch):
    """A machine with apt that lacks one needed and two helpful things, whoever runs the tests."""
    found = [
        Finding("pdftex", False, "is not installed", things=("pdftex",)),
        Finding("Python", True, "3.12"),
        Finding("sandbox", False, "none", "do this", needed=False, group="Helpful", things=("bwrap",)),
        Finding("Symbola_hint.ttf", False, "none", needed=False, group="Fonts", things=("Symbola_hint.ttf",)),
    ]
    monkeypatch.setattr(findings, "examine", lambda: found)
    monkeypatch.setattr(packages, "_needs_sudo", lambda: True)


def test_what_is_missing_ends_with_a_command_for_each_kind_and_the_code_of_the_set_up(lacking):
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 7
    assert result.output.splitlines() == [
        "Needed",
        "  MISSING  pdftex            is not installed",
        "  ok       Python            3.12",
        "Helpful",
        "  absent   sandbox           none",
        "                             do this",
        "Fonts",
        "  absent   Symbola_hint.ttf  none",
        "",
        "To install what is needed:",
        "  sudo apt-get install texlive-latex-base",
        "To install what is helpful:",
        "  sudo apt-get install bubblewrap fonts-symbola",
        "The page “Installing it on your system” of the documentation tells more.",
    ]


def test_a_terminal_shows_the_states_in_colours(lacking):
    lines = CliRunner().invoke(cli, ["doctor"], color=True).output.splitlines()
    assert lines[0] == "\x1b[1mNeeded\x1b[0m"
    assert [re.findall(r"\x1b\[(3.)m", line) for line in lines[1:6]] == [["31"], ["32"], [], ["33"], []]


def test_programs_get_the_findings_and_the_commands_as_json(lacking):
    result = CliRunner().invoke(cli, ["doctor", "--format", "json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 7
    assert told["commands"]["needed"] == ["sudo apt-get install texlive-latex-base"]
    assert told["findings"][0] == {
        "name": "pdftex",
        "ok": False,
        "detail": "is not installed",
        "remedy": "",
        "needed": True,
        "group": "Needed",
        "things": ["pdftex"],
        "listed": [],
    }


def test_where_nothing_is_missing_it_says_so_in_lines_that_fit_a_terminal(here, monkeypatch):
    monkeypatch.setattr(findings, "examine", lambda: here)
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 0
    assert result.output.endswith("\nNothing is missing that can be installed here.\n")
    assert max(map(len, result.output.splitlines())) < 160


def test_the_families_are_listed_when_asked_for(here, monkeypatch):
    monkeypatch.setattr(findings, "examine", lambda: here)
    lines = CliRunner().invoke(cli, ["doctor", "--all"]).output.splitlines()
    assert "  TeX Gyre Termes" in lines[lines.index("families, pdfTeX:") :]
    assert "  FreeSerif" in lines[lines.index("families, LuaTeX:") :]


def loaded_by_templates():
    """The classes, packages and inputs that the templates load, and the fonts that they name, for both engines."""
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.iterdir()]
    for text in texts:
        yield from (f"{name}.cls" for name in re.findall(r"\\documentclass(?:\[.*?\])?\{([a-z]+)\}", text))
        for names in re.findall(r"\\(?:usepackage|RequirePackage)(?:\[[^\]]*\])?\{([a-z0-9,]+)\}", text):
            yield from (f"{name}.sty" for name in names.split(","))
        yield from (f"{name}.tex" for name in re.findall(r"\\input\{?([a-z]+)\}?", text))
        yield from re.findall(r"texgyre[a-z]+-[a-z]+\.otf", text)


def test_doctor_looks_for_every_file_that_the_templates_load():
    loaded = set(loaded_by_templates())
    assert {
        "article.cls",
        "booktabs.sty",
        "tgheros.sty",
        "glyphtounicode.tex",
        "texgyreheros-bold.otf",
    } <= loaded
    families = {file.partition("-")[0] for file in faces.TEXT_FACES}
    fonts = {file for file in loaded if file.endswith(".otf")}
    assert {file.partition("-")[0] for file in fonts} == families
    assert loaded - fonts <= TEX_FILES.keys()


def test_everything_that_is_looked_for_has_a_package_or_a_place():
    things = {*PROGRAMS, *TEX_FILES.values(), *FALLBACKS, NOTO, "text-fonts", "pdflatex", "lualatex"}
    known = packages.packages()
    assert things <= known["by-hand"].keys()
    assert set.union(*(set(lists) for lists in known.values())) <= {*things, "NotoSerifCJK-Regular.ttc"}
    assert things <= known["apt"].keys()
    assert systems.system_name() == "Linux"
