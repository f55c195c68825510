"""Names in .bib fields: BibTeX's four forms, biblatex's extended one, and what people write instead."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)

from reportgen.sources.entry import LOWER_CASE, Name, with_particle
from reportgen.sources.latex_text import Decoded, decode_latex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OTHERS = frozenset(["others", "et al", "et al.", "et alii", "{others}", "{et al.}"])
_AND = re.compile(r"(?<!\s)\s++and\s++", re.IGNORECASE)
_EXTENDED = re.compile(r"^\s*\"?(?:family|given|prefix|suffix|useprefix)(?:-i)?\s*=", re.IGNORECASE)
_PART = re.compile(r"\s*\"?\s*([a-z-]+)\s*=\s*(.*?)\s*\"?\s*", re.IGNORECASE | re.DOTALL)
_PERSON = r"[^\W\d_]\.[\s~-]*+(?:[^\W\d_]\.[\s~-]*+)*+[^\W\d_][^\s,.]++"
_SEVERAL = re.compile(rf"{_PERSON}(?:\s*+,\s*+{_PERSON})+")
_SEMICOLON = re.compile(r"\S;\s+\S")
_SIMPLE = re.compile(
    r"([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*)*), ([^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*)*)"
)


class Names(NamedTuple):
    """The names of a field, and whether it ends with "and others".

    ``doubtful`` are the texts that are no name, each with why; ``unknown`` and ``fault`` are as of `Decoded`.
    """

    people: tuple[Name, ...]
    and_others: bool
    doubtful: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    fault: str = ""


def read_names(source: str, *, use_prefix: bool | None = None) -> Names:
    """Split and decode ``Knuth, Donald E. and {CERN} and others``.

    ``use_prefix`` is biblatex's option; BibTeX takes "van" for part of the family name, as where nothing is said.
    """
    written = _split(source)
    read = [_person(_stripped(text), use_prefix) for text in written if text.strip().lower() not in _OTHERS]
    return Names(
        tuple(each.name for each in read if each.name),
        len(read) < len(written),
        tuple((str(each.name), each.doubt) for each in read if each.doubt),
        tuple(command for each in read for command in each.unknown),
        max((each.fault for each in read), default=""),
    )


def _split(source: str) -> list[str]:
    """Split a list of names at each "and" outside braces."""
    parts = _AND.split(source.strip())
    if all(part and part.count("{") == part.count("}") for part in parts):
        return parts
    return list(split_multiple_persons_names(source))


def _stripped(text: str) -> str:
    """Take the comma off that stands behind a whole name."""
    return (
        re.sub(r"[\s,;]+$", "", text)
        if text.rstrip()[-1:] in (",", ";") and not text.endswith("\\,")
        else text
    )


class _Read(NamedTuple):
    """One name, why it may be none, and what of its LaTeX is not known."""

    name: Name
    doubt: str = ""
    unknown: tuple[str, ...] = ()
    fault: str = ""


@lru_cache(maxsize=50_000)
def _person(text: str, use_prefix: bool | None) -> _Read:
    if (simple := _SIMPLE.fullmatch(text)) and not LOWER_CASE.match(simple[1]):
        return _Read(with_particle(Name(simple[1], simple[2])))
    decoded: list[Decoded] = []

    def decode(part: str) -> str:
        decoded.append(decode_latex(part))
        return decoded[-1].text

    name, doubt = _named(text, decode, use_prefix)
    unknown = tuple(command for each in decoded for command in each.unknown)
    return _Read(name, doubt, unknown, max((each.fault for each in decoded), default=""))


def _named(text: str, decode: Callable[[str], str], use_prefix: bool | None) -> tuple[Name, str]:
    if _EXTENDED.match(text):
        return _extended(text, decode, use_prefix)
    is_group = is_one_group(text)
    if is_group or _SEVERAL.fullmatch(text.strip()) or ("{" not in text and _SEMICOLON.search(text)):
        return Name(literal=decode(text)), "" if is_group else "looks like several people"
    try:
        parts = parse_single_name_into_parts(text)
    except InvalidNameError:
        return Name(literal=decode(text)), "is not a name in BibTeX's form"
    family, given, particle, suffix = (
        decode(" ".join(words)) for words in (parts.last, parts.first, parts.von, parts.jr)
    )
    if use_prefix is False:
        return with_particle(Name(family, given, "", suffix, dropping_particle=particle)), ""
    return with_particle(Name(family, given, particle, suffix)), ""


def _extended(text: str, decode: Callable[[str], str], use_prefix: bool | None) -> tuple[Name, str]:
    """Read ``family=Jansen, given=Koos, prefix=de``."""
    parts: dict[str, str] = {}
    for part in _at_commas(text):
        match = _PART.fullmatch(part)
        if match is None:
            return Name(literal=decode(text)), "is not a name in biblatex's extended form"
        parts[match[1].lower()] = match[2]
    known = {"family", "given", "prefix", "suffix", "useprefix"}
    unknown = [name for name in parts if name not in known and not name.endswith("-i") and name != "id"]
    if unknown:
        return Name(literal=decode(text)), f"has a part {unknown[0]!r}, which is not known"
    family, given, prefix, suffix = (
        decode(parts.get(name, "")) for name in ("family", "given", "prefix", "suffix")
    )
    uses = {"true": True, "false": False}.get(parts.get("useprefix", "").strip("{} ").lower(), use_prefix)
    if not family:
        return Name(literal=given, suffix=suffix), ""
    if uses:
        return Name(family, given, prefix, suffix), ""
    return Name(family, given, "", suffix, dropping_particle=prefix), ""


def _at_commas(text: str) -> Iterator[str]:
    """Split at the commas outside braces and quotes."""
    depth = start = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            yield text[start:position]
            start = position + 1
    yield text[start:]


def is_one_group(text: str) -> bool:
    """Say whether a single pair of braces holds the whole text."""
    if not (text.startswith("{") and text.endswith("}")):
        return False
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1
    return False
