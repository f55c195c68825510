"""What the registries answer, checked as the untrusted text it is: CSL-JSON of DOIs, Atom of arXiv."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from reportgen.bibliography.csl import Item, printed_part
from reportgen.bibliography.entry import tidy
from reportgen.bibliography.latex_text import decode_latex
from reportgen.bibliography.lock import lock_key
from reportgen.identifiers import Identifier, identify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def read_csl_answer(body: bytes, asked: Identifier) -> dict[str, Any]:
    """Read the CSL-JSON that answers for a DOI; only what we print is kept.

    Raises:
        ValueError: the body is no such item, or is about another DOI.

    """
    try:
        item = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the answer is not JSON: {error}") from error
    if not isinstance(item, dict):
        raise ValueError("the answer is not a CSL-JSON item")  # noqa: TRY004  # it is the value that is wrong
    answered = item.get("DOI")
    if not isinstance(answered, str) or answered.lower() != asked.value.lower():
        raise ValueError(f"the answer is about the DOI {answered!r}")
    return _checked({**printed_part(item), "id": lock_key(asked)})


def read_atom_answer(body: bytes, asked: Sequence[Identifier]) -> dict[Identifier, dict[str, Any]]:
    """Read arXiv's Atom feed; papers it does not know are missing from what is returned.

    Raises:
        ValueError: the body is no such feed.

    """
    try:
        feed = ET.fromstring(_without_declarations(body))  # noqa: S314  # no entity is declared in it
    except (ValueError, ET.ParseError) as error:
        raise ValueError(f"the answer is not a feed: {error}") from error
    if feed.tag != f"{_ATOM}feed":
        raise ValueError("the answer is not a feed")
    papers = [_arxiv_item(entry) for entry in feed.findall(f"{_ATOM}entry")]
    found: dict[Identifier, dict[str, Any]] = {}
    for identifier in asked:
        for paper in papers:
            if paper and _is_asked(paper["archive_location"], identifier):
                found[identifier] = _checked({**paper, "id": lock_key(identifier)})
    return found


def _without_declarations(body: bytes) -> str:
    text = body.decode("utf-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares entities, which can be made to exhaust memory")
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _checked(item: dict[str, Any]) -> dict[str, Any]:
    try:
        read = Item.model_validate(item)
        json.dumps(item, ensure_ascii=False).encode()
    except ValidationError as error:
        detail = error.errors()[0]
        place = ".".join(map(str, detail["loc"]))
        raise ValueError(f"the answer is not a CSL-JSON item: {place}: {detail['msg']}") from error
    except UnicodeEncodeError as error:
        raise ValueError("the answer holds half of a surrogate pair") from error
    if not read.title:
        raise ValueError("the answer has no title")
    return item


def _is_asked(location: str, identifier: Identifier) -> bool:
    found = identify(location, "arxiv")
    return found.identity == identifier.identity and identifier.version in (None, found.version)


def _arxiv_item(entry: ET.Element) -> Mapping[str, Any] | None:
    """Make a CSL-JSON item of an Atom entry; None when it is not about a paper."""
    try:
        paper = identify(_text(entry, f"{_ATOM}id"), "arxiv")
    except ValueError:  # an error message in the shape of an entry
        return None
    title = _text(entry, f"{_ATOM}title")
    if not title:
        return None
    location = str(paper).removeprefix("arXiv:")
    item: dict[str, Any] = {
        "type": "article",
        "title": title,
        "author": [{"literal": _text(author, f"{_ATOM}name")} for author in entry.findall(f"{_ATOM}author")],
        "number": f"arXiv:{location}",
        "archive": "arXiv",
        "archive_location": location,
    }
    if published := re.match(r"(\d{4})-(\d{2})-(\d{2})", _text(entry, f"{_ATOM}published")):
        item["issued"] = {"date-parts": [[int(part) for part in published.groups()]]}
    if (subject := entry.find(f"{_ARXIV}primary_category")) is not None and subject.get("term"):
        item["archive_collection"] = subject.get("term")
    for name, element in (("DOI", "doi"), ("note", "journal_ref")):
        if text := _text(entry, f"{_ARXIV}{element}"):
            item[name] = text
    return item


def _text(element: ET.Element, path: str) -> str:
    """Give an element's text; arXiv's authors write TeX, and CSL-JSON reads what looks like HTML as such."""
    text = tidy(element.findtext(path) or "")
    text = decode_latex(text).text if "\\" in text else text
    return html.escape(text, quote=False) if re.search(r"[<&]", text) else text
