"""The authors' own Markdown, read into blocks with its citations and references."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from reportgen.content.exhibits import figure_block, own_exhibit, table_block
from reportgen.content.references import cite, claim_anchor, named_in_text
from reportgen.sources.citation import is_place
from reportgen.text.inline import joined
from reportgen.text.markdown import parse_markdown
from reportgen.text.report import blocks_in
from reportgen.text.tree import (
    Code,
    CodeBlock,
    CrossReference,
    Definition,
    Equation,
    Heading,
    NoteItem,
    Paragraph,
    Row,
    Superscript,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.content.inputs import Inputs
    from reportgen.sources import Reference
    from reportgen.text.markdown import Cited, Image
    from reportgen.text.tree import Block, Blocks, Inline, Inlines


def prose(inputs: Inputs, at: str, *, level: int = 4) -> Blocks:
    """Read a Markdown text of the record by its JSON pointer; ``level`` is that of its highest headings."""
    text = inputs.record.markdown_texts[at]
    name = at.strip("/").replace("/", "-")
    return parse_markdown(text, _Links(inputs), at=at, name=name, level=level)


def line(inputs: Inputs, at: str) -> Inlines:
    """Read a Markdown text of one paragraph, such as a caption; of all other blocks the words are kept."""
    return joined(tuple(filter(None, map(_words, blocks_in(prose(inputs, at))))), " ")


def _words(block: Block) -> Inlines:
    """Return what a block says itself; what stands in it is said by its own blocks."""
    said: Inlines = ()
    match block:
        case Paragraph(content=content) | Heading(content=content):
            said = content
        case CodeBlock(text=text):
            said = (Code(text.strip("\n")),)
        case Equation(formula=formula):
            said = (formula,)
        case Definition(term=term):
            said = _inline(term)
        case NoteItem(label=label):
            said = (Superscript((label,)),)
        case Table(columns=columns):
            said = joined(tuple(_inline(column.heading) for column in columns), " ")
        case Row(cells=cells):
            said = joined(cells, " ")
    return said


def _inline(words: str | Inlines) -> Inlines:
    return (words,) if isinstance(words, str) else words


class _Links:
    """The references, the claims and the anchored blocks of one report."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def cite(self, cited: Sequence[Cited], *, in_brackets: bool) -> Inlines | None:
        """Return the numbers of works in brackets, and the places that the keys name, in the order given."""
        found = [self._place(each.key) or self._inputs.bibliography.find(each.key) for each in cited]
        if None in found:
            return None
        if not in_brackets:
            return self._said(cited[0], found[0])
        parts: list[Inlines] = []
        works: list[tuple[Cited, Reference]] = []
        for each, target in zip(cited, found, strict=True):
            if isinstance(target, CrossReference):
                parts += [_works(works)] if works else []
                works = []
                parts.append((each.before, target, each.behind))
            elif target is not None:
                works.append((each, target))
        parts += [_works(works)] if works else []
        return joined(tuple(parts), ", ")

    def _said(self, cited: Cited, target: CrossReference | Reference | None) -> Inlines | None:
        """Return what a key without brackets says in its sentence: a place, or a work by its authors' names."""
        if target is None or isinstance(target, CrossReference):
            return (target, cited.behind) if target else None
        name = named_in_text(target, self._inputs.wording)
        behind = f", {cited.behind.strip(' []')}" if cited.behind else ""
        return joined(tuple(filter(None, (name, _works([(replace(cited, behind=behind), target)])))), " ")

    def place(self, image: Image, at: str) -> Blocks | None:
        """Return the figure or the table that a text shows."""
        inputs = self._inputs
        if image.source.startswith("#"):
            own = own_exhibit(inputs, image.source.removeprefix("#"))
            return (own,) if own else None
        if image.source in inputs.exhibits.tables:
            return (table_block(inputs, image.source, image.caption, anchor=image.id, at=at),)
        if image.source in inputs.pictures:
            width = image.attributes.get("width", "")
            return (
                figure_block(
                    inputs, image.source, image.caption, alt=image.alt, width=width, anchor=image.id, at=at
                ),
            )
        return None

    def _place(self, key: str) -> CrossReference | None:
        """Return a reference to a place, which prints its key until places have their numbers."""
        if index := self._claims.get(key.removeprefix("claim-") if key.startswith("claim-") else "", 0):
            return CrossReference(f"C{index}", claim_anchor(self._inputs.record, index - 1), f"C{index}")
        return CrossReference(f"@{key}", key, f"@{key}") if is_place(key) else None

    @cached_property
    def _claims(self) -> dict[str, int]:
        return {claim.id: index for index, claim in enumerate(self._inputs.record.claims, 1)}


def _works(works: Sequence[tuple[Cited, Reference]]) -> Inlines:
    """Cite works in one pair of brackets, the author's words around each number."""
    numbers = cite([reference for _, reference in works])
    if not any(each.before or each.behind for each, _ in works):
        return (numbers,)
    out: list[Inline] = []
    for (each, _), reference in zip(works, numbers.references, strict=True):
        out += ["; " if out else "[", each.before, reference, each.behind]
    return (*(part for part in out if part), "]")
