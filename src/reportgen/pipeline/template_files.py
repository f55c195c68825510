"""The packaged templates as files: which there are, what each is given, and a copy to begin one's own with."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from reportgen.base.errors import Level, OutputError, Problem, TemplateError, Where
from reportgen.base.paths import packaged_folder, write_atomically
from reportgen.text import report, tree

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS = ("latex", "html", "markdown")


def packaged_templates() -> dict[str, tuple[str, ...]]:
    """Return the templates by name, with the fields of the node that each writes."""
    folder = packaged_folder("templates")
    nodes = {
        name.lower(): kind for name, kind in (vars(tree) | vars(report)).items() if isinstance(kind, type)
    }
    names = sorted(
        path.relative_to(folder).as_posix()
        for output in _FOLDERS
        for path in (folder / output).iterdir()
        if path.is_file()
    )
    return {name: _fields(nodes.get(_block(name).replace("_", ""))) for name in names}


def _block(name: str) -> str:
    return name.rpartition("/")[2].partition(".")[0]


def _fields(kind: type | None) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


def copy_template(block: str, folder: Path) -> Path:
    """Copy a packaged template into a folder of a project's own, replacing nothing.

    Raises:
        TemplateError: there is no such template.
        OutputError: a file of its name is there already.

    """
    names = packaged_templates()
    found = [name for name in names if block in {name, _block(name), name.partition(".")[0]}]
    if not found:
        message = f"there is no template {block}"
        hint = "`reportgen template list` names them all"
        raise TemplateError([Problem("template-missing", Level.ERROR, Where(block), message, hint)])
    # LaTeX comes first: it is what a report is made of.
    name = min(found, key=lambda name: _FOLDERS.index(name.partition("/")[0]))
    target = folder / name
    if target.exists():
        hint = "move it away first, if the packaged one is wanted again"
        raise OutputError([Problem("template-exists", Level.ERROR, Where(str(target)), "it exists", hint)])
    write_atomically(target, (packaged_folder("templates") / name).read_bytes())
    return target
