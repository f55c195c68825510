"""Every code that a problem can have, with its levels, as the source says: also through functions that pass it on."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reportgen.base import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOTH = frozenset({"error", "warning"})


@dataclass(frozen=True)
class Maker:
    """A function that makes a problem of the code that it is given, and of a level given or its own."""

    parameters: tuple[str, ...]
    code: str
    level: str = ""
    levels: frozenset[str] = BOTH
    prefix: str = ""
    defaults: frozenset[str] = frozenset()


MAKERS = {
    ("errors", "Problem"): Maker(("code", "level"), "code", "level"),
    ("dataclasses", "replace"): Maker((), "code", levels=frozenset({"error"})),
    ("subject", "error"): Maker(("code",), "code", levels=frozenset({"error"})),
    ("subject", "warning"): Maker(("code",), "code", levels=frozenset({"warning"})),
}


@dataclass(frozen=True)
class Place:
    """Where a call stands: its file, and the function that it is in, by the name that others call it by."""

    module: str
    function: ast.FunctionDef | None = None
    name: str = ""


class Codes:
    """The codes of a package: ``found`` with their levels, and the calls whose code is made elsewhere."""

    def __init__(self, package: Path) -> None:
        self._trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")}
        self._makers = dict(MAKERS)
        self._constants: dict[str, ast.expr] = {}
        self._imported: dict[Path, dict[str, str]] = {}
        for path, tree in self._trees.items():
            nodes = list(ast.walk(tree))
            imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
            self._imported[path] = {
                alias.asname or alias.name: (node.module or "").rpartition(".")[2]
                for node in imports
                for alias in node.names
            }
            assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
            self._constants |= {ast.unparse(node.targets[0]): node.value for node in assigned}
        self.found: dict[str, set[str]] = {}
        self.passed_on: set[str] = set()
        known = 0
        while known < len(self._makers):
            known = len(self._makers)
            self.found, self.passed_on = {}, set()
            for path, tree in self._trees.items():
                self._visit(tree, path, Place(path.stem))

    def _visit(self, node: ast.AST, path: Path, place: Place) -> None:
        if isinstance(node, ast.ClassDef):
            place = Place(place.module, None, node.name)
            made = next((each for each in node.body if getattr(each, "name", "") == "__init__"), None)
            fields = [ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign)]
            fields = fields or list(_parameters(made))
            if "code" in fields and node.name not in {"Problem", "Check", "Explanation", "Group"}:
                level = "level" if "level" in fields else ""
                maker = Maker(tuple(fields), "code", level, frozenset({"error"}))
                self._makers.setdefault((place.module, node.name), maker)
        if isinstance(node, ast.FunctionDef):
            place = Place(place.module, node, place.name if node.name == "__init__" else node.name)
        if isinstance(node, ast.Call) and (maker := self._maker(node.func, path)):
            self._call(node, maker, place)
        elif isinstance(node, ast.Call) and (code := self._default_code(node)):
            self.found.setdefault(code, set()).add("error")
        for child in ast.iter_child_nodes(node):
            self._visit(child, path, place)

    def _maker(self, function: ast.expr, path: Path) -> Maker | None:
        if isinstance(function, ast.Name):
            module = self._imported[path].get(function.id, path.stem)
            return self._makers.get((module, function.id)) or self._of_package(module, function.id)
        if isinstance(function, ast.Attribute):
            owner = ast.unparse(function.value)
            module = path.stem if owner in {"self", "cls"} else owner
            if owner in self._imported[path] or owner in {"self", "cls"}:
                return self._makers.get((module, function.attr))
            return self._method(function.attr)
        return None

    def _default_code(self, call: ast.Call) -> str:
        """Read the code of an error that is made of a message alone."""
        error = getattr(errors, ast.unparse(call.func), None)
        if (
            call.args
            and isinstance(call.args[0], (ast.Constant, ast.JoinedStr))
            and hasattr(error, "default_code")
        ):
            return str(error.default_code())
        return ""

    def _of_package(self, module: str, name: str) -> Maker | None:
        """Find what a package passes on from one of its modules."""
        packages = [path for path in self._trees if path.name == "__init__.py" and path.parent.name == module]
        passed = (self._imported[path].get(name) for path in packages)
        return next((self._makers.get((found, name)) for found in passed if found), None)

    def _method(self, name: str) -> Maker | None:
        found = [maker for place, maker in self._makers.items() if place[1] == name and place not in MAKERS]
        return found[0] if len(found) == 1 else None

    def _call(self, call: ast.Call, maker: Maker, place: Place) -> None:
        given = dict(zip(maker.parameters, call.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        own = _parameters(place.function)
        level = given.get(maker.level)
        levels = _levels(level) or (maker.defaults if level is None else None) or maker.levels
        for own_prefix, value in self._values(given.get(maker.code)):
            prefix = maker.prefix + own_prefix
            if value is None:
                continue
            if isinstance(value, str):
                self.found.setdefault(prefix + value, set()).update(levels)
            elif isinstance(value, ast.Name) and value.id in own:
                made = Maker(own, value.id, prefix=prefix, levels=levels)
                if isinstance(level, ast.Name) and level.id in own:
                    made = replace(made, level=level.id, defaults=_default(place.function, level.id))
                self._makers.setdefault((place.module, place.name), made)
            else:
                self.passed_on.add(f"{place.module}.{place.name}: {ast.unparse(value)}")

    def _values(self, code: ast.expr | None) -> Iterator[tuple[str, str | ast.expr | None]]:
        match code:
            case ast.Constant():
                yield "", str(code.value)
            case ast.IfExp():
                yield from self._values(code.body)
                yield from self._values(code.orelse)
            case ast.JoinedStr(values=[ast.Constant(value=prefix), ast.FormattedValue(value=value)]):
                yield prefix, value
            case ast.Name() if isinstance(self._constants.get(code.id), ast.Constant):
                yield from self._values(self._constants[code.id])
            case _:
                yield "", code


def _levels(level: ast.expr | None) -> frozenset[str]:
    named = [node.attr for node in ast.walk(level) if isinstance(node, ast.Attribute)] if level else []
    return frozenset(name.lower() for name in named if name in {"ERROR", "WARNING"})


def _default(function: ast.FunctionDef, name: str) -> frozenset[str]:
    arguments = function.args
    pairs = [*zip(reversed(arguments.args), reversed(arguments.defaults), strict=False)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next((_levels(default) for argument, default in pairs if argument.arg == name), frozenset())


def _parameters(function: ast.FunctionDef | None) -> tuple[str, ...]:
    if function is None:
        return ()
    names = tuple(each.arg for each in (*function.args.args, *function.args.kwonlyargs))
    return names[1:] if names[:1] in {("self",), ("cls",)} else names
