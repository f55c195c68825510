"""A document of pandoc's AST as a reader meets it: its words in order, its nodes, and where its links lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

APART = {"Para", "Plain", "Header", "CodeBlock", "LineBreak", "Space", "SoftBreak", "Note", "MetaInlines"}
"""What a reader sees apart from the words before it."""
TITLE = ("title", "subtitle", "author")
"""What pandoc prints of the metadata, in this order."""


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all nodes in a value, in order."""
    if isinstance(value, dict):
        if "t" in value:
            yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def words(value: Any) -> str:
    """Return the words of a value."""
    return " ".join("".join(_words(value)).split())


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif isinstance(value, dict):
        yield from _words_of_node(value["t"], value.get("c", []))


def _words_of_node(kind: str, content: Any) -> Iterator[str]:
    if kind in APART:
        yield " "
    if kind in {"Str", "MetaString"}:
        yield content
    elif kind == "DefinitionList":
        for term, values in content:
            yield " "
            yield from _words([term, values])
    elif kind in {"Code", "Math", "CodeBlock"}:
        yield content[1]
    else:
        yield from _words(content)
    if kind == "CodeBlock":
        yield " " + " ".join(content[0][1])


class Document:
    """What tests ask of a document: ``words``, its nodes by kind, the targets of its links and pictures."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.title = [document["meta"][name] for name in TITLE if name in document["meta"]]
        self.blocks = document["blocks"]
        self.words = f"{words(self.title)} {words(self.blocks)}"
        self.nodes = [*parts(self.title), *parts(self.blocks)]
        self.kinds = {node["t"] for node in self.nodes}
        self.targets = {node["c"][2][0] for node in self.nodes if node["t"] == "Link"}
        self.pictures = {node["c"][2][0] for node in self.nodes if node["t"] == "Image"}
        self.anchors = set(self._anchors())

    def all(self, kind: str) -> list[Any]:
        return [node["c"] for node in self.nodes if node["t"] == kind]

    def _anchors(self) -> Iterator[str]:
        for node in self.nodes:
            if node["t"] in {"Div", "Span", "Table", "CodeBlock"}:
                yield node["c"][0][0]
            elif node["t"] == "Header":
                yield node["c"][1][0]
