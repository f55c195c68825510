"""The synthesis text: a subset of CommonMark, with formulas and citations, set as tagged LaTeX."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from reportgen.latex.escaping import Latex, escape, escape_breakable, normalise
from reportgen.text.formula import CANDIDATE, NotMathematics, parse_formula
from reportgen.text.structure import tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Cite = Callable[[str], Latex]
"""Set the citation of one key; an unknown key is the checks' business and prints as it stands."""

_PARAGRAPH_END = "\n\n"
_OUTSIDE = ["heading", "lheading", "hr", "html_block", "reference", "fence", "code", "blockquote"]
_OUTSIDE_INLINE = ["html_inline", "image", "autolink", "entity"]
_DEEPEST_LIST = 4
"""LaTeX stops at the seventh list inside another; what is nested deeper than this stays text."""
_DEEPEST_EMPHASIS = 8
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
    if match is None:
        return False
    try:
        tex = parse_formula(match[1])
    except NotMathematics:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.info = tex, match[1]
    state.pos = match.end()
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
    allowed = sorted([*_code_spans(text), *_formula_spans(text)])
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


def _formula_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in CANDIDATE.finditer(text):
        try:
            parse_formula(match[1])
        except NotMathematics:
            continue
        yield match.span()


def typeset_prose(text: str, cite: Cite, *, at: str = "") -> Latex:
    """Set a section's text as tagged paragraphs and lists."""
    # CommonMark would put a replacement character in the place of the null.
    tokens = _parser().parse(text.replace("\0", normalise("\0")))
    return Latex(_blocks(tokens, cite, at))


def _blocks(tokens: Sequence[Token], cite: Cite, at: str) -> str:
    out: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _closing(tokens, position)
        inner = tokens[position + 1 : end]
        if token.type == "paragraph_open":
            content = _inline(inner[0].children or [], cite)
            out.append(tag("P", content, at=at) + ("" if token.hidden else _PARAGRAPH_END))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            out.append(_list(token, inner, cite, at))
        else:
            raise AssertionError(f"a block outside the subset: {token.type}")
        position = end + 1
    return "".join(out)


def _list(opening: Token, tokens: Sequence[Token], cite: Cite, at: str) -> str:
    ordered = opening.type == "ordered_list_open"
    count = int(opening.attrGet("start") or 1)
    items = []
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        label = f"{count}." if ordered else "\\textbullet{}"
        body = _blocks(tokens[position + 1 : end], cite, at)
        items.append(tag("LI", f"\\item[{{{tag('Lbl', label)}}}] {tag('LBody', body.strip())}\n"))
        count += 1
        position = end + 1
    return f"\\begin{{Items}}\n{tag('L', ''.join(items))}\\end{{Items}}\n\n"


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    raise AssertionError("unbalanced tokens")


def _inline(tokens: Sequence[Token], cite: Cite) -> str:
    line = _Line(cite)
    for token in tokens:
        line.add(token)
    return "".join(line.out)


class _Line:
    """The inline markup of one block, set token by token."""

    def __init__(self, cite: Cite) -> None:
        self.cite = cite
        self.out: list[str] = []
        self.links: list[tuple[Token, int]] = []
        self.emphasis = 0

    def add(self, token: Token) -> None:
        match token.type:
            case "em_open" | "strong_open":
                self.emphasis += 1
                command = "\\emph{" if token.type == "em_open" else "\\textbf{"
                self.out.append(command if self.emphasis <= _DEEPEST_EMPHASIS else "{}")
            case "em_close" | "strong_close":
                self.out.append("}" if self.emphasis <= _DEEPEST_EMPHASIS else "{}")
                self.emphasis -= 1
            case "link_open":
                self.links.append((token, len(self.out)))
            case "link_close":
                opening, start = self.links.pop()
                self.out[start:] = [_link("".join(self.out[start:]), opening)]
            case _:
                self.out.append(_leaf(token, self.cite))


def _leaf(token: Token, cite: Cite) -> str:
    match token.type:
        case "text":
            return escape_breakable(token.content)
        case "softbreak" | "hardbreak":
            return " "
        case "code_inline":
            return tag("Code", f"\\texttt{{{escape_breakable(token.content)}}}")
        case "formula":
            return tag("Formula", f"${token.content}$", alt=token.info)
        case "citation":
            return "[" + ", ".join(cite(key) for key in token.meta["keys"]) + "]"
    raise AssertionError(f"inline markup outside the subset: {token.type}")


def _link(content: str, opening: Token) -> str:
    """Set a link; what cannot be opened, and a title, are printed behind it."""
    address, title = (str(opening.attrGet(name) or "") for name in ("href", "title"))
    if re.match(r"(?:https?|mailto):", address):
        content, address = tag("Link", f"\\LinkText{{{content}}}", uri=address), ""
    behind = "; ".join(escape(part) for part in (address, title) if part)
    return f"{content} ({behind})" if behind else content
