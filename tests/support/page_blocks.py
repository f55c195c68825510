"""What a page of the documentation holds for its reader to type: files, commands, and what these print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from pathlib import Path

_NAMES_A_FILE = re.compile(r"`([^`\s]+)`:")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the file that the line above it names ('' where none), its line."""

    language: str
    text: str
    file: str
    line: int


def read_blocks(page: Path) -> tuple[Block, ...]:
    """Read the fenced blocks of a page in their order."""
    blocks = []
    above = ""
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            named = _NAMES_A_FILE.fullmatch(above)
            first = token.map[0] + 1 if token.map else 0
            blocks.append(Block(token.info.strip(), token.content, named[1] if named else "", first))
        if token.type in {"inline", "fence"}:
            above = token.content if token.type == "inline" else ""
    return tuple(blocks)
