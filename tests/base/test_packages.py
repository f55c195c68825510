"""The package of what is missing, in the words of each package manager."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from reportgen.base import packages, programs
from reportgen.base.packages import MANAGERS, how_to_install, system_manager, tex_tree, ways_to_install
from reportgen.cli.findings import TEX_FILES


@pytest.fixture
def system(monkeypatch, tmp_path):
    """Let this be another system: one with an os-release, or one with another name; TeX is the system's."""
    monkeypatch.setattr(packages, "find_program", lambda _: None)

    def be(release: str = "", platform: str = "linux") -> None:
        (tmp_path / "os-release").write_text(release)
        monkeypatch.setattr(packages, "OS_RELEASE", tmp_path / "os-release")
        monkeypatch.setattr("sys.platform", platform)

    return be


RELEASES = {
    "apt": [
        "ID=debian",
        'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"',
        "ID=ubuntu\nID_LIKE=debian",
    ],
    "dnf": ["ID=fedora", 'ID="rocky"\nID_LIKE="rhel centos fedora"'],
    "pacman": ["ID=arch", "ID=manjaro\nID_LIKE=arch"],
    "zypper": ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'ID="opensuse-leap"'],
}


@pytest.mark.parametrize(
    ("release", "name"), [(release, name) for name, releases in RELEASES.items() for release in releases]
)
def test_a_distribution_is_known_by_what_it_says_of_itself(release, name, system):
    system(release)
    assert system_manager() == MANAGERS[name]


def test_a_distribution_that_is_not_known_has_the_manager_that_is_there(system, monkeypatch):
    system("ID=own")
    assert system_manager() is None
    monkeypatch.setattr(packages, "find_program", lambda name: f"/usr/bin/{name}" if name == "dnf" else None)
    assert system_manager() == MANAGERS["dnf"]


@pytest.mark.parametrize(
    ("release", "platform", "said"),
    [
        ("ID=debian", "linux", "apt-get install fonts-symbola texlive-latex-recommended"),
        ("ID=fedora", "linux", "dnf install gdouros-symbola-fonts texlive-booktabs texlive-xcolor"),
        (
            "ID=arch",
            "linux",
            "pacman -S texlive-latexrecommended; Symbola_hint.ttf, by hand from https://dn-works.com/ufas",
        ),
        ("", "darwin", "brew install basictex; Symbola_hint.ttf, by hand from https://dn-works.com/ufas"),
        (
            "",
            "win32",
            "TeX Live, by hand from https://tug.org/texlive; Symbola_hint.ttf, by hand from https://dn-works.com/ufas",
        ),
        (
            "ID=own",
            "linux",
            "TeX Live, by hand from https://tug.org/texlive; Symbola_hint.ttf, by hand from https://dn-works.com/ufas",
        ),
    ],
)
def test_what_to_do_is_said_in_the_words_of_the_system(release, platform, said, system):
    system(release, platform)
    assert how_to_install("booktabs", "xcolor", "Symbola_hint.ttf") == said


def test_only_an_administrator_s_command_is_made_ready_with_sudo(system, monkeypatch):
    monkeypatch.setattr(packages, "_needs_sudo", lambda: True)
    system("ID=fedora")
    assert ways_to_install(["git"], ready=True) == ["sudo dnf install git"]
    assert ways_to_install(["git"]) == ["dnf install git"]
    system("", "darwin")
    assert ways_to_install(["git"], ready=True) == ["brew install git"]


def lay_out_tex_live(folder):
    """Lay out what TeX Live's own installer leaves, as far as it is looked at; give the folder of its programs."""
    (folder / "tlpkg").mkdir(parents=True)
    bin_folder = folder / "bin/universal-darwin"
    bin_folder.mkdir(parents=True)
    for name in ("kpsewhich", "pdftex"):
        (bin_folder / name).write_text("#!/bin/sh\n")
        (bin_folder / name).chmod(0o755)
    return bin_folder


def test_a_tex_live_of_its_own_is_added_to_with_its_own_manager(tmp_path, monkeypatch):
    assert tex_tree() is None
    monkeypatch.setenv("PATH", str(lay_out_tex_live(tmp_path / "texlive/2026")))
    assert tex_tree() == tmp_path / "texlive/2026"
    assert how_to_install("booktabs", "FreeSerif.otf", "git") == (
        "tlmgr install booktabs gnu-freefont; apt-get install git"
    )


def test_tex_is_found_where_macos_has_it_though_the_path_does_not_say_so(tmp_path, monkeypatch):
    real = lay_out_tex_live(tmp_path / "usr/local/texlive/2026")
    (tmp_path / "TeX").mkdir()
    (tmp_path / "TeX/texbin").symlink_to(real)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(programs.PLACES, "darwin", ((str(tmp_path / "TeX"), "texbin"),))
    assert programs.find_program("pdftex") is None
    monkeypatch.setattr("sys.platform", "darwin")
    assert programs.find_program("pdftex") == str(tmp_path / "TeX/texbin/pdftex")
    assert tex_tree() == tmp_path / "usr/local/texlive/2026"


def test_of_several_years_on_windows_the_latest_is_taken(tmp_path, monkeypatch):
    for year in ("2024", "2026", "2025"):
        (tmp_path / year / "bin/windows").mkdir(parents=True)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(programs.PLACES, "win32", ((str(tmp_path), "*/bin/windows"),))
    monkeypatch.setenv("PATH", "first")
    first, *years = programs.search_path().split(":")
    assert (first, [path.split("/")[-3] for path in years]) == ("first", ["2026", "2025", "2024"])


def test_debian_s_packages_hold_the_files_that_the_table_says():
    """Ask dpkg; the names of the other managers cannot be asked for here: they were looked up for the table."""
    paths = programs.find_tex_files(*TEX_FILES)
    assert len(paths) == len(TEX_FILES)
    told = subprocess.run(
        ["dpkg", "-S", *map(os.path.realpath, paths)], capture_output=True, text=True, check=True
    )
    holders = {
        Path(file).name: package for package, file in (line.split(": ") for line in told.stdout.splitlines())
    }
    table = packages.packages()["apt"]
    assert {file: table[thing] for file, thing in TEX_FILES.items()} == holders


PAGE = Path(__file__).parents[2] / "docs/how-to/install.md"
NEEDED = [
    *TEX_FILES.values(),
    *(name for name, each in programs.PROGRAMS.items() if each.needed),
    "text-fonts",
]


@pytest.mark.parametrize(
    ("title", "release"),
    [
        ("Debian, Ubuntu", "ID=debian"),
        ("Fedora", "ID=fedora"),
        ("Arch", "ID=arch"),
        ("openSUSE", "ID=opensuse"),
    ],
)
def test_the_page_tells_the_smallest_set_of_each_distribution(title, release, system):
    """What a package needs comes with it: kpathsea and the binaries, and on Debian and Arch the base of TeX Live."""
    system(release)
    page = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    told = next(line.removeprefix(title) for line in page.splitlines() if line.startswith(title))
    ((command),) = ways_to_install([*NEEDED, "pdflatex", "lualatex"])
    come_along = {"texlive-base", "texlive-binaries", "texlive-basic", "texlive-bin"}
    words = [word for word in told.split() if word != "sudo"]
    assert set(command.split()) - come_along == set(words)


def test_the_page_tells_the_packages_of_ctan(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(lay_out_tex_live(tmp_path)))
    listed = PAGE.read_text(encoding="utf-8").partition("needed: ")[2].partition(".")[0]
    (command,) = ways_to_install(TEX_FILES.values())
    assert command == f"tlmgr install {' '.join(listed.replace(',', '').split())}"
