"""The chart of every peer: a plain bar chart of matplotlib, drawn without its state machine of windows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peers.content import Claim

# Given, because a layout that finds them costs as much again as the drawing.
MARGINS = {"left": 0.08, "right": 0.99, "bottom": 0.17, "top": 0.97}
COLOURS = {True: "#1b7837", False: "#bababa"}


def draw(claims: Sequence[Claim], kind: str) -> bytes:
    """Draw each claim's confidence as a bar in the colour of its verdict; ``kind`` is ``pdf`` or ``svg``."""
    with mpl.rc_context({"font.size": 8}):
        figure = Figure(figsize=(6.2, 2.4))
        axes = figure.subplots(gridspec_kw=MARGINS)
        axes.bar(
            range(1, len(claims) + 1),
            [claim.confidence for claim in claims],
            color=[COLOURS[claim.verified] for claim in claims],
        )
        axes.set(xlabel="claim", ylabel="confidence", ylim=(0, 1))
        axes.legend(
            handles=[Patch(color=COLOURS[True]), Patch(color=COLOURS[False])],
            labels=["verified", "not verified"],
        )
        axes.spines[["top", "right"]].set_visible(False)
        drawn = io.BytesIO()
        figure.savefig(drawn, format=kind)
    return drawn.getvalue()
