r"""Lines whose words run both ways: each part of a paragraph gets its embedding level, which ``\Run`` hands to TeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.latex.escaping import Latex, escape_breakable
from reportgen.text.direction import OBJECT, direction_of, is_apart, prints_turned, unwrapped
from reportgen.text.inline import plain_text
from reportgen.text.mathematics import Formula
from reportgen.text.tree import Isolated, LineBreak, Strike, Subscript, Superscript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.text.templates import Writer
    from reportgen.text.tree import Direction, Inlines

_LONG_WORD = 30
"""Of so many characters a word may need a break within it."""
_LAST_BREAK = Latex("\\penalty2000 ")
"""Taken where no other break is; a larger one in each of many lines is more than TeX can add up."""
_BLANK = re.compile(r"\s")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*")
_ENDS = ".,;:!?)]"
_MARKS = re.compile("([\u061c\u200e\u200f])")
_EDGE = Latex("\\kern0pt ")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one embedding level."""

    level: int
    content: tuple[Any, ...]


def set_paragraph(writer: Writer, content: str | Inlines, default: Direction = "ltr") -> Latex:
    """Write the words of a paragraph, each part in its direction; ``default`` is that of one without letters."""
    content = (content,) if isinstance(content, str) else content
    if default == "ltr" and not prints_turned(plain_text(content)):
        return Latex(writer.write(_breakable(content)))
    way = direction_of(content, default)
    command = "Rtl" if way == "rtl" else "Ltr"
    return Latex(
        f"\\{command}{{{writer.write(_levelled(unwrapped(content), int(way == 'rtl'), writer.remember))}}}"
    )


def _breakable(content: Inlines) -> tuple[Any, ...]:
    """Let a line break beside a formula, at worst, where many of them and words stand without a blank."""
    if not any(isinstance(node, Formula) for node in content):
        return content
    out: list[Any] = []
    length = 0  # of what stands without a blank up to here
    was_formula = False
    for node in content:
        if is_formula := isinstance(node, Formula):
            words = [_COMMAND.sub("x", node.source)]
        else:
            words = _BLANK.split(node if isinstance(node, str) else " ")
        # A full stop goes with the formula before it.
        if length > _LONG_WORD and (is_formula or (was_formula and words[0].strip(_ENDS))):
            out.append(_LAST_BREAK)
        out.append(node)
        length = len(words[-1]) + (length if len(words) == 1 else 0)
        was_formula = is_formula
    return tuple(out)


def set_isolated(writer: Writer, content: Inlines, way: Direction) -> Latex:
    """Write words that stand in a text of any direction, kept apart from it."""
    base = 1 if way == "rtl" else 2
    return Latex(writer.write((Run(base, _levelled(content, base, writer.remember)),)))


def escape_either_way(text: str) -> Latex:
    """Escape plain text of any direction, which is kept apart from what stands around it."""
    if not prints_turned(text):
        return escape_breakable(text)
    return _pieces((text,), 1 if direction_of(text) == "rtl" else 2)


def _pieces(content: tuple[str, ...], base: int) -> Latex:
    parts = _levelled(content, base, lambda _: None)
    written = (
        f"\\Run{{{part.level}}}{{{''.join(part.content)}}}" if isinstance(part, Run) else part
        for part in parts
    )
    return Latex(f"\\Run{{{base}}}{{{''.join(written)}}}")


def set_code(writer: Writer, text: str) -> Latex:
    """Write a piece of a program: it runs from left to right whatever it begins with."""
    if not prints_turned(text):
        return Latex(writer.write(text))
    writer.remember(text)
    return _pieces((text,), 2)


def layout(node: Any, default: Direction = "ltr") -> Latex:
    """Return what lays out all paragraphs of a list or a table whose first letter is one from right to left.

    In others each paragraph stands as its own letters do.
    """
    return Latex("\\RightToLeftLayout" if direction_of(node, default) == "rtl" else "")


def _levelled(content: Inlines, base: int, remember: Callable[[str], None]) -> tuple[Any, ...]:
    """Return inlines with each text in pieces of one level; what has the level of the whole stands as it is."""
    from reportgen.text.bidi import levels  # a record of Latin letters only does without

    line = "".join(_characters(content))
    return _Levelling(base, line, levels(line, base), remember).inlines(content)


