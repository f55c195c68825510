"""Small parts of Markdown that blocks and lines share: attributes, and where mathematics ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.formula import NotMathematics, parse_formula

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_SOURCE = 4000
"""Mathematics is not searched further for its end."""
_ENDS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_VALUE = r"[\w-]+=(?:\"[^\"\n]*\"|[^\s{}\"]+)"
_ATTRIBUTES = re.compile(
    rf"[ \t]*\{{[ \t]*(?:#([A-Za-z][\w:.-]*)((?:\s+{_VALUE})*)|({_VALUE}(?:\s+{_VALUE})*))\s*\}}", re.ASCII
)


def attributes_at(text: str, position: int, end: int) -> tuple[str, Mapping[str, str], int]:
    """Read what stands in braces at a place: an anchor, further values, and where it ends."""
    match = _ATTRIBUTES.match(text, position, end)
    if match is None:
        return "", {}, position
    pairs = (pair.split("=", 1) for pair in re.findall(_VALUE, match[2] or match[3] or "", re.ASCII))
    return match[1] or "", {name: value.strip('"') for name, value in pairs}, match.end()


def enclosed(text: str, start: int) -> int:
    """Return where mathematics ends that may begin at a place with two signs; 0 where it does not."""
    closing = _ENDS.get(text[start : start + 2], "")
    end = text.find(closing, start + 2, start + _LONGEST_SOURCE) if closing else -1
    return end + 2 if end > start + 2 else 0


def is_formula(source: str) -> bool:
    """Tell whether a text parses as a formula."""
    try:
        parse_formula(source.strip())
    except NotMathematics:
        return False
    return True
