"""Formulas in the part of TeX that pandoc turns into the mathematics of Word, EPUB and OpenDocument."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import singledispatch
from typing import Any, cast

from reportgen.latex.escaping import escape
from reportgen.latex.mathematics import Command, Environment, set_formula
from reportgen.text.direction import prints_turned
from reportgen.text.mathematics import parse_formula
from reportgen.text.mathematics.tree import (
    Delimiter,
    Fenced,
    Fraction,
    Function,
    Grid,
    Identifier,
    Row,
    Sign,
    Space,
    Stacked,
    Words,
)

_SPACES = (-3, 0, 3, 4, 5, 6, 18, 36)
"""The widths that have a command, in eighteenths of an em."""
_ARROWS = {"to", "leftarrow"}
"""The arrows that words stand on with a command of their own."""
_AS_WORDS = {"S": "\N{SECTION SIGN}", "P": "\N{PILCROW SIGN}"}
_THIN_SPACE = "\N{THIN SPACE}"


def portable_tex(source: str) -> str:
    """Return a formula in TeX without what pandoc does not know: it would print that as it is typed."""
    return set_formula(_portable(parse_formula(source)))


def _portable(node: Any) -> Any:
    """Return a node of a formula, or several, in constructs that pandoc knows."""
    if isinstance(node, tuple):
        return tuple(map(_portable, node))
    if not is_dataclass(node):
        return node
    values = {field.name: _portable(getattr(node, field.name)) for field in fields(node)}
    kind: Any = type(node)
    return _replaced(kind(**values))


@singledispatch
def _replaced(node: Any) -> Any:
    return node


@_replaced.register
def _(node: Stacked) -> Any:
    inner: Any = node.base
    if isinstance(inner, Sign) and inner.name in _ARROWS and not inner.is_negated:
        return node
    if node.below is not None:
        inner = Command("underset", (node.below, inner))
    return inner if node.above is None else Command("overset", (node.above, inner))


@_replaced.register
def _(node: Grid) -> Any:
    count = max(map(len, node.rows))
    match node.kind:
        case "alignat":
            return Environment("aligned", "", node.rows)
        case "cases":
            return Environment("cases", "", node.rows)
        case "array":
            return Environment("array", f"{{{node.columns.ljust(count, 'c')}}}", node.rows)
        case "rcases":
            array: Any = Environment("array", f"{{{'l' * count}}}", node.rows)
            return Fenced("", (Row((array,)),), (), "rbrace")
    return node


@_replaced.register
def _(node: Fraction) -> Any:
    left, right = node.fences
    if node.has_line and not (left or right):
        return node
    if not node.has_line and (left, right) == ("(", ")"):
        return replace(node, size="")
    inner = replace(node, fences=("", "")) if node.has_line else _pile(node)
    return Fenced(left, (Row((inner,)),), (), right) if left or right else inner


@_replaced.register
def _(node: Space) -> Any:
    return Space(min(_SPACES, key=lambda each: abs(each - node.width)))


@_replaced.register
def _(node: Delimiter) -> Any:
    return replace(node, side="") if node.side == "middle" else node


@_replaced.register
def _(node: Function) -> Any:
    return replace(node, name=node.name.replace(" ", _THIN_SPACE))


@_replaced.register
def _(node: Identifier) -> Any:
    return Identifier(node.letters) if node.alphabet == "italic" and not node.letters.isascii() else node


@_replaced.register
def _(node: Sign) -> Any:
    return Words((_AS_WORDS[node.name],)) if node.name in _AS_WORDS else node


@_replaced.register
def _(node: Words) -> Any:
    """Write words from right to left without the marks that only our own preamble knows."""
    if not any(isinstance(part, str) and prints_turned(part) for part in node.parts):
        return node
    parts = (Command("text", (escape(part),)) if isinstance(part, str) else part for part in node.parts)
    return Row(tuple(cast("Any", parts)))


def _pile(node: Fraction) -> Any:
    return Environment("matrix", "", tuple((Row((part,)),) for part in (node.above, node.below)))
