"""References in a CSL style, by citeproc-py: entries as CSL-JSON in, the processor's small HTML out.

A style may be a stranger's: it is read without entities or anything from outside, and run in a process with bounds.
Numbers in front of references are the report's own affair, so the style's are left out.
"""

from __future__ import annotations

import io
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.errors import Level, Problem, SettingsError, Where
from reportgen.sources.csl_json import item_of
from reportgen.sources.marked import SHELTERED
from reportgen.text.mathematics import Formula, split_formulas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reportgen.sources.citation import Reference
    from reportgen.sources.entry import Entry

_MEGABYTES, _SECONDS = 1000, 60
_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_FORMULAS = 0xF0000
"""Formulas pass the processor as one character each of a private plane, so that no change of case reaches them."""
_OTHERS = {"de": "andere", "fr": "autres"}


class Styled:
    """References in a style: the HTML of each by its number, and the formulas that stand in it."""

    def __init__(self, texts: Mapping[int, str], formulas: Sequence[str]) -> None:
        self.texts, self._formulas = texts, tuple(formulas)

    def formula(self, character: str) -> str | None:
        """Return the formula that a character of the HTML stands for."""
        place = ord(character) - _FORMULAS
        return self._formulas[place] if 0 <= place < len(self._formulas) else None


def styled_references(
    references: Sequence[Reference], style: bytes, language: str, file: Path
) -> tuple[Styled, tuple[Problem, ...]]:
    """Write references in a style; one that the style cannot write is left to the house's own, with a warning.

    ``file`` is the one that names the style, for what goes wrong.

    Raises:
        SettingsError: the processor is not installed, or the style is none.

    """
    where = require_style(style, file)
    formulas: list[str] = []
    # No style has a form for a set: the house's own lists its members.
    known = [each for each in references if each.entry is not None and not each.entry.members]
    others = _OTHERS.get(language.split("-", maxsplit=1)[0].lower(), "others")
    numbered = [(each.number, _item(each, each.entry, formulas, others)) for each in known if each.entry]
    try:
        written = call_bounded(
            _render, style, [item for _, item in numbered], language, megabytes=_MEGABYTES, seconds=_SECONDS
        )
    except (BoundError, ValueError) as error:
        raise SettingsError([_unusable(where, error)]) from error
    texts = {number: text for (number, _), text in zip(numbered, written, strict=True) if text}
    problems = []
    for each in (each for each in known if each.number not in texts):
        message = f"the style writes nothing for {each.identifier}: the house's own style does"
        problems.append(
            Problem("bibliography-entry", Level.WARNING, where, message, "add what the entry lacks")
        )
    return Styled(texts, formulas), tuple(problems)


def require_style(style: bytes, file: Path) -> Where:
    """Check that a style can be used here, before anything is written in it; give the place that names it.

    Raises:
        SettingsError: the processor is not installed, or the style is none.

    """
    where = Where(str(file), pointer="/bibliography/style")
    if find_spec("citeproc") is None:
        message = "references in a CSL style are written by citeproc-py, which is not installed"
        hint = "install it with `pip install 'reportgen-claims[styles]'`, or leave `style` out"
        raise SettingsError([Problem("bibliography-style", Level.ERROR, where, message, hint)])
    try:
        _safe(style)
    except ValueError as error:
        raise SettingsError([_unusable(where, error)]) from error
    return where


def _unusable(where: Where, error: Exception) -> Problem:
    message = f"the style cannot be used: {error}"
    hint = "name another style, or repair the file"
    return Problem("bibliography-style", Level.ERROR, where, message, hint)


def _render(style: bytes, items: Sequence[Mapping[str, Any]], language: str) -> list[str]:
    """Write items in a style, '' for one that it fails on; in a process with bounds."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = CitationStylesStyle(io.BytesIO(_safe(style)), locale=_locale(language), validate=False)
            bibliography = CitationStylesBibliography(read, CiteProcJSON(items), formatter.html)
        except RecursionError as error:
            raise ValueError("its parts contain themselves") from error
        except Exception as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error
        written = []
        for item in items:
            cited = CitationItem(item["id"])
            bibliography.register(Citation([cited]))
            try:
                (text,) = read.render_bibliography([cited])
                written.append(str(text).strip())
            except Exception:  # noqa: BLE001 - as above; the entry is then the house style's
                written.append("")
        return written


def _safe(style: bytes) -> bytes:
    """Read a style without entities, and leave out what numbers its references.

    Raises:
        ValueError: it is no style with a bibliography.

    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(style, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise ValueError(f"it is no XML without entities: {error}") from error
    if root.tag != f"{{{_NAMESPACE}}}style":
        raise ValueError("it is no CSL style")
    if root.find(f"{{{_NAMESPACE}}}bibliography") is None:
        links = (
            link for link in root.iter(f"{{{_NAMESPACE}}}link") if link.get("rel") == "independent-parent"
        )
        parent = next((link.get("href") for link in links), None)
        raise ValueError(f"it only names its parent, {parent}" if parent else "it has no bibliography")
    # The processor cuts 1-15 to 1-5: pages stay as they are given.
    root.attrib.pop("page-range-format", None)
    for element in root.iter():
        for child in list(element):
            if child.tag == f"{{{_NAMESPACE}}}text" and child.get("variable") == "citation-number":
                element.remove(child)
    ET.register_namespace("", _NAMESPACE)
    return bytes(ET.tostring(root, encoding="utf-8"))


def _locale(language: str) -> str:
    """Return the processor's locale for a language: its own, else that of its main country, else American English."""
    from pathlib import Path as Folder

    from citeproc import LOCALES_PATH, PRIMARY_DIALECTS

    primary = language.split("-", maxsplit=1)[0].lower()
    for name in (language, PRIMARY_DIALECTS.get(primary, ""), primary):
        if name and (Folder(LOCALES_PATH) / f"locales-{name}.xml").is_file():
            return str(name)
    return "en-US"


def _item(reference: Reference, entry: Entry, formulas: list[str], others: str) -> dict[str, Any]:
    """Make the CSL-JSON of a reference, with the identifier that the record has for it; ``others`` ends a list."""
    named = reference.identifier if reference.identifier.kind != "key" else None
    given = item_of(
        entry,
        f"r{reference.number}",
        named=named,
        written=lambda text: _sheltered(text, formulas),
        others=others,
    )
    item: dict[str, Any] = _without_html(given)
    return item


def _without_html(value: Any) -> Any:
    """Shelter what the processor, which does not escape all of it, would pass on as HTML."""
    if isinstance(value, dict):
        return {name: _without_html(part) for name, part in value.items()}
    if isinstance(value, list):
        return [*map(_without_html, value)]
    return value.translate(SHELTERED) if isinstance(value, str) else value


def _sheltered(text: str, formulas: list[str]) -> str:
    parts = []
    for part in split_formulas(text):
        if isinstance(part, Formula):
            parts.append(chr(_FORMULAS + len(formulas)))
            formulas.append(part.source)
        else:
            parts.append(part)
    return "".join(parts)
