"""What a screen reader says of a PDF: `./run bench linear_reading FILE.pdf`, one block of its structure a line.

The tree of tags is walked in its order. Where an element has an alternative or an actual text, that is said and not
what stands on the page; changes of language are named, and links by what they say of where they lead.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

if TYPE_CHECKING:
    from collections.abc import Iterator

INLINE = frozenset(["Span", "Em", "Strong", "Code", "Link", "Reference", "Formula", "Lbl"])
"""What is said within the line of the element around it."""
SAID_FIRST = {
    "Figure": "graphic",
    "Formula": "formula",
    "Caption": "caption",
    "TH": "header cell",
    "TD": "cell",
}
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Text:
    """Words of one leaf."""

    text: str


@dataclass(frozen=True)
class Element:
    """An element of the tree as it is found; ``links`` are what its annotations say."""

    role: str
    lang: str
    alt: str | None
    actual: str | None
    numbering: str
    links: tuple[str, ...]
    children: tuple[Element | Text, ...]

    @property
    def is_inline(self) -> bool:
        """Tell whether it is said within a line."""
        return self.role in INLINE

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in the order of reading."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()


def main(arguments: list[str]) -> int:
    """Print what is said of each file that is named."""
    for path in map(Path, arguments):
        print(*lines(path), sep="\n")
    return 0


def lines(path: Path) -> list[str]:
    """Return what is said of a PDF, line by line."""
    with pikepdf.open(path) as pdf:
        language = str(pdf.Root.get("/Lang", ""))
    return [f"language {language}", *_Reader(language).said(read_tree(path), language)]


def read_tree(path: Path) -> Element:
    """Read the structure tree of a PDF with the words of its leaves."""
    words = _words_of_leaves(path)
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        return _element(pdf.Root.StructTreeRoot.K, pages, words)


def _element(entry: Any, pages: dict[Any, int], words: dict[tuple[int, int], str]) -> Element:
    children: list[Element | Text] = []
    links = []
    for kid in entry.K:
        if isinstance(kid, int) or kid.get("/Type") == pikepdf.Name.MCR:
            page, leaf = (entry.Pg, kid) if isinstance(kid, int) else (kid.Pg, int(kid.MCID))
            children.append(Text(words.get((pages[page.objgen], leaf), "")))
        elif kid.get("/Type") == pikepdf.Name.OBJR:
            links.append(str(kid.Obj.get("/Contents", "")))
        else:
            children.append(_element(kid, pages, words))
    given = {key: str(entry[key]) if key in entry else None for key in ("/Alt", "/ActualText")}
    attributes = entry.get("/A", {})
    return Element(
        str(entry.S)[1:],
        str(entry.get("/Lang", "")),
        given["/Alt"],
        given["/ActualText"],
        str(attributes.get("/ListNumbering", ""))[1:],
        tuple(dict.fromkeys(links)),
        tuple(children),
    )


class _Leaves(PDFTextDevice):
    """Collects the words of marked content, by page and number."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.words: dict[tuple[int, int], str] = {}
        self.page = 0
        self._open: list[int | None] = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        props = props if isinstance(props, dict) else {}
        number = props.get("MCID")
        if actual := props.get("ActualText"):
            self._add(actual.decode("utf-16") if actual.startswith(b"\xfe\xff") else actual.decode("latin-1"))
            self._open.append(None)
        elif isinstance(number, int):
            self._open.append(number)
        else:
            self._open.append(None if tag.name == "Artifact" else self._open[-1] if self._open else None)

    def end_tag(self) -> None:
        self._open.pop()

    def render_char(self, *arguments: Any) -> float:
        _, font, *_, cid, _, _ = arguments
        try:
            self._add(font.to_unichr(cid))
        except PDFUnicodeNotDefined:
            self._add("\ufffd")
        return 0

    def _add(self, text: str) -> None:
        if self._open and (number := self._open[-1]) is not None:
            self.words[self.page, number] = self.words.get((self.page, number), "") + text


def _words_of_leaves(path: Path) -> dict[tuple[int, int], str]:
    resources = PDFResourceManager()
    device = _Leaves(resources)
    interpreter = PDFPageInterpreter(resources, device)
    with path.open("rb") as file:
        for device.page, page in enumerate(PDFPage.get_pages(file)):
            interpreter.process_page(page)
    return device.words


@dataclass
class _Reader:
    """Says elements one after another; ``language`` is the document's."""

    language: str
    depth: int = field(default=0)

    def said(self, element: Element, language: str) -> Iterator[str]:
        """Yield the lines of a block, and of the blocks in it."""
        here = element.lang or language
        opening = self._opening(element, here if here != language else "")
        instead = element.alt if element.alt is not None else element.actual
        if instead is not None:
            yield self._line(f"{opening}{instead}")
            return
        runs = [(inline, list(group)) for inline, group in groupby(element.children, _is_inline)]
        if opening.strip() and not (runs and runs[0][0]):
            yield self._line(opening.rstrip(": "))
            opening = ""
        self.depth += 1 if element.role != "Document" else 0
        for inline, group in runs:
            if inline:
                words = " ".join("".join(self.phrase(part, here) for part in group).split())
                if words or opening.strip():
                    yield self._line(f"{opening}{words}", back=1)
                opening = ""
            else:
                for part in group:
                    yield from self.said(part, here)
        self.depth -= 1 if element.role != "Document" else 0

    def phrase(self, part: Element | Text, language: str) -> str:
        """Say what stands within a line."""
        if isinstance(part, Text):
            return part.text.replace(_SOFT_HYPHEN, "")
        here = part.lang or language
        words = part.alt if part.alt is not None else part.actual
        if words is None:
            words = "".join(self.phrase(child, here) for child in part.children)
        if part.role == "Link":
            words = f"[link {words.strip()}{f' ({part.links[0]})' if part.links else ''}]"
        elif part.role == "Formula":
            words = f"[formula {words}]"
        return f"[{here}: {words}]" if here != language else words

    def _opening(self, element: Element, language: str) -> str:
        role, count = element.role, sum(isinstance(child, Element) for child in element.children)
        if role.startswith("H") and role[1:].isdigit():
            said = f"heading level {role[1:]}"
        elif role == "L":
            said = f"list of {count}, {element.numbering or 'numbering unknown'}"
        elif role == "Table":
            rows = [each for each in element.walk() if each.role == "TR"]
            said = f"table of {len(rows)} rows and {len(rows[0].children) if rows else 0} columns"
        else:
            said = SAID_FIRST.get(
                role, {"BlockQuote": "quotation", "Note": "note", "LI": "item"}.get(role, "")
            )
        if language:
            said = f"{said} [{language}]".strip()
        return f"{said}: " if said else ""

    def _line(self, words: str, back: int = 0) -> str:
        return f"{'  ' * max(0, self.depth - back)}{words}"


def _is_inline(child: Element | Text) -> bool:
    return isinstance(child, Text) or child.is_inline


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
