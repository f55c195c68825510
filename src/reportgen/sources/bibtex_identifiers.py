"""The identifiers a .bib entry states, in the several places people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.base.identifiers import Identifier, Kind, identify, identity_of, isbns_of
from reportgen.sources.latex_text import decode_verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.sources.bibfile import RawField

# Search engines export arXiv's papers with "arXiv preprint arXiv:2402.18571" or "abs/2402.18571" as journal.
_NAMES_ARXIV = re.compile(
    r"(?:arxiv:|abs/)\s*([a-z.-]+/\d{7}|\d{4}\.\d{4,5})(v\d+)?", re.IGNORECASE | re.ASCII
)
# Of these most name nothing: they are read where they may.
_PERHAPS = frozenset(("howpublished", "journal", "journaltitle", "volume"))
_MAY_NAME = re.compile(r"arxiv|abs/|http|^[^{\"0-9]", re.IGNORECASE)
IDENTIFYING = frozenset((
    "doi", "eprint", "eprinttype", "archiveprefix", "eprintclass", "primaryclass", "pmid", "isbn", "url",
    "howpublished", "journal", "journaltitle", "volume",
))  # fmt: skip
_BRACKETED = re.compile(r"(?<!\s)\s*+\[([\w.-]+)\]$")
_PREFIX = re.compile(r"^(doi|arxiv|pmid|isbn):\s*", re.IGNORECASE)
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
    codes = {
        name: decode_verbatim(field.value.text)
        for name, field in fields.items()
        if name in IDENTIFYING and (name not in _PERHAPS or _MAY_NAME.search(field.source))
    }

    def stated(kind: Kind) -> list[tuple[Kind, str, str]]:
        return [(kind, codes[kind], kind)] if codes.get(kind) else []

    wanted = [*stated("doi"), *(eprint := _eprint(codes)), *stated("pmid")]
    wanted += [("isbn", text, "isbn") for text in isbns_of(codes.get("isbn", ""))]
    is_address = _ADDRESS.fullmatch(codes.get("howpublished", ""))
    address_field = "url" if codes.get("url") else "howpublished" if is_address else ""
    if address_field:
        wanted.append(("url", codes[address_field], address_field))
    found, rejected = _identify_all(wanted)
    return Identified(found, rejected, _subject(codes), address_field, "eprint" in codes and not eprint)


def _eprint(codes: Mapping[str, str]) -> list[tuple[Kind, str, str]]:
    """Return what the eprint fields name, else the arXiv paper named in another field."""
    if text := codes.get("eprint"):
        if _ADDRESS.fullmatch(text):
            return [("url", text, "eprint")]
        archive = (codes.get("eprinttype") or codes.get("archiveprefix") or "arxiv").lower()
        if archive in ("pubmed", "pmid"):
            return [("pmid", text, "eprint")]
        return [("arxiv", _BRACKETED.sub("", text), "eprint")] if archive == "arxiv" else []
    for name in ("journal", "journaltitle", "volume", "howpublished"):
        if named := _NAMES_ARXIV.search(codes.get(name, "")):
            return [("arxiv", named[1] + (named[2] or ""), name)]
    return []


def _subject(codes: Mapping[str, str]) -> str:
    if subject := codes.get("eprintclass") or codes.get("primaryclass"):
        return subject
    bracketed = _BRACKETED.search(codes.get("eprint", ""))
    return bracketed[1] if bracketed else ""


def _identify_all(
    wanted: list[tuple[Kind, str, str]],
) -> tuple[tuple[Identifier, ...], tuple[tuple[str, str], ...]]:
    """Recognise each text; of one identifier given twice the one with a version counts."""
    found: dict[tuple[str, str], Identifier] = {}
    rejected: list[tuple[str, str]] = []
    for kind, text, field in wanted:
        try:
            identifier = identify(_PREFIX.sub("", text), kind)
        except ValueError:
            rejected.append((field, text))
            continue
        known = found.get(identity_of(identifier))
        if known is None or (known.version is None and identifier.version is not None):
            found[identity_of(identifier)] = identifier
    return tuple(found.values()), tuple(rejected)
