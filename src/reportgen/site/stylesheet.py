"""The look of a site in the colours of a house, on paper and on dark screens, and the scripts of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.dark_colours import PAPER, on_dark
from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reportgen.base.style import Style

_SCRIPTS = ("copy.js",)


def assets(style: Style) -> Mapping[str, bytes]:
    """Return the files of the folder ``assets`` that reports' pages ask for, by name."""
    scripts = {name: (packaged_folder("templates") / "site" / name).read_bytes() for name in _SCRIPTS}
    return {"icon.svg": _icon(style).encode(), "site.css": stylesheet(style).encode(), **scripts}


def _icon(style: Style) -> str:
    """Draw what tabs show: a claim's gauge, as on every page."""
    line = f'<path d="M3 16h26" stroke="{style.ink}" stroke-width="3"/><path d="M3 16h15" stroke-width="5"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="{style.accent}" stroke="{style.accent}">'
        f'{line}<circle cx="18" cy="16" r="7"/></svg>\n'
    )


def stylesheet(style: Style) -> str:
    """Return the style sheet of all pages: the house's colours by name, then the rules that use them."""
    colours = _colours(style)
    dark = {name: on_dark(colour) for name, colour in colours.items()}
    rules = (packaged_folder("templates") / "site" / "site.css").read_text("utf-8")
    return (
        f":root {{ {_declared(colours)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_declared(dark)} }} }}\n{rules}"
    )


def _colours(style: Style) -> dict[str, str]:
    """Return the colours of paper; those of text have a contrast of 7 with it where the house chose no paler ones."""
    return {
        "paper": PAPER,
        "ink": style.ink,
        "accent": style.accent,
        "dim": "#474F5E",
        "hair": "#C9D0D9",
        "panel": "#F3F5F8",
        "track": "#E2E7ED",
        "band": "#BCD3EA",
        "warn": "#8F3400",
    }


def _declared(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
