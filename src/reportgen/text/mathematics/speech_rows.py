"""Parts side by side in words: what a function or a sum is taken of, bars in pairs, pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.text.mathematics.atoms import BEFORE_PREFIX, kind_of, with_whole_numbers
from reportgen.text.mathematics.signs import SIGNS
from reportgen.text.mathematics.speech_scripts import as_scripts, is_power, of_what, say_on
from reportgen.text.mathematics.spoken_size import is_simple, visible
from reportgen.text.mathematics.tree import (
    Fenced,
    Fraction,
    Identifier,
    Number,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.text.mathematics.speech import Speaker
    from reportgen.text.mathematics.tree import Node

_FACTORS = frozenset(["ordinary", "inner", "open", "fence", "function", "large"])
"""The kinds that a function or a sum before them is taken of, and that are read as factors."""
_FUNCTIONS = frozenset("fghFGHPO")
"""Letters that mean a function where a bracket follows."""
_BARS = {"|": "absolute", "‖": "norm"}
_CONDITIONS = {(opened, bar): "given" for opened in ("(", "[") for bar in ("|", "mid")}
_CONDITIONS |= {("lbrace", bar): "such_that" for bar in ("|", "mid", ":")}
"""What a sign means behind a delimiter, by both."""
_ABOUT = frozenset(["sim", "approx", "simeq"])


def say_row(speaker: Speaker, items: Sequence[Node], around: str = "") -> str:
    """Say parts one after the other; ``around`` names the delimiter that they stand behind."""
    items = with_whole_numbers(items)
    said: list[str] = []
    place, before = 0, ""
    opened = [around]
    while place < len(items):
        words, after = _say_next(speaker, items, place, before, opened[-1])
        said.append(words)
        last = items[after - 1]
        if is_heard_on(last) and _is_followed(items[after:]):
            said.append(",")
        before = before if isinstance(last, Space) else kind_of(last)
        if isinstance(last, Sign) and before == "open":
            opened.append(last.name)
        elif before == "close" and len(opened) > 1:
            opened.pop()
        place = after
    return " ".join(said)


def _say_next(
    speaker: Speaker, items: Sequence[Node], place: int, before: str, opened: str
) -> tuple[str, int]:
    """Say what stands at a place; give the words, and the place behind all that they say."""
    item, rest = as_scripts(items[place]), items[place + 1 :]
    if end := _closing_bar(items, place, before):
        return _say_between_bars(speaker, items[place : end + 1]), end + 1
    if isinstance(item, Sign) and (phrase := _CONDITIONS.get((opened, item.name))) and rest and before:
        return speaker.words.say(phrase), place + 1
    if isinstance(item, Sign):
        return _say_sign(speaker, item, before, rest), place + 1
    if _means_function(item) and (content := _arguments(rest)) is not None:
        whole, count = content
        words = speaker.words.say("of", name=speaker.say(item))
        return f"{words} {speaker.say(whole)}", place + 1 + count
    words = speaker.say(item)
    if of := of_what(item):
        words = speaker.words.say(of, name=words) if _is_followed(rest) else words
    return words, place + 1


def is_heard_on(item: Node) -> bool:
    """Tell whether what follows could be heard as a part of an item."""
    return isinstance(item, (Fraction, Root)) or (isinstance(item, Scripts) and is_power(item))


def _is_followed(rest: Sequence[Node]) -> bool:
    following = next((item for item in rest if not isinstance(item, Space)), None)
    return following is not None and kind_of(following) in _FACTORS


def _say_sign(speaker: Speaker, sign: Sign, before: str, rest: Sequence[Node]) -> str:
    """Say a sign as its place asks."""
    if sign.name == "!" and before in {"ordinary", "close", "inner"}:
        return speaker.words.say("factorial")
    if sign.name == "." and not rest:
        return "."
    is_first = before in {"", "punctuation", "open"}
    if (
        sign.name in _ABOUT
        and not sign.is_negated
        and rest
        and (is_first or (sign.name == "sim" and _is_value(rest)))
    ):
        return speaker.words.say("about")
    words = speaker.sign(sign)
    of = of_what(sign)
    return speaker.words.say(of, name=words) if of and _is_followed(rest) else words


def _is_value(rest: Sequence[Node]) -> bool:
    first = next(iter(visible(rest)), None)
    return isinstance(first.base if isinstance(first, Scripts) else first, Number)


def _closing_bar(items: Sequence[Node], place: int, before: str) -> int:
    """Return where the bar stands that closes one that opens here, or 0."""
    item = items[place]
    bar = _bar(item)
    if bar not in _BARS or isinstance(item, Scripts):
        return 0
    ends = [end for end in range(place + 1, len(items)) if _bar(items[end]) == bar]
    is_opening = not before or before in BEFORE_PREFIX or len(ends) % 2 == 1
    return ends[0] if ends and is_opening and ends[0] > place + 1 else 0


def _bar(item: Node) -> str:
    sign = item.base if isinstance(item, Scripts) else item
    return (
        SIGNS[sign.name].character if isinstance(sign, Sign) and SIGNS[sign.name].kind != "operator" else ""
    )


def _say_between_bars(speaker: Speaker, items: Sequence[Node]) -> str:
    *inside, last = items[1:]
    said = speaker.between(_BARS[_bar(items[0])], Row(tuple(inside)))
    return say_on(speaker, last, said) if isinstance(last, Scripts) else said


def _means_function(item: Node) -> bool:
    letter = item.base if isinstance(item, Scripts) else item
    return isinstance(letter, Identifier) and letter.letters in _FUNCTIONS and letter.alphabet == ""


def _arguments(rest: Sequence[Node]) -> tuple[Node, int] | None:
    """Return what a function in brackets is taken of, without them where it is one thing; and how many items it is."""
    match rest:
        case [Fenced("(", (Row((only,)),), (), ")"), *_] if is_simple(only):
            return only, 1
        case [Fenced("(", _, _, ")") as whole, *_]:
            return whole, 1
        case [Sign("("), only, Sign(")"), *_] if is_simple(only):
            return only, 3
        case [Sign("(") as opening, *_]:
            return opening, 1
        case _:
            return None
