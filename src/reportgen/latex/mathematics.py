r"""The tree of a formula as TeX: each node by one writer, each sign by the table; nothing else reaches TeX."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from reportgen.latex.directions import escape_either_way
from reportgen.latex.escaping import Latex, escape
from reportgen.text.mathematics.signs import CAPITAL_GREEK, FUNCTIONS, LETTER_COMMANDS, SIGNS
from reportgen.text.mathematics.tree import (
    Accent,
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
    from collections.abc import Sequence

    from reportgen.text.mathematics.tree import Alphabet, Node

_ALPHABETS: dict[Alphabet, str] = {
    "upright": "mathrm",
    "bold": "mathbf",
    "italic": "mathit",
    "bold-italic": "boldsymbol",
    "sans": "mathsf",
    "mono": "mathtt",
    "calligraphic": "mathcal",
    "script": "mathscr",
    "blackboard": "mathbb",
    "fraktur": "mathfrak",
}
_CAPITALS_ONLY = {"calligraphic": "mathit", "script": "mathit", "blackboard": "mathbf"}
"""Alphabets whose fonts have capital letters alone, and in what the others are set."""
_WORDS: dict[Alphabet, str] = {"italic": "textit", "bold": "textbf", "sans": "textsf", "mono": "texttt"}
_SPACES = {0: "", 3: "\\,", 4: "\\:", 5: "\\;", 6: "\\ ", -3: "\\!", 18: "\\quad ", 36: "\\qquad "}
_FUNCTION_COMMANDS = {said: f"\\{name} " for name, said in reversed(FUNCTIONS.items())}
_SIZES = {"display": "\\displaystyle ", "text": "\\textstyle ", "script": "\\scriptstyle ", "": ""}
_GENERAL_SIZES = {"display": "0", "text": "1", "": ""}
_NEGATIONS = {
    "in": "\\notin ",
    "=": "\\ne ",
    "exists": "\\nexists ",
    "mid": "\\nmid ",
    "parallel": "\\nparallel ",
}
_WITH_WORDS = {"to": "xrightarrow", "leftarrow": "xleftarrow"}
_LONGER = {
    "leftrightarrow": "longleftrightarrow",
    "Rightarrow": "Longrightarrow",
    "Leftarrow": "Longleftarrow",
    "Leftrightarrow": "Longleftrightarrow",
    "mapsto": "longmapsto",
}
"""The arrows that words stand on, drawn longer."""
_CLASSES = {"relation": "\\mathrel", "arrow": "\\mathrel", "operator": "\\mathbin"}
_ENVIRONMENTS = {
    "align": "aligned",
    "eqnarray": "aligned",
    "split": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}
_WIDER_LINES = "\\def\\arraystretch{1.2}"
_END_OF_LINE = "\\\\[0pt]"
"""A bracket that begins the next line would be read as this length."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name, with its arguments: no formula that was read holds one, but one for a lesser TeX may."""

    name: str
    arguments: tuple[Node | Latex | Command | Environment, ...]


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment by its name, with its options and rows: no formula that was read holds one, as above."""

    name: str
    options: str
    rows: tuple[tuple[Row, ...], ...]


def set_formula(formula: Row) -> Latex:
    """Write a formula as TeX for its mathematics mode."""
    return Latex(_items(formula.items))


def has_grid(formula: Row) -> bool:
    """Tell whether a formula holds rows of cells, so that no line can break in it."""
    return any(
        isinstance(item, Grid) or (isinstance(item, Row) and has_grid(item))
        for item in (
            part for item in formula.items for part in (item.parts if isinstance(item, Fenced) else (item,))
        )
    )


@singledispatch
def _tex(node: Node | Latex | Command | Environment) -> str:
    raise TypeError(f"no formula holds {node!r}")


def _items(items: Sequence[Node]) -> str:
    if len(items) == 1 and isinstance(items[0], Row):
        return _items(items[0].items)
    return "".join(map(_tex, items))


def _content(node: Node | Latex | Command | Environment | None) -> str:
    """Write what stands between braces of its own."""
    if node is None:
        return ""
    return _items(node.items) if isinstance(node, Row) else _tex(node)


@_tex.register
def _(node: Identifier) -> str:
    letters, alphabet = node.letters, node.alphabet
    if alphabet == "" and len(letters) == 1:
        return _letter(letters)
    if alphabet == "italic" and letters in CAPITAL_GREEK:
        return LETTER_COMMANDS[letters].replace("\\", "\\var")
    is_greek = alphabet == "bold" and any(LETTER_COMMANDS.get(each, "").startswith("\\") for each in letters)
    command = "boldsymbol" if is_greek else _ALPHABETS.get(alphabet, "mathit")
    if alphabet in _CAPITALS_ONLY and not set(letters) <= set(string.ascii_uppercase):
        command = _CAPITALS_ONLY[alphabet]
    return f"\\{command}{{{''.join(map(_letter, letters))}}}"


def _letter(letter: str) -> str:
    if letter in LETTER_COMMANDS:
        return LETTER_COMMANDS[letter]
    return letter if letter in string.ascii_letters else f"\\text{{{escape(letter)}}}"


@_tex.register
def _(node: Number) -> str:
    digits = node.digits.replace(",", "{,}")
    if not node.alphabet:
        return digits
    return f"\\{_CAPITALS_ONLY.get(node.alphabet) or _ALPHABETS[node.alphabet]}{{{digits}}}"


@_tex.register
def _(node: Sign) -> str:
    entry = SIGNS[node.name]
    tex = entry.tex
    if node.is_negated:
        tex = _NEGATIONS.get(node.name) or f"\\not{tex}"
    return tex + (_limits(node.limits) if entry.kind == "large" else "")


def _limits(limits: bool | None) -> str:
    return {True: "\\limits ", False: "\\nolimits ", None: ""}[limits]


@_tex.register
def _(node: Function) -> str:
    if node.name in _FUNCTION_COMMANDS:
        return _FUNCTION_COMMANDS[node.name] + _limits(node.limits)
    star = "*" if node.limits else ""
    return f"\\operatorname{star}{{{node.name.replace(' ', chr(92) + ',')}}}"


@_tex.register
def _(node: Words) -> str:
    parts = (
        f"${_items(part.items)}$" if isinstance(part, Row) else escape_either_way(part) for part in node.parts
    )
    return f"\\{_WORDS.get(node.alphabet, 'text')}{{{''.join(parts)}}}"


@_tex.register
def _(node: Space) -> str:
    return _SPACES.get(node.width, f"\\mskip{node.width}mu ")


@_tex.register
def _(node: Row) -> str:
    return f"{{{_kept_whole(node.items)}}}"


def _kept_whole(items: Sequence[Node]) -> str:
    """Keep a group that holds one accented symbol a group: TeX would take its scripts for the symbol's own."""
    is_accent = len(items) == 1 and isinstance(items[0], Scripts) and isinstance(items[0].base, Accent)
    return ("{}" if is_accent else "") + "".join(map(_tex, items))


