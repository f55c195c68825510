"""Small parts of Markdown that blocks and lines share: attributes, and where mathematics ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ATTRIBUTE = r"(?:#[A-Za-z][\w:.-]*|\.[A-Za-z][\w-]*|[\w-]+=(?:\"[^\"\n]*\"|[^\s{}\"]+))"
_ATTRIBUTES = re.compile(rf"[ \t]*\{{\s*({_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*)\s*\}}", re.ASCII)


def attributes_at(text: str, position: int, end: int) -> tuple[str, Mapping[str, str], int]:
    """Read what stands in braces at a place: an anchor, values, and where it ends; a class says nothing on paper."""
    match = _ATTRIBUTES.match(text, position, end)
    found = re.findall(_ATTRIBUTE, match[1], re.ASCII) if match else []
    anchors = [each[1:] for each in found if each[0] == "#"]
    if match is None or len(anchors) > 1:
        return "", {}, position
    pairs = (each.split("=", 1) for each in found if each[0] not in "#.")
    return "".join(anchors), {name: value.strip('"') for name, value in pairs}, match.end()


def anchor_at(text: str, position: int, end: int) -> tuple[str, int]:
    """Read an anchor, or classes alone, that stand in braces at a place, and where they end; values are words there."""
    anchor, values, behind = attributes_at(text, position, end)
    return ("", position) if values and not anchor else (anchor, behind)
