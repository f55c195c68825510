"""Markdown as people write it, cut into tokens: CommonMark with GitHub's and pandoc's additions.

Two rules of CommonMark are changed, since neither a number nor a word may change in silence: stars and tildes between
letters or digits are themselves, and beside Chinese and Japanese signs emphasis works as its writers mean it. HTML is
text, but for ``<br>``, ``<sub>`` and ``<sup>``. A definition that nothing refers to is printed.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import normalise
from reportgen.text.formula import CANDIDATE, NotMathematics, parse_formula

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

DEEPEST = 24
"""What is nested deeper than so many lists and quotations stays text: TeX groups no deeper than 255."""
_ATTRIBUTES = re.compile(r"\s*\{\s*(?:#([A-Za-z][\w:.-]*)(?=[\s}]))?((?:\s*[\w-]+=[^\s{}]+)*)\s*\}", re.ASCII)
_KEY = r"[^\s\[\]@;,{}]+"
_CITATION = re.compile(r"\[([^\[\]]*@[^\[\]]*)\](?!\()")
_CITED = re.compile(rf"(?P<before>(?:[^@]*[\s\"(])?)-?@\{{?(?P<key>{_KEY})\}}?(?P<behind>[^@]*)")
_MENTION = re.compile(r"(?<![\w.@/+-])@(\w(?:[\w:.#$%&+?<>~/()-]*[\w/)])?)")
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_]|[)\]])~([^\s~\[\]]+)~(?![\d~])")
_SUPERSCRIPT = re.compile(r"(?<=[^\s\[^])\^([^\s^\[\]]+)\^(?![\d^])")
_HTML_SCRIPT = re.compile(r"<(sub|sup)>([^<>]+)</\1>", re.IGNORECASE)
_HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ROUND = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
_DISPLAYS = (re.compile(r"\$\$(.+?)\$\$", re.DOTALL), re.compile(r"\\\[(.+?)\\\]", re.DOTALL))
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_GRID = re.compile(r"^\s*\|?\s*:?-+:?\s*\|[\s|:-]*$", re.MULTILINE)
_CELL_END = re.compile(r"(?<!\\)\|")


def attributes_of(text: str) -> tuple[str, Mapping[str, str], int]:
    """Read what stands at the start of a text in braces: an anchor, further values, and how long it is."""
    match = _ATTRIBUTES.match(text)
    if match is None or not (match[1] or match[2]):
        return "", {}, 0
    return match[1] or "", dict(pair.split("=", 1) for pair in match[2].split()), match.end()


@lru_cache(maxsize=64)
def tokens_of(text: str) -> Sequence[Token]:
    """Cut a text into the tokens of its blocks; they are shared, and not to be changed."""
    # CommonMark would put a replacement character in the place of the null.
    return _parser().parse(text.replace("\0", normalise("\0")))


@cache
def _parser() -> MarkdownIt:
    from linkify_it import LinkifyIt
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"linkify": True, "maxNesting": 4 * DEEPEST})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["html_block", "html_inline"])
    parser.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})
    # An address is percent-encoded where it is written into the PDF; one that is printed stays as it is.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    footnote_plugin(parser)
    deflist_plugin(parser)
    for name in ("list", "blockquote", "deflist", "footnote_def"):
        _bound(parser, name)
    _wrap(parser, "table", _table_rule)
    parser.block.ruler.before("fence", "display", _display_block, {"alt": ["paragraph"]})
    parser.inline.ruler.before("escape", "display", _display)
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.inline.ruler.before("link", "citation", _citation)
    parser.inline.ruler.after("citation", "mention", _mention)
    parser.inline.ruler.before("strikethrough", "tildes", _tildes)
    parser.inline.ruler.before("tildes", "script", _script)
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("autolink", "html", _html)
    parser.inline.ruler.at("image", _image)
    parser.core.ruler.after("inline", "anchors", _anchors)
    parser.core.ruler.before("footnote_tail", "unused", _keep_unused)
    return parser


def _rule(parser: MarkdownIt, name: str) -> Any:
    rules = parser.block.ruler.__rules__
    return next(rule for rule in rules if rule.name == name)


def _bound(parser: MarkdownIt, name: str) -> None:
    """Leave what is nested too deep as text: markdown-it would drop it."""
    rule = _rule(parser, name)
    parse = rule.fn

    def bounded(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        return state.level < 2 * DEEPEST and parse(state, first, last, silent)

    parser.block.ruler.at(name, bounded, {"alt": rule.alt})


def _wrap(parser: MarkdownIt, name: str, wrapper: Any) -> None:
    rule = _rule(parser, name)
    parse = rule.fn
    parser.block.ruler.at(
        name, lambda *arguments: wrapper(*arguments) and parse(*arguments), {"alt": rule.alt}
    )


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _table_rule(state: StateBlock, first: int, last: int, silent: bool) -> bool:  # noqa: ARG001 - markdown-it's signature
    """Take only tables whose rows have no more cells than the head: what is over would be dropped."""
    columns = _cells(_line(state, first))
    for line in range(first + 1, last):
        text = _line(state, line)
        if not text or state.sCount[line] < state.blkIndent:
            break
        if _cells(text) > columns:
            return False
    return True


def _cells(row: str) -> int:
    return len(_CELL_END.split(row.strip().strip("|")))


def _display_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Take mathematics on lines of its own, whatever its lines begin with."""
    if state.is_code_block(first) or _line(state, first)[:2] not in ("$$", "\\["):
        return False
    end = first + 1
    while end < last and not state.isEmpty(end) and state.sCount[end] >= state.blkIndent:
        end += 1
    text = state.getLines(first, end, state.blkIndent, keepLastLF=False).lstrip()
    for pattern in _DISPLAYS:
        if match := pattern.match(text):
            anchor, _, length = attributes_of(text[match.end() :])
            line = first + text.count("\n", 0, match.end() + length) + 1
            rest = text[match.end() + length :].split("\n", 1)[0]
            if rest.strip():
                return False
            if not silent:
                token = state.push("display", "", 0)
                token.content, token.meta = match[1], {"id": anchor, "source": match[0]}
                token.map = [first, line]
                state.line = line
            return True
    return False


