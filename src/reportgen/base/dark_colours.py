"""Colours for dark screens: each stands as clear of the dark ground as it stands of white paper."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache

from reportgen.base.style import contrast

PAPER = "#FFFFFF"
GROUND = "#14161A"
"""The colour of a page on a dark screen."""
_HALVINGS = 24  # of the range of lightness: finer than one step of a colour


@lru_cache(maxsize=256)
def on_dark(colour: str) -> str:
    """Return the colour of the same hue whose contrast with the dark ground is that of ``colour`` with white.

    One that is darker on white than white is on the ground becomes white; white becomes the ground.
    """
    if colour.upper() == PAPER:
        return GROUND
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, _, saturation = rgb_to_hls(red, green, blue)
    least, low, high = contrast(colour), 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = contrast_on_dark(_written(hue, middle, saturation))
        low, high = (middle, high) if found < least else (low, middle)
    return _written(hue, high, saturation)


def contrast_on_dark(colour: str) -> float:
    """Return the contrast ratio of a lighter colour with the dark ground, as WCAG 2.2 defines it."""
    return contrast(GROUND) / contrast(colour)


def _written(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * part):02X}" for part in hls_to_rgb(hue, lightness, saturation))
