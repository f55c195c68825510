"""Markdown read into the content tree: sections, summaries, and all that a record's authors write at length."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

from reportgen.text.markdown_lines import span, trimmed
from reportgen.text.markdown_parser import tokens_of
from reportgen.text.markdown_parser.token_rules import CAPTION
from reportgen.text.mathematics import Formula
from reportgen.text.tree import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    Column,
    CrossReference,
    Definition,
    DefinitionList,
    Equation,
    Heading,
    Inline,
    Inlines,
    ItemList,
    LineBreak,
    NoteItem,
    NoteList,
    Paragraph,
    Quote,
    Row,
    Rule,
    Strong,
    Subscript,
    Superscript,
    Table,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_DEEPEST_EMPHASIS = 8
_RAISED = {"sub": Subscript, "sup": Superscript}
_ALERT = re.compile(r"\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]")


@dataclass(frozen=True, slots=True)
class Cited:
    """A key that is cited, and the author's words before and behind it."""

    key: str
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A file, or by ``#id`` one of the record's tables and figures, that is to stand at a place of the text."""

    source: str
    caption: Inlines
    alt: str
    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class Links(Protocol):
    """The references of a text to what lies outside it; each answer is None where there is no such thing."""

    def cite(self, cited: Sequence[Cited], *, in_brackets: bool) -> Inlines | None:
        """Return the citation of keys that stand together, or the places in the report that they name."""

    def place(self, image: Image, at: str) -> Blocks | None:
        """Return a figure or a table."""


