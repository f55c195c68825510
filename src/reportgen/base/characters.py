"""Properties of characters: whether they can be seen, and their normal forms in linear time."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

STEERING = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""What steers a terminal, breaks a line or turns it round, or is half of a character: for the inside of a set."""
MOST_MARKS = 30
"""Marks on one letter, as in Unicode's stream-safe texts (UAX 15): no language needs so many."""
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")
_JOINER = "\u034f"
NUMBER_SIGN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
"""The format characters that are drawn: signs that stand over or under the digits that follow."""
# Letters and signs by category that are drawn as nothing: fillers, the blank of Braille, selectors.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Joins and separators that have no ink of their own; dropping them from the page loses no character a
# reader can see.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufeff]")
VARIATIONS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""The selectors that choose between faces of one character, for the inside of a set."""
_PICTURE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_MODIFIED = f"{_PICTURE}[{VARIATIONS}\U0001f3fb-\U0001f3ff]*\u20e3?"
_TAGGED = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
_NO_MARK = f"[^\\s\u0900-\u109f\u1780-\u18af\ua800-\uaaff{VARIATIONS}]"
ONE_SIGN = re.compile(
    f"((?:[\U0001f1e6-\U0001f1ff]){{2}}|[0-9#*][{VARIATIONS}]?\u20e3|{_TAGGED}|{_MODIFIED}(?:\u200d{_MODIFIED})+"
    f"|{_PICTURE}[{VARIATIONS}\U0001f3fb-\U0001f3ff]+|{_NO_MARK}[{VARIATIONS}])"
)
"""Several characters that are one sign: flags, keycaps, people and their skin, a character with its selector."""
JOINERS = "\u200c\u200d"
WITHOUT_GLYPH = frozenset(
    ["\t", "\u00a0", "\u00ad", *map(chr, range(0x2000, 0x200C)), "\u202f", "\u205f", "\u3000", *JOINERS]
)
"""Spaces, and what only says where a line may break or how letters join: they are set without a font."""
_NOT_PLAIN = re.compile(f"{_TAGGED}|[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff]")
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029\x0b\x0c\x85]+")
_WITHOUT_INK = {"Cc", "Cf", "Cs"}
_WITHOUT_MEANING = {"Cn", "Co"}
# What no text may hold to be exchanged; files of several kinds cannot carry it.
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_BLANK_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"])


def is_blank(text: str) -> bool:
    """Tell whether no character of a text can be seen."""
    return all(
        (unicodedata.category(character) in _BLANK_CATEGORIES and not NUMBER_SIGN.match(character))
        or character in _BLANK_LETTERS
        or _SELECTORS.match(character)
        for character in text
    )


def normal(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return a normal form of a text; a joiner without ink stands in runs of very many marks.

    Without it the marks of a run would be sorted in a time that grows as the square of their number.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _divided(text) if has_too_many_marks(text) else text)


def has_too_many_marks(text: str) -> bool:
    """Tell whether more than ``MOST_MARKS`` marks stand one after another."""
    return any(
        sum(1 for _ in run) > MOST_MARKS
        for suspect in _MAYBE_MARKS.finditer(text)
        for is_mark, run in groupby(suspect[0], key=lambda character: unicodedata.combining(character) > 0)
        if is_mark
    )


def _divided(text: str) -> str:
    out: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS:
            out.append(_JOINER)
            run = 1
        out.append(character)
    return "".join(out)


def normalise(text: str) -> str:
    """Return the text as it is printed: NFC, one space for line breaks and tabs, no invisible controls.

    Controls, bidirectional overrides, tags and noncharacters become visible as ``<U+202E>``.
    """
    if text.isascii() and text.isprintable():
        return str(text)  # and no longer what a template has written
    return _NOT_PLAIN.sub(_visible, _BREAKS.sub(" ", normal("NFC", text)))


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if len(character) > 1:
        return character
    if _INVISIBLE.match(character):
        return character if character in JOINERS + "\u00ad\u200b" else ""
    without_ink = unicodedata.category(character) in _WITHOUT_INK and not NUMBER_SIGN.match(character)
    if without_ink or _NONCHARACTER.match(character):
        return f"<U+{ord(character):04X}>"
    return character


def numbered(text: str) -> str:
    """Return a text as it is shown where nothing can be framed: what no font has a glyph for stands as its number."""
    return "".join(
        f"<U+{ord(character):04X}>" if unicodedata.category(character) in _WITHOUT_MEANING else character
        for character in normalise(text)
    )
