"""The inlines of the content tree as those of pandoc's AST."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

from reportgen.exports.pandoc import nodes
from reportgen.exports.pandoc.formulas import portable_tex
from reportgen.text.mathematics import Formula
from reportgen.text.tree import (
    Checksum,
    Cite,
    CrossReference,
    Emphasis,
    FinePrint,
    Isolated,
    Label,
    LineBreak,
    Link,
    Missing,
    Span,
    StatusMark,
    Strike,
    Strong,
    Subscript,
    Superscript,
    Task,
    Verbatim,
    Warned,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.exports.pandoc.nodes import Node, Nodes

_KINDS = {
    Emphasis: "Emph",
    Strong: "Strong",
    Strike: "Strikeout",
    Subscript: "Subscript",
    Warned: "Strong",
}
_CLASSES = {Missing: "missing", FinePrint: "fine-print"}
_ADDRESSES = ("http:", "https:", "mailto:")
_TICKED, _OPEN = "\N{BALLOT BOX WITH X}", "\N{BALLOT BOX}"
"""The boxes that pandoc itself reads and writes tasks as."""


def formula(said: Formula, *, is_display: bool = False) -> Node:
    """Return a formula, written anew from what was understood of it."""
    kind = "DisplayMath" if is_display else "InlineMath"
    return nodes.node("Math", [{"t": kind}, portable_tex(said.source)])


class InlineWriter:
    """Writes inlines; what refers to a place leads there where ``leads_to`` says that there is one.

    ``note`` returns the note that a reference names, or None where it is to stay the number that it is.
    """

    def __init__(self, leads_to: Callable[[str], bool], note: Callable[[str], Node | None]) -> None:
        self._leads_to = leads_to
        self._note = note

    def write(self, content: Any) -> Nodes:
        """Write an inline, several, or a plain text."""
        if isinstance(content, str):
            return nodes.text(content)
        if isinstance(content, tuple):
            return [written for part in content for written in self.write(part)]
        return self._written(content)

    @singledispatchmethod
    def _written(self, node: Any) -> Nodes:
        raise TypeError(f"no text holds {node!r}")

    @_written.register(Span)
    def _(self, it: Span) -> Nodes:
        content = self.write(it.content)
        if kind := _KINDS.get(type(it)):
            return [nodes.node(kind, content)]
        return [nodes.span(content, kind=_CLASSES[type(it)])]

    @_written.register(Superscript)
    def _(self, it: Superscript) -> Nodes:
        match it.content:
            case (CrossReference(anchor=anchor),) if note := self._note(anchor):
                return [note]
        return [nodes.node("Superscript", self.write(it.content))]

    @_written.register(Verbatim)
    def _(self, it: Verbatim) -> Nodes:
        return [nodes.code(it.text, "checksum" if isinstance(it, Checksum) else "")]

    @_written.register(Label)
    def _(self, it: Label) -> Nodes:
        return [nodes.span(nodes.text(it.text), kind="label")]

    @_written.register(Formula)
    def _(self, it: Formula) -> Nodes:
        return [formula(it)]

    @_written.register(Link)
    def _(self, it: Link) -> Nodes:
        words = self.write(it.content)
        return [nodes.link(words, it.uri)] if it.uri.lower().startswith(_ADDRESSES) else words

    @_written.register(CrossReference)
    def _(self, it: CrossReference) -> Nodes:
        words = nodes.text(it.label)
        leads = self._leads_to(it.anchor)
        return [nodes.link(words, f"#{it.anchor}", aria_label=it.spoken)] if leads else words

    @_written.register(Cite)
    def _(self, it: Cite) -> Nodes:
        numbers = nodes.joined(map(self.write, it.references), ", ")
        return [*nodes.text("["), *numbers, *nodes.text("]")]

    @_written.register(Isolated)
    def _(self, it: Isolated) -> Nodes:
        return [nodes.span(self.write(it.content), dir=it.direction)]

    @_written.register(StatusMark)
    def _(self, it: StatusMark) -> Nodes:
        return nodes.text(_sign(it) + it.word)

    @_written.register(LineBreak)
    def _(self, _: LineBreak) -> Nodes:
        return [nodes.LINE_BREAK]

    @_written.register(Task)
    def _(self, it: Task) -> Nodes:
        return nodes.text(_TICKED if it.done else _OPEN)


def _sign(mark: StatusMark) -> str:
    if mark.verified:
        return "\N{CHECK MARK} "
    return "\N{MULTIPLICATION SIGN} " if mark.settled else ""
