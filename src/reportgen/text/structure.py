r"""The tree of tags: rendering writes it into the text as marks, numbering takes it out again.

A fragment of LaTeX carries its structure with it: ``tag("P", "text")`` wraps the text in control
characters that no escaped value can contain. Fragments may be built in any order and by any tool;
the order of the tree is the order of the finished text. `number` then turns the marks into the
TeX commands ``\TagBegin{n}`` and ``\TagEnd{}``, which write numbered marked content into the PDF, and
into the tree of `Element` values from which finishing builds the PDF's structure tree.

Roles are those of ISO 32000-1, 14.8.4.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OPEN, END_OF_HEAD, CLOSE, NEXT = "\x01", "\x02", "\x03", "\x04"

LONGEST_LINE = 4000
"""TeX stops at a line of 200,000 bytes; commands around single characters may still be added to this."""
_TOKENS = re.compile(rf"(?:\\(?:[A-Za-z@]+|.)|[^\\%]){{1,{LONGEST_LINE}}}", re.DOTALL)

HEADINGS = {f"H{level}": level for level in range(1, 7)}
CELLS = frozenset(["TH", "TD"])
GROUPING = frozenset(
    [
        *("Document", "Part", "Sect", "Div", "BlockQuote", "TOC", "TOCI"),
        *("Table", "THead", "TBody", "TR"),
        *("L", "LI", "LBody"),
    ]
)
CONTENT = frozenset(
    [
        *HEADINGS,
        *CELLS,
        *("Title", "P", "Lbl", "Caption", "Note", "Formula", "Figure"),
        *("Span", "Em", "Strong", "Code", "Link", "Reference"),
    ]
)
ATTRIBUTES = frozenset(
    [
        *("id", "alt", "actual", "lang", "scope", "uri", "goto", "title", "at", "mathml"),
        *("contents", "numbering"),
    ]
)


@dataclass(frozen=True, slots=True)
class Element:
    """One structure element.

    Attributes: ``id`` is the name of its destination in the PDF; ``alt`` and ``actual`` stand for what
    is drawn; ``lang`` is BCP 47; ``scope`` is Column or Row, for TH; ``uri`` or ``goto`` is a link's
    target, and ``contents`` says where it leads; ``numbering`` is what a list's labels are, in PDF's words;
    ``title`` is the outline's wording for a heading; ``mathml`` is what a formula says, for machines;
    ``at`` points into the record.
    Children are elements, and the numbers of the marks that hold the content, in reading order.

    """

    role: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Element | int, ...] = ()

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    @property
    def marks(self) -> tuple[int, ...]:
        """Return the numbers of the element's own marks, without those of the elements in it."""
        return tuple(child for child in self.children if isinstance(child, int))


@dataclass(frozen=True, slots=True)
class Numbered:
    """TeX with numbered marks, the tree they belong to, and which record field each line came from."""

    tex: str
    root: Element
    origins: tuple[tuple[int, str], ...] = ()

    def pointer_at(self, line: int) -> str:
        """Return the JSON pointer of the record field that the 1-based TeX line was made from, or ''."""
        place = bisect_right(self.origins, line, key=lambda origin: origin[0])
        return self.origins[place - 1][1] if place else ""


def tag(role: str, content: str, **attributes: str | None) -> str:
    """Wrap LaTeX in a structure element; attributes that are None or empty are left out.

    Raises:
        ValueError: an unknown role or attribute.

    """
    if role not in GROUPING | CONTENT:
        raise ValueError(
            f"{role!r} is not a structure role; known are {', '.join(sorted(GROUPING | CONTENT))}"
        )
    if unknown := attributes.keys() - ATTRIBUTES:
        raise ValueError(f"{role} has no attribute {', '.join(sorted(unknown))}")
    given = "".join(f"{NEXT}{name}={_plain(value)}" for name, value in attributes.items() if value)
    return f"{OPEN}{role}{given}{END_OF_HEAD}{content}{CLOSE}"


def untagged(marked: str) -> str:
    """Return LaTeX without the structure in it: what is printed once more, as furniture, is not said again."""
    return _TOKEN.sub("", marked)


def _plain(value: str) -> str:
    return re.sub(r"[\x00-\x08\x0b-\x1f]", " ", value)


_TOKEN = re.compile(f"{OPEN}([^{END_OF_HEAD}]*){END_OF_HEAD}|({CLOSE})")