@_tex.register
def _(node: Scripts) -> str:
    above = "\\prime " * node.primes + _content(node.above)
    below = f"_{{{_content(node.below)}}}" if node.below is not None else ""
    has_above = node.primes or node.above is not None
    return _base(node.base) + below + (f"^{{{above}}}" if has_above else "")


def _base(base: Node | None) -> str:
    if base is None:
        return "{}"
    if isinstance(base, Scripts):
        return f"{{{_kept_whole((base,))}}}"
    if isinstance(base, Fraction | Root | Stacked | Boxed | Phantom | Sized | Grid):
        return f"{{{_tex(base)}}}"
    return _tex(base)


@_tex.register
def _(node: Fraction) -> str:
    parts = f"{{{_content(node.above)}}}{{{_content(node.below)}}}"
    letter = {"display": "d", "text": "t", "": ""}[node.size]
    if node.has_line and node.fences == ("", ""):
        return f"\\{letter}frac{parts}"
    if not node.has_line and node.fences == ("(", ")"):
        return f"\\{letter}binom{parts}"
    left, right = (SIGNS[each].tex.strip() if each else "" for each in node.fences)
    line = "" if node.has_line else "0pt"
    return f"\\genfrac{{{left}}}{{{right}}}{{{line}}}{{{_GENERAL_SIZES[node.size]}}}{parts}"