def _characters(content: tuple[Any, ...]) -> Iterator[str]:
    """Yield what stands for each inline in the line whose levels are resolved."""
    for node in content:
        if isinstance(node, Latex) or is_apart(node) or isinstance(node, Isolated):
            yield OBJECT
        elif isinstance(node, str):
            yield _as_shown(node)
        elif isinstance(node, LineBreak):
            yield " "
        else:
            yield from _characters(node.content)


def _as_shown(text: str) -> str:
    """Return the characters that are printed, and the marks that are not but have a direction."""
    if not text:
        return ""
    return "".join(part if _MARKS.match(part) else normalise(part) for part in _MARKS.split(text))


def _inside(base: int, way: Direction) -> int:
    """Return the level of what is kept apart in a text of another level (X5a and X5b)."""
    return base + (1 if (way == "rtl") != (base % 2 == 1) else 2)


class _Levelling:
    """Goes through the inlines of a line along with its levels."""

    def __init__(self, base: int, line: str, levels: list[int], remember: Callable[[str], None]) -> None:
        self._base, self._line, self._levels, self._remember = base, line, levels, remember
        self._place = 0

    def inlines(self, content: Inlines) -> tuple[Any, ...]:
        return tuple(part for node in content for part in self._inline(node))

    def _inline(self, node: Any) -> Iterator[Any]:
        if isinstance(node, Latex) or is_apart(node):
            yield from self._between_edges(self._apart(node))
        elif isinstance(node, Isolated):
            yield from self._between_edges(self._isolated(node))
        elif isinstance(node, str):
            if not node.isspace():
                self._remember(node)
            yield from self._text(len(_as_shown(node)))
        elif isinstance(node, LineBreak):
            self._place += 1
            yield node
        elif isinstance(node, Strike):
            yield from _struck(self.inlines(node.content))
        else:
            yield self._span(node)

    def _span(self, node: Any) -> Any:
        start = self._place
        shown = replace(node, content=self.inlines(node.content))
        # The box of what is raised or lowered belongs to the letters beside it.
        level = min(self._levels[start : self._place], default=self._base)
        is_box = isinstance(node, Subscript | Superscript)
        return Run(level, (shown,)) if is_box and level != self._base else shown

    def _text(self, length: int) -> Iterator[Any]:
        from reportgen.text.bidi import mirrored

        start = self._place
        self._place += length
        for level, run in groupby(range(start, self._place), key=self._levels.__getitem__):
            places = list(run)
            text = self._line[places[0] : places[-1] + 1]
            written = escape_breakable(mirrored(text) if level % 2 else text)
            if written:
                yield written if level == self._base else Run(level, (written,))

    def _apart(self, node: Any) -> Any:
        level = self._levels[self._place]
        return node if level == self._base == 0 else Run(_inside(self._base, "ltr"), (node,))

    def _between_edges(self, shown: Any) -> Iterator[Any]:
        """Part what is kept apart from neighbours of a higher level, with which it would make one run."""
        level = self._levels[self._place]
        before, behind = self._levels[: self._place][-1:], self._levels[self._place + 1 :][:1]
        is_beside = self._place > 0 and self._line[self._place - 1] == OBJECT
        edge = _EDGE if level == self._base else Run(level, (_EDGE,))
        if isinstance(shown, Run) and (is_beside or before > [level]):
            yield edge
        yield shown
        if isinstance(shown, Run) and behind > [level]:
            yield edge
        self._place += 1

    def _isolated(self, node: Isolated) -> Run:
        base = _inside(self._base, node.direction)
        return Run(base, _levelled(node.content, base, self._remember))


def _struck(content: tuple[Any, ...]) -> Iterator[Any]:
    """Strike words through one by one, so that lines can break between them."""
    for part in content:
        words = part.split(" ") if isinstance(part, str) else [part]
        for index, word in enumerate(words):
            if index:
                yield Latex(" ")
            if isinstance(word, Run):
                yield Run(word.level, tuple(_struck(word.content)))
            elif word:
                yield Strike((Latex(word) if isinstance(word, str) else word,))
