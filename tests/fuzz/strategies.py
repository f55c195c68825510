"""Values that a JSON Schema allows, with texts from all of Unicode that try to run, to break or to hide."""

from __future__ import annotations

import string
from functools import cache
from typing import Any

from hypothesis import strategies as st

from hostile import TEXTS, URLS
from reportgen.text.faces import unprintable

# Ranges of the planes and scripts that fonts, bidi and normalisation treat each in their own way.
_RANGES = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x590, 0x5FF), (0x600, 0x8FF),
    (0x900, 0xDFF), (0xE00, 0x109F), (0x1100, 0x13FF), (0x1780, 0x17FF), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x2070, 0x2BFF), (0x2E00, 0x30FF), (0x3400, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7A3), (0xE000, 0xF8FF),
    (0xFB00, 0xFDFF), (0xFE00, 0xFFFF), (0x10000, 0x10FFF), (0x11000, 0x1BFFF), (0x1D000, 0x1D7FF),
    (0x1E800, 0x1EFFF), (0x1F000, 0x1FAFF), (0x20000, 0x3FFFF), (0xE0000, 0xE01FF), (0xF0000, 0x10FFFF),
)  # fmt: skip
_WORDS = (
    "calibration", "of", "the", "95%", "3.14", "(n=7)", "naïve", "Überprüfung", "$x^2$", "$\\alpha_{1}$", "US$5",
    "שלום", "العربية", "हिन्दी", "ไทย", "中文", "한국어", "日本語", "Ελληνικά", "русский", "[@wang2024dpa]", "*so*",
    "`code`", "https://example.org/a_b", "\\alpha", "e\u0301", "a\u0308\u0304", "ﬁ", "ẞ", "İ", "ŉ", "½", "<b>", "--", "—",
    "#", "&", "{", "}", "((( x )))", "((* y *))", "((= z =))", "]", "\u200f", "\u202e", "\u2066", "\u00ad", "\ufeff",
)  # fmt: skip
_BRACKETS = "()[]{}<>«»‹›【】「」⟨⟩"
_MARKS = "\u0300\u0301\u0306\u0308\u030a\u0323\u0327\u0338\u05b0\u064b\u093f\u20dd\u3099\ufe0f"


def _character() -> st.SearchStrategy[str]:
    anywhere = st.sampled_from(_RANGES).flatmap(lambda ends: st.integers(*ends)).map(chr)
    return anywhere | st.sampled_from(string.printable + _BRACKETS + _MARKS)


@cache
def texts() -> st.SearchStrategy[str]:
    """Return a short text of words, hostile strings and single characters, with and without spaces between."""
    pieces = st.one_of(
        st.sampled_from(_WORDS),
        st.text(_character(), min_size=1, max_size=4),
        st.sampled_from(sorted(TEXTS.values())),
    )
    short = st.tuples(st.lists(pieces, min_size=1, max_size=6), st.sampled_from([" ", " ", ""]))
    return short.map(lambda drawn: drawn[1].join(drawn[0])).filter(lambda text: bool(text.strip()))


@cache
def printable_texts() -> st.SearchStrategy[str]:
    """Return texts of characters that some installed font prints, or that are printed as their numbers."""

    def without(text: str) -> str:
        missing = unprintable(text, engine="auto")
        return "".join(each for each in text if each not in missing)

    return texts().map(without).filter(lambda text: bool(text.strip()))


@cache
def long_texts() -> st.SearchStrategy[str]:
    """Return a text of one piece many times over: what costs more than its length shows here."""
    pieces = (
        st.sampled_from(
            ["<!--", "a\u0301\u0323", "W", "x ", "$a$", "*", "[", "`", "\\", "א1", "中", "(", "&"]
        )
        | texts()
    )
    return st.tuples(pieces, st.sampled_from([100, 1000, 6000])).map(
        lambda drawn: (drawn[0] * drawn[1])[:60_000]
    )


def known_sources() -> st.SearchStrategy[str]:
    """Return references that the bibliography has, or that print by themselves."""
    given = ["doi:10.1038/s41592-019-0686-2", "arxiv:2402.18571v3", "pmid:31452104", "isbn:978-3-16-148410-0"]
    return (
        keys()
        | st.sampled_from(given)
        | st.text(_character(), max_size=6).map("https://example.org/a{}b".format)
    )


