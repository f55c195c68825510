"""The synthesis text: a subset of CommonMark, with formulas and citations, read into the content tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from reportgen.base.characters import normalise
from reportgen.text.formula import CANDIDATE, Formula, NotMathematics, parse_formula
from reportgen.text.tree import (
    Block,
    Blocks,
    Code,
    Emphasis,
    Inline,
    Inlines,
    ItemList,
    Link,
    Paragraph,
    Strong,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Cite = Callable[[Sequence[str]], Inline]
"""Make the citation of keys that stand together."""

_OUTSIDE = ["heading", "lheading", "hr", "html_block", "reference", "fence", "code", "blockquote"]
_OUTSIDE_INLINE = ["html_inline", "image", "autolink", "entity"]
_DEEPEST_LIST = 4
"""LaTeX stops at the seventh list inside another; what is nested deeper than this stays text."""
_DEEPEST_EMPHASIS = 8
_EMPHASES = {"em_open": Emphasis, "strong_open": Strong}
_CITATION = re.compile(r"\[(@[^\s\]@;,]+(?:\s*[;,]\s*@[^\s\]@;,]+)*)\]")
_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--)")
_COMMENT, _END_OF_COMMENT = "<!--", "-->"
_TEX = re.compile(r"\\(?!text\b)[A-Za-z]{2,}\s*(?:\{|\[)|\\(?:begin|end|input|def)\b")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Markup that the text may not hold, and the character it starts at."""

    what: str
    found: str
    offset: int


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").disable([*_OUTSIDE, *_OUTSIDE_INLINE])
    # An address is percent-encoded where it is written into the PDF; one that is printed stays as it is.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.block.ruler.at("list", _list_rule, {"alt": ["paragraph"]})
    parser.inline.ruler.before("escape", "formula", _formula_rule)
    parser.inline.ruler.before("link", "citation", _citation_rule)
    return parser


def _list_rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    from markdown_it.rules_block import list_block

    return state.level < 2 * _DEEPEST_LIST and list_block(state, first, last, silent)


def _formula_rule(state: StateInline, silent: bool) -> bool:
    match = CANDIDATE.match(state.src, state.pos)
    if match is None or not _is_formula(match[1]):
        return False
    if not silent:
        state.push("formula", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _is_formula(source: str) -> bool:
    try:
        parse_formula(source)
    except NotMathematics:
        return False
    return True


def _citation_rule(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"keys": re.findall(r"@([^\s\];,]+)", match[1])}
    state.pos = match.end()
    return True


def cited_keys(text: str) -> tuple[str, ...]:
    """Give the keys cited as ``[@key]`` in a text, in order of first mention; what stands in code is not cited."""
    if "[@" not in text:
        return ()
    blocks = _parser().parse(text)
    inline = (token for block in blocks for token in block.children or [] if token.type == "citation")
    return tuple(dict.fromkeys(key for token in inline for key in token.meta["keys"]))


def refusals(text: str) -> list[Refusal]:
    """Find raw HTML and raw TeX in a section's text; formulas and inline code may hold both."""
    found = [Refusal("raw HTML", text[start:end], start) for start, end in _raw_html(text)]
    found += [Refusal("raw TeX", match[0], match.start()) for match in _TEX.finditer(text)]
    if not found:
        return []
    formulas = (match.span() for match in CANDIDATE.finditer(text) if _is_formula(match[1]))
    allowed = sorted([*_code_spans(text), *formulas])
    starts = [start for start, _ in allowed]
    ends = [0, *accumulate((end for _, end in allowed), max)]
    return [refusal for refusal in found if refusal.offset >= ends[bisect_right(starts, refusal.offset)]]


def _raw_html(text: str) -> Iterator[tuple[int, int]]:
    position, may_close = 0, True
    while match := _HTML.search(text, position):
        position = match.end()
        if match[0] == _COMMENT:
            # Where one comment is never closed, none behind it is: the rest is not searched again for each.
            closing = text.find(_END_OF_COMMENT, position) if may_close else -1
            may_close = closing >= 0
            if not may_close:
                continue
            position = closing + len(_END_OF_COMMENT)
        yield match.start(), position


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Find what stands between two runs of equally many backticks."""
    runs = [match.span() for match in re.finditer("`+", text)]
    later: dict[int, list[int]] = {}
    for index in reversed(range(len(runs))):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    index = 0
    while index < len(runs):
        start, end = runs[index]
        closing = later[end - start]
        while closing and closing[-1] <= index:
            closing.pop()
        if closing:
            index = closing[-1]
            yield start, runs[index][1]
        index += 1


def parse_prose(text: str, cite: Cite, *, at: str = "") -> Blocks:
    """Read a section's text as paragraphs and lists."""
    # CommonMark would put a replacement character in the place of the null.
    return _blocks(iter(_parser().parse(text.replace("\0", normalise("\0")))), cite, at)


def _blocks(tokens: Iterator[Token], cite: Cite, at: str) -> Blocks:
    """Read blocks up to the end of the text, or of the item that they are in."""
    out: list[Block] = []
    for token in tokens:
        match token.type:
            case "inline":
                out.append(Paragraph(_inline(token.children or [], cite), at=at))
            case "bullet_list_open":
                out.append(ItemList(tuple(_items(tokens, cite, at)), at=at))
            case "ordered_list_open":
                items = tuple(_items(tokens, cite, at))
                out.append(ItemList(items, int(token.attrGet("start") or 1), at=at))
            case "list_item_close":
                break
            case "paragraph_open" | "paragraph_close":
                continue
            case other:
                raise AssertionError(f"a block outside the subset: {other}")
    return tuple(out)


def _items(tokens: Iterator[Token], cite: Cite, at: str) -> Iterator[Blocks]:
    while next(tokens).type == "list_item_open":
        yield _blocks(tokens, cite, at)


def _inline(tokens: Sequence[Token], cite: Cite) -> Inlines:
    """Read the inline markup of one block, token by token."""
    held: list[Inline] = []
    # What is open, from the outside in: the token that opened it, and what stands before it.
    opened: list[tuple[Token, list[Inline]]] = []
    for token in tokens:
        if token.nesting > 0:
            opened.append((token, held))
            # Emphasis in very deep emphasis says nothing more.
            if token.type == "link_open" or len(opened) <= _DEEPEST_EMPHASIS:
                held = []
        elif token.nesting < 0:
            opening, before = opened.pop()
            if held is not before:
                before += _span(opening, tuple(held))
            held = before
        else:
            held += _leaf(token, cite)
    return tuple(held)


def _span(opening: Token, content: Inlines) -> Inlines:
    if opening.type == "link_open":
        return _link(content, opening)
    return (_EMPHASES[opening.type](content),)


def _leaf(token: Token, cite: Cite) -> Inlines:
    match token.type:
        case "text":
            return (token.content,) if token.content else ()
        case "softbreak" | "hardbreak":
            return (" ",)
        case "code_inline":
            return (Code(token.content),)
        case "formula":
            return (Formula(token.content),)
        case "citation":
            return (cite(token.meta["keys"]),)
    raise AssertionError(f"inline markup outside the subset: {token.type}")


def _link(content: Inlines, opening: Token) -> Inlines:
    """Read a link; what cannot be opened, and a title, are printed behind it."""
    address, title = (str(opening.attrGet(name) or "") for name in ("href", "title"))
    if re.match(r"(?:https?|mailto):", address):
        content, address = (Link(content, address),), ""
    behind = "; ".join(filter(None, (address, title)))
    return (*content, f" ({behind})") if behind else content