@_tex.register
def _(node: Root) -> str:
    index = f"[{{{_content(node.index)}}}]" if node.index is not None else ""
    return f"\\sqrt{index}{{{_content(node.radicand)}}}"


@_tex.register
def _(node: Accent) -> str:
    return f"\\{node.name}{{{_content(node.base)}}}"


@_tex.register
def _(node: Stacked) -> str:
    name = node.base.name if isinstance(node.base, Sign) and not node.base.is_negated else ""
    if name in _WITH_WORDS:
        below = f"[{{{_content(node.below)}}}]" if node.below is not None else ""
        return f"\\{_WITH_WORDS[name]}{below}{{{_content(node.above)}}}"
    base = _tex(Sign(_LONGER[name])) if name in _LONGER else _content(node.base)
    below = f"_{{{_content(node.below)}}}" if node.below is not None else ""
    above = f"^{{{_content(node.above)}}}" if node.above is not None else ""
    tex = f"\\mathop{{\\kern0pt {base}}}\\limits{below}{above}"
    if isinstance(node.base, Function):
        return tex
    return f"{_CLASSES.get(SIGNS[name].kind, '') if name else ''}{{{tex}}}"


@_tex.register
def _(node: Fenced) -> str:
    parts = [_items(part.items) for part in node.parts]
    inside = parts[0] + "".join(
        f"\\middle{_delimiter(name)}{part}" for name, part in zip(node.middle, parts[1:], strict=True)
    )
    return f"\\left{_delimiter(node.left)}{inside}\\right{_delimiter(node.right)}"


def _delimiter(name: str) -> str:
    return SIGNS[name].tex if name else "."


@_tex.register
def _(node: Delimiter) -> str:
    size = ("big", "Big", "bigg", "Bigg")[node.size - 1]
    side = {"": "", "open": "l", "close": "r", "middle": "m"}[node.side]
    return f"\\{size}{side}{_delimiter(node.name)}"


@_tex.register
def _(node: Boxed) -> str:
    return f"\\boxed{{{_content(node.content)}}}"


@_tex.register
def _(node: Phantom) -> str:
    return f"\\phantom{{{_content(node.content)}}}"


@_tex.register
def _(node: Sized) -> str:
    return f"{{{_SIZES[node.size]}{_content(node.content)}}}"


@_tex.register
def _(node: Latex) -> str:
    return node


@_tex.register
def _(node: Command) -> str:
    return f"\\{node.name}{''.join(f'{{{_content(argument)}}}' for argument in node.arguments)}"


@_tex.register
def _(node: Environment) -> str:
    rows = (" & ".join(_items(cell.items) for cell in row) for row in node.rows)
    return _environment(node.name, node.options, _END_OF_LINE.join(rows))


@_tex.register
def _(node: Grid) -> str:
    rows = [[_items(cell.items) for cell in row] for row in node.rows]
    count = max(map(len, rows))
    if node.kind == "eqnarray":
        rows = [[row[0], "".join(row[1:])] for row in rows]
    body = _END_OF_LINE.join(" & ".join(row) for row in rows)
    if node.kind == "substack":
        return f"\\substack{{{_END_OF_LINE.join(map(''.join, rows))}}}"
    if node.kind in ("cases", "rcases"):
        left, right = ("\\lbrace ", ".") if node.kind == "cases" else (".", "\\rbrace ")
        spec = "@{}" + "@{\\quad }".join("l" * count) + "@{}"
        array = _WIDER_LINES + "\\," + _environment("array", f"[c]{{{spec}}}", body)
        return f"\\left{left}{array}\\,\\right{right}"
    if node.kind == "array":
        return _environment("array", f"[c]{{{node.columns.ljust(count, 'c')}}}", body)
    if node.kind == "alignat":
        return _environment("alignedat", f"[c]{{{(count + 1) // 2}}}", body)
    if node.kind in _ENVIRONMENTS:
        # Lines that are centred have one cell.
        return _environment("aligned" if count > 1 else _ENVIRONMENTS[node.kind], "[c]", body)
    return _environment(node.kind, "", body)


def _environment(name: str, options: str, body: str) -> str:
    return f"\\begin{{{name}}}{options}{body}\\end{{{name}}}"
