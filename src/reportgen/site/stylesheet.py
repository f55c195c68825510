"""The look of a site in the colours of a house, on paper and on dark screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.base.dark_colours import on_dark
from reportgen.base.paths import packaged_folder

if TYPE_CHECKING:
    from reportgen.base.style import Style


def stylesheet(style: Style) -> str:
    """Return the style sheet of all pages, ``assets/site.css``."""
    light = f":root{{--accent:{style.accent};--ink:{style.ink}}}\n"
    dark = f"--accent:{on_dark(style.accent)};--ink:{on_dark(style.ink)}"
    rules = (packaged_folder("templates") / "site" / "site.css").read_text("utf-8")
    return f"{light}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{rules}"
