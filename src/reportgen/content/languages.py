"""Languages: blocks that show a text of the record are in its language, where the fixed words are in another."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reportgen.text.report import Claim
from reportgen.text.tree import Block, Heading

if TYPE_CHECKING:
    from reportgen.record.model import Record
    from reportgen.text.report import Section

_OF_RECORD = (Claim, Heading)
"""What is in the words of the record wherever it shows anything of it."""


def with_languages(sections: tuple[Section, ...], record: Record, words: str) -> tuple[Section, ...]:
    """Return sections whose blocks name their language; ``words`` is that of the fixed words."""
    if record.language == words:
        return sections
    return tuple(_marked(section, record) for section in sections)


def _marked(node: Any, record: Record) -> Any:
    if isinstance(node, tuple):
        return tuple(_marked(part, record) for part in node)
    if not isinstance(node, Block):
        return node
    values = {field.name: getattr(node, field.name) for field in dataclasses.fields(node)}
    parts = {name: _marked(value, record) for name, value in values.items() if isinstance(value, tuple)}
    if node.at and not node.lang and (isinstance(node, _OF_RECORD) or _is_text(record, node.at)):
        parts["lang"] = record.language
    return replace(node, **parts) if parts else node


def _is_text(record: Record, pointer: str) -> bool:
    """Tell whether a pointer leads to words of the record: no number, date or term of a list of terms."""
    value: Any = record
    for part in pointer.split("/")[1:]:
        try:
            value = value[int(part)] if isinstance(value, (list, tuple)) else getattr(value, part, None)
        except (ValueError, IndexError):
            return False
    return type(value) is str
