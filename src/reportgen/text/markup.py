"""The names in a Markdown text, and its parts without meaning, found without a report around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.markdown_parser import tokens_of
from reportgen.text.markdown_parser.block_rules import DEEPEST
from reportgen.text.markdown_parser.token_rules import GRID, all_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_HTML = re.compile(
    r"<(?:/?(?:a|abbr|b|blockquote|br|caption|center|cite|code|d[dlt]|del|details|div|em|figcaption|figure|font"
    r"|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|mark|object|ol|p|pre|q|s|script|section|small|span|strike|strong"
    r"|style|su[bp]|summary|svg|t(?:able|body|d|foot|h|head|r|t)|u|ul|var|video)(?:\s[^<>]*)?/?>|!--)",
    re.IGNORECASE,
)
_PARTS = (
    ("HTML", _HTML),
    ("TeX", re.compile(r"\\(?!text\b)[A-Za-z]{2,}\s*(?:\{|\[)|\\(?:begin|end|input|def)\b")),
    ("a note that nothing defines", re.compile(r"\[\^[^\s\[\]]+\]")),
    ("an attribute", re.compile(r"\{[#.][A-Za-z][^{}\n]*\}")),
    ("a fence of colons", re.compile(r"(?<![^\n]):::+")),
    ("an address that is not opened", re.compile(r"\]\((?:javascript|vbscript|file|data):", re.IGNORECASE)),
)
_IN_CITATION = re.compile(r"[*_`$]\S")
_MARK = re.compile(r"^\s*(?:[-+*>]|\d+[.)])\s.*", re.MULTILINE)


def cited_keys(text: str) -> tuple[str, ...]:
    """Return the keys cited in brackets in a text, in order of first mention; what stands in code is not cited."""
    found = (key for token in _inline(text, "@", "citation") for key, _, _ in token.meta["cited"])
    return tuple(dict.fromkeys(found))


def mentioned_keys(text: str) -> tuple[str, ...]:
    """Return what stands behind a sign @ without brackets, and may be cited."""
    return tuple(dict.fromkeys(token.meta["cited"][0][0] for token in _inline(text, "@", "mention")))


def anchors(text: str) -> tuple[str, ...]:
    """Return the anchors that a text gives to its headings, tables, figures and equations, each as often as it does.

    An equation that is printed as it stands has no number to refer to, so its anchor is not among them.
    """
    return tuple(anchor for anchor, is_read in _anchored(text) if is_read)


def unread_equations(text: str) -> tuple[str, ...]:
    """Return the anchors of equations that are printed as they stand."""
    return tuple(anchor for anchor, is_read in _anchored(text) if not is_read)


def _anchored(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each anchor, and whether there is something to refer to."""
    for token in tokens_of(text) if "{" in text else ():
        for each in (token, *(token.children or [])):
            anchor = each.meta.get("id")
            if isinstance(anchor, str) and anchor:
                yield anchor, not each.meta.get("problem")


def images(text: str) -> tuple[str, ...]:
    """Return what the images in a text name: files, addresses, and with ``#`` tables and figures of the record."""
    return tuple(dict.fromkeys(placements(text)))


def placements(text: str) -> tuple[str, ...]:
    """Return what the images in a text name, each as often as it does."""
    return tuple(str(token.attrGet("src")) for token in _inline(text, "![", "image"))


def undescribed_images(text: str) -> tuple[str, ...]:
    """Return what those images in a text name of which neither a title nor ``alt`` says what they show."""
    images = (
        str(token.attrGet("src"))
        for token in _inline(text, "![", "image")
        if not (token.attrGet("title") or token.meta["attributes"].get("alt"))
    )
    return tuple(dict.fromkeys(images))


def printed_as_they_stand(text: str) -> Iterator[tuple[str, str]]:
    """Yield the markup in a text that has no meaning here: what it is, and how it begins."""
    for token in tokens_of(text):
        words = _words(token, "text")
        for what, pattern in _PARTS:
            # What a backslash stands before is text.
            found = (match[0] for match in pattern.finditer(words))
            yield from ((what, each) for each in found if each in token.content)
        if token.level >= 2 * DEEPEST and (mark := _MARK.search(words)):
            yield "what is nested too deep", mark[0].strip()
        for each in token.children or []:
            if each.type == "citation" and _IN_CITATION.search(
                " ".join(part for cited in each.meta["cited"] for part in cited[1:])
            ):
                yield "markup in a citation", each.content
        if grid := GRID.search(words):
            head = words.strip().split("\n", 1)[0]
            yield "a table whose rows do not fit its head", head if head in text else grid[0].strip()
        if row := token.meta.get("longer_row"):
            yield "a row of a table that has more cells than its head", row


def mathematics_problem(text: str) -> str | None:
    """Say why the first of what looks like mathematics in a text is printed as it stands; None where nothing is."""
    for token in tokens_of(text):
        for each in (token, *(token.children or [])):
            if each.type == "literal" and each.content == "$":
                return "a dollar sign that opens no formula is printed as a dollar sign"
            if each.type in ("literal", "display") and (problem := each.meta.get("problem")):
                return f"{each.meta.get('source', each.content)} is printed as it stands: {problem}"
    return None


def _words(token: Token, kind: str) -> str:
    """Return the words of one kind in a block; what stands between them is one sign that is none of theirs."""
    return "".join(
        child.content if child.type == kind else "\n" if child.type.endswith("break") else "\0"
        for child in token.children or []
    )


def _inline(text: str, sign: str, kind: str) -> Iterator[Token]:
    """Yield the tokens of one kind; a text without the sign that they have is not read for them."""
    if sign in text:
        for token in tokens_of(text):
            yield from (child for child in all_tokens(token.children or []) if child.type == kind)
