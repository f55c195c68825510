"""The code is held to the rooms of ARCHITECTURE.md."""

from __future__ import annotations

import ast
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import reportgen
from reportgen.pipeline import build
from reportgen.pipeline.batch import pool

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "reportgen"
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
    "layers"
]
ONLY = {
    "watchfiles": {"pipeline.watch"},
    "dask": {"pipeline.cluster"},
    "distributed": {"pipeline.cluster"},
    "fsspec": {"pipeline.remote"},
    "pandas": {"record"},
    "ruamel": {"record.yaml_syntax", "exports.cff"},
    "pylatex": {"latex.tables"},
    "matplotlib": {"charts"},
    "bibtexparser": {"sources"},
    "markdown_it": {"text.markdown_parser"},
    "jinja2": {"latex.render", "text.templates"},
    "pikepdf": {"pdf.anchors", "pdf.finish", "pdf.carried", "pdf.pictures", "trust.verify"},
    "PIL": {"pdf.pictures.raster"},
    "fpdf": {"pdf.pictures.svg", "pdf.pictures.svg_drawing"},
    "pypdfium2": {"pdf.page_characters", "pdf.text_check", "pdf.pictures.pixels"},
    "httpx": {"base.exchange", "delivery.zenodo", "sources.fetch"},
    "httpcore": {"base.exchange"},
    "click": {"cli"},
    "rich": {"cli"},
}
# What begins like a module and is none: the settings file, names in Lua.
NO_MODULES = {"reportgen.toml"}
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}


def within(module: str, room: str) -> bool:
    return f"{module}.".startswith(f"{room}.")


def imports(path: Path, *, for_types: bool = True) -> set[str]:
    """What a file imports anywhere in it, as dotted names; ``for_types`` counts what only annotations need."""
    names = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not for_types:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                node.body = [ast.Pass()]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_room_is_documented_in_its_order():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    layers = [layer.split(" | ") for layer in reversed(LAYERS)]
    assert documented == [room for layer in layers for room in sorted(layer)]
    there = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    there += [path.stem for path in PACKAGE.glob("[!_]*.py")]
    assert sorted(documented) == sorted(there)


def test_the_stages_are_those_of_the_function_that_is_named():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    *stages, last = re.search(r"^`(read(?: -> \w+)+)`$", text, re.MULTILINE)[1].split(" -> ")
    named, caller = re.search(
        r"^`(\w+)` in `\S+` is that list of calls, but for the last: `(\w+)`", text, re.MULTILINE
    ).groups()
    assert f": {', '.join(stages)}." in getattr(build, named).__doc__.splitlines()[0]
    calls = [
        {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for tree in (
            ast.parse(inspect.getsource(getattr(build, name))) for name in (named, caller, "compose_report")
        )
    ]
    assert {"read_record", "derive", "compose", "prove_text"} <= calls[0] | calls[2]
    assert {named, f"outputs.{last}"} <= calls[1]


def lint_imports(source: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_room_imports_only_those_below_it():
    done = lint_imports(ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Contracts: 1 kept, 0 broken." in done.stdout


def test_an_import_upward_and_a_room_of_no_layer_would_be_seen(tmp_path):
    for room in (room for layer in LAYERS for room in layer.split(" | ")):
        (tmp_path / "reportgen" / room).mkdir(parents=True)
        (tmp_path / "reportgen" / room / "__init__.py").touch()
    (tmp_path / "reportgen" / "__init__.py").write_text("import reportgen.api\n")
    assert lint_imports(tmp_path).returncode == 0
    (tmp_path / "reportgen" / "text" / "upward.py").write_text("import reportgen.latex\n")
    assert "reportgen.text is not allowed to import reportgen.latex" in lint_imports(tmp_path).stdout
    (tmp_path / "reportgen" / "attic.py").touch()
    assert "attic" in lint_imports(tmp_path).stdout


def test_no_room_imports_what_the_package_offers():
    offered = {"reportgen", *(f"reportgen.{name}" for name in reportgen.__all__)}
    assert {name for path in MODULES.values() for name in imports(path)} & offered == {
        "reportgen.__version__"
    }


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_heavy_library_has_its_place(library):
    users = {
        module
        for module, path in MODULES.items()
        for name in imports(path, for_types=False)
        if name.split(".")[0] == library
    }
    assert [room for room in ONLY[library] if not any(within(user, room) for user in users)] == []
    assert [user for user in users if not any(within(user, room) for room in ONLY[library])] == []


def test_every_module_that_is_named_in_words_exists():
    named = {
        (name, path.relative_to(ROOT).as_posix())
        for folder in ("src", "tests", "bench", "docs")
        for suffix in ("py", "md", "toml", "j2", "tex")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
        for name in names_in(path.read_text(encoding="utf-8"))
        if name not in NO_MODULES
    }
    assert len(named) > 300
    assert sorted((name, file) for name, file in named if not resolves(name)) == []


def names_in(text: str) -> list[str]:
    """Names of modules and of what they hold, as in imports, in docstrings and in programs that are texts."""
    from_the_top = [f"reportgen.{name}" for name in re.findall(r"from reportgen import (\w+)", text)]
    return re.findall(r"(?<![\w./:-])reportgen(?:\.[a-zA-Z_]\w*)+", text) + from_the_top


def resolves(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_what_the_workers_import_beforehand_exists():
    assert [name for name in pool._PRELOADED if find_spec(name) is None] == []


def test_programs_are_looked_for_and_asked_in_one_place():
    sources = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}
    finding = {module for module, text in sources.items() if "shutil.which" in text or "import which" in text}
    running = {module for module, text in sources.items() if "subprocess.run" in text}
    assert len(running) > 3
    assert finding == {"base.programs"}
    assert {module for module in running if '"--version"' in sources[module]} == {"base.programs"}


@pytest.mark.parametrize(
    "room",
    ["text", "record", "sources", "latex", "charts", "analysis.checks", "analysis.derive", "pdf.finish"],
)
def test_what_works_on_values_is_not_handed_all_settings(room):
    modules = [path for module, path in MODULES.items() if within(module, room)]
    assert modules
    assert [path for path in modules if "reportgen.base.settings.Settings" in imports(path)] == []


def test_modules_stay_small():
    long = {
        module: lines
        for module, path in MODULES.items()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}
    assert len(MODULES) > 200


def test_nothing_refers_to_a_place_outside_the_project():
    forbidden = re.compile("/work/|\\.\\./shared|files\\.pythonhosted|pypi\\.org/simple|/root/")
    ignored = {".git", ".venv", ".tools", "out", "__pycache__"}
    suffixes = {".py", ".md", ".toml", ".j2", ".tex", ".lock", ".sh", ".json", ".bib", ""}
    files = [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and not ignored & set(path.relative_to(ROOT).parts)
        and path.suffix in suffixes
        and not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
    ]
    assert len(files) > 100
    guilty = [
        str(path)
        for path in files
        if path != Path(__file__) and forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert guilty == []