def parse_markdown(text: str, links: Links, *, at: str = "", name: str = "text", level: int = 4) -> Blocks:
    """Read a text as blocks that point ``at`` its field.

    ``name`` begins the anchors of its notes; ``level`` is that of its highest headings.
    """
    tokens = tokens_of(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    return _Reader(links, at, name, level - min(levels, default=0)).blocks(tokens)


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    raise AssertionError("unbalanced tokens")


def _children(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Yield the blocks of a level, each with what it holds."""
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        yield tokens[position], tokens[position + 1 : end]
        position = end + 1


class _Reader:
    """Reads the tokens of one text."""

    def __init__(self, links: Links, at: str, name: str, rise: int) -> None:
        self._links, self._at, self._name, self._rise = links, at, name, rise

    def blocks(self, tokens: Sequence[Token]) -> Blocks:
        """Read the blocks of a level; a line of caption above or below a table is the table's."""
        out: list[Block] = []
        caption: Token | None = None
        for token, inner in _children(tokens):
            place = inner[0].meta.get("caption") if token.type == "paragraph_open" else None
            if place == "below":
                caption = inner[0]
            elif place == "above":
                out[-1] = self._captioned(out[-1], inner[0])
            else:
                out += self._block(token, inner)
                if caption and token.type == "table_open":
                    out[-1] = self._captioned(out[-1], caption)
                caption = None
        return tuple(out)

    def _captioned(self, block: Block, inline: Token) -> Block:
        first, *others = self._inlines(inline.children or [])
        words = CAPTION.sub("", str(first), count=1)
        caption = trimmed((words, *others) if words else tuple(others))
        return replace(block, caption=caption, id=inline.meta.get("id", ""))  # type: ignore[call-arg]

    def _block(self, token: Token, inner: Sequence[Token]) -> Blocks:
        block: Block
        match token.type:
            case "paragraph_open":
                return self._paragraph(inner[0])
            case "display":
                return self._equation(token)
            case "heading_open":
                block = self._heading(token, inner[0])
            case "bullet_list_open":
                block = ItemList(tuple(self._items(inner)), at=self._at)
            case "ordered_list_open":
                block = ItemList(tuple(self._items(inner)), int(token.attrs.get("start", 1)), at=self._at)
            case "dl_open":
                block = DefinitionList(tuple(self._definitions(inner)), at=self._at)
            case "table_open":
                block = self._table(inner)
            case "footnote_block_open":
                block = NoteList(tuple(self._notes(inner)), at=self._at)
            case _:
                block = self._simple(token, inner)
        return (block,)

    def _simple(self, token: Token, inner: Sequence[Token]) -> Block:
        match token.type:
            case "blockquote_open":
                return Quote(_alert(self.blocks(inner)), at=self._at)
            case "fence" | "code_block":
                return CodeBlock(token.content.expandtabs(), token.info.strip(), at=self._at)
            case "hr":
                return Rule(at=self._at)
        raise AssertionError(f"a block that is not known: {token.type}")

    def _heading(self, token: Token, inline: Token) -> Block:
        content = trimmed(self._inlines(inline.children or []))
        if not content:
            return Paragraph((token.markup,), at=self._at)
        level = min(6, int(token.tag[1]) + self._rise)
        return Heading(level, content, id=inline.meta.get("id", ""), at=self._at)

    def _paragraph(self, inline: Token) -> Blocks:
        """Read a paragraph; images and mathematics on display part it, and what is emphasised around them, too."""
        out: list[Block] = []
        held: list[Token] = []
        opened: list[Token] = []
        for child in inline.children or []:
            if (apart := self._apart(child)) is None:
                held.append(child)
                if child.nesting > 0:
                    opened.append(child)
                elif child.nesting < 0:
                    opened.pop()
            else:
                left = list(opened)
                while left and held and held[-1] is left[-1]:
                    held.pop()
                    left.pop()
                closing = [replace(each, nesting=-1) for each in reversed(left)]
                out += [*self._words([*held, *closing]), *apart]
                held = [*opened]
        return (*out, *self._words(held))

    def _words(self, children: Sequence[Token]) -> Blocks:
        content = trimmed(self._inlines(children))
        return (Paragraph(content, at=self._at),) if content else ()

    def _apart(self, token: Token) -> Blocks | None:
        """Return the block that stands for a token, or None where it stands in its line."""
        if token.type == "display":
            return self._equation(token)
        if token.type == "image":
            return self._links.place(self._image(token), self._at)
        return None

    def _image(self, token: Token) -> Image:
        caption = self._inlines(token.children or [])
        attributes = token.meta["attributes"]
        alt = attributes.get("alt") or attributes.get("fig-alt") or str(token.attrGet("title") or "")
        return Image(str(token.attrGet("src") or ""), caption, alt, token.meta["id"], attributes)

    def _equation(self, token: Token) -> Blocks:
        if token.meta["problem"]:
            return (Paragraph((token.meta["source"],), at=self._at),)
        return (Equation(_formula(token), id=token.meta["id"], at=self._at),)

    def _items(self, inner: Sequence[Token]) -> Iterator[Blocks]:
        for _, tokens in _children(inner):
            item = self.blocks(tokens)
            first = item[0] if item else None
            if (
                isinstance(first, Paragraph)
                and isinstance(first.content[0], str)
                and (match := _TASK.match(first.content[0]))
            ):
                rest = trimmed((first.content[0][match.end() :], *first.content[1:]))
                task = Task(match[1] != " ")
                yield (replace(first, content=(task, " ", *rest) if rest else (task,)), *item[1:])
            else:
                yield item

    def _table(self, inner: Sequence[Token]) -> Table:
        head, *rows = [
            [cell for _, row in _children(part) for cell in [list(_children(row))]]
            for _, part in _children(inner)
        ]
        columns = tuple(
            Column(self._inlines(cell[0].children or []), align=_alignment(opening))
            for opening, cell in head[0]
        )
        cells = [
            tuple(self._inlines(cell[0].children or []) for _, cell in row) for part in rows for row in part
        ]
        return Table(columns, tuple(Row(row, at=self._at) for row in cells), at=self._at)

    def _definitions(self, inner: Sequence[Token]) -> Iterator[Definition]:
        term: Inlines = ()
        values: list[Blocks] = []
        for token, held in _children(inner):
            if token.type == "dd_open":
                values.append(self.blocks(held))
                continue
            if term:
                yield Definition(term, tuple(values), at=self._at)
            term, values = self._inlines(held[0].children or []), []
        yield Definition(term, tuple(values), at=self._at)

    def _notes(self, inner: Sequence[Token]) -> Iterator[NoteItem]:
        for token, held in _children(inner):
            number = token.meta["id"] + 1
            blocks = self.blocks([each for each in held if each.type != "footnote_anchor"])
            yield NoteItem(str(number), blocks, id=self._note(number), at=self._at)

    def _note(self, number: int) -> str:
        return f"{self._name}-note-{number}"

    def _inlines(self, tokens: Sequence[Token]) -> Inlines:
        """Read the inline markup of one block, token by token."""
        # What is open, from the outside in: the token that opened it, and what it holds so far.
        opened: list[tuple[Token | None, list[Inline]]] = [(None, [])]
        for token in tokens:
            held = opened[-1][1]
            if token.nesting > 0:
                # Emphasis in very deep emphasis says nothing more.
                is_idle = token.type != "link_open" and len(opened) > _DEEPEST_EMPHASIS
                opened.append((token, held if is_idle else []))
            elif token.nesting < 0:
                opening, _ = opened.pop()
                outer = opened[-1][1]
                # Emphasis around a picture or a formula on display alone has nothing else to hold.
                if held is not outer and opening and (held or opening.type == "link_open"):
                    outer.extend(span(opening, tuple(held)))
            else:
                held.extend(self._leaf(token))
        return tuple(opened[0][1])

    def _leaf(self, token: Token) -> Inlines:
        if read := _LEAVES.get(token.type):
            return read(token)
        if raised := _RAISED.get(token.type):
            return (raised(self._inlines(token.children or [])),)
        if token.type == "footnote_ref":
            number = token.meta["id"] + 1
            return (Superscript((CrossReference(str(number), self._note(number), ""),)),)
        cited = [Cited(*each) for each in token.meta["cited"]]
        in_brackets = token.type == "citation"
        return self._links.cite(cited, in_brackets=in_brackets) or (token.content,)


def _formula(token: Token) -> Formula:
    return Formula(token.content, token.meta["opening"])


_LEAVES: Mapping[str, Callable[[Token], Inlines]] = {
    "text": lambda token: (token.content,) if token.content else (),
    "softbreak": lambda _: (" ",),
    "hardbreak": lambda _: (LineBreak(),),
    "code_inline": lambda token: (Code(token.content),),
    "formula": lambda token: (_formula(token),),
    "display": lambda token: (_formula(token),),
    "literal": lambda token: (token.content,),
    "image": lambda token: (token.meta["source"],),
}
"""What tokens become that refer to nothing else."""


def _alert(blocks: Blocks) -> Blocks:
    """Return a quotation that GitHub shows as an alert its word as a line of its own."""
    if not blocks or not isinstance(first := blocks[0], Paragraph) or not isinstance(first.content[0], str):
        return blocks
    match = _ALERT.fullmatch(first.content[0])
    if match is None or first.content[1:2] not in ((), (" ",)):
        return blocks
    word = replace(first, content=(Strong((match[1].capitalize(),)),))
    rest = trimmed(first.content[1:])
    return (word, *([replace(first, content=rest)] if rest else []), *blocks[1:])


def _alignment(cell: Token) -> Literal["left", "right", "center"]:
    style = str(cell.attrGet("style") or "")
    return "right" if "right" in style else "center" if "center" in style else "left"
