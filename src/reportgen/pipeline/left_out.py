"""Words of a content tree that a project's own templates leave out of the page."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, Where
from reportgen.latex.render import LATEX
from reportgen.text.report import Claim
from reportgen.text.templates import names_of
from reportgen.text.tree import Block, Isolated, Link, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reportgen.base.own_templates import OwnTemplates
    from reportgen.latex.render import Body
    from reportgen.text.report import Report

HINT = (
    "a loop or a condition of the template may pass them over; to leave them out on purpose, "
    'set `field-unprinted` to "ignore" in `levels`'
)
_WORDS = ("content", "cells")
"""The fields that hold what a block is there to say; what else it carries a house may leave out."""


def left_out(
    tree: Report, body: Body, own: OwnTemplates | None, where: Callable[[str], Where]
) -> list[Problem]:
    """Warn of each block within the project's own templates whose words are not printed; ``where`` places a pointer."""
    if not own:
        return []
    page = _Page(body)
    names = frozenset(own.names)
    return [
        _problem(block, template, words, where(pointer))
        for block, template, pointer in _own_blocks(tree.bands, "", "", names)
        for words in _lost(block, pointer, page)
    ]


def _problem(block: Block, template: str, words: str, where: Where) -> Problem:
    whose = f" of {block.label}" if isinstance(block, Claim) else ""
    message = f"{template} does not print the words{whose} {words[:60]!r}"
    return Problem("field-unprinted", Level.WARNING, where, message, HINT)


class _Page:
    """What was printed, by the field of the record that it shows."""

    def __init__(self, body: Body) -> None:
        by_pointer: dict[str, list[str]] = {pointer: [] for pointer in body.reached}
        for each in body.printed:
            by_pointer.setdefault(each.pointer, []).append(each.text)
        self._said = {pointer: _skeleton("".join(texts)) for pointer, texts in by_pointer.items()}
        self._all = "\n".join(self._said.values())

    def holds(self, words: str, pointer: str) -> bool:
        """Look where the words belong; anywhere where no block of it was reached: one around it may write them."""
        return _skeleton(words) in self._said.get(pointer, self._all)


def _skeleton(text: str) -> str:
    return "".join(text.split())


def _lost(block: Block, pointer: str, page: _Page) -> Iterator[str]:
    """Yield the first words of a field of the block that are not printed."""
    for name in _WORDS:
        lost = (text for text in _texts(getattr(block, name, ())) if not page.holds(text, pointer))
        if (text := next(lost, None)) is not None:
            yield text


def _texts(content: Any) -> Iterator[str]:
    """Yield the words of inlines; of numbers and signs each output says something else."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, Span | Link | Isolated):
        yield from _texts(content.content)


def _own_blocks(
    node: Any, template: str, pointer: str, own: frozenset[str]
) -> Iterator[tuple[Block, str, str]]:
    """Yield the blocks that own templates write, or are to hand on, each with the innermost one and its pointer."""
    if isinstance(node, tuple):
        for part in node:
            yield from _own_blocks(part, template, pointer, own)
    elif isinstance(node, Block):
        template = next((name for name in names_of(node, LATEX) if name in own), template)
        pointer = node.at or pointer
        if template:
            yield node, template, pointer
        for field in dataclasses.fields(node):
            yield from _own_blocks(getattr(node, field.name), template, pointer, own)
