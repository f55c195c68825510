"""The reference of the words: every text of the packaged English files with its key."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

INTRODUCTION = """# Words: every text of a report and its key

This page is made from the program, by `./run reference`. Look here for what a report prints; the key beside it is what
`locale/en.toml` names to have other words: [house style](../how-to/house-style.md#words-locale). `heading.gate` is
`gate` under `[heading]`. The words of the other languages have the same keys. What stands in braces is filled in.
"""
_FIRST = ("heading", "column")
_MEANINGS = {
    "heading": "The headings over parts of a report, and the words with which paragraphs in small type begin.",
    "column": "The heads of the columns of tables.",
    "charts": "The words in charts, in `locale/charts.en.toml`.",
    "heard": "Words that are read aloud, and not seen.",
    "format": "How numbers, dates and lists are written.",
}


def page() -> str:
    """Return the whole page."""
    folder = packaged_folder("templates") / "locale"
    words: dict[str, Any] = {}
    for name in ("en.toml", "charts.en.toml"):
        words |= tomllib.loads((folder / name).read_text(encoding="utf-8"))
    order = [*_FIRST, *(name for name in words if name not in _FIRST)]
    return "\n".join([INTRODUCTION, *(_section(name, words[name]) for name in order)])


def _section(name: str, words: dict[str, Any]) -> str:
    said = [_MEANINGS[name], ""] if name in _MEANINGS else []
    rows = (f"| {_cell(text)} | `{key}` |" for key, text in _texts(words, name))
    return "\n".join([f"## {name}", "", *said, "| text | key |", "|---|---|", *rows, ""])


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, f"{path}.{key}")
    else:
        yield path, ", ".join(value) if isinstance(value, list) else str(value)


def _cell(text: str) -> str:
    code = text.replace("\u202f", "\N{NO-BREAK SPACE}").replace("|", "\\|").strip()
    return f"`{code}`" if code else "a blank"
