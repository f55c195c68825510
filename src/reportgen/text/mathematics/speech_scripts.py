"""Scripts in words: powers, indices, limits, charges, errors, primes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reportgen.text.mathematics.signs import SIGNS
from reportgen.text.mathematics.spoken_size import only, visible
from reportgen.text.mathematics.tree import (
    Accent,
    Function,
    Identifier,
    Number,
    Row,
    Scripts,
    Sign,
    Stacked,
    Words,
)

if TYPE_CHECKING:
    from reportgen.text.mathematics.speech import Speaker
    from reportgen.text.mathematics.tree import Node

_POWERS = {"2": "squared", "3": "cubed"}
_DEGREES = frozenset(["circ", "degree"])
_TRANSPOSED = (Sign("top"), Sign("intercal"), Identifier("T", "upright"), Identifier("T", "sans"))
_SAID_ALONE = frozenset(["*", "ast", "star", "dagger", "ddagger", "%", "prime"])
_ELEMENTS = re.compile("(?:[A-Z][a-z]?)+")
_PRIMES = {1: "prime", 2: "double_prime", 3: "triple_prime"}
_ARCS = {1: "arc_minutes", 2: "arc_seconds"}
"""What primes behind a number are."""
_TAKEN_AS = {"log": "base", "lg": "base", "lim": "limit", "lim sup": "limit", "lim inf": "limit"}
"""How the functions that are not taken over something speak of what stands below them."""
_OVER = frozenset(
    ["max", "min", "sup", "inf", "inj lim", "proj lim", "argmax", "argmin", "arg max", "arg min"]
)


def say_scripts(speaker: Speaker, node: Scripts) -> str:
    """Say a base with its scripts; those that lead what follows are said before it."""
    base = node.base
    if base is None:
        return _say_leading(speaker, node)
    said = speaker.say(base)
    if is_large(base):
        return _say_limits(speaker, node, said)
    if isinstance(base, Function) and (phrase := _phrase_below(base.name)) and node.below is not None:
        said = speaker.words.say(phrase, name=said, below=_say_below_function(speaker, base, node.below))
        return say_on(speaker, Scripts(base, None, node.above, node.primes), said)
    if isinstance(base, Accent) and "brace" in base.name:
        return _say_at_brace(speaker, node, said)
    return say_on(speaker, node, said)


def say_on(speaker: Speaker, node: Scripts, said: str) -> str:
    """Say scripts behind what is said of their base."""
    if _is_error(node):
        above, below = speaker.say(node.above), speaker.say(node.below)
        return speaker.words.say("errors", base=said, above=above, below=below)
    if node.below is not None:
        said = _say_below(speaker, node, node.below, said)
    if node.primes:
        phrases = _ARCS if isinstance(node.base, Number) else _PRIMES
        phrase = phrases.get(node.primes, "many_primes")
        said = speaker.words.say(phrase, base=said, count=node.primes)
    return said if node.above is None else _say_above(speaker, node, node.above, said)


def is_large(base: Node | None) -> bool:
    """Tell whether a base is a sum, an integral or another large operator."""
    return isinstance(base, Sign) and SIGNS[base.name].kind == "large"


def is_power(node: Scripts) -> bool:
    """Tell whether what stands above a base could be heard to go on."""
    if node.base is None or is_large(node.base) or isinstance(node.base, Function):
        return False
    above = only(node.above)
    is_short = isinstance(above, Sign) or (isinstance(above, Number) and above.digits in _POWERS)
    return above is not None and not is_short and not _is_mark(above)


def of_what(item: Node) -> str:
    """Name the phrase that says what a function or a large operator is taken of, or ''."""
    base = item.base if isinstance(item, Scripts) else item
    if is_large(base):
        is_over = isinstance(item, Scripts) and item.below is not None and item.above is None
        return "of" if is_over else "of_bounded"
    return "of" if isinstance(base, Function) and base.name != "mod" else ""


def as_scripts(item: Node) -> Node:
    """Take what is set below a function or a large operator for its script: it is taken over that."""
    if isinstance(item, Stacked) and (is_large(item.base) or isinstance(item.base, Function)):
        return Scripts(item.base, item.below, item.above)
    return item


def _starts_with(node: Node | None, *names: str) -> bool:
    match visible(node.items) if isinstance(node, Row) else ():
        case (Sign(name), _, *_):
            return name in names
        case _:
            return False


def _is_error(node: Scripts) -> bool:
    """Tell whether the scripts are the errors of a value: plus so much above, minus so much below."""
    is_above = _starts_with(node.above, "+", "-") or only(node.above) == Number("0")
    is_below = _starts_with(node.below, "-", "+") or only(node.below) == Number("0")
    return is_above and is_below and not is_large(node.base)


def _is_upright(base: Node | None) -> bool:
    return isinstance(base, Identifier) and base.alphabet == "upright"


def _is_formula(base: Node | None) -> bool:
    """Tell whether a base is written as chemists write elements: upright, each with a capital letter."""
    return (
        isinstance(base, Identifier)
        and base.alphabet == "upright"
        and bool(_ELEMENTS.fullmatch(base.letters))
    )


def _say_below(speaker: Speaker, node: Scripts, below: Node, said: str) -> str:
    alone = only(below)
    if isinstance(alone, Number) and _is_formula(node.base):
        return f"{said} {alone.digits}"  # as chemists say: C O 2
    return speaker.phrase("lowered", below, base=said, below=_named_below(speaker, below))


def _named_below(speaker: Speaker, below: Node) -> str:
    """Say what stands below: the signs of the sun and the earth by what they mean there."""
    alone = only(below)
    name = speaker.words.named("subscripts", SIGNS[alone.name].character) if isinstance(alone, Sign) else None
    return name or speaker.say(below)


def _say_above(speaker: Speaker, node: Scripts, above: Node, said: str) -> str:
    alone, words = only(above), speaker.say(above)
    if isinstance(alone, Number) and alone.digits in _POWERS:
        return speaker.words.say(_POWERS[alone.digits], base=said)
    if alone in _TRANSPOSED:
        return speaker.words.say("transposed", base=said)
    if isinstance(alone, Sign):
        return _say_sign_above(speaker, node, alone, said)
    if _is_charge(above) and _is_upright(node.base):
        return f"{said} {words}"
    is_bracketed = _is_bracketed(above)
    phrase = "raised" if is_bracketed or _is_mark(above) or _is_charge(above) else "power"
    return speaker.phrase(phrase, *(() if is_bracketed else (above,)), base=said, above=words)


def _say_sign_above(speaker: Speaker, node: Scripts, sign: Sign, said: str) -> str:
    if sign.name in _DEGREES and not isinstance(node.base, Identifier):
        return speaker.words.say("degrees", base=said)
    words = speaker.sign(sign)
    if sign.name in _SAID_ALONE or _is_upright(node.base):
        return f"{said} {words}"
    return speaker.words.say("raised", base=said, above=words)


def _is_mark(above: Node) -> bool:
    """Tell whether what stands above begins with a word: a mark, and no power."""
    first = next(iter(visible(above.items)), None) if isinstance(above, Row) else above
    is_name = isinstance(first, Identifier) and (len(first.letters) > 1 or first.alphabet == "upright")
    return is_name or isinstance(first, Words)


def _is_charge(above: Node) -> bool:
    match above:
        case Row((Number(), Sign("+" | "-"))):
            return True
        case _:
            return False


def _is_bracketed(above: Node) -> bool:
    match above:
        case Row((Sign("(" | "["), *_, Sign(")" | "]"))):
            return True
        case _:
            return False


def _say_leading(speaker: Speaker, node: Scripts) -> str:
    above, below = only(node.above), node.below
    if isinstance(above, Sign) and above.name in _DEGREES:
        return speaker.words.say("degrees", base="")
    if isinstance(above, Number) and below is None:
        return above.digits  # an isotope: 14 C
    if _is_error(node):
        return say_on(speaker, node, "")
    parts = [speaker.words.say("leading_above", above=speaker.say(node.above))] if above is not None else []
    if below is not None:
        parts.append(speaker.words.say("leading_below", below=_named_below(speaker, below)))
    return say_on(speaker, Scripts(None, primes=node.primes), " ".join(parts))


def _say_limits(speaker: Speaker, node: Scripts, said: str) -> str:
    parts = {"name": said, "below": speaker.say(node.below), "above": speaker.say(node.above)}
    if node.below is None:
        return speaker.words.say("up_to", **parts) if node.above is not None else said
    return speaker.words.say("over_all" if node.above is None else "from_to", **parts)


def _phrase_below(name: str) -> str:
    return "over_all" if name in _OVER else _TAKEN_AS.get(name, "")


def _say_below_function(speaker: Speaker, function: Function, below: Node) -> str:
    words = speaker.say(below)
    if _TAKEN_AS.get(function.name) == "limit":
        # Within a limit an arrow is what a variable does.
        return words.replace(f" {speaker.words.sign('→')} ", f" {speaker.words.say('approaches')} ")
    return words


def _say_at_brace(speaker: Speaker, node: Scripts, said: str) -> str:
    for place, part in (("above", node.above), ("below", node.below)):
        if part is not None:
            said = speaker.words.say(f"with_{place}", base=said, **{place: speaker.say(part)})
    return said
