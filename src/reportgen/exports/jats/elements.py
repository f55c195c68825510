"""Elements of JATS, and the names that they may be referred to by."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lxml import etree

from reportgen.base.characters import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Element: TypeAlias = Any
"""An element of lxml, whose types are not known here."""
Content: TypeAlias = str | Element
XLINK: Final = "http://www.w3.org/1999/xlink"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
HREF: Final = f"{{{XLINK}}}href"
SPACES: Final = {"xlink": XLINK, "mml": MATHML}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def element(name: str, *content: Content, **attributes: str) -> Element:
    """Make an element of texts and elements; an attribute that is '' is left out, ``_`` in its name is a hyphen.

    ``href`` is XLink's, ``lang`` and ``space`` are XML's.
    """
    made = etree.Element(name)
    for attribute, value in attributes.items():
        if value:
            made.set(_attribute(attribute.rstrip("_")), normalise(value))
    for part in content:
        append(made, part)
    return made


def _attribute(name: str) -> str:
    if name in {"lang", "space"}:
        return LANGUAGE.replace("lang", name)
    return HREF if name == "href" else name.replace("_", "-")


def append(parent: Element, part: Content) -> None:
    """Put a text or an element behind what an element holds."""
    if not isinstance(part, str):
        parent.append(part)
        return
    text = normalise(part)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def lines(text: str, name: str, **attributes: str) -> Element:
    """Make an element of lines all of whose characters count."""
    made = element(name, **attributes)
    made.text = "\n".join(map(normalise, text.rstrip("\n").split("\n")))
    return made


def id_of(anchor: str) -> str:
    """Return the name of an anchor in XML: itself where XML allows it, else one made from it."""
    if not anchor or _NAME.fullmatch(anchor):
        return anchor
    digest = hashlib.sha256(anchor.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"a-{re.sub('[^A-Za-z0-9._-]+', '-', anchor)}-{digest}"


def in_paragraphs(blocks: Iterable[Element], allowed: Iterable[str] = ()) -> Iterator[Element]:
    """Put blocks into paragraphs where only those, and the elements allowed, may stand."""
    kept = {"p", *allowed}
    for block in blocks:
        yield block if block.tag in kept else element("p", block)
