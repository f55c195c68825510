"""The grammar of formulas: tokens read into the tree, part by part, each command by the table that has it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reportgen.text.mathematics import commands as table
from reportgen.text.mathematics.cursor import Cursor
from reportgen.text.mathematics.letters import LOWERED, PRIMES, RAISED, joined, letter, read_character
from reportgen.text.mathematics.signs import (
    CHARACTER_SIGNS,
    COMMAND_LETTERS,
    COMMAND_SIGNS,
    DELIMITERS,
    FUNCTIONS,
)
from reportgen.text.mathematics.tokens import (
    COMMAND,
    ESCAPE,
    NUMBER,
    OTHER,
    WORD,
    NotMathematics,
    Token,
)
from reportgen.text.mathematics.tree import (
    Fraction,
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
    from collections.abc import Callable

    from reportgen.text.mathematics.tree import Alphabet, Node

_CLOSING_BRACE = Token(OTHER, "}")
_END_OF_LINE = frozenset({Token(ESCAPE, "\\"), Token(COMMAND, "cr"), Token(COMMAND, "tabularnewline")})
_END_OF_CELL = Token(OTHER, "&")
END_OF_GRID = frozenset({Token(COMMAND, "end")})
_LENGTH = re.compile(rf"\s*[+-]?[\d.,]+\s*(?:{'|'.join(table.UNITS)})\s*\]")
_MOST_OF_LENGTH = 8
"""Tokens of a length in brackets, blanks among them."""
_SCRIPTS = frozenset("_^")
_ESCAPED_SIGNS = {"{": "lbrace", "}": "rbrace", "|": "Vert", **{sign: sign for sign in "%&#_$"}}
_WITH_WORD_SPACES = frozenset({"upright", "sans", "mono"})


class Reader(Cursor):
    """A place in the tokens of a formula; each method reads one part of the grammar."""

    def __init__(self, source: str, read_command: Callable[[Reader, str], Node | None]) -> None:
        super().__init__(source)
        self.alphabet: Alphabet = ""
        self._read_command = read_command

    def read_apart(self, source: str) -> Row:
        """Read another source in the place of what was just read."""
        inner = Reader(source, self._read_command)
        inner.alphabet, inner.depth, inner.copies = self.alphabet, self.depth, self.copies
        inner.deeper()
        row = Row(tuple(inner.items(frozenset())))
        if inner.peek():
            raise NotMathematics(f"{inner.take().shown} is not allowed here")
        return row

    def rows(self, ends: frozenset[Token]) -> tuple[tuple[Row, ...], ...]:
        """Read rows of cells up to one of the tokens that end them, or to the end."""
        rows: list[tuple[Row, ...]] = []
        cells: list[Row] = []
        saved = self.alphabet
        while True:
            self.alphabet = saved
            cells.append(Row(tuple(self.items(ends | _END_OF_LINE | {_END_OF_CELL}))))
            token = self.peek()
            if token == _END_OF_CELL:
                self.position += 1
                continue
            rows.append(tuple(cells))
            cells = []
            if token not in _END_OF_LINE:
                break
            self.position += 1
            self._skip_line_options()
        while len(rows) > 1 and not any(cell.items for cell in rows[-1]):
            rows.pop()
        return tuple(rows)

    def _skip_line_options(self) -> None:
        """Pass over the star, and the length in brackets, behind the end of a line."""
        self.position += self.peek() == (OTHER, "*")
        start = self.position
        if self.next_is("["):
            said = "".join(
                each.value for each in self.tokens[self.position : self.position + _MOST_OF_LENGTH]
            )
            if _LENGTH.match(said):
                self.raw_until("]")
            else:
                self.position = start

    def items(self, ends: frozenset[Token]) -> list[Node]:
        """Read items up to a token that ends them, which is not taken, or to the end of the formula."""
        out: list[Node] = []
        while True:
            is_apart = self.skip_spaces()
            token = self.peek()
            if token is None or token in ends:
                return out
            name = token.value if token.kind == COMMAND else ""
            if name in table.INFIXES:
                return self._parted(name, out, ends)
            if name in table.SIZES:
                self.position += 1
                self.deeper()
                rest = Row(tuple(self.items(ends)))
                self.depth -= 1
                return [*out, Sized(rest, table.SIZES[name])] if rest.items else out
            if name in table.SWITCHES:
                self.position += 1
                self.alphabet = table.SWITCHES[name]
                continue
            if (node := self.item()) is not None:
                if is_apart and out and self.alphabet in _WITH_WORD_SPACES and _are_words(out[-1], node):
                    out.append(Space(4))
                elif not is_apart and out and (word := joined(out[-1], node)):
                    del out[-1]
                    node = word
                out.append(node)

    def _parted(self, name: str, above: list[Node], ends: frozenset[Token]) -> list[Node]:
        self.position += 1
        self.deeper()
        below = self.items(ends)
        self.depth -= 1
        if not above or not below:
            raise NotMathematics(f"\\{name} has nothing above or below it")
        has_line, fences = table.INFIXES[name]
        return [Fraction(Row(tuple(above)), Row(tuple(below)), has_line=has_line, fences=fences)]

    def item(self) -> Node | None:
        """Read an atom with its scripts; None where it says nothing."""
        token = self.peek()
        leads = (
            token is not None and token.kind == OTHER and (token.value in _SCRIPTS or token.value in PRIMES)
        )
        base = None if leads else self.atom()
        base = self._with_limits(base)
        if base == Row(()) or isinstance(base, Space):
            scripts = self._scripted(None)
            if scripts is None:
                return base
            return Row((base, scripts)) if isinstance(base, Space) else scripts
        return self._scripted(base)

    def _with_limits(self, base: Node | None) -> Node | None:
        start = self.position
        self.skip_spaces()
        token = self.peek()
        if isinstance(base, Sign | Function) and token in ((COMMAND, "limits"), (COMMAND, "nolimits")):
            self.position += 1
            return replace(base, limits=token == (COMMAND, "limits"))
        self.position = start
        return base

    def _scripted(self, base: Node | None) -> Node | None:
        """Read the scripts of a base; further ones of a kind are those of the whole."""
        below: Node | None = None
        above: Node | None = None
        primes = more_levels = 0

        def whole() -> Node | None:
            has_scripts = below is not None or above is not None or primes > 0
            return Scripts(base, below, above, primes) if has_scripts else base

        while True:
            start = self.position
            self.skip_spaces()
            kind, value = self.peek() or (0, "")
            if kind != OTHER:
                break
            if value in PRIMES:
                self.position += 1
                primes += PRIMES[value]
            elif value == "^" or value in RAISED:
                if above is not None:
                    base, below, above, primes = whole(), None, None, 0
                    self.deeper()
                    more_levels += 1
                more, above = self._raised(value)
                primes += more
            elif value == "_" or value in LOWERED:
                if below is not None:
                    base, below, above, primes = whole(), None, None, 0
                    self.deeper()
                    more_levels += 1
                below = self._script(value, LOWERED)
            else:
                break
        self.position = start
        self.depth -= more_levels
        return whole()

    def _script(self, value: str, characters: dict[str, str]) -> Node:
        if value in _SCRIPTS:
            self.position += 1
            node = self.argument()
            return Sign("circ") if node == Sign("degree") else node
        run = ""
        while (token := self.peek()) and token.kind == OTHER and token.value in characters:
            run += characters[token.value]
            self.position += 1
        return unwrapped(self.read_apart(run))

    def _raised(self, value: str) -> tuple[int, Node | None]:
        """Read what stands above: its primes, and the rest."""
        node = self._script(value, RAISED)
        items = list(node.items) if isinstance(node, Row) else [node]
        primes = 0
        while items and (items[0] == Sign("prime") or _primes_alone(items[0])):
            primes += 1 if isinstance(items[0], Sign) else items[0].primes  # type: ignore[union-attr]
            del items[0]
        if primes and not items:
            return primes, None
        return primes, unwrapped(Row(tuple(items))) if primes else node

    def argument(self) -> Node:
        """Read what belongs to a command or script: a group, or of letters and digits the first alone."""
        self.skip_spaces()
        token = self.peek()
        if token == (OTHER, "{"):
            return unwrapped(self.group())
        if token and token.kind in (WORD, NUMBER) and len(token.value) > 1:
            self.part(token, 1)
        node = self.atom()
        if node is None:
            raise NotMathematics("an argument is missing")
        return node

    def group(self) -> Row:
        """Read what stands in braces; alphabets that begin in it end with it."""
        saved = self.alphabet
        self.expect("{")
        self.deeper()
        row = Row(tuple(self.items(frozenset({_CLOSING_BRACE}))))
        self.expect("}")
        self.depth -= 1
        self.alphabet = saved
        return row

    def in_alphabet(self, alphabet: Alphabet) -> Node:
        """Read an argument in an alphabet."""
        saved, self.alphabet = self.alphabet, alphabet
        node = self.argument()
        self.alphabet = saved
        return node

    def atom(self) -> Node | None:
        """Read one thing without its scripts; None for what says nothing."""
        token = self.take()
        if token.kind != COMMAND:
            return self._sign(token)
        self.deeper()
        node = self._read_command(self, token.value)
        self.depth -= 1
        return node

    def _sign(self, token: Token) -> Node | None:
        kind, value = token
        if kind == WORD:
            return self._letters(token)
        if kind == NUMBER:
            return Number(value, "" if self.alphabet in _WITH_WORD_SPACES else self.alphabet)
        if kind == ESCAPE:
            return self._escaped(token)
        if value == "{" or value in RAISED or value in LOWERED:
            # A script without a base is read as one.
            self.position -= 1
            return self.group() if value == "{" else None
        return read_character(value, self.alphabet)

    def _letters(self, token: Token) -> Node:
        """Read letters: two side by side are a product, three or more, and all in an alphabet, are a name."""
        if not self.alphabet and len(token.value) == 2:
            self.position -= 1
            self.part(token, 1)
            self.position += 1
            return Identifier(token.value[0])
        return Identifier(token.value, self.alphabet)

    def _escaped(self, token: Token) -> Node:
        if token.value in _ESCAPED_SIGNS:
            return Sign(_ESCAPED_SIGNS[token.value])
        if token.value in table.SPACES:
            return Space(table.SPACES[token.value])
        raise NotMathematics(f"{token.shown} is not allowed here")

    def known(self, name: str) -> Node | None:
        """Return the sign, letter or function that a command without arguments means."""
        if name in COMMAND_SIGNS:
            return Sign(COMMAND_SIGNS[name])
        if name in COMMAND_LETTERS:
            return letter(COMMAND_LETTERS[name], self.alphabet)
        if name in FUNCTIONS:
            return Function(FUNCTIONS[name])
        return None

    def delimiter(self) -> str:
        """Read a delimiter: its name, or nothing for a point."""
        self.skip_spaces()
        token = self.take()
        if token == (OTHER, "."):
            return ""
        name = {
            OTHER: {"<": "langle", ">": "rangle"}.get(token.value) or CHARACTER_SIGNS.get(token.value),
            ESCAPE: _ESCAPED_SIGNS.get(token.value),
            COMMAND: COMMAND_SIGNS.get(token.value),
        }.get(token.kind)
        if name not in DELIMITERS:
            raise NotMathematics(f"{token.shown} is not a delimiter")
        return str(name)


def unwrapped(row: Row) -> Node:
    """Return the one thing that a row holds, or the row."""
    return row.items[0] if len(row.items) == 1 else row


def _are_words(left: Node, right: Node) -> bool:
    """Tell whether two things that stand apart are words or numbers: without a space they would be read as one."""
    return all(
        isinstance(each.base if isinstance(each, Scripts) else each, Identifier | Number | Words)
        for each in (left, right)
    )


def _primes_alone(node: Node) -> bool:
    return isinstance(node, Scripts) and node == Scripts(None, primes=node.primes)
