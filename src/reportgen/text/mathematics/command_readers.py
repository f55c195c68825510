"""Readers of commands: one for each kind, found by the tables of commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.mathematics import commands as table
from reportgen.text.mathematics.environments import read_environment, read_substack
from reportgen.text.mathematics.letters import letter
from reportgen.text.mathematics.reader import unwrapped
from reportgen.text.mathematics.signs import ACCENTS, COMMAND_LETTERS, COMMAND_SIGNS, FUNCTIONS
from reportgen.text.mathematics.tokens import COMMAND, OTHER, NotMathematics, Token
from reportgen.text.mathematics.tree import (
    Accent,
    Boxed,
    Delimiter,
    Fenced,
    Fraction,
    Function,
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
from reportgen.text.mathematics.units import SIUNITX, read_quantity, read_substance
from reportgen.text.mathematics.words import raised_words, read_length, read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reportgen.text.mathematics.reader import Reader
    from reportgen.text.mathematics.tree import Node

_ARROW_ACCENTS = frozenset(name for name in ACCENTS if "arrow" in name)
_CLOSING_BRACKET = frozenset({Token(OTHER, "]")})
_PARTS_OF_FENCE = frozenset({Token(COMMAND, "right"), Token(COMMAND, "middle")})


def read_command(reader: Reader, name: str) -> Node | None:
    """Read what a command makes of what follows it; None where it says nothing."""
    if known := reader.known(name):
        return known
    if name in _READERS:
        return _READERS[name](reader, name)
    raise NotMathematics(f"\\{name} is not in the list of allowed commands")


def is_command(name: str) -> bool:
    """Tell whether the grammar has a command."""
    return name in _READERS or name in COMMAND_SIGNS or name in COMMAND_LETTERS or name in FUNCTIONS


def _row(reader: Reader) -> Row:
    """Read an argument as a row, whatever it holds."""
    node = reader.argument()
    return node if isinstance(node, Row) else Row((node,))


def _rest_of_brackets(reader: Reader) -> Node:
    """Read what an opening bracket, which is taken, holds."""
    node = unwrapped(Row(tuple(reader.items(_CLOSING_BRACKET))))
    reader.expect("]")
    return node


def _alphabet(reader: Reader, name: str) -> Node:
    return reader.in_alphabet(table.ALPHABETS[name])


def _fraction(reader: Reader, name: str) -> Node:
    if name == "cfrac" and reader.next_is("["):
        reader.raw_until("]")
    above = reader.argument()
    return Fraction(above, reader.argument(), size=table.FRACTIONS[name])


def _binomial(reader: Reader, name: str) -> Node:
    above = reader.argument()
    size = table.BINOMIALS[name]
    return Fraction(above, reader.argument(), size=size, has_line=False, fences=("(", ")"))


def _general_fraction(reader: Reader, _name: str) -> Node:
    left, right = (_fence_of(reader.raw_group()) for _ in range(2))
    has_line = not reader.raw_group().strip().startswith("0")
    size = {"0": "display", "1": "text"}.get(reader.raw_group().strip(), "")
    above = reader.argument()
    return Fraction(above, reader.argument(), size, has_line, (left, right))  # type: ignore[arg-type]


def _fence_of(said: str) -> str:
    names = {"": "", ".": "", "\\{": "lbrace", "\\}": "rbrace", "\\langle": "langle", "\\rangle": "rangle"}
    if (said := said.strip()) in names:
        return names[said]
    if said not in {"(", ")", "[", "]", "|"}:
        raise NotMathematics(f"{said} is not a delimiter")
    return said


def _slashed(reader: Reader, _name: str) -> Node:
    above = reader.argument()
    return Row((above, Sign("/"), reader.argument()))


def _root(reader: Reader, _name: str) -> Node:
    if not reader.next_is("["):
        return Root(reader.argument())
    index = _rest_of_brackets(reader)
    with reader.copied("roots"):
        return Root(reader.argument(), index)


def _accent(reader: Reader, name: str) -> Node:
    name = table.ACCENT_COMMANDS.get(name, name)
    if name in _ARROW_ACCENTS:
        with reader.copied("arrows over formulas"):
            return Accent(name, reader.argument())
    return Accent(name, reader.argument())


def _words(reader: Reader, name: str) -> Node:
    return read_words(reader, table.TEXTS[name])


def _operator(reader: Reader, _name: str) -> Node:
    limits = True if reader.next_is("*") else None
    start = reader.position
    name = re.sub(r"\\[,;: ]|~|\s+", " ", reader.raw_group()).strip()
    if re.fullmatch(r"[A-Za-z0-9 .*'-]+", name):
        return Function(name, limits)
    reader.position = start
    return reader.in_alphabet("upright")


def _modulo(reader: Reader, _name: str) -> Node:
    content = reader.argument()
    return Row((Space(9), Sign("("), Function("mod"), Space(6), content, Sign(")")))


def _fenced(reader: Reader, _name: str) -> Node:
    left = reader.delimiter()
    saved = reader.alphabet
    parts: list[Row] = []
    middle: list[str] = []
    while True:
        parts.append(Row(tuple(reader.items(_PARTS_OF_FENCE))))
        if reader.peek() is None:
            raise NotMathematics("\\right is missing")
        is_last = reader.take().value == "right"
        delimiter = reader.delimiter()
        if is_last:
            reader.alphabet = saved
            return Fenced(left, tuple(parts), tuple(middle), delimiter)
        middle.append(delimiter)


def _enclosed(reader: Reader, name: str) -> Node:
    reader.next_is("*")
    left, right = table.FENCES[name]
    return Fenced(left, (_row(reader),), (), right)


def _delimiter(reader: Reader, name: str) -> Node:
    size, side = table.DELIMITER_SIZES[name]
    return Delimiter(reader.delimiter(), size, side)


def _stacked(reader: Reader, name: str) -> Node:
    over = reader.argument()
    base = reader.argument()
    return Stacked(base, above=over) if table.STACKS[name] == "above" else Stacked(base, below=over)


def _long_arrow(reader: Reader, name: str) -> Node:
    with reader.copied("arrows with words on them"):
        below = None
        if reader.next_is("["):
            below = _rest_of_brackets(reader)
        return Stacked(Sign(table.LONG_ARROWS[name]), above=reader.argument(), below=below)


def _negated(reader: Reader, _name: str) -> Node:
    node = reader.argument()
    if not isinstance(node, Sign):
        raise NotMathematics("\\not stands before no sign")
    return Sign(node.name, is_negated=True)


def _space(_reader: Reader, name: str) -> Node:
    return Space(table.SPACES[name])


def _measured_space(reader: Reader, _name: str) -> Node:
    reader.next_is("*")
    return read_length(reader)


def _ignored(_reader: Reader, _name: str) -> None:
    return None


def _ignored_with_argument(reader: Reader, _name: str) -> None:
    reader.next_is("*")
    reader.raw_group()


def _coloured(reader: Reader, _name: str) -> Node:
    reader.raw_group()
    return reader.argument()


def _tag(reader: Reader, _name: str) -> Node:
    has_brackets = not reader.next_is("*")
    words = read_words(reader, "upright")
    return Row((Space(36), Words(("(", *words.parts, ")")) if has_brackets else words))


def _transparent(reader: Reader, _name: str) -> Node:
    return _row(reader)


def _phantom(reader: Reader, _name: str) -> Node:
    with reader.copied("phantoms"):
        return Phantom(reader.argument())


def _boxed(reader: Reader, _name: str) -> Node:
    return Boxed(reader.argument())


def _sized(reader: Reader, name: str) -> Node:
    return Sized(reader.argument(), table.SIZES[name])


def _plain_words(_reader: Reader, name: str) -> Node:
    return Words((table.WORDS[name],))


def _macro(reader: Reader, name: str) -> Node:
    return unwrapped(reader.read_apart(table.MACROS[name]))


def _italic_greek(_reader: Reader, name: str) -> Node:
    return letter(table.GREEK_CAPITALS_IN_ITALICS[name], "italic")


def _character(reader: Reader, _name: str) -> Node:
    if reader.next_is("["):
        reader.raw_until("]")
    said = re.fullmatch(r"(?:0?x)([0-9A-Fa-f]{1,5})|([0-9]{1,7})", reader.raw_group().strip())
    code = int(said[1], 16) if said and said[1] else int(said[2]) if said else 0
    if not 0xA0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise NotMathematics("\\unicode names no sign")
    return reader.read_apart(chr(code))


def _prescript(reader: Reader, _name: str) -> Node:
    above, below = reader.argument(), reader.argument()
    base = reader.argument()
    given = [None if each == Row(()) else each for each in (below, above)]
    return Row((Scripts(None, given[0], given[1]), base))


def _readers() -> dict[str, Callable[[Reader, str], Node | None]]:
    tables: tuple[tuple[Iterable[str], Callable[[Reader, str], Node | None]], ...] = (
        (table.MACROS, _macro),
        (table.WORDS, _plain_words),
        (table.ALPHABETS, _alphabet),
        (table.FRACTIONS, _fraction),
        (table.BINOMIALS, _binomial),
        (("genfrac",), _general_fraction),
        (table.SLASHED, _slashed),
        (("sqrt",), _root),
        (ACCENTS | table.ACCENT_COMMANDS.keys(), _accent),
        (table.TEXTS, _words),
        (table.RAISED_TEXTS, raised_words),
        (("operatorname",), _operator),
        (("pmod",), _modulo),
        (("left",), _fenced),
        (table.FENCES, _enclosed),
        (table.DELIMITER_SIZES, _delimiter),
        (table.STACKS, _stacked),
        (table.LONG_ARROWS, _long_arrow),
        (("not",), _negated),
        (table.SPACES, _space),
        (table.MEASURED_SPACES, _measured_space),
        (table.IGNORED, _ignored),
        (table.IGNORED_WITH_ARGUMENT, _ignored_with_argument),
        (("textcolor",), _coloured),
        (("tag",), _tag),
        (table.TRANSPARENT, _transparent),
        (table.PHANTOMS, _phantom),
        (table.BOXES, _boxed),
        (table.SIZES, _sized),
        (table.GREEK_CAPITALS_IN_ITALICS, _italic_greek),
        (("unicode",), _character),
        (("prescript",), _prescript),
        (("begin",), read_environment),
        (("substack",), read_substack),
        (SIUNITX, read_quantity),
        (("ce",), read_substance),
    )
    return {name: read for names, read in tables for name in names}


_READERS = _readers()
