r"""The closeness of a report's lines: as usual, or closer where the last page would be nearly empty.

What a fit is in LaTeX stands before ``\begin{document}``: a report shows in its source how it was set.
"""

from __future__ import annotations

from reportgen.latex.escaping import Latex

USUAL = Latex("")
TIGHTER = Latex("\\Tighter\n")

_LEAST = 0.15
"""What the last of several pages holds at least, as a share of the text area."""
_GAINED = 0.07
"""What a page set closer takes in more, for certain."""
_WANTED = 0.2
"""What shorter pages leave for the last one."""


def better_fit(pages: int, last_fill: float) -> Latex:
    """Choose the fit for a report that fills so many pages, the last of them to this share, as it is usually set."""
    if pages < 2 or last_fill >= _LEAST:
        return USUAL
    full = pages - 1
    if last_fill <= _GAINED * full:
        return TIGHTER
    return Latex(f"\\Shorter{{{1 - (_WANTED - last_fill) / full:.3f}}}\n")
