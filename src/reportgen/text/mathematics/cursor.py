"""A place in the tokens of a formula, and how deep it lies."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportgen.text.mathematics.tokens import OTHER, SPACE, NotMathematics, Token, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 30
MOST_COPIES = 3
"""TeX sets a root with an index, and words, four times over, and so on with those inside it."""


class Cursor:
    """Tokens, and the place of the next one; ``depth`` counts levels of the tree."""

    def __init__(self, source: str) -> None:
        self.tokens: list[Token] = tokens_of(source)
        self.position = 0
        self.depth = 0
        self.copies = 0

    def peek(self) -> Token | None:
        """Return the next token, or None at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> Token:
        """Return the next token, and go on."""
        token = self.peek()
        if token is None:
            raise NotMathematics("it ends too early")
        self.position += 1
        return token

    def skip_spaces(self) -> bool:
        """Go on to what is not blank; tell whether there were blanks."""
        start = self.position
        while (token := self.peek()) and token.kind == SPACE:
            self.position += 1
        return self.position > start

    def next_is(self, value: str, kind: int = OTHER) -> bool:
        """Tell whether a token comes next, and take it."""
        self.skip_spaces()
        is_there = self.peek() == (kind, value)
        self.position += is_there
        return is_there

    def expect(self, value: str) -> None:
        """Take a sign that must come next."""
        if not self.next_is(value):
            raise NotMathematics(f"{value} is missing")

    def raw_group(self) -> str:
        """Return the words in braces as they were written."""
        self.expect("{")
        return self.raw_until("}")

    def raw_until(self, end: str) -> str:
        """Return what stands before a sign at the same depth of braces, as it was written; the sign is taken."""
        out = ""
        depth = 0
        while (token := self.take()) != (OTHER, end) or depth:
            depth += {"{": 1, "}": -1}.get(token.value, 0) if token.kind == OTHER else 0
            out += token.shown
        return out

    def part(self, token: Token, length: int) -> None:
        """Part the next token in two. TeX takes one character: x^10 is x to the one, then a nought."""
        pieces = (token.value[:length], token.value[length:])
        self.tokens[self.position : self.position + 1] = [Token(token.kind, piece) for piece in pieces]

    def deeper(self) -> None:
        """Count a level of the tree."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotMathematics("it nests too deeply")

    @contextmanager
    def copied(self, what: str) -> Iterator[None]:
        """Count a level of what TeX sets several times over, and again what is of the kind within it."""
        self.copies += 1
        if self.copies > MOST_COPIES:
            raise NotMathematics(f"it nests {what} too deeply")
        yield
        self.copies -= 1
