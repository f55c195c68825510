"""What is wrong with a setting, in our words: what was expected, what was found, what to write."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, Where

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

_LONGEST_VALUE = 60
_KINDS = {
    "string": "text in quotes",
    "path": "a path in quotes",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": 'a list: ["..."]',
    "dict": "a table: lines of `name = value`",
    "model": "a table: lines of `name = value`",
}
"""What pydantic's kinds of value are in TOML."""
_BOUNDS = {
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of {ge} or more",
    "less_than_equal": "a number of {le} or less",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "text that is not empty",
    "too_long": "at most {max_length} members",
}
_FORMS = {
    "#": "a colour of six hex digits, such as #0B5394",
    "^http": "an address such as https://example.org",
    "@": "an address such as ada@example.org",
    "{0,12}": "up to 12 letters and digits",
}
"""What a text looks like, by a sign that stands in its pattern alone."""
_LINE = re.compile(r"""\s*([\w.-]+)\s*=\s*([^\s"'\[{#][^#]*?)\s*(?:#.*)?""")
_CURLY = str.maketrans("", "", "“”„‘’«»")


def setting_message(detail: ErrorDetails) -> str:
    """Say what a setting should be, and what it is."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return "it is missing"
    return f"expected {_expected(kind, context)}, found {_found(detail['input'])}"


def _expected(kind: str, context: Mapping[str, Any]) -> str:
    if kind in ("literal_error", "enum"):
        return f"one of {context['expected']}".replace("'", '"')
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return next((words for sign, words in _FORMS.items() if sign in pattern), "text that is not blank")
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**context)
    return _KINDS.get(kind.partition("_")[0], "another kind of value")


def _found(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def syntax_problem(error: ValueError, content: bytes, file: Path) -> Problem:
    """Place what a file of settings, given by its bytes, has that is no TOML."""
    found = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(found[1]), int(found[2])) if found else (None, None)
    where = Where(str(file), line, column)
    return Problem("settings-syntax", Level.ERROR, where, str(error), _syntax_hint(content, line))


def _syntax_hint(content: bytes, line: int | None) -> str:
    """Say what a line that is no TOML was probably meant to be: text without quotes, True, or quotes of print."""
    lines = content.decode("utf-8-sig", "replace").splitlines()
    found = _LINE.fullmatch(lines[line - 1]) if line and line <= len(lines) else None
    if found is None:
        return "each line is `name = value`, or the name of a table: `[publisher]`"
    name, value = found.groups()
    if value.lower() in ("true", "false"):
        return f"write it in small letters: {name} = {value.lower()}"
    text = value.translate(_CURLY).strip().replace('"', "'")
    return f"put text between quotes: {name} = {_found(text)}"
