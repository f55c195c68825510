"""The size of a formula for the ear: whether a listener must be told where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.mathematics.atoms import kind_of
from reportgen.text.mathematics.tree import (
    Accent,
    Function,
    Identifier,
    Number,
    Row,
    Scripts,
    Sign,
    Sized,
    Space,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.mathematics.tree import Node


def only(node: Node | None) -> Node | None:
    """Return what stands alone in a row, spaces apart."""
    while isinstance(node, Row):
        items = visible(node.items)
        if len(items) != 1:
            break
        node = items[0]
    return node


def visible(items: Sequence[Node]) -> tuple[Node, ...]:
    """Return items without the spaces among them."""
    return tuple(item for item in items if not isinstance(item, Space))


def is_simple(node: Node | None) -> bool:
    """Tell whether a part is one thing: a letter, a number, a name; also with a minus before it."""
    match only(node):
        case None | Identifier() | Number() | Function() | Words():
            return True
        case Sign() as sign:
            return kind_of(sign) in {"ordinary", "operator", "relation", "arrow"}
        case Accent(base=base) | Sized(base):
            return is_simple(base)
        case Row(items):
            return _is_signed(visible(items))
        case _:
            return False


def _is_signed(items: tuple[Node, ...]) -> bool:
    match items:
        case (Sign("-" | "+"), Identifier() | Number()):
            return True
        case _:
            return False


def is_product(node: Node, most: int) -> bool:
    """Tell whether a part is up to so many simple ones side by side, each with simple scripts at most."""
    items = visible(node.items) if isinstance(node, Row) else (node,)
    return 0 < len(items) <= most and all(is_factor(item) for item in items)


def is_factor(node: Node) -> bool:
    """Tell whether a part is a simple one that is no operator, with simple scripts at most."""
    if isinstance(node, Scripts) and node.base is not None:
        return is_factor(node.base) and is_simple(node.below) and is_simple(node.above)
    return is_simple(node) and kind_of(node) == "ordinary" and not isinstance(node, Words)
