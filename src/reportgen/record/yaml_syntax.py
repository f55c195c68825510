"""YAML to plain values, by the core schema of YAML 1.2: what JSON can say, and nothing that is worked out.

An alias, a merge key, a tag of a language's own and a second key of one name are never carried out, so no text stands
for more than it holds, and the work grows with its length alone: some 30 µs a character at worst. A short text, which
most records are, is therefore read here: 9,000 characters take 60 ms, and a process of their own adds 20 ms to 40 ms
to each reading, of which a batch does two. A longer one is read in a process with bounds on memory and time, where
that is no part of the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportgen.base.bounded import BoundError, call_bounded
from reportgen.base.errors import Level, Problem, RecordError, Where, pointer_of
from reportgen.base.foreign import DEEPEST_NESTING
from reportgen.record.syntax import flaws_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePath

    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.events import Event, ScalarEvent

LARGEST_YAML = 1_000_000
"""Characters; the parser, which is pure Python, takes up to half a minute for as many."""
SHORT_YAML = 50_000
"""Characters, which take a second and a half at most, and 20 MB."""
MEGABYTES, SECONDS = 1000, 120
"""What a longer text may take."""
_MOST_DIRECTIVES = 100
SUFFIXES = (".yaml", ".yml")
_TAGS = {"!": "str"} | {
    f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null", "map", "seq")
}
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)"), lambda text: float(text.replace(".", ""))),
    (re.compile(r"\.(?:nan|NaN|NAN)"), lambda _: float("nan")),
)
_LONGEST_INTEGER = 4300
"""Digits that Python reads."""


def is_yaml(path: PurePath) -> bool:
    """Tell whether a file is YAML by the ending of its name."""
    return path.suffix.lower() in SUFFIXES


@dataclass(frozen=True)
class YamlDocument:
    """One YAML text, with the place of each key and each value, by JSON pointer."""

    file: str
    text: str
    pointer: str = ""
    places: dict[str, tuple[Where, Where]] = field(default_factory=dict, repr=False, compare=False)

    def where(self, pointer: str, *, key: bool = False) -> Where:
        """Find the value that a pointer names, or with ``key`` its key.

        A value that is not there (a missing field) is placed at what it is missing from.
        """
        known = pointer
        while known and known not in self.places:
            known = known.rpartition("/")[0]
        of_key, of_value = self.places.get(known) or (self.at(0), self.at(0))
        where = of_key if key and known == pointer else of_value
        return Where(where.file, where.line, where.column, pointer)

    def at(self, offset: int) -> Where:
        """Return the place of a character, counted from 0."""
        before = self.text[:offset]
        return Where(self.file, before.count("\n") + 1, offset - before.rfind("\n"))


def parse_yaml(file: str, text: str) -> tuple[YamlDocument, Any, list[Problem]]:
    """Parse a YAML text; give its places, its value, and the problems that leave the rest of it readable.

    Dates stay text. Those problems are keys that stand twice, and numbers that are not finite.

    Raises:
        RecordError: the text is not YAML, nests too deep or is too long; it holds more than one document, an alias,
            a tag beyond the core schema, or a key that is no text.

    """
    if len(text) > LARGEST_YAML:
        raise _too_long(file, "the text is longer than a million characters")
    if len(text) <= SHORT_YAML:
        return _parse(file, text)
    try:
        return call_bounded(_parse, file, text, megabytes=MEGABYTES, seconds=SECONDS)
    except BoundError as error:
        raise _too_long(file, f"the text cannot be read: {error}") from error


def _too_long(file: str, message: str) -> RecordError:
    hint = "keep the claims in a CSV file, or write the record as JSON"
    return RecordError([Problem("yaml-too-long", Level.ERROR, Where(file, 1, 1), message, hint)])


def _parse(file: str, text: str) -> tuple[YamlDocument, Any, list[Problem]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    document = YamlDocument(file, text)
    if text.count("\n%") > _MOST_DIRECTIVES:
        raise RecordError([_not_yaml(document, "it has too many directives", None)])
    try:
        reading = _Reading(document, YAML(typ="safe", pure=True).parse(text))
        value = reading.document_value()
    except MarkedYAMLError as error:
        raise RecordError([_not_yaml(document, str(error.problem), error.problem_mark)]) from error
    except (YAMLError, ValueError) as error:
        raise RecordError([_not_yaml(document, str(error).splitlines()[0], None)]) from error
    return document, value, [*reading.problems, *flaws_in(value, document, "yaml")]


class _Reading:
    """Takes one event after another, and makes values of them."""

    def __init__(self, document: YamlDocument, events: Iterator[Event]) -> None:
        self._document = document
        self._events = events
        self.problems: list[Problem] = []

    def document_value(self) -> Any:
        """Return the value of the only document."""
        from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent

        value, documents = None, 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused(
                        event, "syntax", "a second document begins here", "a record is one document"
                    )
                value = self._value(next(self._events), ())
            elif isinstance(event, StreamEndEvent):
                break
        if not documents:
            raise RecordError([_not_yaml(self._document, "the text is empty", None)])
        return value

    def _value(self, event: Event, parts: tuple[str | int, ...]) -> Any:
        from ruamel.yaml.events import AliasEvent, ScalarEvent, SequenceStartEvent

        if isinstance(event, AliasEvent):
            raise self._refused(
                event, "alias", f"this is an alias, *{event.anchor}", "write the value itself"
            )
        given = getattr(event, "tag", None)
        tag = _TAGS.get(str(given))
        if given and tag is None:
            raise self._refused(event, "tag", f"the tag {given} means nothing in a record", "leave it out")
        self._place(parts, event, event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, tag)
        if len(parts) >= DEEPEST_NESTING:
            message = f"lists and objects are nested more than {DEEPEST_NESTING} deep"
            raise self._refused(event, "too-deep", message, "a record needs no more than ten levels")
        return self._sequence(parts) if isinstance(event, SequenceStartEvent) else self._mapping(parts)

    def _sequence(self, parts: tuple[str | int, ...]) -> list[Any]:
        from ruamel.yaml.events import SequenceEndEvent

        values: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            values.append(self._value(event, (*parts, len(values))))
        return values

    def _mapping(self, parts: tuple[str | int, ...]) -> dict[str, Any]:
        from ruamel.yaml.events import MappingEndEvent, ScalarEvent

        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise self._refused(event, "syntax", "this key is no text", "a key is the name of a field")
            name = str(event.value)
            if name in values:
                message = f"the key `{name}` stands here a second time; only one value could be printed"
                where = self._where(event.start_mark, pointer_of((*parts, name)))
                self.problems.append(
                    Problem("yaml-duplicate-key", Level.ERROR, where, message, "remove one of them")
                )
            values[name] = self._value(next(self._events), (*parts, name))
            key, value = self._document.places[pointer_of((*parts, name))]
            self._document.places[pointer_of((*parts, name))] = (
                self._where(event.start_mark, key.pointer),
                value,
            )
        return values

    def _scalar(self, event: ScalarEvent, tag: str | None) -> Any:
        text = str(event.value)
        is_plain = event.style is None and tag is None
        if tag == "str" or not (is_plain or tag):
            return text
        if len(text) > _LONGEST_INTEGER and text.isdecimal():
            raise self._refused(
                event, "number", "a whole number has more digits than can be read", "shorten it"
            )
        value = _resolved(text)
        if tag is not None and type(value).__name__ not in {tag, {"null": "NoneType"}.get(tag, tag)}:
            raise self._refused(
                event, "tag", f"{text[:40]!r} is no value of the tag !!{tag}", "leave the tag out"
            )
        return value

    def _place(self, parts: tuple[str | int, ...], key: Event, value: Event) -> None:
        pointer = pointer_of(parts)
        self._document.places[pointer] = (
            self._where(key.start_mark, pointer),
            self._where(value.start_mark, pointer),
        )

    def _where(self, mark: StreamMark, pointer: str = "") -> Where:
        return Where(self._document.file, mark.line + 1, mark.column + 1, pointer)

    def _refused(self, event: Event, code: str, message: str, hint: str) -> RecordError:
        return RecordError(
            [
                *self.problems,
                Problem(f"yaml-{code}", Level.ERROR, self._where(event.start_mark), message, hint),
            ]
        )


def _resolved(text: str) -> Any:
    """Return what a plain scalar is: null, true or false, a number, else text."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, made in _NUMBERS:
        if pattern.fullmatch(text):
            return made(text)
    return text


def _not_yaml(document: YamlDocument, problem: str, mark: StreamMark | None) -> Problem:
    where = Where(document.file, mark.line + 1, mark.column + 1) if mark else document.at(0)
    hint = "look at the indentation; put text that holds `: `, ` #` or begins with a sign between quotes"
    if problem == "the text is empty":
        hint = "write one record"
    return Problem("yaml-syntax", Level.ERROR, where, f"this is not YAML: {problem}", hint)
