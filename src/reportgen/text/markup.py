"""What a text in Markdown names, and what in it has no meaning, found without a report around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.markdown_parser import tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--)")
_TEX = re.compile(r"\\(?!text\b)[A-Za-z]{2,}\s*(?:\{|\[)|\\(?:begin|end|input|def)\b")


def cited_keys(text: str) -> tuple[str, ...]:
    """Return the keys cited in brackets in a text, in order of first mention; what stands in code is not cited."""
    found = (key for token in _inline(text) if token.type == "citation" for key, _, _ in token.meta["cited"])
    return tuple(dict.fromkeys(found)) if "@" in text else ()


def mentioned_keys(text: str) -> tuple[str, ...]:
    """Return what stands behind a sign @ without brackets, and may be cited."""
    found = (token.meta["cited"][0][0] for token in _inline(text) if token.type == "mention")
    return tuple(dict.fromkeys(found)) if "@" in text else ()


def anchors(text: str) -> tuple[str, ...]:
    """Return the anchors that a text gives to its headings, tables, figures and equations, each as often as it does."""
    found = (each.meta.get("id") for token in tokens_of(text) for each in (token, *(token.children or [])))
    return tuple(anchor for anchor in found if isinstance(anchor, str) and anchor)


def images(text: str) -> tuple[str, ...]:
    """Return what the images in a text name: files, addresses, and with ``#`` tables and figures of the record."""
    found = (str(token.attrGet("src")) for token in _inline(text) if token.type == "image")
    return tuple(dict.fromkeys(found)) if "](" in text else ()


def printed_as_they_stand(text: str) -> Iterator[tuple[str, str]]:
    """Yield the markup in a text that has no meaning here: what it is, and how it begins."""
    for token in tokens_of(text):
        words = "".join(
            child.content if child.type == "text" else "\n" if child.type.endswith("break") else "\0"
            for child in token.children or []
        )
        for what, pattern in (("HTML", _HTML), ("TeX", _TEX)):
            yield from ((what, match[0]) for match in pattern.finditer(words))
        if re.search(r"^\s*\|?\s*:?-+:?\s*\|[\s|:-]*$", words, re.MULTILINE):
            yield "a table that has a row with more cells than its head", words.split("\n", 1)[0]


def _inline(text: str) -> Iterator[Token]:
    return (child for token in tokens_of(text) for child in token.children or [])
