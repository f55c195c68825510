"""Rules over the tokens of a whole text: what nothing refers to is printed; captions and headings get their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.markdown_parser.parts import anchor_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

CAPTION = re.compile(r"(?::|Table:)\s+(?=\S)")
GRID = re.compile(r"^[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*\|[ \t|:-]*$", re.MULTILINE)
"""The line below the head of what was meant for a table."""


def keep_unused(state: StateCore) -> None:
    """Print the notes and the addresses that nothing in the text refers to: they are somebody's words, too."""
    notes = state.env.get("footnotes", {})
    for label, number in notes.get("refs", {}).items():
        if number < 0:
            listed = notes.setdefault("list", {})
            notes["refs"][label] = len(listed)
            listed[len(listed)] = {"label": label[1:], "count": 0}
    used = {child.meta.get("label") for token in state.tokens for child in all_tokens(token.children or [])}
    used |= {
        child.meta.get("label")
        for note in notes.get("list", {}).values()
        for child in all_tokens(note.get("tokens", []))
    }
    kept: list[Token] = []
    for token in state.tokens:
        if token.type != "definition":
            kept.append(token)
        elif token.meta["label"] not in used - {None}:
            kept += _paragraph(token)
    state.tokens = kept


def all_tokens(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens and all that they hold."""
    for token in tokens:
        yield token
        yield from all_tokens(token.children or [])


def _paragraph(token: Token) -> list[Token]:
    from markdown_it.token import Token

    text = Token("text", "", 0, content=token.content)
    inline = Token("inline", "", 0, content=token.content, children=[text], map=[0, 0])
    return [Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)]


def name_places(state: StateCore) -> None:
    """Take the anchor at the end of a heading or a caption off its words; keep the lines of a grid."""
    tokens = state.tokens
    is_captioned = False
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            is_captioned = index > 1 and tokens[index - 2].meta.get("caption") == "below"
        if token.type != "inline":
            continue
        if tokens[index - 1].type == "heading_open":
            _take_anchor(token)
        elif tokens[index - 1].type == "paragraph_open":
            is_behind = index > 1 and tokens[index - 2].type == "table_close" and not is_captioned
            is_before = index + 2 < len(tokens) and tokens[index + 2].type == "table_open"
            if CAPTION.match(token.content) and (is_behind or is_before):
                token.meta["caption"] = "above" if is_behind else "below"
                _take_anchor(token)
        if GRID.search(token.content):
            for child in token.children or []:
                child.type = "hardbreak" if child.type == "softbreak" else child.type


def _take_anchor(token: Token) -> None:
    last = token.children[-1] if token.children else None
    if last is None or last.type != "text" or (start := last.content.rfind("{")) < 0:
        return
    anchor, end = anchor_at(last.content, start, len(last.content))
    if end > start and not last.content[end:].strip():
        last.content = last.content[:start].rstrip()
        token.meta["id"] = anchor