def _display(state: StateInline, silent: bool) -> bool:
    for pattern in _DISPLAYS:
        if match := pattern.match(state.src, state.pos):
            if not _is_formula(match[1]):
                return _literal(state, match[0], silent=silent)
            anchor, _, length = attributes_of(state.src[match.end() :])
            meta = {"id": anchor, "source": match[0]}
            return _push(state, "display", match[1], match.end() + length, silent=silent, meta=meta)
    return False


def _formula(state: StateInline, silent: bool) -> bool:
    if match := CANDIDATE.match(state.src, state.pos) or _ROUND.match(state.src, state.pos):
        if _is_formula(match[1]):
            return _push(state, "formula", match[1].strip(), match.end(), silent=silent)
        if state.src[state.pos] == "\\":
            return _literal(state, match[0][:2], silent=silent)
    elif state.src.startswith("\\)", state.pos):
        return _literal(state, "\\)", silent=silent)
    return False


def _is_formula(source: str) -> bool:
    try:
        parse_formula(source.strip())
    except NotMathematics:
        return False
    return True


def _citation(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos)
    if match is None:
        return False
    found = [_CITED.fullmatch(part.strip()) for part in re.split(r";|,(?=\s*-?@)", match[1])]
    if not all(found):
        return False
    cited = [(each["key"], each["before"], each["behind"]) for each in found if each]
    return _push(state, "citation", match[0], match.end(), silent=silent, meta={"cited": cited})


def _mention(state: StateInline, silent: bool) -> bool:
    match = _MENTION.match(state.src, state.pos)
    if match is None:
        return False
    return _push(state, "mention", match[0], match.end(), silent=silent, meta={"cited": [(match[1], "", "")]})


def _script(state: StateInline, silent: bool) -> bool:
    for kind, pattern in (("sub", _SUBSCRIPT), ("sup", _SUPERSCRIPT)):
        if match := pattern.match(state.src, state.pos):
            return _push(
                state, kind, re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", match[1]), match.end(), silent=silent
            )
    return False


def _html(state: StateInline, silent: bool) -> bool:
    if match := _HTML_SCRIPT.match(state.src, state.pos):
        return _push(state, match[1].lower(), match[2], match.end(), silent=silent)
    if match := _HTML_BREAK.match(state.src, state.pos):
        return _push(state, "hardbreak", "", match.end(), silent=silent)
    return False


