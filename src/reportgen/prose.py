"""The synthesis text: a subset of CommonMark, with formulas and citations, set as tagged LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reportgen.formula import NotMathematics, parse_formula
from reportgen.latex import Latex, escape, escape_breakable
from reportgen.structure import tag

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Cite = Callable[[str], Latex]
"""Set the citation of one key; an unknown key is the checks' business and prints as it stands."""

_PARAGRAPH_END = "\n\n"
_OUTSIDE = ["heading", "lheading", "hr", "html_block", "reference", "fence", "code", "blockquote"]
_OUTSIDE_INLINE = ["html_inline", "image", "autolink"]
_FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^$\\])+?)(?<![\s\\])\$(?![\d$])", re.DOTALL)
_CITATION = re.compile(r"\[(@[^\s\]@;,]+(?:\s*[;,]\s*@[^\s\]@;,]+)*)\]")
_REFUSED = (
    (re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?|!--.*?--)>", re.DOTALL), "raw HTML"),
    (re.compile(r"\\(?!text\b)[A-Za-z]{2,}\s*(?:\{|\[)|\\(?:begin|end|input|def)\b"), "raw TeX"),
)


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
    parser.inline.ruler.before("escape", "formula", _formula_rule)
    parser.inline.ruler.before("link", "citation", _citation_rule)
    return parser


def _formula_rule(state: StateInline, silent: bool) -> bool:
    match = _FORMULA.match(state.src, state.pos)
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
    """Give the keys cited as ``[@key]`` in a text, in order of first mention."""
    keys = (key for match in _CITATION.finditer(text) for key in re.findall(r"@([^\s\];,]+)", match[1]))
    return tuple(dict.fromkeys(keys))


def refusals(text: str) -> list[Refusal]:
    """Find raw HTML and raw TeX in a section's text; formulas and inline code may hold both."""
    spans = [match.span() for match in re.finditer(r"(`+)(?!`).+?(?<!`)\1(?!`)", text, re.DOTALL)]
    for match in _FORMULA.finditer(text):
        try:
            parse_formula(match[1])
        except NotMathematics:
            continue
        spans.append(match.span())
    return [
        Refusal(what, match[0], match.start())
        for pattern, what in _REFUSED
        for match in pattern.finditer(text)
        if not any(start <= match.start() < end for start, end in spans)
    ]


def typeset_prose(text: str, cite: Cite, *, at: str = "") -> Latex:
    """Set a section's text as tagged paragraphs and lists."""
    return Latex(_blocks(_parser().parse(text), cite, at))


def _blocks(tokens: Sequence[Token], cite: Cite, at: str) -> str:
    out: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end = _closing(tokens, position)
        inner = tokens[position + 1 : end]
        if token.type == "paragraph_open":
            content = _inline(inner[0].children or [], cite)
            out.append(f"{tag('P', content, at=at)}{'' if token.hidden else _PARAGRAPH_END}")
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
        items.append(
            tag("LI", f"\\item[{{{tag('Lbl', label)}}}] {tag('LBody', body.strip())}\n")
        )
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
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text":
                out.append(escape_breakable(token.content))
            case "softbreak" | "hardbreak":
                out.append(" ")
            case "em_open":
                out.append("\\emph{")
            case "strong_open":
                out.append("\\textbf{")
            case "em_close" | "strong_close":
                out.append("}")
            case "code_inline":
                out.append(tag("Code", f"\\texttt{{{escape_breakable(token.content)}}}"))
            case "formula":
                out.append(tag("Formula", f"${token.content}$", alt=token.info))
            case "citation":
                out.append("[" + ", ".join(cite(key) for key in token.meta["keys"]) + "]")
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(out)))
            case "link_close":
                address, start = links.pop()
                content = "".join(out[start:])
                del out[start:]
                out.append(_link(content, address))
            case _:
                raise AssertionError(f"inline markup outside the subset: {token.type}")
    return "".join(out)


def _link(content: str, address: str) -> str:
    if re.match(r"(?:https?|mailto):", address):
        return tag("Link", f"\\LinkText{{{content}}}", uri=address)
    return f"{content} ({escape(address)})"
