"""A reference as a CSL processor wrote it: its small HTML read into inlines, with links; none of it is passed on."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from reportgen.base.identifiers import identify
from reportgen.content.marked_text import marked_inlines
from reportgen.sources.marked import RESTORED
from reportgen.text.inline import plain_text
from reportgen.text.mathematics import Formula, without_formulas
from reportgen.text.tree import Emphasis, Link, Strong, Subscript, Superscript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.base.identifiers import Identifier
    from reportgen.sources import Reference
    from reportgen.sources.csl_rendering import Styled
    from reportgen.text.tree import Inline, Inlines

_NODES = {"i": Emphasis, "em": Emphasis, "b": Strong, "strong": Strong, "sup": Superscript, "sub": Subscript}
_END = r"[^\s]*[^\s.,;:)\]]"
_ADDRESS = re.compile(
    rf"(?P<url>https?://{_END})|\bdoi:\s*(?P<named>10(?:\.\d{{4,9}})?/{_END})|\b(?P<doi>10\.\d{{4,9}}/{_END})",
    re.IGNORECASE,
)
_PRIVATE = re.compile("([\U000f0000-\U000ffffd])")


def styled_reference(reference: Reference, styled: Styled) -> Inlines:
    """Return what the style wrote; where no address in it leads to the work, its identifier follows."""
    reader = _Reader(styled)
    reader.feed(styled.texts[reference.number])
    reader.close()
    content = reader.content()
    if _has_link(content):
        return content
    found = reference.identifier if reference.identifier.kind != "key" else None
    if found is None and reference.entry is not None:
        found = reference.entry.identifier("doi", "arxiv", "pmid", "url", "isbn")
    if found is None or _is_said(found, content):
        return content
    return (*content, " ", Link((str(found),), found.url) if found.url else str(found), ".")


def _is_said(found: Identifier, content: Inlines) -> bool:
    """Tell whether the style printed a number that leads nowhere, such as an ISBN, in whatever groups."""
    digits = found.value.replace("-", "")
    return found.url is None and digits in plain_text(content).replace("-", "").replace(" ", "")


def _has_link(content: Inlines) -> bool:
    return any(
        isinstance(part, Link) or _has_link(getattr(part, "content", ()))
        for part in content
        if not isinstance(part, str)
    )


class _Reader(HTMLParser):
    """Reads the HTML that the processor makes; a tag that it does not make leaves its words."""

    def __init__(self, styled: Styled) -> None:
        super().__init__(convert_charrefs=True)
        self._styled = styled
        self._open: list[tuple[str, Inlines]] = []
        self._out: Inlines = ()

    def content(self) -> Inlines:
        while self._open:
            self.handle_endtag(self._open[-1][0])
        return self._out

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as the library calls it
        self._open.append((tag, self._out))
        self._out = ()

    def handle_endtag(self, tag: str) -> None:
        if tag not in [name for name, _ in self._open]:
            return
        while True:
            name, before = self._open.pop()
            node = _NODES.get(name)
            inside = (node(self._out),) if node and self._out else self._out
            gap = (" ",) if name == "div" and before and not plain_text(before).endswith(" ") else ()
            self._out = (*before, *gap, *inside)
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._out += tuple(self._read(data.translate(RESTORED)))

    def _read(self, text: str) -> Iterator[Inline]:
        position = 0
        for found in _ADDRESS.finditer(text):
            yield from self._words(text[position : found.start()])
            yield Link((found[0],), found["url"] or str(identify(found["named"] or found["doi"], "doi").url))
            position = found.end()
        yield from self._words(text[position:])

    def _words(self, text: str) -> Iterator[Inline]:
        for part in _PRIVATE.split(text):
            source = self._styled.formula(part) if _PRIVATE.fullmatch(part) else None
            if source is not None:
                yield Formula(source)
            elif part:
                yield from marked_inlines(without_formulas(part))
