"""The tree of a formula, as frozen values: TeX, MathML and spoken words are written from it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Alphabet: TypeAlias = Literal[
    "",
    "upright",
    "bold",
    "italic",
    "bold-italic",
    "sans",
    "mono",
    "calligraphic",
    "script",
    "blackboard",
    "fraktur",
]
"""The letters a symbol is set in; empty: those of mathematics (italic for single letters, upright for digits)."""


@dataclass(frozen=True, slots=True)
class Identifier:
    r"""One letter, or several that are one name (``\mathrm{eff}``), as Unicode, with the alphabet to set it in."""

    letters: str
    alphabet: Alphabet = ""


@dataclass(frozen=True, slots=True)
class Number:
    """Digits, with a point, and with commas between groups of three, as written."""

    digits: str
    alphabet: Alphabet = ""


@dataclass(frozen=True, slots=True)
class Sign:
    r"""An operator, relation, arrow, mark of punctuation or other symbol, by its name in the table of signs.

    ``is_negated`` is ``\not`` before it. ``limits`` tells where its scripts stand: as the size of the formula asks
    (``None``), above and below (``True``), beside (``False``).
    """

    name: str
    is_negated: bool = False
    limits: bool | None = None


@dataclass(frozen=True, slots=True)
class Function:
    r"""The name of a function, set upright: ``log``, ``max``, or one of its own (``\operatorname``)."""

    name: str
    limits: bool | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Words set as text within a formula; a formula among them is a `Row`."""

    parts: tuple[str | Row, ...]
    alphabet: Alphabet = "upright"


@dataclass(frozen=True, slots=True)
class Space:
    """An empty space, ``width`` in eighteenths of an em; below nought it draws together."""

    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """Items side by side: the body of a formula, or what braces hold together."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with what stands below and above it, and its primes; without a base the scripts lead what follows."""

    base: Node | None
    below: Node | None = None
    above: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Fraction:
    """One above the other: with a line, or without one and in brackets (a binomial)."""

    above: Node
    below: Node
    size: Literal["", "display", "text"] = ""
    has_line: bool = True
    fences: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or the root that ``index`` names."""

    radicand: Node
    index: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over or under its base, by its name in the table of accents: ``hat``, ``overline``, ``underbrace``."""

    name: str
    base: Node


@dataclass(frozen=True, slots=True)
class Stacked:
    r"""A base with something set above or below it: ``\overset``, ``\underset``, arrows with words on them."""

    base: Node
    above: Node | None = None
    below: Node | None = None


@dataclass(frozen=True, slots=True)
class Fenced:
    """Parts between two delimiters that grow with them; ``middle`` delimiters part ``parts``."""

    left: str
    parts: tuple[Row, ...]
    middle: tuple[str, ...]
    right: str


@dataclass(frozen=True, slots=True)
class Delimiter:
    r"""A single delimiter of a size of its own, 1 to 4: ``\big`` to ``\Bigg``."""

    name: str
    size: int
    side: Literal["", "open", "close", "middle"] = ""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A formula in a frame."""

    content: Node


@dataclass(frozen=True, slots=True)
class Phantom:
    """Room for a formula that is not shown."""

    content: Node


@dataclass(frozen=True, slots=True)
class Sized:
    r"""Content set in the size of ``\displaystyle``, ``\textstyle``, ``\scriptstyle``."""

    content: Node
    size: Literal["display", "text", "script"]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells: an environment. ``columns`` has ``l``, ``c`` or ``r`` for each (empty: as its kind has them)."""

    kind: Literal[
        "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "rcases", "array",
        "substack", "align", "alignat", "gather", "split", "multline", "eqnarray",
    ]  # fmt: skip
    rows: tuple[tuple[Row, ...], ...]
    columns: str = ""


Node: TypeAlias = (
    Identifier | Number | Sign | Function | Words | Space | Row | Scripts | Fraction | Root | Accent | Stacked | Fenced
    | Delimiter | Boxed | Phantom | Sized | Grid
)  # fmt: skip
