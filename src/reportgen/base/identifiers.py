"""Recognise what a source reference names: a DOI, an arXiv paper, a PMID, an ISBN, a URL or a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from reportgen.base.characters import is_blank

Kind = Literal["key", "doi", "arxiv", "pmid", "isbn", "url"]

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
_SHORT_DOI = re.compile(r"10/[a-z0-9]{3,}", re.ASCII | re.IGNORECASE)
_DOI_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/(.+)", re.IGNORECASE)
_ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_ARXIV = re.compile(rf"({_ARXIV_ID})(?:v([1-9]\d{{0,3}}))?", re.ASCII)
_ARXIV_URL = re.compile(
    rf"https?://(?:www\.|export\.|[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format|e-print)/({_ARXIV_ID}(?:v\d+)?)"
    r"(?:\.pdf)?/?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_PUBMED_URL = re.compile(
    r"https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pubmed)/(\d+)/?", re.IGNORECASE
)
_ISBNS = re.compile(r"(?<![\w-])(?:97[89][ -]?)?(?:[0-9][ -]?){9}[0-9Xx](?![\w-])", re.ASCII)
_PREFIXED = re.compile(r"(doi|arxiv|pmid|isbn|url|key):\s*(.+)", re.IGNORECASE | re.DOTALL)
_URL = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_KEY = re.compile(r"(?!\w+://)[^\s{}\"#%~,\\]+")


class RefusedValueError(ValueError):
    """A value that is refused, with a remedy of its own."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normalised name of a source; two references to one work compare equal without ``version``."""

    kind: Kind
    value: str
    version: int | None = None

    def __str__(self) -> str:
        labels = {"doi": "doi:", "arxiv": "arXiv:", "pmid": "PMID ", "isbn": "ISBN "}
        version = f"v{self.version}" if self.version else ""
        return f"{labels.get(self.kind, '')}{self.value}{version}"

    @property
    def identity(self) -> tuple[str, str]:
        """Return what makes two references the same work, whatever their letter case or version."""
        return (self.kind, self.value if self.kind in ("key", "url") else self.value.lower())

    @property
    def url(self) -> str | None:
        """Return the address a reader can open; a bare key and an ISBN have none."""
        match self.kind:
            case "doi":
                return "https://doi.org/" + quote(self.value, safe="/:;()!$&'*+,=@~")
            case "arxiv":
                return f"https://arxiv.org/abs/{self.value}" + (f"v{self.version}" if self.version else "")
            case "pmid":
                return f"https://pubmed.ncbi.nlm.nih.gov/{self.value}/"
            case "url":
                return self.value
            case _:
                return None


def identify(text: str, kind: Kind | None = None) -> Identifier:
    """Read one reference written as text; with ``kind`` the text must be of that kind.

    A URL that is a DOI's or arXiv's own is recognised as such.

    Raises:
        ValueError: the text is neither a key, an identifier nor a URL; the message says what was expected.

    """
    text = text.strip()
    if kind is None and (prefixed := _PREFIXED.fullmatch(text)) and not _URL.match(text):
        return identify(prefixed[2], prefixed[1].lower())  # type: ignore[arg-type]
    if kind is not None:
        read, expected, remedy = _KINDS[kind]
        if found := read(text):
            return found
        raise RefusedValueError(f"{text!r} is not {expected}", remedy)
    for reader in (_url, _doi, _arxiv, _key):
        if (found := reader(text)) and not (reader is _doi and _SHORT_DOI.fullmatch(text)):
            return found
    raise ValueError(f"{text!r} is neither a key, a DOI, an arXiv id, a PMID, an ISBN nor a URL")


def identity_of(identifier: Identifier) -> tuple[str, str]:
    """Return an identifier's identity, with an ISBN in its form of 13 digits."""
    if identifier.kind != "isbn" or len(identifier.value) != 10:
        return identifier.identity
    stem = f"978{identifier.value[:9]}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return identify(f"{stem}{-total % 10}", "isbn").identity


def isbns_of(text: str) -> list[str]:
    """Tell several ISBNs in one text apart; where there is none, give its parts as they are."""
    found = _ISBNS.findall(text)
    if found and not re.search(r"\d", _ISBNS.sub("", re.sub(r"ISBN-?1[03]", "", text))):
        return found
    return [part.strip() for part in re.split("[,;]", text) if part.strip()]


def _doi(text: str) -> Identifier | None:
    if match := _DOI_URL.fullmatch(text):
        text = match[1]
    text = re.sub(r"^doi:\s*", "", text, flags=re.IGNORECASE)
    if "%" in text and "\ufffd" not in (plain := unquote(text)):
        text = plain
    if _SHORT_DOI.fullmatch(text):
        return Identifier("doi", text.lower())
    if not _DOI.fullmatch(text):
        return None
    if (arxiv := _ARXIV_DOI.fullmatch(text)) and (found := _arxiv(arxiv[1])):
        return found
    return Identifier("doi", text)


def _arxiv(text: str) -> Identifier | None:
    if match := _ARXIV_URL.fullmatch(text):
        text = match[1]
    match = _ARXIV.fullmatch(re.sub(r"^arxiv:", "", text, flags=re.IGNORECASE))
    return Identifier("arxiv", match[1], int(match[2]) if match[2] else None) if match else None


def _pmid(text: str) -> Identifier | None:
    if match := _PUBMED_URL.fullmatch(text):
        text = match[1]
    return Identifier("pmid", text.lstrip("0")) if re.fullmatch(r"[0-9]{1,9}", text) and int(text) else None


def _isbn(text: str) -> Identifier | None:
    digits = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        total = sum((10 - i) * (10 if digit == "X" else int(digit)) for i, digit in enumerate(digits))
        return Identifier("isbn", digits) if total % 11 == 0 else None
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
        return Identifier("isbn", digits) if total % 10 == 0 else None
    return None


def _url(text: str) -> Identifier | None:
    if not _URL.fullmatch(text):
        return None
    for read in (_doi, _arxiv, _pmid):
        if found := read(text):
            return found
    return Identifier("url", text) if _has_host(text) else None


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _key(text: str) -> Identifier | None:
    return Identifier("key", text) if _KEY.fullmatch(text) and not is_blank(text) else None


_KINDS = {
    "doi": (
        _doi,
        "a DOI such as 10.1038/s41592-019-0686-2",
        "a DOI begins with `10.` and four to nine digits before its slash: compare it with the publisher's page",
    ),
    "arxiv": (
        _arxiv,
        "an arXiv id such as 2402.18571v3",
        "write it as arXiv's page shows it: 2402.18571, 2402.18571v3 or math/0309136",
    ),
    "pmid": (_pmid, "a PubMed id such as 32015543", "a PubMed id is a number of one to nine digits"),
    "isbn": (
        _isbn,
        "an ISBN of 10 or 13 digits with a right check digit",
        "compare it with the book: the last digit follows from the others",
    ),
    "url": (_url, "an http or https URL", "write the whole address: https://example.org/report"),
    "key": (
        _key,
        "a bibliography key",
        "write the key as the .bib file has it: one word without quotes, commas, braces, #, % or ~",
    ),
}
