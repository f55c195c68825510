"""The nodes of pandoc's AST that reports need, as plain values of JSON: each says its kind and its content.

The names are pandoc's own (pandoc-types 1.22 and 1.23, which differ in no node that is used here).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from reportgen.base.characters import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

Node: TypeAlias = dict[str, Any]
Nodes: TypeAlias = list[Node]

SPACE: Node = {"t": "Space"}
LINE_BREAK: Node = {"t": "LineBreak"}
RULE: Node = {"t": "HorizontalRule"}
_BLANKS = re.compile("( +)")
_ALIGNMENTS = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}


def node(kind: str, content: Any) -> Node:
    """Return a node of a kind."""
    return {"t": kind, "c": content}


def attributes(anchor: str = "", kind: str = "", **others: str) -> list[Any]:
    """Return the attributes of a node: its anchor, its class, and others by name; those that are empty are left out."""
    pairs = [[name.replace("_", "-"), value] for name, value in others.items() if value]
    return [anchor, [kind] if kind else [], pairs]


def text(words: str) -> Nodes:
    """Return a text, its controls by number, each word apart: what pandoc writes may break its lines at blanks."""
    parts = _BLANKS.split(normalise(words))
    return [SPACE if part[0] == " " else node("Str", part) for part in parts if part]


def span(content: Nodes, anchor: str = "", kind: str = "", **others: str) -> Node:
    """Return inlines that are set apart by attributes."""
    return node("Span", [attributes(anchor, kind, **others), content])


def division(blocks: Nodes, anchor: str = "", kind: str = "", **others: str) -> Node:
    """Return blocks that are set apart by attributes."""
    return node("Div", [attributes(anchor, kind, **others), blocks])


def link(content: Nodes, target: str, **others: str) -> Node:
    """Return inlines that lead to an address."""
    return node("Link", [attributes(**others), content, [target, ""]])


def code(words: str, kind: str = "") -> Node:
    """Return characters all of which count."""
    return node("Code", [attributes(kind=kind), normalise(words)])


def joined(parts: Iterable[Nodes], separator: str = "") -> Nodes:
    """Return inlines as one, with a separator, or the end of a line, between those that are not empty."""
    between = text(separator) or [LINE_BREAK]
    out: Nodes = []
    for part in parts:
        if part:
            out += [*between, *part] if out else part
    return out


def table(
    columns: Iterable[tuple[str, float]],
    *,
    rows: Iterable[Iterable[Nodes]],
    head: Iterable[Nodes] = (),
    caption: Iterable[Node] = (),
    anchor: str = "",
) -> Node:
    """Return a table: how each column is aligned and its share of the line, the cells of its rows and of its head."""
    sides = [[{"t": _ALIGNMENTS[side]}, node("ColWidth", share)] for side, share in columns]
    heading = [_row(head)] if head else []
    body = [attributes(), 1, [], [_row(row) for row in rows]]
    plain = attributes()
    return node(
        "Table", [attributes(anchor), [None, [*caption]], sides, [plain, heading], [body], [plain, []]]
    )


def _row(cells: Iterable[Nodes]) -> list[Any]:
    return [attributes(), [[attributes(), {"t": "AlignDefault"}, 1, 1, blocks] for blocks in cells]]


def meta_inlines(content: Nodes) -> Node:
    """Return inlines as a value of metadata."""
    return node("MetaInlines", content)


def meta_texts(texts: Iterable[str]) -> Node:
    """Return several texts as a value of metadata."""
    return node("MetaList", [meta_inlines(text(each)) for each in texts])
