"""What is shipped works where the repository is not; what is locked is all that is asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reportgen import __version__
from reportgen.pdf import attachments

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKED = {
    "requirements.lock": [
        *PROJECT["project"]["dependencies"],
        *(need for extra in EXTRAS.values() for need in extra),
        *GROUPS["dev"],
    ],
    "requirements-bench.lock": GROUPS["bench"],
    "requirements-crate.lock": GROUPS["crate"],
    "requirements-invenio.lock": GROUPS["invenio"],
    "requirements-standards.lock": GROUPS["standards"],
    "requirements-uv.lock": GROUPS["uv"],
    "requirements-verapdf.lock": GROUPS["verapdf"],
    "requirements-vnu.lock": GROUPS["vnu"],
}


def call(*command: str | Path, cwd: Path) -> str:
    """Run a program outside of this environment and give what it prints."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COVERAGE_", "COV_", "PYTHON", "PYTEST", "UV_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(command, cwd=cwd, env=inherited, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, project: Path, folder: Path) -> Path:
    call(sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", folder, cwd=project)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own, which borrows only the libraries of this one."""
    uv = shutil.which("uv", path=f"{ROOT / '.tools/uv/bin'}{os.pathsep}{os.environ['PATH']}")
    assert uv, "uv is not here; ./run setup installs it"
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "environment"
    call(uv, "venv", "--quiet", "--offline", "--python", sys.executable, environment, cwd=folder)
    python = environment / "bin/python"
    call(uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel, cwd=folder)
    (libraries,) = environment.glob("lib/python*/site-packages")
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return environment


def files_under(*folders: str) -> set[str]:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name.split("/")[0] for name in found} == {folder.split("/")[0] for folder in folders}
    return found


def names_in(wheel: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_package_its_templates_and_its_bibliography(wheel: Path) -> None:
    expected = {f"reportgen/{name}" for name in files_under("templates", "bib")}
    expected |= {name.removeprefix("src/") for name in files_under("src/reportgen")}
    assert names_in(wheel) == expected


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    call("tar", "-xf", build("sdist", ROOT, tmp_path / "sdist"), cwd=tmp_path)
    (unpacked,) = tmp_path.glob("reportgen_claims-*")
    assert names_in(build("wheel", unpacked, tmp_path / "wheel")) == names_in(wheel)


def test_the_installed_wheel_is_what_is_imported(installed: Path) -> None:
    program = "import reportgen; print(reportgen.__version__, reportgen.__file__)"
    version, file = call(installed / "bin/python", "-c", program, cwd=installed.parent).split(maxsplit=1)
    assert version == __version__
    assert Path(file.strip()).is_relative_to(installed)


def test_the_installed_wheel_makes_a_report_in_another_folder(installed: Path, tmp_path: Path) -> None:
    record = shutil.copy(ROOT / "records/fbca8ee9.json", tmp_path)
    printed = call(installed / "bin/reportgen", "compile", record, "-o", tmp_path / "out", cwd=tmp_path)
    (line,) = printed.splitlines()
    (pdf,) = (tmp_path / "out").rglob("*.pdf")
    assert pdf.name in line
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_what_is_told_to_be_installed_is_this_distribution_and_has_that_extra() -> None:
    texts = [
        path.read_text()
        for pattern in ("*.md", "docs/**/*.md", "src/**/*.py", "action.yml", "Dockerfile")
        for path in ROOT.glob(pattern)
    ]
    told = [
        found
        for text in texts
        for found in re.findall(
            r"(?:pip|pipx|uv|uvx) install ['\"]?(?!git\+)([a-z][\w.-]*)(?:\[([\w,]+)\])?", text
        )
    ]
    assert {name for name, _ in told} == {PROJECT["project"]["name"], "s3fs"}
    named = {extra for _, extra in told if extra} | {
        extra
        for text in texts
        for extra in re.findall(r"extra `(\w+)`|EXTRAS=(\w+)", text)
        for extra in extra
        if extra
    }
    assert named == set(EXTRAS)


def test_nothing_asks_for_the_version_of_another_distribution() -> None:
    asked = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"""(?:version|distribution|requires|metadata)\(["']reportgen["']\)""", path.read_text())
    ]
    assert asked == []


@pytest.mark.parametrize("name", LOCKED)
def test_the_lock_holds_what_the_project_asks_for(name: str) -> None:
    pins = [
        Requirement(line.rstrip(" \\")) for line in (ROOT / name).read_text().splitlines() if "==" in line
    ]
    assert LOCKED[name]
    for wanted in map(Requirement, LOCKED[name]):
        of_this = [pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
        assert of_this, f"{wanted} is not in {name}; ./run lock renews it"
        for pin in of_this:
            assert wanted.specifier.contains(str(pin.specifier).removeprefix("==")), f"{wanted} against {pin}"


@pytest.mark.parametrize("name", LOCKED)
def test_the_lock_pins_by_hash_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", pin)] == []
    assert re.findall(r"\w+://|^--\w.*|@ .*|(?:^|[ (])/.*", text, flags=re.MULTILINE) == []


def test_a_report_names_the_needs_of_this_system_alone(monkeypatch) -> None:
    needs = ["pikepdf>=9", "no-such-package; sys_platform == 'nowhere'", "another; extra == 'parquet'"]
    monkeypatch.setattr(attachments, "requires", lambda _: needs)
    attachments._libraries.cache_clear()
    try:
        assert set(attachments._libraries()) == {"reportgen", "pikepdf"}
    finally:
        attachments._libraries.cache_clear()