def number(marked: str) -> Numbered:
    """Replace the structure marks of a whole document by numbered TeX commands and build the tree."""
    numbering = _Numbering()
    first, *rest = _TOKEN.split(marked)
    numbering.text(first)
    for head, close, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if close:
            numbering.close()
        else:
            numbering.open(head)
        numbering.text(text)
    return numbering.result()


def broken(tex: str, column: int = 0) -> str:
    r"""Break long lines where TeX does not care: at a space, else between two tokens with a ``%``.

    ``column`` is how many characters stand in the first line already. What stands behind a ``%`` of the text
    itself is left alone.
    """
    lines = []
    for number, line in enumerate(tex.split("\n")):
        before = 0 if number else column
        lines.append(_broken_line(line, before) if before + len(line) > LONGEST_LINE else line)
    return "\n".join(lines)


def _broken_line(line: str, column: int) -> str:
    out, position, last = [], 0, len(line.rstrip())
    if column and last:
        out.append("\n" if line[0].isspace() else "%\n")
        position = len(line) - len(line.lstrip())
    while len(line) - position > LONGEST_LINE:
        whole = _TOKENS.match(line, position)
        if whole is None or whole.end() >= last or line[whole.end()] == "%":
            break
        end = whole.end()
        space = line.rfind(" ", position + 1, end)
        if space > 0 and line[space - 1] != "\\":
            out += [line[position:space], "\n"]
            position = space + 1
            continue
        # A line begins with no space that counts.
        end = next(index for index in range(end, last) if not line[index].isspace())
        out += [line[position:end], "%\n"]
        position = end
    return "".join([*out, line[position:]])


@dataclass(slots=True)
class _Open:
    """An element that is being filled; a link begins where its first text does."""

    role: str
    attributes: dict[str, str]
    pointer: str
    children: list[Element | int] = field(default_factory=list)
    link_started: bool = False

    @property
    def leads(self) -> bool:
        return self.role == "Link" and bool({"uri", "goto"} & self.attributes.keys())


class _Numbering:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.line, self.column = 1, 0
        self.next_mark = 0
        self.stack = [_Open("Document", {}, "")]
        self.destinations: list[str] = []
        self.origins: list[tuple[int, str]] = []

    def write(self, text: str) -> None:
        if self.column + len(text) > LONGEST_LINE:
            text = broken(text, self.column)
        self.out.append(text)
        self.line += text.count("\n")
        self.column = len(text) - text.rfind("\n") - 1 if "\n" in text else self.column + len(text)

    def open(self, head: str) -> None:
        role, *pairs = head.split(NEXT)
        attributes = dict(pair.split("=", 1) for pair in pairs)
        pointer = attributes.get("at") or self.stack[-1].pointer
        if "id" in attributes:
            self.destinations.append(attributes["id"])
        self.stack.append(_Open(role, attributes, pointer))

    def close(self) -> None:
        done = self.stack.pop()
        if not self.stack:
            raise ValueError("a structure element is closed that was never opened")
        if done.link_started:
            self.write("\\TagEndLink{}")
        self.stack[-1].children.append(Element(done.role, done.attributes, tuple(done.children)))

    def text(self, text: str) -> None:
        current = self.stack[-1]
        body = text.strip()
        if current.role in GROUPING or not body:
            self.write(text)
            return
        lead = "" if current.children else text[: len(text) - len(text.lstrip())]
        self.write(lead)
        if current.pointer != (self.origins[-1][1] if self.origins else ""):
            self.write("%\n")
            self.origins.append((self.line, current.pointer))
        for name in self.destinations:
            self.write(f"\\TagDest{{{name}}}")
        self.destinations.clear()
        mark = self.next_mark
        self.next_mark += 1
        current.children.append(mark)
        for opened in self.stack:
            if opened.leads and not opened.link_started:
                opened.link_started = True
                self.write(f"\\TagLink{{{mark}}}{{{_action(opened.attributes)}}}")
        self.write(f"\\TagBegin{{{mark}}}{text[len(lead) :]}\\TagEnd{{}}")

    def result(self) -> Numbered:
        if len(self.stack) != 1:
            raise ValueError(f"the structure element {self.stack[-1].role} is never closed")
        root = Element("Document", {}, tuple(self.stack[0].children))
        return Numbered("".join(self.out), root, tuple(self.origins))


def _action(attributes: Mapping[str, str]) -> str:
    if "goto" in attributes:
        return f"\\TagGoTo{{{attributes['goto']}}}"
    uri = re.sub(r"[^\x21-\x7e]|[\\(){}<>^`|\"]", _percent, attributes["uri"])
    return "\\TagURI{" + re.sub(r"([%#&_~$])", r"\\\1", uri) + "}"


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
