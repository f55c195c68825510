"""Comments in a .bib file: ``% comments`` inside entries, and ``@comment`` blocks; blanked, line by line.

As biber reads them: a percent sign between the fields of an entry begins a comment, one inside a value is a percent
sign; an ``@comment`` reaches to the brace that closes it, whatever stands in it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_START = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*@comment[ \t]*\{", re.MULTILINE | re.IGNORECASE)
_BRACE = re.compile(r"\\[{}\\]|[{}]")
_PERCENT = re.compile(r"(?<!\\)%")
_SIGN = re.compile(r"\\.|[{}\"%]", re.DOTALL)
_ENTRY = re.compile(r"@(?!string|preamble|comment)\w+\s*[{(]\s*([^\s,{}()]+)\s*,", re.IGNORECASE)


class Cleaned(NamedTuple):
    """A text whose comments are blanks, and the entries that stand in ``@comment`` blocks: line and keys."""

    text: str
    put_aside: tuple[tuple[int, tuple[str, ...]], ...] = ()


def without_comments(text: str) -> Cleaned:
    """Blank all comments, so that every line keeps its number."""
    put_aside: list[tuple[int, tuple[str, ...]]] = []
    if "@comment" in text.lower():
        text = _without_blocks(text, put_aside)
    starts = [match.start() for match in _START.finditer(text)] if _PERCENT.search(text) else []
    if starts:
        ends = [*starts[1:], len(text)]
        pieces = [text[: starts[0]]]
        for start, end in zip(starts, ends, strict=True):
            piece = text[start:end]
            pieces.append(_without_percent(piece) if _PERCENT.search(piece) else piece)
        text = "".join(pieces)
    return Cleaned(text, tuple(put_aside))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_blocks(text: str, put_aside: list[tuple[int, tuple[str, ...]]]) -> str:
    pieces: list[str] = []
    position, line = 0, 1
    while match := _COMMENT.search(text, position):
        end = _end_of_block(text, match.end())
        if end is None:  # the brace never closes: the parser says so
            break
        line += text.count("\n", position, match.start())
        block = text[match.start() : end]
        if keys := tuple(_ENTRY.findall(block)):
            put_aside.append((line, keys))
        pieces += [text[position : match.start()], _blank(block)]
        position = end
        line += block.count("\n")
    return "".join((*pieces, text[position:]))


def _end_of_block(text: str, start: int) -> int | None:
    depth = 1
    for found in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None


def _without_percent(entry: str) -> str:
    """Blank the comments between the fields of one entry; behind its end the text stays."""
    opening = re.search(r"[{(]", entry)
    if opening is None:
        return entry
    pieces, position = [entry[: opening.end()]], opening.end()
    depth, quoted = 1, False
    place = position
    while depth and (found := _SIGN.search(entry, place)):
        sign, place = found[0], found.end()
        if sign in "{}" and not (quoted and depth == 1 and sign == "}"):
            depth += 1 if sign == "{" else -1
        elif sign == '"' and depth == 1:
            quoted = not quoted
        elif sign == "%" and depth == 1 and not quoted:
            place = (entry.find("\n", place) + 1 or len(entry) + 1) - 1
            pieces += [entry[position : found.start()], " " * (place - found.start())]
            position = place
    return "".join((*pieces, entry[position:]))
