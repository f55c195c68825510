"""A formula as MathML Core, which browsers draw and screen readers read: the same text for the same formula."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from reportgen.text.mathematics.alphabets import in_alphabet
from reportgen.text.mathematics.atoms import BEFORE_PREFIX, has_limits, kind_of, with_whole_numbers
from reportgen.text.mathematics.mathml_grid import grid_markup
from reportgen.text.mathematics.mathml_signs import ACCENTS, element, fence, sign_markup, sized, stretched
from reportgen.text.mathematics.tree import (
    Accent,
    Boxed,
    Delimiter,
    Fenced,
    Fraction,
    Function,
    Grid,
    Identifier,
    Number,
    Phantom,
    Root,
    Row,
    Scripts,
    Sign,
    Sized,
    Space,
    Stacked,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reportgen.text.mathematics.tree import Alphabet, Node

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_APPLY = "<mo>\u2061</mo>"
_THIN = '<mspace width="0.167em"/>'
_EMPTY = "<mrow></mrow>"
_PRIMES = ("", "′", "″", "‴", "⁗")
_LOOKS: dict[Alphabet, str] = {
    "bold": "font-weight: bold",
    "italic": "font-style: italic",
    "bold-italic": "font-weight: bold; font-style: italic",
    "sans": "font-family: sans-serif",
    "mono": "font-family: monospace",
}
_SIZED: dict[str, dict[str, str]] = {
    "display": {"displaystyle": "true", "scriptlevel": "0"},
    "text": {"displaystyle": "false", "scriptlevel": "0"},
    "script": {"displaystyle": "false", "scriptlevel": "1"},
}


def mathml(formula: Row, *, is_display: bool, spoken: str) -> str:
    """Write a formula as an element ``math``, with the words to be said where nothing can read it."""
    return element(
        "math",
        _in_row(formula, is_display=is_display),
        xmlns=NAMESPACE,
        display="block" if is_display else "inline",
        alttext=spoken,
    )


def _in_row(node: Node, *, is_display: bool) -> str:
    """Write a node where several elements may stand side by side."""
    return (
        _items(node.items, is_display=is_display)
        if isinstance(node, Row)
        else _one(node, is_display=is_display)
    )


def _one(node: Node | None, *, is_display: bool = False) -> str:
    """Write a node as one element."""
    return _EMPTY if node is None else _WRITERS[type(node)](node, is_display)


def _row(row: Row, is_display: bool) -> str:
    if len(row.items) == 1:
        return _one(row.items[0], is_display=is_display)
    return element("mrow", _items(row.items, is_display=is_display))


def _items(items: Sequence[Node], *, is_display: bool) -> str:
    """Write items side by side: what leads the next goes before it, functions are applied, signs take their form."""
    out: list[str] = []
    before = ""
    leading: Scripts | None = None
    items = with_whole_numbers(items)
    for place, item in enumerate(items):
        if isinstance(item, Scripts) and item.base is None and _can_follow(items[place + 1 : place + 2]):
            leading = item
            continue
        kind = kind_of(item)
        if kind == "function" and before in {"ordinary", "close", "inner"}:
            out.append(_THIN)
        out.append(_item(item, before, leading, is_display=is_display))
        leading = None
        if kind == "function":
            out.append(_application(items[place + 1 :]))
        before = before if kind == "space" else kind
    return "".join(out)


def _item(item: Node, before: str, leading: Scripts | None, *, is_display: bool) -> str:
    if leading is not None:
        return _led(item, leading, is_display=is_display)
    if isinstance(item, Sign) and before in BEFORE_PREFIX and kind_of(item) == "operator":
        return sign_markup(item, form="prefix")
    return _one(item, is_display=is_display)


def _can_follow(following: Sequence[Node]) -> bool:
    """Tell whether what comes next has scripts that may lead it."""
    return any(kind_of(item) in {"ordinary", "inner"} and not _leads(item) for item in following)


def _leads(item: Node) -> bool:
    return isinstance(item, Scripts) and item.base is None


def _led(item: Node, leading: Scripts, *, is_display: bool) -> str:
    """Write an item with scripts before it, as isotopes have."""
    behind = item if isinstance(item, Scripts) else Scripts(item)
    scripts = [_one(behind.below), _above(behind)] if behind != Scripts(item) else []
    parts = [
        _one(behind.base, is_display=is_display),
        *scripts,
        "<mprescripts/>",
        _one(leading.below),
        _above(leading),
    ]
    return element("mmultiscripts", "".join(parts))


def _application(rest: Sequence[Node]) -> str:
    """Write that a function is applied to what follows, where anything does."""
    following = next((item for item in rest if not isinstance(item, Space)), None)
    if following is None or kind_of(following) not in {
        "ordinary",
        "inner",
        "open",
        "fence",
        "function",
        "large",
    }:
        return ""
    is_apart = kind_of(following) in {"open", "inner", "fence"} or isinstance(rest[0], Space)
    return _APPLY if is_apart else f"{_APPLY}{_THIN}"


def _identifier(node: Identifier, _: bool) -> str:
    letters, alphabet = node.letters, node.alphabet
    if len(letters) > 1:
        return element("mi", escape(in_alphabet(letters, alphabet or "italic")))
    is_upright = alphabet == "upright" or (not alphabet and _is_greek_capital(letters))
    shown = in_alphabet(letters, "" if alphabet == "italic" else alphabet)
    return element("mi", escape(shown), mathvariant="normal" if is_upright else "")


def _is_greek_capital(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("GREEK CAPITAL")


def _number(node: Number, _: bool) -> str:
    return element("mn", escape(in_alphabet(node.digits, node.alphabet)))


def _sign(node: Sign, _: bool) -> str:
    return sign_markup(node)


def _function(node: Function, _: bool) -> str:
    return element("mi", escape(node.name), mathvariant="normal" if len(node.name) == 1 else "")


def _words(node: Words, _: bool) -> str:
    parts = [_part(part, node.alphabet) for part in node.parts]
    return parts[0] if len(parts) == 1 and isinstance(node.parts[0], str) else element("mrow", "".join(parts))


def _part(part: str | Row, alphabet: Alphabet) -> str:
    return _text(part, alphabet) if isinstance(part, str) else _in_row(part, is_display=False)


def _text(text: str, alphabet: Alphabet) -> str:
    shown = in_alphabet(text, alphabet) if alphabet not in _LOOKS else text
    # Spaces at the ends would not be drawn.
    inner = shown.strip(" ")
    before = len(shown) - len(shown.lstrip(" "))
    kept = "\u00a0" * before + inner + "\u00a0" * (len(shown) - before - len(inner))
    return element("mtext", escape(kept), style=_LOOKS.get(alphabet, ""))


def _space(node: Space, _: bool) -> str:
    return f'<mspace width="{round(node.width / 18, 3):g}em"/>' if node.width else ""


def _scripts(node: Scripts, is_display: bool) -> str:
    limits = has_limits(node.base, is_display=is_display)
    below = "" if node.below is None else _one(node.below)
    above = _above(node) if node.primes or node.above is not None else ""
    names = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    base = _base(node.base, is_display=is_display, is_kept=limits and not is_display)
    if not below and not above:
        return base
    return element(names[2 if below and above else bool(above)], f"{base}{below}{above}")


def _base(base: Node | None, *, is_display: bool, is_kept: bool) -> str:
    """Write what scripts belong to; limits that stand above and below within a line are kept there."""
    if isinstance(base, Sign) and is_kept:
        return sign_markup(base, movable="false")
    return _one(base, is_display=is_display)


def _above(node: Scripts) -> str:
    """Write primes and what stands above as one element."""
    above = [] if node.above is None else [_one(node.above)]
    if node.primes:
        whole, rest = divmod(node.primes, 4)
        above.insert(0, element("mo", _PRIMES[4] * whole + _PRIMES[rest]))
    if len(above) > 1 or not above:
        return element("mrow", "".join(above))
    return above[0]


def _fraction(node: Fraction, is_display: bool) -> str:
    markup = element(
        "mfrac", f"{_one(node.above)}{_one(node.below)}", linethickness="" if node.has_line else "0"
    )
    left, right = (fence(name, form) for name, form in zip(node.fences, ("prefix", "postfix"), strict=True))
    if left or right:
        markup = element("mrow", f"{left}{markup}{right}")
    is_as_around = not node.size or (node.size == "display") is is_display
    return markup if is_as_around else element("mstyle", markup, **_SIZED[node.size])


def _root(node: Root, is_display: bool) -> str:
    if node.index is None:
        return element("msqrt", _in_row(node.radicand, is_display=is_display))
    return element("mroot", f"{_one(node.radicand, is_display=is_display)}{_one(node.index)}")


def _accent(node: Accent, is_display: bool) -> str:
    character, traits = ACCENTS[node.name]
    mark = element("mo", escape(character), stretchy="true" if "wide" in traits else "false")
    base = _one(node.base, is_display=is_display)
    if "below" in traits:
        return element("munder", f"{base}{mark}", accentunder="true")
    return element("mover", f"{base}{mark}", accent="true")


def _stacked(node: Stacked, is_display: bool) -> str:
    base = stretched(node.base) if isinstance(node.base, Sign) else _one(node.base, is_display=is_display)
    below, above = (None if part is None else _one(part) for part in (node.below, node.above))
    if below is not None and above is not None:
        return element("munderover", f"{base}{below}{above}")
    return element("munder", f"{base}{below}") if above is None else element("mover", f"{base}{above}")


def _fenced(node: Fenced, is_display: bool) -> str:
    parts = [_items(part.items, is_display=is_display) for part in node.parts]
    bars = [*(fence(name, "infix") for name in node.middle), ""]
    inside = "".join(chain.from_iterable(zip(parts, bars, strict=True)))
    return element("mrow", f"{fence(node.left, 'prefix')}{inside}{fence(node.right, 'postfix')}")


def _delimiter(node: Delimiter, _: bool) -> str:
    return sized(node)


def _boxed(node: Boxed, is_display: bool) -> str:
    return element(
        "mrow", _in_row(node.content, is_display=is_display), style="border: 1px solid; padding: 0.25em"
    )


def _phantom(node: Phantom, is_display: bool) -> str:
    return element("mphantom", _in_row(node.content, is_display=is_display))


def _sized(node: Sized, _: bool) -> str:
    return element("mstyle", _in_row(node.content, is_display=node.size == "display"), **_SIZED[node.size])


def _grid(node: Grid, _: bool) -> str:
    return grid_markup(node, lambda cell, display: _items(cell.items, is_display=display))


_WRITERS: dict[type, Callable[[Any, bool], str]] = {
    Identifier: _identifier, Number: _number, Sign: _sign, Function: _function, Words: _words, Space: _space,
    Row: _row, Scripts: _scripts, Fraction: _fraction, Root: _root, Accent: _accent, Stacked: _stacked,
    Fenced: _fenced, Delimiter: _delimiter, Boxed: _boxed, Phantom: _phantom, Sized: _sized, Grid: _grid,
}  # fmt: skip
