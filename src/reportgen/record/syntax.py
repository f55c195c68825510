"""JSON to plain values, without the leniency of parsers: nothing is dropped, rounded or guessed."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from reportgen.base.errors import Level, Problem, RecordError, pointer_of
from reportgen.base.foreign import DEEPEST_NESTING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.base.errors import Where
    from reportgen.record.document import Document, JsonDocument

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|([\]}])', re.DOTALL)
_LONG_INTEGER = re.compile(r"(?<![0-9])[0-9]{4301}")


class _Repeating(dict[str, Any]):
    """An object in which some keys stand more than once; it holds the last value of each."""

    repeated: tuple[str, ...] = ()


def parse(document: JsonDocument) -> tuple[Any, list[Problem]]:
    """Parse a JSON text; give its value, and the problems that leave the rest of it readable.

    Those are keys that stand twice, numbers that are not finite, and halves of surrogate pairs.

    Raises:
        RecordError: the text is not JSON, nests deeper than ``DEEPEST_NESTING``, or holds an integer that
            is too long to read.

    """
    try:
        value = json.loads(document.text, object_pairs_hook=_object)
        problems = flaws_in(value, document, "json")
    except json.JSONDecodeError as error:
        raise RecordError([_not_json(error, document)]) from error
    except RecursionError as error:
        message = f"lists and objects are nested more than {DEEPEST_NESTING} deep"
        where = document.at(_too_deep(document.text))
        hint = "a record needs no more than ten levels; look for a bracket too many"
        raise RecordError([Problem("json-too-deep", Level.ERROR, where, message, hint)]) from error
    except ValueError as error:
        found = _LONG_INTEGER.search(document.text)
        where = document.at(found.start() if found else 0)
        message = "a whole number has more digits than can be read"
        raise RecordError([Problem("json-number", Level.ERROR, where, message, "shorten it")]) from error
    return value, problems


def flaws_in(value: Any, document: Document, language: str) -> list[Problem]:
    """Find what cannot be printed as it stands; the codes begin with the ``language`` of the document.

    Raises:
        RecordError: a key holds half of a character.
        RecursionError: the value nests deeper than ``DEEPEST_NESTING``.

    """
    problems: list[Problem] = []
    if isinstance(value, (dict, list)):
        _collect(value, (), document, language, problems)
    return problems


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    repeating = _Repeating(value)
    repeating.repeated = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return repeating


def _collect(
    value: Any, parts: tuple[str | int, ...], document: Document, language: str, problems: list[Problem]
) -> None:
    if len(parts) >= DEEPEST_NESTING:
        raise RecursionError
    pointer = document.pointer + pointer_of(parts)
    if isinstance(value, dict) and (flaw := next(filter(None, map(_flaw, value)), None)):
        # No message can print such a key and no field has it, so there is no reading on.
        raise RecordError([*problems, _problem(flaw, language, document.where(pointer))])
    for name in value.repeated if isinstance(value, _Repeating) else ():
        where = document.where(pointer + pointer_of([name]), key=True)
        message = f"the key `{name}` stands here a second time; only one value could be printed"
        problems.append(Problem("json-duplicate-key", Level.ERROR, where, message, "remove one of them"))
    children: Iterable[tuple[str | int, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in children:
        if isinstance(child, (dict, list)):
            _collect(child, (*parts, key), document, language, problems)
        elif flaw := _flaw(child):
            problems.append(_problem(flaw, language, document.where(pointer + pointer_of([key]))))


def _problem(flaw: tuple[str, str, str], language: str, where: Where) -> Problem:
    kind, message, hint = flaw
    return Problem(f"{language}-{kind}", Level.ERROR, where, message, hint)


def _flaw(value: Any) -> tuple[str, str, str] | None:
    """Return the end of a code, message and hint for a value that cannot be printed as it stands."""
    if isinstance(value, float) and not math.isfinite(value):
        message = "the number is not finite, or too large to be read exactly"
        return "number", message, "give a finite number, or null where none is known"
    if isinstance(value, str) and (found := _SURROGATE.search(value)):
        message = f"\\u{ord(found[0]):04X} is half of a character; the other half is missing"
        return "surrogate", message, "write the character itself, in UTF-8"
    return None


def _not_json(error: json.JSONDecodeError, document: JsonDocument) -> Problem:
    text = document.text
    if not text.strip():
        hint = "write one JSON object"
        return Problem("json-syntax", Level.ERROR, document.at(0), "the text is empty", hint)
    hint = "JSON has double quotes, no comments, and no comma after the last item"
    if text.lstrip().startswith("```"):
        hint = "remove the code fence (```) around the JSON"
    elif "escape" in error.msg:
        hint = "double the backslash: in JSON, `\\alpha` is written `\\\\alpha`"
    elif error.pos >= len(text.rstrip()):
        hint = "the text ends too early: a quote, a bracket or the rest of the file is missing"
    message = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
    return Problem("json-syntax", Level.ERROR, document.at(min(error.pos, len(text))), message, hint)


def _too_deep(text: str) -> int:
    """Find the bracket that opens the first level too many."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[1]:
            depth -= 1
        elif token[0][0] in "[{":
            depth += 1
            if depth > DEEPEST_NESTING:
                return token.start()
    return 0
