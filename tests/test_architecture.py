"""The code is held to the table of modules in ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "reportgen"
DUNDER = {"__init__", "__main__"}
ONLY = {
    "watchfiles": {"watch"},
    "dask": {"cluster"},
    "distributed": {"cluster"},
    "fsspec": {"remote"},
    "pandas": {"record"},
    "pylatex": {"tables"},
    "matplotlib": {"charts"},
    "bibtexparser": {"bibliography"},
    "markdown_it": {"prose"},
    "jinja2": {"render", "contract"},
    "pikepdf": {"finish", "carried", "verify"},
    "pypdfium2": {"proof"},
    "httpx": {"bibliography", "exchange", "zenodo"},
    "httpcore": {"exchange"},
    "click": {"cli"},
    "rich": {"cli"},
}


def documented_order() -> list[str]:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def modules() -> dict[str, list[Path]]:
    """Every top-level module of the package with its files."""
    found = {path.stem: [path] for path in PACKAGE.glob("*.py") if path.stem not in DUNDER}
    found |= {
        path.name: sorted(path.rglob("*.py")) for path in PACKAGE.iterdir() if (path / "__init__.py").exists()
    }
    return found


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


def test_every_module_is_documented_and_exists():
    assert len(modules()) > 20
    assert sorted(documented_order()) == sorted(modules())


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_those_above_it(module):
    order = documented_order()
    above = set(order[: order.index(module)]) | {module, "__version__"}
    used = {
        name.split(".")[1]
        for path in modules()[module]
        for name in imports(path)
        if name.startswith("reportgen.")
    }
    # The group of commands imports them by name when they are called.
    assert used <= above | ({"cli"} if module == "cli" else set())


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_heavy_library_has_its_place(library):
    users = {
        module
        for module, paths in modules().items()
        for path in paths
        for name in imports(path, for_types=False)
        if name.split(".")[0] == library
    }
    assert users, "a scanner that finds nothing proves nothing"
    assert users <= ONLY[library]


def test_modules_stay_small():
    long = {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for paths in modules().values()
        for path in paths
    }
    assert {name: lines for name, lines in long.items() if lines > 350} == {}


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