def _image(state: StateInline, silent: bool) -> bool:
    from markdown_it.rules_inline import image

    start = state.pos
    if not image(state, silent):
        return False
    anchor, values, length = attributes_of(state.src[state.pos :])
    state.pos += length
    if not silent:
        state.tokens[-1].meta = {"id": anchor, "attributes": values, "source": state.src[start : state.pos]}
    return True


def _anchors(state: StateCore) -> None:
    """Take the anchor at the end of a heading, or of a line of caption, off its words; keep the lines of a grid."""
    for token in state.tokens:
        if token.children and _GRID.search(token.content):
            for child in token.children:
                child.type = "hardbreak" if child.type == "softbreak" else child.type
        last = token.children[-1] if token.children else None
        if last and last.type == "text" and (match := re.search(r"\s*\{#[^{}]*\}\s*$", last.content)):
            anchor, _, length = attributes_of(match[0])
            if length:
                last.content = last.content[: match.start()]
                token.meta["id"] = anchor


def _push(
    state: StateInline,
    kind: str,
    content: str,
    end: int,
    *,
    silent: bool,
    meta: Mapping[str, Any] | None = None,
) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content, token.meta = content, dict(meta or {})
    state.pos = end
    return True


def _literal(state: StateInline, text: str, *, silent: bool) -> bool:
    if not silent:
        state.pending += text
    state.pos += len(text)
    return True


def _run(state: StateInline) -> tuple[str, str, str]:
    """Return the run of one sign that begins here, and the characters on both sides of it."""
    end = state.pos
    while end < state.posMax and state.src[end] == state.src[state.pos]:
        end += 1
    before = state.src[state.pos - 1] if state.pos else " "
    return state.src[state.pos : end], before, state.src[end] if end < state.posMax else " "


def _inside_word(before: str, after: str) -> bool:
    return all(side.isalnum() and not _EAST_ASIAN.match(side) for side in (before, after))


def _tildes(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "~":
        return False
    run, before, after = _run(state)
    return (len(run) != 2 or _inside_word(before, after)) and _literal(state, run, silent=silent)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Open or close emphasis by what stands on both sides of the run (CommonMark, 6.2)."""
    from markdown_it.common.utils import isMdAsciiPunct, isPunctChar
    from markdown_it.rules_inline.state_inline import Delimiter

    if silent or (marker := state.src[state.pos]) not in "*_":
        return False
    run, before, after = _run(state)
    if _inside_word(before, after):
        return _literal(state, run, silent=silent)

    def is_punctuation(side: str) -> bool:
        return (isMdAsciiPunct(ord(side)) or isPunctChar(side)) and not _EAST_ASIAN.match(side)

    def may_stand_beside(side: str) -> bool:
        return side.isspace() or is_punctuation(side) or bool(_EAST_ASIAN.match(side))

    left = not after.isspace() and (not is_punctuation(after) or may_stand_beside(before))
    right = not before.isspace() and (not is_punctuation(before) or may_stand_beside(after))
    is_star = marker == "*"
    may_open = left and (is_star or not right or is_punctuation(before))
    may_close = right and (is_star or not left or is_punctuation(after))
    for _ in run:
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(ord(marker), len(run), len(state.tokens) - 1, -1, open=may_open, close=may_close)
        )
    state.pos += len(run)
    return True


def _keep_unused(state: StateCore) -> None:
    """Print the notes and the addresses that nothing in the text refers to: they are somebody's words, too."""
    notes = state.env.get("footnotes", {})
    for label, number in notes.get("refs", {}).items():
        if number < 0:
            listed = notes.setdefault("list", {})
            notes["refs"][label] = len(listed)
            listed[len(listed)] = {"label": label[1:], "count": 0}
    inline = [child for token in state.tokens for child in token.children or []]
    used = {child.attrGet("href") or child.attrGet("src") for child in inline}
    for label, found in state.env.get("references", {}).items():
        if found["href"] not in used:
            _append_paragraph(state, f"[{label.lower()}]: {found['href']} {found['title']}".rstrip())


def _append_paragraph(state: StateCore, text: str) -> None:
    from markdown_it.token import Token

    children = [Token("text", "", 0, content=text)]
    inline = Token("inline", "", 0, content=text, children=children, map=[0, 0])
    state.tokens += [Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)]
