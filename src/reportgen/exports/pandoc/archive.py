"""What is mended in the files that pandoc writes: their dates, and in OpenDocument what pictures show in words."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

_YEARS, _UNIX = (1980, 2107), 3
"""The years that a member of a ZIP file can be of, and the number of the system that it says it is from."""
_CONTENT: Final = "content.xml"
_DRAW, _SVG = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("drawing", "svg-compatible")
)


def repacked(content: bytes, date: datetime, source: bytes) -> bytes:
    """Return a file that pandoc wrote of a document: its members as they were, with the date of the report."""
    stamp = (min(max(date.year, _YEARS[0]), _YEARS[1]), date.month, date.day, 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, stamp)
            entry.compress_type = member.compress_type
            entry.create_system, entry.external_attr = _UNIX, 0o644 << 16
            held = old.read(member)
            new.writestr(entry, _described(held, source) if member.filename == _CONTENT else held)
    return out.getvalue()


def _described(content: bytes, source: bytes) -> bytes:
    """Say in OpenDocument what each picture shows, which pandoc leaves out there."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    frames = [frame for frame in root.iter(f"{_DRAW}frame") if frame.find(f"{_DRAW}image") is not None]
    for frame, words in zip(frames, alternative_texts(source), strict=True):
        etree.SubElement(frame, f"{_SVG}desc").text = words
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def alternative_texts(source: bytes) -> Sequence[str]:
    """Return what the pictures of a document show, in their order."""
    found: list[str] = []

    def collect(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("t") == "Image":
            found.append("".join(_words(node["c"][1])))
        return node

    json.loads(source, object_hook=collect)
    return found


def _words(content: Sequence[dict[str, Any]]) -> Iterator[str]:
    return (part.get("c", " ") for part in content)
