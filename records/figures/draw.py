"""Draw the figures of spacing.json from the tables in records/data: one SVG, its letters as outlines, and one PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import NullFormatter, NullLocator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
INK, BLUE, PALE = "#222222", "#1f5a92", "#b9cfe4"
EBBINGHAUS_C, EBBINGHAUS_K = 1.25, 1.84
"""The constants of his equation, for minutes and common logarithms."""


LOOK = {
    "font.family": ["TeX Gyre Pagella", "DejaVu Serif"],
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "spacing",
}


def main() -> None:
    """Draw both figures, with no moment of drawing in them."""
    draw_forgetting(HERE / "forgetting.svg")
    draw_optimal_gap(HERE / "optimal-gap.pdf")


def draw_forgetting(target: Path) -> None:
    """Draw the savings that Ebbinghaus observed, and his equation."""
    table = pd.read_csv(DATA / "ebbinghaus.csv")
    minutes = np.geomspace(10, 60_000, 200)
    figure, axes = _axes()
    axes.plot(minutes, savings(minutes), color=BLUE, linewidth=1.4, label="his equation", clip_on=False)
    axes.plot(
        table["Minutes"], table["Observed"], "o", color=INK, markersize=5, label="observed", clip_on=False
    )
    axes.set(xscale="log", ylim=(0, 70), xlabel="Time between learning and relearning", ylabel="Savings (%)")
    axes.set_xticks([20, 60, 540, 1440, 8640, 44_640], ["20 min", "1 h", "9 h", "1 d", "6 d", "31 d"])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.legend(frameon=False, loc="upper right")
    figure.savefig(target, metadata={"Date": None, "Creator": None})
    plt.close(figure)


def savings(minutes: np.ndarray) -> np.ndarray:
    """Return the per cent of the work of learning that relearning saves, as Ebbinghaus computed it."""
    return 100 * EBBINGHAUS_K / (np.log10(minutes) ** EBBINGHAUS_C + EBBINGHAUS_K)


def draw_optimal_gap(target: Path) -> None:
    """Draw the two ends that Cepeda and others report, and straight lines between them."""
    table = pd.read_csv(DATA / "optimal-gap.csv")
    delay, shortest, longest = (table[name] for name in table)
    figure, axes = _axes()
    axes.fill_between(delay, shortest, longest, color=PALE, linewidth=0)
    axes.vlines(delay, shortest, longest, color=BLUE, linewidth=4)
    axes.plot([2, 500], [2, 500], ":", color=INK, linewidth=1)
    axes.annotate("gap as long as\nthe test delay", (21, 21), (12, 55), ha="center", va="center")
    axes.annotate("20 to 40%", (delay[0], longest[0]), (-6, 0), textcoords="offset points", ha="right")
    axes.annotate("5 to 10%", (delay[1], shortest[1]), (0, -14), textcoords="offset points", ha="center")
    axes.set(xscale="log", yscale="log", xlim=(3, 600), ylim=(0.8, 150))
    axes.set(xlabel="Time between review and test", ylabel="Best gap before the review")
    axes.set_xticks([7, 30, 90, 365], ["1 week", "1 month", "3 months", "1 year"])
    axes.set_yticks([1, 7, 30, 90], ["1 day", "1 week", "1 month", "3 months"])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    figure.savefig(target, metadata={"CreationDate": None, "Creator": None, "Producer": None})
    plt.close(figure)


def _axes() -> tuple[Figure, Axes]:
    mpl.rcParams.update(LOOK)
    return plt.subplots(figsize=(6.3, 2.7), layout="constrained")


if __name__ == "__main__":
    main()
