"""The contract between templates and view: which fields templates use, and which they leave unprinted."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from typing import Any

from jinja2 import TemplateSyntaxError, nodes

from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.content import report as view_types
from reportgen.content.report import ReportView
from reportgen.latex.render import REPORT, environment

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.own_templates import OwnTemplates

_INTERNAL = {"ReportView.wording", "ReportView.language"}


def check_templates(own: OwnTemplates | None = None) -> list[Problem]:
    """Follow every field from ``report`` through the templates that a report includes.

    An unknown field is an error; a field of the view that nothing prints is a warning.

    Raises:
        TemplateError: a template cannot be parsed.

    """
    walk = _Walk(own)
    walk.template(REPORT, {"report": ReportView})
    for name, kind in _fields():
        if name not in walk.used | _INTERNAL:
            walk.problems.append(
                Problem(
                    "field-unprinted", Level.WARNING, Where(REPORT), f"no template prints {name} ({kind})"
                )
            )
    return walk.problems


def _fields() -> Iterator[tuple[str, str]]:
    for made in vars(view_types).values():
        if isinstance(made, type) and _is_part(made):
            for field in dataclasses.fields(made):
                yield f"{made.__name__}.{field.name}", str(field.type)


def _is_part(made: type) -> bool:
    # Facts are printed by the view's own method.
    here = made.__module__ == view_types.__name__
    return dataclasses.is_dataclass(made) and here and made is not view_types.Fact


class _Walk:
    def __init__(self, own: OwnTemplates | None) -> None:
        self.environment = environment(own)
        self.problems: list[Problem] = []
        self.used: set[str] = set()

    def template(self, name: str, scope: dict[str, Any]) -> None:
        loader = self.environment.loader
        if loader is None:
            raise AssertionError("the environment has no loader")
        source, file, _ = loader.get_source(self.environment, name)
        try:
            self.visit(self.environment.parse(source, name, file), scope, file or name)
        except (TemplateSyntaxError, RecursionError) as error:
            line = error.lineno if isinstance(error, TemplateSyntaxError) else None
            said = (
                error.message
                if isinstance(error, TemplateSyntaxError)
                else "it nests too deep, or includes itself"
            )
            where = Where(file or name, line)
            raise TemplateError([Problem("template-syntax", Level.ERROR, where, said or "")]) from error

    def visit(self, node: nodes.Node, scope: dict[str, Any], file: str) -> None:
        if isinstance(node, nodes.For):
            self.visit(node.iter, scope, file)
            inner = dict(scope)
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = _element(self.kind(node.iter, scope, file))
            for child in [*node.body, *node.else_]:
                self.visit(child, inner, file)
            return
        if isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
            if str(node.template.value).endswith(".j2"):
                self.template(node.template.value, scope)
            return
        if isinstance(node, nodes.Getattr):
            self.kind(node, scope, file)
            return
        for child in node.iter_child_nodes():
            self.visit(child, scope, file)

    def kind(self, node: nodes.Node, scope: dict[str, Any], file: str) -> Any:
        """Give the type of an expression, or None where it is not a part of the view."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name)
        if isinstance(node, nodes.Filter) and node.node is not None:
            kind = self.kind(node.node, scope, file)
            return types.GenericAlias(tuple, (kind, ...)) if node.name == "batch" else kind
        if not isinstance(node, nodes.Getattr):
            for child in node.iter_child_nodes():
                self.visit(child, scope, file)
            return None
        owner = _plain(self.kind(node.node, scope, file))
        if not dataclasses.is_dataclass(owner) or not isinstance(owner, type):
            return None
        self.used.add(f"{owner.__name__}.{node.attr}")
        hints = _hints(owner)
        if node.attr in hints:
            return hints[node.attr]
        if not hasattr(owner, node.attr):
            known = ", ".join(sorted(hints))
            message = f"{owner.__name__} has no field {node.attr}"
            where = Where(file, node.lineno)
            self.problems.append(
                Problem("field-unknown", Level.ERROR, where, message, f"its fields are {known}")
            )
        return None


@cache
def _hints(owner: type) -> dict[str, Any]:
    return typing.get_type_hints(owner, vars(view_types))


def _plain(kind: Any) -> Any:
    """Take the optional off a type."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return next((part for part in typing.get_args(kind) if part is not type(None)), None)
    return kind


def _element(kind: Any) -> Any:
    arguments = typing.get_args(_plain(kind))
    return arguments[0] if arguments else None
