"""The words that the program asks for, found in its code: a word of a locale that is not among them is dead."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCALES = packaged_folder("templates") / "locale"
_DOTTED = re.compile(r"[a-z_]+(?:\.[\w-]+|\.\*)+\*?")


def words_of(language: str) -> dict[str, dict[str, object]]:
    """Return the tables of a language, without those of charts."""
    return tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))


def used_words(source: Path) -> set[str]:
    """Name what the code asks for: ``heading.gate``; ``tier.*`` where what is asked for is known only then."""
    tables = set(words_of("en"))
    return {
        word
        for file in source.rglob("*.py")
        for word in _words_in(ast.parse(file.read_text("utf-8")), tables)
    }


def _words_in(tree: ast.AST, tables: set[str]) -> Iterator[str]:
    for scope in [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))),
    ]:
        aliases = dict(_aliases(scope, tables))
        for node in ast.walk(scope):
            yield from _asked(node, tables, aliases)


def _aliases(scope: ast.AST, tables: set[str]) -> Iterator[tuple[str, str]]:
    """Find the names that stand for a table: ``t = wording.t.column``, ``review, t = ..., wording.t.column``."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            many = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if many else [(target, node.value)]  # type: ignore[attr-defined]
            for name, value in pairs:
                if isinstance(value, ast.Attribute) and value.attr in tables:
                    yield ast.unparse(name), value.attr


def _asked(node: ast.AST, tables: set[str], aliases: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        if table := _table(node.value, tables, aliases):
            yield f"{table}.{node.attr}"
    elif isinstance(node, ast.Subscript):
        if table := _table(node.value, tables, aliases):
            yield f"{table}.*"
    elif isinstance(node, (ast.Constant, ast.JoinedStr)):
        yield from _DOTTED.findall(_pattern(node))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        first = _pattern(node.args[0])
        if node.func.attr == "heading":
            yield f"heading.{first}" if first else "heading.*"
        if node.func.attr == "named":
            yield f"{first}.*"


def _table(value: ast.AST, tables: set[str], aliases: dict[str, str]) -> str:
    if isinstance(value, ast.Attribute) and value.attr in tables:
        return value.attr
    return aliases.get(ast.unparse(value), "") if isinstance(value, (ast.Name, ast.Attribute)) else ""


def _pattern(node: ast.AST) -> str:
    """Return a string of the code, with ``*`` for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
