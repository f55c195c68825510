"""Formulas as trees: one for each construct, and any at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args, get_type_hints

from hypothesis import strategies as st

from reportgen.text.mathematics.signs import ACCENTS, DELIMITERS, FUNCTIONS, SIGNS
from reportgen.text.mathematics.tree import (
    Accent,
    Alphabet,
    Boxed,
    Delimiter,
    Fenced,
    Fraction,
    Function,
    Grid,
    Identifier,
    Number,
    Phantom,
    Root,
    Row,
    Scripts,
    Sign,
    Sized,
    Space,
    Stacked,
    Words,
)

if TYPE_CHECKING:
    from reportgen.text.mathematics.tree import Node

ALPHABETS = get_args(Alphabet)
KINDS = get_args(get_type_hints(Grid)["kind"])
X, Y, N = Identifier("x"), Identifier("y"), Number("2")


def row(*items: Node) -> Row:
    return Row(items)


def _grid(kind: str, columns: str = "") -> Row:
    return row(Grid(kind, ((row(X), row(Sign("="), Y)), (row(N), row())), columns))


CONSTRUCTS: dict[str, Row] = {
    **{f"alphabet {each or 'of its own'}": row(Identifier("R", each), Number("3", each)) for each in ALPHABETS},
    **{f"grid {kind}": _grid(kind, "lr" if kind == "array" else "") for kind in KINDS},
    **{f"accent {name}": row(Accent(name, X), Accent(name, row(X, Y))) for name in sorted(ACCENTS)},
    **{f"sign {name}": row(X, Sign(name), Y, Sign(name, is_negated=True), N) for name in SIGNS},
    **{f"delimiter {name}": row(Fenced(name, (row(X), row(Y)), (name,), ""), Delimiter(name, 2, "open")) for name in sorted(DELIMITERS)},
    **{f"function {name}": row(Scripts(Function(name), X, N), Y, Function(name)) for name in FUNCTIONS.values()},
    "function of its own": row(Function("argmax", limits=True), X),
    "name": row(Identifier("eff", "upright"), Identifier("eff"), Identifier("Γ")),
    "scripts": row(Scripts(X, N), Scripts(X, None, N), Scripts(X, Y, N), Scripts(X, Y, N, 3)),
    "primes": row(*(Scripts(X, primes=count) for count in range(1, 7))),
    "leading scripts": row(Scripts(None, N, N), Scripts(X, Y, N), Scripts(None, None, N), X, Scripts(None, N)),
    "limits": row(*(Scripts(Sign("sum", limits=each), X, Y) for each in (None, True, False))),
    "fractions": row(*(Fraction(X, Y, size) for size in ("", "display", "text"))),
    "binomial": row(Fraction(X, Y, has_line=False, fences=("(", ")")), Fraction(X, Y, has_line=False)),
    "roots": row(Root(X), Root(row(X, Y)), Root(X, N), Root(row(X, Y), Number("3"))),
    "stacked": row(Stacked(Sign("to"), X, Y), Stacked(Sign("="), X), Stacked(X, below=Y)),
    "fenced": row(Fenced("", (row(X), row(Y)), ("|",), ")"), Fenced("|", (row(X),), (), "|")),
    "delimiters": row(*(Delimiter("(", size, "open") for size in (1, 2, 3, 4)), Delimiter("|", 1, "middle")),
    "words": row(Words((" a & b ", row(X), "c"), "bold"), Words(("if ",)), *(Words(("w",), each) for each in ALPHABETS)),
    "spaces": row(X, Space(3), Y, Space(-3), N, Space(36), X),
    "boxed": row(Boxed(row(X, Sign("="), Y))),
    "phantom": row(X, Phantom(Y)),
    "sizes": row(*(Sized(row(X, Y), size) for size in ("display", "text", "script"))),
    "nothing": row(),
}  # fmt: skip
"""A formula for each construct, and for each sign, accent, alphabet, function, delimiter and kind of grid."""

_LETTERS = st.sampled_from("abxyzABCαβΓΩ<&\"'é")
_ATOMS = st.one_of(
    st.builds(Identifier, st.text(_LETTERS, min_size=1, max_size=3), st.sampled_from(ALPHABETS)),
    st.builds(Number, st.from_regex(r"\A[0-9]{1,3}([.,][0-9]{1,2})?\Z"), st.sampled_from(ALPHABETS)),
    st.builds(Sign, st.sampled_from(sorted(SIGNS)), st.booleans(), st.sampled_from([None, True, False])),
    st.builds(
        Function, st.sampled_from(sorted({*FUNCTIONS.values(), "foo"})), st.sampled_from([None, True, False])
    ),
    st.builds(Space, st.integers(-9, 36)),
    st.builds(Delimiter, st.sampled_from(sorted(DELIMITERS)), st.integers(1, 4)),
)


def _deeper(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    rows = st.builds(Row, st.lists(nodes, max_size=3).map(tuple))
    maybe = st.none() | nodes
    return st.one_of(
        rows,
        st.builds(Words, st.lists(st.text("ab <&", max_size=4) | rows, min_size=1, max_size=3).map(tuple)),
        st.builds(Scripts, maybe, maybe, maybe, st.integers(0, 5)),
        st.builds(Fraction, nodes, nodes, st.sampled_from(["", "display", "text"]), st.booleans()),
        st.builds(Root, nodes, maybe),
        st.builds(Accent, st.sampled_from(sorted(ACCENTS)), nodes),
        st.builds(Stacked, nodes, nodes, maybe),
        st.builds(lambda name, inside: Fenced(name, inside, ("|",) * (len(inside) - 1), name),
                  st.sampled_from(sorted(DELIMITERS)), st.lists(rows, min_size=1, max_size=2).map(tuple)),
        st.builds(Boxed, nodes),
        st.builds(Sized, nodes, st.sampled_from(["display", "text", "script"])),
        st.builds(Grid, st.sampled_from(KINDS), st.lists(st.lists(rows, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)),
    )  # fmt: skip


FORMULAS = st.builds(Row, st.lists(st.recursive(_ATOMS, _deeper, max_leaves=8), max_size=4).map(tuple))
"""Any formula, without what is not shown."""


def leaves(node: object) -> list[Node]:
    """Return every node of a tree, in order."""
    if isinstance(node, tuple):
        return [found for part in node for found in leaves(part)]
    if not hasattr(node, "__slots__"):
        return []
    return [node, *(found for name in node.__slots__ for found in leaves(getattr(node, name)))]
