"""Words within formulas: text with formulas, raised parts and other letters in it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from reportgen.text.mathematics import commands as table
from reportgen.text.mathematics.tokens import COMMAND, ESCAPE, OTHER, SPACE, WORD, NotMathematics, Token
from reportgen.text.mathematics.tree import Row, Scripts, Space, Words

if TYPE_CHECKING:
    from reportgen.text.mathematics.reader import Reader
    from reportgen.text.mathematics.tree import Alphabet

_DOLLAR = Token(OTHER, "$")
_SPACES = {",": "\u2009", ";": "\u2009", ":": "\u2009", " ": " ", "\n": " ", "!": "", "-": "", "/": ""}


def read_words(reader: Reader, alphabet: Alphabet) -> Words:
    """Read words in braces, or the one letter that comes next."""
    reader.skip_spaces()
    if reader.peek() != (OTHER, "{"):
        token = reader.take()
        if token.kind not in (WORD, OTHER) or token.value in "}$^_&":
            raise NotMathematics("a brace is missing")
        return Words((token.value,), alphabet)
    reader.take()
    reader.deeper()
    parts = _Parts()
    with reader.copied("words"):
        _read_up_to(reader, parts, Token(OTHER, "}"))
    reader.depth -= 1
    return Words(parts.all(), alphabet)


class _Parts:
    """Words as they are read: plain text side by side is one part."""

    def __init__(self) -> None:
        self._parts: list[str | Row] = []
        self.mark = ""

    def add(self, text: str) -> None:
        if self.mark and text:
            text, self.mark = unicodedata.normalize("NFC", text[0] + self.mark) + text[1:], ""
        if self._parts and isinstance(last := self._parts[-1], str):
            self._parts[-1] = last + text
        elif text:
            self._parts.append(text)

    def add_row(self, row: Row) -> None:
        self._parts.append(row)

    def all(self) -> tuple[str | Row, ...]:
        return tuple(self._parts)


def _read_up_to(reader: Reader, parts: _Parts, end: Token) -> None:
    while (token := reader.take()) != end:
        kind, value = token
        if kind == SPACE:
            parts.add(" ")
        elif kind == COMMAND:
            _command(reader, parts, value)
        elif kind == ESCAPE:
            _escaped(parts, token)
        elif token == _DOLLAR:
            parts.add_row(_formula(reader))
        elif value == "{":
            reader.deeper()
            _read_up_to(reader, parts, Token(OTHER, "}"))
            reader.depth -= 1
        elif kind == OTHER and not _is_printed(value):
            raise NotMathematics(f"{token.shown} is not allowed in words")
        else:
            parts.add("\u00a0" if value == "~" else value)


def _is_printed(value: str) -> bool:
    return value not in {"}", "#"} and all(
        unicodedata.category(each)[0] != "C" or each in "\u200c\u200d" for each in value
    )


def _formula(reader: Reader) -> Row:
    saved, reader.alphabet = reader.alphabet, ""
    row = Row(tuple(reader.items(frozenset({_DOLLAR}))))
    reader.expect("$")
    reader.alphabet = saved
    return row


def _escaped(parts: _Parts, token: Token) -> None:
    if token.value in _SPACES:
        parts.add(_SPACES[token.value])
    elif token.value in "%&#_{}$":
        parts.add(token.value)
    elif token.value in table.TEXT_ACCENTS:
        parts.mark = table.TEXT_ACCENTS[token.value]
    else:
        raise NotMathematics(f"{token.shown} is not allowed in words")


def _command(reader: Reader, parts: _Parts, name: str) -> None:
    if name in table.TEXTS or name in table.RAISED_TEXTS:
        _nested(reader, parts, name)
        return
    if name in table.LETTER_ACCENTS:
        parts.mark = table.LETTER_ACCENTS[name]
    elif name == "ensuremath":
        parts.add_row(reader.group())
    elif known := reader.known(name):
        parts.add_row(Row((known,)))
    elif name == "not":
        reader.position -= 1
        parts.add_row(Row(tuple(filter(None, [reader.atom()]))))
        return
    elif (said := _said(name)) is not None:
        parts.add(said)
    else:
        raise NotMathematics(f"\\{name} is not in the list of allowed commands")
    # The blanks behind a command belong to it.
    reader.skip_spaces()


def _said(name: str) -> str | None:
    """Return what a command is in words, which may be nothing; None where it means something else."""
    if name in table.WORDS:
        return table.WORDS[name]
    if name in table.SPACES:
        return " " if table.SPACES[name] > 0 else ""
    return "" if name in table.SWITCHES or name in table.IGNORED else None


def _nested(reader: Reader, parts: _Parts, name: str) -> None:
    """Read words within words: plain ones go on with those around them."""
    if name in table.RAISED_TEXTS:
        parts.add_row(Row((raised_words(reader, name),)))
        return
    words = read_words(reader, table.TEXTS[name])
    if words.alphabet == "upright" and all(isinstance(each, str) for each in words.parts):
        parts.add("".join(map(str, words.parts)))
    else:
        parts.add_row(Row((words,)))


def raised_words(reader: Reader, name: str) -> Scripts:
    r"""Read what ``\textsuperscript`` and ``\textsubscript`` raise and lower."""
    words = read_words(reader, "upright")
    return Scripts(None, above=words) if name == "textsuperscript" else Scripts(None, below=words)


def read_length(reader: Reader) -> Space:
    """Read a length, in braces or not, as a space."""
    in_braces = reader.next_is("{")
    reader.skip_spaces()
    said = ""
    while (token := reader.peek()) and (token.kind != WORD or not said) and token != (OTHER, "}"):
        if token.kind == WORD or (token.kind == SPACE and said[-1:].isdigit() and not in_braces):
            break
        said += reader.take().value
    reader.skip_spaces()
    token = reader.take()
    unit = token.value[:2]
    if token.kind != WORD or unit not in table.UNITS:
        raise NotMathematics("a length is missing")
    if len(token.value) > len(unit):
        reader.position -= 1
        reader.tokens[reader.position] = Token(WORD, token.value[len(unit) :])
    if in_braces:
        reader.raw_until("}")
    try:
        width = round(float(said.replace(" ", "").replace(",", ".")) * table.UNITS[unit])
    except ValueError:
        raise NotMathematics("a length is missing") from None
    return Space(max(-table.WIDEST_BACK, min(width, table.WIDEST_SPACE)))