def keys() -> st.SearchStrategy[str]:
    return st.sampled_from(["wang2024dpa", "yuan2023rrhf", "virtanen2020scipy"])


def _items() -> st.SearchStrategy[Any]:
    """Return an inline item of a bibliography; what is in it need not be right."""
    name = st.fixed_dictionaries({}, optional={"family": texts(), "given": texts(), "literal": texts()})
    date = st.fixed_dictionaries(
        {"date-parts": st.lists(st.lists(st.integers(-1, 3000), max_size=4), max_size=2)}
    )
    fields = (
        "title",
        "container-title",
        "publisher",
        "volume",
        "page",
        "note",
        "DOI",
        "URL",
        "ISBN",
        "language",
    )
    return st.fixed_dictionaries(
        {
            "id": st.sampled_from(["one", "two"]) | texts(),
            "type": st.sampled_from(["book", "article-journal", "x"]),
        },
        optional={
            "author": st.lists(name, max_size=3),
            "issued": date,
            **dict.fromkeys(fields, texts() | st.sampled_from(sorted(URLS.values()))),
        },
    )


@cache
def sources() -> st.SearchStrategy[Any]:
    """Return a reference to a source: mostly one that the bibliography has, or that prints by itself."""
    host = st.text(_character(), min_size=1, max_size=8).map("https://example.org/{}".format)
    plain = known_sources() | st.sampled_from(sorted(URLS.values()))
    dois = texts().map("10.1000/{}".format)
    named = st.one_of(
        keys().map(lambda key: {"key": key}),
        host.map(lambda url: {"url": url}),
        dois.map(lambda doi: {"doi": doi}),
    )
    return st.one_of(plain, plain, named, _items(), texts())


def from_schema(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:  # noqa: C901 - one case a type
    """Return values that a schema allows; it knows the keywords that pydantic writes, and stops at others."""
    if "$ref" in schema:
        return _defined(schema["$ref"].rpartition("/")[2], root)
    if "anyOf" in schema and "type" not in schema:
        return st.one_of([from_schema(each, root) for each in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    match schema.get("type"):
        case "string":
            return _strings(schema)
        case "object":
            return _objects(schema, root)
        case "array":
            return st.lists(
                from_schema(schema["items"], root), min_size=schema.get("minItems", 0), max_size=4
            )
        case "integer":
            return st.integers(*_bounds(schema, 10**6))
        case "number":
            low, high = _bounds(schema, 10**6)
            return st.floats(low, high, allow_nan=False) | st.integers(low, high)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    raise ValueError(f"no values are known for {schema}")


def _bounds(schema: dict[str, Any], most: int) -> tuple[int, int]:
    return schema.get("minimum", schema.get("exclusiveMinimum", -most)), schema.get("maximum", most)


def _strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "anyOf" in schema:
        return st.one_of([_strings(each) for each in schema["anyOf"]])
    match schema.get("format"):
        case "date":
            return st.dates().map(str)
        case "date-time":
            return st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()[:19] + "Z")
        case "uuid":
            return st.uuids().map(str)
    pattern = schema.get("pattern", r"\S")
    if pattern == r"\S":
        return texts()
    return st.from_regex(
        pattern, fullmatch=not pattern.startswith("^\\s"), alphabet=st.characters(codec="ascii")
    )


def _objects(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return an object with some of its optional fields: of many, a few at a time."""
    below = {name: from_schema(each, root) for name, each in schema.get("properties", {}).items()}
    required = {name: below.pop(name) for name in schema.get("required", ())}

    def with_fields(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(required | {name: below[name] for name in names})

    if not below:
        return st.fixed_dictionaries(required)
    return st.lists(st.sampled_from(sorted(below)), max_size=5, unique=True).flatmap(with_fields)


_MADE: dict[tuple[int, str], st.SearchStrategy[Any]] = {}


def _defined(name: str, root: dict[str, Any]) -> st.SearchStrategy[Any]:
    if name == "SourceReference":
        return sources()
    if (id(root), name) not in _MADE:
        _MADE[id(root), name] = from_schema(root["$defs"][name], root)
    return _MADE[id(root), name]
