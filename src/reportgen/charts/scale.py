"""Numbers on an axis and in words: round steps, and decimals that never move a value over an edge."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_PLACES = 4
_NEAR_ZERO = 0.001  # of the limit: an axis that ended below it would need too many decimals


def exact(value: float | Decimal) -> Decimal:
    """Give the decimal number that was written in the record, not its binary neighbour."""
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))


def in_words(value: float | Decimal, decimal: str, places: int = 2, edges: Iterable[float] = ()) -> str:
    """Print a value so that it stands on the same side of every edge as it does unrounded.

    More decimals are used where rounding would reach or cross an edge, up to four; past those a sign says on
    which side of the printed number the value lies: ``<1.0000``.
    """
    number, limits = exact(value), [exact(edge) for edge in edges]
    for digits in range(places, max(places, MOST_PLACES) + 1):
        rounded = Decimal(f"{value:.{digits}f}")
        if all(_side(rounded, limit) == _side(number, limit) for limit in limits):
            return _print(rounded, digits, decimal)
    sign = "<" if number < rounded else ">"
    return sign + _print(rounded, digits, decimal)


def places_of(value: float | Decimal, least: int, most: int) -> int:
    """Give the number of decimals that prints a value as it is written, between two bounds."""
    return min(most, max(least, -int(exact(value).normalize().as_tuple().exponent)))


def ticks(top: float, most: int) -> list[Decimal]:
    """Divide the way from 0 to ``top`` into at most ``most`` steps of 1, 2 or 5 times a power of ten."""
    power = exact(top).adjusted() - 2
    while True:
        for digit in (1, 2, 5):
            step = Decimal(digit).scaleb(power)
            count = int(exact(top) / step)
            if count <= most:
                return [step * i for i in range(count + 1)]
        power += 1


def tick_text(tick: Decimal, step: Decimal, decimal: str) -> str:
    """Print a tick with as many decimals as the step between ticks needs."""
    return _print(tick, max(0, -int(step.normalize().as_tuple().exponent)), decimal)


def reach(values: Sequence[float], limit: float) -> float:
    """Give the value an axis from 0 has to reach: the largest, or the limit where that is too near 0."""
    largest = min(limit, max(values))
    return largest if largest >= limit * _NEAR_ZERO else limit


def _side(number: Decimal, edge: Decimal) -> int:
    return (number > edge) - (number < edge)


def _print(number: Decimal, places: int, decimal: str) -> str:
    return f"{number:.{places}f}".replace(".", decimal)
