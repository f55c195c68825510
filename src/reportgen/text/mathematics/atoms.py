"""TeX's kinds of atoms: what a part is to its neighbours, which decides on spaces, forms and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from reportgen.text.mathematics.signs import SIGNS, WITH_LIMITS
from reportgen.text.mathematics.signs import Kind as KindOfSign
from reportgen.text.mathematics.tree import (
    Accent,
    Delimiter,
    Fenced,
    Function,
    Number,
    Row,
    Scripts,
    Sign,
    Sized,
    Space,
    Stacked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.mathematics.tree import Node

Kind: TypeAlias = KindOfSign | Literal["function", "inner", "space"]

BEFORE_PREFIX = frozenset(["large", "operator", "relation", "arrow", "open", "punctuation", "function"])
"""After these, and at the beginning, a plus or minus is a sign of what follows."""
_SIDES: dict[str, Kind] = {"open": "open", "close": "close", "middle": "relation", "": "ordinary"}
_INTEGRALS = frozenset("∫∬∭⨌∮")
_BRACES = frozenset(["overbrace", "underbrace", "overbracket", "underbracket"])


def kind_of(node: Node) -> Kind:  # noqa: PLR0911 - a table of kinds
    """Return what an item of a row is to its neighbours."""
    match node:
        case Sign(name):
            return SIGNS[name].kind
        case Function():
            return "function"
        case Delimiter(side=side):
            return _SIDES[side]
        case Fenced():
            return "inner"
        case Space():
            return "space"
        case Scripts(base) if base is not None:
            return kind_of(base)
        case Stacked(base) | Sized(base):
            return kind_of(base)
        case Row((only,)):
            return kind_of(only)
        case _:
            return "ordinary"


def with_whole_numbers(items: Sequence[Node]) -> Sequence[Node]:
    """Join numbers that a comma or point in braces parts: ``1{,}540`` is one."""
    joined: list[Node] = []
    for item in items:
        match joined[-2:], item:
            case [Number(whole), Row((Sign("," | "." as mark),))], Number(rest):
                joined[-2:] = [Number(f"{whole}{mark}{rest}", item.alphabet)]
            case _:
                joined.append(item)
    return joined


def has_limits(base: Node | None, *, is_display: bool) -> bool:
    """Tell whether the scripts of a base stand above and below it."""
    match base:
        case Sign(limits=bool(limits)) | Function(limits=bool(limits)):
            return limits
        case Sign(name):
            entry = SIGNS[name]
            return is_display and entry.kind == "large" and entry.character not in _INTEGRALS
        case Function(name):
            return is_display and name in WITH_LIMITS
        case Accent(name):
            return name in _BRACES
        case _:
            return False
