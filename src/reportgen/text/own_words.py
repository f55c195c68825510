"""Words of a house, laid over the packaged ones: data, checked before any of them is filled in or printed."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, Any

from reportgen.base.characters import STEERING, is_blank
from reportgen.base.errors import Level, Problem, TemplateError, Where
from reportgen.base.foreign import parse_foreign_toml
from reportgen.base.suggestions import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PROBLEMS_SHOWN = 50
_UNSEEN = re.compile(f"[{STEERING}]")
_PLURAL = {"one", "two", "other", "none"}
_GONE = {
    "heading.claims": "the claims have `claims.flat`, `claims.by_source` and `claims.by_theme`",
    "heading.limitations": "the heading is `heading.limits`",
    "heading.methodology": "the heading is `heading.search`",
    "heading.quality": "the headings are `heading.level`, `heading.tier` and `heading.gate`",
    "heading.references": "the heading is `heading.sources`",
    "heading.results": "the headings are those of the record's own sections, `heading.spread` and `heading.outcomes`",
    "heading.review": "the heading is `side.reviewers`",
}
"""Words that stood in the packaged files and were printed nowhere, each with what is printed."""

Words = dict[str, Any]
"""A table of texts, lists of texts and further tables."""


def lay_over(
    packaged: Words,
    files: Mapping[str, bytes],
    known: Sequence[Words],
    *,
    is_whole: bool = False,
    tiers: Sequence[str] = (),
) -> Words:
    """Replace what the files, by their names, name of the packaged words.

    ``known`` are all the packaged languages: what any of them fills into a text may stand in it. With ``is_whole``
    the files are a language of their own, and must leave nothing out. ``tiers`` are a house's own names of tiers,
    which have no packaged words, and may get some.

    Raises:
        TemplateError: a file is no TOML, names a text that there is not, or has one that cannot be filled.

    """
    needed, packaged = packaged, _with_tiers(packaged, tiers)
    words = needed
    problems: list[Problem] = []
    named: set[str] = set()
    for file, content in files.items():
        try:
            given = parse_foreign_toml(content)
        except ValueError as error:
            raise TemplateError([_problem(file, "", f"the words cannot be read: {error}")]) from error
        named |= set(_paths(given))
        problems += _faults(given, packaged, known, file)
        words = _merged(words, given, packaged)
    if is_whole and not problems and (missing := [path for path in _paths(needed) if path not in named]):
        shown = ", ".join(missing[:8]) + (" ..." if len(missing) > 8 else "")
        message = f"this language lacks {len(missing)} texts: {shown}"
        name = re.split(r"[./\\]", next(iter(files)))[-2]
        hint = (
            f"the texts go into locale/{name}.toml, those of charts into locale/charts.{name}.toml; "
            "where such a file is not there yet, `reportgen template copy` with its name writes the English texts"
        )
        problems.append(_problem(next(iter(files)), "", message, hint))
    if problems:
        raise TemplateError(problems[:PROBLEMS_SHOWN])
    return words


def _problem(file: str, pointer: str, message: str, hint: str = "") -> Problem:
    return Problem("locale", Level.ERROR, Where(file, pointer=pointer), message, hint)


def _paths(words: Words, above: str = "") -> Iterator[str]:
    """List the texts by their names; of plural forms a language has those that it needs."""
    for key, value in words.items():
        if isinstance(value, dict) and not value.keys() <= _PLURAL:
            yield from _paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _with_tiers(packaged: Words, tiers: Sequence[str]) -> Words:
    return packaged | {"tier": {name: name for name in tiers} | packaged["tier"]} if tiers else packaged


def _merged(words: Words, given: Words, allowed: Words) -> Words:
    return words | {
        key: _merged(words[key], value, allowed[key]) if isinstance(value, dict) and key in words else value
        for key, value in given.items()
        if key in allowed
    }


def _faults(
    given: Words, packaged: Words, known: Sequence[Words], file: str, above: str = ""
) -> Iterator[Problem]:
    is_plural = bool(packaged) and packaged.keys() <= _PLURAL
    for key, value in given.items():
        place = f"{above}/{key}"
        if key not in packaged:
            path = place[1:].replace("/", ".")
            yield _problem(
                file, place, f"there is no text {path}", _GONE.get(path) or _nearest(key, packaged)
            )
        elif isinstance(packaged[key], dict) and isinstance(value, dict):
            parts = [words[key] for words in known if isinstance(words.get(key), dict)]
            yield from _faults(value, packaged[key], parts, file, place)
        else:
            filled = known if is_plural else [words[key] for words in known if key in words]
            allowed = {name for part in filled for name in _filled_in(part)}
            if is_plural:
                allowed |= _counts(place)
            if fault := _fault(value, packaged[key], allowed):
                yield _problem(file, place, fault)


def _nearest(key: str, packaged: Words) -> str:
    close = suggest(key, packaged)
    return f"did you mean `{close}`?" if close else f"here are {', '.join(sorted(packaged)[:30])}"


def _counts(place: str) -> set[str]:
    """Name what a text with plural forms is given: the count in digits and, but for charts, in words."""
    return {"n"} if place.startswith("/charts/") else {"n", "count"}


def _filled_in(words: Any) -> Iterator[str]:
    if isinstance(words, str):
        yield from (name for _, name, _, _ in Formatter().parse(words) if name)
    else:
        for part in words.values() if isinstance(words, dict) else words:
            yield from _filled_in(part)


def _fault(value: Any, packaged: Any, allowed: set[str]) -> str:
    """Say what is wrong with what stands in place of a packaged text; '' where nothing is."""
    if isinstance(packaged, dict):
        return f"a table is expected, with {' and '.join(packaged)}"
    if isinstance(packaged, list):
        if not isinstance(value, list) or len(value) != len(packaged):
            return f"a list of {len(packaged)} texts is expected"
        return next(filter(None, (_fault(part, "", set()) for part in value)), "")
    if not isinstance(value, str):
        return "a text is expected"
    if packaged in (".", ",") and len(value) != 1:
        return "one character is expected"
    return _fault_of_text(value, allowed)


def _fault_of_text(text: str, allowed: set[str]) -> str:
    if is_blank(text) or _UNSEEN.search(text):
        return "the text is blank, or holds a character that is not seen or steers what shows it"
    try:
        fields = [each[1:] for each in Formatter().parse(text) if each[1] is not None]
    except ValueError as error:
        return f"it cannot be filled: {error}"
    wrong = (name for name, spec, conversion in fields if name not in allowed or spec or conversion)
    return next((_fault_of_field(str(name), allowed) for name in wrong), "")


def _fault_of_field(name: str, allowed: set[str]) -> str:
    names = ", ".join(f"{{{each}}}" for each in sorted(allowed))
    if name in allowed:
        return f"{{{name}}} stands in it with more than its name between the braces; only {{{name}}} is filled in"
    may = f"only {names} can stand in it" if names else "no value can be filled into it"
    return f"{{{name}}} stands in it, but {may}; write a brace that is to be printed twice"
