"""The reference of the templates: every node of the content tree with its fields, from their classes."""

from __future__ import annotations

import dataclasses
import re
import types
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from record_reference import sentence
from reportgen.pipeline.template_files import packaged_templates
from reportgen.text import gauge, mathematics, report, tree

if TYPE_CHECKING:
    from collections.abc import Iterable

INTRODUCTION = """# Templates: every block and its fields

This page is made from the program, by `./run reference`. How to write templates of your own:
[own templates](../how-to/own-templates.md). Each template writes one thing, which it is given as `it`; `it.content` is
the field `content` below. The file bears the name of the section here: `latex/claim.tex.j2`, `html/claim.html.j2`,
`markdown/claim.md.j2`.

A **text** is a list of plain words and of the inlines below, written by `write(...)`. Every block has three more
fields: `at`, the JSON pointer of what it shows, `id`, its anchor, and `lang`, its language where it is another than the
report's; each may be empty.

This one prints the question of a report in HTML with a word before it.

`templates/html/question.html.j2`:

```jinja
<p class="question" id="{{ it.id }}"><b>Asked:</b> {{ write(it.content) }}</p>
```
"""
_NAMES = vars(tree) | vars(report) | vars(gauge) | {"Formula": mathematics.Formula}
_TYPES: dict[Any, str] = {
    str: "plain text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    type(None): "nothing",
    tree.Block: "block",
}
_WITHOUT_NODE = {
    "latex/preamble.tex.j2": "what stands before the text of every report: packages, faces, lengths",
    "latex/run.tex.j2": "words that run in one direction, with the level of it",
    "latex/hyphenation.tex.j2": "words that TeX cannot divide by itself, with the places where it may",
    "latex/page.tex": "the places on a page: columns, running heads, feet",
    "latex/tagging.tex": "how numbers of structure marks come into the page",
    "latex/bidi.tex": "how LuaTeX sets words from right to left",
    "latex/scripts.tex": "how LuaTeX draws words of shaped scripts",
    "html/style.css": "the look of a page",
}


def page() -> str:
    """Return the whole page."""
    folders: dict[str, list[str]] = {}
    for name in packaged_templates():
        if name not in _WITHOUT_NODE:
            folder, _, file = name.partition("/")
            folders.setdefault(file.partition(".")[0], []).append(folder)
    kinds = {_name(kind): kind for kind in _NAMES.values() if dataclasses.is_dataclass(kind)}
    written = {name: kinds[name] for name in folders}
    blocks = {name for name, kind in written.items() if issubclass(kind, tree.Block) or kind is report.Report}
    parts = {name for kind in written.values() for name in _parts(kind) if name not in written}
    parts |= {name for part in parts for name in _parts(kinds[part]) if name not in written}
    return "\n".join(
        [
            INTRODUCTION,
            "## Blocks\n",
            *(_section(written[name], folders[name]) for name in folders if name in blocks),
            "## Inlines\n",
            *(_section(written[name], folders[name]) for name in folders if name not in blocks),
            "## Values in them\n\nThese have no template of their own: the block that holds them writes them.\n",
            *(_section(kinds[name]) for name in sorted(parts)),
            "## Files that write no block\n\n| file | holds |\n|---|---|",
            *(f"| `{name}` | {meaning} |" for name, meaning in _WITHOUT_NODE.items()),
            "",
        ]
    )


def _name(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def _section(kind: type, folders: Iterable[str] = ()) -> str:
    inherited = (
        {field.name for field in dataclasses.fields(tree.Block)} if issubclass(kind, tree.Block) else set()
    )
    lines = [f"### {_name(kind)}", "", _described(kind), ""]
    if folders:
        lines += [f"Written in: {', '.join(folders)}.", ""]
    fields = [field for field in dataclasses.fields(kind) if field.name not in inherited]
    if fields:
        hints = get_type_hints(kind, _NAMES)
        rows = (f"| `{field.name}` | {_shown(hints[field.name])} |" for field in fields)
        lines += ["| field | holds |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _described(kind: type) -> str:
    paragraphs = (kind.__doc__ or "").split("\n\n")
    return "\n\n".join(sentence(part) for part in paragraphs)


def _shown(hint: Any) -> str:
    """Say in words what a field of a type holds, with links to other nodes."""
    if hint in (tree.Inlines, tree.Blocks):
        return "text" if hint == tree.Inlines else "list of blocks"
    if dataclasses.is_dataclass(hint) and hint is not tree.Block:
        name = _name(hint)
        return f"[{name}](#{name})"
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(map(_shown, get_args(hint))))
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if get_origin(hint) is tuple:
        first, *rest = get_args(hint)
        return f"list of: {_shown(first)}" if rest == [...] else f"{len(rest) + 1} times: {_shown(first)}"
    return _TYPES[hint]


def _parts(kind: type) -> set[str]:
    """Return the names of the nodes and values that the fields of a node hold."""
    shown = " ".join(_shown(hint) for hint in get_type_hints(kind, _NAMES).values())
    return set(re.findall(r"\(#(\w+)\)", shown))
