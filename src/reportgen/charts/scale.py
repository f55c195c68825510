"""Numbers on an axis: how far it reaches, and its round steps."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from reportgen.base.numbers import exact, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEAR_ZERO = 0.001  # of the limit: an axis that ended below it would need too many decimals


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
    return fixed(tick, max(0, -int(step.normalize().as_tuple().exponent)), decimal)


def reach(values: Sequence[float], limit: float) -> float:
    """Give the value an axis from 0 has to reach: the largest, or the limit where that is too near 0."""
    largest = min(limit, max(values))
    return largest if largest >= limit * _NEAR_ZERO else limit
