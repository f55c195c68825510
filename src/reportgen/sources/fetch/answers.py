"""Answers of the registries, checked as the untrusted text they are: CSL-JSON of DOIs, Atom of arXiv."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from reportgen.base.foreign import parse_foreign_json
from reportgen.base.identifiers import Identifier, identify
from reportgen.sources.csl import printed_part
from reportgen.sources.csl_item import Item
from reportgen.sources.entry import tidy
from reportgen.sources.latex_text import decode_latex
from reportgen.sources.lock import lock_key
from reportgen.sources.marked import with_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DEEPEST = 8  # a day in a date is the fourth
_LONGEST_TEXT = 20_000
"""Characters of one text in a feed: no title, name or remark has as many."""
MOST_KEPT = 1_000_000
"""Bytes of one item, which would else fill the lock file; a paper with 5,000 authors has 500,000."""


def read_csl_answer(body: bytes, asked: Identifier) -> dict[str, Any]:
    """Read the CSL-JSON that answers for a DOI; only what we print is kept.

    Raises:
        ValueError: the body is no such item, or is about another DOI.

    """
    try:
        item = parse_foreign_json(body.decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"the answer is not JSON: {error}") from error
    if not isinstance(item, dict):
        raise ValueError("the answer is not a CSL-JSON item")  # noqa: TRY004  # it is the value that is wrong
    answered = item.get("DOI")
    if not isinstance(answered, str) or answered.lower() != asked.value.lower():
        raise ValueError(f"the answer is about the DOI {answered!r:.200}")
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
    found: dict[Identifier, dict[str, Any]] = {}
    for entry in feed.findall(f"{_ATOM}entry"):
        paper = _paper_of(entry)
        for identifier in asked:
            if paper and _is_asked(paper, identifier):
                item = _arxiv_item(entry, paper)
                found |= {identifier: _checked({**item, "id": lock_key(identifier)})} if item else {}
    return found


def _without_declarations(body: bytes) -> str:
    text = body.decode("utf-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares entities, which can be made to exhaust memory")
    return text


def _checked(item: dict[str, Any]) -> dict[str, Any]:
    try:
        kept = json.dumps(item, ensure_ascii=False, allow_nan=False).encode()
        read = Item.model_validate(item)
    except ValidationError as error:
        detail = error.errors()[0]
        place = ".".join(map(str, detail["loc"]))
        raise ValueError(f"the answer is not a CSL-JSON item: {place}: {detail['msg']}") from error
    except UnicodeEncodeError as error:
        raise ValueError("the answer holds half of a surrogate pair") from error
    except ValueError as error:
        raise ValueError(f"the answer is not a CSL-JSON item: {error}") from error
    if len(kept) > MOST_KEPT:
        raise ValueError(f"what the answer holds to be printed is longer than {MOST_KEPT} bytes")
    if _depth(item) > _DEEPEST:  # else it would make the whole lock file one that cannot be read
        raise ValueError("the answer is not a CSL-JSON item: it is nested too deep")
    if not read.variable("title"):
        raise ValueError("the answer has no title")
    return item


def _depth(value: Any) -> int:
    if not isinstance(value, list | dict):
        return 0
    return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)


def _is_asked(found: Identifier, identifier: Identifier) -> bool:
    return found.identity == identifier.identity and identifier.version in (None, found.version)


def _paper_of(entry: ET.Element) -> Identifier | None:
    """Tell which paper an entry is about; None for an error message in the shape of an entry."""
    try:
        return identify(_text(entry, f"{_ATOM}id"), "arxiv")
    except ValueError:
        return None


def _arxiv_item(entry: ET.Element, paper: Identifier) -> Mapping[str, Any] | None:
    """Make a CSL-JSON item of an Atom entry; None when it has no title."""
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
    """Return an element's text; arXiv's authors write TeX, and CSL-JSON reads what looks like HTML as such."""
    text = tidy(element.findtext(path) or "")
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"the answer has a text of more than {_LONGEST_TEXT} characters")
    try:
        decoded = decode_latex(text).text if "\\" in text else text
    except RecursionError as error:
        raise ValueError("the answer has TeX that is nested too deep") from error
    return with_tags(html.escape(decoded, quote=False) if re.search(r"[<&]", decoded) else decoded)
