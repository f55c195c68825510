"""The identifiers a .bib entry states, in the several places people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.bibliography.latex_text import decode_verbatim
from reportgen.identifiers import Identifier, Kind, identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.bibliography.bibfile import RawField

# Search engines export arXiv's papers with "arXiv preprint arXiv:2402.18571" or "abs/2402.18571" as journal.
_NAMES_ARXIV = re.compile(
    r"(?:arxiv:|abs/)\s*([a-z.-]+/\d{7}|\d{4}\.\d{4,5})(v\d+)?", re.IGNORECASE | re.ASCII
)
_BRACKETED = re.compile(r"\s*\[([\w.-]+)\]$")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identified:
    """The identifiers of an entry, and the texts that are none with the field they stand in.

    ``address_field`` is the field the URL was taken from: ``url``, ``howpublished`` or ''.
    ``other_archive`` says that ``eprint`` names a paper of an archive we know no identifiers of.
    """

    identifiers: tuple[Identifier, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    arxiv_class: str = ""
    address_field: str = ""
    other_archive: bool = False


def identify_entry(fields: Mapping[str, RawField]) -> Identified:
    """Read the identifying fields only: cheap enough for every entry of a large bibliography."""
    wanted: list[tuple[Kind, str, str]] = []
    if text := _code(fields, "doi"):
        wanted.append(("doi", text, "doi"))
    wanted += (eprint := _eprint(fields))
    if text := _code(fields, "pmid"):
        wanted.append(("pmid", text, "pmid"))
    wanted += [("isbn", text, "isbn") for text in re.split(r"\s*[,;]\s*", _code(fields, "isbn")) if text]
    address_field = next((name for name in ("url", "howpublished") if _is_address(fields, name)), "")
    if address_field:
        wanted.append(("url", _code(fields, address_field), address_field))
    found, rejected = _identify_all(wanted)
    return Identified(found, rejected, _subject(fields), address_field, "eprint" in fields and not eprint)


def _code(fields: Mapping[str, RawField], name: str) -> str:
    return decode_verbatim(fields[name].value.text) if name in fields else ""


def _is_address(fields: Mapping[str, RawField], name: str) -> bool:
    text = _code(fields, name)
    return bool(text and name == "url") or bool(_ADDRESS.fullmatch(text))


def _eprint(fields: Mapping[str, RawField]) -> list[tuple[Kind, str, str]]:
    """Give what the eprint fields name, else the arXiv paper named in another field."""
    if text := _code(fields, "eprint"):
        archive = (_code(fields, "eprinttype") or _code(fields, "archiveprefix") or "arxiv").lower()
        if archive in ("pubmed", "pmid"):
            return [("pmid", text, "eprint")]
        return [("arxiv", _BRACKETED.sub("", text), "eprint")] if archive == "arxiv" else []
    for name in ("journal", "journaltitle", "volume", "howpublished"):
        if named := _NAMES_ARXIV.search(_code(fields, name)):
            return [("arxiv", named[1] + (named[2] or ""), name)]
    return []


def _subject(fields: Mapping[str, RawField]) -> str:
    if subject := _code(fields, "eprintclass") or _code(fields, "primaryclass"):
        return subject
    bracketed = _BRACKETED.search(_code(fields, "eprint"))
    return bracketed[1] if bracketed else ""


def _identify_all(
    wanted: list[tuple[Kind, str, str]],
) -> tuple[tuple[Identifier, ...], tuple[tuple[str, str], ...]]:
    """Recognise each text; of one identifier given twice the one with a version counts."""
    found: dict[tuple[str, str], Identifier] = {}
    rejected: list[tuple[str, str]] = []
    for kind, text, field in wanted:
        try:
            identifier = identify(re.sub(rf"^{kind}:\s*", "", text, flags=re.IGNORECASE), kind)
        except ValueError:
            rejected.append((field, text))
            continue
        known = found.get(identifier.identity)
        if known is None or known.version is None:
            found[identifier.identity] = identifier
    return tuple(found.values()), tuple(rejected)
