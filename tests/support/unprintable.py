"""A character that no font of this machine prints."""

from __future__ import annotations

from reportgen.text.faces import unprintable

CANDIDATES = (
    "\U00012ff0\U0001e2c0\U00010570\U00016ac0\U0001f6dd\u1397\u1ab0\u2fe0\U00031350\U0001e030\U0010fffd"
)
"""Of scripts so new or rare that few machines print them; last one for private use, which fonts leave empty."""


def unprintable_character() -> str:
    """Find a character that no font here has."""
    return next(each for each in CANDIDATES if unprintable(each))
