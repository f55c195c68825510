"""Numbers as they are printed everywhere: in tables, sentences, charts and descriptions of deposits.

A number is rounded as it was written, not as its binary neighbour, and no rounding moves it over an edge.
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Number = float | Decimal

_BEST_SCORE = 10
_MOST_PLACES = 4
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
_LONG = re.compile(r"(?<![\d.e+])\d{5,}")
"""The digits before the point, from five on: four are read at a glance."""


def confidence(value: Number, sign: str, threshold: float | None = None) -> str:
    """Print a confidence with the two to four decimals it has and the decimal sign of a language.

    What would be rounded to 0, to 1 or to the threshold says on which side of it it lies: ``<0.8000``.
    """
    return _beside(value, 2, (0, 1) if threshold is None else (0, 1, threshold), sign)


def percentage(value: Number, sign: str, most: int = _MOST_PLACES) -> str:
    """Print a percentage with the one to four decimals it has, or at ``most``, never rounded to nothing or to all."""
    return _beside(value, 1, (0, 100), sign, most)


def score(value: Number, edges: Iterable[float], sign: str) -> str:
    """Print a score from 0 to 10 with two decimals, never rounded up to 10 or to an edge: 7.499 gives 7.49."""
    number = exact(value)
    rounded = _rounded(number, 2)
    if any(number < exact(edge) <= rounded for edge in (*edges, _BEST_SCORE)):
        rounded = _rounded(number, 2, ROUND_DOWN)
    return _localised(rounded, sign)


def short_score(value: Number, edges: Iterable[float], sign: str) -> str:
    """Print a score for a sentence: 8.7, 8.75, 8.0; without the second decimal where it says nothing."""
    return score(value, edges, sign).removesuffix("0")


def whole(value: int) -> str:
    """Print a whole number in digits, from five of them on in groups of three: 1234, 12 345."""
    return localised(str(value), "")


def fixed(value: Number, places: int, sign: str) -> str:
    """Print a number with a fixed number of decimals."""
    return _localised(_rounded(exact(value), places), sign)


def exact(value: Number) -> Decimal:
    """Return the decimal number that was written in the record, not its binary neighbour."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def middle(values: Iterable[Number]) -> Decimal:
    """Return the median of numbers as a decimal: of 0.52 and 0.66 0.59, in binary it has noise behind it."""
    return median(map(exact, values))


def _beside(value: Number, least: int, edges: Iterable[float], sign: str, most: int = _MOST_PLACES) -> str:
    number = exact(value)
    places = min(max(-int(number.normalize().as_tuple().exponent), least), most)
    rounded = _rounded(number, places)
    crossed = any(_side(number, exact(edge)) != _side(rounded, exact(edge)) for edge in edges)
    return ("" if not crossed else "<" if number < rounded else ">") + _localised(rounded, sign)


def _side(number: Decimal, edge: Decimal) -> int:
    return (number > edge) - (number < edge)


def _rounded(number: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding)


def localised(written: str, sign: str) -> str:
    """Return a number as Python writes it the decimal sign of a language, and its digits their groups."""
    return _LONG.sub(lambda found: f"{int(found[0]):,}".replace(",", THIN_SPACE), written).replace(".", sign)


def _localised(number: Decimal, sign: str) -> str:
    return localised(f"{number:f}", sign)
